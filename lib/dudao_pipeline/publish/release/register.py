"""The register of editions: one line per edition, each with the digest of the line before.

Lines are only added. Whoever changes an edition that was registered, or the register, must write
every later line anew: who keeps one digest of the last line (on paper, in a letter) will see it.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

from dudao_pipeline import digests
from dudao_pipeline.county_years import CountyYear

FILE = "editions.jsonl"
_LOCK = ".editions.lock"
_BEFORE_ALL = "0" * 64
_PATIENCE = 60  # seconds


@dataclass(frozen=True)
class Entry:
    """One edition as it was registered: whose, which, and the sha256 of its record."""

    county: str
    year: int
    number: int
    day: str
    edition: str
    before: str = _BEFORE_ALL

    @property
    def line(self) -> str:
        """Return the entry as it stands in the register."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def _lines(outputs: Path) -> list[str]:
    try:
        return (outputs / FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def _entry(line: str) -> Entry | None:
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError):
        return None


def faults(outputs: Path) -> Iterator[str]:
    """Yield what is wrong with the register itself, by line.

    outputs: the folder of all results, beside which the register lies.
    """
    before = _BEFORE_ALL
    for number, line in enumerate(_lines(outputs), 1):
        entry = _entry(line)
        if entry is None:
            yield f"{FILE} 第{number}行无法读取"
        elif entry.before != before or entry.line != line:
            yield f"{FILE} 第{number}行与前一行不衔接，登记被改动过"
        before = digests.of_text(line)


def registered(folder: Path) -> dict[int, Entry]:
    """Return the entries of a county's folder by number of edition."""
    at = CountyYear.of_folder(folder)
    entries = filter(None, map(_entry, _lines(folder.parents[1])))
    return {e.number: e for e in entries if CountyYear(e.county, e.year) == at}


def add(folder: Path, number: int, day: str, edition: Path) -> None:
    """Register an edition of a county's folder unless it is; edition: its record."""
    outputs, at = folder.parents[1], CountyYear.of_folder(folder)
    with FileLock(outputs / _LOCK, timeout=_PATIENCE):
        if number in registered(folder):
            return
        lines = _lines(outputs)
        before = digests.of_text(lines[-1]) if lines else _BEFORE_ALL
        entry = Entry(at.county, at.year, number, day, digests.sha256(edition), before)
        _append(outputs / FILE, entry.line)


def _append(path: Path, line: str) -> None:
    """Add a line that lasts; what a killed writer left of one is cut off first."""
    with path.open("ab+") as file:
        file.seek(0)
        whole = file.read().rpartition(b"\n")
        file.truncate(len(whole[0]) + len(whole[1]))
        file.write(f"{line}\n".encode())
        file.flush()
        os.fsync(file.fileno())
