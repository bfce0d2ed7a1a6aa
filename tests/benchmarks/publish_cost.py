"""Cost of publishing as counties grow: computing per notebook, and peak memory of the command.

The fictional counties of the repository are run once and stand there again under other codes,
twelve to a city: their pages still name the first county, which costs the same.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
SIZES, YEAR, TO_A_CITY = (10, 100), 2024, 12
COMMAND = """
import resource, sys, time
from dudao_pipeline.cli import main
code = main(sys.argv[1:])
print("COST", time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
sys.exit(code)
"""


def _dudao(places: dict[str, str], *arguments: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        env={**os.environ, **places},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:  # what a failed command cost is no figure
        raise RuntimeError(done.stdout[-500:] + done.stderr[-500:])
    return done.stdout.splitlines()[-1].split()[1:]


def _places(home: Path) -> dict[str, str]:
    return {"DUDAO_STORE": str(home / "store"), "DUDAO_OUTPUTS": str(home / "outputs")}


def _multiplied(first: Path, home: Path, counties: int) -> None:
    """Lay results and store of the first counties to others, under so many codes."""
    shutil.copytree(first / "store", home / "store")
    manifests = home / "store" / "manifest"
    known = sorted(manifests.glob(f"*-{YEAR}.json"))
    for number in range(counties):
        manifest = known[number % len(known)]
        old, code = (
            manifest.name[:6],
            f"99{10 + number // TO_A_CITY:02d}{number % TO_A_CITY + 1:02d}",
        )
        target = home / "outputs" / str(YEAR) / code
        shutil.copytree(first / "outputs" / str(YEAR) / old, target)
        for path in (*target.iterdir(), shutil.copy(manifest, manifests / f"{code}-{YEAR}.json")):
            text = Path(path).read_text(encoding="utf-8")
            Path(path).write_text(text.replace(f'"{old}"', f'"{code}"'), encoding="utf-8")
    for manifest in known:
        manifest.unlink()


def main() -> None:
    """Print what each number of counties costs."""
    with tempfile.TemporaryDirectory() as name:
        first = Path(name) / "first"
        _dudao(_places(first), "ingest", str(ROOT / "data" / "example"))
        _dudao(_places(first), "run")
        for counties in [int(word) for word in sys.argv[1:]] or SIZES:
            home = Path(name) / str(counties)
            _multiplied(first, home, counties)
            notebooks = len(list(home.glob(f"outputs/{YEAR}/*/[0-9]*.ipynb")))
            seconds, memory = map(
                float, _dudao(_places(home), "publish", "--draft", "--workers", "1")
            )
            each = f"{seconds / notebooks:.3f} s of computing a notebook"
            print(
                f"{counties} counties, {notebooks} notebooks: {each}, {memory:.0f} MB", flush=True
            )


if __name__ == "__main__":
    main()
