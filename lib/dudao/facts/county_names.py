"""Which county is meant: by its code, its official name, or its name in the store."""

import difflib
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence

from dudao.base.errors import FactsError, ParameterError, nearest
from dudao.base.reference import counties
from dudao.base.short_lists import name_first
from dudao.facts import store

OWN_CODES = "99"  # anonymous or fictional counties, which no official table holds
_CODE = re.compile(r"\d{6}")
_SHOWN = 8


def fold(text: str) -> str:
    """Return a text in half width and without blanks: ９９０１００ is 990100."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def submitted_name(county: str, year: int) -> str:
    """Return the name under which a submission was handed in, or "" where it cannot be read."""
    try:
        return str(store.meta(county, year)["meta"].get("county_name", ""))
    except FactsError:
        return ""


def stored_name(county: str) -> str:
    """Return the name under which a county's newest readable submission was handed in, or ""."""
    years = (year for code, year in reversed(store.submissions()) if code == county)
    return next(filter(None, (submitted_name(county, year) for year in years)), "")


def names() -> dict[str, str]:
    """Return the name of every county in the store, by code."""
    codes = dict.fromkeys(code for code, _ in store.submissions())
    return {code: stored_name(code) or code for code in codes}


def codes_named(text: str, among: Collection[str]) -> list[str]:
    """Return the codes, of those given, whose county bears a name: short, or with its province."""
    official = counties()
    listed = [code for code in among if code in official]
    matching = [code for code in listed if text in (official[code].name, official[code].full_name)]
    # The names of counties outside the official table stand in their submissions only.
    others = [code for code in among if code not in official] if not matching else []
    return sorted(matching) or sorted(code for code in others if stored_name(code) == text)


def _full_name(code: str) -> str:
    """Return a county's name with its province, or the one that it was handed in under, or ""."""
    official = counties()
    return official[code].full_name if code in official else stored_name(code)


def _ambiguous(text: str, codes: Sequence[str]) -> ParameterError:
    shown = name_first([f"{code}（{_full_name(code)}）" for code in codes], _SHOWN)
    return ParameterError(f"叫“{text}”的县（区）有{len(codes)}个：{shown}。请用六位代码。")


def code_of(text: str, among: Collection[str] | None = None) -> str:
    """Return the code of a county given by code or name.

    among: the codes that are possible; None for every official one, and fictional ones by code.
    ParameterError says what is nearest, or which counties share the name.
    """
    if among is not None and not among:
        raise ParameterError("数据库是空的。请先运行 make report，或用 dudao ingest 导入报送数据。")
    asked, official = fold(text), counties()
    possible = official.keys() if among is None else among
    if asked in possible or (among is None and re.fullmatch(rf"{OWN_CODES}\d{{4}}", asked)):
        return asked
    if _CODE.fullmatch(asked):
        if among is None:
            raise ParameterError(f"区划代码表中没有{asked}{nearest(asked, possible)}。")
        if asked in official:
            what = f"{official[asked].name}（{asked}）"
        elif asked.startswith(OWN_CODES):
            what = f"县（区）{asked}"
        else:
            what = f"“{asked}”不在区划代码表中，也"
        raise ParameterError(f"{what}没有入库的数据{_nearest_codes(asked, possible)}。")
    codes = codes_named(asked, possible)
    if len(codes) == 1:
        return codes[0]
    if codes:
        raise _ambiguous(asked, codes)
    listed = [official[code].name for code in possible if code in official]
    digits = "，也不是县名" if not asked.isdecimal() else ""
    raise ParameterError(
        f"县（区）“{asked}”不是六位代码{digits}{nearest(asked, [*possible, *listed])}。"
    )


def code_in_store(given: str | int, named: Mapping[str, str]) -> str:
    """Return the code of a stored county as an analyst names it.

    A zero at the front may lack, and a part of the name is enough where one county has it. named:
    code -> name of the counties in the store. Errors as those of `code_of`.
    """
    asked = fold(str(given))
    asked = asked.zfill(6) if asked.isdecimal() else asked
    if asked in named or asked.isdecimal() or not named or codes_named(asked, named):
        return code_of(asked, named)
    official = counties()
    partly = [
        code
        for code, name in named.items()
        if asked in name or (code in official and asked in official[code].full_name)
    ]
    if len(partly) == 1:
        return partly[0]
    if partly:
        shown = name_first([f"{code} {named[code]}" for code in partly], _SHOWN)
        raise ParameterError(f"“{given}”对应不止一个县（区）：{shown}。请用六位代码。")
    raise ParameterError(f"数据库中没有“{given}”{_nearest_named(asked, named)}。")


def _nearest_named(asked: str, named: Mapping[str, str]) -> str:
    """Return a hint of the counties with the nearest names, or of some, each with its code."""
    official = counties()
    borne = {name: code for code, name in named.items()}
    borne |= {official[code].name: code for code in named if code in official}
    close = difflib.get_close_matches(asked, borne, 3, 0.4)
    codes = dict.fromkeys(borne[name] for name in close) or dict.fromkeys(list(named)[:_SHOWN])
    shown = "、".join(f"{code} {named[code]}" for code in codes)
    return f"{nearest(asked, ())}，{'最接近的是' if close else '已有'}：{shown}"


def _nearest_codes(asked: str, codes: Collection[str]) -> str:
    """Return a hint of the nearest codes, or of some, each with the name of its county."""
    close = difflib.get_close_matches(asked, codes, 3, 0.4)
    listed = close or sorted(codes)[:_SHOWN]
    shown = "、".join(f"{code} {_full_name(code)}".strip() for code in listed)
    return f"，{'最接近的是' if close else '已有'}：{shown}"
