"""An engine of papermill that runs the cells in this process, in an IPython shell, without a kernel and its ports.

For a process that was made for one notebook and ends with it (see `pool`). A cell that speaks to a kernel (widgets, `input`) is not for
this engine; JupyterLab, and papermill by itself, run the same notebooks in kernels, and the outputs are equal.
"""

import contextlib
import io
import os
import signal
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ipykernel.jsonutil import encode_images, json_clean
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_output
from papermill.engines import Engine
from traitlets.config import Config

# The drawing backend of a kernel.
BACKEND = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}


class CellTimeoutError(BaseException):
    """A cell took longer than it may; no `Exception`, so that a cell that catches all of those does not catch it."""


def engine(folder: Path, begin_cell: Callable[[], None]) -> Any:
    """Engine to register at papermill for one notebook.

    Parameters
    ----------
    folder : a scratch folder, in place of the person's IPython profile.
    begin_cell : called before each cell of code.

    Returns
    -------
    A `papermill.engines.Engine`; its attribute `notebook` is the one it works at.
    """

    class ShellEngine(Engine):
        notebook: Any = None  # as it stands, also when a cell has failed

        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, *, execution_timeout: int, **_: Any) -> None:  # noqa: ARG003
            cls.notebook, shell = nb_man.nb, _shell(folder)
            for position, cell in enumerate(nb_man.nb.cells):
                if cell.cell_type != "code" or not cell.source.strip():
                    continue
                begin_cell()
                nb_man.cell_start(cell, position)
                error = shell.run(cell, execution_timeout)
                if error is not None:
                    nb_man.cell_exception(cell, cell_index=position, exception=error)
                nb_man.cell_complete(cell, cell_index=position)
                if isinstance(error, CellTimeoutError):
                    raise TimeoutError
                if error is not None:
                    return

    return ShellEngine


class _Publisher(DisplayPublisher):
    def publish(self, data: Any, metadata: Any = None, *, transient: Any = None, update: bool = False, **_: Any) -> None:  # type: ignore[override]
        name = (transient or {}).get("display_id")
        shown = new_output("display_data", data=json_clean(encode_images(data)), metadata=json_clean(metadata or {}))
        if update:
            for output in self.shell.displayed.get(name, []):
                output.update(data=shown.data, metadata=shown.metadata)
            return
        if name:
            self.shell.displayed.setdefault(name, []).append(shown)
        self.shell.outputs.append(shown)

    def clear_output(self, wait: bool = False) -> None:  # noqa: ARG002, the signature is IPython's
        self.shell.outputs.clear()


class _Results(DisplayHook):
    def start_displayhook(self) -> None:
        """Nothing to begin: the result is an output, and no text on a terminal."""

    def write_output_prompt(self) -> None:
        """No prompt."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        data, metadata = json_clean(encode_images(format_dict)), json_clean(md_dict or {})
        self.shell.outputs.append(new_output("execute_result", data=data, metadata=metadata, execution_count=self.prompt_count))

    def finish_displayhook(self) -> None:
        """Nothing to end."""


class _Shell(InteractiveShell):
    """Shell that keeps what cells put out as outputs of a notebook."""

    displayhook_class = _Results
    display_pub_class = _Publisher

    def __init__(self, **options: Any) -> None:
        self.outputs: list[Any] = []
        self.displayed: dict[str, list[Any]] = {}
        super().__init__(**options)

    def run(self, cell: Any, timeout: int) -> BaseException | None:
        """Run a cell, fill in its outputs and its number; the error it ended with, if it did."""
        self.outputs = cell["outputs"] = []
        with _streams(self), _limited(timeout):
            result = self.run_cell(cell.source, store_history=True)
        cell["execution_count"] = result.execution_count
        return result.error_before_exec or result.error_in_exec

    def enable_gui(self, gui: Any = None) -> None:
        """A page has no windows."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        self.outputs.append(new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb)))


class _Stream(io.TextIOBase):
    encoding = "utf-8"

    def __init__(self, name: str, outputs: list[Any]) -> None:
        self.name, self.outputs = name, outputs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        last = self.outputs[-1] if self.outputs else None
        if last is not None and last.output_type == "stream" and last.name == self.name:
            last["text"] += text
        elif text:
            self.outputs.append(new_output("stream", name=self.name, text=text))
        return len(text)


@contextlib.contextmanager
def _streams(shell: _Shell) -> Iterator[None]:
    out, err = _Stream("stdout", shell.outputs), _Stream("stderr", shell.outputs)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        yield


@contextlib.contextmanager
def _limited(seconds: int) -> Iterator[None]:
    """Interrupt a cell after its time, where the system can; who made the process ends it where not."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def interrupt(*_: Any) -> None:
        raise CellTimeoutError

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _shell(folder: Path) -> _Shell:
    """A shell for this process, in a main module of its own, whatever ran before; what a kernel sets before a first cell is set."""
    _Shell.clear_instance()
    os.environ.update(BACKEND)
    sys.argv = ["ipykernel_launcher"]
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    config = Config()
    config.HistoryManager.enabled = False
    shell: _Shell = _Shell.instance(ipython_dir=str(folder), user_module=main, config=config)
    if "matplotlib" in sys.modules:
        # It has read the name of its backend already, and pyplot hooks into the shell when it is imported: figures would go missing.
        shell.enable_matplotlib("inline")
    return shell
