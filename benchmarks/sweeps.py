"""How long sweeps over calculations take, how much memory, and how both grow with days and lines: `python benchmarks/sweeps.py`.

Each is a command of its own, from cold. Memory is that of all its processes (Linux; elsewhere it is not given).
"""

import os
import platform
import resource
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from publishing import peak, timed
from timing import line

from tradelib import catalogue, tariffs

LAST = catalogue.edition().evidence_through


def days(number: int) -> str:
    """So many days up to the last of the edition."""
    return f"{LAST - timedelta(days=number - 1)}..{LAST}"


def sweep(folder: Path, name: str, *words: str) -> list[str]:
    """Command of one sweep."""
    return [sys.executable, "-m", "tradelib", "sweep", *words, "--out", str(folder / name)]


def processor_seconds() -> float:
    """Processor time of all commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print every figure."""
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores; edition {catalogue.edition().version}")
    codes = [str(code) for code in tariffs.lines("US").codes[:: len(tariffs.lines("US").codes) // 100][:100]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few = timed(sweep(folder, "few", "averages", "--as-of", days(100)))
        many = timed(sweep(folder, "many", "averages", "--as-of", days(1000)))
        line("averages of both sides, 100 as-of days", few, "s")
        line("the same, 1,000 as-of days", many, "s", "20 s on two cores")
        line("the same again: everything is there", timed(sweep(folder, "many", "averages", "--as-of", days(1000))), "s")
        line("growth of the time with 10 x days", many / few, "x", "at most 10 x")
        for number, target in ((100, ""), (1000, "flat")):
            most = peak(sweep(folder, f"memory of {number}", "averages", "--as-of", days(number)))
            line(f"peak memory, {number:,} as-of days", most / 1e6, "MB", target)
        ten = timed(sweep(folder, "ten", "line", *codes[::10], "--as-of", days(30)))
        hundred = timed(sweep(folder, "hundred", "line", *codes, "--as-of", days(30)))
        line("duty on 10 lines, 30 as-of days", ten, "s")
        line("growth of the time with 10 x lines", hundred / ten, "x", "at most 10 x")
        before = processor_seconds()
        alone = timed(sweep(folder, "alone", "averages", "--as-of", days(1000), "--workers", "1"))
        line("averages of both sides, 1,000 as-of days, one process", alone, "s")
        line("its processor time, whatever else runs", processor_seconds() - before, "s", "40 s: 20 s on two cores")


if __name__ == "__main__":
    main()
