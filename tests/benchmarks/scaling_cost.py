"""Cost per notebook as counties and workers grow; a run with nothing to do; one changed county."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = """
import resource, sys
from dudao_pipeline.cli import main
code = main()
print("MEMORY", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
sys.exit(code)
"""
NOTEBOOKS = "00"  # the one that shows a county among all others; the others read their own only
SIZES, WORKERS = (10, 100), (1, 2, 4)
DISTINCT = 50  # counties that are invented; further ones are the same under other codes
LARGE = 1000  # counties, from which on two workers are enough


def _dudao(places: dict[str, str], *arguments: str) -> tuple[float, str]:
    """Run a command; return its seconds, and what it printed with its memory, MB, at the end."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        env={**os.environ, **places},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-500:] + done.stderr[-500:])
    return time.perf_counter() - started, done.stdout


def _change_one_cell(example: Path) -> Path:
    """Raise one figure of the first county by one; return the county's folder."""
    folder = sorted(path for path in example.iterdir() if path.is_dir())[0]
    sheet = folder / "县级指标.csv"
    lines = sheet.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("education_expenditure,"))
    cells = lines[at].split(",")
    place = max(n for n, cell in enumerate(cells) if cell.replace(".", "", 1).isdigit())
    cells[place] = f"{float(cells[place]) + 1:.2f}"
    lines[at] = ",".join(cells)
    sheet.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _under_other_codes(manifests: Path, counties: int) -> None:
    """Put the counties of a store there again until there are so many.

    The first, which is changed later, has no copies.
    """
    known = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(manifests.iterdir())]
    for number in range(counties - len(known)):
        manifest, code = known[1 + number % (len(known) - 1)], f"{991000 + number}"
        meta = {**manifest["meta"], "county": code}
        text = json.dumps({**manifest, "meta": meta}, ensure_ascii=False)
        (manifests / f"{code}-2024.json").write_text(text, encoding="utf-8")


def _run(places: dict[str, str], workers: int, *more: str) -> tuple[float, str]:
    return _dudao(places, "run", "--notebook", NOTEBOOKS, "--workers", str(workers), *more)


def measure(base: Path, counties: int) -> None:
    """Print what a run over so many counties costs, by workers, and what later runs cost."""
    places = {"DUDAO_STORE": str(base / "store"), "DUDAO_OUTPUTS": str(base / "outputs")}
    example, jobs = base / "example", counties * len(NOTEBOOKS.split(","))
    make = ["-m", "tools.example", "--counties", str(min(counties, DISTINCT)), "-o", str(example)]
    subprocess.run([sys.executable, *make], cwd=ROOT, check=True, capture_output=True)
    _dudao(places, "ingest", str(example))
    _under_other_codes(base / "store" / "manifest", counties)
    for workers in WORKERS if counties < LARGE else (2,):
        seconds, printed = _run(places, workers, "--force")
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        told = f"{seconds / jobs:.2f} s per notebook, {_memory(printed)}, largest {largest:.0f} MB"
        print(f"{counties} counties, {workers} workers: {told}", flush=True)
    seconds, printed = _run(places, 2)
    told = f"{seconds:.1f} s for {jobs} jobs, {_memory(printed)}"
    print(f"{counties} counties, nothing to do: {told}", flush=True)
    seconds, printed = _dudao(places, "publish", "--workers", "2")
    told = f"{seconds / jobs:.2f} s per notebook, {_memory(printed)}"
    seconds, printed = _dudao(places, "publish", "--workers", "2")
    told += f"; again: {seconds:.1f} s, {_memory(printed)}"
    print(f"{counties} counties, publish: {told}", flush=True)
    _change(places, counties, _change_one_cell(example))


def _change(places: dict[str, str], counties: int, changed: Path) -> None:
    """Print what is asked for after a change of one county, and what it takes."""
    ingest, _ = _dudao(places, "ingest", str(changed))
    _, planned = _run(places, 2, "--dry-run")
    others = sum("同类各县" in line for line in planned.splitlines())
    print(f"{counties} counties, one cell of one changed: {planned.splitlines()[-2]}")
    print(f"of them overviews of counties whose place has changed: {others}", flush=True)
    run, _ = _run(places, 2)
    publish, published = _dudao(places, "publish", "--workers", "2")
    told = next(line for line in published.splitlines() if line.startswith("发布"))
    steps = f"ingest {ingest:.1f} s, run {run:.1f} s, publish {publish:.1f} s"
    print(f"{steps}, together {ingest + run + publish:.1f} s; {told}", flush=True)


def _memory(printed: str) -> str:
    return f"command {printed.split()[-1]} MB"


def main() -> None:
    """Measure each size, or those named on the command line, in a fresh folder."""
    for counties in [int(word) for word in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory() as name:
            measure(Path(name), counties)


if __name__ == "__main__":
    main()
