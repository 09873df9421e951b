"""Kernels from a nursery: the same results as from kernels of their own start, and none outlives its run."""

import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from report_samples import running, tree, two_reports, until, write_report
from test_publish import resolve_as_of

from tradelib.report import nursery
from tradelib.report import publish as publishing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")

# What differs easily between a fork and a start: the drawing backend, the module that runs, threads, paths, arguments, randomness.
LOOK_AROUND = """
import os, random, sys
import matplotlib, matplotlib.pyplot as plt, numpy
print(matplotlib.get_backend().split("_")[-1], __name__,  # two names of one backend
       sys.modules["__main__"].__dict__ is globals(), os.path.basename(os.getcwd()))
print([os.environ[name] for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")], [name for name in sys.path if name.endswith("tradelib")])
print(sys.argv[0].rsplit("/")[-1].removesuffix(".py"), sys.stdin.closed, len({random.random() for _ in range(3)}))
"""
DRAW = "plt.plot([1, 2], [3, 4]); figure = plt.gcf(); plt.show(); len(figure.axes)"


def test_a_forked_kernel_shows_what_a_started_one_shows(tmp_path: Path) -> None:
    notebooks = two_reports(tmp_path / "notebooks")
    write_report(notebooks, "03_surroundings", extra=LOOK_AROUND)
    sites = []
    for shared in (True, False):
        out = tmp_path / f"shared-{shared}"
        publishing.publish(
            [], days=["2025-06-09", "latest"], out=out, notebooks_dir=notebooks, resolve_as_of=resolve_as_of, shared_imports=shared,
            stream=io.StringIO(),
        )  # fmt: skip
        sites.append(tree(out))
    assert sites[0] == sites[1]
    executed = sites[0]["reports/03_surroundings/2025-06-09/03_surroundings.ipynb"].decode()
    assert "inline __main__ True notebooks" in executed
    assert "['1', '1']" in executed


def test_a_figure_that_only_pyplot_knows_is_not_lost(tmp_path: Path) -> None:
    path = write_report(tmp_path, extra=f"import matplotlib.pyplot as plt\n{DRAW}")
    script = (
        "import sys; from tradelib.report import execute, nursery; nursery.start(nursery.imports([sys.argv[1]])); "
        "assert nursery.is_there(); notebook = execute.execute(sys.argv[1], {'as_of': '2025-06-09'}); "
        "print([sorted(output.get('data', {})) for cell in notebook.cells if cell['id'] == 'extra' for output in cell.outputs])"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert "'image/png'" in done.stdout


def test_kernels_end_with_the_process_that_asked_for_them(tmp_path: Path) -> None:
    path = write_report(tmp_path, extra=f"import os, time\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)")
    script = (
        "import sys; from tradelib.report import execute, nursery; nursery.start([]); execute.execute(sys.argv[1], {'as_of': '2025-06-09'})"
    )
    asking = subprocess.Popen([sys.executable, "-c", script, str(path)], stderr=subprocess.DEVNULL)
    pid = tmp_path / "pid"
    until(lambda: pid.exists() and pid.read_text())
    asking.send_signal(signal.SIGKILL)
    asking.wait()
    until(lambda: not running(int(pid.read_text())))


def test_a_kernel_that_dies_is_told_with_its_code() -> None:
    script = (
        "import os, signal; from tradelib.report import nursery; nursery.start([]); "
        "forked = nursery._Forked({'arguments': ['-f', '/nowhere/at/all.json'], 'env': dict(os.environ), 'cwd': '/'}); "
        "forked.kill(); print(forked.wait(), forked.poll())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(-signal.SIGKILL)] * 2


def test_imports_are_read_from_the_cells_alone(tmp_path: Path) -> None:
    path = write_report(tmp_path, extra="from os import path\nimport json.decoder as d\n# import turtle\ntext = 'import this'")
    assert {"os", "os.path", "json.decoder"} <= set(nursery.imports([path]))
    assert not {"turtle", "this"} & set(nursery.imports([path]))
    assert nursery.imports([write_report(tmp_path, "02_magic", extra="%matplotlib inline\nimport json")]) != []


def test_a_process_without_a_nursery_says_so() -> None:
    assert not nursery.is_there()
    with pytest.raises(RuntimeError, match="no nursery"):
        nursery._ask(("poll", 1))
