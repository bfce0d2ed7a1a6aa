"""What each column and row of a table stands for: proposed with a reason.

A plan says of every column what becomes of it. Only what is sure is used; the rest is left, with
the reason, and a person decides in the map (`import_maps`).
"""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from dudao.base.short_lists import name_first
from dudao.facts import cells, units
from dudao.facts.items import PROGRAMMES, STAGES, TIERS, item, items
from dudao.facts.sheet_layout import COUNTY, FUNDS, KINDERGARTENS, SCHOOLS
from dudao_pipeline.importing import header_words, regions
from dudao_pipeline.importing.header_words import SURE, Meaning
from dudao_pipeline.importing.source_tables import Column, Table
from dudao_pipeline.intake import cell_reading
from dudao_pipeline.intake.headers import plain
from dudao_pipeline.intake.personal_data import traces
from dudao_pipeline.intake.row_words import is_figure
from dudao_pipeline.intake.sheet_headers import (
    added_columns,
    choice_columns,
    number_columns,
)
from dudao_pipeline.intake.sum_rows import figures_of, sums_of_others

MOST_COUNTED = 1e6  # of persons in a cell of a county
SHOWN = 3  # first values that a person sees beside a proposal
ID, NAME = (
    {SCHOOLS: "学校代码", KINDERGARTENS: "园所代码"},
    {SCHOOLS: "学校名称", KINDERGARTENS: "园所名称"},
)
COUNTED = frozenset(
    {"人", "个", "所", "间", "册", "台", "位", "份", "家"}
)  # a unit goes without saying
_SCHOOL = re.compile(
    r"学校|小学|中学|幼儿园|教学点|[一二三四五六七八九十附][中小幼]$|实小$|高中|职高|完小|园$|校$"
)


@dataclass
class Part:
    """One column, or one label of rows: what it stands for, whether it is used, and why."""

    key: str
    head: str
    meaning: Meaning
    use: bool
    why: str
    at: int = 0
    first: list[str] = field(default_factory=list)

    @property
    def called(self) -> str:
        """Return what a message calls the column: C列, or the row in which its heads stand."""
        return f"{self.key}列" if self.key.isascii() else self.key

    @property
    def target(self) -> str:
        """Return what it becomes in the workbook, in words."""
        meaning = self.meaning
        if meaning.attribute:
            return meaning.attribute
        named = item(meaning.item).label if meaning.item else ""
        programme = PROGRAMMES[meaning.programme][0] if meaning.programme else ""
        tier = {**TIERS, "city": "市级"}.get(meaning.tier, "")
        stage = STAGES.get(meaning.stage, "")
        year = f"{meaning.year}年" if meaning.year else ""
        return "·".join(filter(None, (stage, named, programme, tier, year)))


@dataclass
class Plan:
    """What becomes of one table; labels: columns that say what a row is about.

    county: its name, by which rows of other counties are known. notices: what a person should know.
    """

    table: Table
    kind: str
    columns: list[Part]
    labels: list[int] = field(default_factory=list)
    rows: list[Part] = field(default_factory=list)
    year: int = 0
    stage: str = ""
    unit: str = ""
    item: str = ""
    from_map: str = ""
    county: str = ""
    notices: list[str] = field(default_factory=list)

    @property
    def where(self) -> str:
        """Return file and sheet as a message names them."""
        return f"{self.table.file}/{self.table.sheet}"


def _looks_like_schools(values: list[str]) -> bool:
    named = [plain(v) for v in values if _SCHOOL.search(plain(v))]
    bare = [
        v
        for v in named
        if header_words.stage_of(v)[0] and header_words.stage_of(v)[1] in ("", "学校")
    ]
    return bool(values) and (len(named) - len(bare)) * 2 >= len(values)


def _name_column(table: Table) -> Column | None:
    """Return the column that names schools or kindergartens."""
    columns = {**header_words.attributes(SCHOOLS), **header_words.attributes(KINDERGARTENS)}
    for column in table.columns:
        leaf = plain(column.path[-1])
        if columns.get(leaf) in NAME.values() and _looks_like_schools(table.values(column.at)):
            return column
    return None


def _labels(table: Table) -> list[int]:
    """Return the columns that hold words: what a row is about."""
    labels = []
    for column in table.columns:
        values = table.values(column.at)
        texts = [v for v in values if not is_figure(v)]
        if texts and len(texts) * 2 > len(values):
            labels.append(column.at)
    return labels


def kind_of(table: Table) -> str:
    """Return which sheet of the workbook a table can fill."""
    if name := _name_column(table):
        rows = (row for row in table.rows if row not in table.totals)
        values = [plain(v) for row in rows if (v := table.text(row, name.at))]
        gardens = sum("幼儿园" in v or v.endswith("园") for v in values)
        heading = plain("".join((*table.titles, table.sheet, name.head)))
        leaf, heads = plain(name.path[-1]), header_words.attributes
        is_theirs = leaf in heads(KINDERGARTENS).keys() - heads(SCHOOLS).keys()
        is_garden = is_theirs or gardens * 2 > len(values) or ("幼儿园" in heading and gardens != 0)
        return KINDERGARTENS if is_garden else SCHOOLS
    labels = _labels(table)
    rows = [plain(table.text(row, at)) for row in table.rows for at in labels]
    heads = [plain(text) for column in table.columns for text in column.path]
    tiers = header_words.of_budgets("tiers")
    has_tier = any(re.sub(r"\(.*?\)", "", text) in tiers for text in (*rows, *heads))
    is_of_funds = has_tier and any(map(_programme, (*rows, *heads)))
    return FUNDS if is_of_funds else COUNTY


def _programme(text: str) -> str:
    bare = re.sub(r"\(.*?\)|^\d+[.、]|^[一二三四五]+、", "", plain(text))
    return header_words.of_budgets("programmes").get(bare, "")


def _counts(values: list[str]) -> bool:
    """Say whether a column holds numbers too small to be telephones."""
    parsed = [cell_reading.parse(value) for value in values]
    return bool(values) and all(c is not None and not c.value > MOST_COUNTED for c in parsed)


def _plan_column(table: Table, column: Column, kind: str, unit: str) -> Part:
    values = table.values(column.at)
    if kind in (SCHOOLS, KINDERGARTENS):  # a mean below the schools has decimals
        rows = (row for row in table.rows if row not in table.totals)
        values = [text for row in rows if (text := table.text(row, column.at))]
    meaning = header_words.read(column.path, kind, counts=_counts(values))
    is_code = meaning.attribute in ID.values()
    if not is_code and any(traces(value) for value in values):
        meaning = Meaning(is_personal=True, why="个人信息")
    if meaning.item and not (meaning.unit or unit):
        stated = header_words.unit_among([*table.titles, *table.notes], item(meaning.item).unit)
        meaning = replace(meaning, unit=stated or _unit_of(values, meaning.item))
    part = Part(
        *(column.key, column.head, meaning, False, ""),
        at=column.at,
        first=values[:SHOWN],
    )
    if meaning.is_personal:
        part.first, part.why = [], "个人信息，不读、不显示"
    elif not values:
        part.why = "整列没有数据"
    elif meaning.attribute:
        part.use, part.why = True, meaning.why
    elif meaning.part:
        part.why = f"只是其中一部分（{meaning.part}）"
    elif meaning.item and kind in (SCHOOLS, KINDERGARTENS):
        part.use, part.why = _is_sure(part.meaning, values, unit)
    else:
        part.why = meaning.why or "没有写明是什么"
    return part


def _unit_of(values: list[str], code: str) -> str:
    """Return the unit of an item where every figure is written with one that becomes it."""
    wanted = item(code).unit
    figures = [v for v in values if is_figure(v)]
    with_units = [v for v in figures if not plain(v)[-1:].isdigit()]
    is_read = all(cell_reading.parse(v, wanted) for v in figures)
    return wanted if figures and with_units == figures and is_read else ""


def size_of(stated: str, wanted: str) -> float | None:
    """Return by what a unit becomes another; 名 and 班 are as good as 人 and 个."""
    if stated in ("人", "个", "名", "班") and wanted in COUNTED:
        return units.factor(stated, wanted) or 1.0
    return units.factor(stated, wanted)


def _is_sure(meaning: Meaning, values: list[str], unit: str) -> tuple[bool, str]:
    """Say whether a name, its unit and the kind of its values leave no doubt, and why."""
    wanted, stated = item(meaning.item).unit, meaning.unit or unit
    if meaning.score < SURE:
        return False, f"{meaning.why}，待确认"
    if not stated and wanted and wanted not in COUNTED:
        return False, f"{meaning.why}，但没有写明单位（应为{wanted}），待确认"
    size = size_of(stated, wanted) if stated else 1.0
    if size is None:
        return False, f"单位“{stated}”不能换算为“{wanted}”"
    numbers = [
        c.value * size
        for v in values
        if (c := cell_reading.parse(v)) and c.status == cells.REPORTED
    ]
    if wanted in COUNTED and any(abs(n - round(n)) > 1e-6 for n in numbers):
        return False, f"含小数，不像以{wanted}为单位的数，待确认"
    units_meant = (stated or wanted, "")
    odd = [v for v in values if all(cell_reading.parse(v, unit) is None for unit in units_meant)]
    if len(odd) * 2 > len(values):
        return False, "多数格不是数字，待确认"
    changed = f"，{stated}换算为{wanted}" if size != 1 else ""
    return True, f"{meaning.why}{changed}"


def _own_rows(table: Table, county: str) -> tuple[Table, str]:
    """Return a table of several counties with the rows of one, and what is said of the others."""
    at = regions.region_column(table) if county else 0
    if not at or at == getattr(_name_column(table), "at", 0):
        return table, ""
    own = regions.rows_of(table, at, county)
    left = [row for row in table.rows if row not in own]
    others = list(dict.fromkeys(text for row in left if (text := table.text(row, at))))
    if not left:
        return table, ""
    named = name_first([f"“{text}”" for text in others] or ["没有写明县区的行"], SHOWN, "个")
    what = f"写的是各县（市、区）：只读“{county}”的{len(own)}行，其余{len(left)}行（{named}）未读取"
    what = what if own else f"写的是{named}，没有“{county}”，整表未读取"
    hint = "" if own else "确是本县的，请在原表中改正这一列后重试"
    head = next(column.key for column in table.columns if column.at == at)
    notice = f"{head}列{what}。{hint}{'。' if hint else ''}"
    totals = [row for row in table.totals if row in own]
    return replace(table, rows=own, totals=totals), notice


def _about_ours(table: Table, kind: str, county: str) -> tuple[Table, str]:
    """Return a table without rows where what stands around it names another place, and that."""
    around = [*table.above, *table.titles, table.sheet, Path(table.file).stem]
    place = regions.other_place(around, county, larger=kind in (COUNTY, FUNDS))
    if not place or regions.own_head((c.path for c in table.columns), county):
        return table, ""
    what = f"标题、表名或文件名写的是“{place}”，没有写“{county}”，整表未读取"
    hint = f"确是本县的，请在标题或文件名中写明“{county}”后重试"
    return replace(table, rows=[], totals=[]), f"{what}。{hint}。"


def propose(table: Table, county: str = "") -> Plan:
    """Return what a table seems to be, column by column, with reasons; county: the name of ours."""
    kind = kind_of(table)
    table, notice = _own_rows(table, county)
    if not notice:
        table, notice = _about_ours(table, kind, county)
    unit = header_words.unit_of_titles([*table.titles, *table.notes])
    stated = (
        {year for title in table.titles for year in header_words.years_in(title)},
        {*header_words.years_in(table.sheet)},
        {*header_words.years_of_file(Path(table.file).stem)},
    )
    year = next((years.pop() for years in stated if len(years) == 1), 0)
    base = COUNTY if kind == FUNDS else kind
    columns = [_plan_column(table, column, base, unit) for column in table.columns]
    heading = plain("".join((*table.titles[:1], table.sheet)))
    printed = plain("".join((*table.titles, table.sheet)))
    stage = (
        header_words.stage_of(heading)[0] or header_words.stage_of_form(printed)
        if kind != FUNDS
        else ""
    )
    plan = Plan(table, kind, columns, year=year, stage=stage, unit=unit, county=county)
    hidden = f"{table.hidden}是隐藏的，照常读取，请核对。" if table.hidden else ""
    plan.notices += filter(None, [notice, hidden])
    if kind in (SCHOOLS, KINDERGARTENS):
        plan.stage = (
            stage if stage in ("primary", "junior", "senior", "vocational", "special") else ""
        )
        _settle_names(plan)
        _settle_twins(plan)
        _find_sums(plan)
    else:
        plan_matrix(plan)
    return plan


def _find_sums(plan: Plan) -> None:
    """Take rows whose figures are the sum of others for totals, whatever they are called."""
    table, headers = plan.table, number_columns(plan.kind)
    added = {headers[header] for header in added_columns(plan.kind)}
    figured = [p.at for p in plan.columns if p.use and p.meaning.item in added]
    choices = choice_columns(plan.kind)
    saying = [p.at for p in plan.columns if p.use and p.meaning.attribute in choices]
    rows = [row for row in table.rows if row not in table.totals]
    figures = {row: figures_of({at: table.text(row, at) for at in figured}) for row in rows}
    words = {row: tuple(table.text(row, at) for at in saying) for row in rows}
    table.totals = sorted([*table.totals, *sums_of_others(figures, words)])


def _settle_names(plan: Plan) -> None:
    """Keep one column per attribute; a word in a column of figures is no attribute."""
    name = _name_column(plan.table)
    seen: set[str] = set()
    for part in plan.columns:
        attribute = part.meaning.attribute
        if not attribute:
            continue
        is_other_name = attribute in NAME.values() and name is not None and part.at != name.at
        if is_other_name or attribute in seen:
            part.use, part.why = False, f"“{attribute}”另有一列"
        else:
            seen.add(attribute)


def _settle_twins(plan: Plan) -> None:
    """Of columns that say the same in two units or twice, use the finer; it checks the other."""
    groups: dict[tuple, list[Part]] = {}
    for part in plan.columns:
        meaning = part.meaning
        if part.use and meaning.item:
            groups.setdefault((meaning.item, meaning.stage, meaning.year), []).append(part)
    for (code, *_), parts in groups.items():
        wanted = item(code).unit
        sizes = [units.factor(part.meaning.unit or plan.unit, wanted) or 1 for part in parts]
        finest = parts[sizes.index(min(sizes))]
        is_sure = sizes.count(min(sizes)) == 1
        for part in parts if len(parts) > 1 else ():
            if not is_sure:
                part.use, part.why = False, f"几列都是“{part.target}”，不知取哪一列，待确认"
            elif part is not finest:
                part.use = False
                part.why = f"与{finest.called}是同一个数，单位较粗，只用{finest.called}"


def plan_matrix(plan: Plan) -> None:
    """Plan a table whose rows and columns together say what a figure is."""
    table, kind = plan.table, plan.kind
    own = regions.own_head((c.path for c in table.columns), plan.county) if plan.county else None
    plan.item = header_words.item_in_titles([*table.titles, table.sheet]) if kind == COUNTY else ""
    plan.labels = [at for at in _labels(table) if not _is_note_column(plan, at)]
    for part in plan.columns:
        if part.at in plan.labels:
            part.use, part.why = True, "行的名称"
            part.meaning = Meaning()
        elif kind == FUNDS and not part.meaning.is_personal:
            part.meaning = _with_programme(part.meaning, part.head)
    rows: dict[str, Part] = {}
    for row in table.rows:
        head = row_head(plan, row)
        if head in rows:
            continue
        path = tuple(head.split("＞"))
        meaning = header_words.read(path, COUNTY)
        if kind == FUNDS:
            meaning = _with_programme(meaning, head)
        if meaning.item and not meaning.unit:
            texts = [table.text(row, c.at) for c in table.columns if c.at not in plan.labels]
            meaning = replace(meaning, unit=_unit_of(texts, meaning.item))
        rows[head] = Part(str(row), head, meaning, True, meaning.why)
    plan.rows = list(rows.values())
    for part in plan.columns:
        if part.at in plan.labels or part.meaning.is_personal or not table.values(part.at):
            continue
        if own is not None and (not own or own not in part.head.split("＞")):
            part.use, part.why = False, "各列是各县（市、区），只读本县的"
            part.meaning = Meaning(rest=part.head)
            continue
        if own:
            path = tuple(text for text in part.head.split("＞") if text != own)
            part.meaning = header_words.read(path, COUNTY)
        hits = [r for r in plan.rows if complete(plan, part.meaning, r.meaning)]
        part.use = bool(hits)
        if part.use:
            part.why = "行与列合起来写明了指标"
        elif part.meaning.is_rate or part.meaning.part:
            pass
        elif part.meaning.item and part.meaning.score < SURE:
            part.why = f"{part.meaning.why}，待确认"
        elif part.meaning.item:
            part.why = "行与列合起来对不上报送表的学段或单位"
        else:
            part.why = part.meaning.why or "行与列合起来没有写明指标、学段或单位，待确认"
    _settle_twins(plan)
    usable = [c for c in plan.columns if c.use and c.at not in plan.labels]
    for part in plan.rows:
        part.use = any(complete(plan, c.meaning, part.meaning) for c in usable)
    if not usable:
        plan.rows = []  # whatever the rows name, perhaps persons, is neither kept nor shown
        for part in plan.columns:
            if part.at in plan.labels:
                part.use, part.first, part.why = False, [], "没有能与它合起来读的列"


def _is_note_column(plan: Plan, at: int) -> bool:
    part = next(p for p in plan.columns if p.at == at)
    return plain(part.head) in ("备注", "说明") or part.meaning.is_personal


def _with_programme(meaning: Meaning, head: str) -> Meaning:
    hits = {code for text in head.split("＞") if (code := _programme(text))}
    if len(hits) != 1:
        return meaning
    bare = Meaning(unit=meaning.unit, year=meaning.year, tier=meaning.tier)
    return replace(bare, programme=hits.pop(), score=header_words.SYNONYM, why="同义词")


def row_head(plan: Plan, row: int) -> str:
    """Return what the labels of a row say, with the group that it stands in."""
    table = plan.table
    texts = [table.groups.get(row, ""), *(table.text(row, at) for at in plan.labels)]
    texts = [text for text in texts if not (plan.county and regions.names(text, plan.county))]
    stage, rest = header_words.stage_of(plain(texts[1])) if len(texts) > 1 else ("", "")
    if stage and not rest and (parent := table.parents.get(row)):
        texts.insert(1, parent)  # 二、生均教育经费, and its stages below it
    return "＞".join(dict.fromkeys(text for text in texts if text))


@dataclass(frozen=True)
class CellMeaning:
    """What the number of a cell is; year is None where nothing says it."""

    item: str
    stage: str
    year: int | None
    unit: str


def complete(plan: Plan, column: Meaning, row: Meaning) -> CellMeaning | None:
    """Return what a cell is about by its column and row together; None if unsure."""
    both = (column, row)
    if any(m.is_rate or m.part or m.is_personal for m in both):
        return None
    year = column.year or row.year or plan.year or None
    shift = next((m.relative for m in both if m.relative is not None), None)
    if not (column.year or row.year) and shift is not None:
        year = plan.year + shift if plan.year else None
    unit = column.unit or row.unit or plan.unit
    is_stated = bool(column.unit or row.unit)
    if plan.kind == FUNDS:
        programmes = {m.programme for m in both if m.programme}
        tier = {m.tier for m in both if m.tier}
        rests = [m.rest for m in both if m.rest]
        if len(programmes) != 1 or len(tier) != 1 or rests:
            return None
        code, named = f"{programmes.pop()}_{tier.pop()}", items()
        if code not in named or units.factor(unit, named[code].unit) is None or not unit:
            return None
        return CellMeaning(code, named[code].stages[0], year, unit)
    codes = {m.item for m in both if m.item} or ({plan.item} if plan.item else set())
    if len(codes) != 1 or any(m.rest or (m.item and m.score < SURE) for m in both):
        return None
    code = codes.pop()
    stages = {m.stage for m in both if m.stage} or ({plan.stage} if plan.stage else set())
    if len(stages) > 1:
        return None
    stage = next(iter(stages), "")
    if code == "schools" and stage == "preschool":
        code = "kindergartens"
    entry = item(code)
    if not stage and len(entry.stages) == 1:
        stage = entry.stages[0]
    wanted = entry.unit
    if not is_stated and wanted in COUNTED and units.factor(unit, wanted) is None:
        unit = ""  # 单位：万元 above a table speaks of its money, not of its pupils
    if stage not in entry.stages or COUNTY not in entry.sheets:
        return None
    if unit == "元" and wanted.startswith("元/"):
        unit = wanted
    if not unit and wanted and wanted not in COUNTED:
        return None
    is_named = any(m.item for m in both)  # else by the title: 人数 is none of schools
    is_count = is_named and unit in COUNTED and wanted in COUNTED
    if unit and units.factor(unit, wanted) is None and not is_count:
        return None
    return CellMeaning(code, stage, year, unit or wanted)
