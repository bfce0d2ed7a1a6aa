"""Where a public edition goes, and from how many pupils on a school is shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dudao.base import workspace
from dudao.base.errors import ParameterError


@dataclass(frozen=True)
class PublicEdition:
    """A folder apart from the results, and the fewest pupils with which a school is shown."""

    folder: Path
    fewest: int

    def __post_init__(self) -> None:
        """Refuse a folder that would mix public pages with internal ones."""
        own, internal = self.folder.resolve(), workspace.outputs().resolve()
        if own == internal or internal in own.parents or own in internal.parents:
            raise ParameterError(
                f"公开版的文件夹“{self.folder}”与结果文件夹“{internal}”互相包含。"
                "请另选一个文件夹，以免内部材料随公开版外传。"
            )
        if self.fewest < 1:
            raise ParameterError("--fewest-pupils 至少为1。请改为正整数，如30。")
