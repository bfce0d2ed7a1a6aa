"""What a page's template names, its callers pass, and nothing else; a missing name is an error."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, StrictUndefined, UndefinedError, meta, nodes

from dudao_pipeline.importing import telling
from dudao_pipeline.publish import templates
from dudao_pipeline.publish.report.layout import LAYOUT, check_layout
from dudao_pipeline.publish.site import site_pages
from dudao_pipeline.report_check import pages

LIBRARY = Path(__file__).parents[2] / "lib"
RENDERERS = {"render", "_page"}
# Template, or folder of templates -> what renders them.
ENVIRONMENTS = {
    "site/findings.html.j2": templates.new_environment,  # a page by itself
    "plan.txt.j2": telling._environment,
    "ro-crate.json.j2": templates.new_environment,
    "appendix": templates.new_environment,
    "site": site_pages._environment,
    "": pages._environment,
}


@cache
def environment_of(template: str) -> Environment:
    return ENVIRONMENTS.get(template, ENVIRONMENTS[template.rpartition("/")[0]])()


def every_template() -> list[str]:
    listed = (
        environment().list_templates(extensions=["j2"]) for environment in ENVIRONMENTS.values()
    )
    return sorted({name for names in listed for name in names})


@cache
def parsed(template: str) -> nodes.Template:
    environment = environment_of(template)
    environment.get_template(template)  # compiled as a whole
    return environment.parse(environment.loader.get_source(environment, template)[0])


def wanted(template: str) -> set[str]:
    """Return the names that a template and what it extends want of their caller."""
    own = meta.find_undeclared_variables(parsed(template)) - set(environment_of(template).globals)
    for above in parsed(template).find_all(nodes.Extends):
        page = parsed(above.template.value)
        own = (own | wanted(above.template.value)) - {
            name for brought in page.find_all(nodes.Import) for name in [brought.target]
        }
    for brought in parsed(template).find_all(nodes.Import):
        if brought.with_context:
            own |= wanted(brought.template.value)
    return own


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _text(values: list[ast.expr]) -> str:
    return next((v.value for v in values if isinstance(v, ast.Constant)), "")


def _passed(function: ast.FunctionDef) -> Iterator[tuple[str, set[str]]]:
    """Yield template and names of each call in a function that renders one."""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    loaded = next((_text(call.args) for call in calls if _name(call) == "get_template"), "")
    shared = {
        getattr(node.targets[0], "id", ""): {getattr(key, "value", "") for key in node.value.keys}
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
    }
    for call in calls:
        template = _text(call.args) or loaded
        if _name(call) in RENDERERS and template:
            name = template if template.endswith(".j2") else f"site/{template}.html.j2"
            given = [{w.arg} if w.arg else shared[w.value.id] for w in call.keywords]
            yield name, set().union(*given)


@cache
def passed() -> dict[str, list[set[str]]]:
    """Return the names that each caller passes, by template."""
    by_template: dict[str, list[set[str]]] = {}
    for folder in ("importing", "publish", "report_check"):
        for path in (LIBRARY / "dudao_pipeline" / folder).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef) and node.args.kwarg is None:
                    for template, names in _passed(node):
                        by_template.setdefault(template, []).append(names)
    return by_template


@pytest.mark.parametrize("template", every_template())
def test_a_template_wants_what_its_callers_pass_and_they_pass_nothing_else(template):
    if template.endswith(".html.j2") and template != "site/page.html.j2":
        assert template in passed()
    for names in passed().get(template, ()):
        assert names == wanted(template)


def test_no_template_is_left_out():
    files = {path.name for path in LIBRARY.rglob("*.j2")}
    assert files == {name.rpartition("/")[2] for name in every_template()}
    assert set(passed()) <= set(every_template())


def test_whatever_renders_refuses_a_missing_name():
    assert all(environment().undefined is StrictUndefined for environment in ENVIRONMENTS.values())
    with pytest.raises(UndefinedError, match="problem_lists"):
        site_pages.render("problems")
    check_layout(LAYOUT)  # the fields of the Word file are those that it is given
