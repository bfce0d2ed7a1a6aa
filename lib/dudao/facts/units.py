"""Units as printed and as stored: one conversion, recorded where it happens."""

_SAME = {"名": "人", "位": "人", "元/年/人": "元/生/年", "元/年": "元/生/年"}
_FACTORS = {("亿元", "万元"): 10_000.0, ("元", "万元"): 0.0001}


def factor(printed: str, stored: str) -> float:
    """Return what a printed figure is multiplied by to be in the stored unit (1 if the same)."""
    return _FACTORS.get((_SAME.get(printed, printed), stored), 1.0)
