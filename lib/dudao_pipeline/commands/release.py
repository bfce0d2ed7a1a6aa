"""dudao release: keep what is published as an edition; a correction is another one beside it."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
from openpyxl import load_workbook

from dudao.base.errors import ParameterError
from dudao.base.short_lists import tell_first
from dudao.law.rules_check import VETO
from dudao_pipeline.commands.targets import published_folder
from dudao_pipeline.exit_codes import DONE
from dudao_pipeline.publish.documents import SUPPLY_LIST, made_in
from dudao_pipeline.publish.release.editions import FOLDER, altered_editions, release
from dudao_pipeline.publish.report.supply import DAY, OPEN_FIELDS, OPEN_HEADS
from dudao_pipeline.publish.result_tables import NAME
from dudao_pipeline.publish.site.site_pages import write_editions
from dudao_pipeline.publish.task import PUBLISHED, Task, altered, inputs, read_record
from dudao_pipeline.runner.outdated import outdated_of

SHOWN = 40  # faults and blanks told one by one


def main(options: argparse.Namespace) -> int:
    """Release a county's publication; refused unless all of it is current and as it was made."""
    folder = published_folder(options.county, options.year)
    _check(folder, folder.name, options.year)
    _check_whole(folder, with_blanks=options.with_blanks)
    edition, is_new = release(folder, options.date, options.reason)
    write_editions(folder)
    if not is_new:
        print(f"与第{edition.number}版（{edition.day}）完全相同，没有新增版本。")
    elif edition.number == 1:
        print(f"已存为第1版（{edition.day}），首版。")
    else:
        print(f"已存为第{edition.number}版（{edition.day}），变化{len(edition.changes)}项。")
    print(f"请用浏览器打开：{folder / FOLDER / 'index.html'}")
    return DONE


def _check(folder: Path, county: str, year: int) -> None:
    """Refuse what is not current, was changed by hand, or was published only as a draft."""
    if not folder.is_dir() or not (made_in(folder) or (folder / PUBLISHED).is_file()):
        raise ParameterError(f"{year}/{county} 还没有发布。请先运行 dudao publish。")
    faults = [*_of_editions(folder), *_of_results(county, year), *_of_publication(folder)]
    if faults:
        raise ParameterError(_listed(f"不能定稿（共{len(faults)}处）：", faults))


def _listed(heading: str, lines: Sequence[str]) -> str:
    return "\n  ".join((heading, *tell_first(lines, SHOWN, "另有{}处。")))


def _check_whole(folder: Path, *, with_blanks: bool) -> None:
    """Tell what the publication leaves open; refuse it unless it is to be released like that."""
    blanks = [*_unfilled_vetoes(folder), *_blanks_of_report(folder)]
    if blanks and not with_blanks:
        step = "补齐后再定稿；确要这样定稿，请加 --with-blanks。"
        raise ParameterError(_listed(f"还有{len(blanks)}处空白，没有定稿。{step}", blanks))
    open_points = _open_points(folder)
    left_open = [f"{len(open_points)}个评价要点待定"] if open_points else []
    left_open += [f"{len(blanks)}处空白（一票否决项未填或报告待填）"] if blanks else []
    left_open += ["报告的成文日期在签发时填写"] if (folder / SUPPLY_LIST).is_file() else []
    if left_open:
        print(f"定稿时：{'，'.join(left_open)}。")


def _results(folder: Path) -> pd.DataFrame:
    columns = ["point", "point_result", "check", "label", "role", "result"]
    return pd.read_parquet(folder / f"{NAME}.parquet", columns=columns)


def _open_points(folder: Path) -> list[str]:
    """Return the points that are undecided."""
    rows = _results(folder)
    return sorted(set(rows.loc[rows["point_result"] == "undecided", "point"]))


def _unfilled_vetoes(folder: Path) -> list[str]:
    """Say which veto items nobody reported; each may decide the whole by itself."""
    rows = _results(folder)
    is_open = (rows["role"] == VETO) & (rows["result"] == "undecided")
    return [
        f"一票否决项没有填报：{label}（没有发生请填0）"
        for label in dict.fromkeys(rows.loc[is_open, "label"])
    ]


def _blanks_of_report(folder: Path) -> list[str]:
    """Say what the report leaves to be written by hand, as the list of what to supply has it.

    The day of the report is left out: it is written when the report is signed.
    """
    path = folder / SUPPLY_LIST
    if not path.is_file():
        return []
    book = load_workbook(path, read_only=True)
    try:
        rows = [row[1:3] for row in book[OPEN_FIELDS].iter_rows(values_only=True)]
    finally:
        book.close()
    first = rows.index(OPEN_HEADS) + 1
    return [f"报告待填：{where}，{what}" for where, what in rows[first:] if where != DAY]


def _of_editions(folder: Path) -> Iterator[str]:
    """Yield what was changed in earlier editions."""
    for name in altered_editions(folder):
        yield f"定稿文件被改动：{name}。请从备份恢复，或查明原因后再定稿。"


def _of_results(county: str, year: int) -> Iterator[str]:
    """Yield results that are not what the inputs give now, and why; each is read anew."""
    for name, why in outdated_of(county, year).items():
        yield f"{name} 不是最新的：{why}。请重新运行 dudao run 和 dudao publish，再定稿。"


def _of_publication(folder: Path) -> Iterator[str]:
    """Yield why what is published is not fit: changed by hand, out of date, or with faults."""
    task = Task(folder)
    for name in altered(task, fully=True):
        yield f"{name} 在发布后被改动或删除。请重新运行 dudao publish，核对后再定稿。"
    record = read_record(task)
    if record is None:
        return
    now = inputs(task)
    if any(record["inputs"].get(part) != now[part] for part in ("program", "notebooks", "facts")):
        yield "数据或结果变化后还没有重新发布。请运行 dudao publish，再定稿。"
    for remark in record["remarks"]:
        if remark["blocking"]:
            yield f"还有必须改正的问题。{remark['page']}：{remark['text']}"
