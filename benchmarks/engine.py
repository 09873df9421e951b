"""How long the tariff engine takes, how much memory, and how both grow. `make bench` runs it; nothing depends on its figures.

Times are the median of several runs after one to warm up. The panel is every line on every day on which a duty of the importer
changes, from 2018 to the last day that is scheduled.
"""

import argparse
import gc
import platform
import resource
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
from timing import line, seconds

from tradelib import catalogue, sides, tariffs
from tradelib.tariffs import books, stacking
from tradelib.tariffs.membership import Membership

ON = date(2025, 6, 9)
LATEST = catalogue.edition().evidence_through


def more_lines(lines: tariffs.Lines, factor: int) -> tariffs.Lines:
    """The same lines several times over: codes get a letter, so that scopes still match their beginning."""
    codes = np.concatenate([np.char.add(lines.codes, chr(ord("a") + number)) for number in range(factor)])
    order = np.argsort(codes)
    many = {name: np.tile(trade, factor)[order] for name, trade in lines.weights.items()}
    mfn = [(first, np.tile(rates, factor)[order]) for first, rates in lines._mfn]
    return replace(
        lines, codes=codes[order], index=pd.Index(codes[order]), kinds=np.tile(lines.kinds, factor)[order],
        texts=np.tile(lines.texts, factor)[order], weights=many, tariff_lines=np.tile(lines.tariff_lines, factor)[order], _mfn=mfn,
    )  # fmt: skip


def more_measures(factor: int) -> pd.DataFrame:
    """The schedule several times over, every copy a family of its own."""
    rows = tariffs.schedule(as_of=LATEST)
    copies = [rows.assign(measure_id=rows["measure_id"] + f"_{number}", family=rows["family"] + f"_{number}") for number in range(factor)]
    return pd.concat(copies, ignore_index=True)


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=20)
    repeat = parser.parse_args().repeat
    print(f"Python {platform.python_version()}, pandas {pd.__version__}, {platform.machine()}; edition {catalogue.edition().version}")

    started = time.perf_counter()
    for importer in tariffs.IMPORTERS:
        tariffs.panel(importer=importer, as_of=LATEST)
    cold = time.perf_counter() - started
    for importer in tariffs.IMPORTERS:
        lines = tariffs.lines(importer)
        days = tariffs.change_days(importer=importer, as_of=LATEST)
        name = f"{importer}, {len(lines.codes):,} lines"
        call = seconds(lambda importer=importer: tariffs.line_rates(on=ON, importer=importer, as_of=LATEST), repeat)
        line(f"line_rates, one day ({name})", 1e3 * call, "ms", "2 ms")
        whole = seconds(lambda importer=importer: tariffs.panel(importer=importer, as_of=LATEST), max(repeat // 4, 3))
        line(f"panel of {len(days)} days ({name})", whole, "s ", "0.3 s")
    line("both panels, first time in a process (tables read)", cold, "s ")
    line("peak memory of this process after both panels", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB", "300 MB")
    for importer in tariffs.IMPORTERS:
        all_days = seconds(lambda importer=importer: tariffs.averages(importer=importer, as_of=LATEST), 3)
        line(f"averages of every change day ({importer})", all_days, "s ")
        surface = seconds(lambda importer=importer: tariffs.knowledge_surface(importer), 3)
        line(f"the same as known on every day on which something became known ({importer})", surface, "s ", "3 s")
    line("peak memory of this process after both surfaces", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB", "300 MB")

    command = [sys.executable, "-m", "tradelib", "rate", "7326.90.8688", "--on", "2026-07-25"]
    line("`tradelib rate` from the shell", seconds(lambda: subprocess.run(command, check=True, capture_output=True), 5), "s ", "1 s")  # noqa: S603

    lines = tariffs.lines("US")
    held = books.book(sides.pair("US"), LATEST, ("instrument",))
    many = more_lines(lines, 10)
    scopes, many_scopes = Membership(lines), Membership(many)
    one = seconds(lambda: stacking.stack(held, lines, scopes, on=ON), repeat)
    ten = seconds(lambda: stacking.stack(held, many, many_scopes, on=ON), repeat)
    line("stack of one day", 1e3 * one, "ms")
    line("the same with 10 x lines", 1e3 * ten, "ms")
    gc.collect()
    thick = books.bind(more_measures(10), "US")
    line("the same with 10 x measures", 1e3 * seconds(lambda: stacking.stack(thick, lines, scopes, on=ON), repeat), "ms")


if __name__ == "__main__":
    main()
