"""What importing a module does: any may be the first, and commands load quickly."""

import subprocess
import sys
from pathlib import Path

import warm_kernels

FOLDER = Path(warm_kernels.__file__).parent
MODULES = sorted(f"warm_kernels.{path.stem}" for path in FOLDER.glob("[!_]*.py"))
# One process loads what the modules need of others, forgets ours and papermill, whose entry points
# load ours while it is imported itself, and forks a fresh process for each module.
SCRIPT = """\
import gc, importlib, os, sys, traceback
for name in sys.argv[1:]:
    importlib.import_module(name)
forgotten = [name for name in sys.modules if name.split(".")[0] in ("papermill", "warm_kernels")]
modules = {name: sys.modules.pop(name) for name in forgotten}
for name in sys.argv[1:]:
    if os.fork() == 0:
        try:
            importlib.import_module(name)
            importlib.import_module("papermill").engines.papermill_engines.get_engine("warm")
        except BaseException:
            print(name)
            traceback.print_exc()
        sys.stdout.flush()
        os._exit(0)
    os.wait()
"""


def test_every_module_can_be_imported_first():
    # papermill first, as a command does
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, "papermill", *MODULES],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("", "")


def test_what_would_run_is_asked_without_what_only_running_needs():
    """`dudao run --dry-run` and `dudao status` load no package that computes, draws or runs."""
    script = (
        "import sys\n"
        "from dudao_pipeline.commands import run, status\n"
        "print(*{'jinja2', 'matplotlib', 'openpyxl', 'pandas', 'papermill'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
