"""What the checklist says of a publication: where, what, what to do next."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Remark:
    """One finding in Chinese; a blocking one keeps its page from being published.

    place: evaluation year, county and notebook, as in 2024/990100/02_funding.
    """

    place: str
    text: str
    blocking: bool = True

    def __str__(self) -> str:
        """Return the line that a user reads."""
        return f"{'必须改正' if self.blocking else '提醒'}　{self.place}：{self.text}"
