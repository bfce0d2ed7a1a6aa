"""Templates, stylesheets and scripts of all pages, and what renders them."""

import base64
import hashlib
import re
from functools import cache
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).parent
_SCRIPT_NOTE = re.compile(r"^[ ]*//.*\n|^ +", re.MULTILINE)
_CSS_NOTE = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_SPACE = re.compile(r"\s*([{};,])\s*")


def read(name: str) -> str:
    """Return a stylesheet or script of this folder."""
    return (FOLDER / name).read_text(encoding="utf-8").strip()


def new_environment() -> Environment:
    """Return what renders pages: every value is escaped, a missing one is an error."""
    made = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
    made.globals["version"] = version("dudao")
    return made


_environment = cache(new_environment)


def render(template: str, **content: object) -> str:
    """Return a page from a template of this folder."""
    return _environment().get_template(template).render(**content)


@cache
def stylesheet() -> str:
    """Appendix and index share one stylesheet."""
    text = re.sub(r"\s+", " ", _CSS_NOTE.sub("", read("appendix/appendix.css")))
    return _CSS_SPACE.sub(r"\1", text).strip()


@cache
def scripts(*names: str) -> str:
    """Return the scripts of a page, one after the other, without remarks and indents."""
    return _SCRIPT_NOTE.sub("", "\n".join(map(read, names)))


def own_script() -> str:
    """Return the script of a page that shows tables of schools: it sorts and tries them out."""
    return scripts("sort.js", "appendix/schools.js")


def seal(script: str) -> str:
    """Return the hash by which a page allows its own script and no other."""
    digest = hashlib.sha256(f"\n{script}\n".encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
