"""The steps of CONTRIBUTING for a new indicator, followed in a copy of the library (虚构)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import dudao

DICTIONARY = """\
gardens,有校园菜园的学校,所,all,县级指标,base,,,safety_operations,虚构
garden_rate,校园菜园覆盖率,%,all,,derived,share,gardens / schools_total,safety_operations,虚构
"""
THRESHOLD = """
area: national
checked_on: 2026-11-26
references:
  made_up: {title: 虚构办法, number: 虚构〔2020〕1号, url: "https://www.example.gov.cn/"}
thresholds:
  garden_rate:
    label: 校园菜园覆盖率
    item: garden_rate
    stage: all
    topic: safety_operations
    compare: '>='
    unit: '%'
    decimals: 2
    role: pass
    status: sourced
    values:
      2020-01-01: {value: 50, reference: made_up, clause: 第一条}
"""
PROGRAM = """
import json
import pandas as pd
from dudao.facts import schema
from dudao.facts.measure_groups import computed_group
from dudao.facts.items import items
from dudao.facts.view import Facts
from dudao.indicators.registry import measures_of
from dudao.judging.checks import judge
from dudao.law import EvaluationYear, law_for

BLANK = dict.fromkeys(schema.FACTS, "") | {"county": "990002", "year": 2024}

def verdict(gardens):
    given = {"gardens": gardens, "schools_total": 100}
    about = {"stage": "all", "data_year": 2023, "status": "reported"}
    rows = [BLANK | about | {"item": code, "value": value}
            for code, value in given.items() if value is not None]
    table, year = schema.typed(rows, schema.FACTS, {}), EvaluationYear(2024)
    facts = Facts(table, schema.empty("claims"), year)
    group = computed_group("07_safety_health", "operations")
    (measure,) = (m for m in measures_of(group, facts, None) if m.item == "garden_rate")
    rule = law_for()["garden_rate"]
    return judge(measure, rule, facts.year.law_date(rule.date_rule))

found = [verdict(number) for number in (49, 50, None)]
print(json.dumps({"results": [v.result for v in found], "missing": found[2].missing,
                  "gap": found[0].gap.text, "sheet": items()["gardens"].sheets}))
"""


def test_an_indicator_follows_from_three_declarations(tmp_path):
    package = tmp_path / "lib" / "dudao"
    shutil.copytree(Path(dudao.__file__).parent, package)
    facts = package / "facts"
    with (facts / "dictionary" / "07_safety_health.csv").open("a", encoding="utf-8") as file:
        file.write(DICTIONARY)
    measures = (facts / "measures.yaml").read_text(encoding="utf-8")
    shown = measures.replace("[open_kitchen_rate, ", "[garden_rate, open_kitchen_rate, ")
    assert shown != measures
    (facts / "measures.yaml").write_text(shown, encoding="utf-8")
    (package / "law" / "thresholds" / "gardens.yaml").write_text(THRESHOLD, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "lib"), "PATH": ""},
        text=True,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["results"] == ["not_met", "met", "undecided"]
    assert seen["gap"] == "尚差1所"
    assert any("有校园菜园的学校" in text for text in seen["missing"])
    assert seen["sheet"] == ["县级指标"]
