"""Two executions of the same notebooks, compared figure by figure and cell by cell."""

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import zip_longest
from pathlib import Path

import pandas as pd
from openpyxl import load_workbook

from dudao.base.short_lists import name_first
from dudao.facts.items import STAGES
from dudao.show.words import BASES, RESULTS
from dudao_pipeline.publish.checklist import MARKUP
from dudao_pipeline.publish.result_tables import COLUMNS, NAME
from dudao_pipeline.publish.runs import Run, has_tag, runs_in

_LONGEST = 60  # characters of a value that are shown
_ATTRIBUTES = re.compile(r'\s(?:d|alt|title|aria-label|href|src)="([^"]*)')
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")  # of a file whose markup may differ
_OTHERWISE = "(?!styles|settings|theme|fontTable|worksheets|sharedStrings)"  # looks; cells
_OF_CONTENT = re.compile(rf"(?:word|xl)/{_OTHERWISE}.*\.xml")
_BLOCK = re.compile(r"(?=<(?:h[1-6]|p|tr|li|dt|dd|svg|text|summary)[\s>])")
_TEXT = "word/document.xml"
_PARAGRAPH = re.compile(r"<w:p[\s>]")
_PLACES = 3  # of one file that are told
_KEY = ("point", "id", "label", "title", "name", "stage", "data_year")
_PARTS = {  # of a notebook's results
    "checks": "检查",
    "points": "要点",
    "contradictions": "存疑",
    "headline": "要点提示",
    "forms": "附表",
}


def differences(kept: Path, again: Path, notebooks: Path | None = None) -> Iterator[str]:
    """Yield every figure of a county that a second execution gives otherwise, in Chinese.

    kept: the folder of the published files; notebooks: that of its executed notebooks, if another.
    again: the folder of the second execution.
    """
    first = {run.name: run for run in runs_in(notebooks or kept)}
    second = {run.name: run for run in runs_in(again)}
    for name in sorted({*first, *second}):
        if name not in second:
            yield f"{name}：重新运行没有得到这一册"
        elif name not in first:
            yield f"{name}：定稿中没有这一册"
        else:
            yield from _of_notebook(first[name], second[name])
    yield from _of_collected(kept / "results.json", first, second)
    yield from _of_table(kept / f"{NAME}.parquet", again / f"{NAME}.parquet")


def _of_notebook(first: Run, second: Run) -> Iterator[str]:
    figures = list(_of_record(first.results, second.results, first.name))
    yield from figures
    for number, (one, two) in enumerate(_cells(first, second), 1):
        if one != two:
            yield f"{first.name} 第{number}个单元格的输出不同：{_where(one, two)}"


def _cells(first: Run, second: Run) -> Iterator[tuple[str, str]]:
    """Yield what both executions put out, cell by cell; the results are compared apart."""
    ours, theirs = (
        [cell for cell in run.notebook["cells"] if cell["cell_type"] == "code"]
        for run in (first, second)
    )
    for at in range(max(len(ours), len(theirs))):
        yield _put_out(ours, at), _put_out(theirs, at)


def _put_out(cells: list, at: int) -> str:
    if at >= len(cells) or has_tag(cells[at], "results"):
        return ""
    shown = [{**output, "execution_count": None} for output in cells[at]["outputs"]]
    return json.dumps(shown, ensure_ascii=False, sort_keys=True)


def _where(one: str, two: str) -> str:
    """Show both texts from where they part."""
    at = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), 0)
    start = max(at - 20, 0)
    return f"{_short(one[start:])} ≠ {_short(two[start:])}"


def _short(text: object) -> str:
    shown = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False, default=str)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def _of_record(one: object, two: object, place: str) -> Iterator[str]:
    """Yield a line for each row of two records that differs, and for each entry beside them."""
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        for key in sorted({*one, *two}, key=str):
            yield from _of_record(one.get(key), two.get(key), f"{place} {_PARTS.get(key, key)}")
    elif isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        for number, (a, b) in enumerate(zip(one, two, strict=True), 1):
            if isinstance(a, Mapping) and isinstance(b, Mapping):
                if parted := list(_of_row(a, b)):
                    yield f"{place} {_named(a) or number}：{'，'.join(parted)}"
            else:
                yield from _of_record(a, b, f"{place}[{number}]")
    elif one != two:
        yield f"{place}：{_short(one)} ≠ {_short(two)}"


def _of_row(one: Mapping, two: Mapping) -> Iterator[str]:
    """Yield the columns in which two rows differ, in the words of their reader."""
    for key in sorted({*one, *two}, key=str):
        if one.get(key) != two.get(key):
            yield f"{_words().get(key, key)} {_worded(one.get(key))} ≠ {_worded(two.get(key))}"


@cache
def _words() -> dict[str, str]:
    return {name: column["中文"] for name, column in COLUMNS.items()}


def _worded(value: object) -> str:
    """Return a value as pages say it: 未达标, 据报告陈述; anything else as it stands."""
    if isinstance(value, str) and value in RESULTS:
        return RESULTS[value][0]
    return BASES[value] if isinstance(value, str) and BASES.get(value) else _short(value)


def _named(row: Mapping) -> str:
    """Return what identifies a row of a record, for its reader."""
    words = {**row, "stage": STAGES.get(row.get("stage", ""), row.get("stage", ""))}
    given = [words[key] for key in _KEY if words.get(key) not in (None, "")]
    points = "、".join(row.get("points") or ())
    return " ".join(map(str, filter(None, (points, *given))))[:_LONGEST]


def _of_collected(path: Path, first: Mapping[str, Run], second: Mapping[str, Run]) -> Iterator[str]:
    """Compare the collected results with what the notebooks give now."""
    if not path.is_file():
        return
    try:
        collected = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        yield f"{path.name}：无法读取"
        return
    now = {name: run.results for name, run in second.items() if run.results and name in first}
    recorded = {name: run.results for name, run in first.items() if name in now}
    again = json.loads(json.dumps(now))
    if collected == json.loads(json.dumps(recorded)) != again:
        yield f"{path.name}：与各册所记相同，不同之处已逐项列在各册下"
        return
    # Through JSON: what a notebook holds as a tuple or a key of another type is text there.
    yield from _of_record(collected, again, path.name)


def _of_table(kept: Path, again: Path) -> Iterator[str]:
    """Compare two tables of results cell by cell."""
    if not (kept.is_file() and again.is_file()):
        if kept.is_file() != again.is_file():
            yield f"{NAME}.parquet：两次发布中只有一次有这张表"
        return
    try:
        one, two = pd.read_parquet(kept), pd.read_parquet(again)
    except (OSError, ValueError) as error:
        yield f"{NAME}.parquet：无法读取（{error}）"
        return
    if list(one.columns) != list(two.columns) or len(one) != len(two):
        yield f"{NAME}.parquet：{one.shape[0]}行{one.shape[1]}列 ≠ {two.shape[0]}行{two.shape[1]}列"
        return
    rows = (
        table.astype(object).where(table.notna(), None).to_dict("records") for table in (one, two)
    )
    yield from _of_record(*rows, f"{NAME}.parquet")


def shown_otherwise(one: Path, two: Path) -> str:
    """Return where two files show a reader different things; nothing where only markup differs.

    A page counts by its words, links and the lines of its charts, an office file by the words and
    numbers of its parts, any other file by its lines.
    """
    try:
        pieces = zip_longest(_pieces(one), _pieces(two), fillvalue=("", ""))
        parted = [
            f"{place or other}：{_where(text, then)}"
            for (place, text), (other, then) in pieces
            if _DIGEST.sub("#", text) != _DIGEST.sub("#", then)
        ]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        return f"无法读取（{error}）"
    return name_first(parted, _PLACES, "处", between="；")


def _pieces(path: Path) -> Iterator[tuple[str, str]]:
    """Yield what a file shows, piece by piece, each with its place: heading, cell, paragraph."""
    if path.suffix == ".xlsx":
        for sheet in load_workbook(path, read_only=True).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is not None:
                        yield f"{sheet.title}!{cell.coordinate}", str(cell.value)
    if path.suffix in (".docx", ".xlsx"):
        yield from _parts(path)
    elif path.suffix == ".html":
        heading = "页首"
        for block in _BLOCK.split(path.read_text(encoding="utf-8")):
            words = _words_of(block)
            heading = f"“{_short(words)}”一节" if block.startswith("<h") and words else heading
            yield heading, words
    else:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield f"第{number}行", line


def _parts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the words of an office file's parts; those of a text paragraph by paragraph."""
    with zipfile.ZipFile(path) as parts:
        for name in sorted(filter(_OF_CONTENT.match, parts.namelist())):
            markup = parts.read(name).decode()
            if name != _TEXT:
                yield name, _words_of(markup)
                continue
            for number, paragraph in enumerate(_PARAGRAPH.split(markup)):
                yield f"第{number}段", _words_of(paragraph)


def _words_of(markup: str) -> str:
    """Return the words between the tags, and in tags what is read, followed or drawn."""
    return " ".join([*MARKUP.sub(" ", markup).split(), *_ATTRIBUTES.findall(markup)])


def counted(folder: Path) -> tuple[int, int]:
    """Return how many notebooks and how many checks an execution holds."""
    runs = runs_in(folder)
    return len(runs), sum(len(run.results["checks"]) for run in runs if run.results)
