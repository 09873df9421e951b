"""Processes: results in order, and one failure ends the rest."""

import contextlib
import io
import os
import time
from pathlib import Path

import pytest

from tradelib.errors import ReportError
from tradelib.report.pool import run_jobs


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
    with pytest.raises(ReportError, match="ended unexpectedly, perhaps for lack of memory"):
        run_jobs(die, [7], workers=1, describe=describe, stream=io.StringIO())
