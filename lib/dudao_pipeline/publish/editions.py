"""Editions: what was released on a day stays as it was; a correction is a new edition beside it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from dudao.base.errors import ParameterError
from dudao.show.words import RESULTS
from dudao_pipeline.publish.documents import made_in
from dudao_pipeline.publish.files import write
from dudao_pipeline.publish.tables import NAME

FOLDER, RECORD = "editions", "edition.json"
KEY = ["notebook", "point", "check", "stage", "label", "data_year"]
ADDED, GONE = "新增", "不再列入"


@dataclass(frozen=True)
class Edition:
    """One release: number, day, why the one before was corrected, files by sha256, changes."""

    number: int
    day: str
    reason: str
    files: Mapping[str, str]
    changes: tuple[dict, ...] = field(default=())


def editions(folder: Path) -> list[Edition]:
    """Return the editions of a county and year, the first one first."""
    paths = sorted(folder.glob(f"{FOLDER}/[0-9]*/{RECORD}"), key=lambda p: int(p.parent.name))
    return [Edition(**json.loads(path.read_text(encoding="utf-8"))) for path in paths]


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ParameterError(f"日期“{text}”应写作年-月-日，如 2025-03-01。") from None


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in made_in(folder)}


def _shown(row: pd.Series) -> str:
    value = "无数据" if pd.isna(row["value"]) else f"{row['value']:.6g}{row['unit']}"
    return f"{value}，{RESULTS[row['result']][0]}"


def _changes(before: Path, after: Path) -> Iterator[dict]:
    """Yield the checks whose value or result is not what it was."""
    tables = [pd.read_parquet(folder / f"{NAME}.parquet") for folder in (before, after)]
    old, new = ({tuple(row[KEY]): row for _, row in one.iterrows()} for one in tables)
    for key in sorted({*old, *new}, key=str):
        was = _shown(old[key]) if key in old else ADDED
        now = _shown(new[key]) if key in new else GONE
        if was != now:
            yield {"point": key[1], "label": key[4], "before": was, "after": now}


def release(folder: Path, day: str, reason: str) -> tuple[Edition, bool]:
    """Keep what is published now as an edition; return it and whether it is new.

    A correction needs a reason. ParameterError where nothing is published, the day is no date or
    before the last edition's, or the reason is missing. Nothing of an older edition changes.
    """
    files, known, on = _digests(folder), editions(folder), _day(day)
    if not files:
        raise ParameterError(
            f"{folder.parent.name}/{folder.name} 还没有发布。请先运行 dudao publish。"
        )
    if known and known[-1].files == files:
        return known[-1], False
    changes: tuple[dict, ...] = ()
    if known:
        _check_correction(known[-1], on, reason)
        changes = tuple(_changes(folder / FOLDER / str(known[-1].number), folder))
    made = Edition(len(known) + 1, on, reason.strip(), files, changes)
    _keep(folder, made)
    return made, True


def _check_correction(last: Edition, day: str, reason: str) -> None:
    if not reason.strip():
        raise ParameterError(
            f"与第{last.number}版（{last.day}）不同，属于更正。请用 --reason 写明更正理由。"
        )
    if day < last.day:
        raise ParameterError(f"日期{day}早于第{last.number}版的{last.day}。请核对日期。")


def _keep(folder: Path, made: Edition) -> None:
    """Copy the files under the edition's number in one step."""
    home = folder / FOLDER
    partial = home / f".{made.number}.{os.getpid()}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for path in made_in(folder):
        shutil.copyfile(path, partial / path.name)
    write(partial / RECORD, json.dumps(asdict(made), ensure_ascii=False, indent=1, sort_keys=True))
    partial.rename(home / str(made.number))
