"""Warm kernels give what cold ones give, byte for byte, also when something goes wrong."""

import asyncio
import contextlib
import dataclasses
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import nbformat
import papermill
import psutil
import pytest
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from dudao.base import workspace
from dudao.facts.store import COUNTY
from dudao_pipeline.runner import worker
from dudao_pipeline.runner.limits import Limits
from dudao_pipeline.runner.notebooks import normalise
from dudao_pipeline.runner.plan import Job, notebook_names
from warm_kernels import zygotes
from warm_kernels.cell_runner import KernelAhead
from warm_kernels.client import TooMuchOutputError
from warm_kernels.forked import ForkedKernel
from warm_kernels.manager import WarmManager

BEHAVIOUR = [
    "import os, sys\nprint('一'); print('二', file=sys.stderr); print('三')",
    "import pandas as pd\npd.DataFrame({f'c{n}': [n, n * n] for n in range(40)})",
    "pd.DataFrame({'a': range(200)}), pd.get_option('display.max_columns')",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2, 4])\nplt.title('growth')",
    "fig, ax = plt.subplots()\nax.bar([1, 2], [3, 4])\nprint(plt.get_backend())\nfig",
    "import warnings\nwarnings.warn('mind')",
    "import numpy as np\nnp.float64(1) / 0",
    "from IPython.display import HTML, Markdown, display, clear_output",
    "display(1); display(HTML('<b>2</b>')); print(3); display(Markdown('*4*')); 5",
    "handle = display('before', display_id='x')\nhandle.update('after')",
    "print('gone'); clear_output(); print('stays')",
    "!echo shell",
    "%matplotlib --list",
    "run = get_ipython().run_cell\nrun('automagic')\nautomagic = 'a name'\nlast = run('automagic')",
    "%automagic on",
    "import subprocess\nsubprocess.run(['sh', '-c', 'exit 3']).returncode",
    "if (pid := os.fork()) == 0:\n    os._exit(7)\nos.waitpid(pid, 0)[1]",
    "child = subprocess.Popen(['sleep', '60'])\nchild.kill()\nchild.wait()",
    "import logging\nlogging.getLogger('x').warning('logged')",
    "[name for name in dir() if not name.startswith('_')]",
    "sys.path, sys.argv[0], sys.flags, __name__, os.getcwd() == os.path.realpath('.')",
    "sorted({*os.environ} - {'JUPYTER_DEFAULT_PROVISIONER_NAME'})",
    "import locale, time, tempfile\nlocale.getlocale(), time.tzname, tempfile.gettempdir()",
    "sys.stdout.isatty(), sys.stdin is None, os.read(0, 1)",
    "get_ipython().history_manager.hist_file, type(get_ipython().kernel).__name__",
    "import signal\n[signal.getsignal(n) for n in (signal.SIGCHLD, signal.SIGTERM)]",
]
ENDINGS = {
    "an error": "def f():\n    return 1 / 0\nf()",
    "input": "input('name? ')",
    "an exit": "import sys\nsys.exit(3)",
    "a syntax error": "x = = 1",
    "an interrupt": "import signal, os, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(9)",
}


@pytest.fixture
def private(tmp_path, monkeypatch):
    """Fresh folders, as a worker gives every run."""
    for name in ("IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_RUNTIME_DIR", "TMPDIR"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    return tmp_path


def execute(
    folder: Path, cells: list[str], engine: str | None, *, kernel: str = "python3", **more
) -> nbformat.NotebookNode:
    """Run cells through papermill; return the notebook as it was left, errors included."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(cells)],
        metadata={"kernelspec": {"name": kernel, "display_name": "x", "language": "python"}},
    )
    nbformat.write(notebook, folder / "in.ipynb")
    target = folder / "out.ipynb"
    with contextlib.suppress(PapermillExecutionError):
        papermill.execute_notebook(
            folder / "in.ipynb",
            target,
            engine_name=engine,
            cwd=folder,
            progress_bar=False,
            execution_timeout=30,
            extra_arguments=["--log-level=CRITICAL"],
            config=Config(KernelManager={"transport": "ipc", "ip": str(folder / "k")}),
            **more,
        )
    text = re.sub(r"ipykernel_\d+", "ipykernel_PID", target.read_text(encoding="utf-8"))
    return normalise(nbformat.reads(text, as_version=4))


def text_of(cell) -> str:
    """Return what a cell printed and returned."""
    parts = [o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
    return "".join(parts)


THREADS = "import threading\nsorted(type(thread).__name__ for thread in threading.enumerate())"


@pytest.fixture
def cold(private):
    """What the standard kernel gives; its threads, too."""
    return execute(private, [*BEHAVIOUR, THREADS], None)


def test_every_behaviour_is_that_of_a_cold_kernel(private, cold):
    """Only its threads are fewer: nobody else connects to it, so none beats, listens or sends."""
    warm = execute(private, [*BEHAVIOUR, THREADS], "warm")
    for one, other in zip(cold.cells[:-1], warm.cells[:-1], strict=True):
        assert other == one, one.source
    assert sum("image/png" in o.get("data", {}) for c in warm.cells for o in c.outputs) == 3
    assert text_of(warm.cells[-1]) == "['_MainThread']"


def test_a_provisioned_kernel_does_not_even_differ_in_its_threads(private, cold, monkeypatch):
    """nbval and JupyterLab start one so; here papermill's own client does."""
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", "warm")
    warm = execute(private, [*BEHAVIOUR, THREADS], None)
    for one, other in zip(cold.cells, warm.cells, strict=True):
        assert other == one, one.source


def test_what_processes_print_is_kept_in_its_place(private, monkeypatch):
    """pytest's variable keeps ipykernel from watching the descriptors, so it is taken away."""
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    cells = [
        "import subprocess, sys, time\nprint('one')\nsubprocess.run(['echo', 'two'])\n"
        "time.sleep(0.2)\nprint('three')",
        "import os\nif (pid := os.fork()) == 0:\n    print('of a fork')\n    os._exit(0)\n"
        "os.waitpid(pid, 0)\nprint('of its parent')",
        "subprocess.run(['sh', '-c', 'seq 400000']); time.sleep(0.2)",
        "print('out', flush=True); print('err', file=sys.stderr, flush=True); print('again')",
    ]
    cold, warm = (execute(private, cells, engine) for engine in (None, "warm"))
    assert [text_of(cell) for cell in warm.cells] == [text_of(cell) for cell in cold.cells]
    assert text_of(warm.cells[0]) == "one\ntwo\nthree\n"
    assert text_of(warm.cells[2]).endswith("399999\n400000\n")


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_ending_is_that_of_a_cold_kernel(private, ending):
    cells = ["print('first')", ENDINGS[ending], "print('after')"]
    cold, warm = (execute(private, cells, engine) for engine in (None, "warm"))
    cold, warm = (
        [cell for cell in found.cells if cell.cell_type == "code"] for found in (cold, warm)
    )
    assert warm == cold
    assert any(output.output_type == "error" for cell in warm for output in cell.outputs)


def _share(monkeypatch, county: str = "990102", year: int = 2024) -> None:
    """Let kernels share a county, as a worker does."""
    monkeypatch.setenv(COUNTY, f"{county}-{year}")


def _parameters_of(notebook: Path) -> tuple[str, int]:
    (cell,) = (
        cell
        for cell in nbformat.read(notebook, as_version=4).cells
        if "parameters" in cell.metadata.get("tags", ())
    )
    given: dict = {}
    exec(cell.source, given)
    return given["county"], given["year"]


@pytest.mark.parametrize("name", notebook_names())
def test_every_notebook_gives_the_bytes_that_a_cold_kernel_wrote(private, monkeypatch, name):
    """The committed outputs were written by the standard kernel (`make refresh`).

    Here the kernel is forked from a process that has computed the county's measures.
    """
    source = workspace.notebooks() / f"{name}.ipynb"
    _share(monkeypatch, *_parameters_of(source))
    papermill.execute_notebook(
        source, private / "out.ipynb", engine_name="warm", cwd=private, progress_bar=False
    )
    warm = normalise(nbformat.read(private / "out.ipynb", as_version=4))
    cold = nbformat.read(source, as_version=4)
    for one, other in zip(cold.cells, warm.cells, strict=True):
        assert other.get("outputs") == one.get("outputs"), one.source


def test_nothing_of_one_notebook_reaches_the_next(private):
    spoil = (
        "import pandas, matplotlib, os, sys, random, dudao.base.reference as r, builtins\n"
        "pandas.set_option('display.max_rows', 3); matplotlib.rcParams['font.size'] = 99\n"
        "os.environ['LEFT'] = 'x'; sys.path.append('/left'); builtins.left = 1\n"
        "r.counties.cache_clear(); os.chdir('/'); open(os.environ['TMPDIR'] + '/f', 'w').close()"
    )
    look = (
        "import pandas, matplotlib, os, sys, builtins\n"
        "print(pandas.get_option('display.max_rows'), matplotlib.rcParams['font.size'],"
        " 'LEFT' in os.environ, '/left' in sys.path, hasattr(builtins, 'left'), os.getcwd() != '/')"
    )
    execute(private, [spoil], "warm")
    found = execute(private, [look], "warm")
    assert text_of(found.cells[0]) == "60 10.0 False False False True\n"


SHARED = "import os\nfrom dudao import case\nprint(os.getppid(), case._prepared is not None)"


def test_notebooks_of_a_county_share_what_was_computed_of_it(private, monkeypatch):
    alone = text_of(execute(private, [SHARED], "warm").cells[0]).split()
    _share(monkeypatch)
    first, second = (text_of(execute(private, [SHARED], "warm").cells[0]) for _ in range(2))
    assert first == second
    assert (alone[1], first.split()[1]) == ("False", "True")
    assert first.split()[0] != alone[0]


def test_another_county_or_newer_facts_are_prepared_anew(private, monkeypatch):
    shutil.copytree(workspace.store(), private / "store")
    monkeypatch.setenv("DUDAO_STORE", str(private / "store"))
    said = set()
    for county in ("990102", "990100", "990102"):
        _share(monkeypatch, county)
        said.add(text_of(execute(private, [SHARED], "warm").cells[0]))
        manifest = private / "store/manifest/990102-2024.json"
        manifest.write_text(manifest.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert len(said) == 3


def test_nothing_of_one_notebook_reaches_the_next_of_the_same_county(private, monkeypatch):
    _share(monkeypatch)
    measures = (
        "from dudao.case import open_case\n"
        "found = open_case('990102', 2024, '06_teachers').measures('06_teachers')\n"
        "print(len(found)); found.clear()"
    )
    first, second = (text_of(execute(private, [measures], "warm").cells[0]) for _ in range(2))
    assert first == second != "0\n"


def test_what_cannot_be_prepared_is_left_to_the_notebook(private, monkeypatch):
    _share(monkeypatch, "000000", 1900)
    found = execute(private, [SHARED], "warm")
    assert text_of(found.cells[0]).split()[1] == "False"


def test_two_kernels_draw_different_random_numbers(private):
    draw = "import random, numpy\nprint(random.random(), numpy.random.rand())"
    first, second = (text_of(execute(private, [draw], "warm").cells[0]) for _ in range(2))
    assert first != second and set(first.split()).isdisjoint(second.split())


def test_a_kernel_that_is_killed_ends_its_notebook_and_no_other(private):
    with pytest.raises(DeadKernelError):
        execute(private, ["import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"], "warm")
    assert text_of(execute(private, ["print('alive')"], "warm").cells[0]) == "alive\n"


def _zygote_processes() -> list:
    return [owned.process for owned in zygotes._zygotes.values()]


def test_a_zygote_that_is_killed_is_replaced(private):
    execute(private, ["1"], "warm")
    for process in _zygote_processes():
        process.kill()
        process.wait()
    assert text_of(execute(private, ["print('again')"], "warm").cells[0]) == "again\n"
    assert any(process.poll() is None for process in _zygote_processes())


def test_zygotes_are_forked_from_an_elder_and_started_where_it_is_gone(private, monkeypatch):
    zygotes.close()
    elder = zygotes.start_elder()
    monkeypatch.setattr(zygotes, "_elder", elder)
    assert text_of(execute(private, ["print(1)"], "warm").cells[0]) == "1\n"
    assert _zygote_processes() == [None]
    zygotes.close()
    elder.control.close()
    assert text_of(execute(private, ["print(2)"], "warm").cells[0]) == "2\n"
    assert None not in _zygote_processes()


def _forks(**environment: str) -> bool:
    """Say whether a kernel of this environment is forked, and end it."""
    manager = WarmManager(kernel_name="python3", transport="ipc")

    async def start_and_stop() -> bool:
        await manager.start_kernel(env={**os.environ, **environment})
        forked = isinstance(manager.provisioner.process, ForkedKernel)
        await manager.shutdown_kernel(now=True)
        return forked

    return asyncio.run(start_and_stop())


def test_where_a_fork_would_differ_the_standard_kernel_serves(private, monkeypatch):
    assert _forks()
    assert not _forks(OMP_NUM_THREADS="4")
    assert not _forks(WARM_KERNELS_OFF="1")
    monkeypatch.setattr(zygotes.sys, "platform", "darwin")
    assert not _forks()


def test_another_hash_seed_or_language_has_a_zygote_of_its_own(private, monkeypatch):
    probe = "print(hash('督导'))"
    usual = text_of(execute(private, [probe], "warm").cells[0])
    monkeypatch.setenv("PYTHONHASHSEED", "1")
    assert text_of(execute(private, [probe], "warm").cells[0]) != usual


def test_a_changed_library_is_loaded_anew(private, monkeypatch):
    """The zygote in hand has loaded files of another time: it must not serve."""
    execute(private, ["1"], "warm")
    before = {owned.process.pid for owned in zygotes._zygotes.values()}
    monkeypatch.setattr(zygotes, "_files_state", lambda: "changed")
    execute(private, ["1"], "warm")
    after = {owned.process.pid for owned in zygotes._zygotes.values()}
    assert before.isdisjoint(after), "the old zygote serves nobody and is gone"


def test_the_zygote_has_one_thread_of_python_and_no_picture_backend():
    code = (
        "from warm_kernels.preload import load\nload()\n"
        "import sys, threading\n"
        "print(threading.active_count(), 'matplotlib.pyplot' in sys.modules,"
        " any(name.startswith('matplotlib_inline') for name in sys.modules))"
    )
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("1 False False\n", "")


OWNER = """
import asyncio, os, time
from warm_kernels.manager import WarmManager
manager = WarmManager(kernel_name="python3", transport="ipc", ip={address!r})
asyncio.run(manager.start_kernel())
print(manager.provisioner.pid, flush=True)
time.sleep(60)
"""


def test_kernels_die_with_an_owner_that_is_killed(private):
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER.format(address=str(private / "k"))],
        stdout=subprocess.PIPE,
        text=True,
    )
    kernel = int(owner.stdout.readline())
    os.kill(kernel, 0)
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    for _ in range(100):
        if not Path(f"/proc/{kernel}").exists():
            return
        time.sleep(0.1)
    pytest.fail("the kernel outlived its owner")


def test_a_notebook_may_write_at_its_end(private):
    """What a cell registers with atexit runs, as in a cold kernel."""
    written = private / "written"
    cell = f"import atexit, pathlib\natexit.register(pathlib.Path({str(written)!r}).touch)"
    execute(private, [cell], "warm")
    assert written.exists()


def run(folder: Path, source: str, seconds: int = 30) -> nbformat.NotebookNode:
    """Run one cell on a warm kernel; what ends it is raised, and the notebook kept."""
    cells = [nbformat.v4.new_code_cell(source, id="c")]
    spec = {"name": "python3", "display_name": "x", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})
    nbformat.write(notebook, folder / "in.ipynb")
    papermill.execute_notebook(
        folder / "in.ipynb",
        folder / "out.ipynb",
        engine_name="warm",
        cwd=folder,
        progress_bar=False,
        execution_timeout=seconds,
        extra_arguments=["--log-level=CRITICAL"],
        config=Config(KernelManager={"transport": "ipc", "ip": str(folder / "k")}),
    )
    return nbformat.read(folder / "out.ipynb", as_version=4)


LEFT_BEHIND = (
    "import subprocess, os, sys\n"
    "subprocess.Popen(['sleep', '311'])\n"
    "subprocess.Popen(['sleep', '312'], start_new_session=True)\n"
    "subprocess.run([sys.executable, '-c', 'import os, time\\n"
    "if os.fork() == 0:\\n    os.setsid()\\n    if os.fork() == 0:\\n"
    '        os.execvp("sleep", ["sleep", "313"])\'])'
)


def test_what_a_cell_started_ends_with_its_kernel_wherever_it_moved_to(private):
    run(private, LEFT_BEHIND)
    commands = [" ".join(p.info["cmdline"] or []) for p in psutil.process_iter(["cmdline"])]
    assert not [command for command in commands if re.search(r"sleep 31[123]", command)]


@pytest.fixture
def ahead(private):
    """A kernel that starts while something else is done."""
    return KernelAhead(os.environ, private)


def test_a_kernel_started_ahead_gives_what_one_of_its_own_gives(private, ahead):
    fresh = execute(private, BEHAVIOUR, "warm")
    lent = execute(private, BEHAVIOUR, "warm", lent=ahead.wait_started())
    assert lent.cells == fresh.cells
    ended = []
    ahead.end(partial(ended.append, True), is_idle=True).result(30)
    assert ended and ahead.has_failed()


def test_a_cell_that_ends_its_kernel_takes_nothing_from_the_one_before(private, ahead):
    cells = ["print('kept'); 2", "import os\nos.kill(os.getpid(), 9)"]
    with pytest.raises(DeadKernelError):
        execute(private, cells, "warm", lent=ahead.wait_started())
    ahead.end(int).result(30)
    before, _ = nbformat.read(private / "out.ipynb", as_version=4).cells[-2:]
    assert text_of(before) == "kept\n2"


def test_a_kernel_ends_with_what_its_cells_started_while_another_runs(private, ahead):
    manager = ahead.wait_started()
    run(private, LEFT_BEHIND)
    commands = [" ".join(p.info["cmdline"] or []) for p in psutil.process_iter(["cmdline"])]
    assert not [command for command in commands if re.search(r"sleep 31[123]", command)]
    assert text_of(execute(private, ["print('mine')"], "warm", lent=manager).cells[0]) == "mine\n"
    ahead.end(int).result(30)


def test_a_notebook_of_another_kernel_is_not_run_in_one_that_was_lent(private, ahead):
    with pytest.raises(NoSuchKernel):
        execute(private, ["1"], "warm", kernel="elsewhere", lent=ahead.wait_started())
    ahead.end(int).result(30)


def _ahead_of(worker_module) -> list[int]:
    return [kernel.ahead.wait_started().process.pid for kernel in worker_module._started_ahead]


def test_a_worker_starts_the_next_kernel_and_replaces_one_that_died(private, monkeypatch):
    monkeypatch.setenv("DUDAO_OUTPUTS", str(private / "outputs"))
    jobs = [Job("990102", 2024, name) for name in ("08_language", "01_leadership", "08_language")]
    assert worker.run_job(jobs[0], Limits(), is_last=False).is_done
    (first,) = _ahead_of(worker)
    os.kill(first, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while not worker._started_ahead[0].ahead.has_failed() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert worker.run_job(jobs[1], Limits(), is_last=False).is_done
    (second,) = _ahead_of(worker)
    other = dataclasses.replace(jobs[2], county="990101")
    assert worker.run_job(other, Limits()).is_done
    assert not worker._started_ahead and not psutil.pid_exists(second)


def test_a_kernel_that_dies_before_it_has_begun_a_cell_is_replaced_once(private, monkeypatch):
    monkeypatch.setenv("DUDAO_OUTPUTS", str(private / "outputs"))
    job, start, deaths = Job("990102", 2024, "08_language"), KernelAhead.wait_started, []

    def started(kernel):
        manager = start(kernel)
        if deaths.pop(0):
            os.kill(manager.process.pid, signal.SIGKILL)
        return manager

    monkeypatch.setattr(KernelAhead, "wait_started", started)
    deaths[:] = [True, False]
    assert worker.run_job(job, Limits()).is_done and not deaths
    deaths[:] = [True, True, False]
    assert "内核中途退出" in worker.run_job(job, Limits()).error and deaths == [False]


def test_a_worker_runs_a_notebook_where_no_kernel_can_be_forked(private, monkeypatch):
    monkeypatch.setenv("WARM_KERNELS_OFF", "1")
    job, outputs = Job("990102", 2024, "08_language"), []
    for folder in ("cold", "warm"):
        monkeypatch.setenv("DUDAO_OUTPUTS", str(private / folder))
        assert worker.run_job(job, Limits()).is_done
        executed = nbformat.read(worker.output_path(job), as_version=4)
        outputs.append([cell.get("outputs") for cell in executed.cells])
        monkeypatch.delenv("WARM_KERNELS_OFF", raising=False)
    assert outputs[0] == outputs[1]


def test_a_notebook_that_ends_its_kernel_is_not_run_again(private, monkeypatch):
    monkeypatch.setenv("DUDAO_OUTPUTS", str(private / "outputs"))
    monkeypatch.setenv("DUDAO_NOTEBOOKS", str(private))
    source = f"open({str(private / 'runs')!r}, 'a').write('x')\nimport os\nos._exit(3)"
    cells = [nbformat.v4.new_code_cell("county = year = 0", metadata={"tags": ["parameters"]})]
    spec = {"name": "python3", "display_name": "x", "language": "python"}
    cells.append(nbformat.v4.new_code_cell(source))
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})
    nbformat.write(notebook, private / "08_language.ipynb")
    assert "退出码3" in worker.run_job(Job("990102", 2024, "08_language"), Limits()).error
    assert (private / "runs").read_text() == "x"


def test_endless_printing_is_bounded_by_size(private):
    with pytest.raises(TooMuchOutputError):
        run(private, "while True:\n    print('x' * 10_000)", seconds=60)
    assert (private / "out.ipynb").stat().st_size < 30 * 2**20


def test_endless_printing_is_bounded_by_the_limit_of_the_cell(private):
    with pytest.raises(CellTimeoutError):
        run(private, "while True:\n    print('x', flush=True)", seconds=2)


def test_a_kernel_that_ended_tells_how(private):
    with pytest.raises(DeadKernelError) as died:
        run(private, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    assert died.value.exit_code == -9
