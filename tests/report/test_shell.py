"""Cells run without a kernel: the same outputs as in one, forked or started, and no process outlives its run."""

import copy
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from report_samples import environment, running, tree, two_reports, until, write_report
from test_publish import resolve_as_of

from tradelib import catalogue
from tradelib.report import plan, pool, shipped
from tradelib.report import publish as publishing
from tradelib.report.execute import execute, normalise, read, to_text
from tradelib.report.notebooks import find_notebooks, imports

# What differs easily between a fork, a start and a kernel: the drawing backend, the module that runs, threads, paths, randomness.
LOOK_AROUND = """
import os, random, sys
import matplotlib, matplotlib.pyplot as plt, numpy
print(matplotlib.get_backend().split("_")[-1], __name__,  # two names of one backend
       sys.modules["__main__"].__dict__ is globals(), os.path.basename(os.getcwd()))
print([os.environ[name] for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")], [name for name in sys.path if name.endswith("tradelib")])
print(sys.argv[0].rsplit("/")[-1].removesuffix(".py"), len({random.random() for _ in range(3)}))
"""
# Every kind of output.
OUTPUTS = [
    "print('a', end=''); print('b')\nimport sys; sys.stderr.write('careful')\nprint('c')",
    "1 + 1",
    "1 + 1;",
    "'the last value is ' + str(_)",
    "from IPython.display import HTML, Markdown, clear_output, display, update_display",
    "display(Markdown('*a*'), metadata={'text/markdown': {'b': 1}})",
    "display(HTML('<p>1</p>'), display_id='kept'); HTML('<p>2</p>')",
    "update_display(HTML('<p>3</p>'), display_id='kept')",
    "print('gone'); clear_output(); print('stays')",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2], [3, 4])",
    "figure, axes = plt.subplots(); axes.bar([1], [2]); plt.show(); 'after the figure'",
    "BUNDLE = {'text/plain': 'both', 'application/json': {'n': 1}}, {'application/json': {'open': True}}",
    "class Both:\n    def _repr_mimebundle_(self, **_):\n        return BUNDLE\nBoth()",
    "import pandas as pd\npd.DataFrame({'a': [1.5]})",
    "import asyncio\nawait asyncio.sleep(0, 'awaited')",
    "%matplotlib inline",
    "b'bytes', object",
    "",
]


@pytest.mark.usefixtures("forked")
def test_every_kind_of_output_is_what_a_kernel_gives(tmp_path: Path) -> None:
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(OUTPUTS)]
    path = tmp_path / "outputs.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    mine = execute(path, in_place=True)
    theirs = copy.deepcopy(read(path))
    nbclient.NotebookClient(theirs, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    theirs = normalise(theirs, keep_parameters=False)
    for own, other in zip(mine.cells, theirs.cells, strict=True):
        assert (own.outputs, own.execution_count) == (other.outputs, other.execution_count), own.source
    assert to_text(mine) == to_text(theirs)


def test_a_forked_process_shows_what_a_started_one_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    notebooks = two_reports(tmp_path / "notebooks")
    write_report(notebooks, "03_surroundings", extra=LOOK_AROUND)
    sites = []
    for shared in (True, False):
        out = tmp_path / f"shared-{shared}"
        publishing.publish(
            [], days=["2025-06-09"], out=out, notebooks_dir=notebooks, resolve_as_of=resolve_as_of, shared_imports=shared,
            stream=io.StringIO(),
        )  # fmt: skip
        sites.append(tree(out))
    assert sites[0] == sites[1]
    executed = sites[0]["reports/03_surroundings/2025-06-09/03_surroundings.ipynb"].decode()
    assert "inline __main__ True here" in executed, "files that parameters name are those of where the command runs"
    assert "['1', '1']" in executed


def test_a_page_made_after_another_in_one_process_is_the_page_made_alone() -> None:
    asked = find_notebooks(["02_truce", "05_rare_earths"], shipped.folder())
    jobs = plan.plan_jobs(asked, ["2025-06-09"], {}, catalogue.resolve_as_of, 300, Path(), None)
    how = {"workers": 1, "describe": lambda job: job.words, "stream": io.StringIO(), "shared_imports": True}
    after, alone = pool.run_jobs(publishing.make, jobs, **how, kin=plan.kin)[1], pool.run_jobs(publishing.make, jobs[1:], **how)[0]
    assert (after.executed, after.page.html, after.figures) == (alone.executed, alone.page.html, alone.figures)


@pytest.mark.usefixtures("forked")
def test_cells_leave_nothing_in_the_process_that_asked(tmp_path: Path) -> None:
    before = (Path.cwd(), dict(os.environ), sys.argv, sys.modules["__main__"], sys.stdout)
    path = write_report(tmp_path, extra="import os, sys\nos.environ['LEFT'] = '1'; os.chdir('/'); sys.modules['left'] = os; os.getpid()")
    notebook = execute(path, {"as_of": "2025-06-09"})
    assert (Path.cwd(), dict(os.environ), sys.argv, sys.modules["__main__"], sys.stdout) == before
    assert "left" not in sys.modules
    shown = [output.data["text/plain"] for cell in notebook.cells if cell.id == "extra" for output in cell.outputs]
    assert shown != [str(os.getpid())]


@pytest.mark.skipif(os.name == "nt", reason="needs signals that Windows does not have")
def test_a_process_ends_with_the_one_that_asked_for_it(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    path = write_report(tmp_path, extra=f"import os, time\nopen({str(pid)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)")
    script = tmp_path / "asking.py"
    script.write_text("import sys\nfrom tradelib.report.execute import execute\nif __name__ == '__main__':\n    execute(sys.argv[1])\n")
    asking = subprocess.Popen([sys.executable, str(script), str(path)], stderr=subprocess.DEVNULL, env=environment())
    until(lambda: pid.exists() and pid.read_text())
    asking.send_signal(signal.SIGKILL)
    asking.wait()
    until(lambda: not running(int(pid.read_text())))


def test_imports_are_read_from_the_cells_alone(tmp_path: Path) -> None:
    path = write_report(tmp_path, extra="from os import path\nimport json.decoder as d\n# import turtle\ntext = 'import this'")
    assert {"os", "os.path", "json.decoder"} <= set(imports([path]))
    assert not {"turtle", "this"} & set(imports([path]))
    assert imports([write_report(tmp_path, "02_magic", extra="%matplotlib inline\nimport json")]) != []


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
def test_what_is_prepared_is_there_in_every_fork_and_what_fails_there_costs_no_page(tmp_path: Path) -> None:
    (tmp_path / "larder.py").write_text("held = []\ndef fill():\n    held.append('bread')\ndef fail():\n    raise OSError('no bread')\n")
    (tmp_path / "leaver.py").write_text("raise SystemExit(3)")
    path = write_report(tmp_path, extra="import larder; print(larder.held)")
    script = tmp_path / "asking.py"
    script.write_text(
        "import io, sys\nfrom tradelib.report import execute, pool\nif __name__ == '__main__':\n"
        "    pool.preload(['leaver', 'absent'], ['larder:fail', 'larder:fill'])\n"
        "    path = execute.Path(sys.argv[1])\n"
        "    order = execute._Order(path, execute.read(path), {'as_of': '2025-06-09'}, 60, None, path.parent)\n"
        "    made = pool.run_jobs(execute._run, [order] * 2, workers=1, describe=str, stream=io.StringIO(), shared_imports=True)\n"
        "    print([output.text for each in made for cell in each.cells if cell['id'] == 'extra' for output in cell.outputs])\n"
    )
    variables = environment()
    variables["PYTHONPATH"] += os.pathsep + str(tmp_path)
    done = subprocess.run([sys.executable, str(script), str(path)], capture_output=True, text=True, check=True, env=variables)
    assert done.stdout.strip() == repr(["['bread']\n"] * 2)
