"""Cost of checking a workbook: 300 and 3,000 schools, and formats painted to the last row.

Time and memory of each in a process of its own, as ratios and differences in one run.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from openpyxl import load_workbook
from tools import example

from dudao.facts.sheet_layout import EVIDENCE, SCHOOLS
from dudao_pipeline.intake import template
from dudao_pipeline.intake.submission import read_submission

SIZES = (300, 3000)
FIRST_ROW = 5
LAST_ROW = 1_048_576
PAINTED = "AB"  # columns whose format somebody dragged down


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


def _paint(path: Path) -> Path:
    """Write a copy of a workbook whose list of evidence is formatted down to the last row."""
    painted = path.with_name("painted.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(painted, "w", 8) as target:
        part = f"xl/worksheets/sheet{load_workbook(path).sheetnames.index(EVIDENCE) + 1}.xml"
        for name in source.namelist():
            if name != part:
                target.writestr(name, source.read(name))
        content, _, end = source.read(part).partition(b"</sheetData>")
        first = max(map(int, re.findall(rb'<row r="(\d+)"', content)), default=0) + 1
        with target.open(part, "w", force_zip64=True) as sheet:
            sheet.write(content)
            for row in range(first, LAST_ROW + 1):
                cells = "".join(f'<c r="{column}{row}" s="1"/>' for column in PAINTED)
                sheet.write(f'<row r="{row}">{cells}</row>'.encode())
            sheet.write(b"</sheetData>" + end)
    return painted


def _measure(path: Path) -> tuple[float, float, float]:
    """Return seconds, peak memory in MiB and schools of one reading."""
    command = [sys.executable, __file__, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, peak, schools = (float(word) for word in done.stdout.split())
    return seconds, peak, schools


def _read(path: str) -> None:
    """Read one workbook in a process of its own; print seconds of computing and peak MiB."""
    started = time.process_time()
    submission = read_submission(Path(path))
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(seconds, peak, len(submission.tables.schools))


def main() -> None:
    """Print both sizes and what ten times the schools cost."""
    found = []
    with tempfile.TemporaryDirectory() as name:
        for size in SIZES:
            path = _workbook(Path(name), size)
            seconds, peak, schools = _measure(path)
            found.append((seconds, peak))
            print(f"{schools:5.0f} schools and kindergartens: {seconds:.2f} s, {peak:.0f} MiB")
        ordinary = Path(name) / f"{SIZES[0]}.xlsx"
        painted, before = _measure(_paint(ordinary)), _measure(ordinary)
        print(
            f"formats painted to row {LAST_ROW:,}: {painted[0]:.2f} s, {painted[1]:.0f} MiB; "
            f"{painted[0] - before[0]:.2f} s and {painted[1] - before[1]:.0f} MiB "
            "more than without"
        )
    (first, low), (second, high) = found
    print(f"ten times the schools: {second / first:.1f} the time, {high / low:.1f} the memory")


if __name__ == "__main__":
    _read(sys.argv[1]) if len(sys.argv) > 1 else main()
