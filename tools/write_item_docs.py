"""Write docs/items.zh-CN.md: every item of the dictionary, and every topic.

`python tools/write_item_docs.py` writes the page; a test compares it with the dictionary.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from dudao.facts.items import FOLDER, STAGES, Item, items
from dudao.law.areas import read_yaml
from dudao.law.topics import FILE, notebook_title, notebooks
from dudao.show.report import formula_in_words

PAGE = Path(__file__).parents[1] / "docs" / "items.zh-CN.md"
PRINTED = "报告中印出、不要求填报的"
HEAD = """\
# 指标字典

本页由 `make refresh`（`python tools/write_item_docs.py`）从指标字典的 CSV 文件写成。
代码中用标识，读者看到的是名称；一个名称一个标识。
"""


def _how(entry: Item) -> str:
    """Return on which sheet an item is reported, or how it is worked out."""
    if entry.is_derived:
        return formula_in_words(entry, entry.stages[0])
    return "、".join(entry.sheets) or "不填报"


def _rows(path: Path) -> Iterator[str]:
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        entry = items()[row["item"]]
        stages = "、".join(STAGES[stage] for stage in entry.stages)
        cells = (entry.label, f"`{entry.item}`", entry.unit or "—", stages, _how(entry))
        yield f"| {' | '.join((*cells, entry.definition))} |".replace("||", "|")


def page() -> str:
    """Return the page as text."""
    parts = [HEAD]
    for path in sorted(FOLDER.glob("*.csv")):
        title = notebook_title(path.stem) if path.stem in notebooks() else PRINTED
        head = "| 名称 | 标识 | 单位 | 学段 | 报送表或公式 | 口径 |\n|---|---|---|---|---|---|"
        parts += [f"\n## {title}\n\n{head}\n", "".join(f"{row}\n" for row in _rows(path))]
    return "".join((*parts, "\n## 主题\n\n| 主题 | 内容 | 分册 |\n|---|---|---|\n", *_topics()))


def _topics() -> Iterator[str]:
    for name in notebooks():
        for topic, text in read_yaml(FILE)[name]["topics"].items():
            yield f"| `{topic}` | {text} | {name[:2]} {notebook_title(name)} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
