"""What a user sees while a run goes on."""

import sys
import time

from tqdm import tqdm

from dudao_pipeline.runner.outcome import Outcome

EVERY_LINE = 200  # up to so many jobs each has a line of its own
EVERY_SECONDS = 5.0
_BAR = "{n_fmt}/{total_fmt} {bar} {rate_fmt} 已用{elapsed} 剩余{remaining}{postfix}"


class Progress:
    """A bar on a terminal, plain lines elsewhere; failures are told at once on both."""

    def __init__(self, total: int) -> None:
        self.total, self.ended, self.failed = total, 0, 0
        self.started = self.told = time.monotonic()
        hidden = not sys.stdout.isatty()
        self.bar = tqdm(
            total=total, disable=hidden, file=sys.stdout, bar_format=_BAR, unit="册", leave=False
        )

    def add(self, outcome: Outcome) -> None:
        """Count an outcome and say so."""
        self.ended += 1
        self.failed += not outcome.is_done
        self.bar.set_postfix_str(f" 失败{self.failed}", refresh=False)
        self.bar.update()
        if not outcome.is_done:
            self._say(f"[{self.ended}/{self.total}] {outcome.job} 失败 {outcome.error}")
        elif self.bar.disable and self.total <= EVERY_LINE:
            self._say(f"[{self.ended}/{self.total}] {outcome.job} 完成")
        elif self.bar.disable and time.monotonic() - self.told >= EVERY_SECONDS:
            self._say(self._state())
            self.told = time.monotonic()

    def _say(self, line: str) -> None:
        self.bar.write(line, file=sys.stdout)
        sys.stdout.flush()

    def _state(self) -> str:
        rate = self.ended / max(time.monotonic() - self.started, 1e-9)
        left = (self.total - self.ended) / rate
        counts = f"[{self.ended}/{self.total}] 失败{self.failed}"
        return f"{counts}，每秒{rate:.1f}册，约剩{left / 60:.0f}分{left % 60:.0f}秒"

    def close(self) -> None:
        """Take the bar away."""
        self.bar.close()
