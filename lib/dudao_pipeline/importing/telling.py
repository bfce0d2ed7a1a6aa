"""What an import says: every table with its columns, what was left out and why, what is asked."""

from collections.abc import Iterable, Iterator

from dudao.base.short_lists import name_first, tell_first
from dudao.facts.sheet_layout import KINDERGARTENS, SCHOOLS
from dudao_pipeline.importing.filling_by_plan import Imported
from dudao_pipeline.importing.import_plans import Part, Plan
from dudao_pipeline.intake.comments import tell_comments

FEW = 3  # places that a sentence names
SHOWN = 40  # questions and conflicts that a window shows; the record holds them all


def _line(part: Part) -> str:
    first = f"　前几行：{'、'.join(part.first)}" if part.first else ""
    if part.use and part.target:
        sure = f"（把握{part.meaning.score:.2f}，{part.why}）" if part.meaning.score else ""
        return f"  {part.called} {part.head} → {part.target}{sure}{first}"
    if part.use:
        return f"  {part.called} {part.head}：{part.why}{first}"
    likely = f"，像是“{part.target}”" if part.target else ""
    return f"  {part.called} {part.head}：未读取，{part.why or '没有相应的指标'}{likely}{first}"


def lines_of(plan: Plan) -> Iterator[str]:
    """Yield what became of a table, every column of it."""
    table = plan.table
    first, last = table.head
    head = f"第{first}行" if first == last else f"第{first}至{last}行"
    source = f"，按对应表 {plan.from_map}" if plan.from_map else ""
    shape = f"（{table.shape}）" if table.shape else ""
    rows = f"{len(table.rows)}{'所' if table.shape else '行数据'}"
    yield f"{plan.where}：表头{head}，{rows}，按“{plan.kind}”读取{shape}{source}。"
    yield from (f"  {text}" for text in plan.notices)
    if plan.notices and not table.rows:
        return
    for part in plan.columns:
        yield _line(part)
    lost = [part.head for part in plan.rows if not part.use]
    if lost:
        yield f"  未读取的行：{name_first(lost, SHOWN, '行', between='；')}"
    if personal := [part.head for part in plan.columns if part.meaning.is_personal]:
        yield f"  个人信息已略去：{'、'.join(personal)}（不导入、不写入对应表）。"
    if table.totals and plan.kind in (SCHOOLS, KINDERGARTENS):
        yield f"  合计行（第{name_first([*map(str, table.totals)], 5)}行）未作为学校读取。"
    if table.formulas:
        yield f"  {table.formulas}格是公式，按表中显示的值读取。"
    if table.unread:
        named = "；".join(table.unread[:5])
        yield f"  {len(table.unread)}格没有读取，请在原表改好或在报送表中填：{named}。"
    if table.headless:
        yield f"  {'、'.join(table.headless[:5])}等{len(table.headless)}格没有表头，未读取。"
    if table.comments:
        listed, _ = tell_comments(table.comments, (table.origin or table).text)
        yield f"  有批注，未读取：{listed}。批注中如有应报的数，请改填到格中。"
    if table.notes:
        yield f"  表下的说明{len(table.notes)}行未读取。"


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
