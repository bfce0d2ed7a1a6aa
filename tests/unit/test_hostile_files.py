"""A hostile or foreign file is refused in a sentence that helps, in bounded memory and time."""

import io
import struct
import time
import tracemalloc
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from dudao.base.errors import FactsError
from dudao.facts.sheet_layout import COUNTY
from dudao_pipeline.intake import file_safety
from dudao_pipeline.intake.excel_grid import read_workbook

MIB = 1 << 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><sst>&c;</sst>'
)
STRINGS = "xl/sharedStrings.xml"


@pytest.fixture
def plain(tmp_path):
    """A harmless workbook to spoil."""
    book = Workbook()
    book.active.title = COUNTY
    book.active.append(["指标代码", "指标名称", "学段", "单位", "数值"])
    path = tmp_path / "甲县.xlsx"
    book.save(path)
    return path


def _add(path, name, content, method=zipfile.ZIP_DEFLATED):
    """Add a part to a package."""
    with zipfile.ZipFile(path, "a", method) as package:
        package.writestr(name, content)
    return path


def _replace(path, name, content):
    with zipfile.ZipFile(path) as source:
        parts = {part: source.read(part) for part in source.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for part, old in {**parts, name: b""}.items():
            target.writestr(part, content if part == name else old)
    return path


def _swell(path, name, size):
    """Add a part of a size that only unpacking would show: a block at a time."""
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package,
        package.open(name, "w", force_zip64=True) as part,
    ):
        for _ in range(size // MIB):
            part.write(b" " * MIB)
    return path


def _refusal(path, limit=100 * MIB):
    """Return what is said about a file; it is said in bounded memory and time."""
    tracemalloc.start()
    started = time.perf_counter()
    try:
        with pytest.raises(FactsError) as caught:
            read_workbook(path)
        assert tracemalloc.get_traced_memory()[1] < limit
    finally:
        tracemalloc.stop()
    assert time.perf_counter() - started < 20
    said = str(caught.value)
    assert said.startswith(f"{path.name}：") and said.endswith("。")
    return said


FOREIGN = {
    "pdf": (b"%PDF-1.7\n%" + bytes(99), "是PDF文件，不是Excel工作簿"),
    "xls": (OLE + b"Workbook", "文件不完整或已损坏。请重新下载"),
    "encrypted": (OLE * 9 + "EncryptedPackage".encode("utf-16-le"), "有密码保护。请去掉密码后另存"),
    "web page": (b"\xef\xbb\xbf <html><table>", "是网页或XML文件，不是Excel工作簿"),
    "gzip": (b"\x1f\x8b\x08" + bytes(99), "是压缩包，不是Excel工作簿"),
    "encrypted by other programs": (b"\x02\x00E-SafeNet" + bytes(range(256)) * 4, "加密软件"),
    "text": ("指标代码,学段".encode("gb18030"), "是CSV或文本文件，不是Excel工作簿"),
    "text in UTF-16": ("指标代码,学段".encode("utf-16-le"), "是CSV或文本文件，不是Excel工作簿"),
    "archive": (b"Rar!\x1a\x07", "是压缩包"),
    "empty": (b"", "是空文件"),
    "cut short": (b"PK\x03\x04" + bytes(400), "已损坏"),
}


def test_what_a_program_leaves_beside_an_open_file_is_named(tmp_path):
    path = tmp_path / "~$甲县.xlsx"
    path.write_bytes(bytes(165))
    assert "是程序打开文件时的临时文件，不是数据。请选原来的文件" in _refusal(path)


@pytest.mark.parametrize(("content", "said"), FOREIGN.values(), ids=FOREIGN)
def test_a_foreign_file_is_named(tmp_path, content, said):
    path = tmp_path / "甲县.xlsx"
    path.write_bytes(content)
    assert said in _refusal(path)


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(FactsError, match=r"找不到文件“乙县.xlsx”"):
        file_safety.check_file(tmp_path / "乙县.xlsx")


def test_a_package_of_another_program_is_no_workbook(tmp_path):
    path = tmp_path / "甲县.xlsx"
    _add(path, "readme.txt", "x")
    assert "是压缩包，不是Excel工作簿" in _refusal(path)
    _add(path, "[Content_Types].xml", "<Types/>")
    assert "不是Excel工作簿" in _refusal(path)


def test_a_flipped_byte_is_found(plain):
    content = bytearray(plain.read_bytes())
    with zipfile.ZipFile(plain) as package:
        entry = package.getinfo("xl/worksheets/sheet1.xml")
    content[entry.header_offset + 30 + len(entry.filename) + 40] ^= 0xFF
    plain.write_bytes(content)
    assert "已损坏" in _refusal(plain)


SPOILT = {
    "macro": ("xl/vbaProject.bin", b"\0", "含有宏。请另存为不含宏的.xlsx"),
    "old macro": ("xl/macrosheets/sheet1.xml", b"<a/>", "含有宏"),
    "up": ("../../evil.xml", b"<a/>", "可疑的文件路径"),
    "up, other slash": ("xl\\..\\..\\evil.xml", b"<a/>", "可疑的文件路径"),
    "absolute": ("/etc/evil.xml", b"<a/>", "可疑的文件路径"),
    "drive": ("C:/evil.xml", b"<a/>", "可疑的文件路径"),
    "a part twice": ("xl/worksheets/sheet1.xml", b"<a/>", "有两份，不知以哪一份为准"),
    "a part twice in other letters": ("xl\\WORKSHEETS/Sheet1.xml", b"<a/>", "有两份"),
    "entities": ("xl/other.xml", ENTITIES, "含有实体声明"),
    "entities under another name": ("xl/media/image1.png", ENTITIES, "含有实体声明"),
    "entities in UTF-16": ("xl/other.xml", ENTITIES.decode().encode("utf-16"), "含有实体声明"),
    "entities after a long comment": (
        *("xl/other.xml", b"<!--" + bytes(range(65, 91)) * 9000 + b"-->" + ENTITIES),
        "含有实体声明",
    ),
    "entities across two blocks": (
        *(
            "xl/other.xml",
            b"<!--" + bytes(range(65, 91)) * 2520 + b"-->" + b" " * 5 + b"<!DOCTYPE a><a/>",
        ),
        "含有实体声明",
    ),
    "entities in EBCDIC": (
        *("xl/other.xml", b'<?xml version="1.0" encoding="cp037"?>' + "<!DOCTYPE".encode("cp037")),
        "编码不受支持",
    ),
}


@pytest.mark.parametrize(("name", "content", "said"), SPOILT.values(), ids=SPOILT)
def test_a_hostile_part_is_refused(plain, name, content, said):
    assert said in _refusal(_add(plain, name, content))


def test_a_link_to_another_workbook_is_not_followed_and_the_cell_that_it_fills_is_named(plain):
    link = ("xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    book = load_workbook(plain)
    book.active.append([*["在校生"] * 4, 5])
    book.save(plain)
    assert "T08" not in {one.code for one in read_workbook(_add(plain, *link))[1]}
    book.active["E2"] = "=[1]Sheet1!A1"
    book.save(plain)
    said = [str(one) for one in read_workbook(_add(plain, *link))[1] if one.code == "T08"]
    assert len(said) == 1 and f"{COUNTY}!E2" in said[0]


def test_a_file_that_reads_shared_strings_with_entities_is_refused(plain):
    assert "含有实体声明" in _refusal(_replace(plain, STRINGS, ENTITIES))


def test_hundreds_of_megabytes_of_shared_strings_are_refused(plain):
    _swell(plain, "xl/strings2.xml", 256 * MIB)
    assert plain.stat().st_size < 2 * MIB
    assert "解压后内容过大" in _refusal(plain)


def test_many_moderate_parts_are_added_up(plain):
    for number in range(21):
        _swell(plain, f"xl/media/{number}.bin", 10 * MIB)
    assert "解压后内容过大" in _refusal(plain)


def test_more_elements_than_a_filled_workbook_has_are_refused(plain):
    # Stored, not packed: neither its size nor its ratio gives it away.
    _add(plain, "xl/other.xml", b"<a>" * 5_000_001, zipfile.ZIP_STORED)
    assert "解压后内容过大" in _refusal(plain)


def test_a_part_of_absurd_ratio_is_refused_below_the_total(plain):
    assert "解压后内容过大" in _refusal(_swell(plain, "xl/media/a.bin", 11 * MIB))


def test_a_declared_size_is_not_believed(plain):
    _swell(plain, "xl/strings2.xml", 64 * MIB)
    content = plain.read_bytes()
    at = content.rindex(b"PK\x01\x02")
    content = bytearray(content)
    content[at + 24 : at + 28] = struct.pack("<I", 1000)
    plain.write_bytes(content)
    with zipfile.ZipFile(plain) as package:
        assert package.getinfo("xl/strings2.xml").file_size == 1000
    assert "已损坏" in _refusal(plain)


def test_more_is_unpacked_than_declared_is_refused_while_unpacking(plain, monkeypatch):
    """Even if the zip library let a part run on, the count of what came out would stop it."""
    opened = []

    def endless(self, entry):
        opened.append(entry)
        return io.BufferedReader(_Endless())

    monkeypatch.setattr(zipfile.ZipFile, "open", endless)
    assert "解压后内容过大" in _refusal(plain)
    assert len(opened) == 1


class _Endless(io.RawIOBase):
    def readable(self):
        return True

    def readinto(self, buffer):
        buffer[:] = b" " * len(buffer)
        return len(buffer)


def test_too_many_parts_are_refused_before_they_are_listed(plain):
    with zipfile.ZipFile(plain, "a") as package:
        for number in range(2000):
            package.writestr(f"xl/{number}", b"")
    assert "内含文件超过2000个" in _refusal(plain)


def test_a_large_file_is_refused_unread(tmp_path):
    path = tmp_path / "甲县.xlsx"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(51 * MIB)
    assert "文件超过50兆" in _refusal(path, limit=MIB)


def test_a_compression_that_unpacks_without_bounds_is_refused(plain):
    assert "压缩方式" in _refusal(_add(plain, "xl/a.xml", b"<a/>", zipfile.ZIP_LZMA))


def test_overlapping_merges_do_not_hang(plain):
    ref = b'<mergeCell ref="A2:A1048576"/>' * 2000
    row = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
    with zipfile.ZipFile(plain) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    sheet = sheet.replace(b"</sheetData>", row + b"<mergeCells>" + ref + b"</mergeCells>")
    assert "互相重叠" in _refusal(_replace(plain, "xl/worksheets/sheet1.xml", sheet))


def test_a_row_number_beyond_any_spreadsheet_does_not_hang(plain):
    with zipfile.ZipFile(plain) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    row = b'<row r="99999999999"><c><v>1</v></c><c><v>2</v></c></row></sheetData>'
    _replace(plain, "xl/worksheets/sheet1.xml", sheet.replace(b"</sheetData>", row))
    assert read_workbook(plain)[0][COUNTY].rows == ()


def test_a_harmless_workbook_passes(plain):
    file_safety.check_file(plain)
    assert read_workbook(plain)[0][COUNTY].header[0] == "指标代码"
