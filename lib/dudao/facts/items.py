"""The items dictionary: every quantity that can be reported or derived, with unit and stages."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dudao.base.errors import FactsError, nearest

FOLDER = Path(__file__).with_name("dictionary")
# Units of what is counted: nobody counts half a pupil.
WHOLE_UNITS = frozenset(["人", "所", "个", "间", "份", "家", "次", "处", "起", "项", "辆", "位"])

STAGES = {
    "all": "全县",
    "preschool": "幼儿园",
    "primary": "小学",
    "junior": "初中",
    "compulsory": "义务教育",
    "senior": "普通高中",
    "vocational": "中等职业学校",
    "special": "特殊教育",
}
STAGE_CODES = {label: code for code, label in STAGES.items()}
COMPULSORY_STAGES = ("primary", "junior")  # what schools of compulsory education are about

PROGRAMMES = {
    "operating_fund": ("义务教育公用经费补助资金", "compulsory"),
    "school_building_fund": ("农村中小学校舍安全长效机制补助资金", "compulsory"),
    "living_allowance_fund": ("家庭经济困难学生生活补助资金", "compulsory"),
    "senior_aid_fund": ("普通高中学生资助补助经费", "senior"),
    "vocational_aid_fund": ("中等职业教育学生资助补助经费", "vocational"),
}
# By which words print names a resource whose coefficient it gives.
RESOURCE_WORDS = {
    "teachers_above_standard_degree": ("学历",),
    "backbone_teachers": ("骨干",),
    "pe_art_teachers": ("体育艺术", "体育、艺术", "体艺", "音体美", "艺术（体育", "艺体"),
    "teaching_area": ("用房", "校舍"),
    "sports_area": ("场馆", "运动场"),
    "equipment_value": ("仪器", "设备"),
    "multimedia_classrooms": ("多媒体",),
}
SUBORDINATE = "其中："  # begins the label of a part, which stands below its whole
_SPOKEN = {"enrolment": {"preschool": "在园幼儿", "": "在校生"}}
_SPEAKS_FOR = {"preschool": ("在园幼儿",)}  # names that say their stage themselves
TIERS = {"central": "中央", "provincial": "省级", "county": "县级"}


@dataclass(frozen=True)
class Item:
    """One quantity: base and later items are reported, derived ones follow from a formula."""

    item: str
    label: str
    unit: str
    stages: tuple[str, ...]
    sheets: tuple[str, ...]
    kind: str
    formula: str
    inputs: str
    topics: tuple[str, ...]
    definition: str

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the items that it is worked out for one by one, as a coefficient for each."""
        return tuple(self.inputs.split()) if self.formula == "school" else ()

    @property
    def is_later(self) -> bool:
        """Say whether it was added when workbooks without its column were handed out already."""
        return self.kind == "later"

    @property
    def is_derived(self) -> bool:
        """Say whether the quantity follows from others by a formula."""
        return self.kind == "derived"


def _item(row: dict[str, Any]) -> Item:
    lists = {"sheets": "sheet", "stages": "stages", "topics": "topics"}
    row |= {name: tuple(row.pop(column).split()) for name, column in lists.items()}
    return Item(**row)


@cache
def items() -> dict[str, Item]:
    """Return the dictionary, by item code, in the order of the files (one per notebook)."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.csv")))
    return {row["item"]: _item(row) for text in texts for row in csv.DictReader(text.splitlines())}


def items_about(topics: Iterable[str]) -> tuple[str, ...]:
    """Return the codes of the items that some topics use, in the order of the dictionary."""
    wanted = set(topics)
    return tuple(code for code, entry in items().items() if wanted & set(entry.topics))


def item(code: str) -> Item:
    """Return one item; FactsError names the nearest known code."""
    listed = items()
    if code not in listed:
        raise FactsError(f"指标代码“{code}”不在指标字典中{nearest(code, listed)}。")
    return listed[code]


def part_named(code: str, name: str) -> str:
    """Return which part of an item a printed name is about; empty where none or several are."""
    named = [
        part for part in item(code).parts if any(word in name for word in RESOURCE_WORDS[part])
    ]
    return named[0] if len(named) == 1 else ""


@cache
def _by_name() -> dict[tuple[str, str, str], list[str]]:
    by_name: dict[tuple[str, str, str], list[str]] = {}
    for code, entry in items().items():
        for name in {entry.label, entry.label.removesuffix("率")}:
            for stage in entry.stages:
                by_name.setdefault((name, stage, entry.unit), []).append(code)
    return by_name


def item_named(name: str, stage: str, unit: str) -> str:
    """Return the code of the one item that a report names in the dictionary's words, or nothing.

    A growth rate is printed as 增长 as often as 增长率. Two items of one name are neither.
    """
    codes = _by_name().get((name.strip(), stage, unit.strip()), [])
    return codes[0] if len(codes) == 1 else ""


def spoken(code: str, stage: str) -> str:
    """Return the label as it is said of one stage: 在园幼儿 of kindergartens, else 在校生."""
    names = _SPOKEN.get(code, {})
    return names.get(stage) or names.get("") or item(code).label


def describe(code: str, stage: str, detail: str = "") -> str:
    """Return the item's name where it stands alone, with its stage where there is more than one.

    A part is named without 其中, and no word is said twice (中等职业学校, not 中等职业学校学校).
    detail: the part that a measure is about.
    """
    label, entry = spoken(code, stage).removeprefix(SUBORDINATE), item(code)
    if len(entry.stages) > 1 and label not in _SPEAKS_FOR.get(stage, ()):
        label = _joined(STAGES[stage], label)
    return f"{label}·{detail}" if detail else label


def _joined(stage: str, label: str) -> str:
    """Return stage and label as one name: what ends the one and begins the other is said once."""
    if stage.endswith("学") and label.startswith("学校"):
        return f"{stage}{label.removeprefix('学校')}"
    sizes = range(min(len(stage), len(label)), 1, -1)
    overlap = next((size for size in sizes if stage.endswith(label[:size])), 0)
    return f"{stage}{label[overlap:]}"
