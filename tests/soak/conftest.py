"""The long ring: `make soak`. How much and from which seed is told by the environment, and printed.

DUDAO_SOAK_KILLS (500), DUDAO_SOAK_INPUTS (1,000,000), DUDAO_SOAK_MINUTES (0: no limit; 1440 for a
day, in which kills and inputs go on until the time is over), DUDAO_SOAK_SEED.
"""

from __future__ import annotations

import json
import os
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest


@dataclass
class Soak:
    """How long a test goes on, with which chance, and what it has counted."""

    wanted: int
    seed: int
    minutes: float
    counts: dict[str, int] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def rounds(self):
        """Yield the number of each round, until there are enough or the time is over."""
        number = 0
        while not self.is_over(number):
            yield number
            number += 1

    def is_over(self, number: int) -> bool:
        late = self.minutes and time.monotonic() - self.began > self.minutes * 60
        return bool(late) or (number >= self.wanted and self.minutes < 1440)

    def count(self, what: str, number: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + number


def _soak(request: pytest.FixtureRequest, name: str, wanted: int) -> Soak:
    seed = int(os.environ.get("DUDAO_SOAK_SEED") or random.SystemRandom().randrange(2**32))
    minutes = float(os.environ.get("DUDAO_SOAK_MINUTES") or 0)
    soak = Soak(int(os.environ.get(f"DUDAO_SOAK_{name}") or wanted), seed, minutes)
    print(f"\n{request.node.name}: seed {seed}", flush=True)
    return soak


@pytest.fixture
def kills(request):
    soak = _soak(request, "KILLS", 500)
    yield soak
    _tell(request, soak)


@pytest.fixture
def inputs(request):
    soak = _soak(request, "INPUTS", 1_000_000)
    yield soak
    _tell(request, soak)


def _tell(request: pytest.FixtureRequest, soak: Soak) -> None:
    """Print what was counted, and add it to the report of the run if one is named."""
    took = time.monotonic() - soak.began
    line = {"test": request.node.name, "seed": soak.seed, "seconds": round(took), **soak.counts}
    print(json.dumps(line, ensure_ascii=False), flush=True)
    if report := os.environ.get("DUDAO_SOAK_REPORT"):
        with Path(report).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
