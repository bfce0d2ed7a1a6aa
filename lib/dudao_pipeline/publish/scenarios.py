"""Pages of a county's scenarios, apart from its appendices, and what each of them changes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dudao.indicators.measure import ATTESTED
from dudao.judging.results import UNDECIDED
from dudao.law.topics import is_topical
from dudao_pipeline import digests
from dudao_pipeline.county_years import SCENARIO_RESULTS
from dudao_pipeline.files import write
from dudao_pipeline.publish.checklist import notebook_errors, page_errors, personal_data
from dudao_pipeline.publish.pages.head import links_of, page_info
from dudao_pipeline.publish.pages.page import notebook_to_html
from dudao_pipeline.publish.remarks import Remark
from dudao_pipeline.publish.runs import Run, runs_in
from dudao_pipeline.publish.task import Task, scenario_folders

UP = "../../"  # from a scenario's folder to its county's
AGAIN = "请运行 dudao run --scenario {}，再发布。"
_SAME_BASIS = ("data_version", "law_version")


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
    page = f"{task.label}/{SCENARIO_RESULTS}/{name}"
    counts = Counter(why.rstrip("。") for why in faults.values() if why)
    return [
        Remark(page, f"{why}，{count}册未发布。{AGAIN.format(name)}", blocking=False)
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


def scenario_changes(real: Mapping[str, dict], supposed: Mapping[str, dict]) -> dict:
    """Return checks and points with another result, and how many checks only changed in value.

    A notebook that the real data lack, or have in another version of data or law, is not compared
    and is named. What the report alone attests has no value in a scenario, which leaves the
    report's figures out: that is no move of a check, nor of the point that lacks it.
    """
    own = [name for name in supposed if is_topical(name)]
    both = [name for name in own if _is_comparable(real.get(name), supposed[name])]
    pairs = [pair for name in both for pair in _pairs(name, real[name], supposed[name])]
    compared = [pair for pair in pairs if not _is_lost(*pair[1:])]
    lost = {point for _, *pair in pairs if _is_lost(*pair) for point in pair[0]["points"]}
    return {
        "checks": [_check(*pair) for pair in compared if pair[1]["result"] != pair[2]["result"]],
        "points": [move for name in both for move in _points(real[name], supposed[name], lost)],
        "only_values": sum(
            before["result"] == after["result"] and before["value"] != after["value"]
            for _, before, after in compared
        ),
        "not_compared": [name for name in own if name not in both],
    }


def _is_comparable(real: dict | None, supposed: dict) -> bool:
    return real is not None and all(real[name] == supposed[name] for name in _SAME_BASIS)


def _pairs(name: str, real: dict, supposed: dict) -> Iterator[tuple[str, dict, dict]]:
    """Yield every check of a notebook that both have, with the notebook's name."""
    before = {(check["check"], check["label"]): check for check in real["checks"]}
    for after in supposed["checks"]:
        was = before.get((after["check"], after["label"]))
        if was:
            yield name, was, after


def _is_lost(before: dict, after: dict) -> bool:
    """Say whether only the report stated the figure of a check."""
    return before["basis"] == ATTESTED and after["value"] is None


def _value(check: dict) -> str:
    return "" if check["value"] is None else check["value_text"]


def _check(notebook: str, before: dict, after: dict) -> dict:
    return {
        "notebook": notebook,
        "point": "、".join(after["points"]),
        "label": after["label"],
        "from": before["result"],
        "to": after["result"],
        "value_from": _value(before),
        "value_to": _value(after),
    }


def _points(real: dict, supposed: dict, lost: set[str]) -> Iterator[dict]:
    before = {point["id"]: point for point in real["points"]}
    for after in supposed["points"]:
        was = before.get(after["id"], after)
        is_lost = after["result"] == UNDECIDED and after["id"] in lost
        if was["result"] != after["result"] and not is_lost:
            named = {"point": after["id"], "label": f"要点：{after['title']}"}
            moved = {"from": was["result"], "to": after["result"]}
            yield {**named, **moved, "value_from": "", "value_to": ""}
