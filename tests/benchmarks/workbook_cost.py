"""Cost of checking a workbook: 300 and 3,000 schools, time and memory, as ratios in one run."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools import example

from dudao.facts.layout import SCHOOLS
from dudao_pipeline.intake import template
from dudao_pipeline.intake.submission import read_submission

SIZES = (300, 3000)
FIRST_ROW = 5


def _workbook(folder: Path, schools: int) -> Path:
    """Write the workbook of 990100 with as many schools as are wanted."""
    county = next(iter(example.make(1, 1, 1)))
    tables = read_submission(example.write(county, folder)).tables
    workbook = template.build(tables.county, "虚构县990100", tables.year.year)
    template.fill(workbook, tables)
    template.fill_origin(workbook, county.meta)
    sheet = workbook[SCHOOLS]
    model = [cell.value for cell in sheet[FIRST_ROW]]
    for number in range(schools):
        row = [f"B{number:05d}", f"虚构学校{number}", *model[2:]]
        for column, value in enumerate(row, 1):
            sheet.cell(FIRST_ROW + number, column, value)
    path = folder / f"{schools}.xlsx"
    template.save(workbook, path)
    return path


def _read(path: str) -> None:
    """Read one workbook in a process of its own; print seconds and peak memory in MiB."""
    started = time.perf_counter()
    submission = read_submission(Path(path))
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(seconds, peak, len(submission.tables.schools))


def main() -> None:
    """Print both sizes and what ten times the schools cost."""
    found = []
    with tempfile.TemporaryDirectory() as name:
        for size in SIZES:
            path = _workbook(Path(name), size)
            command = [sys.executable, __file__, str(path)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            seconds, peak, schools = (float(word) for word in done.stdout.split())
            found.append((seconds, peak))
            print(f"{schools:5.0f} schools and kindergartens: {seconds:.2f} s, {peak:.0f} MiB")
    (first, low), (second, high) = found
    print(f"ten times the schools: {second / first:.1f} the time, {high / low:.1f} the memory")


if __name__ == "__main__":
    _read(sys.argv[1]) if len(sys.argv) > 1 else main()
