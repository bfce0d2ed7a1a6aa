"""Which county is meant: by its code, its name in the store, or its official name."""

from __future__ import annotations

import unicodedata

from dudao.base import reference
from dudao.base.errors import FactsError, ParameterError, nearest
from dudao.facts import store


def names() -> dict[str, str]:
    """Return the name of every county in the store, by code."""
    named: dict[str, str] = {}
    for code, year in store.submissions():
        named[code] = str(store.meta(code, year)["meta"].get("county_name") or code)
    return named


def code_of(county: str | int, named: dict[str, str]) -> str:
    """Return the code of a county; ParameterError lists the nearest codes and names."""
    wanted = unicodedata.normalize("NFKC", str(county)).strip()
    if wanted.isdecimal():
        wanted = wanted.zfill(6)
    if wanted in named:
        return wanted
    official = {code: one.name for code, one in reference.counties().items() if code in named}
    full = {code: one.full_name for code, one in reference.counties().items() if code in named}
    exact = {
        code for table in (named, official, full) for code, name in table.items() if name == wanted
    }
    partly = {code for table in (named, full) for code, name in table.items() if wanted in name}
    matches = exact or partly
    if len(matches) == 1:
        return matches.pop()
    pairs = [f"{code} {named[code]}" for code in sorted(matches)]
    if pairs:
        raise ParameterError(f"“{county}”对应不止一个县：{'、'.join(pairs[:8])}。请写六位代码。")
    if not named:
        raise FactsError("数据库是空的。请先运行 make report，或用 dudao ingest 导入报送数据。")
    hint = _closest(wanted, named)
    raise ParameterError(f"数据库中没有“{county}”。最接近的是：{hint}。用 县() 可以列出全部。")


def _closest(wanted: str, named: dict[str, str]) -> str:
    pairs = {f"{code} {name}" for code, name in named.items()}
    hint = nearest(wanted, [*named, *named.values()])
    close = [word for word in hint.partition("：")[2].split("、") if word]
    listed = [pair for pair in sorted(pairs) if any(word in pair.split(" ") for word in close)]
    return "、".join((listed or sorted(pairs))[:4])
