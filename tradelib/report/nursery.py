"""A nursery of kernels: a process that has imported what notebooks need, and forks a kernel whenever one is asked for.

A kernel of its own start costs seconds of imports for each report; a fork has them done. It begins like any other: no notebook has run
in the process it is forked from. Forking needs Linux; elsewhere kernels start the plain way, with the same bytes as result.
"""

import ast
import asyncio
import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NoReturn, Self

from jupyter_client.provisioning import LocalProvisioner

PROVISIONER = "tradelib-nursery"

# One thread a kernel: kernels share the cores already, and sums keep their order on every machine.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# What an ipykernel of its own start sets before it imports a notebook's modules.
_BACKEND = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
# All that a kernel loads until it can take a cell.
_KERNEL = ("ipykernel.kernelapp", "ipykernel.debugger", "matplotlib_inline.config", "psutil")
_LOOK_SECONDS = 0.01
_GRACE_SECONDS = 5
_HELLO = b"a process that will ask for kernels"

_nursery: Connection | None = None


def imports(notebooks: Iterable[str | Path]) -> list[str]:
    """Names of the modules that the cells of some notebooks import, sorted; a name imported from a module may be a module itself."""
    found: set[str] = set()
    for path in notebooks:
        for cell in json.loads(Path(path).read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                found.update(_imported("".join(cell["source"])))
    return sorted(found)


class Nursery:
    """A nursery to be, as a context: it begins when it is first opened, and ends with the context.

    Parameters
    ----------
    modules : what it imports; those that cannot be imported are left to the notebooks.
    prepare : functions it calls then, as "module:function": such as read tables that every notebook needs.
    """

    def __init__(self, modules: Sequence[str], *, prepare: Sequence[str] = ()) -> None:
        self._plan = [json.dumps(list(modules)), json.dumps(list(prepare))]
        self._door: socket.socket | None = None
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> Self:
        return self

    def open(self) -> socket.socket | None:
        """The door, for the processes that will `join`; it prepares while this process goes on. None where nothing can be forked."""
        if self._door is None and sys.platform == "linux":
            self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            code = "import sys; from tradelib.report import nursery; nursery.serve(*sys.argv[1:])"
            with theirs:
                # A session of its own, as Ctrl-C is for the process that asks: the nursery ends when nobody is left who could ask.
                self._process = subprocess.Popen(  # noqa: S603, our own command line
                    [sys.executable, "-P", "-c", code, str(theirs.fileno()), *self._plan],
                    env={**os.environ, **ONE_THREAD, **_BACKEND, "PYTHONPATH": search_path()},
                    pass_fds=[theirs.fileno()], start_new_session=True,
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
        return self._door

    def __exit__(self, *_: object) -> None:
        if self._door is None or self._process is None:
            return
        self._door.close()
        self._process.terminate()  # heard only before it serves
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE_SECONDS)
        self._process.kill()
        self._process.wait()


def join(door: socket.socket) -> None:
    """From now on the kernels of this process come from the nursery behind a door; not if it has gone."""
    global _nursery  # noqa: PLW0603, one for each process
    here, there = Pipe()
    with door, there:
        try:
            socket.send_fds(door, [_HELLO], [there.fileno()])
        except OSError:
            return
    _nursery = here


def is_there() -> bool:
    """Whether kernels of this process come from a nursery."""
    return _nursery is not None


def search_path() -> str:
    """PYTHONPATH for a process that is to import the package that is running here, wherever it was started from."""
    return os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")]))


class Provisioner(LocalProvisioner):
    """Kernels for jupyter_client: all as usual, but for the process, which is forked from the nursery."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork a kernel that takes the arguments which a new interpreter would have been given."""
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        try:
            self.process = _Forked({"arguments": arguments, "env": dict(kwargs["env"]), "cwd": kwargs.get("cwd") or str(Path.cwd())})
        except (EOFError, OSError):  # a nursery that has gone costs time, and no page
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait for the end, looking more often than jupyter_client does: a kernel that was killed is gone at once."""
        while self.process is not None and self.process.poll() is None:
            await asyncio.sleep(_LOOK_SECONDS)
        return await super().wait()


class _Forked:
    """A forked kernel with what the provisioner asks of `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, request: dict[str, Any]) -> None:
        self.pid: int = _ask(("fork", request))
        self._code: int | None = None

    def poll(self) -> int | None:
        if self._code is None:
            try:
                self._code = _ask(("poll", self.pid))
            except (EOFError, OSError):  # the nursery has gone, and nobody else is left who would end its kernels
                _kill(self.pid)
                self._code = -signal.SIGKILL
        return self._code

    def wait(self) -> int:
        while self.poll() is None:
            time.sleep(_LOOK_SECONDS)
        return int(self._code or 0)

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _ask(question: tuple[str, Any]) -> Any:
    global _nursery  # noqa: PLW0603, one for each process
    nursery = _nursery
    if nursery is None:
        message = "This process has no nursery of kernels, or it has gone; join one first."
        raise ConnectionError(message)
    try:
        nursery.send(question)
        return nursery.recv()
    except BaseException:
        # Whoever is interrupted between question and answer leaves: the next question would read this one's answer.
        _nursery = None
        nursery.close()
        raise


def serve(descriptor: str, modules: str, prepare: str) -> NoReturn:
    """Be a nursery: import, prepare, then answer until no process is left that could ask; no kernel outlives the one that asked for it.

    Parameters
    ----------
    descriptor : number of the inherited socket at which processes say that they will ask.
    modules, prepare : as for `Nursery`, each a list in JSON.
    """
    sys.argv[1:] = []
    for name in [*_KERNEL, *json.loads(modules)]:
        with contextlib.suppress(Exception, SystemExit):
            importlib.import_module(name)
    for name in json.loads(prepare):
        with contextlib.suppress(Exception, SystemExit):  # a notebook will meet the same error, and say it
            module, function = name.split(":")
            getattr(importlib.import_module(module), function)()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    gc.freeze()  # else every collection in a kernel would write to, and so copy, all that it shares
    kernels: dict[Connection, dict[int, int | None]] = {}
    doors = [socket.socket(fileno=int(descriptor))]
    try:
        while doors or kernels:
            for ready in wait([*doors, *kernels]):
                if isinstance(ready, Connection):
                    try:
                        ready.send(_answer(kernels[ready], *ready.recv(), close=[*doors, *kernels]))
                    except (EOFError, OSError):
                        _end(kernels.pop(ready))
                        ready.close()  # else one whose kernel could not be forked would wait for its answer
                else:
                    hello, descriptors, _, _ = socket.recv_fds(ready, len(_HELLO), 1)
                    if hello:
                        kernels[Connection(descriptors[0])] = {}
                    else:
                        doors.clear()  # all who could have come have come
    finally:
        for each in kernels.values():
            _end(each)
        os._exit(0)


def _answer(codes: dict[int, int | None], kind: str, about: Any, *, close: Sequence[Any]) -> int | None:
    if kind == "fork":
        pid = os.fork()
        if pid == 0:
            for each in close:
                each.close()
            _become_kernel(**about)
        codes[pid] = None
        return pid
    if codes[about] is None:
        gone, status = os.waitpid(about, os.WNOHANG)
        codes[about] = os.waitstatus_to_exitcode(status) if gone else None
    return codes[about]


def _end(codes: dict[int, int | None]) -> None:
    for pid in [pid for pid, code in codes.items() if code is None]:
        _kill(pid)


def _kill(pid: int) -> None:
    for kill in (os.killpg, os.kill):  # one that has just been forked has no group yet
        with contextlib.suppress(OSError):
            kill(pid, signal.SIGKILL)


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
        # A kernel ends with its parent, which ipykernel reads from the environment when it is imported: before this process was born.
        launch_new_instance(argv=[*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
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
