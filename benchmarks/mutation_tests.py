"""The tests of a room run in one process, and again in a fork for each change; see `mutation`, which starts this."""

import argparse
import functools
import gc
import inspect
import json
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import CodeType, FrameType, FunctionType

import pytest
from mutants import Mutant
from mutation import Result, described, modules, sample, tests, write

# What is read from the data and never computed stays remembered: reading it again would take most of the time.
READ = {f"tradelib.catalogue.{name}" for name in ("descriptor", "editions", "home", "loading")}


class Trying:
    """A plugin of pytest that runs each test once, and then for each change those that reach it."""

    def __init__(self, room: str, root: Path, options: argparse.Namespace) -> None:
        self.room, self.root, self.options = room, root, options
        self.files = {str(root / file): file for file in modules(room, root)}
        self.chosen = [item for item in sample(room, root, options) if item.function]
        self.reached: dict[pytest.Item, dict[str, set[int]]] = {}
        self.entered: set[tuple[str, str]] = set()
        self.took: dict[pytest.Item, float] = {}
        self.results: list[Result] = []
        self.memory = Memory()
        self.failed = ""

    def pytest_configure(self) -> None:
        """Tests of properties draw the same examples each time, and are not shrunk."""
        from hypothesis import Phase, settings  # not before pytest has begun, which rewrites its assertions

        settings.register_profile("changes", database=None, phases=(Phase.explicit, Phase.generate), deadline=None)
        settings.load_profile("changes")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the first test that fails."""
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of one run of all tests: learn what each reaches, then try the changes."""
        for item in session.items:
            self._learn(session, item)
        functions = _functions(set(self.files))
        gc.freeze()  # a fork that touches what lives copies it
        for number, mutant in enumerate(self.chosen, 1):
            result = self._try(session, mutant, functions)
            self.results.append(result)
            print(f"{number}/{len(self.chosen)} {result.result} {result.seconds} {mutant.file}:{mutant.line}", file=sys.stderr, flush=True)
        return True

    def _learn(self, session: pytest.Session, item: pytest.Item) -> None:
        """Run one test with nothing of ours remembered, and note the lines it reaches."""
        self.memory.forget(READ)
        lines: dict[str, set[int]] = defaultdict(set)
        started, self.failed = time.process_time(), ""
        sys.settrace(self._tracer(lines))
        try:
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        finally:
            sys.settrace(None)
        took = time.process_time() - started
        if self.failed or took > 2 * self.options.slow:  # of the processor; tracing about doubles them
            print(f"left out: {item.nodeid} {'fails unchanged' if self.failed else f'takes {took:.0f} s'}", file=sys.stderr, flush=True)
        else:
            self.reached[item], self.took[item] = dict(lines), took

    def _tracer(self, lines: dict[str, set[int]]) -> Callable:
        files, entered = self.files, self.entered

        def inside(frame: FrameType, event: str, _argument: object) -> Callable:
            if event == "line":
                lines[files[frame.f_code.co_filename]].add(frame.f_lineno)
            return inside

        def called(frame: FrameType, _event: str, _argument: object) -> Callable | None:
            if frame.f_code.co_filename not in files:
                return None
            entered.add((files[frame.f_code.co_filename], frame.f_code.co_qualname))
            return inside

        return called

    def _try(self, session: pytest.Session, mutant: Mutant, functions: dict[tuple, list[FunctionType]]) -> Result:
        span = range(mutant.first, mutant.last + 1)
        items = [item for item, lines in self.reached.items() if not lines.get(mutant.file, set()).isdisjoint(span)]
        items.sort(key=self.took.get)
        result = replace(described(self.room, mutant), tests=len(items))
        name = str(self.root / mutant.file)
        found = functions.get((name, *mutant.function), [])
        if not items or not found:
            return replace(result, result="not reached")
        code = mutant.code((self.root / mutant.file).read_bytes(), name)
        started = time.perf_counter()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            # Time of the processor, so that a busy machine lets no change seem to run for ever.
            signal.setitimer(signal.ITIMER_PROF, 20 + 3 * sum(self.took[item] for item in items))
            self._in_the_fork(session, items, [(function, code) for function in found], writing)
        os.close(writing)
        with os.fdopen(reading) as told:
            noticed = told.read()
        _, status = os.waitpid(child, 0)
        word = "timeout" if os.WIFSIGNALED(status) else "killed" if noticed else "survived"
        return replace(result, result=word, noticed_by=noticed, seconds=round(time.perf_counter() - started, 1))

    def _in_the_fork(self, session: pytest.Session, items: list[pytest.Item], changes: list[tuple], told: int) -> None:
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            for function, code in changes:
                function.__code__ = code
            gc.disable()
            self.memory.forget(set() if changes[0][0].__module__ in READ else READ)
            self.failed = ""
            for item in items:
                session.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
                if self.failed:
                    break
            os.write(told, self.failed.encode())
        except BaseException as error:  # whatever a change does, the fork ends here
            os.write(told, f"{type(error).__name__} outside a test".encode())
        finally:
            os._exit(0)

    def unreached(self) -> list[str]:
        """Functions of the room that no test enters."""
        entered, found = self.entered, []
        for full, file in self.files.items():
            code = compile(Path(full).read_bytes(), full, "exec")
            found += [f"{file}: {name}" for name in _names(code) if (file, name) not in entered]
        return found


class Memory:
    """What functions of ours, and of the tests, remember; looked for again only when more modules have been imported."""

    def __init__(self) -> None:
        self._modules, self._held = 0, []

    def forget(self, but: set[str]) -> None:
        """Forget it, but for that of some modules."""
        if len(sys.modules) != self._modules:
            self._held = [item for item in gc.get_objects() if isinstance(item, functools._lru_cache_wrapper) and _ours(item)]
            self._modules = len(sys.modules)
        for function in self._held:
            if function.__module__ not in but:
                function.cache_clear()
        goods = sys.modules.get("tradelib.tariffs.matching")
        if goods:
            goods._GOODS.clear()


def _ours(item: object) -> bool:
    return (getattr(item, "__module__", None) or "").startswith(("tradelib", "test_", "conftest"))


def _functions(files: set[str]) -> dict[tuple, list[FunctionType]]:
    """Every function of some files that lives in this process, by file, qualified name and line."""
    found = defaultdict(list)
    for item in gc.get_objects():
        if inspect.isfunction(item) and item.__code__.co_filename in files:
            code = item.__code__
            found[code.co_filename, code.co_qualname, code.co_firstlineno].append(item)
    return found


def _names(code: CodeType) -> list[str]:
    return [
        name
        for inner in code.co_consts
        if isinstance(inner, CodeType) and not inner.co_name.startswith("<")
        for name in ([inner.co_qualname] if inner.co_flags & inspect.CO_OPTIMIZED else _names(inner))
    ]


def main() -> None:
    """Run the tests of a room, then try its changes; the results go to standard output as CSV."""
    room, root, asked = sys.argv[1:]
    options = argparse.Namespace(**json.loads(asked))
    output = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    trying = Trying(room, Path(root), options)
    arguments = ["-n0", "-q", "-s", "-p", "no:cacheprovider", "--hypothesis-seed=0", *tests(room, Path(root))]
    pytest.main(arguments, plugins=[trying])
    write(trying.results, output)
    output.flush()
    if options.unreached:
        print("Not entered by a test of the room:", *trying.unreached(), sep="\n  ", file=sys.stderr)


if __name__ == "__main__":
    main()
