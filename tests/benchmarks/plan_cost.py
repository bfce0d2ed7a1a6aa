"""Cost of planning when nothing is to be done: keys of many counties' jobs, all current."""

from __future__ import annotations

import json
import os
import tempfile
import time
from functools import partial
from pathlib import Path

from dudao.base import workspace
from dudao.facts import store
from dudao_pipeline.intake import storing
from dudao_pipeline.intake.submission import read_submission
from dudao_pipeline.runner import keys, ranks_refresh
from dudao_pipeline.runner.outcome import output_path
from dudao_pipeline.runner.pool import map_over
from dudao_pipeline.runner.selection import Plan, expand

MODELS = ("990100", "990102", "990104")
SIZES = (100, 1000)


def make_store(counties: int) -> None:
    """Put so many counties into the store: three fictional ones, then the same under new codes."""
    for code in MODELS:
        storing.write(read_submission(workspace.data() / "example" / f"{code}-2024"))
    for number in range(counties - len(MODELS)):
        manifest = store.meta(MODELS[number % len(MODELS)], 2024)
        code = str(980000 + number)
        meta = {**manifest["meta"], "county": code}
        text = json.dumps({**manifest, "meta": meta}, ensure_ascii=False)
        store.manifest_path(code, 2024).write_text(text, encoding="utf-8")


def _seconds() -> tuple[float, Plan]:
    started = time.perf_counter()
    plan = expand(["all"], ["all"], ["all"])
    return time.perf_counter() - started, plan


def main() -> None:
    """Print seconds and jobs for each size, first all to be run, then none."""
    for counties in SIZES:
        with tempfile.TemporaryDirectory() as name:
            os.environ["DUDAO_STORE"] = str(Path(name) / "store")
            os.environ["DUDAO_OUTPUTS"] = str(Path(name) / "outputs")
            make_store(counties)
            ranks_refresh.refresh(2024, partial(map_over, workers=os.cpu_count() or 1))
            first, plan = _seconds()
            for job in plan.jobs:
                output_path(job).parent.mkdir(parents=True, exist_ok=True)
                output_path(job).write_bytes(b"{}")
            keys.record(plan.jobs, plan.parts)
            second, again = _seconds()
            told = f"{len(again.unchanged)} current, {len(again.jobs)} to run in {second:.2f} s"
            print(f"{counties} counties: {len(plan.jobs)} jobs planned in {first:.2f} s; {told}")


if __name__ == "__main__":
    main()
