"""Execution: a notebook run in a fresh kernel, given back without anything that differs between two equal runs."""

import copy
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tradelib.errors import ReportError
from tradelib.report import nursery
from tradelib.report.parameters import spelled

TIMEOUT = 600
INJECTED = "injected-parameters"

_ENGINE = "tradelib"

_KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_LANGUAGE = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python", "pygments_lexer": "ipython3"}
_LONGEST_REASON = 400
_LISTEN_SECONDS = 0.02
_ADDRESS = re.compile(r"\bat 0x[0-9a-f]+")
_TERMINAL_CODE = re.compile(r"\x1b\[[0-9;]*m")


def execute(
    path: str | Path,
    parameters: Mapping[str, Any] | None = None,
    *,
    timeout: int = TIMEOUT,
    in_place: bool = False,
    keep_failed: str | Path | None = None,
    on_warning: Callable[[str], None] | None = None,
) -> Any:
    """Executed notebook, normalised: two runs on the same data give the same bytes.

    The kernel is the running interpreter, fresh (or forked from a `nursery`), without the person's IPython profile and start-up file; it
    works in the notebook's folder. What cells write to stderr is no part of the result.

    Parameters
    ----------
    path : the notebook; the file is not changed.
    parameters : values to inject behind the cell tagged ``parameters``.
    timeout : seconds one cell may take.
    in_place : for the copy kept in git; no cell is injected, and `parameters` must be empty.
    keep_failed : where to write the executed copy if a cell fails.
    on_warning : called with each text that a cell wrote to stderr.

    Returns
    -------
    nbformat.NotebookNode

    Raises
    ------
    ReportError : a cell failed, took too long or ended the kernel; names notebook, cell, parameters and the error's last line.
    """
    path = Path(path)
    if in_place and parameters:
        message = f"{path.name} is run in place with its default parameters, so none can be given."
        raise ReportError(message)
    source = read(path)
    values = dict(parameters or {})
    with tempfile.TemporaryDirectory(prefix="tradelib-") as folder:
        copy_path = Path(folder) / "executed.ipynb"
        try:
            executed = _run(source, values, path, copy_path, Path(folder), timeout)
        except Exception as error:
            reason = _reason(error, source, bool(values), timeout)
            if keep_failed is not None and copy_path.exists():
                keep(read_executed(copy_path), keep_failed)
            shown = ", ".join(f"{name}={spelled(value)}" for name, value in values.items()) or "its default parameters"
            message = f"{path.stem} with {shown} {reason}"
            raise ReportError(message) from None
    return normalise(executed, keep_parameters=not in_place, on_warning=on_warning)


def read(path: str | Path) -> Any:
    """Notebook as a node, without outputs of an earlier injected cell, every cell with an id that stays.

    Raises
    ------
    ReportError : the file is missing or no notebook.
    """
    import nbformat

    path = Path(path)
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:
        message = f"{path.name} cannot be read as a notebook ({type(error).__name__}); it must be an .ipynb file of format 4."
        raise ReportError(message) from None
    notebook.cells = [cell for cell in notebook.cells if INJECTED not in cell.metadata.get("tags", [])]
    for number, cell in enumerate(notebook.cells, start=1):
        cell.setdefault("id", f"cell-{number:02d}")
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    return notebook


def read_executed(path: Path) -> Any:
    """Executed notebook as it was left by a failing run, without the paths that papermill notes in it."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.pop("papermill", None)
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
    import nbformat

    return nbformat.writes(notebook, version=4).rstrip("\n") + "\n"


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


def _run(source: Any, values: dict[str, Any], path: Path, copy_path: Path, folder: Path, timeout: int) -> Any:
    import logging

    import papermill

    # papermill repeats on its log what the exception says; the exception is enough.
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    papermill.engines.papermill_engines.register(_ENGINE, _saving_once())
    return papermill.execute_notebook(
        copy.deepcopy(source),
        str(copy_path).replace("{", "{{").replace("}", "}}"),
        parameters=values or None,
        engine_name=_ENGINE,
        kernel_name="python3",
        language="python",
        progress_bar=False,
        cwd=str(path.resolve().parent),
        execution_timeout=timeout,
        kernel_manager_class=_own_kernel(folder),
        extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
        shutdown_kernel="immediate",
    )


def _saving_once() -> Any:
    """Engine of papermill that writes the executed copy when all is over, failures included: papermill itself writes it after each cell."""
    from papermill.engines import NBClientEngine

    class SavingOnce(NBClientEngine):
        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> None:
            path, nb_man.output_path = nb_man.output_path, None
            try:
                super().execute_managed_notebook(nb_man, kernel_name, **options)
            finally:
                nb_man.output_path = path

    return SavingOnce


def _own_kernel(folder: Path) -> Any:
    """Kernel manager that always starts the running interpreter, silently and without the person's profile."""
    from jupyter_client.asynchronous.client import AsyncKernelClient
    from jupyter_client.channels import AsyncZMQSocketChannel
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    class Broadcast(AsyncZMQSocketChannel):
        async def get_msg(self, timeout: float | None = None) -> Any:
            # Before a first cell, jupyter_client listens for a fifth of a second whether a new kernel speaks, and that it says no more.
            return await super().get_msg(timeout if timeout is None else min(timeout, _LISTEN_SECONDS))

    class OwnClient(AsyncKernelClient):
        iopub_channel_class = Broadcast

    class OwnKernel(AsyncKernelManager):
        client_factory = OwnClient

        def __init__(self, **options: Any) -> None:
            super().__init__(**{"connection_file": str(folder / "kernel.json"), **options})

        @property
        def kernel_spec(self) -> Any:
            argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            forked = {"kernel_provisioner": {"provisioner_name": nursery.PROVISIONER}} if nursery.is_there() else {}
            return KernelSpec(argv=argv, display_name="Python 3", language="python", metadata=forked)

        async def start_kernel(self, **options: Any) -> None:
            own = {"IPYTHONDIR": str(folder / "ipython"), "PYTHONPATH": nursery.search_path()}
            held = {name: value for name, value in os.environ.items() if name != "PYTHONSTARTUP"}
            environment = {**held, **nursery.ONE_THREAD, **own}
            await super().start_kernel(**{"env": environment, "stderr": subprocess.DEVNULL, **options})

    return OwnKernel


def _reason(error: Exception, source: Any, injected: bool, timeout: int) -> str:
    """What went wrong, as the end of a sentence that begins with the notebook and its parameters."""
    position = getattr(error, "cell_index", None)
    if position is not None:
        number = _number_in_source(position, source, injected)
        return f"failed in cell {number}: {_last_line(f'{error.ename}: {error.evalue}')}"
    kind = type(error).__name__
    if "Timeout" in kind:
        return f"was stopped because a cell took longer than {timeout} seconds."
    if "DeadKernel" in kind or "Kernel died" in str(error):
        return "failed because its kernel died, perhaps for lack of memory."
    return f"could not be executed: {_last_line(f'{kind}: {error}')}"


def _number_in_source(position: int, source: Any, injected: bool) -> int:
    tagged = [place for place, cell in enumerate(source.cells) if "parameters" in cell.metadata.get("tags", [])]
    shift = 1 if injected and position > (tagged[0] if tagged else -1) else 0
    return position - shift + 1


def _last_line(text: str) -> str:
    line = " ".join(_TERMINAL_CODE.sub("", text).split())
    line = line if len(line) <= _LONGEST_REASON else line[: _LONGEST_REASON - 1] + "…"
    return line if line.endswith((".", "…")) else line + "."
