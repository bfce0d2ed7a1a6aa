"""Put the figures of a report into the sheet 报告所列数据 of a county's workbook."""

import re
from bisect import bisect_right
from operator import itemgetter
from pathlib import Path

from dudao.base.errors import ParameterError
from dudao.base.rounding import plain
from dudao.facts.items import STAGE_CODES, STAGES, items
from dudao.facts.sheet_layout import CLAIMS
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, FOLLOWS, WITHIN_ROUNDING
from dudao_pipeline.report_check.checking import Check
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import dimension_of
from dudao_pipeline.report_check.printed_names import printed_names
from dudao_pipeline.report_check.printing import SHARE_OF, UNCHECKED
from dudao_pipeline.report_check.rules import words

_SECTION = re.compile(r"（[一二三四五六七八九十]+）|(?:^|(?<=[\n。；！元%\d]))\d{1,2}[.、](?!\d)")
_SCOPE = re.compile(r"^(?:全县|全市|全区|我县|我区|全省|全国)?(?:共有|现有)?")


def sections(text: str) -> list[tuple[int, str]]:
    """Return where each section starts, and its name: （二）1."""
    out: list[tuple[int, str]] = []
    chapter = ""
    for match in _SECTION.finditer(text.replace("(", "（").replace(")", "）")):
        if match[0].startswith("（"):
            chapter = match[0]
            out.append((match.start(), chapter))
        elif chapter:
            out.append((match.start(), f"{chapter}{match[0].rstrip('.、')}"))
    return out


_DROPPED = re.compile(r"^其中[：:]?|[（(][^（）()]*[)）]|(?<=[校园生师工])总?数$")


def item_of(one: Figure) -> str:
    """Return the code of the dictionary's item that a figure's words and stage name, or nothing.

    What is said of several stages together (高中阶段) is no figure of the county: only an item that
    bears the words of those stages is meant.
    """
    if one.stage and one.stage not in STAGE_CODES:
        code = printed_names().get((_named(one), "all"), "")
        return code if code and one.dimension == dimension_of(items()[code].unit) else ""
    stage = STAGE_CODES.get(one.stage, "all")
    whole = _SCOPE.sub("", one.what)
    short = _DROPPED.sub("", whole)
    rests = (_rest(short, word) for word in _words_of(one.stage))
    names = [whole, short]
    for rest in filter(None, rests):
        names += [rest, f"{one.stage}{rest}"]  # 教职工, 幼儿园教职工
    if short in _words_of(one.stage) and one.dimension == dimension_of("所"):
        names.append("学校")  # 普通高中3所
    for name in names:
        code = printed_names().get((name, stage), "")
        if code and one.dimension == dimension_of(items()[code].unit):
            return code
    return ""


def _named(one: Figure) -> str:
    """Return the name of a figure; of a stage that the workbook lacks, with the stage before it."""
    what = one.what or "（未写明）"
    is_named = not one.stage or one.stage in STAGE_CODES or one.stage in what
    return what if is_named else f"{one.stage}{what}"


def _words_of(stage: str) -> tuple[str, ...]:
    return (stage, *words().stages.get(stage, ()))


def _rest(name: str, word: str) -> str:
    """Return a name without the stage's word that it begins with; nothing where it does not."""
    if not name.startswith(word):
        return ""
    rest = name.removeprefix(word).removeprefix("阶段").removeprefix("教育")
    return _SCOPE.sub("", rest)


def rows(check: Check, first: int = 1) -> list[dict[str, object]]:
    """Return a row of 报告所列数据 per figure, numbered from `first`, with its 算式.

    A figure that falls is written with a minus, as the sheet's readers expect.
    """
    formulas: dict[int, str] = {}
    for relation in check.relations:
        if relation.formula and relation.status in (FOLLOWS, WITHIN_ROUNDING, CONTRADICTS):
            formulas.setdefault(relation.of, relation.formula)
    implied = [
        one for one in check.of_status(UNCHECKED) if one.relation == SHARE_OF and one.expected
    ]
    noted = (*implied, *check.doubts, *check.findings)
    notes = {one.figures[0]: one.message for one in noted if one.figures}
    starts = sections(check.report.text)
    out = []
    for index, one in enumerate(check.figures):
        before = bisect_right(starts, one.start, key=itemgetter(0))
        section = starts[before - 1][1] if before else ""
        minus = "-" if one.value < 0 and not one.printed.startswith("-") else ""
        out.append(
            {
                "序号": first + index,
                "位置": section,
                "名称": _named(one),
                "学段": one.stage if one.stage in STAGES.values() else "全县",
                "年份": one.year,
                "原文数字": f"{minus}{_digits(one)}",
                "单位": one.unit.removeprefix("个") if one.unit == "个百分点" else one.unit,
                "限定词": one.qualifier,
                "指标代码": item_of(one),
                "算式": _numbered(formulas.get(index, ""), first),
                "备注": notes.get(index, ""),
            }
        )
    return out


def _numbered(formula: str, first: int) -> str:
    return re.sub(r"#(\d+)", lambda match: f"#{int(match[1]) + first}", formula)


def fill_workbook(check: Check, path: Path) -> int:
    """Write a report's figures below those that the workbook holds; return how many.

    Raises ParameterError where there is no workbook, or one without the sheet.
    """
    from openpyxl import load_workbook

    from dudao_pipeline.intake.template.grid import Grid
    from dudao_pipeline.intake.template.saving import save

    if not path.is_file():
        raise ParameterError(
            f"没有这个报送表：{path}。请先运行 dudao template --county 代码 --year 年度 -o {path}。"
        )
    try:
        workbook = load_workbook(path, keep_links=False)
        grid = Grid(workbook[CLAIMS])
    except Exception as error:
        raise ParameterError(
            f"{path.name} 不是报送表，或没有“{CLAIMS}”表。请用模板重试。"
        ) from error
    lacking = {"序号", "名称", "原文数字", "算式"} - set(grid.columns)
    if lacking:
        raise ParameterError(
            f"{path.name} 的“{CLAIMS}”表缺少列：{'、'.join(sorted(lacking))}。请用新模板重试。"
        )
    used = [row for row, number, name in grid.triples("序号", "名称") if number or name]
    row = max([grid.first - 1, *used]) + 1
    numbers = [n for _, n, _ in grid.triples("序号", "名称") if isinstance(n, int | float)]
    lines = rows(check, int(max(numbers, default=0)) + 1)
    for offset, line in enumerate(lines):
        grid.put(row + offset, line)
    save(workbook, path)
    return len(lines)


def _digits(one: Figure) -> str:
    """Return the number as printed, in half-width digits; a numeral by its value."""
    digits = one.printed.replace(",", "").replace(" ", "")
    return digits if re.fullmatch(r"-?\d+(?:\.\d+)?", digits) else plain(abs(one.value))
