"""Published pages in Chromium: nothing loads, nothing runs, everybody can read and reach them."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from dudao.base import workspace
from dudao.show.tables import Marked, table
from dudao_pipeline.publish.checklist import page_errors
from dudao_pipeline.publish.pages.page import PageInfo, notebook_to_html
from dudao_pipeline.publish.site.site_pages import write_site
from tests import hostile
from tests.command_line import dudao
from tests.unit.made_records import summary

CHROMIUM = shutil.which("chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],  # what passed is not described
}
# Colours are those of the narrow page, where they have been compared.
RULES_BUT_COLOURS = RULES | {"rules": {"color-contrast": {"enabled": False}}}
ROWS = {"exclude": [["tbody tr:nth-child(n+40)"]]}  # rows beyond are made like those before
TYPES = {
    "index": "index.html",
    "problems": "problems.html",
    "province": "2024/province-99.html",
    "city": "2024/city-9901.html",
    "county": "2024/990102/index.html",
    "brief": "2024/990102/brief.html",
    "data": "2024/990102/data.html",
    "indicator": "2024/indicator-02.html",
    "comparison": "2024/province-99-02.html",
    "overview": "2024/990102/00_overview.html",
    "appendix": "2024/990102/02_funding.html",
    "schools": "2024/990102/10_schools.html",
    "basic": "2024/990102/03_basic_education.html",
}
NARROW = 390  # pixels: what is wide scrolls then, so that more can be out of reach
WIDE = ("index", "county", "comparison", "appendix")  # one of each template, looked at wide too
FOCUSABLE = "a[href], summary, input, button, [tabindex='0']"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "chromium is not installed: run tools/test_programs.sh"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    base = tmp_path_factory.mktemp("页 面")
    places = {"DUDAO_STORE": str(base / "store"), "DUDAO_OUTPUTS": str(base / "outputs")}
    example = workspace.data() / "example" / "990102-2024"
    for command in (["ingest", example], ["run", "--notebook", "00,02,03,10"], ["publish"]):
        done = dudao(*map(str, command), **places)
        assert done.returncode == 0, done.stderr
    return base / "outputs"


def opened(browser, path: Path, width: int = 1280):
    """Open a page without a network; return it with all that it asked for and complained of."""
    context = browser.new_context(offline=True, viewport={"width": width, "height": 900})
    tab, wanted, told = context.new_page(), [], []
    tab.on("request", lambda request: wanted.append(request.url))
    tab.on("console", lambda message: told.append(message.text))
    tab.on("pageerror", lambda error: told.append(str(error)))
    tab.on("dialog", lambda dialog: (told.append(f"dialog {dialog.message}"), dialog.dismiss()))
    tab.goto(path.as_uri())
    return tab, [url for url in wanted if url != path.as_uri()], told


def assert_quiet(wanted: list[str], told: list[str]) -> None:
    assert [url for url in wanted if not url.startswith("data:")] == []
    assert told == []


@pytest.fixture(scope="module")
def pages(chromium, site):
    """Return a page by its type, opened once; a test leaves it as it was."""
    shown: dict[str, tuple] = {}

    def page(name: str) -> tuple:
        if name not in shown:
            shown[name] = opened(chromium, site / TYPES[name])
        shown[name][0].set_viewport_size({"width": 1280, "height": 900})
        return shown[name]

    return page


@pytest.mark.parametrize("name", TYPES)
def test_a_page_loads_nothing_fits_and_has_no_barrier(pages, name):
    from axe_playwright_python.sync_playwright import Axe

    tab, wanted, told = pages(name)
    for width in (1280, 768, NARROW):
        tab.set_viewport_size({"width": width, "height": 900})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        if width == NARROW or (width == 1280 and name in WIDE):
            rules = RULES if width == NARROW else RULES_BUT_COLOURS
            found = Axe().run(tab, context=ROWS, options=rules).response["violations"]
            assert [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in found] == []
    assert_quiet(wanted, told)


LONGEST = {"basic": (12_000, 15), "overview": (12_000, 8), "schools": (12_000, 15)}
SMALLEST = 10  # pixels of a letter of 9 points in a chart


@pytest.mark.parametrize("name", LONGEST)
def test_a_telephone_shows_every_chart_in_letters_that_can_be_read(pages, name):
    tab, _, _ = pages(name)
    tab.set_viewport_size({"width": NARROW, "height": 900})
    results = tab.locator("tr[id^=point-] > :is(.met, .not-met, .undecided):visible")
    box = results.first.bounding_box()
    assert box["x"] + box["width"] <= NARROW
    shown = "svg => [svg.getBoundingClientRect().width, svg.viewBox.baseVal.width]"
    drawn = tab.locator("figure.figure .chart").all()
    assert drawn
    for chart in drawn:  # it is wider than the screen, and scrolls in its own frame
        pixels, points = chart.evaluate(shown)
        assert pixels / points * 9 >= SMALLEST


TOP = "e => Math.round(e.getBoundingClientRect().top)"
CHART, VERDICTS = 1600, 2000  # pixels from the top at which they begin at the latest
HEAVIEST = 300_000  # bytes


@pytest.mark.parametrize("name", LONGEST)
def test_a_reader_sees_chart_and_verdicts_first_and_prints_few_pages(pages, site, name):
    import pypdfium2

    tab, _, _ = pages(name)
    height, most = LONGEST[name]
    assert (site / TYPES[name]).stat().st_size <= HEAVIEST
    assert tab.evaluate("document.documentElement.scrollHeight") <= height
    assert tab.locator("main .chart").first.evaluate(TOP) <= CHART
    verdicts = tab.locator("main table caption", has_text="判定").or_(
        tab.locator("main table caption", has_text="评价要点结果")
    )
    assert verdicts.first.evaluate(TOP) <= VERDICTS
    with pypdfium2.PdfDocument(tab.pdf(prefer_css_page_size=True)) as paper:
        assert len(paper) <= most


def test_a_source_leads_to_the_row_of_the_submitted_data(pages):
    tab, _, _ = pages("basic")
    links = tab.locator('a[href^="data.html#"]')
    assert links.count() > 100
    hrefs = links.evaluate_all("all => [...new Set(all.map(a => a.getAttribute('href')))]")
    ids = set(pages("data")[0].locator("tr[id]").evaluate_all("all => all.map(e => e.id)"))
    assert {href.partition("#")[2] for href in hrefs} <= ids


@pytest.mark.parametrize("name", ["index", "county", "comparison", "appendix"])
def test_the_keyboard_reaches_everything(pages, name):
    tab, _, _ = pages(name)
    for switch in tab.locator(".switches input").all():  # else what is folded is not on the page
        switch.check()
    tab.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    tab.evaluate("document.activeElement.blur()")
    tab.evaluate("() => { window.at = []; addEventListener('focusin', e => at.push(e.target)); }")
    for _ in range(tab.locator(FOCUSABLE).count() + 2):
        tab.keyboard.press("Tab")
    missed = tab.locator(FOCUSABLE).evaluate_all(
        "all => all.filter(e => !at.includes(e)).map(e => e.outerHTML)"
    )
    assert missed == []


def test_rows_are_found_and_sorted_with_a_script_and_all_there_without(chromium, site):
    path = site / TYPES["county"]
    tab, _, _ = opened(chromium, path)
    rows = tab.locator("table[data-filter] tbody tr")
    total = rows.count()
    tab.get_by_label("查找要点").fill("教育支出总额")
    assert [row.is_visible() for row in rows.all()].count(True) == 1
    assert f"显示1行，共{total}行" in tab.locator("output").text_content()
    tab.get_by_label("查找要点").fill("")
    before = rows.first.locator("th").text_content()
    tab.locator("thead button").first.click()
    tab.locator("thead button").first.click()
    assert rows.first.locator("th").text_content() != before
    plain = chromium.new_context(java_script_enabled=False).new_page()
    plain.goto(path.as_uri())
    assert plain.locator("table[data-filter] tbody tr").count() == total
    assert plain.locator("input").count() == 0


def test_amounts_of_schools_are_sorted_and_tried_out_on_the_page_itself(chromium, site):
    tab, _, told = opened(chromium, site / TYPES["schools"])
    tab.get_by_label("展开全部").check()
    table = tab.locator("table", has=tab.locator("caption", has_text="表Ⅰ-1"))
    spreads = tab.locator("table", has=tab.locator("caption", has_text="表Ⅲ")).locator("tbody tr")
    printed = spreads.filter(has_text="小学").evaluate_all(
        "rows => rows.map(row => row.cells[4].textContent)"
    )
    last = table.locator("tfoot td")
    assert last.all_text_contents() == printed and len(printed) == 7
    names = "rows => rows.map(row => row.cells[0].textContent)"
    before = table.locator("tbody tr").evaluate_all(names)
    table.get_by_role("button", name="在校生").click()
    assert table.locator("tbody tr").evaluate_all(names) != before
    numbers = table.locator("tbody td:nth-child(4)").all_text_contents()
    assert numbers == sorted(numbers, key=float)
    tab.get_by_label("改数试算差异系数").first.check()
    table.locator("tbody input").nth(1).fill("300")
    assert last.first.text_content().endswith(f"（原{printed[0]}）")
    table.locator("tbody input").nth(1).fill("")
    assert last.first.text_content().startswith("待定")
    tab.get_by_label("改数试算差异系数").first.uncheck()
    assert last.all_text_contents() == printed
    assert told == []
    plain = chromium.new_context(java_script_enabled=False).new_page()
    plain.goto((site / TYPES["schools"]).as_uri())
    assert plain.locator("tfoot, thead button, .try").count() == 0


def _appendix(strings) -> nbformat.NotebookNode:
    rows = [(text, Marked(text, "met", (text,)), text) for text in strings]
    cells = [
        new_markdown_cell("## 1 数据"),
        _shown(table(strings[0], ("名称", "结果", "备注"), rows)._repr_mimebundle_()),
    ]
    for text in strings:
        picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
        cells += [
            _shown({"image/svg+xml": picture}, {"image/svg+xml": {"alt": text}}),
            _shown({"text/markdown": text}),
            _shown({"text/plain": text}),
        ]
    return new_notebook(cells=cells)


def _shown(data: dict, metadata: dict | None = None):
    output = new_output("display_data", data=data, metadata=metadata or {})
    return new_code_cell("show(名称)", outputs=[output], execution_count=1)


def _info(text: str) -> PageInfo:
    return PageInfo(
        title=text,
        county_name=text,
        county="990100",
        year=2024,
        notebook=text,
        framework_title=text,
        data_version=text,
        fictional=True,
        summary=((text, text, "met"),),
        headline=(text,),
        blocked=(text,),
    )


@pytest.mark.parametrize("width", [1280, 390])
def test_no_hostile_string_runs_or_breaks_an_appendix(chromium, tmp_path, width):
    assert len(hostile.STRINGS) >= 40
    page = notebook_to_html(_appendix(hostile.STRINGS), _info(hostile.STRINGS[0]))
    assert page_errors(page) == []
    path = tmp_path / "appendix.html"
    path.write_text(page, encoding="utf-8")
    tab, wanted, told = opened(chromium, path, width)
    assert_quiet(wanted, told)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    shown = tab.locator("table.dudao tbody tr")
    assert shown.count() == len(hostile.STRINGS)
    assert shown.nth(0).locator("td").nth(0).text_content() == hostile.STRINGS[0]
    assert tab.locator("footer.colophon").is_visible()


@pytest.mark.parametrize("text", hostile.STRINGS)
def test_no_hostile_string_breaks_the_head_of_a_page(text):
    page = notebook_to_html(new_notebook(cells=[]), _info(text))
    assert page_errors(page) == []
    assert page.count("<h1>") == page.count("</html>") == 1


def test_no_hostile_name_runs_or_breaks_the_site(chromium, tmp_path):
    named = [
        summary(f"9901{number:02d}", text, province="虚构与匿名", city=text, fictional=True)
        for number, text in enumerate(hostile.STRINGS)
    ]
    write_site(tmp_path, named, [])
    for path in (
        tmp_path / "index.html",
        tmp_path / "2024" / "province-99.html",
        tmp_path / "2024" / "city-9901.html",
        tmp_path / "2024" / "province-99-02.html",
        tmp_path / "2024" / "990100" / "index.html",
    ):
        tab, wanted, told = opened(chromium, path)
        for width in (1280, NARROW):
            tab.set_viewport_size({"width": width, "height": 900})
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, path
        assert_quiet(wanted, told)
        tab.context.close()
