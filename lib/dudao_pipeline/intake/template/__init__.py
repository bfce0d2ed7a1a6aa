"""The workbook that a county fills in: built from the scheme of its year and the dictionary."""

from datetime import datetime

from openpyxl import Workbook

from dudao.facts.store import Stored
from dudao.law import framework_for
from dudao.law.dates import EvaluationYear
from dudao_pipeline.intake.handed_in import as_handed_in
from dudao_pipeline.intake.template import county_sheet as county_sheet
from dudao_pipeline.intake.template import guide, lists
from dudao_pipeline.intake.template.fields import LIST_SHEETS
from dudao_pipeline.intake.template.filling import fill, fill_last_year, fill_origin
from dudao_pipeline.intake.template.frame import Frame, options
from dudao_pipeline.intake.template.saving import save, to_bytes

__all__ = ["build", "fill", "fill_last_year", "fill_origin", "save", "to_bytes"]


def build(
    county: str, county_name: str, year: int, area: str = "", *, short: bool = False
) -> Workbook:
    """Return the empty workbook of a county and evaluation year; LawError without a scheme.

    short: with the cells alone that a rule in force reads, and the papers and points that people
    judge.
    """
    framework = framework_for(year, area or county)
    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook.properties.creator = "dudao"
    workbook.properties.title = f"{county_name}{year}年评价数据报送表"
    workbook.properties.created = datetime(year, 1, 1)  # no clock: same inputs, same bytes
    frame = Frame(workbook, county, county_name, EvaluationYear(year), framework, area, short)
    guide.add(frame)
    county_sheet.add(frame)
    for name in LIST_SHEETS:
        lists.add(frame, name)
    options(frame)
    workbook.active = 0
    workbook.active.sheet_view.tabSelected = True
    return workbook


def of_submission(stored: Stored, county: str, year: int, name: str) -> tuple[Workbook, list[str]]:
    """Return a stored submission as a filled workbook, and what has no place in it.

    name: of the file that it becomes.
    """
    workbook = build(county, stored.meta["county_name"], year, stored.area)
    lost = fill(workbook, as_handed_in(stored, county, year, name))
    fill_origin(workbook, stored.meta)
    return workbook, lost
