"""A nursery of kernels: a process that has imported what notebooks need, and forks a kernel whenever one is asked for.

A kernel of its own start costs seconds of imports for each report; a fork has them done. It begins like any other: no notebook has run
in the process it is forked from. Forking needs Linux; elsewhere kernels start the plain way, with the same bytes as result.
"""

import ast
import contextlib
import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NoReturn

from jupyter_client.provisioning import LocalProvisioner

PROVISIONER = "tradelib-nursery"

# One thread a kernel: kernels share the cores already, and sums keep their order on every machine.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# What an ipykernel of its own start sets before it imports a notebook's modules.
_BACKEND = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
_KERNEL = ("ipykernel.kernelapp", "matplotlib_inline.config")
_REAP_SECONDS = 0.05

_nursery: Connection | None = None


def imports(notebooks: Iterable[str | Path]) -> list[str]:
    """Names of the modules that the cells of some notebooks import, sorted; a name imported from a module may be a module itself."""
    found: set[str] = set()
    for path in notebooks:
        for cell in json.loads(Path(path).read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                found.update(_imported("".join(cell["source"])))
    return sorted(found)


def start(modules: Sequence[str]) -> None:
    """Start the nursery of this process, if it has none; it must have no other thread yet. Without `fork` there is none.

    Parameters
    ----------
    modules : what the nursery imports; those that cannot be imported are left to the notebooks.
    """
    global _nursery  # noqa: PLW0603, one for each process
    if _nursery is not None or sys.platform != "linux":
        return
    here, there = Pipe()
    if os.fork() == 0:
        here.close()
        _serve(there, modules)
    there.close()
    _nursery = here


def is_there() -> bool:
    """Whether kernels of this process come from a nursery."""
    return _nursery is not None


class Provisioner(LocalProvisioner):
    """Kernels for jupyter_client: all as usual, but for the process, which is forked from the nursery."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork a kernel that takes the arguments which a new interpreter would have been given."""
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        self.process = _Forked({"arguments": arguments, "env": dict(kwargs["env"]), "cwd": kwargs.get("cwd") or str(Path.cwd())})
        self.pid = self.pgid = self.process.pid
        return self.connection_info


class _Forked:
    """A forked kernel with what the provisioner asks of `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, request: dict[str, Any]) -> None:
        self.pid: int = _ask(("fork", request))
        self._code: int | None = None

    def poll(self) -> int | None:
        if self._code is None:
            self._code = _ask(("poll", self.pid))
        return self._code

    def wait(self) -> int:
        while self.poll() is None:
            time.sleep(_REAP_SECONDS)
        return int(self._code or 0)

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _ask(question: tuple[str, Any]) -> Any:
    if _nursery is None:
        message = "This process has no nursery of kernels; start it first."
        raise RuntimeError(message)
    # A request to end may not come between question and answer: the next question would read this one's answer.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        _nursery.send(question)
        return _nursery.recv()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def _serve(questions: Connection, modules: Sequence[str]) -> NoReturn:
    """Import, then answer until the process that asks is gone; no kernel outlives it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    os.environ.update(ONE_THREAD | _BACKEND)  # libraries read them when they are loaded
    for name in [*_KERNEL, *modules]:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    codes: dict[int, int | None] = {}
    try:
        while True:
            wait([questions], _REAP_SECONDS if None in codes.values() else None)
            _reap(codes)
            if not questions.poll():
                continue
            kind, about = questions.recv()
            if kind == "fork":
                sys.stdout.flush()
                answer = os.fork()
                if answer == 0:
                    questions.close()
                    _become_kernel(**about)
                codes[answer] = None
            else:
                answer = codes[about]
            questions.send(answer)
    except (EOFError, OSError):
        for pid in [pid for pid, code in codes.items() if code is None]:
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)
    finally:
        os._exit(0)


def _reap(codes: dict[int, int | None]) -> None:
    for pid in [pid for pid, code in codes.items() if code is None]:
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            codes[pid] = os.waitstatus_to_exitcode(status)


def _become_kernel(arguments: list[str], env: dict[str, str], cwd: str) -> NoReturn:
    """Be what a new interpreter with these arguments would be."""
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 0)
        os.dup2(nowhere, 2)
        os.environ.clear()
        os.environ.update({**env, **_BACKEND, "JPY_PARENT_PID": str(os.getppid())})
        os.chdir(cwd)
        searched = env.get("PYTHONPATH", "").split(os.pathsep)
        sys.path[:] = list(dict.fromkeys([*filter(None, searched), *sys.path]))
        sys.argv = ["ipykernel_launcher", *arguments]
        from ipykernel.kernelapp import launch_new_instance

        if "matplotlib.pyplot" in sys.modules:
            # Its backend hooks into the shell when pyplot is imported, and there was no shell then: figures would go missing.
            arguments = [*arguments, "--matplotlib=inline"]
        launch_new_instance(argv=arguments)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    finally:
        os._exit(code)


def _imported(source: str) -> set[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a line for IPython alone
        return set()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.update([node.module, *(f"{node.module}.{alias.name}" for alias in node.names)])
    return found
