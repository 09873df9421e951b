"""How long the draws of a scenario take, and how much memory: `python benchmarks/scenarios.py`."""

import platform
import resource
import time
from datetime import date

import numpy as np
from timing import line

from tradelib import catalogue, scenarios, tariffs

AS_OF = date(2026, 10, 9)
DRAWS = 2000


def main() -> None:
    """Print the times of both sides and the peak memory."""
    print(f"Python {platform.python_version()}, {platform.machine()}; edition {catalogue.edition().version}")
    before, after = (scenarios.schedule(scenarios.load(name), as_of=AS_OF) for name in ("as_scheduled", "april_2025"))
    day = scenarios.settled_on(before, after, as_of=AS_OF)
    for importer in tariffs.IMPORTERS:
        lines = scenarios.lines(before, after, importer=importer, on=day, as_of=AS_OF)
        begun = time.perf_counter()
        scenarios.simulate(lines, scenarios.behaviour(), draws=DRAWS, rng=np.random.default_rng(1))
        line(f"{DRAWS:,} draws over {len(lines):,} lines ({importer})", time.perf_counter() - begun, "s", "5 s")
    line("peak memory of this process", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, "MB", "1000 MB")


if __name__ == "__main__":
    main()
