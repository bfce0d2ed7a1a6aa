"""Pages of a county's scenarios, apart from its appendices, and what each of them changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dudao.base import digests
from dudao.base.files import write
from dudao.base.workspace import SCENARIO_RESULTS
from dudao_pipeline.publish.checklist import notebook_errors, page_errors, personal_data
from dudao_pipeline.publish.pages.head import links_of, page_info
from dudao_pipeline.publish.pages.page import notebook_to_html
from dudao_pipeline.publish.remarks import Remark
from dudao_pipeline.publish.runs import Run, runs_in
from dudao_pipeline.publish.scenario_changes import scenario_changes
from dudao_pipeline.publish.task import Task, scenario_folders

UP = "../../"  # from a scenario's folder to its county's
AGAIN = "请运行 dudao run --scenario {}，再发布。"


@dataclass(frozen=True)
class ScenarioPages:
    """What is published of a county's scenarios: in short for its page, files, remarks."""

    summaries: tuple[dict, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()


def publish_scenarios(task: Task, real: Mapping[str, dict]) -> ScenarioPages:
    """Write the pages of every scenario; what is not fit for readers is left out and named.

    real: results of the real data, by notebook. Nothing here keeps an appendix back.
    """
    summaries, files, remarks = [], {}, []
    for folder in scenario_folders(task):
        runs = runs_in(folder)
        faults = {run.name: _fault(task, folder.name, run) for run in runs}
        shown = [run for run in runs if not faults[run.name]]
        faults |= _write_pages(folder, shown)
        faults |= {path.stem: "运行失败" for path in folder.glob("*.failed.ipynb")}
        remarks += _remarks(task, folder.name, faults)
        files |= {
            path.relative_to(task.folder).as_posix(): digests.sha256(path)
            for path in sorted(folder.glob("*.html"))
        }
        if shown:
            summaries.append(_summary(folder, {run.name: run.results for run in shown}, real))
    return ScenarioPages(tuple(summaries), files, tuple(remarks))


def _fault(task: Task, name: str, run: Run) -> str:
    """Return why a run cannot be shown, or nothing."""
    place = f"{SCENARIO_RESULTS}/{name}/{run.name}"
    if place in task.stale:
        return f"结果不是最新的：{task.stale[place]}"
    faults = notebook_errors(run.notebook)
    if faults:
        return faults[0]
    return "" if run.results and "scenario" in run.results else "没有情景的结果"


def _remarks(task: Task, name: str, faults: Mapping[str, str]) -> list[Remark]:
    """Return one reminder for each reason, however many notebooks have it."""
    place = f"{task.place}/{SCENARIO_RESULTS}/{name}"
    counts = Counter(why.rstrip("。") for why in faults.values() if why)
    return [
        Remark(place, f"{why}，{count}册未发布。{AGAIN.format(name)}", blocking=False)
        for why, count in sorted(counts.items())
    ]


def _write_pages(folder: Path, shown: list[Run]) -> dict[str, str]:
    """Write the pages of one scenario; return what keeps a page back, by notebook."""
    for old in folder.glob("*.html"):
        old.unlink()
    names, faults = [run.name for run in shown], {}
    for at, run in enumerate(shown):
        # Forms are for filling in and handing in: a scenario has none.
        results = {key: value for key, value in run.results.items() if key != "forms"}
        html = notebook_to_html(run.notebook, page_info(results, links_of(names, at, UP), ()))
        if unfit := [*page_errors(html), *personal_data(html)]:
            faults[run.name] = f"页面含外部内容或个人信息：{unfit[0]}"
        else:
            write(folder / f"{run.name}.html", html)
    return faults


def _summary(folder: Path, records: Mapping[str, dict], real: Mapping[str, dict]) -> dict:
    """Return what the county's page says of a scenario."""
    first = next(iter(records.values()))["scenario"]
    pages = [name for name in records if (folder / f"{name}.html").is_file()]
    path = f"{SCENARIO_RESULTS}/{folder.name}"
    return {**first, "path": path, "pages": pages, **scenario_changes(real, records)}
