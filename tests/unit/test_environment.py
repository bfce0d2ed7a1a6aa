"""One source of dependencies: pyproject.toml, pinned in constraints.txt, used everywhere."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import yaml
from tools import dependencies

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
    names = {"bs4": "beautifulsoup4", "docx": "python-docx", "PIL": "matplotlib"}  # Pillow is in it
    names |= {"mpl_font": "mpl-font", "yaml": "pyyaml", "zmq": "pyzmq"}
    found = set()
    for path in [*(ROOT / "lib").rglob("*.py"), *(ROOT / "tools").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.partition(".")[0])
    foreign = (
        found
        - set(sys.stdlib_module_names)
        - {"dudao", "dudao_explore", "dudao_pipeline", "tools", "warm_kernels"}
    )
    declared = set(map(_name, PROJECT["dependencies"]))
    for extra in ("cluster", "test"):  # tools draw with what the tests drive a browser with
        declared |= set(map(_name, PROJECT["optional-dependencies"][extra]))
    assert {_name(names.get(name, name)) for name in foreign} <= declared


# Whose private parts the program uses, where, and the one version in which they were looked at.
PRIVATE = {
    "nbclient": ("0.11.0", {"warm_kernels/client.py"}),
    # What the manager does before a start, what the session sends: overridden, so none is listed.
    "jupyter-client": ("8.10.0", set()),
    # `Cell._style`, as `Cell.style` sets it: a name that the library has too, so no file is listed.
    # What its writers of a sheet and of a workbook call; its fonts by the number in a style.
    "openpyxl": (
        "3.1.5",
        {
            "dudao_pipeline/intake/template/saving.py",
            "dudao_pipeline/intake/template/styles.py",
        },
    ),
    # The stream, the loop and the session of `cell_kernel` override it: no file is listed for them.
    "ipykernel": ("7.4.0", {"warm_kernels/child.py", "warm_kernels/streams.py"}),
    # What its writer of SVG asks for texts; test_show.py holds the pictures against its own.
    "matplotlib": ("3.11.2", {"dudao/show/lettering.py"}),
}
OF_PYTHON = {"dudao_pipeline/commands/arguments.py", "warm_kernels/child.py"}  # argparse, atexit


def test_whose_private_parts_are_used_is_pinned_as_it_was_looked_at():
    """An upgrade fails here: look at the parts named in the file again, then change the number."""
    for package, (version, _) in PRIVATE.items():
        assert f"{package}=={version}\n" in LOCK, package
        assert metadata.version(package) == version


def test_no_other_file_uses_private_parts_of_a_package():
    trees = {
        path.relative_to(ROOT / "lib").as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in (ROOT / "lib").rglob("*.py")
    }
    nodes = {name: list(ast.walk(tree)) for name, tree in trees.items()}
    ours = {_defined(node) for all_of in nodes.values() for node in all_of}
    users = {
        name
        for name, all_of in nodes.items()
        for node in all_of
        if isinstance(node, ast.Attribute)
        and re.match(r"_[a-z]", node.attr)
        and node.attr not in ours | {"_exit"}
    }
    assert users == OF_PYTHON.union(*(files for _, files in PRIVATE.values()))


def _defined(node: ast.AST) -> str:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        return node.attr
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return node.id
    return node.arg if isinstance(node, ast.arg) else ""


def test_every_package_has_a_licence_that_an_office_may_use():
    listed = dependencies.packages()
    assert {one.name for one in listed} >= {"pandas", "openpyxl", "xlrd", "typst"}
    assert all(one.version and one.licence for one in listed)
    assert [one.name for one in listed if not one.is_permitted] == []


def test_known_faults_are_listed_and_a_registry_that_cannot_be_asked_is_said(monkeypatch, capsys):
    said = {"vulnerabilities": [{"dependency": {"name": "x"}, "id": "GHSA-1"}]}
    for code, out, words in ((1, json.dumps(said), "GHSA-1"), (2, "no network", "no network")):
        done = subprocess.CompletedProcess([], code, out, "")
        monkeypatch.setattr(dependencies.subprocess, "run", lambda *a, done=done, **k: done)
        assert dependencies.main() == code
        printed = capsys.readouterr().out
        assert words in printed and "pandas" in printed
