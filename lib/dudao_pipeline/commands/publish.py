"""dudao publish: executed notebooks as appendices, the site over them, evidence if asked for."""

import argparse
import sys
from pathlib import Path

from dudao.base import workspace
from dudao.base.errors import ParameterError
from dudao.base.short_lists import name_first, tell_first
from dudao.facts import county_names
from dudao_pipeline.commands.arguments import words_of
from dudao_pipeline.commands.targets import check_folder
from dudao_pipeline.exit_codes import DONE, FAILED
from dudao_pipeline.publish.appendices import LOADED, Selection, publish_all
from dudao_pipeline.publish.evidence import copy_evidence
from dudao_pipeline.publish.public.hidden import PublicEdition
from dudao_pipeline.publish.remarks import REFUSED, grouped
from dudao_pipeline.publish.report.wording import wording
from dudao_pipeline.publish.task import Task
from dudao_pipeline.runner.outdated import outdated_results
from dudao_pipeline.runner.plan import ALL, check_counties, years_of
from dudao_pipeline.runner.pool import shared_map

SHOWN = 40  # reminders printed one by one
ONE_COUNTY = "要看一个县的每一条，请运行 dudao publish --county 代码。"
NAMED = 3  # counties in one sentence
EVERY_LINE = 200  # up to so many counties each has a line of its own


def main(options: argparse.Namespace) -> int:
    """Publish what was run; what is refused is named with its reason and the next step."""
    for folder in (workspace.outputs(), options.public):
        if folder:
            check_folder(folder)
    if options.reviews:
        from dudao_pipeline.publish.reviews import keep_reviews

        print(f"读回复核意见{keep_reviews(options.reviews)}条。")
    public = _public(options)
    if options.copy_layout:
        return _copy_layout(options.copy_layout)
    _check_own(options)
    how = Task(
        draft=options.draft,
        pdf=options.pdf,
        public=public,
        wording=options.wording and options.wording.resolve(),
        layout=options.layout and options.layout.resolve(),
    )
    wanted = _wanted(options)
    with shared_map(options.workers, LOADED) as mapper:
        publication = publish_all(outdated_results(), how, wanted=wanted, mapper=mapper, done=_done)
    problems = copy_evidence(options.evidence) if options.evidence else []
    blocking = [remark for remark in publication.remarks if remark.blocking]
    reminders = [remark for remark in publication.remarks if not remark.blocking]
    lines = grouped(reminders, county_names.names())
    shown = tell_first(lines, SHOWN, f"另有{{}}条提醒。{ONE_COUNTY}")
    for line in (*blocking, *shown, *problems):
        print(line, file=sys.stderr)
    kept = "作为草稿发布，带水印" if options.draft else "所在附件未发布"
    for name in publication.altered[:SHOWN]:
        print(f"{name} 在发布后被改动或删除，已按运行结果重新生成。", file=sys.stderr)
    _tell_unbound(publication.unbound)
    refused = f"未发布{publication.refused}个县，" if publication.refused else ""
    print(
        f"发布{publication.renewed}个县，{refused}未变{publication.unchanged}个县，"
        f"提醒{len(lines)}条。"
    )
    if len(lines) < len(reminders):
        print(f"提醒由{len(reminders)}条按事项合并。{ONE_COUNTY}")
    held = [remark for remark in blocking if remark.kind != REFUSED]
    if held:
        print(f"必须改正{len(held)}处，{kept}。")
    print(f"请用浏览器打开：{publication.index}")
    is_held = blocking and not options.draft
    return FAILED if problems or publication.refused or is_held else DONE


def _wanted(options: argparse.Namespace):
    """Return which counties and years are asked for; what nobody knows is refused."""
    counties, years, areas = (
        [word for word in words_of(text) if word != ALL]
        for text in (options.county, options.year, options.area)
    )
    for area in areas:
        if not (area.isdigit() and len(area) in (2, 4, 6)):
            raise ParameterError(f"区划代码“{area}”应为2、4或6位数字，如23、2302、230221。")
    return Selection(
        frozenset(code for text in counties for code in check_counties(text)),
        frozenset(year for text in years for year in years_of(text)),
        tuple(areas),
    )


def _done(number: int, whole: int, task: Task, outcome: str) -> None:
    """Say what came of which county, one line each, on a terminal over one another."""
    is_last, on_terminal = number == whole, sys.stdout.isatty()
    end = "\n" if is_last or not on_terminal else "\r"
    if on_terminal or whole <= EVERY_LINE or is_last or number % EVERY_LINE == 0:
        print(f"[{number}/{whole}] {task.label} {outcome}", end=end, flush=True)


def _public(options: argparse.Namespace):
    """Return the public edition that is asked for; it is no draft and carries no evidence."""
    if not options.public:
        return None
    if options.draft:
        raise ParameterError(
            "--public 不能与 --draft 同用：公开版是给公众看的，只收通过检查的附件，不出草稿。"
            "内部先看草稿，请去掉 --public；先看公开版的样子，请去掉 --draft："
            "没有通过检查的附件不进公开版，原因逐条列出。"
        )
    if options.evidence:
        raise ParameterError("--public 不能与 --evidence 同用：佐证材料不公开。请分两次发布。")
    return PublicEdition(options.public, options.fewest_pupils)


def _tell_unbound(counties: tuple[str, ...]) -> None:
    """Say whose booklet went with its old pages, and how to have one again."""
    if counties:
        print(
            f"{name_first(counties, NAMED, '个县')}的附件合订本（PDF）不再是最新，已撤下。"
            "需要时请运行 dudao publish --pdf 重新合订。"
        )


def _check_own(options: argparse.Namespace) -> None:
    """Check an office's own words and layout: a fault in them is told before the rest."""
    if options.wording:
        wording(options.wording)
    if options.layout:
        from dudao_pipeline.publish.report.layout import check_layout  # slow to load

        check_layout(options.layout)


def _copy_layout(path: Path) -> int:
    """Hand the layout over for an office to edit in Word; never over a file of theirs."""
    from dudao_pipeline.publish.report.layout import LAYOUT

    if path.exists():
        raise ParameterError(f"{path} 已存在，没有覆盖。请换一个文件名。")
    path.write_bytes(LAYOUT.read_bytes())
    print(f"报告版式已另存：{path}。在Word中修改后，用 --layout 指定它来发布。")
    return DONE
