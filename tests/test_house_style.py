"""The counted house style holds: for notebooks, library, layers and law."""

from functools import cache

import pytest
import yaml

from tests.house_style import ROOT, law, layers, library, notebook_code, notebook_text
from tests.house_style.source import modules, notebooks, source

LIST = "tests/house_style/exceptions.yaml"
EXCEPTIONS = yaml.safe_load((ROOT / LIST).read_text(encoding="utf-8")) or {}


BOOKS = notebooks()
CELLS = [cell.code for book in BOOKS for cell in book.code]
LIBRARY, TOOLS = modules("lib"), modules("tools")
PURE = [
    code
    for code in LIBRARY
    if layers.part_of(code.name) == "dudao.indicators" or code.name.startswith("lib/dudao/judging/")
]
FORMULAS = [code for code in PURE if code.name.endswith("indicators/rates.py")]
CASES = [source(path) for path in sorted(ROOT.glob("tests/cases/*.yaml"))]

# Rule -> what it is held against.
HELD = {
    **dict.fromkeys(notebook_text.RULES + notebook_code.RULES, BOOKS),
    **dict.fromkeys(library.RULES, LIBRARY + TOOLS),
    **dict.fromkeys(layers.RULES, LIBRARY + CELLS),
    layers.formulas_touch_nothing: PURE,
    library.formulas_are_one_expression: FORMULAS,
    law.rules_have_boundary_cases: CASES,
    law.comparisons_hold_no_legal_number: PURE + CELLS,
}
RULES = {rule.__name__: rule for rule in HELD}


@cache
def _broken(name):
    """Return where a rule is broken, and how."""
    found = {}
    for target in HELD[RULES[name]]:
        for where, how in RULES[name](target):
            found[where] = f"{found[where]}; {how}" if where in found else how
    return found


@pytest.mark.parametrize("name", RULES)
def test_rule_is_held(name):
    excused = EXCEPTIONS.get(name, {})
    broken = [f"  {w}: {how}" for w, how in _broken(name).items() if w not in excused]
    assert not broken, "\n".join(
        [RULES[name].__doc__, *broken, f"Mend it. If you cannot: a reason under {name} in {LIST}."]
    )


@pytest.mark.parametrize("name", RULES)
def test_rule_has_something_to_hold(name):
    assert HELD[RULES[name]], f"{name} is held against no file: was a folder moved?"


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_exceptions_are_needed_and_give_a_reason(name):
    assert name in RULES, f"{LIST}: there is no rule {name}"
    stale = sorted(set(EXCEPTIONS[name]) - set(_broken(name)))
    assert not stale, f"{LIST}, {name}: no longer needed, delete: {', '.join(stale)}"
    silent = [where for where, reason in EXCEPTIONS[name].items() if not str(reason or "").strip()]
    assert not silent, f"{LIST}, {name}: say why: {', '.join(silent)}"


def test_no_part_is_allowed_that_does_not_exist():
    parts = {layers.part_of(code.name) for code in LIBRARY}
    assert set(layers.MAY_IMPORT) == {*parts, layers.NOTEBOOK}, "correct MAY_IMPORT in layers.py"
