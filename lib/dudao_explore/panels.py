"""Panels of the exploring notebook: choose, sort, compare, look up, try out; no code to write."""

import math
from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from typing import Any

import ipywidgets as widgets
import itables
import pandas as pd
from IPython.display import HTML, display
from pandas.api.types import is_numeric_dtype

from dudao.base.errors import DudaoError, ScenarioError
from dudao.base.rounding import plain
from dudao.case import Case
from dudao.comparison.peers.standing import standings
from dudao.facts import county_names, store
from dudao.facts.cells import REPORTED
from dudao.facts.items import STAGES, describe, item
from dudao.indicators.schools import BALANCED_STAGES, SCHOOL_RESOURCES
from dudao.law.topics import OVERVIEW
from dudao.show import peers
from dudao_explore import cheapest_plans, questions, school_questions
from dudao_explore.what_if import NAME, WhatIf, school_choices, school_named, what_if

LISTED = 60  # counties that a list shows; of more, the name is typed
Ask = Callable[[Case, str], pd.DataFrame]
_WIDE = widgets.Layout(width="98%")
_FIRST = "幼儿园专任教师"
FIRST_COMPARED = "生师比"  # where no word is written: all that there is would be thousands of rows
_RED = '<p style="color:#b3261e;font-weight:bold">{}</p>'
_STAGES = [(STAGES[code], code) for code in BALANCED_STAGES]


def start() -> None:
    """Let tables sort and filter without a network."""
    itables.init_notebook_mode(all_interactive=False, connected=False)


def _table(frame: pd.DataFrame, *, wraps: bool = False) -> None:
    language = {
        "search": "筛选：",
        "emptyTable": "没有数据",
        "zeroRecords": "没有符合的行",
        "info": "共 _TOTAL_ 行",
        "infoEmpty": "共 0 行",
        "infoFiltered": "（从 _MAX_ 行中筛选）",
        "lengthMenu": "每页 _MENU_ 行",
    }
    shown = questions.whole(frame.reset_index(drop=frame.index.name is None))
    numbers = [is_numeric_dtype(kind) for kind in shown.dtypes]
    shown = shown.apply(_printed)
    sides = (("dt-left", False), ("dt-right", True))
    itables.show(
        shown,
        columnDefs=[
            {"className": name, "targets": [at for at, one in enumerate(numbers) if one == is_on]}
            for name, is_on in sides
        ],
        language=language,
        paging=False,
        scrollY="420px",
        scrollCollapse=True,
        scrollX=True,
        classes="display compact" if wraps else "display compact nowrap",
        showIndex=False,
        maxBytes=0,
        connected=False,
    )


def _printed(column: pd.Series) -> pd.Series:
    """Return the numbers of a column with the same decimals, nothing where there is none."""
    if not is_numeric_dtype(column):
        return column
    decimals = max((len(plain(v).partition(".")[2]) for v in column.dropna()), default=0)
    return column.map(lambda value: "" if pd.isna(value) else f"{value:.{decimals}f}")


@cache
def _case(county: str, year: int, version: int = 0, notebook: str = OVERVIEW) -> Case:
    return questions.open_county(county, year, notebook, version=version)


def _choices() -> list[tuple[str, str]]:
    named = county_names.names()
    return [
        (f"{name}（{code}）" if code not in name else name, code)
        for code, name in sorted(named.items(), key=lambda pair: pair[1])
    ]


def _fullest() -> str:
    """Return the county that reports most: what one sees first should have something to show."""
    counts = {
        code: sum(len(codes) for codes in store.meta(code, year).get("reported", {}).values())
        for code, year in store.submissions()
    }
    return max(counts, key=lambda code: counts[code], default="")


class Chooser(widgets.HBox):
    """A county by name, an evaluation year and, where there are several, a version."""

    def __init__(self, label: str = "县（区）", county: str = ""):
        options = _choices()
        names = [name for name, _ in options]
        start = county or _fullest()
        chosen = next((name for name, code in options if code == start), "")
        layout = widgets.Layout(width="340px")
        kind = widgets.Dropdown if 0 < len(names) <= LISTED else widgets.Combobox
        self.county = kind(options=names, value=chosen, description=label, layout=layout)
        self.year = widgets.Dropdown(description="评价年度", layout=widgets.Layout(width="200px"))
        self.version = widgets.Dropdown(description="版次", layout=widgets.Layout(width="200px"))
        super().__init__([self.county, self.year, self.version])
        self.county.observe(lambda _: self._set_years(), "value")
        self.year.observe(lambda _: self._set_versions(), "value")
        self._set_years()

    @property
    def code(self) -> str:
        """Return the code of the chosen or typed county; DudaoError names the nearest."""
        listed = dict(_choices())
        return listed.get(self.county.value) or county_names.code_in_store(
            self.county.value, county_names.names()
        )

    def _set_years(self) -> None:
        try:
            code = self.code
        except DudaoError:
            self.year.options = ()
            return
        years = sorted((y for c, y in store.submissions() if c == code), reverse=True)
        self.year.options = [(f"{year}年", year) for year in years]
        self.year.value = years[0]
        self._set_versions()

    def _set_versions(self) -> None:
        """Offer the versions of a submission that was corrected; of others there is one."""
        listed = store.versions(self.code, self.year.value) if self.year.value else []
        newest = [(f"第{listed[-1]}版（最新）", 0)] if listed else []
        self.version.options = [*newest, *((f"第{n}版", n) for n in reversed(listed[:-1]))]
        self.version.index = 0 if listed else None  # the widget leaves it blank
        self.version.layout.display = "" if len(listed) > 1 else "none"

    def opened(self, notebook: str = OVERVIEW) -> Case:
        """Return the case of the choice."""
        code = self.code
        years = [year for stored_code, year in store.submissions() if stored_code == code]
        year = self.year.value if self.year.value in years else max(years)
        return _case(code, year, self.version.value or 0, notebook)


def _panel(*controls: widgets.Widget, show: Callable[[], None]) -> widgets.VBox:
    """Return controls with what they show below; a mistake is one red sentence."""
    output = widgets.Output(layout=_WIDE)

    def update(_change: object = None) -> None:
        output.clear_output(wait=True)
        with output:
            try:
                show()
            except DudaoError as error:
                display(HTML(_RED.format(escape(str(error)))))

    def watch(widget: widgets.Widget) -> None:
        for child in getattr(widget, "children", ()):
            watch(child)
        if isinstance(widget, widgets.ValueWidget):
            widget.observe(update, "value")

    for control in controls:
        watch(control)
    update()
    return widgets.VBox(
        [widgets.HBox(list(controls), layout=widgets.Layout(flex_flow="row wrap")), output]
    )


def _word(text: str = "指标") -> widgets.Text:
    return widgets.Text(
        description=text, placeholder="名称的一部分，可写几个词", continuous_update=False
    )


def results_panel() -> widgets.VBox:
    """Return the checks of a county: sorted and filtered by result, word, point."""
    chooser, word = Chooser(), _word("检查")
    result = widgets.Dropdown(
        options=["全部", "未达标", "待定", "达标", "参考", "不适用"], description="结果"
    )

    def show() -> None:
        frame = questions.judgements(chooser.opened(), word.value)
        _table(frame if result.value == "全部" else frame[frame["结果"] == result.value])

    return _panel(chooser, word, result, show=show)


_POINT_VIEWS: dict[str, Ask] = {
    "各要点和原因": questions.points,
    "先改什么": questions.first_problems,
}


def points_panel() -> widgets.VBox:
    """Return the points of a county with their reasons, or what is to be mended first."""
    chooser, word = Chooser(), _word("要点")
    view = widgets.ToggleButtons(options=list(_POINT_VIEWS), description="看什么")
    result = widgets.Dropdown(options=["全部", "未达标", "待定", "达标"], description="结果")

    def show() -> None:
        frame = _POINT_VIEWS[view.value](chooser.opened(), word.value)
        if "结果" in frame and result.value != "全部":
            frame = frame[frame["结果"] == result.value]
        _table(frame, wraps=True)

    return _panel(chooser, view, word, result, show=show)


_SCHOOL_VIEWS: dict[str, Ask] = {
    "七项资源": school_questions.school_table,
    "班额、规模、专用教室": school_questions.class_table,
    "差异系数由谁造成": school_questions.spread_table,
    "按城乡合计": lambda case, stage: school_questions.group_table(case, stage, "城乡"),
    "按办学类型合计": lambda case, stage: school_questions.group_table(case, stage, "办学类型"),
    "几个学段共用的学校": lambda case, _stage: school_questions.shared_table(case),
}


def schools_panel() -> widgets.VBox:
    """Return the schools of a stage: resources, classes, what spreads them, what they share."""
    chooser = Chooser()
    stage = widgets.ToggleButtons(options=_STAGES, description="学段")
    view = widgets.Dropdown(options=list(_SCHOOL_VIEWS), description="看什么")
    failing = widgets.Checkbox(description="只看未达标的学校")

    def show() -> None:
        frame = _SCHOOL_VIEWS[view.value](chooser.opened("10_schools"), stage.value)
        if failing.value:
            frame = frame[(frame == "未达标").any(axis=1)]
        _table(frame)

    return _panel(chooser, stage, view, failing, show=show)


def ranking_panel() -> widgets.VBox:
    """Return where a county stands among the counties, or one quantity over all of them."""
    chooser, word = Chooser(), _word()
    behind = widgets.Checkbox(description="只看差于中位数的")
    view = widgets.ToggleButtons(options=["本县的位次", "一项指标各县对照"], description="看什么")

    def show() -> None:
        case = chooser.opened()
        if view.value == view.options[1]:
            _table(questions.all_counties(case, word.value or FIRST_COMPARED))
            return
        frame = questions.compare_peers(case, word.value)
        _table(frame[frame["与中位数比"] == "差于"] if behind.value else frame)
        display(peers.lines_table(standings(case)))

    return _panel(chooser, view, word, behind, show=show)


def comparison_panel() -> widgets.VBox:
    """Return two counties, or two years or two versions of one county, side by side."""
    options = [code for _, code in _choices()]
    left, right = Chooser("甲县"), Chooser("乙县", options[1] if len(options) > 1 else "")
    word = _word("检查")
    differing = widgets.Checkbox(description="只看不同的")

    def show() -> None:
        pair = left.opened(), right.opened()
        _table(questions.compare_counties(*pair, word=word.value, only_different=differing.value))

    return _panel(left, right, word, differing, show=show)


def _one_of(asks: Mapping[str, Ask], word: widgets.Text, about: str) -> widgets.VBox:
    """Return a panel with the answers to one of some questions about a county and a word."""
    chooser = Chooser()
    kind = widgets.ToggleButtons(options=list(asks), description=about)

    def show() -> None:
        _table(asks[kind.value](chooser.opened(), word.value))

    return _panel(chooser, word, kind, show=show)


def years_panel() -> widgets.VBox:
    """Return the same county in three years: its checks, or the figures that it reports."""
    asks = {"各项检查": questions.compare_years, "所报数据": questions.compare_data}
    return _one_of(asks, _word("名称"), "看什么")


def missing_panel() -> widgets.VBox:
    """Return what a county has not filled, first what undecided points wait for."""
    chooser, word = Chooser(), _word("名称")

    def show() -> None:
        frame = questions.missing(chooser.opened(), word.value)
        if frame.empty:
            which = f"名称中有“{escape(word.value)}”的" if word.value.strip() else ""
            display(HTML(f"<p>数据年没有{which}缺的格，待定的要点也不等本县补充。</p>"))
        else:
            _table(frame)

    return _panel(chooser, word, show=show)


def sources_panel() -> widgets.VBox:
    """Return where a figure comes from: cell, formula; and the clause of a standard."""
    word = _word()
    word.value = FIRST_COMPARED
    return _one_of({"数从哪来": questions.sources, "标准的依据": questions.citations}, word, "查")


def _slider(value: float, whole: bool) -> widgets.Widget:
    high = max(value * 2, 10.0)
    step = 1 if whole else max(round(high / 400, 2), 0.01)
    kind = widgets.IntSlider if whole else widgets.FloatSlider
    number = int if whole else float
    return kind(
        value=number(value),
        min=0,
        max=number(high),
        step=number(step),
        description="试为",
        layout=widgets.Layout(width="60%"),
        style={"description_width": "40px"},
    )


class WhatIfPanel(widgets.VBox):
    """Sliders on county and school figures; the checks that change are shown at once."""

    def __init__(self) -> None:
        self.chooser = Chooser()
        self.item = widgets.Combobox(
            description="指标",
            ensure_option=True,
            layout=widgets.Layout(width="340px"),
            placeholder="写名称的一部分，从列表中选",
        )
        self.school = widgets.Combobox(
            description="学校", placeholder="不写为县级数据", layout=widgets.Layout(width="300px")
        )
        self.slider = _slider(0, True)
        self.exact = widgets.FloatText(
            description="或写", continuous_update=False, layout=widgets.Layout(width="180px")
        )
        self.actual = widgets.Label()
        self.figures: dict[str, tuple[str, str, float]] = {}
        self.kept: list[dict[str, Any]] = []
        self.own_files: set[str] = set()
        self.list = widgets.HTML()
        self.text = widgets.HTML()
        self.keep = widgets.Button(description="记下这一条", icon="plus")
        self.clear = widgets.Button(description="清空")
        self.name = widgets.Text(description="情景名称", value="我的试算")
        self.save = widgets.Button(description="存为情景文件")
        self.saved = widgets.HTML()
        self.box = widgets.HBox([self.slider])
        super().__init__(
            [
                widgets.HBox(
                    [self.chooser, self.item, self.school],
                    layout=widgets.Layout(flex_flow="row wrap"),
                ),
                self.box,
                widgets.HBox([self.keep, self.clear, self.name, self.save]),
                self.saved,
                self.list,
                self.text,
            ]
        )
        for choice in (self.chooser.county, self.chooser.year, self.chooser.version):
            choice.observe(self._county_changed, "value")
        self.item.observe(self._figure_changed, "value")
        self.school.observe(self._school_changed, "value")
        self.exact.observe(self._written, "value")
        self.keep.on_click(self._keep)
        self.clear.on_click(self._clear)
        self.save.on_click(self._save)
        self._county_changed()

    def _figures(self) -> dict[str, tuple[str, str, float]]:
        table = self.case.facts.table
        reported = table[
            (table["status"] == REPORTED) & (table["data_year"] == self.case.year.data_year)
        ]
        rows = reported[reported["school"] == self._school_code()]
        return {
            f"{describe(r.item, r.stage)}（{item(r.item).unit}）": (r.item, r.stage, r.value)
            for r in rows.itertuples()
            if not item(r.item).is_derived
        }

    def _school_code(self) -> str:
        """Return the code of the chosen school, none for the county; ScenarioError if unknown."""
        written = self.school.value.strip()
        return school_named(self.case, written) if written else ""

    def _county_changed(self, _change: object = None) -> None:
        """Begin anew with another county, year or version: what was kept is not about it."""
        try:
            self.case = self.chooser.opened()
        except DudaoError as error:
            self.text.value = _RED.format(error)
            return
        self.kept.clear()
        self.list.value = ""
        self.school.options = sorted(school_choices(self.case))
        self.school.value = ""
        self._school_changed()

    def _school_changed(self, _change: object = None) -> None:
        try:
            self.figures = self._figures()
        except DudaoError as error:
            self.figures = {}
            self._nothing_to_move(_RED.format(error))
            return
        chosen = self.item.value
        self.item.options = list(self.figures)
        default = [name for name in self.figures if name == chosen or name.startswith(_FIRST)]
        self.item.value = (default or list(self.figures) or [""])[0]
        self._figure_changed()

    def _nothing_to_move(self, text: str) -> None:
        self.box.children, self.text.value = [], text

    def _figure_changed(self, _change: object = None) -> None:
        if self.item.value not in self.figures:
            self._nothing_to_move("<p>请从列表中选一个已填报的指标。</p>")
            return
        _, _, value = self.figures[self.item.value]
        self.slider = _slider(value, value == int(value))
        self.exact.value = value
        self.slider.observe(self._moved, "value")
        self.box.children = [self.slider, self.exact, self.actual]
        self._moved()

    def _written(self, change: Any) -> None:
        """Let the slider reach a number that was written, beyond its end too."""
        if change.new >= 0 and change.new != self.slider.value:
            number = type(self.slider.value)
            self.slider.max = max(self.slider.max, number(math.ceil(change.new)))
            self.slider.value = number(change.new)
        self.exact.value = self.slider.value

    def _change(self) -> dict[str, Any]:
        if self.item.value not in self.figures:
            raise ScenarioError("请从列表中选一个已填报的指标。")
        code, stage, _ = self.figures[self.item.value]
        change = {"item": code, "stage": stage, "set": self.slider.value}
        return {**change, "school": school} if (school := self._school_code()) else change

    def trial(self) -> WhatIf:
        """Return what the sliders assume: a figure may move checks of any notebook."""
        return what_if(self.case, *self.kept, self._change())

    def _explanation(self) -> str:
        """Return what the chosen figure is, and by how much the trial moves it."""
        code, stage, value = self.figures[self.item.value]
        unit, by = item(code).unit, self.slider.value - value
        moved = f"，{'增加' if by > 0 else '减少'} {plain(abs(by))}{unit}" if by else ""
        whole = self._school_code() and self.case.facts.get(code, stage).status == REPORTED
        alone = "；县级指标中同名的数没有随之改动，要改请另记一条" if whole else ""
        return f"实际 {plain(value)}{unit}{moved}{alone}"

    def _moved(self, _change: object = None) -> None:
        try:
            trial = self.trial()
        except DudaoError as error:
            self.text.value = _RED.format(error)
            return
        self.exact.value, self.actual.value = self.slider.value, self._explanation()
        changed, points = trial.changed, trial.points
        head = (
            f"<p><b>{NAME}，不是实际数据。</b>变化的检查{len(changed)}项，要点{len(points)}个。"
            f"{trial.note}</p>"
        )
        self.text.value = head + "".join(
            frame.to_html(index=False) for frame in (points, changed) if len(frame)
        )

    def _keep(self, _button: object) -> None:
        try:
            self.kept.append(self._change())
        except DudaoError as error:
            self.text.value = _RED.format(error)
            return
        names = self.case.facts.school_names()
        lines = (
            f"<li>{names.get(c.get('school', ''), '')}{describe(c['item'], c['stage'])}"
            f" 改为 {plain(c['set'])}{item(c['item']).unit}</li>"
            for c in self.kept
        )
        self.list.value = f"<p>已记下：</p><ol>{''.join(lines)}</ol>"

    def _clear(self, _button: object) -> None:
        self.kept.clear()
        self.list.value = ""
        self._moved()

    def _save(self, _button: object) -> None:
        """Save the trial; a file that this panel has not written is never replaced."""
        name = self.name.value
        try:
            self.saved.value = self.trial().save(name, overwrite=name in self.own_files)
            self.own_files.add(name)
        except (DudaoError, OSError) as error:
            self.saved.value = _RED.format(error)


def least_cost_panel() -> widgets.VBox:
    """Return the least that every school and every coefficient needs; prices if they are given."""
    chooser = Chooser()
    stage = widgets.ToggleButtons(options=_STAGES, description="学段")
    prices = [
        widgets.FloatText(
            value=0, description=item(code).label, style={"description_width": "150px"}
        )
        for code in SCHOOL_RESOURCES
    ]
    source = widgets.Text(description="单价来源", continuous_update=False)
    entry = widgets.Accordion([widgets.VBox([*prices, source])], titles=("单价（元，可不填）",))

    def show() -> None:
        named = {code: box.value for code, box in zip(SCHOOL_RESOURCES, prices, strict=True)}
        asked = cheapest_plans.Prices(named, source.value) if any(named.values()) else None
        plan = cheapest_plans.least_plan(chooser.opened("10_schools"), stage.value, asked)
        display(HTML(f"<p>{plan.sentence}</p>"))
        if not plan.plan.missing:
            _table(plan.table)

    return _panel(chooser, stage, entry, show=show)
