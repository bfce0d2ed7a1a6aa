"""dudao release: keep what is published as an edition; a correction is another one beside it."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from dudao.base.errors import ParameterError
from dudao_pipeline.commands.targets import published_folder
from dudao_pipeline.exit_codes import DONE
from dudao_pipeline.publish.documents import made_in
from dudao_pipeline.publish.release.editions import FOLDER, altered_editions, release
from dudao_pipeline.publish.site.site_pages import write_editions
from dudao_pipeline.publish.task import PUBLISHED, Task, altered, inputs, read_record
from dudao_pipeline.runner.outdated import outdated_of


def main(options: argparse.Namespace) -> int:
    """Release a county's publication; refused unless all of it is current and as it was made."""
    folder = published_folder(options.county, options.year)
    _check(folder, folder.name, options.year)
    edition, is_new = release(folder, options.date, options.reason)
    write_editions(folder)
    if not is_new:
        print(f"与第{edition.number}版（{edition.day}）完全相同，没有新增版本。")
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
        more = f"（共{len(faults)}处）" if len(faults) > 1 else ""
        raise ParameterError(f"不能定稿{more}：{faults[0]}")


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
