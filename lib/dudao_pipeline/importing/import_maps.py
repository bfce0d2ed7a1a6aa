"""Maps of tables: plans written for a person to correct, and followed when the table comes again.

A map is known again by the heads of its table, years aside, so that it serves the next year's too.
"""

import re
from dataclasses import replace
from pathlib import Path

import yaml

from dudao.base.errors import FactsError
from dudao.base.yaml_text import read_given
from dudao.facts.items import PROGRAMMES, STAGE_CODES, STAGES, item, items
from dudao.facts.sheet_layout import COUNTY, FUNDS, KINDERGARTENS, SCHOOLS
from dudao_pipeline.importing import header_words
from dudao_pipeline.importing.header_words import Meaning
from dudao_pipeline.importing.import_plans import (
    ID,
    Part,
    Plan,
    plan_matrix,
    propose,
    size_of,
)
from dudao_pipeline.importing.source_tables import Table
from dudao_pipeline.intake.headers import plain
from dudao_pipeline.intake.sheet_headers import number_columns

KINDS = (SCHOOLS, KINDERGARTENS, COUNTY, FUNDS)
NOT_READ = "不读"
YES, NO = "是", "否"
BY_HEAD = "按表头"
HELP = """# dudao import 写出的对应表。核对后可以直接改：
#   采用：是＝导入，否＝不导入。对应：报送表的列名、指标名称或指标代码；不读＝永远不读这一列。
#   学段、年份、单位：空着即按表头。年份可写四位年份，或 基准年、数据年、进展年。
# 改好后再运行同一条 dudao import 命令，就按本文件导入，不再询问；表头相同的以后各年的表也按它导入。
"""


def _without_years(head: str) -> str:
    return re.sub(r"(?:19|20)\d\d", "年", plain(head))


def signature(table: Table) -> str:
    """Return the heads of a table without years: what it is known again by."""
    return "|".join(_without_years(column.head) for column in table.columns)


def _entry(part: Part, *, is_column: bool) -> dict:
    meaning = part.meaning
    return {
        **({"列": part.key} if is_column else {}),
        "表头" if is_column else "行": part.head,
        "对应": "" if meaning.is_personal else meaning.about,
        **({"级次": meaning.tier} if meaning.tier else {}),
        "学段": STAGES.get(meaning.stage, ""),
        "年份": "",
        "单位": meaning.unit,
        "采用": YES if part.use else NO,
        "把握": meaning.score or (1.0 if part.use else 0),
        "理由": part.why,
        **({"前几行": part.first} if part.first else {}),
    }


def to_yaml(plans: list[Plan]) -> str:
    """Return the maps of a file's tables as text to be corrected."""
    tables = [
        {
            "工作表": plan.table.sheet,
            "种类": plan.kind,
            "表头行": list(plan.table.head),
            "识别": signature(plan.table),
            "学段": STAGES.get(plan.stage, ""),
            "年份": "",
            "单位": plan.unit,
            "列": [_entry(part, is_column=True) for part in plan.columns],
            **({"行": [_entry(p, is_column=False) for p in plan.rows]} if plan.rows else {}),
        }
        for plan in plans
    ]
    return HELP + yaml.safe_dump({"表": tables}, allow_unicode=True, sort_keys=False, width=110)


def read_maps(folder: Path) -> dict[str, tuple[str, dict]]:
    """Return file name and entry of every map of a folder, by signature; FactsError if broken."""
    maps: dict[str, tuple[str, dict]] = {}
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
        called, step = f"对应表 {path}", "请更正，或删去这个文件后重新运行，由程序另写一份。"
        raw = read_given(path.read_bytes(), called, FactsError, step)
        try:
            maps |= {entry["识别"]: (path.name, entry) for entry in raw["表"]}
        except (KeyError, TypeError) as error:
            raise FactsError(f"{called} 读不出来。{step}") from error
        listed = [entry.get(name, []) for entry in raw["表"] for name in ("列", "行")]
        if not all(isinstance(x, list) and all(isinstance(e, dict) for e in x) for x in listed):
            raise FactsError(f"{called} 的“列”或“行”写得不完整。{step}")
    return maps


def apply_map(
    table: Table, name: str, entry: dict, year_of: dict[str, int], *, county: str = ""
) -> Plan:
    """Return the plan that a map says, for a table with the same heads."""
    kind = entry.get("种类")
    if kind not in (*KINDS, NOT_READ):
        raise FactsError(f"对应表 {name}：种类“{kind}”应为{'、'.join((*KINDS, NOT_READ))}之一。")
    fresh = propose(table, county)
    if kind == NOT_READ:
        return replace(fresh, kind=kind, from_map=name)
    plan = replace(
        fresh,
        kind=kind,
        columns=[],
        labels=fresh.labels if kind in (COUNTY, FUNDS) else [],  # names of schools are a column
        rows=[],
        year=_year(entry.get("年份"), name, year_of) or fresh.year,
        stage=_stage(entry.get("学段"), name),
        unit=entry.get("单位") or fresh.unit,
        from_map=name,
    )
    by_head = {e.get("表头"): e for e in entry.get("列", [])}
    by_place = {(e.get("列"), e.get("表头")): e for e in entry.get("列", [])}  # of heads alike
    for part in fresh.columns:
        given = by_place.get((part.key, part.head))
        given = given or by_head.get(part.head) or _alike(by_head, part.head)
        plan.columns.append(_mapped_part(part, given, (name, kind), year_of) if given else part)
        if part.at in plan.labels:
            plan.columns[-1].meaning = Meaning()
    if kind in (COUNTY, FUNDS):
        rows = {e.get("行"): e for e in entry.get("行", ())}
        fresh_rows = fresh.rows if fresh.kind == kind else _rows_anew(plan)
        for part in fresh_rows:
            given = rows.get(part.head) or _alike(rows, part.head)
            plan.rows.append(_mapped_part(part, given, (name, kind), year_of) if given else part)
    return plan


def _rows_anew(plan: Plan) -> list[Part]:
    copy = replace(plan, rows=[], year=0, stage="", item="")
    plan_matrix(copy)
    plan.labels = copy.labels
    return copy.rows


def _alike(by_head: dict, head: str) -> dict | None:
    """Return what is said of a head that differs in its years alone."""
    key = _without_years(head)
    hits = [e for h, e in by_head.items() if _without_years(str(h)) == key]
    return hits[0] if len(hits) == 1 else None


def _mapped_part(part: Part, entry: dict, named: tuple[str, str], year_of: dict[str, int]) -> Part:
    """Return a column or row as a map says; named: the map's file, and the sheet that is filled."""
    name, kind = named
    target, meaning = str(entry.get("对应") or "").strip(), part.meaning
    use = entry.get("采用") in (YES, True)
    if meaning.is_personal:
        return part
    if target == NOT_READ:
        return replace(part, use=False, why=f"对应表 {name} 写明不读")
    if target:
        meaning = _named(meaning, target, name, kind)
    if tier := entry.get("级次"):
        meaning = replace(meaning, tier=str(tier))
    if stage := _stage(entry.get("学段"), name):
        meaning = replace(meaning, stage=stage)
    if year := _year(entry.get("年份"), name, year_of):
        meaning = replace(meaning, year=year)
    if unit := entry.get("单位"):
        meaning = replace(meaning, unit=str(unit))
        wanted = item(meaning.item).unit if meaning.item else str(unit)
        if use and size_of(str(unit), wanted) is None:
            step = f"请写{wanted}，或能换算的单位。"
            raise FactsError(
                f"对应表 {name}：“{part.head}”的单位“{unit}”不能换算为{wanted}。{step}"
            )
    is_same = (target, use) == (meaning.about, part.use)
    why = part.why if is_same else f"按对应表 {name}"
    return replace(part, meaning=meaning, use=use, why=why)


def _named(meaning: Meaning, target: str, name: str, kind: str) -> Meaning:
    """Return a meaning with the item, column or programme that a person wrote for it.

    Words that a head may say are understood: 在校生 for 在校生（在园幼儿）.
    """
    done = {"rest": "", "part": "", "is_rate": False, "score": 1.0}
    titles = {title: code for code, (title, _) in PROGRAMMES.items()}
    if target in PROGRAMMES or target in titles:
        return replace(meaning, programme=titles.get(target, target), **done)
    columns = {column for sheet in ID for column in header_words.attributes(sheet).values()}
    own = kind if kind in ID else COUNTY
    is_known = target in items() or target in columns
    word = target if is_known else header_words.column_said(target, own)
    if word in columns:
        return replace(meaning, attribute=word, item="", **done)
    if word in (number_columns(own).values() if kind in ID else items()):
        return replace(meaning, item=word, attribute="", **done)
    raise FactsError(
        f"对应表 {name}：“对应: {target}”不是报送表的列名、指标名称或指标代码。"
        "请照报送表的表头写，或写“不读”。"
    )


def _stage(text: object, name: str) -> str:
    if not text:
        return ""
    if text not in STAGE_CODES:
        raise FactsError(f"对应表 {name}：学段“{text}”应为{'、'.join(STAGE_CODES)}之一。")
    return STAGE_CODES[text]


def _year(text: object, name: str, year_of: dict[str, int]) -> int:
    if not text or text == BY_HEAD:
        return 0
    if text in year_of:
        return year_of[text]
    if re.fullmatch(r"(?:19|20)\d\d", str(text)):
        return int(str(text))
    raise FactsError(f"对应表 {name}：年份“{text}”应为四位年份，或{'、'.join(year_of)}。")
