"""Is a file safe to open? Decided from its bytes, before any spreadsheet code sees it."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dudao.base.errors import FactsError
from dudao_pipeline.files import is_file, is_lock

# Names of spreadsheet programs' files: what one is, and whether it is read, its bytes say.
SPREADSHEETS = (".xlsx", ".xls", ".et", ".xlsm", ".xlsb", ".ods", ".numbers")
MIB = 1 << 20
FILE_LIMIT, CONTENT_LIMIT = 50 * MIB, 200 * MIB
SHEETS_LIMIT = 800 * MIB  # unpacked; formats painted down to the last row take 30 bytes a cell
SHEETS = "xl/worksheets/"  # whose elements the reader counts itself, without blank rows
ENTRY_LIMIT = 2000
RATIO_LIMIT, RATIO_FLOOR = 200, 10 * MIB
TAG_LIMIT = 5_000_000  # "<" in all parts: some 1.2 million filled cells
_CHUNK, _OVERLAP = 1 << 16, 16

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PACKED, _PACKED_OR_BOOK, _OLD = "是压缩包", "是Excel工作簿或压缩包", "是旧版Office文件"
_KINDS = {  # first bytes: what the file is
    b"%PDF": "是PDF文件",
    b"Rar!": _PACKED,
    b"7z\xbc\xaf": _PACKED,
    b"\x1f\x8b": _PACKED,
    b"\x89PNG": "是图片",
    b"\xff\xd8\xff": "是图片",
    b"{\\rtf": "是Word文档",
    b"<": "是网页或XML文件",
}
HEAD = 1024  # bytes that tell the kind of a file
_SAVE_AS = "请用Excel或WPS打开，另存为“Excel工作簿（.xlsx）”后重试"
UNPACK = "请先解压，再给出里面的工作簿"
_RESAVE = "请用Excel或WPS重新另存为.xlsx后重试"
_UNKNOWN = (
    "不是Excel工作簿，也看不出是什么文件，可能已被加密软件加密，或已损坏",
    "请解密，或从原表另存为.xlsx后重试",
)
_DAMAGED = "文件已损坏", "请重新下载或从原表另存为.xlsx后重试"
_TOO_BIG = "解压后内容过大", "请删除图片和多余的空白行列，另存后重试"

_TOO_WIDE = (
    "工作表解压后内容过大",
    "请在各表按 Ctrl+End，删去数据以外的行和列（包括只有格式的），另存后重试",
)

_DECLARED = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)")
_CONTROLS = {*range(32)} - {*b"\t\n\v\f\r\x1a\x1b"}  # bytes that no text has
_FEWER = 8  # times as many zeros stand in one byte of a pair as in the other
_ZEROS_OF_UTF_16 = 32  # one byte of so many is zero in a text that is written in pairs of bytes
_MARKS = b"\xef\xbb\xbf\xfe\xff"  # byte-order marks
# In these, "<!DOCTYPE" is written as those very bytes (NULs of UTF-16 removed).
_ENCODINGS = {b"utf-8", b"utf-16", b"us-ascii", b"iso-8859-1"}


def _refused(path: Path, what: str, next_step: str) -> FactsError:
    return FactsError(f"{path.name}：{what}。{next_step}。")


def _blocks(source) -> Iterator[bytes]:
    while block := source.read(_CHUNK):
        yield block


def _occurs(path: Path, mark: bytes, limit: int = 1) -> bool:
    """Say whether a mark stands in the file's raw bytes at least so many times."""
    count, tail = 0, b""
    with path.open("rb") as source:
        for block in _blocks(source):
            text = tail + block
            count += text.count(mark)
            if count >= limit:
                return True
            tail = text[-(len(mark) - 1) :]
    return False


def kind_of(head: bytes) -> str:
    """Return what a file is by its first bytes, "" for a text and for what nobody knows."""
    start = head.lstrip(_MARKS + b" \t\r\n")
    if start.startswith(b"PK"):
        return _PACKED_OR_BOOK
    if start.startswith(_OLE):
        return _OLD
    return next((what for mark, what in _KINDS.items() if start.startswith(mark)), "")


def is_text(head: bytes) -> bool:
    """Say whether bytes look like a text: no controls, or many zeros in every other byte."""
    if kind_of(head):
        return False
    if 0 not in head:
        return not {*head} & _CONTROLS
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    fewer, more = sorted((head[::2].count(0), head[1::2].count(0)))  # 一 has a zero of its own
    return fewer * _FEWER < more and more * _ZEROS_OF_UTF_16 > len(head)


def is_old(path: Path) -> bool:
    """Say whether a file is a workbook of the old kind (.xls, .et), by its first bytes."""
    with path.open("rb") as source:
        return source.read(len(_OLE)) == _OLE


def is_book(path: Path) -> bool:
    """Say whether a file is a workbook by its bytes, whatever its name."""
    if is_old(path):
        return _occurs(path, "Workbook".encode("utf-16-le"))
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        names = {name.lower().replace("\\", "/") for name in archive.namelist()}
    return not names.isdisjoint({"xl/workbook.xml", "xl/workbook.bin"})


def is_archive(path: Path) -> bool:
    """Say whether a file packs others and is no workbook."""
    with path.open("rb") as source:
        kind = kind_of(source.read(HEAD))
    return kind == _PACKED or (kind == _PACKED_OR_BOOK and path.suffix.lower() == ".zip")


def _check_kind(path: Path, *, old: bool) -> None:
    """Refuse what is neither a zip file nor an old workbook, by name: a PDF, a page.

    old: whether workbooks of the old kind are read.
    """
    with path.open("rb") as source:
        head = source.read(HEAD)
    if not head:
        raise _refused(path, "是空文件", "请重新下载或另存后重试")
    if path.stat().st_size > FILE_LIMIT:
        what = f"文件超过{FILE_LIMIT // MIB}兆"
        raise _refused(path, what, "请删除图片和附件，另存后重试")
    if head.startswith(_OLE):
        if _occurs(path, _ENCRYPTED):
            raise _refused(path, "有密码保护", "请去掉密码后另存为.xlsx")
        if not old:
            raise _refused(path, "是旧版.xls格式", "请用Excel或WPS另存为.xlsx")
        return
    if not head.startswith(b"PK"):
        kind = kind_of(head) or ("是CSV或文本文件" if is_text(head) else "")
        if not kind:
            raise _refused(path, *_UNKNOWN)
        if kind in (_PACKED_OR_BOOK, _OLD):  # something stands before it
            raise _refused(path, *_DAMAGED)
        step = UNPACK if kind == _PACKED else _SAVE_AS
        raise _refused(path, f"{kind}，不是Excel工作簿", step)
    # Counted before zipfile builds an object for each entry of the directory.
    if _occurs(path, b"PK\x01\x02", ENTRY_LIMIT + 1):
        raise _refused(path, f"内含文件超过{ENTRY_LIMIT}个", _RESAVE)


def _check_names(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse paths that leave the file, macros, and a foreign package.

    A link to another workbook is never followed, and a cell that it fills is a formula (T08); most
    are left over from a copied sheet, and no cell uses them.
    """
    for entry in entries:
        name = entry.orig_filename.lower().replace("\\", "/")
        if ".." in name.split("/") or name.startswith("/") or ":" in name or "\0" in name:
            raise _refused(path, "内含可疑的文件路径", _RESAVE)
        if name.endswith("vbaproject.bin") or "/macrosheets/" in name:
            raise _refused(path, "含有宏", "请另存为不含宏的.xlsx")
        if entry.flag_bits & 1:
            raise _refused(path, "有密码保护", "请去掉密码后另存为.xlsx")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refused(path, "使用了Excel不支持的压缩方式", _RESAVE)
    parts = [entry.filename.lower().replace("\\", "/") for entry in entries]
    if len(parts) > len(set(parts)):  # readers differ in which of them they take
        name = next(name for name in parts if parts.count(name) > 1)
        raise _refused(path, f"内部文件{name}有两份，不知以哪一份为准", _RESAVE)
    if any(entry.filename == "mimetype" for entry in entries):
        raise _refused(path, "是OpenDocument表格（.ods）", "请用Excel或WPS另存为.xlsx后重试")
    if "xl/workbook.bin" in parts:
        raise _refused(path, "是二进制工作簿（.xlsb）", "请用Excel或WPS另存为.xlsx后重试")
    if any(name.endswith("/xl/workbook.xml") for name in parts):
        raise _refused(path, "是解压后又打包的工作簿", "请用原来的工作簿")
    if "[content_types].xml" not in parts:
        raise _refused(path, f"{_PACKED}，不是Excel工作簿", UNPACK)


def _is_sheet(name: str) -> bool:
    return name.lower().replace("\\", "/").startswith(SHEETS)


@dataclass
class _Meter:
    """What has been unpacked so far, against the limits."""

    path: Path
    size: int = 0
    sheets: int = 0
    tags: int = 0

    def entry(self, name: str, size: int, packed: int) -> None:
        """Refuse an entry that swells beyond reason, whatever it declares."""
        swollen = size > RATIO_FLOOR and size > RATIO_LIMIT * max(packed, 1)
        if _is_sheet(name):
            if swollen or self.sheets + size > SHEETS_LIMIT:
                raise _refused(self.path, *_TOO_WIDE)
        elif swollen or self.size + size > CONTENT_LIMIT:
            raise _refused(self.path, *_TOO_BIG)

    def add(self, name: str, size: int) -> None:
        """Count an entry in full."""
        if _is_sheet(name):
            self.sheets += size
        else:
            self.size += size

    def xml(self, name: str, text: bytes, first: bool) -> None:
        """Refuse entities, odd encodings, and more elements than a filled workbook has."""
        declared = _DECLARED.match(text) if first else None
        if declared and declared[1].lower() not in _ENCODINGS:
            raise _refused(self.path, f"内部文件{name}的编码不受支持", _RESAVE)
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise _refused(self.path, f"内部文件{name}含有实体声明，可能有害", _RESAVE)
        if self.tags > TAG_LIMIT:
            raise _refused(self.path, *_TOO_BIG)


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, meter: _Meter) -> None:
    """Unpack one entry block by block, keeping nothing."""
    size, tail, is_xml = 0, b"", None
    with archive.open(entry) as source:
        for block in _blocks(source):
            size += len(block)
            meter.entry(entry.filename, size, entry.compress_size)
            text = tail + block.replace(b"\0", b"")
            start = text.lstrip(_MARKS + b" \t\r\n") if is_xml is None else b""
            first = bool(start)
            # By content, not by name: any name may be declared to be a sheet.
            is_xml = start.startswith(b"<") if first else is_xml
            if is_xml:
                meter.tags += 0 if _is_sheet(entry.filename) else block.count(b"<")
                meter.xml(entry.filename, start if first else text, first)
            tail = text[-_OVERLAP:]
    meter.add(entry.filename, size)


def _check_package(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        _check_names(path, entries)
        declared = _Meter(path)
        for entry in entries:  # what is admitted needs no unpacking
            declared.entry(entry.filename, entry.file_size, entry.compress_size)
            declared.add(entry.filename, entry.file_size)
        meter = _Meter(path)
        for entry in entries:
            _check_entry(archive, entry, meter)


def check_file(path: Path, *, old: bool = True) -> None:
    """Refuse a file that is no plain workbook or that would swell, hide macros or reach out.

    Reads in blocks and keeps none, so that memory and time stay bounded whatever the file says.
    old: whether a workbook of the old kind (.xls, .et) is let pass, which holds nothing packed.
    """
    if not is_file(path):
        raise FactsError(f"找不到文件“{path.name}”。请检查路径。")
    if is_lock(path):
        raise _refused(path, "是程序打开文件时的临时文件，不是数据", "请选原来的文件")
    try:
        _check_kind(path, old=old)
        if not is_old(path):
            _check_package(path)
    except PermissionError as error:
        raise _refused(path, "没有权限打开", "请在Excel或WPS中关闭它后重试") from error
    except (zipfile.BadZipFile, zlib.error, struct.error) as error:
        raise _refused(path, *_DAMAGED) from error
    except (EOFError, OSError, NotImplementedError, ValueError) as error:
        raise _refused(path, *_DAMAGED) from error
