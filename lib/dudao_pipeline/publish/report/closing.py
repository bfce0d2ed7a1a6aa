"""The end of the report: problems, measures, the list of appendices."""

from __future__ import annotations

from collections.abc import Iterator

from dudao.law.topics import notebook_title
from dudao_pipeline.publish.report.draft import BODY, FIRST, Block, Draft
from dudao_pipeline.publish.report.sentences import gap_text


def _by_point(draft: Draft) -> list[tuple[dict, list[dict]]]:
    """Return the points that have problems, worst first, each with its own; none twice."""
    found: dict[str, list[dict]] = {}
    for problem in draft.overview.get("problems", ()):
        found.setdefault(problem["points"][0], []).append(problem)
    return [(draft.points[point], own) for point, own in found.items()]


def problems(draft: Draft) -> Iterator[Block]:
    """Yield 存在问题: by point, with the cause to be filled in; nothing without an overview."""
    if not draft.overview:
        return
    words, found = draft.words, _by_point(draft)
    yield Block(FIRST, words["problems_heading"])
    for number, (point, own) in enumerate(found, 1):
        listed = "；".join(
            words["problem_item"].format(what=one["what"], gap=gap_text(one["gap"], words))
            for one in own
        )
        said = words["problem"].format(title=point["title"], point=point["id"], listed=listed)
        yield Block(BODY, f"{number}. {said}{words['cause']}")
    if not found:
        yield Block(BODY, words["no_problem"])


def measures(draft: Draft) -> Iterator[Block]:
    """Yield 下一步措施: by point, to be filled in; nothing without an overview."""
    if not draft.overview:
        return
    words, found = draft.words, _by_point(draft)
    yield Block(FIRST, words["measures_heading"])
    for number, (point, _) in enumerate(found, 1):
        said = words["measure"].format(title=point["title"], point=point["id"])
        yield Block(BODY, f"{number}. {said}")
    if not found:
        yield Block(BODY, words["no_measure"])


def attachments(draft: Draft) -> list[tuple[str, ...]]:
    """Return the list of appendices as rows, its heads first; empty if there are none."""
    if not draft.digests:
        return []
    rows = [
        (str(number), notebook_title(file.rpartition(".")[0]), file, digest)
        for number, (file, digest) in enumerate(sorted(draft.digests.items()), 1)
    ]
    return [tuple(draft.words["attachment_columns"].values()), *rows]
