"""What a result depends on is one package; clerks' work stands outside and reruns no notebook."""

import ast
import json
from collections import Counter
from pathlib import Path

from dudao.base import versions
from tests.house_style.source import notebook_paths

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "lib"


def _imported(source: str) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def _file_of(module: str) -> Path | None:
    path = LIBRARY / module.replace(".", "/")
    candidates = (path.with_suffix(".py"), path / "__init__.py")
    return next((one for one in candidates if one.is_file()), None)


def _reached(notebooks: list[Path]) -> set[str]:
    """Return the packages of ours that importing what notebooks import would load."""
    pending = set()
    for path in notebooks:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                pending |= _imported("".join(cell["source"]))
    reached, seen = set(), set()
    while pending:
        module = pending.pop()
        if module in seen:
            continue
        seen.add(module)
        if "." in module:
            pending.add(module.rpartition(".")[0])
        if file := _file_of(module):
            reached.add(file)
            pending |= _imported(file.read_text(encoding="utf-8"))
    return {path.relative_to(LIBRARY).parts[0] for path in reached}


def test_a_notebook_reaches_nothing_of_the_pipeline():
    assert _reached(notebook_paths()) == {"dudao"}
    assert _reached([ROOT / "notebooks/explore.ipynb"]) == {"dudao", "dudao_explore"}


def test_the_pipeline_is_no_part_of_what_a_result_depends_on(monkeypatch):
    digested = []
    monkeypatch.setattr(versions, "digest_of_files", lambda paths: digested.extend(paths) or "")
    versions.library.__wrapped__()
    packages = {path.relative_to(LIBRARY).parts[0] for path in digested if LIBRARY in path.parents}
    assert packages == {"dudao"}
    assert LIBRARY / "dudao" / "case.py" in digested


def test_no_two_modules_of_the_library_share_a_name():
    # A command's module bears the command's name; a preload is what an entry point names.
    named = [path.stem for path in LIBRARY.rglob("*.py") if path.parent.name != "commands"]
    counts = Counter(name for name in named if name not in ("__init__", "preload"))
    assert {name: number for name, number in counts.items() if number > 1} == {}
