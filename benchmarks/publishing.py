"""How long reports take: from cold, over many days, with nothing changed, and beside papermill and nbconvert in a loop of a shell.

`python benchmarks/publishing.py --beside CHECKOUT` runs the same reports of another checkout in turn, and gives the ratios. A sweep of many
days is held against `publish` of the same days by the other checkout, which has a page for each of them: a sweep makes one where something
changed, and says of the other days which page holds. Memory is the
sum of the proportional set sizes of the run and all its processes, sampled (Linux; elsewhere it is not given).
"""

import argparse
import ast
import compileall
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from datetime import date, timedelta
from pathlib import Path

from timing import line

from tradelib.report import pool, shipped
from tradelib.report.notebooks import imports

HERE = Path(__file__).parent.parent
SWEPT, FIRST = "01_briefing", date(2026, 3, 1)
# Without -P the folder where this is called, a checkout perhaps, would come before the checkout that is meant.
TRADELIB = [sys.executable, "-P", "-m", "tradelib"]
# Targets: seconds, parts of the time of the other checkout, and how many times faster a page is than in the loop.
UNCHANGED_SECONDS, COLD_PART, SWEEP_PART, TIMES = 1.0, 0.6, 0.35, 12


def main() -> None:
    """Print each time beside its target, and beside that of another checkout."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--beside", type=Path, help="another checkout, run with the packages of this one")
    parser.add_argument("--days", type=int, default=100, help="days of the sweep (default: 100)")
    parser.add_argument("--repeat", type=int, default=3, help="runs, of which the median counts (default: 3)")
    asked = parser.parse_args()
    cores = os.cpu_count() or 1
    print(f"Python {platform.python_version()}, {platform.machine()}, {cores} cores")
    places = [HERE, *([asked.beside.resolve()] if asked.beside else [])]
    # The same reports, and no more than both have.
    names = sorted(set.intersection(*({path.stem for path in (place / "notebooks").glob("*.ipynb")} for place in places)))
    days = [(FIRST + timedelta(days=number)).isoformat() for number in range(asked.days)]
    compared(f"publish {len(names)} reports of the newest day, from cold", places, [*names], asked.repeat, f"{COLD_PART} at most")
    dated = [SWEPT, *(f"--as-of={day}" for day in days)]
    here, *others = compared(f"publish {asked.days} days of {SWEPT}, a page a day", places, dated, 1)
    swept = sweep(days)
    line(f"sweep the same {asked.days} days here, a page where something changed", swept, "s")
    for other in others:
        line("  ratio to publish of these days by the other checkout", swept / other, "", f"{SWEEP_PART} at most")
    with tempfile.TemporaryDirectory() as folder:
        command, environment = publishing(HERE, Path(folder), names)
        line("peak memory of all processes", peak(command, environment) / 1e6, "MB")
        again = statistics.median(timed(command, environment) for _ in range(asked.repeat))
        line("the same again, nothing changed", again, "s", f"{UNCHANGED_SECONDS} s")
    loop = statistics.median(peer(SWEPT, day) for day in days[:3])
    line(f"a page of {SWEPT} by papermill and nbconvert, each from a shell", loop, "s")
    line(f"  times the mean page of the {asked.days} published here", loop / (here / asked.days), "", f"{TIMES} or more")
    line("  times a day of the sweep", loop / (swept / asked.days), "")
    cells = sum(seconds_of_cells(shipped.folder() / f"{name}.ipynb") for name in names)
    line(f"cells of these reports alone, each by itself, over {cores} cores", cells / cores, "s")


def compared(words: str, places: list[Path], asked: list[str], repeat: int, target: str = "") -> list[float]:
    """Median seconds here and by the other checkout, in turn; printed, with their ratio."""
    times: dict[Path, list[float]] = {place: [] for place in places}
    for place in places:
        compileall.compile_dir(place / "tradelib", quiet=1)
        _check_own(place)
    for _ in range(repeat):
        for place in places:
            with tempfile.TemporaryDirectory() as folder:
                times[place].append(timed(*publishing(place, Path(folder), asked)))
    here, *others = medians = [statistics.median(each) for each in times.values()]
    line(words, here, "s")
    for other in others:
        line("  the same by the other checkout", other, "s")
        line("  ratio", here / other, "", target)
    return medians


def _check_own(place: Path) -> None:
    """Refuse to measure another package than that of a checkout."""
    with tempfile.TemporaryDirectory() as folder:
        _, environment = publishing(place, Path(folder), [])
    command = [sys.executable, "-P", "-c", "import tradelib; print(tradelib.__file__)"]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
    if not Path(found).is_relative_to(place):
        message = f"{found} would be measured, and not {place}."
        raise RuntimeError(message)


def sweep(days: list[str]) -> float:
    """Seconds of a sweep over days here, into an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        _, environment = publishing(HERE, Path(folder), [])
        command = [*TRADELIB, "sweep", SWEPT, "--as-of", f"{days[0]}..{days[-1]}", "--out", str(Path(folder) / "swept")]
        return timed(command, environment)


def publishing(place: Path, folder: Path, asked: list[str]) -> tuple[list[str], dict[str, str]]:
    """(command, environment) that publishes reports of a checkout into an empty site; what its package announces is announced."""
    about = folder / "announced" / "other-1.dist-info"
    about.mkdir(parents=True, exist_ok=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1\n", encoding="utf-8")
    points = tomllib.loads((place / "pyproject.toml").read_text(encoding="utf-8"))["project"].get("entry-points", {})
    groups = ("\n".join([f"[{group}]", *(f"{name} = {value}" for name, value in named.items())]) for group, named in points.items())
    (about / "entry_points.txt").write_text("\n\n".join(groups), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(place), str(about.parent)]), "TRADELIB_DATA": "edition"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else every process would compile the package anew
    return [*TRADELIB, "publish", *asked, "--out", str(folder / "site")], environment


def peer(name: str, day: str) -> float:
    """Seconds of one page by the two tools alone, each a command."""
    with tempfile.TemporaryDirectory() as folder:
        copy, begun = str(Path(folder) / f"{name}.ipynb"), time.perf_counter()
        papermill = [sys.executable, "-m", "papermill", str(shipped.folder() / f"{name}.ipynb"), copy, "-p", "as_of", day]
        for command in (papermill, [sys.executable, "-m", "nbconvert", "--to", "html", copy]):
            subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PYTHONPATH": str(HERE)})  # noqa: S603
        return time.perf_counter() - begun


def timed(command: list[str], environment: dict[str, str] | None = None) -> float:
    """Seconds that a command takes, in this environment without another."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)  # noqa: S603, our own command line
    return time.perf_counter() - begun


def peak(command: list[str], environment: dict[str, str] | None = None) -> float:
    """Bytes that a command and all its processes take at most, 0 where it cannot be told; in a run of its own, as looking takes time."""
    run, most = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment), 0.0  # noqa: S603, as above
    while run.poll() is None:
        most = max(most, sum(map(memory_of, family(run.pid))))
        time.sleep(0.25)
    if run.returncode:
        message = f"{' '.join(command)} ended with {run.returncode}."
        raise RuntimeError(message)
    return most


def family(process: int) -> list[int]:
    """A process and all below it."""
    found = [process]
    for known in found:
        try:
            for task in Path(f"/proc/{known}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def memory_of(process: int) -> float:
    """Proportional set size in bytes; 0 where it cannot be read."""
    try:
        rows = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(1024.0 * int(row.split()[1]) for row in rows if row.startswith("Pss:"))


def seconds_of_cells(path: Path) -> float:
    """Processor time of the cells of a notebook in a process of its own, once what they import is there."""
    script = (
        "import importlib, sys, time; sys.path.insert(0, sys.argv[2]); import publishing; "
        "[importlib.import_module(name) for name in sys.argv[3:]]; print(publishing.cells(sys.argv[1]))"
    )
    modules = [name for name in imports([path]) if _is_module(name)]
    command = [sys.executable, "-c", script, str(path), str(Path(__file__).parent), *modules]
    environment = os.environ | pool.ONE_THREAD
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=path.parent, env=environment)  # noqa: S603
    return float(done.stdout.split()[-1])


def cells(path: str) -> float:
    """Run the cells of a notebook here; seconds."""
    names: dict[str, object] = {}
    begun = time.process_time()
    for cell in json.loads(Path(path).read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            tree = ast.parse("".join(cell["source"]))
            last = ast.Expression(tree.body.pop().value) if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, path, "exec"), names)  # noqa: S102, our own notebooks
            piece = eval(compile(last, path, "eval"), names) if last else None  # noqa: S307
            if hasattr(piece, "_repr_mimebundle_"):
                piece._repr_mimebundle_()
    return time.process_time() - begun


def _is_module(name: str) -> bool:
    from importlib.util import find_spec

    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


if __name__ == "__main__":
    main()
