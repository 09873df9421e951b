"""Kernels from a nursery: the same results as from kernels of their own start, and none outlives its run."""

import io
import os
import signal
import subprocess
import sys
import time
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
# A process that asks for kernels behind a door that it opened itself.
ASKING = """
import sys
import time
from tradelib.report import execute, nursery
def main():
    with nursery.Nursery(nursery.imports(sys.argv[1:])) as kernels:
        nursery.join(kernels.open())
        assert nursery.is_there()
        {}
        nursery._nursery.close()  # else the nursery, still waiting for questions, would be given time to end
main()
"""
RUN = "notebook = execute.execute(sys.argv[1], {'as_of': '2025-06-09'})"
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
    outputs = "print([sorted(output.get('data', {})) for cell in notebook.cells if cell['id'] == 'extra' for output in cell.outputs])"
    script = ASKING.format(f"{RUN}; {outputs}")
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert "'image/png'" in done.stdout


def test_kernels_end_with_the_process_that_asked_for_them(tmp_path: Path) -> None:
    path = write_report(tmp_path, extra=f"import os, time\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)")
    script = ASKING.format(RUN)
    asking = subprocess.Popen([sys.executable, "-c", script, str(path)], stderr=subprocess.DEVNULL)
    pid = tmp_path / "pid"
    until(lambda: pid.exists() and pid.read_text())
    asking.send_signal(signal.SIGKILL)
    asking.wait()
    until(lambda: not running(int(pid.read_text())))


def test_a_kernel_that_dies_is_told_with_its_code() -> None:
    request = "{'arguments': ['-f', '/nowhere/at/all.json'], 'env': {}, 'cwd': '/'}"
    script = ASKING.format(f"forked = nursery._Forked({request}); forked.kill(); print(forked.wait(), forked.poll())")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(-signal.SIGKILL)] * 2


def test_imports_are_read_from_the_cells_alone(tmp_path: Path) -> None:
    path = write_report(tmp_path, extra="from os import path\nimport json.decoder as d\n# import turtle\ntext = 'import this'")
    assert {"os", "os.path", "json.decoder"} <= set(nursery.imports([path]))
    assert not {"turtle", "this"} & set(nursery.imports([path]))
    assert nursery.imports([write_report(tmp_path, "02_magic", extra="%matplotlib inline\nimport json")]) != []


def test_a_process_without_a_nursery_says_so() -> None:
    assert not nursery.is_there()
    with pytest.raises(ConnectionError, match="no nursery"):
        nursery._ask(("poll", 1))


@pytest.mark.parametrize("also_the_kernel", [False, True])
def test_a_run_ends_soon_when_its_nursery_is_killed_in_a_long_cell(tmp_path: Path, also_the_kernel: bool) -> None:
    pid = tmp_path / "pid"
    path = write_report(tmp_path, extra=f"import os, time\nopen({str(pid)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)")
    script = f"""
import os, signal, sys, threading, time
from pathlib import Path
from tradelib.errors import ReportError
from tradelib.report import execute, nursery
pid = Path({str(pid)!r})
def murder(process):
    while not (pid.exists() and pid.read_text()):
        time.sleep(0.05)
    process.kill()
    if {also_the_kernel}:
        os.kill(int(pid.read_text()), signal.SIGKILL)
with nursery.Nursery([]) as kernels:
    nursery.join(kernels.open())
    threading.Thread(target=murder, args=(kernels._process,)).start()
    try:
        execute.execute(sys.argv[1], {{"as_of": "2025-06-09"}})
    except ReportError as error:
        print(error)
"""
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True, timeout=60)
    assert "its kernel died" in done.stdout
    until(lambda: not running(int(pid.read_text())))


def test_a_nursery_that_cannot_fork_or_that_a_module_ends_costs_no_page(tmp_path: Path) -> None:
    (tmp_path / "leaver.py").write_text("raise SystemExit(3)")
    (tmp_path / "forkless.py").write_text(
        "import os\ndef refuse():\n    raise BlockingIOError(11, 'no more processes')\nos.fork = refuse\n"
    )
    path = write_report(tmp_path)
    run = f"{RUN}; print(len(notebook.cells), nursery.is_there())"
    for module, stays in (("leaver", True), ("forkless", False)):
        script = ASKING.replace("nursery.imports(sys.argv[1:])", f"[{module!r}]").format(run).replace("nursery._nursery.close()", "pass")
        environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-c", script, str(path)], capture_output=True, text=True, env=environment, timeout=60, check=True
        )
        assert done.stdout.split()[1] == str(stays)


def test_what_is_prepared_is_there_in_every_kernel(tmp_path: Path) -> None:
    (tmp_path / "larder.py").write_text("held = []\ndef fill():\n    held.append('bread')\ndef fail():\n    raise OSError('no bread')\n")
    path = write_report(tmp_path, extra="import larder; print(larder.held)")
    script = (
        "import sys; from tradelib.report import execute, nursery; "
        "kernels = nursery.Nursery([], prepare=['larder:fail', 'larder:fill']); nursery.join(kernels.open()); "
        "notebook = execute.execute(sys.argv[1], {'as_of': '2025-06-09'}); nursery._nursery.close(); kernels.__exit__(); "
        "print([output.text for cell in notebook.cells if cell['id'] == 'extra' for output in cell.outputs])"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True, env=environment)
    assert "['bread']" in done.stdout


def test_kernels_start_plainly_where_the_nursery_has_gone(tmp_path: Path) -> None:
    path = write_report(tmp_path)
    script = (
        "import sys, os, signal; from tradelib.report import execute, nursery; kernels = nursery.Nursery([]); door = kernels.open(); "
        "kernels._process.kill(); kernels._process.wait(); nursery.join(door); assert not nursery.is_there(); "
        "print(len(execute.execute(sys.argv[1], {'as_of': '2025-06-09'}).cells))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 1


def test_a_nursery_that_still_imports_ends_with_its_context() -> None:
    begun = time.monotonic()
    with nursery.Nursery(["pandas", "matplotlib.pyplot"]) as kernels:
        assert kernels.open() is kernels.open()
        process = kernels._process
    assert process.poll() is not None
    assert time.monotonic() - begun < nursery._GRACE_SECONDS
    with nursery.Nursery([]) as kernels:  # never opened
        pass
    assert kernels._process is None
