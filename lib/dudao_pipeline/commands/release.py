"""dudao release: keep what is published as an edition; a correction is another one beside it."""

from __future__ import annotations

import argparse
import json

from dudao.base.errors import ParameterError
from dudao_pipeline.exit_codes import DONE


def main(options: argparse.Namespace) -> int:
    """Release a county's publication; refused while the checklist has something to mend."""
    from dudao.base import workspace
    from dudao_pipeline.publish.editions import release
    from dudao_pipeline.publish.site.editions import write_editions

    folder = workspace.outputs() / str(options.year) / options.county
    _check(folder)
    edition, is_new = release(folder, options.date, options.reason)
    write_editions(folder)
    if not is_new:
        print(f"与第{edition.number}版（{edition.day}）完全相同，没有新增版本。")
    else:
        print(f"已存为第{edition.number}版（{edition.day}），变化{len(edition.changes)}项。")
    print(f"请用浏览器打开：{folder / 'editions' / 'index.html'}")
    return DONE


def _check(folder) -> None:
    """Refuse what was published only as a draft."""
    path = folder / "published.json"
    if not path.is_file():
        return
    remarks = json.loads(path.read_text(encoding="utf-8"))["remarks"]
    blocking = [remark for remark in remarks if remark["blocking"]]
    if blocking:
        first = f"{blocking[0]['place']}：{blocking[0]['text']}"
        raise ParameterError(f"还有{len(blocking)}处必须改正，不能定稿。第一处：{first}")
