"""One source of dependencies: pyproject.toml, pinned in constraints.txt, used everywhere."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "constraints.txt").read_text(encoding="utf-8")
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def _name(requirement: str) -> str:
    return re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower().replace("_", "-")


def test_environment_holds_only_python_pip_and_the_pip_section():
    plain = [entry for entry in ENVIRONMENT["dependencies"] if isinstance(entry, str)]
    section = next(entry for entry in ENVIRONMENT["dependencies"] if isinstance(entry, dict))
    assert plain == [f"python{PROJECT['requires-python']}", "pip"]
    assert section == {"pip": ["-c constraints.txt", "-e .[test]"]}


def test_every_declared_dependency_is_pinned():
    declared = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]
    pinned = {_name(line) for line in LOCK.splitlines() if "==" in line}
    assert {_name(requirement) for requirement in declared} <= pinned


def test_the_lock_names_versions_only():
    assert "://" not in LOCK
    assert all("==" in line for line in LOCK.splitlines())


def test_each_dependency_earns_a_line_in_the_decisions():
    decisions = "\n".join(p.read_text("utf-8") for p in (ROOT / "docs/decisions").glob("*.md"))
    declared = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]
    assert [name for name in map(_name, declared) if name not in decisions] == []


def test_ci_calls_the_readme_command():
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_whatever_the_library_imports_is_declared():
    names = {"bs4": "beautifulsoup4", "docx": "python-docx"}
    names |= {"mpl_font": "mpl-font", "yaml": "pyyaml", "zmq": "pyzmq"}
    found = set()
    for path in [*(ROOT / "lib").rglob("*.py"), *(ROOT / "tools").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.partition(".")[0])
    foreign = (
        found - set(sys.stdlib_module_names) - {"dudao", "dudao_pipeline", "tools", "warm_kernels"}
    )
    declared = set(map(_name, PROJECT["dependencies"]))
    declared |= set(map(_name, PROJECT["optional-dependencies"]["cluster"]))
    assert {_name(names.get(name, name)) for name in foreign} <= declared
