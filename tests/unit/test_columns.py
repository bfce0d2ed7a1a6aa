"""A column is declared once: a row added to columns.csv reaches whoever reads columns."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

from dudao.base import versions
from dudao.facts import sheet_layout

# An attribute of schools, and a column of a register (虚构).
ADDED = """\
学校,建校性质,nature,str,scan,城乡,word,12,,新建 改扩建,按批复文件选择。
上轮问题,督办单位,watched_by,str,scan,责任单位,,15,,,负责督办的部门。
"""
# A program of its own: columns are read when the package is loaded.
PROGRAM = """
import json, sys
from pathlib import Path

declared, read = Path(sys.argv[2]), Path.read_text
Path.read_text = lambda path, **how: read(declared if path.name == "columns.csv" else path, **how)

from dudao.facts import schema
from dudao.facts.view import Facts
from dudao_pipeline.intake import template
from dudao_pipeline.intake.submission import read_submission
from dudao_pipeline.intake.template.grid import Grid

path = Path(sys.argv[1], "报送表.xlsx")
workbook = template.build("990100", "虚构县", 2024)
schools, problems = Grid(workbook["学校"]), Grid(workbook["上轮问题"])
prompts = {rule.prompt for grid in (schools, problems)
           for rule in grid.sheet.data_validations.dataValidation}
school = {"学校代码": "1", "学校名称": "虚构小学", "办学类型": "小学", "学段": "小学",
          "城乡": "城区", "规划建成年份": 2001, "在校生（在园幼儿）（人）": 9}
schools.put(schools.first, {**school, "建校性质": "重建"})
problems.put(problems.first, {"序号": 1, "评价要点": "1.1.1", "问题": "虚构问题",
                              "整改状态": "整改中", "督办单位": "联系人13800138000"})
template.save(workbook, path)
submission = read_submission(path)
tables = submission.tables
again = template.build("990100", "虚构县", 2024)
template.fill(again, tables)
shown = [Grid(again[name]) for name in ("学校", "上轮问题")]
facts = Facts(tables.facts, tables.claims, tables.year, schools=tables.schools)
print(json.dumps({
    "prompts": sorted(filter(None, prompts)),
    "stored": [tables.schools["nature"][0], tables.last_round["watched_by"][0]],
    "types": [schema.TABLES["schools"]["nature"], schema.TABLES["last_round"]["watched_by"]],
    "found": [[f.code, f.cell] for f in submission.findings if f.code in ("K06", "K09")],
    "filled": [grid.sheet.cell(grid.first, grid.columns[header]).value
               for grid, header in zip(shown, ("建校性质", "督办单位"))],
    "seen": facts.schools("primary", ("enrolment",))["nature"].tolist(),
}))
"""
# A number of schools that was added to the dictionary when workbooks were handed out (虚构).
LATER = "instruments,音乐器材,件,primary junior,学校,later,,,balanced_resources,虚构\n"
PROGRAM_LATER = """
import json, sys
from pathlib import Path

read, added = Path.read_text, sys.argv[2]
Path.read_text = lambda path, **how: (
    read(path, **how) + (added if path.name == "03_basic_education.csv" else ""))

from dudao_pipeline.intake import template
from dudao_pipeline.intake.submission import read_submission
from dudao_pipeline.intake.template.grid import Grid

old = read_submission(Path(sys.argv[1]))
new = Grid(template.build("990100", "虚构县", 2024)["学校"])
print(json.dumps([old.acceptable, len(old.tables.facts.query("item == 'instruments'")),
                  "音乐器材（件）" in new.columns]))
"""


def test_a_number_added_later_may_be_lacking_in_a_workbook_that_was_handed_out():
    county = Path(__file__).parents[2] / "data" / "example" / "990100-2024"
    command = [sys.executable, "-c", PROGRAM_LATER, str(county), LATER]
    seen = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert seen == [True, 0, True]


def test_a_declared_column_is_in_template_reader_store_scan_and_analysis(tmp_path):
    source = Path(sheet_layout.__file__).with_name("columns.csv").read_text(encoding="utf-8")
    declared = tmp_path / "declared.csv"
    declared.write_text(source + ADDED, encoding="utf-8")
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), str(declared)]
    seen = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert {"按批复文件选择。", "负责督办的部门。"} <= set(seen["prompts"])
    assert seen["stored"] == seen["filled"] == ["重建", "联系人13800138000"]
    assert seen["types"] == ["str", "str"]
    assert seen["found"] == [["K06", "F5"], ["K09", "G4"]]
    assert seen["seen"] == ["重建"]


def test_a_prompt_of_the_template_reruns_no_notebook_and_a_type_all():
    source = Path(sheet_layout.__file__).with_name("columns.csv").read_text(encoding="utf-8")
    prompted = source.replace(
        "文号,number,str,required scan,,,20,text,,",
        "文号,number,str,required scan,,,22,text,,照抄。",
    )
    typed = source.replace("文号,number,str", "文号,number,int64")
    assert prompted != source != typed
    assert versions.of_columns(prompted) == versions.of_columns(source)
    assert versions.of_columns(typed) != versions.of_columns(source)


def test_no_result_reads_what_reruns_no_notebook():
    """No module that a notebook may import asks a column for what of_columns leaves out."""
    asked = {}
    for path in Path(versions.__file__).parents[1].rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if "sheet_layout" in source or path.name == "sheet_layout.py":
            named = (n.attr for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Attribute))
            asked[path.name] = set(named) & set(versions.OF_WORKBOOK)
    assert len(asked) > 5
    assert set().union(*asked.values()) == set(), asked
