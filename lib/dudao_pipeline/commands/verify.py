"""Verify an edition: digests are right, and the facts on record give the same figures again."""

import argparse
import json
import os
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dudao.base.errors import ParameterError
from dudao.base.short_lists import tell_first
from dudao.facts import store
from dudao_pipeline import digests
from dudao_pipeline.commands.targets import published_folder
from dudao_pipeline.county_years import CountyYear, folders_in
from dudao_pipeline.exit_codes import DONE, FAILED
from dudao_pipeline.files import scratch_folder
from dudao_pipeline.publish.documents import REPORT, made_in
from dudao_pipeline.publish.release import editions, execution_comparison, provenance, register
from dudao_pipeline.publish.release.editions import FOLDER, RECORD, Edition
from dudao_pipeline.publish.release.execution_comparison import shown_otherwise
from dudao_pipeline.publish.release.signatures import check
from dudao_pipeline.publish.task import PUBLISHED, Task, altered, read_record
from dudao_pipeline.runner.keys import KEYS_FILE, PARTS, recorded
from dudao_pipeline.runner.outdated import outdated_of

UNPACKED_LIMIT = 4 << 30  # bytes
SHOWN = 40  # differences printed one by one
DIGITS = 12  # of a digest, in a sentence
_COMMAND = "import sys; from dudao_pipeline.cli import main; sys.exit(main())"
_PARTS = {
    "dudao": "程序版本",
    "commit": "程序提交",
    "library": "计算程序",
    "publishing": "发布程序",
    "engine": "运行方式",
    "python": "Python",
    "machine": "机器",
}
_IN_BYTES_ALONE = (".pdf", ".parquet")  # the table of results is compared cell by cell besides
# Names of a program: what it does is told by the digests of its files.
_MAY_DIFFER = tuple(_PARTS[part] for part in ("dudao", "commit", "machine"))


@dataclass(frozen=True)
class Subject:
    """What is verified: a folder of published files, its notebooks, and the record beside them.

    published: how it was published (draft, pdf, wording), as far as that is recorded.
    """

    folder: Path
    notebooks: Path
    record: Path
    at: CountyYear
    published: dict


def main(options: argparse.Namespace) -> int:
    """Verify editions or current results; 1 where a byte or a figure is not as it must be."""
    with scratch_folder("verify") as scratch:
        wrong = False
        if options.path and options.path.is_file():
            options.path = _unpacked(options.path, scratch / "unpacked")
        for number, (folder, is_edition) in enumerate(_asked(options)):
            verify = _edition if is_edition else _county
            home = scratch / str(number)
            home.mkdir()
            wrong |= bool(verify(folder, home, options))
    return FAILED if wrong else DONE


def _opened(path: Path) -> zipfile.ZipFile:
    """Open a zip file whose names are in UTF-8, or as a Chinese Windows writes them."""
    try:
        return zipfile.ZipFile(path, metadata_encoding="utf-8")
    except UnicodeDecodeError:
        return zipfile.ZipFile(path, metadata_encoding="gb18030")


def _unpacked(path: Path, target: Path) -> Path:
    """Unpack what came as a zip file and return the folder of the edition in it.

    Of two entries of one name a reader sees one and the archive keeps both: it is refused.
    """
    step = "请解压后核验其中的文件夹，或重新取得压缩包。"
    try:
        with _opened(path) as archive:
            entries = archive.infolist()
            if len({entry.filename for entry in entries}) < len(entries):
                raise ParameterError(f"{path.name}：压缩包内有同名文件，不是原样的定稿。{step}")
            if sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
                raise ParameterError(f"{path.name}：解压后过大。{step}")
            archive.extractall(target)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, UnicodeError) as error:
        raise ParameterError(f"{path.name}：不是可读的压缩包（.zip）。{step}") from error
    records = sorted(target.rglob(RECORD), key=lambda record: len(record.parts))
    return records[0].parent if records else target


def _asked(options: argparse.Namespace) -> list[tuple[Path, bool]]:
    """Return the folders to verify, and whether each is an edition."""
    if options.path is None and not (options.county and options.year):
        raise ParameterError(
            "请指明核验什么：定稿或结果所在的文件夹，或 --county 与 --year（可加 --edition 版次）。"
        )
    folder = options.path or published_folder(options.county, options.year)
    folder = folder.resolve()
    if options.edition:
        folder = folder / FOLDER / str(options.edition)
    if not folder.is_dir():
        raise ParameterError(f"找不到文件夹“{folder}”。请检查路径、年度、代码和版次。")
    if (folder / RECORD).is_file() or (folder / provenance.RECORD).is_dir():
        return [(folder, True)]
    if any((folder / name).is_file() for name in (KEYS_FILE, PUBLISHED)):
        return [(folder, False)]
    inside = folders_in(folder)
    if not inside:
        raise ParameterError(f"“{folder}”不是定稿，也不是运行结果的文件夹。请检查路径。")
    return [(path, False) for path in inside]


def _tell(lines: list[str], heading: str) -> None:
    for line in tell_first([f"{heading}：{line}" for line in lines], SHOWN, "另有{}处。"):
        print(f"  {line}", file=sys.stderr)


def _edition(home: Path, scratch: Path, options: argparse.Namespace) -> bool:
    """Verify one edition from its own files, wherever it lies; say whether something is wrong."""
    edition = editions.read_edition(home)
    print(f"核验定稿 {home}")
    wrong = editions.altered(home)
    _tell(wrong, "与定稿记录不符")
    wrong += _of_register(home)
    wrong += _of_signature(home, options.signers)
    if edition is None:
        return True
    print(f"校验值：{len(edition.files) + len(edition.record)}个文件，{_counted(wrong, '不符')}")
    record = home / provenance.RECORD
    manifest = next((record / provenance.STORE / "manifest").glob("??????-????.json"), None)
    if manifest is None:
        print("  定稿中没有所据的数据，不能重新计算。", file=sys.stderr)
        return True
    subject = Subject(
        folder=home,
        notebooks=home / provenance.NOTEBOOKS,
        record=record,
        at=CountyYear(manifest.stem[:6], int(manifest.stem[7:])),
        published=_published(record / provenance.PROGRAM),
    )
    if not wrong:
        wrong = _described_otherwise(subject, edition)
    return bool(wrong) | _computed_again(subject, scratch)


def _described_otherwise(subject: Subject, edition: Edition) -> list[str]:
    """Say where the description of an edition is not what its record and files give."""
    try:
        described = json.loads((subject.folder / provenance.CRATE).read_text(encoding="utf-8"))
        is_same = described == provenance.description(subject.folder, subject.at, edition)
    except (OSError, ValueError, KeyError):
        is_same = False
    faults = [] if is_same else [f"{provenance.CRATE} 与定稿记录（edition.json）和文件所得的不同"]
    _tell(faults, "定稿说明")
    return faults


def _published(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8")).get("published", {})
    except (OSError, ValueError, AttributeError):
        return {}


def _counted(wrong: list[str], what: str) -> str:
    return f"{len(wrong)}处{what}" if wrong else "全部一致"


def _of_register(home: Path) -> list[str]:
    """Compare an edition with the register, if it lies where it was released."""
    county = home.parent.parent
    if home.parent.name != FOLDER or not (county.parent.parent / register.FILE).is_file():
        print("定稿不在原处，未与定稿登记核对。")
        return []
    faults = list(register.faults(county.parent.parent))
    entry = register.registered(county).get(int(home.name))
    if entry is None:
        faults.append(f"{register.FILE} 中没有第{home.name}版的登记")
    elif not digests.is_as_recorded(home / RECORD, entry.edition, fully=True):
        faults.append(f"{RECORD} 与定稿登记不符")
    _tell(faults, "登记")
    return faults


def _of_signature(home: Path, signers: Path | None) -> list[str]:
    """Check a detached signature over the edition's record with the keys that the user names."""
    sentence, faults = check(home, signers)
    if sentence:
        print(sentence)
    _tell(faults, "签名")
    return faults


def _county(folder: Path, scratch: Path, options: argparse.Namespace) -> bool:
    """Verify the current results of a county from what the store holds."""
    at = CountyYear.of_folder(folder)
    print(f"核验 {at} 的现有结果")
    wrong = [f"{name}（发布后被改动或删除）" for name in altered(Task(folder), fully=True)]
    wrong += editions.altered_editions(folder)
    wrong += list(register.faults(folder.parents[1]))
    try:
        outdated = outdated_of(at.county, at.year)
        if PARTS["facts"] in outdated.values():
            print(f"  {_other_data(folder, at)}", file=sys.stderr)
            return True
        wrong += [f"{name}（{why}）" for name, why in outdated.items()]
    except Exception as error:  # the store no longer has it, or cannot be read
        print(f"  {error}", file=sys.stderr)
        return True
    _tell(wrong, "不符")
    print(f"校验值：{_counted(wrong, '不符')}")
    provenance.keep(folder, scratch / "kept")
    record = read_record(Task(folder))
    subject = Subject(
        folder=folder,
        notebooks=scratch / "kept" / provenance.NOTEBOOKS,
        record=scratch / "kept" / provenance.RECORD,
        at=at,
        published=provenance.how_published(record) if record else {},
    )
    return bool(wrong) | _computed_again(subject, scratch)


def _other_data(folder: Path, at: CountyYear) -> str:
    """Say which version of the data the results are of: nothing in them can be compared."""
    made = {entry["parts"].get("facts") for entry in recorded(folder).values()} - {None}
    numbers = store.versions(at.county, at.year)
    of_results = [
        f"第{number}版"
        for number in numbers
        if store.read_manifest(store.version_path(at.county, at.year, number))["content"][:16]
        in made
    ]
    now = f"库中已是第{numbers[-1]}版" if numbers else "库中的数据已变"
    was = "、".join(of_results) or "以前"
    return f"结果按{was}数据，{now}。请先运行 dudao run 和 dudao publish，再核验。"


def _environment_differences(record: Path) -> Iterator[str]:
    """Yield how program and environment differ from those on record."""
    try:
        then = json.loads((record / provenance.PROGRAM).read_text(encoding="utf-8"))
        before = dict(then["packages"])
    except (OSError, ValueError, KeyError, TypeError):
        yield "定稿没有可读的程序和环境记录"
        return
    now = provenance.environment()
    for part, word in _PARTS.items():
        if then.get(part) != now[part]:
            old, new = (str(of.get(part) or "不明")[:DIGITS] for of in (then, now))
            yield f"{word} {old} → {new}"
    packages = now["packages"]
    for name in sorted({*before, *packages}):
        if before.get(name) != packages.get(name):
            yield f"{name} {before.get(name, '无')} → {packages.get(name, '无')}"


def _computed_again(subject: Subject, scratch: Path) -> bool:
    """Execute again from the record and compare; say whether a figure is not the same."""
    other = list(_environment_differences(subject.record))
    if other:
        print(f"程序或环境与记录的不同（{len(other)}处）：{'；'.join(other[:5])}")
    else:
        print("程序和环境与记录的相同。")
    outputs = scratch / "outputs"
    failed = _execute(subject, scratch, outputs)
    if failed:
        reason = "程序或环境不同，可能因此不能重算；请用记录的程序提交和锁定的依赖再试。"
        print(f"  重新运行没有完成。{reason if other else ''}\n{failed}", file=sys.stderr)
        return True
    again = outputs / str(subject.at)
    differing = list(execution_comparison.differences(subject.folder, again, subject.notebooks))
    is_same_program = all(line.startswith(_MAY_DIFFER) for line in other)
    differing += _other_files(subject, again, is_same_program=is_same_program)
    _tell(differing, "重算结果不同")
    notebooks, checks = execution_comparison.counted(again)
    print(f"重新运行{notebooks}册、{checks}项检查：{_counted(differing, '不同')}")
    return bool(differing)


def _other_files(subject: Subject, again: Path, *, is_same_program: bool) -> list[str]:
    """Name the published files that are made otherwise: byte by byte by the same program.

    Another program, or one on record that somebody wrote there, must still show the same: words,
    figures and lines of charts, whatever the markup.
    """
    passed_over = {REPORT} if subject.published.get("wording") else set()
    if passed_over:
        print("报告用了单位自定的措辞，未重新生成比较。")
    published, made = ({p.name: p for p in made_in(at)} for at in (subject.folder, again))
    names = sorted({*published, *made} - passed_over)
    faults = [
        f"{name}：{'重新发布没有这个文件' if name in published else '定稿中没有这个文件'}"
        for name in names
        if not (name in published and name in made)
    ]
    for name in names:
        if name not in published or name not in made:
            continue
        if digests.sha256(published[name]) == digests.sha256(made[name]):
            continue
        if not is_same_program and name.endswith(_IN_BYTES_ALONE):
            print(f"{name} 只能由同样的程序逐字节核对，这次没有核对。")
            continue
        where = (
            "" if name.endswith(_IN_BYTES_ALONE) else shown_otherwise(published[name], made[name])
        )
        if is_same_program:
            faults.append(f"{name}：{where or '与重新发布的不是逐字节相同'}")
        elif where:
            hint = "程序或环境不同，也可能是其所致，请用记录的程序再核验"
            faults.append(f"{name}：{where}（{hint}）")
    return faults


def _execute(subject: Subject, scratch: Path, outputs: Path) -> str:
    """Run and publish in folders of its own; return what went wrong, or nothing."""
    sources = scratch / "sources"
    names = provenance.write_sources(subject.notebooks, sources)
    if not names:
        return "记录中没有分册。"
    folders = {
        "DUDAO_STORE": subject.record / provenance.STORE,
        "DUDAO_OUTPUTS": outputs,
        "DUDAO_NOTEBOOKS": sources,
        "DUDAO_LAW": subject.record / provenance.ADDED_LAW,
        "DUDAO_BUILT_IN_LAW": subject.record / provenance.BUILT_IN_LAW,
    }
    environment = {**os.environ, **{name: str(path) for name, path in folders.items()}}
    selection = ("--county", subject.at.county, "--year", str(subject.at.year))
    run = ("run", *selection, "--notebook", ",".join(names))
    publish = ("publish", *(f"--{way}" for way in ("draft", "pdf") if subject.published.get(way)))
    for arguments in (run, publish):
        done = subprocess.run(
            [sys.executable, "-c", _COMMAND, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if arguments is run and done.returncode != DONE:
            return "\n".join((done.stdout + done.stderr).strip().splitlines()[-10:])
    return ""
