"""Another user, no home, a program that cannot be written to, a path of 200 Chinese characters."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dudao.base import workspace

CODE = "import sys; from dudao_pipeline.cli import main; sys.exit(main())"
NOBODY = 54321
# What the interpreter itself may need, where it is one that other users can read.
INTERPRETER = ("PATH", "LD_LIBRARY_PATH")
DEEP = "/".join(["县级人民政府履行教育职责督导评估资料" * 4] * 3)[:200]
ONE = ("--county", "990102", "--year", "2024")
CALLS = (
    ("ingest", "{data}"),
    ("run", "--county", "990102", "--notebook", "00,02", "--workers", "1"),
    ("publish", "--workers", "1"),
    ("release", *ONE, "--date", "2025-01-10", "--with-blanks"),
    ("verify", *ONE, "--edition", "1"),
    ("verify", "{moved}"),
)


def _as_nobody() -> list[str]:
    """Return what makes a command run as a user of no name; nothing for one who is not root."""
    user = f"--reuid={NOBODY} --regid={NOBODY} --clear-groups"
    return ["setpriv", *user.split()] if os.getuid() == 0 else []


def _interpreter(folder: Path) -> tuple[Path, dict[str, str]]:
    """Return an interpreter that every user can start, and what it needs to be told.

    It is this one, or a copy with the same packages where its folder is closed to others.
    """
    here = Path(sys.executable)
    homes = Path(os.path.realpath(here)).parents
    if os.getuid() != 0 or all(home.stat().st_mode & 0o005 == 0o005 for home in homes):
        return here, {}
    bare = shutil.ignore_patterns("test", "site-packages", "__pycache__", "*.a", "include")
    copied = shutil.copytree(sys.base_prefix, folder / "python", ignore=bare, symlinks=True)
    prefix, name = folder / "venv", f"python{sys.version_info[0]}.{sys.version_info[1]}"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "pyvenv.cfg").write_text(f"home = {copied / 'bin'}\n", encoding="utf-8")
    (prefix / "bin/python").symlink_to(copied / "bin" / name)
    for part in ("lib", "share", "etc"):
        if (source := Path(sys.prefix) / part).exists():
            (prefix / part).symlink_to(source)
    return prefix / "bin/python", {"LD_LIBRARY_PATH": str(copied / "lib")}


@pytest.fixture
def base():
    folder = Path("/var/tmp") / f"dudao-{os.getpid()}" / DEEP
    folder.mkdir(parents=True)
    for path in (folder.parents[2], *folder.parents[:2], folder):  # whatever the umask is
        path.chmod(0o755)
    if os.getuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    yield folder
    shutil.rmtree(Path("/var/tmp") / f"dudao-{os.getpid()}")


def test_every_step_works_elsewhere(base):
    data = shutil.copytree(workspace.data() / "example" / "990102-2024", base / "990102-2024")
    places = {"data": str(data), "moved": str(base / "拷走的定稿")}
    written_before = _program()
    python, told = _interpreter(base.parents[2])
    environment = {
        **{name: value for name, value in os.environ.items() if name in INTERPRETER},
        **{"DUDAO_STORE": str(base / "库"), "DUDAO_OUTPUTS": str(base / "果")},
        **told,
        **{"TZ": "Asia/Kathmandu", "LC_ALL": "C", "TMPDIR": str(base)},
    }
    for call in CALLS:
        if "{moved}" in call:
            shutil.copytree(base / "果/2024/990102/editions/1", places["moved"])
            environment["DUDAO_STORE"] = str(base / "无")
            environment["DUDAO_OUTPUTS"] = str(base / "无果")
        done = subprocess.run(
            [*_as_nobody(), str(python), "-c", CODE, *(word.format(**places) for word in call)],
            env=environment,
            cwd=base,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (call, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr, call
    assert (base / "果/2024/990102/02_funding.html").is_file()
    assert _program() == written_before


def _program() -> dict[str, int]:
    """Return the files of the program and their sizes: none is written by who uses it."""
    roots = (workspace.notebooks(), Path(workspace.__file__).parents[2])
    return {
        str(path): path.stat().st_size
        for root in roots
        for path in root.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
