"""What an import says: every table with its columns, what was left out and why, what is asked."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dudao.base.short_lists import name_first, tell_first
from dudao.facts.sheet_layout import KINDERGARTENS, SCHOOLS
from dudao_pipeline.importing.filling_by_plan import Imported
from dudao_pipeline.importing.import_plans import Plan
from dudao_pipeline.intake.comments import tell_comments

FEW = 3  # places that a sentence names
SHOWN = 40  # questions and conflicts that a window shows; the record holds them all


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent)
    made = Environment(
        loader=loader, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    made.filters["name_first"] = name_first
    made.globals["SHOWN"] = SHOWN
    return made


def lines_of(plan: Plan) -> list[str]:
    """Return what became of a table, every column of it."""
    table = plan.table
    comments = table.comments and tell_comments(table.comments, (table.origin or table).text)[0]
    text = (
        _environment()
        .get_template("plan.txt.j2")
        .render(
            plan=plan,
            table=table,
            comments=comments,
            of_schools=plan.kind in (SCHOOLS, KINDERGARTENS),
        )
    )
    return text.rstrip("\n").split("\n")


def tell(plans: Iterable[Plan]) -> None:
    """Print what became of every table."""
    for plan in plans:
        print("\n".join(lines_of(plan)))


def summary(done: Imported) -> Iterator[str]:
    """Yield what was put in, what two places say differently, and what is asked."""
    yield f"写入报送表{len(done.put)}格。"
    if done.numbered:
        code, name = done.numbered[0]
        yield (
            f"{len(done.numbered)}所学校（园）没有代码，按“县代码＋四位顺序号”编号，"
            f"如{name}为{code}；有学校标识码的请更正。"
        )
    if done.dashes:
        cells = name_first(done.dashes, FEW, "格")
        yield f"写“—”“无”等的{cells}按没有数据处理，未写入；确为零请在报送表填0。"
    for title, listed in (("两处不一致", done.conflicts), ("待确认", done.questions)):
        for text in tell_first(listed, SHOWN, "其余{}条见导入记录。"):
            yield f"{title}：{text}"
