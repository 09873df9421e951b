"""How long a list of goods takes, beside asking `explain` for each row; and how much memory. `make bench` runs it.

A million entry rows over 5,000 codes and 400 days, with values. Times of the list are the median of several runs after one to warm up;
`explain` is asked for some of the same rows, after as much warming up, in the same run.
"""

import argparse
import gc
import resource
import statistics
import time

import numpy as np
import pandas as pd
from timing import line, seconds

from tradelib import catalogue, tariffs
from tradelib.errors import TradelibError

LATEST = catalogue.edition().evidence_through


def entries(rows: int, codes: int, days: int) -> pd.DataFrame:
    """Rows of entries: code, on, value_usd; drawn alike from some codes and days."""
    rng = np.random.default_rng(20)
    chosen = rng.choice(tariffs.lines("US").codes, codes, replace=False).astype(object)
    calendar = pd.to_datetime(np.linspace(pd.Timestamp("2018-01-01").value, pd.Timestamp(LATEST).value, days)).normalize()
    return pd.DataFrame(
        {
            "code": chosen[rng.integers(0, codes, rows)],
            "on": calendar[rng.integers(0, days, rows)],
            "value_usd": rng.uniform(100, 100_000, rows).round(2),
        }
    )


def explained(frame: pd.DataFrame) -> float:
    """Seconds a row, asking `explain` for each."""
    started = time.perf_counter()
    for row in frame.itertuples():
        try:
            tariffs.explain(row.code, on=row.on.date(), importer="US", as_of=LATEST)
        except TradelibError:
            continue  # a refusal takes its time as well
    return (time.perf_counter() - started) / len(frame)


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    frame = entries(options.rows, 5_000, 400)
    started = time.perf_counter()
    tariffs.price(frame.iloc[:1000], as_of=LATEST)
    line("price, 1,000 rows, first time in a process (tables read)", time.perf_counter() - started, "s ")
    whole = seconds(lambda: tariffs.price(frame, as_of=LATEST), options.repeat)
    line(f"price, {options.rows:,} rows over 5,000 codes and 400 days", whole, "s ", "3 s")
    line("peak memory of this process", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB", "1000 MB")
    gc.collect()
    sample = frame.sample(300, random_state=1)
    explained(sample)
    one = statistics.median(explained(sample) for _ in range(options.repeat))
    line("explain in a loop, one row", 1e6 * one, "us")
    line("price, one row", 1e6 * whole / options.rows, "us")
    line("explain takes as much longer a row", one / (whole / options.rows), "x ", "500 x")
    goods = frame.iloc[:300].assign(on="2025-06-09")
    line("price, 300 rows of one day", 1e3 * seconds(lambda: tariffs.price(goods, as_of=LATEST), 5), "ms")


if __name__ == "__main__":
    main()
