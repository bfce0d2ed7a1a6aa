"""What a report states by universal words: 全部, 开齐开足 for all, 全面清零 for none."""

from pathlib import Path

from dudao.base.yaml_text import read_own
from dudao.facts.cells import UNIVERSAL
from dudao.facts.items import item

_SUBJECTS = Path(__file__).with_suffix(".yaml")


def word_of(text: str) -> str:
    """Return the universal word that a cell holds, and nothing but it; "" for none."""
    bare = text.strip().strip("“”\"'")
    return bare if bare in UNIVERSAL else ""


def value_of(word: str) -> float:
    """Return what a word says: all, in per cent, or a count of zero."""
    return 100 if UNIVERSAL[word] == "%" else 0


def fits(word: str, unit: str) -> bool:
    """Say whether a word can state a quantity of a unit: 100 % a share, zero a count."""
    return (unit == "%") == (UNIVERSAL[word] == "%")


def item_stated(name: str, word: str, stage: str | None) -> str:
    """Return the item that a name states together with its word, "" if none.

    The first of the listed subjects that the words name, and that the word can state.
    """
    for entry in read_own(_SUBJECTS):
        stated = item(entry["item"])
        is_about = any(subject in f"{name}{word}" for subject in entry["about"])
        if is_about and fits(word, stated.unit) and stage in stated.stages:
            return stated.item
    return ""
