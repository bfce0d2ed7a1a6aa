"""Editions: what was released on a day stays as it was; a correction is a new edition beside it."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path, PurePosixPath

import pandas as pd

from dudao.base.errors import ParameterError
from dudao.base.rounding import fixed
from dudao.show.words import RESULTS
from dudao_pipeline import digests
from dudao_pipeline.county_years import CountyYear
from dudao_pipeline.files import clear_leftovers, write_folder, write_json
from dudao_pipeline.publish.documents import digests_in, made_in
from dudao_pipeline.publish.release import provenance, register
from dudao_pipeline.publish.release.signatures import MINISIGN, RECORD, SSH
from dudao_pipeline.publish.result_tables import NAME

FOLDER = "editions"
SIGNATURES = (SSH, MINISIGN)
KEY = ["notebook", "point", "check", "stage", "label", "data_year"]
ADDED, GONE = "新增", "不再列入"


@dataclass(frozen=True)
class Edition:
    """One release: number, day, why the one before was corrected, files by sha256, changes.

    files: what readers get. record: what their figures rest on, for whoever computes them again.
    """

    number: int
    day: str
    reason: str
    files: Mapping[str, str]
    changes: tuple[dict, ...] = field(default=())
    record: Mapping[str, str] = field(default_factory=dict)


def editions(folder: Path) -> list[Edition]:
    """Return the editions of a county and year, the first one first."""
    return [record for home in homes(folder) if (record := read_edition(home))]


def altered_editions(folder: Path) -> list[str]:
    """Say what of a county's editions is gone, added or not as it was released, by file.

    Every file is read, whatever is remembered of its digest.
    """
    entries = register.registered(folder)
    faults = []
    for home in homes(folder):
        faults += [f"{FOLDER}/{home.name}/{what}" for what in altered(home)]
        entry = entries.pop(int(home.name), None)
        if entry and not digests.is_as_recorded(home / RECORD, entry.edition, fully=True):
            faults.append(f"{FOLDER}/{home.name}/{RECORD}（与定稿登记不符）")
    faults += [f"{FOLDER}/{number}（已登记的定稿不见了）" for number in sorted(entries)]
    return faults


def homes(folder: Path) -> list[Path]:
    """Return the folders of a county's editions, the first one first."""
    return sorted(folder.glob(f"{FOLDER}/[0-9]*/"), key=lambda path: int(path.name))


def altered(home: Path) -> list[str]:
    """Name the files of one edition that are gone, added, or not as its record says, and how.

    Signatures that an office lays beside the record are no part of it.
    """
    edition = read_edition(home)
    if edition is None:
        return [f"{RECORD}（读不出）"]
    listed = {**edition.files, **edition.record}
    expected = {*listed, RECORD, *(f"{RECORD}{suffix}" for suffix in SIGNATURES)}
    expected |= {str(folder) for name in listed for folder in PurePosixPath(name).parents}
    added = {path.relative_to(home).as_posix() for path in home.rglob("*")} - expected
    return [f"{name}（多出）" for name in sorted(added)] + [
        f"{name}（{'与校验值不符' if (home / name).exists() else '不见了'}）"
        for name, digest in sorted(listed.items())
        if not digests.is_as_recorded(home / name, digest, fully=True)
    ]


def read_edition(home: Path) -> Edition | None:
    """Return what an edition's record says; None where it cannot be read."""
    try:
        return Edition(**json.loads((home / RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ParameterError(f"日期“{text}”应写作年-月-日，如 2025-03-01。") from None


def _shown(row: pd.Series) -> str:
    is_lacking = pd.isna(row["value"])
    value = "无数据" if is_lacking else f"{fixed(row['value'], int(row['decimals']))}{row['unit']}"
    return f"{value}，{RESULTS[row['result']][0]}"


def _changes(before: Path, after: Path) -> Iterator[dict]:
    """Yield the checks whose value or result is not what it was, once for all notebooks."""
    tables = [pd.read_parquet(folder / f"{NAME}.parquet") for folder in (before, after)]
    old, new = ({tuple(row[KEY]): row for _, row in one.iterrows()} for one in tables)
    seen = set()
    for key in sorted({*old, *new}, key=str):
        was = _shown(old[key]) if key in old else ADDED
        now = _shown(new[key]) if key in new else GONE
        if was != now and (key[1:], was, now) not in seen:
            seen.add((key[1:], was, now))
            yield {"point": key[1], "label": key[4], "before": was, "after": now}


def release(folder: Path, day: str, reason: str) -> tuple[Edition, bool]:
    """Keep what is published now as an edition; return it and whether it is new.

    A correction needs a reason. ParameterError where nothing is published, the day is no date or
    before the last edition's, or the reason is missing. Nothing of an older edition changes.
    """
    clear_leftovers(folder)
    files, earlier, on = digests_in(folder), editions(folder), _day(day)
    for edition in earlier:  # one whose writer was killed before it was registered
        _register(folder, edition)
    if not files:
        raise ParameterError(f"{CountyYear.of_folder(folder)} 还没有发布。请先运行 dudao publish。")
    if earlier and earlier[-1].files == files:
        return earlier[-1], False
    changes: tuple[dict, ...] = ()
    if earlier:
        _check_correction(earlier[-1], on, reason)
        changes = tuple(_changes(folder / FOLDER / str(earlier[-1].number), folder))
    number = int(homes(folder)[-1].name) + 1 if earlier else 1
    made = _kept(folder, Edition(number, on, reason.strip(), files, changes))
    _register(folder, made)
    return made, True


def _register(folder: Path, made: Edition) -> None:
    record = folder / FOLDER / str(made.number) / RECORD
    register.add(folder, made.number, made.day, record)


def _check_correction(last: Edition, day: str, reason: str) -> None:
    if not reason.strip():
        raise ParameterError(
            f"与第{last.number}版（{last.day}）不同，属于更正。请用 --reason 写明更正理由。"
        )
    if day < last.day:
        raise ParameterError(f"日期{day}早于第{last.number}版的{last.day}。请核对日期。")


def _kept(folder: Path, made: Edition) -> Edition:
    """Copy the files, and what they rest on, under the edition's number in one step."""
    record: dict[str, str] = {}

    def fill(partial: Path) -> None:
        for path in made_in(folder):
            shutil.copyfile(path, partial / path.name)
        provenance.keep(folder, partial)
        kept = provenance.files_of(partial)
        record.update((name, digest) for name, digest in kept.items() if name not in made.files)
        edition = replace(made, record=record)
        described = provenance.description(partial, CountyYear.of_folder(folder), edition)
        write_json(partial / provenance.CRATE, described)
        record[provenance.CRATE] = digests.sha256(partial / provenance.CRATE)
        write_json(partial / RECORD, asdict(replace(made, record=record)))

    write_folder(folder / FOLDER / str(made.number), fill)
    return replace(made, record=record)
