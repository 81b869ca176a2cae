"""How often per second: the loop that all figures share."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 1.0


def per_second(work: Callable[[], object], each: int = 1, seconds: float = SECONDS) -> float:
    """Repeat `work`, which does `each` things, for a while of CPU time; the best of three runs, against noise."""
    return max(_once(work, each, seconds / 3) for _ in range(3))


def _once(work: Callable[[], object], each: int, seconds: float) -> float:
    done = 0
    start = now = time.process_time()
    while now - start < seconds:
        work()
        done += each
        now = time.process_time()
    return done / (now - start)
