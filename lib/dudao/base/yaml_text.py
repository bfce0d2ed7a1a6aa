"""YAML that somebody hands in: read with limits, and every fault is one kind of error."""

from __future__ import annotations

import yaml

LARGEST, DEEPEST, MOST_ALIASES = 4_000_000, 40, 1000  # characters, levels, repeated parts
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OPENING = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_CLOSING = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


class UnfitError(yaml.YAMLError):
    """A YAML text is larger, deeper or more repetitive than any file of ours needs to be."""


def load(text: str) -> object:
    """Return what a YAML text says; yaml.YAMLError where it cannot be read, whatever the reason."""
    if len(text) > LARGEST:
        raise UnfitError(f"内容超过{LARGEST}字")
    try:
        _check(text)
        return yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError:
        raise
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError) as error:
        raise UnfitError(f"有不能理解的写法（{error}）") from None
    except ValueError as error:  # a day that is none, a number too long
        raise UnfitError(f"有写错的日期或数字（{error}）") from None


def _check(text: str) -> None:
    depth = aliases = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, _OPENING) - isinstance(event, _CLOSING)
        aliases += isinstance(event, yaml.AliasEvent)
        if depth > DEEPEST:
            raise UnfitError(f"嵌套超过{DEEPEST}层")
        if aliases > MOST_ALIASES:
            raise UnfitError(f"引用超过{MOST_ALIASES}处")
