"""What the benchmarks share: the time of a run, and a line of the result."""

import statistics
import time
from collections.abc import Callable


def seconds(run: Callable[[], object], repeat: int) -> float:
    """Median time of one run, after one that does not count."""
    run()
    times = []
    for _ in range(repeat):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def line(words: str, value: float, unit: str, target: str = "") -> None:
    """One result."""
    print(f"{words:<66} {value:9.2f} {unit}" + (f"   target {target}" if target else ""))
