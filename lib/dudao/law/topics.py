"""Topics: what a point can be about; rules, items and notebooks hang on them, not on a tree."""

from functools import cache
from pathlib import Path

from dudao.base.errors import LawError, nearest
from dudao.law.areas import read_yaml

FILE = Path(__file__).with_name("topics.yaml")
OVERVIEW = "00_overview"


@cache
def _notebooks() -> dict[str, str]:
    return {topic: name for name, entry in read_yaml(FILE).items() for topic in entry["topics"]}


def notebook_of(topic: str) -> str:
    """Return the notebook that computes a topic; LawError names the nearest known topic."""
    notebooks = _notebooks()
    if topic not in notebooks:
        raise LawError(f"没有名为“{topic}”的主题{nearest(topic, notebooks)}。主题见 {FILE.name}。")
    return notebooks[topic]


def topics_of(notebook: str) -> tuple[str, ...]:
    """Return the topics that a notebook computes, in the order of the file."""
    return tuple(read_yaml(FILE)[notebook]["topics"])


def annexed_topics(notebook: str) -> tuple[str, ...]:
    """Return the topics of another notebook that this one shows in detail; mostly none."""
    return tuple(read_yaml(FILE)[notebook].get("about", ()))


def is_topical(notebook: str) -> bool:
    """Say whether a notebook computes topics of its own; the overview and an annex do not."""
    return bool(topics_of(notebook))


def notebook_title(notebook: str) -> str:
    """Return the Chinese title of a notebook."""
    return str(read_yaml(FILE)[notebook]["title"])


def notebooks() -> tuple[str, ...]:
    """Return the notebooks of the house, the overview first."""
    return tuple(read_yaml(FILE))
