"""How many small changes of the code no test notices, and which.

    python benchmarks/mutation.py ledger law truce --sample 100 --seed 1 --csv survivors.csv

A sample of the changes that `mutants` makes of the modules of a room is tried one by one, in a copy of the tree in a temporary folder,
against the tests that state the room's behaviour (`ROOMS`; not against the committed outputs of the notebooks). For each room it prints the
share that a test notices, with the interval of 95% that the size of the sample leaves, then what survives, with file, line and change.
`mutants_left.csv` holds survivors with reasons; one said to be `equivalent` counts neither way. `mutation_rates.csv` holds what was
measured last, room by room (`sample` 0: all changes); a seed that no test was written by is the check.

Why a script of our own: tools such as cosmic-ray and mutmut run the tests in a process a change, or keep what was remembered before it.
Here pandas is imported and the tables are read once; every test of the room is run once, to learn which lines it reaches with nothing of
ours remembered; then each change costs a fork: the changed code is put into the functions that live, what they have remembered is
forgotten, and the tests that reach the line run, quickest first, up to one that fails. What runs at import (`--imports`) is changed in
the file, and its tests run in a process of their own. Tests that take longer than `--slow` seconds of the processor are left out.
"""

import argparse
import csv
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from mutants import Mutant, mutants

ROOT = Path(__file__).parent.parent
LEFT = Path(__file__).with_name("mutants_left.csv")
# Modules of a room, and the files of tests that state its behaviour: --unreached lists the functions that none of them enters.
ROOMS = {
    "ledger": ("tradelib/ledger.py", "test_ledger"),
    "law": ("tradelib/tariffs/law.py tradelib/tariffs/country_wide.py", "test_made_up_law test_tariffs"),
    "stacking": ("tradelib/tariffs/books.py tradelib/tariffs/stacking.py", "test_stacking_rules"),
    "coverage": ("tradelib/tariffs/membership.py", "test_membership test_chinese_membership"),
    "rates": ("tradelib/tariffs/rates.py tradelib/tariffs/prepared.py", "test_line_rules"),
    "lines": ("tradelib/tariffs/tariff_lines.py", "test_line_rules test_tariff_lines"),
    "averages": ("tradelib/tariffs/protection.py tradelib/tariffs/collection.py", "test_average_rules"),
    "validation": ("tradelib/tariffs/validation.py", "test_validation_rules"),
    "exclusions": ("tradelib/tariffs/granted.py tradelib/tariffs/exclusions.py", "test_line_rules"),
    "truce": ("tradelib/truce/*.py", "test_truce_rules test_change_rules"),
    "trade": ("tradelib/trade/*.py", "test_trade_rules"),
    "scenarios": ("tradelib/scenarios/*.py", "test_scenario_rules test_effects"),
    "catalogue": ("tradelib/catalogue/*.py", "test_catalogue_rules"),
    "guards": ("tradelib/report/page.py tradelib/report/page_checks.py", "report/test_page_rules"),
    "outputs": ("tradelib/report/outputs.py", "report/test_outputs"),
    "plan": ("tradelib/report/plan.py tradelib/report/values.py tradelib/report/parameters.py", "report/test_parameters report/test_plan"),
    "sides": ("tradelib/sides.py tradelib/rows.py", "test_sides test_rows"),
    "phrases": ("tradelib/phrases/[!d]*.py tradelib/phrases/duty_moves.py", "test_phrases test_truce_clock test_change_rules"),
    "news": ("tradelib/news/*.py tradelib/phrases/day_news.py", "test_day_news"),
}

UNNOTICED = {"survived", "not reached"}


@dataclass(frozen=True)
class Result:
    """What became of one change: `killed`, `survived`, `not reached` by any test, or `timeout` (noticed: the tests took too long)."""

    room: str
    file: str
    line: int
    function: str
    kind: str
    before: str
    after: str
    result: str = ""
    noticed_by: str = ""
    tests: int = 0
    seconds: float = 0.0
    reason: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What names a change while lines move."""
        return self.file, self.function, self.before, self.after


def modules(room: str, root: Path) -> list[str]:
    """The modules of a room, as paths in the tree."""
    return [path.relative_to(root).as_posix() for pattern in ROOMS[room][0].split() for path in sorted(root.glob(pattern))]


def tests(room: str, root: Path) -> list[str]:
    """The files of tests of a room."""
    names = [f"tests/{name}.py" for name in ROOMS[room][1].split()]
    return [name for name in names if (root / name).exists()]


def sample(room: str, root: Path, options: argparse.Namespace) -> list[Mutant]:
    """Some changes of a room, the same ones for the same seed and tree."""
    every = [mutant for file in modules(room, root) if options.only in file for mutant in mutants(root, file)]
    every = [item for item in every if options.function in (item.function or ("",))[0] and (item.function or options.imports)]
    if options.again:
        left = survivors(Path(options.again))
        return [item for item in every if described(room, item).key in left]
    size = min(options.sample, len(every)) if options.sample else len(every)
    return sorted(random.Random(options.seed).sample(every, size), key=lambda item: (item.file, item.line, item.start))  # noqa: S311


def survivors(path: Path) -> set[tuple[str, ...]]:
    """What an earlier run wrote as not noticed."""
    with path.open(encoding="utf-8", newline="") as rows:
        results = [Result(**_typed(row)) for row in csv.DictReader(rows)]
    return {item.key for item in results if item.result in UNNOTICED}


def described(room: str, item: Mutant) -> Result:
    """A change without what became of it."""
    return Result(room, item.file, item.line, item.function[0] if item.function else "", item.kind, item.before, item.after)


def at_import(root: Path, room: str, item: Mutant) -> Result:
    """Try a change of what runs at import: in the file, with the tests in a process of their own."""
    file, started = root / item.file, time.perf_counter()
    source = file.read_bytes()
    command = [sys.executable, "-m", "pytest", "-n0", "-x", "-q", "-p", "no:cacheprovider", *tests(room, root)]
    try:
        file.write_bytes(item.source(source))
        run = subprocess.run(command, cwd=root, env=_environment(root), capture_output=True, text=True, check=False, timeout=600)  # noqa: S603
        failed = [line.split()[1] for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        word, by = ("killed", (failed or ["at import"])[0]) if run.returncode else ("survived", "")
    except subprocess.TimeoutExpired:
        word, by = "timeout", ""
    finally:
        file.write_bytes(source)
    return replace(described(room, item), result=word, noticed_by=by, seconds=round(time.perf_counter() - started, 1))


def _environment(root: Path) -> dict[str, str]:
    paths = os.pathsep.join([str(root), str(root / "tests"), str(Path(__file__).parent)])
    return os.environ | {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "TRADELIB_DATA": "edition", "PYTHONDONTWRITEBYTECODE": "1"}


def interval(killed: int, tried: int) -> tuple[float, float]:
    """Wilson's interval of 95% of a share."""
    if not tried:
        return 0.0, 1.0
    z, share = 1.96, killed / tried
    middle, half = share + z * z / (2 * tried), z * math.sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried))
    return (middle - half) / (1 + z * z / tried), (middle + half) / (1 + z * z / tried)


def reasons(path: Path = LEFT) -> dict[tuple[str, ...], str]:
    """Survivors that are known, and why they are left."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as rows:
        return {(row["file"], row["function"], row["before"], row["after"]): row["reason"] for row in csv.DictReader(rows)}


def tell(room: str, results: list[Result]) -> None:
    """The share that is noticed, and what is not."""
    counted = [item for item in results if not item.reason.startswith("equivalent")]
    left = [item for item in counted if item.result in UNNOTICED]
    killed = len(counted) - len(left)
    low, high = interval(killed, len(counted))
    print(f"{room}: {killed} of {len(counted)} noticed, {killed / max(len(counted), 1):.0%} ({low:.0%} to {high:.0%}),"
          f" {len(results) - len(counted)} equivalent, {sum(item.seconds for item in results):.0f} s")  # fmt: skip
    for item in left:
        why = f"  [{item.reason}]" if item.reason else ""
        print(f"  {item.file}:{item.line} {item.function} {item.result}: {item.before}\n      -> {item.after}{why}")


def run_room(room: str, root: Path, options: argparse.Namespace) -> list[Result]:
    """Try the sample of one room."""
    chosen = sample(room, root, options)
    asked = json.dumps(
        {name: getattr(options, name) for name in ("sample", "seed", "slow", "only", "function", "again", "imports", "unreached")}
    )
    command = [sys.executable, str(Path(__file__).with_name("mutation_tests.py")), room, str(root), asked]
    run = subprocess.run(command, cwd=root, env=_environment(root), stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    results = [Result(**row) for row in map(_typed, csv.DictReader(run.stdout.splitlines()))]
    results += [at_import(root, room, item) for item in chosen if item.function is None]
    known = reasons()
    return [replace(item, reason=known.get(item.key, "")) for item in results]


def _typed(row: dict[str, str]) -> dict[str, object]:
    return row | {"line": int(row["line"]), "tests": int(row["tests"]), "seconds": float(row["seconds"])}


def write(results: Iterable[Result], file: object) -> None:
    """Results as CSV."""
    writer = csv.DictWriter(file, list(Result.__dataclass_fields__), lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(item) for item in results)


def parsed() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rooms", nargs="*", default=list(ROOMS), metavar="ROOM", help=", ".join(ROOMS))
    parser.add_argument("--sample", type=int, default=100, help="changes a room; 0 for all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slow", type=float, default=6.0, help="leave out tests that take longer than these seconds")
    parser.add_argument("--only", default="", help="only files whose path contains this")
    parser.add_argument("--function", default="", help="only functions whose name contains this")
    parser.add_argument("--imports", action="store_true", help="also what runs when a module is imported; each takes all tests of the room")
    parser.add_argument("--unreached", action="store_true", help="also list functions that no test of the room enters")
    parser.add_argument("--again", metavar="CSV", help="only what an earlier run wrote there as not noticed")
    parser.add_argument("--csv", type=Path, help="write every result there")
    return parser.parse_args()


def main() -> None:
    """Try each room, print, and write."""
    options, results = parsed(), []
    options.again = options.again and str(Path(options.again).resolve())
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        ignored = shutil.ignore_patterns(".git", ".venv*", "site", "build", "dist", "__pycache__", ".hypothesis", ".*_cache")
        root = Path(shutil.copytree(ROOT, Path(folder) / "tree", ignore=ignored))
        for room in options.rooms:
            results += (found := run_room(room, root, options))
            tell(room, found)
    if options.csv:
        with options.csv.open("w", encoding="utf-8", newline="") as file:
            write(results, file)


if __name__ == "__main__":
    main()
