"""Cost of a notebook and its page: ours against what people write, in alternating pairs."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import papermill  # noqa: F401  (before the engine, which it loads itself)

from dudao import case
from dudao.base import workspace
from dudao_pipeline.runner import ranks_refresh
from dudao_pipeline.runner.limits import Limits
from dudao_pipeline.runner.plan import Job, notebook_names
from dudao_pipeline.runner.worker import run_job

COUNTIES, YEAR = tuple(f"99010{n}" for n in range(6)), 2024
SAMPLE = ("02_funding", "03_basic_education", "08_language")  # for the slow ways
REPETITIONS = 2
COMMAND = "import sys; from dudao_pipeline.cli import main; sys.exit(main())"


def _call(*arguments: str, **environment: str) -> None:
    subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
    )


def two_command_lines(folder: Path) -> int:
    """Run papermill's command line, then nbconvert's, notebook by notebook, as a shell would."""
    for name in SAMPLE:
        source, executed = workspace.notebooks() / f"{name}.ipynb", folder / "out.ipynb"
        parameters = ("-r", "county", COUNTIES[0], "-p", "year", str(YEAR))
        _call("-m", "papermill", str(source), str(executed), *parameters)
        _call("-m", "nbconvert", "--to", "html", str(executed))
    return len(SAMPLE)


LOOP = """
import sys, papermill
from nbconvert import HTMLExporter
import nbformat
folder, notebooks, county, year, *names = sys.argv[1:]
exporter = HTMLExporter()
for name in names:
    executed = f"{folder}/{name}.ipynb"
    parameters = {"county": county, "year": int(year)}
    papermill.execute_notebook(
        f"{notebooks}/{name}.ipynb", executed, parameters=parameters, progress_bar=False
    )
    html, _ = exporter.from_notebook_node(nbformat.read(executed, 4))
    open(f"{folder}/{name}.html", "w").write(html)
"""


def papermill_loop(folder: Path) -> int:
    """Run papermill's API in a loop of one process, exporter reused."""
    notebooks = str(workspace.notebooks())
    _call("-c", LOOP, str(folder), notebooks, COUNTIES[0], str(YEAR), *SAMPLE)
    return len(SAMPLE)


def ours(workers: int, *, pages: bool = True) -> Callable[[Path], int]:
    """Run, and publish, every notebook of the counties with our command line."""

    def run(folder: Path) -> int:
        chosen = ("--county", ",".join(COUNTIES), "--year", str(YEAR))
        number = ("--workers", str(workers))
        _call("-c", COMMAND, "run", *chosen, *number, DUDAO_OUTPUTS=str(folder))
        if pages:
            _call("-c", COMMAND, "publish", "--draft", *number, DUDAO_OUTPUTS=str(folder))
        return len(COUNTIES) * len(notebook_names())

    return run


def _plain_county(county: str) -> None:
    for name in notebook_names():
        _plain(name, county)


@contextlib.contextmanager
def _shared(county: str) -> Iterator[None]:
    """Let the notebooks of a county share what was read and computed of it, as kernels do."""
    case.prepare(county, YEAR)
    try:
        yield
    finally:
        case._prepared = None


def plain_functions(workers: int, *, sharing: bool = False) -> Callable[[Path], int]:
    """Run the cells of every notebook and draw what they show, without kernel, file or page.

    The processes are forked from this one, which has loaded everything and read the store once.
    sharing: the notebooks of a county share what was computed of it; else each opens it anew.
    """

    def run(folder: Path) -> int:
        if workers == 1:
            for county in COUNTIES:
                with _shared(county) if sharing else contextlib.nullcontext():
                    _plain_county(county)
        else:
            with get_context("fork").Pool(workers) as pool:
                pool.map(_plain_county, COUNTIES, chunksize=1)
        return len(COUNTIES) * len(notebook_names())

    return run


def _plain(name: str, county: str) -> None:
    path = workspace.notebooks() / f"{name}.ipynb"
    names: dict = {"display": _show}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        with contextlib.redirect_stdout(io.StringIO()):
            _cell("".join(cell["source"]), names)
        if "parameters" in cell["metadata"].get("tags", ()):
            names |= {"county": county, "year": YEAR}


def _cell(source: str, names: dict) -> None:
    import ast

    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    if last is not None:
        _show(eval(compile(ast.Expression(last.value), "cell", "eval"), names))


def _show(value: object) -> None:
    for way in ("_repr_mimebundle_", "_repr_html_", "_repr_svg_", "_repr_markdown_"):
        if hasattr(value, way):
            getattr(value, way)()
            return


@contextlib.contextmanager
def _as_a_worker(outputs: Path):
    """Let this process be a worker for a while, which sets much in its environment."""
    before = dict(os.environ)
    os.environ["DUDAO_OUTPUTS"] = str(outputs)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _run_county(county: str, names: list[str]) -> None:
    for name in names:
        outcome = run_job(Job(county, YEAR, name), Limits(), is_last=name == names[-1])
        if not outcome.is_done:
            raise RuntimeError(outcome.error)


def started_worker(folder: Path) -> int:
    """Run every notebook of the counties on a worker that has started: this process."""
    with _as_a_worker(folder):
        for county in COUNTIES:
            _run_county(county, notebook_names())
    return len(COUNTIES) * len(notebook_names())


def _warm() -> None:
    """Use everything once: the bound is that of a warm process, and the worker has its zygote.

    What an overview shows of other counties is brought up to date first, as `dudao run` does.
    """
    ranks_refresh.refresh(YEAR)
    plain_functions(1)(Path())
    with tempfile.TemporaryDirectory() as name, _as_a_worker(Path(name)):
        _run_county(COUNTIES[0], notebook_names()[1:2])


WAYS = {
    "papermill and nbconvert command lines": two_command_lines,
    "papermill's API in a loop": papermill_loop,
    "dudao run and publish, one worker": ours(1),
    "dudao run and publish, two workers": ours(2),
    "dudao run alone, one worker": ours(1, pages=False),
    "dudao run alone, two workers": ours(2, pages=False),
    "notebooks on one worker that has started": started_worker,
    "cells as plain functions, one process": plain_functions(1),
    "cells as plain functions that share a county, one process": plain_functions(1, sharing=True),
    "cells as plain functions, two processes": plain_functions(2),
}


def _seconds(way: Callable[[Path], int]) -> float:
    with tempfile.TemporaryDirectory() as name:
        started = time.perf_counter()
        notebooks = way(Path(name))
        return (time.perf_counter() - started) / notebooks


def main() -> None:
    """Alternate the ways, print seconds and ratios to the first.

    Arguments: repetitions, and words of which a way's name has one, if not all are wanted.
    """
    repetitions, words = int((sys.argv[1:] or [REPETITIONS])[0]), sys.argv[2:]
    ways = {name: way for name, way in WAYS.items() if not words or any(w in name for w in words)}
    _warm()
    rounds = [{name: _seconds(way) for name, way in ways.items()} for _ in range(repetitions)]
    first = next(iter(ways))
    for name in ways:
        ratios = sorted(found[first] / found[name] for found in rounds)
        seconds = median(found[name] for found in rounds)
        spread = f"from {ratios[0]:.1f} to {ratios[-1]:.1f}"
        print(f"{seconds:6.2f} s per notebook  {median(ratios):5.1f} × ({spread})  {name}")


if __name__ == "__main__":
    main()
