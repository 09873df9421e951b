"""How long the equilibrium model takes to solve, and how much memory. Nothing depends on its figures.

Times are the median of several runs after one to warm up. They depend on how many threads the linear algebra uses: on cores that others
use as well, one is fastest (OPENBLAS_NUM_THREADS=1).
"""

import argparse
import os
import platform
import resource
import time

import numpy as np
from timing import line, seconds

from tradelib import catalogue, equilibrium


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=10)
    repeat = parser.parse_args().repeat
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "all")
    edition = catalogue.edition().version
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {platform.machine()}; threads: {threads}; edition {edition}")

    started = time.perf_counter()
    base = equilibrium.economy()
    line(f"economy, first time in a process ({len(base.iso3)} countries; tables read)", time.perf_counter() - started, "s")
    cases = equilibrium.experiments()
    for name in (("T1", "ustr_income_tax"), ("T2", "ustr_optimal_retaliation"), ("T9", "ek_krugman")):
        case = cases[name]
        steps = equilibrium.solve(case.tariffs, case.parameters).iterations
        took = seconds(lambda case=case: equilibrium.solve(case.tariffs, case.parameters), repeat)
        line(f"solve, {' '.join(name)} ({steps} steps)", 1e3 * took, "ms")
    solution = equilibrium.solve(cases["T1", "ustr_income_tax"].tariffs)
    line("outcomes", 1e3 * seconds(lambda: equilibrium.outcomes(solution), repeat), "ms")
    line("every published case, held against the printed figures", seconds(equilibrium.replicate, max(repeat // 4, 1)), "s")
    line("peak memory of this process", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")


if __name__ == "__main__":
    main()
