"""An edition proves its figures wherever it lies, and names what somebody changed in it."""

import json
import os
import re
import shutil
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from rocrate.rocrate import ROCrate

from dudao.base import workspace
from dudao.base.errors import DudaoError
from dudao_pipeline import digests
from dudao_pipeline.commands import verify
from dudao_pipeline.county_years import CountyYear
from dudao_pipeline.publish.release import editions, provenance, register
from dudao_pipeline.publish.release.execution_comparison import shown_otherwise
from tests.command_line import dudao, dudao_process
from tests.unit.county import set_item

PLACE = ("--county", "990102", "--year", "2024")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One county run, published and released; return its outputs and its environment."""
    base = tmp_path_factory.mktemp("核验 定稿")
    homes = {"DUDAO_STORE": str(base / "库"), "DUDAO_OUTPUTS": str(base / "出")}
    data = str(workspace.data() / "example" / "990102-2024")
    calls = (
        ("ingest", data),
        ("run", "--county", "990102", "--notebook", "00,02", "--workers", "1"),
        ("publish", "--workers", "1"),
        ("release", *PLACE, "--date", "2025-01-10", "--with-blanks"),
    )
    for call in calls:
        done = dudao(*call, **homes)
        assert done.returncode == 0, done.stdout + done.stderr
    return base / "出", homes


def edition_of(outputs: Path) -> Path:
    return outputs / "2024" / "990102" / "editions" / "1"


@pytest.fixture
def moved(made, tmp_path):
    """The edition alone in a folder elsewhere."""
    return Path(shutil.copytree(edition_of(made[0]), tmp_path / "拷来的"))


def seal(home: Path) -> None:
    """Write the digests of an edition anew, as a careful forger does."""
    record = json.loads((home / "edition.json").read_text(encoding="utf-8"))
    described = json.loads((home / provenance.CRATE).read_text(encoding="utf-8"))
    for part in described["@graph"]:
        if "sha256" in part:
            content = (home / part["@id"]).read_bytes()
            part |= {"sha256": sha256(content).hexdigest(), "contentSize": str(len(content))}
    (home / provenance.CRATE).write_text(json.dumps(described), encoding="utf-8")
    for part in ("files", "record"):
        record[part] = {name: digests.sha256(home / name) for name in record[part]}
    (home / "edition.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


def test_an_edition_is_a_research_object(made):
    crate = ROCrate(edition_of(made[0]))
    root = crate.root_dataset
    assert root["datePublished"] == "2025-01-10" and "虚构" in root["name"]
    parts = {part.id for part in root["hasPart"]}
    assert parts >= {"02_funding.html", "notebooks/02_funding.ipynb", "record/constraints.txt"}
    assert all((edition_of(made[0]) / part).is_file() for part in parts)
    run = crate.dereference("#run")
    assert run["instrument"]["softwareVersion"] and run["object"] and run["result"]


def test_an_edition_keeps_no_other_county_and_no_path_of_the_machine(made):
    home = edition_of(made[0])
    stored = {path.name for path in (home / "record/store/manifest").iterdir()}
    assert stored == {"990102-2024.json"}
    texts = [path for path in home.rglob("*") if path.suffix in (".json", ".jsonl", ".txt")]
    assert not [path for path in texts if str(made[0].parent) in path.read_text(encoding="utf-8")]


def test_one_changed_byte_anywhere_is_named(moved):
    names = [path for path in sorted(moved.rglob("*")) if path.is_file()]
    assert len(names) > 40
    for path in names:
        if path.name == "edition.json":
            continue
        before, data = path.stat(), bytearray(path.read_bytes())
        kept = bytes(data)
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert editions.altered(moved) == [f"{path.relative_to(moved).as_posix()}（与校验值不符）"]
        path.write_bytes(kept)
    (moved / "另加.csv").write_text("1", encoding="utf-8")
    (moved / "另建" / "空文件夹").mkdir(parents=True)
    assert editions.altered(moved) == [
        f"{name}（多出）" for name in ("另加.csv", "另建", "另建/空文件夹")
    ]


def test_a_changed_record_of_an_edition_is_named(made, moved):
    outputs = moved.parent / "出"
    home = outputs / "2024" / "990102"
    shutil.copytree(edition_of(made[0]), home / "editions" / "1")
    shutil.copyfile(made[0] / register.FILE, outputs / register.FILE)
    assert editions.altered_editions(home) == [] == list(register.faults(outputs))
    path = home / "editions" / "1" / "edition.json"
    path.write_text(path.read_text(encoding="utf-8").replace("2025-01-10", "2025-01-11"))
    assert editions.altered_editions(home) == ["editions/1/edition.json（与定稿登记不符）"]


@pytest.mark.parametrize("name", ["edition.json", provenance.CRATE])
def test_a_description_that_says_another_day_than_the_record_is_named(moved, name, capsys):
    path = moved / name
    path.write_text(path.read_text(encoding="utf-8").replace("2025-01-10", "2025-01-11"))
    if name != "edition.json":
        seal(moved)
    assert editions.altered(moved) == []
    subject = verify.Subject(moved, moved, moved, CountyYear("990102", 2024), {})
    assert verify._described_otherwise(subject, editions.read_edition(moved))
    assert "ro-crate-metadata.json 与定稿记录" in capsys.readouterr().err


def test_the_register_is_a_chain(tmp_path):
    folder, record = tmp_path / "2024" / "990102", tmp_path / "edition.json"
    record.write_text("{}", encoding="utf-8")
    for number in (1, 2, 3):
        register.add(folder, number, "2025-01-10", record)
    assert list(register.faults(tmp_path)) == []
    path = tmp_path / register.FILE
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0].replace("-10", "-11"), *lines[1:]]) + "\n")
    assert list(register.faults(tmp_path)) == ["editions.jsonl 第2行与前一行不衔接，登记被改动过"]


def test_it_verifies_elsewhere_under_another_clock_language_user_and_environment(moved):
    program = moved / "record" / "program.json"
    known = json.loads(program.read_text(encoding="utf-8"))
    known["packages"]["pandas"] = "0.1"
    program.write_text(json.dumps(known), encoding="utf-8")
    seal(moved)
    # Python up to 3.12 does not start from a folder with Chinese letters where the language is C.
    language = "C" if sys.executable.isascii() else "C.UTF-8"
    other = {"TZ": "America/St_Johns", "LC_ALL": language, "LANG": "C", "HOME": "/proc/nowhere"}
    nowhere = {
        "DUDAO_STORE": str(moved.parent / "无"),
        "DUDAO_OUTPUTS": str(moved.parent / "无 出"),
    }
    done = dudao_process("verify", str(moved), **other, **nowhere)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "pandas 0.1 → " in done.stdout and "重新运行2册" in done.stdout
    assert done.stdout.count("全部一致") == 2


def test_a_figure_forged_with_all_its_digests_is_computed_again(moved):
    """Pages too, also where the record says that another environment made them."""
    page, program = moved / "02_funding.html", moved / "record" / "program.json"
    text = page.read_text(encoding="utf-8")
    assert "未达标" in text
    page.write_text(text.replace("未达标", "达标"), encoding="utf-8")
    known = json.loads(program.read_text(encoding="utf-8"))
    known["packages"]["pandas"] = "0.1"
    program.write_text(json.dumps(known), encoding="utf-8")
    for path in (moved / "notebooks" / "02_funding.ipynb", moved / "results.json"):
        text = path.read_text(encoding="utf-8")
        forged = re.sub(
            r'("check": "education_expenditure_never_decreases".*?"value": )-?[\d.]+',
            r"\g<1>9.5",
            text,
            count=1,
            flags=re.DOTALL,
        )
        assert forged != text
        path.write_text(forged, encoding="utf-8")
    seal(moved)
    done = dudao("verify", str(moved), DUDAO_OUTPUTS=str(moved.parent / "无"))
    assert done.returncode == 1, done.stdout + done.stderr
    shown = r"02_funding 检查 2\.1\.1 一般公共预算教育支出只增不减 全县.*数值 9\.5 ≠"
    assert re.search(shown, done.stderr)
    assert "results.json" in done.stderr
    assert re.search(r"02_funding\.html：.*达标.* ≠ .*未达标.*请用记录的程序再核验", done.stderr)


def test_markup_of_another_program_is_no_other_figure(tmp_path):
    texts = (
        '<p class="a">达标 <b>3</b></p>',
        "<p>达标 <i>3</i></p><style>p{}</style>",
        "<p>达标 4</p>",
    )
    pages = [tmp_path / f"{at}.html" for at in range(3)]
    for path, text in zip(pages, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    assert shown_otherwise(pages[0], pages[1]) == ""
    assert "达标 3 ≠ 达标 4" in shown_otherwise(pages[0], pages[2])


def test_a_forged_figure_is_told_with_its_place_as_a_reader_finds_it(made, moved):
    page, table, letter = (moved / n for n in ("02_funding.html", "results.xlsx", "report.docx"))
    text = page.read_text(encoding="utf-8")
    at = re.search(r"<td[^>]*>\d+\.\d", text).end()
    page.write_text(f"{text[: at - 1]}{9 - int(text[at - 1])}{text[at:]}", encoding="utf-8")
    book = load_workbook(table)
    book["逐项"]["G5"].value = 1234.5
    book.save(table)
    document = Document(str(letter))
    document.paragraphs[3].add_run("9999.9")
    document.save(str(letter))
    told = {p.name: shown_otherwise(p, edition_of(made[0]) / p.name) for p in (page, table, letter)}
    assert re.match(r"“[^”]+”一节：.+ ≠ ", told["02_funding.html"])
    assert told["results.xlsx"].startswith("逐项!G5：1234.5 ≠ ")
    assert re.match(r"第\d+段：.*9999\.9 ≠ ", told["report.docx"])


def test_a_zip_file_of_a_chinese_windows_is_unpacked_with_its_names(tmp_path):
    packed, name = tmp_path / "定稿.zip", "补充资料清单.xlsx"
    plain = "A" * 12 + ".xlsx"  # as long as the name in its code page
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("edition/edition.json", "{}")
        archive.writestr(f"edition/{plain}", "1")
    packed.write_bytes(packed.read_bytes().replace(plain.encode(), name.encode("gbk")))
    home = verify._unpacked(packed, tmp_path / "去处")
    assert {path.name for path in home.iterdir()} == {"edition.json", name}


def test_a_zip_file_with_two_entries_of_a_name_is_refused(tmp_path):
    packed = tmp_path / "定稿.zip"
    with zipfile.ZipFile(packed, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("data.html", "1")
        archive.writestr("data.html", "2")
    for path, told in ((packed, "同名文件"), (Path(__file__), "不是可读的压缩包")):
        with pytest.raises(DudaoError, match=told):
            verify._unpacked(path, tmp_path / "去处")


def test_a_publication_with_blanks_is_released_only_if_that_is_asked_for(made):
    _, homes = made
    done = dudao("release", *PLACE, "--date", "2025-01-11", **homes)
    assert done.returncode == 2
    assert "处空白，没有定稿。补齐后再定稿；确要这样定稿，请加 --with-blanks。" in done.stderr
    assert done.stderr.count("报告待填：") > 1 and "成文日期" not in done.stderr


def test_every_fault_that_keeps_a_publication_from_its_release_is_told(made, tmp_path):
    outputs, homes = made
    copy = Path(shutil.copytree(outputs, tmp_path / "出"))
    for name in ("results.csv", "02_funding.html"):
        (copy / "2024" / "990102" / name).write_text("改过", encoding="utf-8")
    done = dudao("release", *PLACE, "--date", "2025-01-11", **homes | {"DUDAO_OUTPUTS": str(copy)})
    assert done.returncode == 2 and "不能定稿（共2处）：" in done.stderr
    assert "02_funding.html 在发布后被改动" in done.stderr
    assert "results.csv 在发布后被改动" in done.stderr


def test_results_of_an_older_version_of_the_data_are_not_compared(made, tmp_path):
    homes = made[1] | {"DUDAO_STORE": str(tmp_path / "库")}
    shutil.copytree(made[1]["DUDAO_STORE"], homes["DUDAO_STORE"])
    data = Path(
        shutil.copytree(workspace.data() / "example" / "990102-2024", tmp_path / "990102-2024")
    )
    set_item(data, "per_pupil_expenditure", "小学", "数据年", "9000")
    assert dudao("ingest", str(data), **homes).returncode == 0
    done = dudao("verify", *PLACE, **homes)
    assert done.returncode == 1
    assert "结果按第1版数据，库中已是第2版。请先运行 dudao run" in done.stderr
    assert len(done.stderr.splitlines()) == 1
