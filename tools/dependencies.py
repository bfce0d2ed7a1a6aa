"""List every package with its licence, then the known faults of the pinned versions.

`make audit`. Licences are read from what is installed; faults are asked of the database that uv
asks (it needs the network). Exit 0: none is known. 1: some are. 2: the database was not asked.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
# A copyleft licence binds who hands the program on changed; an office that runs it is free.
_PERMITTED = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|0BSD|Unlicense|HPND|CNRI|Zlib"
    r"|LGPL|Lesser General Public|OFL|Public Domain|CC0"
)


@dataclass(frozen=True)
class Package:
    """An installed package that constraints.txt pins."""

    name: str
    version: str
    licence: str

    @property
    def is_permitted(self) -> bool:
        """Say whether the licence is one that asks nothing of an office that runs the program."""
        return bool(_PERMITTED.search(self.licence))


def _licence(of: metadata.Distribution) -> str:
    """Return what a package says of its licence: an expression, classifiers, or its first words."""
    about = of.metadata
    named = about.get("License-Expression") or ""
    trove = [line for line in about.get_all("Classifier") or () if line.startswith("License ::")]
    words = [line.rpartition("::")[2].strip() for line in trove]
    licence = named or "; ".join(words) or (about.get("License") or "").strip().partition("\n")[0]
    if licence:
        return licence
    texts = (path for path in of.files or () if path.name.upper().startswith("LICEN"))
    return next((text.read_text().strip().partition("\n")[0] for text in texts), "")


def _pins() -> list[str]:
    """Return the pinned requirements, with the markers of other systems."""
    return (ROOT / "constraints.txt").read_text(encoding="utf-8").split("\n")[:-1]


def packages() -> list[Package]:
    """Return the installed packages among the pinned ones, by name."""
    listed = []
    for name in sorted({re.split(r"[\[=]", line)[0] for line in _pins()}):
        try:
            of = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # of another system
            continue
        listed.append(Package(name, of.version, _licence(of)))
    return listed


def _audit() -> subprocess.CompletedProcess[str]:
    """Ask for the known faults of the pinned versions."""
    pins = ",\n  ".join(json.dumps(line) for line in _pins())
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    text = f'[project]\nname = "pins"\nversion = "0"\nrequires-python = "=={python}.*"\n'
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pyproject.toml"
        file.write_text(f"{text}dependencies = [\n  {pins}\n]\n", encoding="utf-8")
        command = [sys.executable, "-m", "uv", "audit", "--quiet", "--project", folder]
        return subprocess.run(command, capture_output=True, text=True, check=False)


def main() -> int:
    """Print licences and faults; return the exit code of the audit."""
    for one in packages():
        mark = "" if one.is_permitted else "  <- look at this licence"
        print(f"{one.name:32}{one.version:16}{one.licence}{mark}")
    asked = _audit()
    print(f"\nknown faults (uv audit, exit {asked.returncode}):")
    print("\n".join(filter(None, (asked.stdout.strip(), asked.stderr.strip()))))
    return asked.returncode


if __name__ == "__main__":
    sys.exit(main())
