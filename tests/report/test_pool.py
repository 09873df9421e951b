"""Processes: results in order, and one failure ends the rest."""

import contextlib
import gc
import importlib
import io
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.artist import Artist
from matplotlib.lines import Line2D

from tradelib.errors import ReportError
from tradelib.report import pool
from tradelib.report.pool import run_jobs

pytestmark = pytest.mark.usefixtures("fork_server")


def double(number: int) -> int:
    return 2 * number


def fail_or_wait(folder: str) -> None:
    """The first to come fails once the other is at work; the other would work for an hour."""
    try:
        Path(folder, "first").touch(exist_ok=False)
    except FileExistsError:
        # A third may begin before it is ended; it must not write over what the second wrote.
        with contextlib.suppress(FileExistsError), Path(folder, "second").open("x") as file:
            file.write(str(os.getpid()))
        time.sleep(3600)
    while not Path(folder, "second").exists() or not Path(folder, "second").read_text():
        time.sleep(0.05)
    message = "The notebook failed."
    raise ReportError(message)


def die(code: int) -> None:
    os._exit(code)


def end_if_odd(number: int) -> int:
    if number == 1:
        os._exit(1)
    if number % 2:
        message = "The notebook failed."
        raise ReportError(message)
    return number


def wait_for(seconds: float) -> bool:
    """Work in steps of a fifth of a second; whether this process knows that it was made for it."""
    made = pool.child()
    for _ in range(round(seconds / 0.2)):
        time.sleep(0.2)
        if made is not None:
            made.beat()
    return made is not None


def stubborn(_: object) -> None:
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(3600)


def surroundings(_: object) -> list[object]:
    return [os.environ.get("OF_A_TEST"), os.environ["OMP_NUM_THREADS"], "PYTHONSTARTUP" in os.environ, pool.PLAN in os.environ]


def where(job: str) -> tuple[str, int, str]:
    made = pool.child()
    assert made is not None
    (made.folder / "mine").touch(exist_ok=False)  # a scratch folder of each job's own
    return job, os.getpid(), made.folder.name


def leave_a_thread(_: object) -> int:
    threading.Thread(target=time.sleep, args=(3600,)).start()
    return 1


def describe(job: object) -> str:
    return f"job {job}"


def test_results_come_in_the_order_of_the_jobs_with_a_line_each() -> None:
    stream = io.StringIO()
    assert run_jobs(double, [3, 1, 2], workers=2, describe=describe, stream=stream) == [6, 2, 4]
    lines = stream.getvalue().splitlines()
    assert [line[:5] for line in lines] == ["[1/3]", "[2/3]", "[3/3]"]
    assert {line[6:] for line in lines} == {"job 1", "job 2", "job 3"}


def test_no_jobs_need_no_process() -> None:
    assert run_jobs(die, [], workers=None, describe=describe, stream=io.StringIO()) == []


def test_the_first_failure_ends_what_runs_and_what_waits(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="The notebook failed"):
        run_jobs(fail_or_wait, [str(tmp_path)] * 6, workers=2, describe=describe, stream=io.StringIO())
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "second").read_text()), 0)


def test_a_process_that_dies_is_a_failure_with_a_sentence() -> None:
    with pytest.raises(ReportError, match="The process of job 7 ended unexpectedly, perhaps for lack of memory"):
        run_jobs(die, [7], workers=1, describe=describe, stream=io.StringIO())


@pytest.mark.parametrize("shared_imports", [True, False])
def test_steps_renew_the_time_and_silence_ends_a_process(shared_imports: bool) -> None:
    how = {"workers": 1, "describe": describe, "stream": io.StringIO(), "shared_imports": shared_imports}
    assert pool.child() is None
    run_jobs(double, [1], **how)  # the first start may take longer than a step
    assert run_jobs(wait_for, [4.0], **how, step_seconds=3) == [True]
    begun = time.monotonic()
    with pytest.raises(ReportError, match="job 9 was stopped because a cell took too long and could not be interrupted"):
        run_jobs(stubborn, [9], **how, step_seconds=3)
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("shared_imports", [True, False])
def test_a_process_has_the_environment_of_now_and_one_thread(shared_imports: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    how = {"workers": 1, "describe": describe, "stream": io.StringIO(), "shared_imports": shared_imports}
    monkeypatch.setenv("PYTHONSTARTUP", "mine.py")
    for value in ("first", "second"):
        monkeypatch.setenv("OF_A_TEST", value)
        assert run_jobs(surroundings, [0], **how) == [[value, "1", False, False]]
    assert os.environ["PYTHONSTARTUP"] == "mine.py"


def test_a_thread_left_behind_does_not_hold_the_process() -> None:
    assert run_jobs(leave_a_thread, [0], workers=1, describe=describe, stream=io.StringIO()) == [1]


def test_jobs_of_a_kin_share_a_process_alike_ones_first_and_others_have_one_of_their_own() -> None:
    stream, jobs = io.StringIO(), ["own 1", "9 June", "1 July", "own 2", "9 June", "1 July"]
    done = run_jobs(
        where, jobs, workers=1, describe=str, stream=stream, kin=lambda job: None if job.startswith("own") else job, shared_imports=True
    )
    assert [job for job, _, _ in done] == jobs
    places = {}
    for job, process, _ in done:
        places.setdefault(process, []).append(job)
    assert sorted(map(sorted, places.values())) == [["1 July", "1 July", "9 June", "9 June"], ["own 1"], ["own 2"]]
    in_order = [line.partition("] ")[2] for line in stream.getvalue().splitlines()]
    assert [job for job in in_order if not job.startswith("own")] == ["9 June", "9 June", "1 July", "1 July"]


def test_a_process_gives_way_after_some_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_MOST_JOBS", 2)
    how = {"workers": 1, "describe": str, "stream": io.StringIO(), "kin": lambda _: "day", "shared_imports": True}
    processes = [process for _, process, _ in run_jobs(where, ["1", "2", "3", "4", "5"], **how)]
    assert [processes.count(process) for process in dict.fromkeys(processes)] == [2, 2, 1]


def test_a_process_that_is_shared_is_ended_by_a_failure_and_by_silence() -> None:
    how = {"workers": 1, "describe": describe, "stream": io.StringIO(), "kin": lambda _: "day", "shared_imports": True}
    with pytest.raises(ReportError, match="The process of job 3 ended unexpectedly"):
        run_jobs(die, [3, 4], **how)


def test_what_goes_wrong_with_a_job_ends_no_other() -> None:
    found = dict(pool.finished(end_if_odd, [1, 2, 3, 4], workers=2, describe=describe, kin=lambda _: "day"))
    assert {place: outcome for place, outcome in found.items() if not isinstance(outcome, Exception)} == {1: 2, 3: 4}
    assert [str(found[place])[:41] for place in (0, 2)] == ["The process of job 1 ended unexpectedly, ", "The notebook failed."]


def test_a_process_whose_maker_has_gone_ends_without_a_word_and_keeps_nothing() -> None:
    """It took the broken pipe for a failure of its notebook, and left a folder of failed copies beside the site."""
    code = (
        "from multiprocessing import Pipe; from pathlib import Path; from tradelib.report import pool; "
        "ours, theirs = Pipe(); theirs.close(); pool.Child(ours, Path()).beat(); print('went on')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def formats() -> list[str]:
    import jsonschema  # here, so that a fork imports it when it is asked

    return sorted(jsonschema.FormatChecker.checkers)


def what_was_imported(_: object) -> tuple[bool, bool, str, list[str]]:
    return gc.isenabled(), gc.get_freeze_count() > 0, str(pd.options.mode.string_storage), formats()


@pytest.mark.skipif(not pool.CAN_FORK, reason="processes are forked on Linux alone")
def test_a_fork_shares_what_was_imported_lacks_no_package_and_holds_texts_as_pandas_does() -> None:
    how = {"workers": 1, "describe": describe, "stream": io.StringIO(), "shared_imports": True}
    assert run_jobs(what_was_imported, [0], **how) == [(True, True, str(pd.options.mode.string_storage), formats())]


def what_artists_say(_: object) -> tuple[bool, bool, str, int]:
    class Star(Artist):
        """An artist of a notebook's own."""

        def set_points(self, points: int) -> None:
            """Say how many points it has."""
            self.points = points

    line, own = Line2D([0, 1], [0, 1]), Star()
    line.set(color="red", linewidth=3)
    own.set(points=5)
    told = "linewidth" in str(Line2D.set.__doc__), "points" in str(Star.set.__doc__)
    return *told, f"{line.get_color()} {line.get_linewidth()}", own.points


@pytest.mark.skipif(not pool.CAN_FORK, reason="processes are forked on Linux alone")
def test_artists_that_were_imported_without_docstrings_are_set_as_ever() -> None:
    """Writing them takes a third of the time in which matplotlib is imported; those of a notebook have theirs."""
    how = {"workers": 1, "describe": describe, "stream": io.StringIO(), "shared_imports": True}
    assert run_jobs(what_artists_say, [0], **how) == [(False, True, "red 3.0", 5)]


@dataclass
class Slow:
    seconds: float
    has_no_steps: bool

    def __str__(self) -> str:
        return f"{self.seconds} s"


def sleep_for(job: Slow) -> float:
    time.sleep(job.seconds)
    return job.seconds


def test_a_job_without_steps_has_no_time_limit_and_the_next_has() -> None:
    how = {"workers": 1, "describe": str, "stream": io.StringIO(), "kin": lambda _: "day", "shared_imports": True, "step_seconds": 1}
    assert run_jobs(sleep_for, [Slow(0.1, has_no_steps=False), Slow(2.5, has_no_steps=True)], **how) == [0.1, 2.5]
    with pytest.raises(ReportError, match="was stopped because a cell took too long"):
        run_jobs(sleep_for, [Slow(0.1, has_no_steps=True), Slow(30, has_no_steps=False)], **how)


def test_who_looks_at_what_is_prepared_prepares_nothing() -> None:
    before = gc.get_freeze_count(), gc.get_threshold(), pd.options.mode.string_storage
    importlib.reload(importlib.import_module("tradelib.report.preload"))
    assert (gc.get_freeze_count(), gc.get_threshold(), pd.options.mode.string_storage) == before
