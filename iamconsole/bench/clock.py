"""How often per second: the loop that all figures share."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 1.0
RUNS = 9


def per_second(work: Callable[[], object], each: int = 1, seconds: float = SECONDS) -> float:
    """Repeat `work`, which does `each` things, for a while of CPU time; the best of several runs, against noise."""
    return max(_once(work, each, seconds / RUNS) for _ in range(RUNS))


def _once(work: Callable[[], object], each: int, seconds: float) -> float:
    done = 0
    start = now = time.process_time()
    while now - start < seconds:
        work()
        done += each
        now = time.process_time()
    return done / (now - start)
