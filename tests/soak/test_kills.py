"""Kills at random moments: after the next call everything is as if nothing had happened."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from dudao.base import workspace
from dudao.facts import store
from dudao_pipeline.cli import main
from dudao_pipeline.intake import storing
from dudao_pipeline.intake.submission import read_submission
from dudao_pipeline.runner import keys, record, selection
from dudao_pipeline.runner.outcome import output_path
from tests.unit import county

COMMAND = "import sys; from dudao_pipeline.cli import main; sys.exit(main())"
COUNTY, YEAR, BOOKS = "990001", 2024, ("01_leadership", "02_funding")
RELEASE = [
    "release",
    "--county",
    COUNTY,
    "--year",
    str(YEAR),
    "--date",
    "2025-01-10",
    "--with-blanks",
]
RUN = ["run", "--county", "990103", "--notebook", "08", "--workers", "1"]
VARIES = {"run.json"}


def tree(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file, hidden ones included; locks are empty and stay."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".lock" and path.name not in VARIES
    }


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A store and results before each kind of call, by what is called."""
    base = tmp_path_factory.mktemp("杀")
    example = workspace.data() / "example" / "990103-2024"
    corrected = county.copy(base / "更正", example, "990103")
    county.set_item(corrected, "teachers_recruited", "全县", "数据年", "17")
    with pytest.MonkeyPatch.context() as patch:
        use(patch, base / "0")
        storing.write(read_submission(example))
        storing.write(read_submission(workspace.data() / f"reported/{COUNTY}-{YEAR}"))
        main(["ingest", str(example)])  # the places of all counties too
        planned = selection.expand([COUNTY], [str(YEAR)], list(BOOKS), force=True)
        for job in planned.jobs:
            output_path(job).parent.mkdir(parents=True, exist_ok=True)
            source = workspace.notebooks() / f"{job.notebook}.ipynb"
            shutil.copyfile(source, output_path(job))
        keys.record(planned.jobs, planned.parts)
        record.write_county(planned.jobs[0].folder)
        shutil.copytree(base / "0", base / "1")
        use(patch, base / "1")
        main(["publish"])
    calls = {
        "ingest": ("0", ["ingest", str(corrected)]),
        "publish": ("0", ["publish", "--workers", "1"]),
        "release": ("1", RELEASE),
        "run": ("0", RUN),
    }
    return base, calls


def use(patch: pytest.MonkeyPatch, home: Path) -> None:
    patch.setenv("DUDAO_STORE", str(home / "store"))
    patch.setenv("DUDAO_OUTPUTS", str(home / "outputs"))


def in_child(arguments: list[str], *, step: int = 0, seconds: float = 0.0) -> float:
    """Call in a forked process, killed after seconds or when it puts its nth file in place."""
    began, child = time.monotonic(), os.fork()
    if child == 0:
        os.setsid()
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        if step:
            _die_at(step)
        code = 1
        try:
            code = main(arguments)
        finally:
            os._exit(code)
    while os.waitpid(child, os.WNOHANG)[0] == 0:
        if seconds and time.monotonic() - began > seconds:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            break
        time.sleep(0.002)
    return time.monotonic() - began


def _die_at(step: int) -> None:
    replace, steps = Path.replace, iter(range(1, 100_000))

    def dying(self, target):
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return replace(self, target)

    Path.replace = dying


def in_process(arguments: list[str], seconds: float) -> float:
    """Call the program, and kill it alone after seconds, 0 for never; its workers end with it."""
    began = time.monotonic()
    run = subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        run.wait(seconds or None)
    except subprocess.TimeoutExpired:
        family = psutil.Process(run.pid).children(recursive=True)
        run.kill()
        run.wait()
        _, alive = psutil.wait_procs(family, timeout=30)
        assert not alive, alive
    return time.monotonic() - began


def test_every_kill_is_followed_by_the_same_bytes(world, kills, tmp_path, monkeypatch):
    base, calls = world
    whole, took = {}, {}
    for name, (start, arguments) in calls.items():
        home = tmp_path / name
        shutil.copytree(base / start, home)
        use(monkeypatch, home)
        took[name] = in_process(arguments, 0) if name == "run" else in_child(arguments)
        whole[name] = tree(home)
    names = ["ingest"] * 11 + ["publish"] * 5 + ["release"] * 8 + ["run"]
    for _ in kills.rounds():
        name = kills.chance.choice(names)
        start, arguments = calls[name]
        home = tmp_path / "home"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(base / start, home)
        use(monkeypatch, home)
        moment = kills.chance.uniform(0.02, took[name])
        if name == "run":
            in_process(arguments, moment)
            in_process(arguments, 0)
        else:
            step = kills.chance.choice((0, kills.chance.randint(1, 24)))
            in_child(arguments, step=step, seconds=0 if step else moment)
            assert store.read(COUNTY, YEAR)
            in_child(arguments)
        after = tree(home)
        lost = sorted(set(whole[name]) - set(after))
        rest = sorted(set(after) - set(whole[name]))
        assert not lost and not rest, (kills.seed, name, lost, rest)
        assert after == whole[name], (kills.seed, name)
        kills.count(f"kills of {name}")
    kills.count("equal reruns", sum(kills.counts.values()))
    for what in ("files lost", "half-written or temporary files left", "processes left"):
        kills.count(what, 0)


def killed_at(arguments: list[str], step: int) -> bool:
    """Call in a forked process that dies when it puts its nth file in place; say whether it did."""
    child = os.fork()
    if child == 0:
        os.setsid()
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        _die_at(step)
        try:
            main(arguments)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_publish_killed_at_every_file_it_writes_ends_in_the_same_bytes(
    world, kills, tmp_path, monkeypatch
):
    base, calls = world
    start, arguments = calls["publish"]
    home = tmp_path / "home"
    shutil.copytree(base / start, home)
    use(monkeypatch, home)
    in_child(arguments)
    whole = tree(home)
    for number in kills.rounds():
        shutil.rmtree(home)
        shutil.copytree(base / start, home)
        if not killed_at(arguments, number + 1):
            break
        in_child(arguments)
        assert tree(home) == whole, (number + 1, sorted(set(tree(home)) ^ set(whole)))
        kills.count("files at which publish was killed")
    else:
        assert kills.minutes, "there are more files than rounds"
