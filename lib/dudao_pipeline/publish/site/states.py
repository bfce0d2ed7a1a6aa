"""How far each county is, from not reported to released."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from dudao.base import reference, workspace
from dudao.base.errors import ParameterError
from dudao.facts import store
from dudao_pipeline.publish.release.editions import homes

ABSENT, REMOVED, UNREAD, FAULTY = "absent", "removed", "unread", "faulty"
KEPT, DRAFT, PUBLISHED, RELEASED = "kept", "draft", "published", "released"
WORDS = {
    ABSENT: "未报送",
    REMOVED: "已移出",
    UNREAD: "已报送，未能读入",
    FAULTY: "有错误，未生成",
    KEPT: "部分附件未发布",
    DRAFT: "草稿",
    PUBLISHED: "已发布",
    RELEASED: "已定稿",
}
HEADS = ("区划代码", "名称")
_CODE = re.compile(r"\d{6}")


@dataclass(frozen=True)
class State:
    """One county on the list: code, name, state, a remark, whether it has a page."""

    code: str
    name: str
    state: str
    remark: str = ""
    has_page: bool = False


def expected_counties() -> dict[str, str]:
    """Return the counties that are to report, name by code; empty where no list is kept.

    The list is `expected_counties.csv` among the data: columns 区划代码 and 名称, in UTF-8.
    ParameterError names the line that is no county.
    """
    path = workspace.expected_counties()
    if not path.is_file():
        return {}
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    if not set(HEADS) <= set(rows.fieldnames or ()):
        raise ParameterError(f"{path.name} 的表头应含“{'”“'.join(HEADS)}”。请改正表头后重新发布。")
    expected, counties = {}, reference.counties()
    for number, row in enumerate(rows, 2):
        code = (row[HEADS[0]] or "").strip()
        if not _CODE.fullmatch(code):
            raise ParameterError(
                f"{path.name} 第{number}行的区划代码“{code}”不是六位数字。请改正后重新发布。"
            )
        listed = counties.get(code)
        expected[code] = (row[HEADS[1]] or "").strip() or (listed.name if listed else code)
    return expected


def _state(county: dict | None, folder: Path, is_faulty: bool, unread: str = "") -> tuple[str, str]:
    if county is not None and unread:
        state, remark = _state(county, folder, is_faulty)
        return state, f"{remark}；" * bool(remark) + f"更正未能读入：{unread}"
    editions = len(homes(folder))
    if county is None and is_faulty:
        return FAULTY, "运行失败或入库有错误，原因见“没有生成的附件”"
    if county is None:
        if unread:
            return UNREAD, unread
        gone = store.removal(folder.name, int(folder.parent.name))
        return (REMOVED, f"{gone['removed'][:10]}：{gone['reason']}") if gone else (ABSENT, "")
    if kept := county.get("kept_back"):
        return KEPT, f"{len(kept)}册未发布，{county['blocked']}处必须改正"
    if county.get("blocked"):
        return DRAFT, f"{county['blocked']}处必须改正"
    if editions:
        return RELEASED, f"第{editions}版"
    return PUBLISHED, ""


def states(
    expected: Mapping[str, str],
    counties: Iterable[dict],
    faulty: Iterable[str],
    year_folder: Path,
    *,
    unread: Mapping[str, str] = MappingProxyType({}),
) -> list[State]:
    """Return the state of every county that is expected or has reported, by code.

    faulty: codes of counties whose run failed or was refused for a fault of theirs.
    unread: by code, why what a county handed in last was refused.
    """
    reported = {county["county"]: county for county in counties}
    failed = set(faulty)
    names = {**expected, **{code: county["name"] for code, county in reported.items()}}
    return [
        State(
            code,
            names[code],
            *_state(reported.get(code), year_folder / code, code in failed, unread.get(code, "")),
            has_page=code in reported,
        )
        for code in sorted(names)
    ]
