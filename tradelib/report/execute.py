"""Execution: a notebook run in a fresh process, given back without anything that differs between two equal runs."""

import copy
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradelib.errors import ReportError
from tradelib.report import pool
from tradelib.report.notebook_format import nbformat
from tradelib.report.values import spelled

TIMEOUT = 600
GRACE_SECONDS = 5  # for a cell that cannot be interrupted
INJECTED = "injected-parameters"

_ENGINE = "tradelib"

_KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_LANGUAGE = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python", "pygments_lexer": "ipython3"}
_LONGEST_REASON = 400
_ADDRESS = re.compile(r"\bat 0x[0-9a-f]+")
_TERMINAL_CODE = re.compile(r"\x1b\[[0-9;]*m")


def execute(
    path: str | Path,
    parameters: Mapping[str, Any] | None = None,
    *,
    timeout: int = TIMEOUT,
    in_place: bool = False,
    folder: str | Path | None = None,
    keep_failed: str | Path | None = None,
    on_warning: Callable[[str], None] | None = None,
) -> Any:
    """Executed notebook, normalised: two runs on the same data give the same bytes.

    The cells run in a process of their own (this one, if it was made for the notebook), without the person's IPython profile and
    start-up file. What cells write to stderr is no part of the result.

    Parameters
    ----------
    path : the notebook; the file is not changed.
    parameters : values to inject behind the cell tagged ``parameters``.
    timeout : seconds one cell may take.
    in_place : for the copy kept in git; no cell is injected, and `parameters` must be empty.
    folder : where the cells work, and files that parameters name are looked for; that of the notebook without it.
    keep_failed : where to write the executed copy if a cell fails.
    on_warning : called with each text that a cell wrote to stderr.

    Returns
    -------
    nbformat.NotebookNode

    Raises
    ------
    ReportError : a cell failed, took too long or ended the process; names notebook, cell, parameters and the error's last line.
    """
    path, values = Path(path), dict(parameters or {})
    if in_place and parameters:
        message = f"{path.name} is run in place with its default parameters, so none can be given."
        raise ReportError(message)
    here = path.resolve().parent if folder is None else Path(folder)
    order = _Order(path, read(path), values, timeout, None if keep_failed is None else Path(keep_failed), here)
    if pool.child() is not None:
        executed = _run(order)
    else:
        executed = pool.run_jobs(_run, [order], workers=1, describe=_words, stream=io.StringIO(), step_seconds=timeout + GRACE_SECONDS)[0]
    return normalise(executed, keep_parameters=not in_place, on_warning=on_warning)


@dataclass(frozen=True)
class _Order:
    """A notebook to execute, as it is handed to a process."""

    path: Path
    source: Any
    values: dict[str, Any]
    timeout: int
    keep_failed: Path | None
    folder: Path


def read(path: str | Path) -> Any:
    """Notebook as a node, without outputs of an earlier injected cell, every cell with an id that stays.

    Raises
    ------
    ReportError : the file is missing or no notebook.
    """
    path, read_file = Path(path), nbformat().read
    try:
        notebook = read_file(path, as_version=4)
    except Exception as error:
        message = f"{path.name} cannot be read as a notebook ({type(error).__name__}); it must be an .ipynb file of format 4."
        raise ReportError(message) from None
    notebook.cells = [cell for cell in notebook.cells if INJECTED not in cell.metadata.get("tags", [])]
    for number, cell in enumerate(notebook.cells, start=1):
        cell.setdefault("id", f"cell-{number:02d}")
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    return notebook


def keep(notebook: Any, path: str | Path) -> None:
    """Write a notebook for inspection, with the folders above it."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(to_text(notebook).encode())


def normalise(notebook: Any, *, keep_parameters: bool = True, on_warning: Callable[[str], None] | None = None) -> Any:
    """Copy of an executed notebook without timings, versions, paths, random ids and stderr.

    Parameters
    ----------
    notebook : as papermill returns it; not changed.
    keep_parameters : whether the values that were injected stay in the metadata.
    on_warning : called with each text that a cell wrote to stderr.
    """
    result = copy.deepcopy(notebook)
    parameters = result.metadata.get("papermill", {}).get("parameters")
    title = result.metadata.get("title")
    result.metadata.clear()
    result.metadata.update({"kernelspec": dict(_KERNELSPEC), "language_info": dict(_LANGUAGE)})
    if title:
        result.metadata["title"] = title
    if keep_parameters and parameters:
        result.metadata["papermill"] = {"parameters": parameters}
    for cell in result.cells:
        _normalise_cell(cell, on_warning)
    return result


def to_text(notebook: Any) -> str:
    """Notebook as the text of its file: sorted keys, one newline at the end."""
    return nbformat().writes(notebook, version=4).rstrip("\n") + "\n"


def _normalise_cell(cell: Any, on_warning: Callable[[str], None] | None) -> None:
    for transient in ("execution", "papermill", "collapsed", "scrolled", "ExecuteTime"):
        cell.metadata.pop(transient, None)
    if not cell.metadata.get("tags"):
        cell.metadata.pop("tags", None)
    if INJECTED in cell.metadata.get("tags", []):
        cell["id"] = INJECTED
    if cell.cell_type != "code":
        return
    outputs: list[Any] = []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stderr":
            if on_warning is not None:
                on_warning(output.text.strip())
        elif output.output_type == "stream" and outputs and outputs[-1].get("name") == output.name:
            outputs[-1]["text"] += output.text
        else:
            outputs.append(output)
    for output in outputs:
        output.pop("transient", None)
        if "text/plain" in output.get("data", {}):
            output.data["text/plain"] = _ADDRESS.sub("at 0x", output.data["text/plain"])
    cell["outputs"] = outputs


def _words(order: _Order) -> str:
    shown = ", ".join(f"{name}={spelled(value)}" for name, value in order.values.items()) or "its default parameters"
    return f"{order.path.stem} with {shown}"


def _run(order: _Order) -> Any:
    """Execute a notebook in this process, which was made for it."""
    from tradelib.report import shell

    child = pool.child()
    if child is None:
        message = "Cells run in a process that was made for them; call execute, which makes one."
        raise ReportError(message)
    engine = shell.engine(child.folder, child.beat)
    try:
        return _papermill(order, engine)
    except Exception as error:
        if order.keep_failed is not None and engine.notebook is not None:
            engine.notebook.metadata.pop("papermill", None)
            keep(engine.notebook, order.keep_failed)
        message = f"{_words(order)} {_reason(error, order.source, bool(order.values), order.timeout)}"
        raise ReportError(message) from None


def _papermill(order: _Order, engine: Any) -> Any:
    import logging

    import papermill

    # papermill repeats on its log what the exception says; the exception is enough.
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    papermill.engines.papermill_engines.register(_ENGINE, engine)
    return papermill.execute_notebook(
        copy.deepcopy(order.source),
        None,
        parameters=order.values or None,
        engine_name=_ENGINE,
        kernel_name="python3",
        language="python",
        progress_bar=False,
        request_save_on_cell_execute=False,
        cwd=str(order.folder),
        execution_timeout=order.timeout,
    )


def _reason(error: Exception, source: Any, injected: bool, timeout: int) -> str:
    """What went wrong, as the end of a sentence that begins with the notebook and its parameters."""
    position = getattr(error, "cell_index", None)
    if position is not None:
        number = _number_in_source(position, source, injected)
        return f"failed in cell {number}: {_last_line(f'{error.ename}: {error.evalue}')}"
    kind = type(error).__name__
    if "Timeout" in kind:
        return f"was stopped because a cell took longer than {timeout} seconds."
    return f"could not be executed: {_last_line(f'{kind}: {error}')}"


def _number_in_source(position: int, source: Any, injected: bool) -> int:
    tagged = [place for place, cell in enumerate(source.cells) if "parameters" in cell.metadata.get("tags", [])]
    shift = 1 if injected and position > (tagged[0] if tagged else -1) else 0
    return position - shift + 1


def _last_line(text: str) -> str:
    line = " ".join(_TERMINAL_CODE.sub("", text).split())
    line = line if len(line) <= _LONGEST_REASON else line[: _LONGEST_REASON - 1] + "…"
    return line if line.endswith((".", "…")) else line + "."
