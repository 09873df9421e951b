"""How long all reports take from cold, how much memory, and what the cells alone would take: `python benchmarks/publishing.py`.

Memory is the sum of the proportional set sizes of the run and all its processes, sampled (Linux; elsewhere it is not given).
"""

import ast
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from timing import line

from tradelib.report import plan, pool, shipped

TARGET_SECONDS = 20


def main() -> None:
    """Print the times and the memory of one day's reports."""
    cores = os.cpu_count() or 1
    print(f"Python {platform.python_version()}, {platform.machine()}, {cores} cores")
    notebooks = sorted(shipped.folder().glob("*.ipynb"))
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tradelib", "publish", "--out", str(Path(folder) / "site")]
        first, memory = timed(command)
        line(f"{len(notebooks)} reports of the newest day, from cold", first, "s", f"{TARGET_SECONDS} s")
        if memory:
            line("peak memory of all processes", memory / 1e6, "MB")
        line("the same again, nothing changed", timed(command)[0], "s", "2 s")
    cells = sum(seconds_of_cells(path) for path in notebooks)
    line(f"lower bound: time of the cells alone, imports apart, over {cores} cores", cells / cores, "s")


def timed(command: list[str]) -> tuple[float, float]:
    """Seconds that a command takes, and the peak of its memory in bytes; 0 where it cannot be told."""
    begun, peak = time.perf_counter(), 0.0
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603, our own command line
    while run.poll() is None:
        peak = max(peak, sum(map(memory_of, family(run.pid))))
        time.sleep(0.25)  # reading the sizes costs time itself
    if run.returncode:
        message = f"{' '.join(command)} ended with {run.returncode}."
        raise RuntimeError(message)
    return time.perf_counter() - begun, peak


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
    modules = [name for name in plan.imports([path]) if _is_module(name)]
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
