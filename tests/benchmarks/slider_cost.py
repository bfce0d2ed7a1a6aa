"""Time from a moved slider of the exploring notebook to the text of all changed verdicts."""

import statistics
import time

from dudao_explore.panels import WhatIfPanel

MOVES = 20
AIM_MS = 200  # of the median, on an idle machine


def main() -> None:
    """Move the slider; print median, worst and what is aimed at."""
    panel = WhatIfPanel()
    panel.slider.value += panel.slider.step  # the first move reads law and facts
    taken, computed = [], []
    for _ in range(MOVES):
        start, used = time.perf_counter(), time.process_time()
        panel.slider.value += panel.slider.step
        taken.append((time.perf_counter() - start) * 1000)
        computed.append((time.process_time() - used) * 1000)
    middle, worst = statistics.median(taken), max(taken)
    print(f"slider: median {middle:.0f} ms (aim {AIM_MS}), worst {worst:.0f} ms of {MOVES} moves")
    print(f"of that computing: median {statistics.median(computed):.0f} ms")


if __name__ == "__main__":
    main()
