"""A printed figure whose 算式 names other printed figures is checked against them."""

import pytest

from dudao.facts.printed_formulas import FormulaError, evaluate, follows
from dudao.facts.view import Claim


def claims(*rows):
    """Return claims of (printed, unit, formula) numbered from 1."""
    out = {}
    for number, (printed, unit, formula) in enumerate(rows, 1):
        decimals = len(printed.partition(".")[2])
        out[number] = Claim(
            *(number, "", "", "", "all", 2023, float(printed), 0.5 * 10**-decimals, printed),
            *(decimals, unit, "", "", ""),
            formula=formula,
            raw=float(printed),
        )
    return out


@pytest.mark.parametrize(
    ("rows", "right"),
    [
        ([("20", "所", ""), ("34", "所", ""), ("54", "所", "#1+#2")], True),
        ([("20", "所", ""), ("34", "所", ""), ("55", "所", "#1+#2")], False),
        ([("21.27", "亿元", ""), ("18.39", "亿元", ""), ("2.88", "亿元", "#1-#2")], True),
        ([("1520", "人", ""), ("4010", "人", ""), ("27.49", "%", "#1/(#1+#2)")], True),
        ([("1520", "人", ""), ("4010", "人", ""), ("37.91", "%", "#1/(#1+#2)")], False),
        ([("73728", "万元", ""), ("81381", "万元", ""), ("-9.41", "%", "#1/#2-1")], True),
        ([("15.68", "%", ""), ("18.92", "%", ""), ("-3.24", "百分点", "#1-#2")], True),
        ([("18.96", "亿元", ""), ("189600", "万元", "同 #1")], True),
        ([("18.96", "亿元", ""), ("189600", "元", "同 #1")], False),
        ([("0.31", "亿元", ""), ("0.22", "亿元", ""), ("0.52", "亿元", "#1+#2")], True),
        ([("4092.98", "人", ""), ("307.37", "人", ""), ("13.32", "比1", "#1/#2")], True),
    ],
)
def test_a_formula_over_other_rows_is_checked_within_rounding(rows, right):
    table = claims(*rows)
    last = table[len(table)]
    assert follows(last, evaluate(last, table)) is right


@pytest.mark.parametrize(
    ("formula", "word"),
    [
        ("#9+#1", "没有第9行"),
        ("#1+", "不完整"),
        ("(#1", "右括号"),
        ("总数", "没有引用"),
        ("#1;#1", "；|;"),
    ],
)
def test_a_formula_that_cannot_be_read_says_why(formula, word):
    table = claims(("20", "所", formula))
    with pytest.raises(FormulaError, match=word):
        evaluate(table[1], table)


def test_every_figure_of_a_published_report_has_a_place():
    from tools.printed_places import ATTESTED, FORMULA, ITEM, places

    def figure(number, name, printed, unit, derived=None, stage="总体"):
        return {
            **{"id": f"x#{number}", "item_zh": name, "stage": stage, "year": 2022},
            **{"value": float(printed), "as_stated": printed, "unit": unit},
            "derived_from": derived,
        }

    growth = {"op": "growth", "of": "x#1", "over": "x#2"}
    table = places(
        {
            "figures": [
                figure(1, "总收入", "21.27", "亿元"),
                figure(2, "总收入上年", "18.39", "亿元"),
                figure(3, "总收入增长率", "15.66", "%", growth),
                figure(4, "总收入增长率", "51.66", "%", growth),
                figure(5, "幼儿园", "54", "所", stage="幼儿园"),
            ]
        }
    )
    assert [one.kind for one in table] == [ATTESTED, ATTESTED, FORMULA, FORMULA, ITEM]
    assert [one.outcome for one in table[2:4]] == ["相符", "不相符，应为15.66"]
    assert all(one.is_checked for one in table)
