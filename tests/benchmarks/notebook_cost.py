"""Cost of one county's notebooks and pages: ours against the two command lines, in one run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from dudao import workspace
from dudao.batch.plan import notebook_names

COUNTY, YEAR = "990001", "2024"
REPETITIONS = 3


def _ours(folder: Path) -> None:
    """Run and publish every notebook of the county with the command line of the library."""
    environment = {**os.environ, "DUDAO_OUTPUTS": str(folder)}
    code = "import sys; from dudao.cli import main; sys.exit(main())"
    for arguments in (["run", "--county", COUNTY, "--year", YEAR], ["publish"]):
        subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=environment,
            check=True,
            capture_output=True,
        )


def _two_command_lines(folder: Path) -> None:
    """Run papermill's command line, then nbconvert's, notebook by notebook, as a shell would."""
    for notebook in notebook_names():
        source, executed = workspace.notebooks() / f"{notebook}.ipynb", folder / "out.ipynb"
        parameters = ["-r", "county", COUNTY, "-p", "year", YEAR]
        papermill = ["papermill", str(source), str(executed), *parameters]
        for module in (papermill, ["nbconvert", "--to", "html", str(executed)]):
            subprocess.run([sys.executable, "-m", *module], check=True, capture_output=True)


def _seconds(action) -> float:
    with tempfile.TemporaryDirectory() as name:
        started = time.perf_counter()
        action(Path(name))
        return time.perf_counter() - started


def main() -> None:
    """Alternate the two ways and print the medians and their ratio."""
    pairs = [(_seconds(_two_command_lines), _seconds(_ours)) for _ in range(REPETITIONS)]
    lines, ours = (median(column) for column in zip(*pairs, strict=True))
    ratios = sorted(line / own for line, own in pairs)
    print(f"papermill and nbconvert command lines:   {lines:.1f} s (median of {REPETITIONS})")
    print(f"dudao run and publish, workers as cores: {ours:.1f} s")
    print(f"ratio: {median(ratios):.2f} (from {ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    main()
