"""Where law files lie, how they are read, and which of them hold for a county."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from dudao.base import workspace
from dudao.base.errors import LawError
from dudao.base.yaml_text import read_given

NATIONAL = "national"
_HERE = Path(__file__).parent
_BUILT_IN = "DUDAO_BUILT_IN_LAW"  # names the law files of an edition that is computed again


def built_in() -> Path:
    """Return the folder of the national law: this one, or that of an edition computed again."""
    return workspace.path_named(_BUILT_IN, _HERE)


def law_files(kind: str) -> tuple[Path, ...]:
    """Return the YAML files of a kind (framework, thresholds): built-in first, then added ones."""
    folders = _folders(kind, built_in(), workspace.added_law())
    return _yaml_files(folders, tuple(map(_changed, folders)))


@cache
def _folders(kind: str, *homes: Path) -> tuple[Path, ...]:
    return tuple(home / kind for home in homes)


def _changed(folder: Path) -> int:
    """Return when a file was last added to a folder or taken away; 0 if there is no folder."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


@cache
def _yaml_files(folders: tuple[Path, ...], changed: tuple[int, ...]) -> tuple[Path, ...]:
    """Return the files of some folders; listed once as long as these stay as they are."""
    return tuple(path for folder in folders for path in sorted(folder.glob("*.yaml")))


def chain(area: str) -> tuple[str, ...]:
    """Return the areas whose law holds, the most local last: nation, province, city, county."""
    return (NATIONAL, *(area[:digits] for digits in (2, 4, 6) if len(area) >= digits))


def area_of(meta: Mapping[str, Any]) -> str:
    """Return the area whose law and scheme hold for a submission: the declared one, or the county.

    The one place that decides it: notebooks, checks, runs, report and templates all ask here.
    """
    return str(meta.get("law_area") or meta["county"])


def areas_of(raw: str | list[str]) -> tuple[str, ...]:
    """Return the areas that a file names, which may be one or a list."""
    return (raw,) if isinstance(raw, str) else tuple(raw)


@cache
def read_yaml(path: Path) -> dict[str, Any]:
    """Return the content of one YAML file; LawError names the file and the line at fault."""
    content: dict[str, Any] = read_given(path.read_bytes(), f"法规文件 {path.name}", LawError)
    return content
