"""Execution: equal runs give equal bytes, and a failure says where."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import nbformat
import pytest
from nbformat.v4 import new_notebook, new_output
from report_samples import executed, write_report

from tradelib.errors import ReportError
from tradelib.report import notebook_format
from tradelib.report.execute import execute, normalise, read, to_text

pytestmark = pytest.mark.usefixtures("forked")
NOISE = "import sys\nsys.stderr.write('careful')\nprint('a'); print('b')\nobject()"


def test_two_runs_give_the_same_bytes_and_nothing_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, warnings = write_report(tmp_path, extra=NOISE), []
    before = path.read_bytes()
    monkeypatch.chdir("/")
    runs = [to_text(execute(path, {"as_of": "2025-06-09", "window_days": 30}, on_warning=warnings.append)) for _ in range(2)]
    assert runs[0] == runs[1]
    assert path.read_bytes() == before
    assert warnings == ["careful", "careful"]
    notebook = json.loads(runs[0])
    injected = [cell for cell in notebook["cells"] if cell["id"] == "injected-parameters"]
    assert [cell["metadata"]["tags"] for cell in injected] == [["injected-parameters"]]
    assert notebook["metadata"]["papermill"] == {"parameters": {"as_of": "2025-06-09", "window_days": 30}}
    assert not any("papermill" in cell["metadata"] or "execution" in cell["metadata"] for cell in notebook["cells"])
    assert "The truce on 2025-06-09" in runs[0]
    assert str(tmp_path) not in runs[0]
    assert "careful" not in json.dumps([cell.get("outputs") for cell in notebook["cells"]])


def test_a_persons_start_up_file_runs_in_no_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "startup.py").write_text("raise SystemExit(9)")
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "startup.py"))
    execute(write_report(tmp_path), {"as_of": "2025-06-09"})


def test_a_failing_cell_is_named_with_the_parameters_and_kept(tmp_path: Path) -> None:
    path = write_report(tmp_path, extra="raise ValueError('no such\\n  month')")
    kept = tmp_path / "out.failed" / "copy.ipynb"
    with pytest.raises(ReportError) as caught:
        execute(path, {"as_of": "2025-06-09"}, keep_failed=kept)
    number = 1 + [cell.id for cell in nbformat.read(path, as_version=4).cells].index("extra")
    assert str(caught.value) == f"01_briefing with as_of=2025-06-09 failed in cell {number}: ValueError: no such month."
    assert "ValueError" in kept.read_text()
    assert "output_path" not in kept.read_text()


def test_a_run_in_place_takes_no_parameters(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="run in place with its default parameters"):
        execute(write_report(tmp_path), {"window_days": 3}, in_place=True)


def test_a_missing_notebook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"absent\.ipynb cannot be read as a notebook"):
        execute(tmp_path / "absent.ipynb")


def test_read_drops_an_injected_cell_and_gives_lasting_ids(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "code", "source": "a = 1", "metadata": {"tags": ["parameters"]}, "outputs": [], "execution_count": None},
        {
            "cell_type": "code",
            "source": "a = 2",
            "metadata": {"tags": ["injected-parameters"]},
            "outputs": [],
            "execution_count": None,
        },
        {"cell_type": "markdown", "source": "text", "metadata": {}},
    ]
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    assert [(cell.id, cell.source) for cell in read(path).cells] == [("cell-01", "a = 1"), ("cell-02", "text")]


CHECKS = """
import pickle, sys
from tradelib.report.execute import read
read(sys.argv[1])
early = "lark" in sys.modules
import jsonschema, nbformat, rfc3987_syntax
checker = jsonschema.FormatChecker()
asked = {"iri": "https://a.example/ü", "uri": "https://a.example", "duration": "P1D", "date": "2025-06-09"}
told = [[checker.conforms(text, name) for text in (good, "::")] for name, good in asked.items()]
pickle.dumps(nbformat.ValidationError("said"))
print(early, told, nbformat.ValidationError is jsonschema.ValidationError, end=" ")
print(rfc3987_syntax.is_valid_syntax("iri", "::"), type(rfc3987_syntax).__name__, end=" ")
print(sorted(checker.checkers) == sys.argv[2].split())
"""


@pytest.mark.parametrize("before", ["", "import jsonschema\n"], ids=["first", "after others"])
def test_reading_a_notebook_builds_no_parsers_and_leaves_one_whole_jsonschema(tmp_path: Path, before: str) -> None:
    """jsonschema builds parsers of addresses on import, for most of a second, wherever JupyterLab is installed."""
    pytest.importorskip("rfc3987_syntax")
    whole = " ".join(sorted(jsonschema.FormatChecker.checkers))
    asked = [sys.executable, "-c", before + CHECKS, str(write_report(tmp_path)), whole]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    assert told == f"{bool(before)} {[[True, False]] * 4} True False module True"


def test_nothing_stands_in_for_a_package_that_is_not_installed() -> None:
    """Else its format would be there, and fail when a text is held against it."""
    code = (
        "from tradelib.report import notebook_format as held; held.find_spec = lambda name: None; held.nbformat(); "
        "import sys; print('lark' in sys.modules)"
    )
    pytest.importorskip("rfc3987_syntax")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "True\n"


def test_what_is_left_out_is_imported_when_it_is_asked_for_and_not_held_back_from_others() -> None:
    module = notebook_format._Later("email.mime.text", "MIMEText")
    assert module.MIMEText("said").get_payload() == "said"
    assert module.MIMENonMultipart.__name__ == "MIMENonMultipart"
    assert sys.modules["email.mime.text"] is module.itself() is not module


def noisy(start: str) -> Any:
    notebook = executed("## A")
    notebook.metadata = {
        "kernelspec": {"name": "other", "display_name": "Mine"},
        "language_info": {"name": "python", "version": "3.11.7"},
        "papermill": {"parameters": {"a": 1}, "start_time": start, "output_path": "somewhere"},
        "widgets": {},
    }
    cell = notebook.cells[1]
    cell.metadata.update({"execution": {"iopub.execute_input": start}, "papermill": {"duration": 0.1}, "tags": []})
    cell.outputs = [
        new_output("stream", name="stdout", text="a\n"),
        new_output("stream", name="stdout", text="b\n"),
        new_output("execute_result", data={"text/plain": f"<Axes at 0x{start}>"}, execution_count=1),
    ]
    return notebook


def test_normalise_removes_what_differs_between_equal_runs() -> None:
    first, second = noisy("7f01"), noisy("7f02")
    assert to_text(first) != to_text(second)
    assert to_text(normalise(first)) == to_text(normalise(second))
    assert [output.get("text") for output in normalise(first).cells[1].outputs] == ["a\nb\n", None]
    assert normalise(first).metadata.papermill == {"parameters": {"a": 1}}
    assert "papermill" not in normalise(first, keep_parameters=False).metadata
    assert first.metadata.kernelspec["name"] == "other"


def test_normalise_does_nothing_the_second_time() -> None:
    once = normalise(noisy("7f01"))
    assert to_text(normalise(once)) == to_text(once)


def test_text_of_a_notebook_ends_with_one_newline() -> None:
    assert to_text(new_notebook()).endswith("}\n")
