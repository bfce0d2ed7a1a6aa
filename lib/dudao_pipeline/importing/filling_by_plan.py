"""What planned tables say, put into the workbook: every cell with its source, nothing guessed.

A cell that the workbook has another figure in keeps it, and the conflict is told with both places.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from openpyxl import Workbook

from dudao.base.short_lists import name_first
from dudao.base.yaml_text import read_own
from dudao.facts import cells, units
from dudao.facts.items import STAGE_CODES, STAGES, describe, item
from dudao.facts.sheet_layout import COLUMNS, COUNTY, FUNDS, KINDERGARTENS, SCHOOLS
from dudao.law.dates import EvaluationYear
from dudao_pipeline.importing import header_words
from dudao_pipeline.importing.import_plans import COUNTED, ID, NAME, Part, Plan, complete, row_head
from dudao_pipeline.intake import cell_reading
from dudao_pipeline.intake.checks.common import limits
from dudao_pipeline.intake.comments import says_another_figure, tell_comments
from dudao_pipeline.intake.headers import plain
from dudao_pipeline.intake.personal_data import traces
from dudao_pipeline.intake.row_reading import standard_word
from dudao_pipeline.intake.sheet import address
from dudao_pipeline.intake.sheet_headers import header_of, number_columns
from dudao_pipeline.intake.sum_rows import figures_of, twins
from dudao_pipeline.intake.template import styles
from dudao_pipeline.intake.template.filling import FUND_ITEMS, content
from dudao_pipeline.intake.template.grid import Grid

_CHOICES = {column.header: column.choices for column in COLUMNS if column.reads == "word"}
_YEARS = {column.header for column in COLUMNS if column.reads == "built"}
NUMBER_WIDTH = 4  # digits of a number that is given to a school without a code
_NAMED = 5
_QUESTIONS = Path(__file__).with_name("questions.yaml")


@dataclass
class Imported:
    """What came of an import: cells put, what each rests on, and what was left and why."""

    county: str
    put: list[tuple[str, str, object, str]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    numbered: list[tuple[str, str]] = field(default_factory=list)
    dashes: list[str] = field(default_factory=list)
    unknown: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def ask(self, name: str, /, **words: object) -> None:
        """Record what a person has to decide, once; name: its entry of questions.yaml."""
        text = read_own(_QUESTIONS)[name].format_map(words)
        if text not in self.questions:
            self.questions.append(text)


@dataclass
class _School:
    """A row of a sheet of schools: what it is about; key: its name as names are compared."""

    row: int
    code: str
    name: str
    stage: str
    key: str


@dataclass(frozen=True)
class _Asked:
    """A school and stage as a row of a table names them; key: its name as names are compared."""

    sheet: str
    code: str
    name: str
    stage: str
    key: str
    source: str

    def has_other_name(self, school: _School) -> bool:
        """Say whether a row has a name, and another than this one has."""
        return bool(self.key and school.name and school.key != self.key)


def _are_of_one_table(cell: str, other: str) -> bool:
    return cell.partition("!")[0] == other.partition("!")[0]


class Target:
    """The workbook that is filled."""

    def __init__(self, workbook: Workbook, county: str, county_name: str, year: EvaluationYear):
        self.workbook, self.county, self.year = workbook, county, year
        self.prefix = plain(county_name)
        self.done = Imported(county)
        self.grids = {
            name: Grid(workbook[name]) for name in (COUNTY, FUNDS, SCHOOLS, KINDERGARTENS)
        }
        self.sources: dict[tuple[str, int, str], str] = {}
        self.schools: dict[tuple[str, str], list[_School]] = {}  # by sheet, and code or key
        self.last = {name: self.grids[name].first - 1 for name in ID}  # rows that are taken
        self.numbered = 0
        for name in ID:
            self._list_schools(name)

    def put(self, sheet: str, row: int, header: str, value: object, *, source: str) -> None:
        """Write a value unless the cell holds another; the source is kept beside it."""
        if value in (None, ""):
            return
        grid = self.grids[sheet]
        cell = grid.sheet.cell(row, grid.columns[header])
        old = cell.value
        is_proposed = cell.font.color is not None and cell.font.color.rgb == styles.SUGGESTED
        if old not in (None, "") and not is_proposed:
            if not _same(old, value):
                before = self.sources.get((sheet, row, header), f"报送表/{sheet}!{cell.coordinate}")
                self.done.conflicts.append(
                    f"{sheet}!{cell.coordinate}：{before} 为“{old}”，"
                    f"{source} 为“{value}”，保留前者。"
                )
            return
        grid.put(row, {header: value})
        self.sources[sheet, row, header] = source
        self.done.put.append((sheet, address(row, grid.columns[header]), value, source))

    # --- schools

    def _key(self, name: str) -> str:
        return plain(name).removeprefix(self.prefix) or plain(name)

    def _list_schools(self, sheet: str) -> None:
        """List the schools that the workbook names."""
        grid = self.grids[sheet]
        at = [grid.columns.get(header, 0) for header in (ID[sheet], NAME[sheet], "学段")]
        for row in range(grid.first, grid.sheet.max_row + 1):
            code, name, stage = (
                str(grid.sheet.cell(row, column).value or "") if column else STAGES["preschool"]
                for column in at
            )
            if code or name:
                self._list(sheet, _School(row, code, name, stage, self._key(name)))

    def _list(self, sheet: str, school: _School) -> None:
        self.last[sheet] = max(self.last[sheet], school.row)
        for word in filter(None, (school.code, school.key)):
            self.schools.setdefault((sheet, word), []).append(school)

    def _alike(self, sheet: str, code: str, key: str) -> list[_School]:
        """Return the rows of a code or of a name, in their order."""
        listed = [s for word in (code, key) if word for s in self.schools.get((sheet, word), ())]
        return sorted({s.row: s for s in listed}.values(), key=lambda school: school.row)

    def school_row(self, sheet: str, code: str, name: str, stage: str, *, source: str) -> int:
        """Return the row of a school and stage, a new one below the others if there is none.

        0 where nothing says for certain which school is meant: it is asked about, and left out.
        """
        asked = _Asked(sheet, code, name, STAGES[stage], self._key(name), source)
        same = self._by_code(asked, self._alike(sheet, code, asked.key))
        if not self._is_one(asked, same) or self._is_ambiguous(asked, same):
            return 0
        for other in filter(asked.has_other_name, same):  # one school, or two
            self.done.ask("names_of_stages", asked=asked, other=other)
        school = next((one for one in same if one.stage in (asked.stage, "")), None)
        if school is None:
            school = self._add(asked, same)
        if sheet == SCHOOLS:
            self.put(sheet, school.row, "学段", asked.stage, source=source)
        school.stage = asked.stage
        return school.row

    def _by_code(self, asked: _Asked, same: list[_School]) -> list[_School]:
        """Keep the rows of the code, if it has any; else a code that differs is asked about.

        Of one table, two codes are two schools; of several, the workbook's code stands.
        """
        if not asked.code or not same:
            return same
        if listed := [school for school in same if school.code == asked.code]:
            return listed
        first = self.sources.get((asked.sheet, same[0].row, ID[asked.sheet]), "")
        if _are_of_one_table(first, asked.source):
            self.done.ask("code_of_another_row", asked=asked, first=first, other=same[0])
            return []
        self.done.ask("code_of_workbook", asked=asked, other=same[0])
        return same

    def _is_one(self, asked: _Asked, same: list[_School]) -> bool:
        """Say whether a row of the same code and stage, but of another name, may be the school.

        Of one table it is another; of several it is taken for the same, which is asked about.
        """
        other = next((s for s in same if asked.has_other_name(s) and s.stage == asked.stage), None)
        if other is None:
            return True
        first = self.sources.get((asked.sheet, other.row, NAME[asked.sheet]), "报送表")
        is_another = _are_of_one_table(first, asked.source)
        why = "name_of_another_row" if is_another else "name_of_same_school"
        self.done.ask(why, asked=asked, first=first, other=other)
        return not is_another

    def _is_ambiguous(self, asked: _Asked, same: list[_School]) -> bool:
        """Say whether several schools bear the name, which is asked about."""
        if len({school.code for school in same}) <= 1:
            return False
        self.done.ask("several_of_a_name", asked=asked)
        return True

    def _add(self, asked: _Asked, same: list[_School]) -> _School:
        """Put a school into the first free row, under its code or one that is given to it."""
        number = (same[0].code if same else asked.code) or self._number(asked.name)
        school = _School(self.last[asked.sheet] + 1, number, asked.name, "", asked.key)
        self._list(asked.sheet, school)
        self.put(asked.sheet, school.row, ID[asked.sheet], number, source=asked.source)
        self.put(asked.sheet, school.row, NAME[asked.sheet], asked.name, source=asked.source)
        return school

    def _number(self, name: str) -> str:
        code = ""
        while not code or any((sheet, code) in self.schools for sheet in ID):
            self.numbered += 1
            code = f"{self.county}{self.numbered:0{NUMBER_WIDTH}d}"
        self.done.numbered.append((code, name))
        return code


def _same(old: object, new: object) -> bool:
    if isinstance(old, int | float) and isinstance(new, int | float):
        return abs(old - new) < 1e-6
    return str(old).strip() == str(new).strip()


def _value(target: Target, cell: str, text: str, *, code: str, unit: str) -> object:
    """Return what the workbook says for a cell, "" for nothing; None for what is no number."""
    wanted = item(code).unit
    stated = unit or wanted
    parsed = cell_reading.parse(text, stated)
    if parsed is None:
        shown, converted = cell_reading.shown(text), cell_reading.in_unit(text, wanted)
        why = "other_unit" if converted else "no_number"
        target.done.ask(why, cell=cell, text=shown, wanted=wanted, converted=converted)
        return None
    size = units.factor(stated, wanted)
    if size is None:
        size = 1.0  # 名 or 班 for 人 or 个: the plan has let it pass
    value = round(parsed.value * size, 6)
    if wanted in COUNTED and parsed.status == cells.REPORTED and size > 1:
        value = float(round(value))
    if parsed.status == cells.MISSING:
        target.done.dashes.append(cell)
        return ""
    return content(replace(parsed, value=value))


def _standard(target: Target, column: str, text: str, cell: str) -> str:
    """Return a word of the template for one of the table; "" and a question for an unknown one."""
    word = plain(standard_word(column, text))
    choices = _CHOICES.get(column)
    if choices and word not in choices:
        target.done.unknown.setdefault((column, text), []).append(cell)
        return ""
    return word if choices else text


def _stages(plan: Plan, row: int, attributes: dict[str, str]) -> list[str]:
    """Return the stages that a row is about; none where nothing says so."""
    if plan.kind == KINDERGARTENS:
        return ["preschool"]
    if text := attributes.get("学段"):
        listed = [plain(t) for t in text.replace("，", "、").replace("/", "、").split("、")]
        stages = [STAGE_CODES.get(standard_word("学段", t)) for t in listed]
        if all(stages):
            return [stage for stage in stages if stage]
    kind = standard_word("办学类型", plain(attributes.get("办学类型", "")))
    kinds = limits()["kind_stages"]
    if kind in kinds and kind != "特殊教育学校":
        return list(kinds[kind])
    if kind == "特殊教育学校":
        return ["special"]
    if text:
        return []  # a column says it, in words that nobody here knows
    around = header_words.stage_of(plain(plan.table.groups.get(row, "")))[0]
    if stage := plan.stage or around:
        return [stage]
    name = re.sub(r"\([^()]*\)$", "", plain(attributes.get(NAME[plan.kind], "")))
    ends = header_words.given("学校名单")["stage_by_name"]
    hits = [stage for stage, words in ends.items() if name.endswith(tuple(words))]
    return hits[:1]


def _is_garden(plan: Plan, attributes: dict[str, str]) -> bool:
    name = plain(attributes.get("办学类型", "") or attributes.get(NAME[SCHOOLS], ""))
    return plan.kind == SCHOOLS and name.endswith("幼儿园")


_LEFT_OUT = ("unsplit", "unstaged", "nameless", "garden")  # questions


@dataclass(frozen=True)
class _Row:
    """A row of a table of schools: where it stands, which school it names, what it says of it."""

    at: int
    source: str
    code: str
    name: str
    attributes: dict[str, str]
    figures: list[Part]


def put_schools(plan: Plan, target: Target) -> None:
    """Put a table of schools or kindergartens into its sheet, row by row."""
    figures = _of_data_year(plan, target)
    _ask_of_twins(plan, target, figures)
    left_out: dict[str, list[str]] = {why: [] for why in _LEFT_OUT}
    for at in plan.table.rows:
        if at not in plan.table.totals:
            row = _school_of(plan, target, at, figures)
            if hit := _put_school(plan, target, row):
                why, named = hit
                left_out[why].append(named)
    for why, rows in left_out.items():
        if rows:
            target.done.ask(why, plan=plan, rows=name_first(rows, _NAMED, "行"))


def _of_data_year(plan: Plan, target: Target) -> list[Part]:
    """Return the columns of figures of the data year; those of others are asked about."""
    wanted = target.year.data_year
    counted = [part for part in plan.columns if part.use and part.meaning.item]
    right = [p for p in counted if (p.meaning.year or plan.year or wanted) == wanted]
    if wrong := sorted({p.meaning.year or plan.year for p in counted if p not in right}):
        years = "、".join(f"{year}年" for year in wrong)
        left = "这些年的数字未导入" if right else "只取名单，数字未导入"
        target.done.ask("other_years", plan=plan, years=years, wanted=wanted, left=left)
    return right


def _school_of(plan: Plan, target: Target, at: int, figures: list[Part]) -> _Row:
    """Read which school a row names; a code that lost its last digits is asked about."""
    table = plan.table
    attributes = {
        part.meaning.attribute: table.text(at, part.at)
        for part in plan.columns
        if part.use and part.meaning.attribute
    }
    source = table.place(at, 1)
    code = cell_reading.code_text(attributes.get(ID[plan.kind], ""))
    if cell_reading.has_lost_digits(code):
        target.done.ask("code_lost_digits", cell=source, text=code)
        code = ""
    return _Row(
        at=at,
        source=source,
        code=code,
        name=cell_reading.name_text(attributes.get(NAME[plan.kind], "")),
        attributes=attributes,
        figures=[part for part in figures if table.text(at, part.at)],
    )


def _put_school(plan: Plan, target: Target, row: _Row) -> tuple[str, str] | None:
    """Put a row into the sheet, stage by stage; return why and what is left out, if anything."""
    if not row.name and not row.code:
        first = min((part.at for part in plan.columns if part.use), default=1)
        return "nameless", plan.table.place(row.at, first)
    if _is_garden(plan, row.attributes):
        return "garden", row.name
    stages = _stages_of(plan, row)
    if not stages:
        return "unstaged", f"“{row.name or row.code}”（{row.source}）"
    for stage in stages:
        at = target.school_row(plan.kind, row.code, row.name, stage, source=row.source)
        if not at:
            break
        _put_attributes(plan, target, row.at, at, attributes=row.attributes)
        for part in row.figures:
            if part.meaning.stage == stage or (not part.meaning.stage and len(stages) == 1):
                _put_figure(plan, target, row.at, at, part=part, stage=stage)
    if len(stages) > 1 and any(not part.meaning.stage for part in row.figures):
        return "unsplit", f"“{row.name}”（{row.source}）"
    return None


def _stages_of(plan: Plan, row: _Row) -> list[str]:
    """Return the stages that a row is about, those that only its columns name last."""
    stages = _stages(plan, row.at, row.attributes)
    split = {part.meaning.stage for part in row.figures if part.meaning.stage}
    return [*stages, *sorted(split - set(stages))]


def _ask_of_twins(plan: Plan, target: Target, counted: list[Part]) -> None:
    """Ask about rows of different names that have the same figures: one may have been copied."""
    table, named = plan.table, [p for p in plan.columns if p.use]
    name = next((p.at for p in named if p.meaning.attribute == NAME[plan.kind]), 0)
    rows = [row for row in table.rows if row not in table.totals]
    figures = {row: figures_of({p.at: table.text(row, p.at) for p in counted}) for row in rows}
    for row, first in twins(figures):
        one, other = table.text(first, name), table.text(row, name)
        if plain(one) != plain(other):
            cells = {"cell": table.place(row, name), "first": table.place(first, name)}
            target.done.ask("same_figures", name=other, other=one, **cells)


def _put_attributes(plan: Plan, target: Target, row: int, at: int, *, attributes: dict) -> None:
    columns = target.grids[plan.kind].columns.keys() - {ID[plan.kind], NAME[plan.kind], "学段"}
    for part in plan.columns:
        column, text = part.meaning.attribute, plan.table.text(row, part.at)
        if not part.use or not text or column not in columns:
            continue
        cell = plan.table.place(row, part.at)
        if traces(text):
            target.done.ask("personal", cell=cell)
            continue
        value: object = _standard(target, column, text, cell)
        if column in _YEARS and value:
            year = cell_reading.built_of(str(value))
            if year is None:
                target.done.ask("no_year", cell=cell, text=text)
            value = year
        target.put(plan.kind, at, column, value, source=cell)
    kind = header_of(plan.kind, "kind")
    if plan.kind == SCHOOLS and not attributes.get(kind):
        name = plain(attributes.get(NAME[SCHOOLS], ""))
        sure = next(
            (k for k in ("教学点", "九年一贯制学校", "特殊教育学校") if name.endswith(k)), ""
        )
        if sure:
            target.put(SCHOOLS, at, kind, sure, source=plan.table.place(row, 1))


def _put_figure(plan: Plan, target: Target, row: int, at: int, *, part: Part, stage: str) -> None:
    code, cell = part.meaning.item, plan.table.place(row, part.at)
    headers = {c: header for header, c in number_columns(plan.kind).items()}
    if stage not in item(code).stages:
        target.done.ask("stage_without", cell=cell, stage=STAGES[stage], label=item(code).label)
        return
    if headers[code] not in target.grids[plan.kind].columns:
        target.done.ask("no_column", cell=cell, header=headers[code])
        return
    stated = part.meaning.unit or plan.unit
    value = _value(target, cell, plan.table.text(row, part.at), code=code, unit=stated)
    target.put(plan.kind, at, headers[code], value, source=cell)


def put_matrix(plan: Plan, target: Target) -> None:
    """Put a table whose rows and columns together name a figure into its sheets."""
    table, rows = plan.table, {part.head: part for part in plan.rows}
    grid = target.grids[COUNTY]
    undated, outside = [], set()
    for row in table.rows:
        label = rows.get(row_head(plan, row))
        if label is None or (plan.from_map and not label.use):
            continue
        for part in plan.columns:
            text = table.text(row, part.at)
            if not part.use or part.at in plan.labels or not text:
                continue
            about = complete(plan, part.meaning, label.meaning)
            if about is None:
                continue
            cell = table.place(row, part.at)
            if about.year is None:
                undated.append(cell)
                continue
            value = _value(target, cell, text, code=about.item, unit=about.unit)
            if value is None:
                continue
            if FUNDS in item(about.item).sheets:
                title, header = FUND_ITEMS[about.item]
                at = target.grids[FUNDS].row_of(title, about.year)
                target.put(FUNDS, at, header, value, source=cell)
                continue
            header = grid.year_header(about.year)
            at = grid.rows.get((about.item, STAGES[about.stage]))
            if not header:
                outside.add(about.year)
            elif at is None:
                target.done.ask("no_row", cell=cell, label=describe(about.item, about.stage))
            else:
                target.put(COUNTY, at, header, value, source=cell)
    if undated:
        more = f"等{len(undated)}格" if len(undated) > 1 else ""
        target.done.ask("undated", cells=f"{undated[0]}{more}")
    if outside:
        years = "、".join(f"{year}年" for year in sorted(outside))
        target.done.ask("outside", plan=plan, years=years)


def _ask_of_columns(plan: Plan, target: Target) -> None:
    """Ask about the columns that may stand for an item and leave a doubt."""
    for part in plan.columns:
        if not part.use and part.meaning.item and "待确认" in part.why:
            target.done.ask("unsure_column", plan=plan, part=part)


def _ask_of_comments(plan: Plan, target: Target) -> None:
    """Ask about comments that say another figure than their cell."""
    table = plan.table.origin or plan.table
    at_cell = {
        at: text
        for at, text in table.comments.items()
        if says_another_figure(text, table.text(*at))
    }
    if at_cell:
        listed, _ = tell_comments(at_cell, table.text)
        target.done.ask("comments", plan=plan, listed=listed)


def _without_twins(plans: Iterable[Plan], target: Target) -> list[Plan]:
    """Leave out a table that says what another of its file says; both where they differ.

    Twins have the same heads, year and stage, and most of their rows are about the same.
    """
    plans, left_out = list(plans), set()
    for plan, other in ((plan, other) for at, plan in enumerate(plans) for other in plans[:at]):
        if id(plan) in left_out or not _is_alike(plan, other):
            continue
        rows, theirs = _rows_of(plan), _rows_of(other)
        shared = rows.keys() & theirs.keys()
        if not shared or len(shared) * 2 < min(len(rows), len(theirs)):
            continue
        left_out |= {id(plan)} if rows == theirs else {id(plan), id(other)}
        why = "same_table" if rows == theirs else "table_contested"
        target.done.ask(why, plan=plan, other=other)
    return [plan for plan in plans if id(plan) not in left_out]


def _is_alike(plan: Plan, other: Plan) -> bool:
    def of(one: Plan) -> tuple:
        heads = tuple(column.head for column in one.table.columns)
        return one.table.file, one.kind, one.year, one.stage, heads

    return plan.table.sheet != other.table.sheet and of(plan) == of(other)


def _rows_of(plan: Plan) -> dict[tuple[str, ...], list[str]]:
    """Return the texts of the rows of a table by what they are about."""
    naming = [p.at for p in plan.columns if p.meaning.attribute in (NAME.get(plan.kind), "学段")]
    columns = [part.at for part in plan.columns if part.use]
    return {
        tuple(plan.table.text(row, at) for at in naming) if naming else (row_head(plan, row),): [
            plan.table.text(row, at) for at in columns
        ]
        for row in plan.table.rows
    }


def put_all(plans: Iterable[Plan], target: Target) -> Imported:
    """Put what plans say into the workbook: lists of schools first, then what refers to them."""
    plans = _without_twins(plans, target)
    listed = [plan for plan in plans if plan.kind in (SCHOOLS, KINDERGARTENS)]
    listed.sort(
        key=lambda plan: not any(p.meaning.attribute == ID[plan.kind] for p in plan.columns)
    )
    for plan in plans:
        _ask_of_columns(plan, target)
        _ask_of_comments(plan, target)
    for plan in listed:
        put_schools(plan, target)
    for plan in plans:
        if plan.kind in (COUNTY, FUNDS):
            put_matrix(plan, target)
    for (column, text), at in target.done.unknown.items():
        cells_named, choices = name_first(at, _NAMED, "格"), "、".join(_CHOICES[column])
        words = {"column": column, "text": text, "choices": choices}
        target.done.ask("no_choice", cells=cells_named, **words)
    for grid in target.grids.values():
        grid.fit()
    return target.done
