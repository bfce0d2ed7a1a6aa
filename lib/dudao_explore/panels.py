"""Panels of the exploring notebook: choose, sort, compare, look up, try out; no code to write."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import ipywidgets as widgets
import itables
import pandas as pd
from IPython.display import HTML, display
from pandas.api.types import is_numeric_dtype

from dudao.base.errors import DudaoError
from dudao.base.rounding import plain
from dudao.case import Case
from dudao.comparison.peers.standing import standings
from dudao.facts import county_names, store
from dudao.facts.items import STAGES, describe, item
from dudao.indicators.schools import BALANCED_STAGES, SCHOOL_RESOURCES
from dudao.law.topics import OVERVIEW, notebook_of
from dudao.show import peers
from dudao_explore import cheapest_plans, questions
from dudao_explore.what_if import NAME, WhatIf, what_if

LISTED = 60  # counties that a list shows; of more, the name is typed
_WIDE = widgets.Layout(width="98%")
_FIRST = "幼儿园专任教师"
_RED = '<p style="color:#b3261e;font-weight:bold">{}</p>'
_STAGES = [(STAGES[code], code) for code in BALANCED_STAGES]


def start() -> None:
    """Let tables sort and filter without a network."""
    itables.init_notebook_mode(all_interactive=False, connected=False)


def _table(frame: pd.DataFrame) -> None:
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
        classes="display compact nowrap",
        showIndex=False,
        maxBytes=0,
        connected=False,
    )


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
                display(HTML(_RED.format(error)))

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


def schools_panel() -> widgets.VBox:
    """Return the schools of a stage: values, standards, what fails, what each still needs."""
    chooser = Chooser()
    stage = widgets.ToggleButtons(options=_STAGES, description="学段")
    failing = widgets.Checkbox(description="只看未达标的学校")

    def show() -> None:
        frame = questions.school_table(chooser.opened("10_schools"), stage.value)
        _table(frame[frame["本校"] == "未达标"] if failing.value else frame)

    return _panel(chooser, stage, failing, show=show)


def ranking_panel() -> widgets.VBox:
    """Return where a county stands among the counties in the store and against the nation."""
    chooser = Chooser()

    def show() -> None:
        case = chooser.opened()
        ranks = standings(case)
        shown = (peers.behind_table, peers.ahead_table, peers.lines_table)
        display(*(table(ranks) for table in shown))

    return _panel(chooser, show=show)


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


def years_panel() -> widgets.VBox:
    """Return the same county in three years."""
    chooser, word = Chooser(), _word("检查")
    return _panel(
        chooser, word, show=lambda: _table(questions.compare_years(chooser.opened(), word.value))
    )


def sources_panel() -> widgets.VBox:
    """Return where a figure comes from: cell, formula; and the clause of a standard."""
    chooser, word = Chooser(), _word()
    word.value = "生师比"
    kind = widgets.ToggleButtons(options=["数从哪来", "标准的依据"], description="查")

    def show() -> None:
        ask = questions.sources if kind.value == "数从哪来" else questions.citations
        _table(ask(chooser.opened(), word.value))

    return _panel(chooser, word, kind, show=show)


def _affected(changes: Iterable[dict[str, Any]]) -> list[str]:
    """Return the notebooks that the items of some changes are about."""
    topics = (topic for change in changes for topic in item(change["item"]).topics)
    return sorted({notebook_of(topic) for topic in topics})


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
        self.kept: list[dict[str, Any]] = []
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
        self.chooser.county.observe(self._county_changed, "value")
        self.chooser.year.observe(self._county_changed, "value")
        self.item.observe(self._figure_changed, "value")
        self.school.observe(self._county_changed, "value")
        self.keep.on_click(self._keep)
        self.clear.on_click(self._clear)
        self.save.on_click(self._save)
        self._county_changed()

    def _figures(self) -> dict[str, tuple[str, str, float]]:
        table = self.case.facts.table
        reported = table[
            (table["status"] == "reported") & (table["data_year"] == self.case.year.data_year)
        ]
        rows = reported[reported["school"] == self._school_code()]
        return {
            f"{describe(r.item, r.stage)}（{item(r.item).unit}）": (r.item, r.stage, r.value)
            for r in rows.itertuples()
            if not item(r.item).is_derived
        }

    def _school_code(self) -> str:
        codes = {name: code for code, name in self.case.facts.school_names().items()}
        return codes.get(self.school.value, "")

    def _county_changed(self, _change: object = None) -> None:
        try:
            self.case = self.chooser.opened()
        except DudaoError as error:
            self.text.value = _RED.format(error)
            return
        self.school.options = sorted(self.case.facts.school_names().values())
        self.figures = self._figures()
        self.item.options = list(self.figures)
        default = [name for name in self.figures if name.startswith(_FIRST)] or list(self.figures)
        self.item.value = default[0] if default else ""
        self._figure_changed()

    def _figure_changed(self, _change: object = None) -> None:
        if self.item.value not in self.figures:
            return
        code, _, value = self.figures[self.item.value]
        self.slider = _slider(value, value == int(value))
        self.slider.observe(self._moved, "value")
        self.box.children = [self.slider, widgets.Label(f"实际 {plain(value)}{item(code).unit}")]
        self._moved()

    def _change(self) -> dict[str, Any]:
        code, stage, _ = self.figures[self.item.value]
        change = {"item": code, "stage": stage, "set": self.slider.value}
        return {**change, "school": school} if (school := self._school_code()) else change

    def trial(self) -> list[WhatIf]:
        """Return what the sliders assume, for each notebook that the figures are about."""
        changes = [*self.kept, self._change()]
        whole = what_if(self.case, *changes)
        pairs = (
            (whole.before.shown_by(name), whole.after.shown_by(name)) for name in _affected(changes)
        )
        return [WhatIf(before, after, whole.raw) for before, after in pairs]

    def _moved(self, _change: object = None) -> None:
        try:
            trials = self.trial()
        except DudaoError as error:
            self.text.value = _RED.format(error)
            return
        changed = pd.concat([trial.changed for trial in trials]).drop_duplicates()
        points = pd.concat([trial.points for trial in trials]).drop_duplicates()
        head = (
            f"<p><b>{NAME}，不是实际数据。</b>变化的检查{len(changed)}项，要点{len(points)}个。</p>"
        )
        self.text.value = head + "".join(
            frame.to_html(index=False) for frame in (points, changed) if len(frame)
        )

    def _keep(self, _button: object) -> None:
        self.kept.append(self._change())
        lines = (
            f"<li>{describe(c['item'], c['stage'])} 改为 {plain(c['set'])}</li>" for c in self.kept
        )
        self.list.value = f"<p>已记下：</p><ol>{''.join(lines)}</ol>"

    def _clear(self, _button: object) -> None:
        self.kept.clear()
        self.list.value = ""
        self._moved()

    def _save(self, _button: object) -> None:
        try:
            self.saved.value = what_if(self.case, *self.kept, self._change()).save(
                self.name.value, overwrite=True
            )
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
