"""Hostile options of a sweep, drawn as tests/test_hostile.py draws: done as asked, or refused in a sentence, soon, with nothing written."""

import random
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_hostile import CODES, DAYS, END, LONG, NUMBERS, SECONDS, WORDS, command, drawn, gathered, is_day

RANGES = [
    "", ",", "..", "...", "2025-01-01..", "..2025-01-01", "2025-06-09..2025-06-08", "2025-01-01..2025-01-02..2025-01-03",
    "2025-06-09-2025-06-10", "2018-01-01..9999-12-31", "0001-01-01..2025-06-09", "latest..2025-06-09", "2025-06-09..2025-02-30",
    "2025-06-09;2025-06-10", "2025-06-09, 2025-06-09", "2025-06-01..2025-06-09,latest", "2025-06-09 .. 2025-06-10", "latest",
]  # fmt: skip
OUTS = ["\0", "\ud800", LONG, "/dev/null", "/dev/null/x", "/proc/x", "..", "/", "~nobody-of-this-name/x", "x" * 300]
SCHEDULERS = [
    "\0", " ", "x", "tcp://", "tcp://x", "://", "tcp://127.0.0.1:99999", "tcp://127.0.0.1:-1", "javascript:alert(1)", "http://example.org",
    LONG, "\ud800", "inproc://x", "tcp://127.0.0.1:1\n2", "tcp://127.0.0.1:\uff11", "tcp://:", "8786 8787", "<script>",
]  # fmt: skip
PARAMETERS: dict[str, Callable[[str], bool | None]] = {
    "importer": lambda text: text.upper() in ("US", "CN") if "," not in text else None,
    "standing": lambda text: text in ("law", "stated"),
    "partial": lambda text: text in ("none", "duties", "exemptions", "both", "claimed"),
    "metal_content": lambda text: text in ("estimate", "low", "high") or is_share(text),
    "weights": lambda _text: None,
    "window_days": lambda _text: False,
    "as_of": lambda _text: False,
    "": lambda _text: False,
}
Draw = tuple[str, bool | None]


def is_share(text: str) -> bool:
    written = text.strip()  # a value of several is read without the blanks around it
    return bool(re.fullmatch(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", written)) and 0 <= float(written) <= 1


def is_span(text: str, latest: str) -> bool:
    """Whether days of a sweep can be what is written, by a reading of its own."""
    parts = [part.strip().split("..", 1) for part in text.split(",") if part.strip()]
    ends = [[latest if end.strip() == "latest" else end.strip() for end in part] for part in parts]
    return bool(ends) and all(is_day(end) for part in ends for end in part) and all(part[0] <= part[-1] for part in ends)


def _days(source: random.Random) -> Draw:
    one, other = source.choice(DAYS), source.choice(DAYS)
    text = source.choice([*RANGES, one, f"{one}..{other}", f"2025-06-01..{one}"])
    return text, is_span(text, END.isoformat())


def _entry(source: random.Random) -> Draw:
    text, _ = _days(source)
    return text, is_span(text, "2025-06-09")  # the day of knowledge


def _every(source: random.Random) -> Draw:
    word = source.choice([*WORDS, "day", "change", "month", "week"])
    return word, word in ("day", "change", "month")


def _workers(source: random.Random) -> Draw:
    number = source.choice([*NUMBERS, "1000", "1001", "999999999999"])
    return number, bool(re.fullmatch("[0-9]{1,15}", number)) and 1 <= int(number) <= 1000


def _cluster(source: random.Random) -> Draw:
    """Those alone that are refused: others would be begun."""
    return source.choice([number for number in [*NUMBERS, "1001"] if not (number.isdecimal() and 1 <= int(number[:9]) <= 1000)]), False


def _parameter(source: random.Random) -> Draw:
    name, value = source.choice(list(PARAMETERS)), source.choice([*WORDS, *NUMBERS, "US", "cn", "law", "low", "both", "estimate"])
    return f"{name}={value}", PARAMETERS[name](value.strip()) if not set("[],") & set(value) else None


OPTIONS: dict[str, Callable[[random.Random], Draw]] = {
    "--as-of": _days,
    "--on": _entry,
    "--every": _every,
    "--on-every": _every,
    "--workers": _workers,
    "--cluster": _cluster,
    "--scheduler": lambda source: (source.choice(SCHEDULERS), False),
    "--out": lambda source: (source.choice(OUTS), False),
    "-p": _parameter,
    "WHAT": lambda source: (source.choice([*WORDS, *CODES]), False),
    "MORE": lambda source: (source.choice([*WORDS, *CODES]), False),
}


def asked(source: random.Random) -> tuple[list[str], bool | None]:
    """A sweep of which one thing is drawn, and whether it can be done."""
    given = {"--as-of": "2025-06-09", "--workers": "1", "--out": "swept"}
    option = source.choice(list(OPTIONS))
    if option in ("--cluster", "--scheduler"):
        del given["--workers"]
    text, right = OPTIONS[option](source)
    items = [text] if option == "WHAT" else ["averages", text] if option == "MORE" else ["averages"]
    given |= {} if option in ("WHAT", "MORE") else {option: text}
    return ["sweep", *(f"{name}={text}" if name != "-p" else f"-p{text}" for name, text in given.items()), "--", *items], right


class Idle:
    """An engine that does nothing: whether a sweep can be done is known before it begins."""

    def __init__(self, *_: object) -> None:
        pass

    def run(self, *_: object) -> Iterator[Any]:
        return iter(())

    def close(self) -> None:
        pass


def test_a_sweep_is_done_as_asked_or_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for engine in ("Here", "Pool"):
        monkeypatch.setattr(f"tradelib.sweep.calculations.{engine}", Idle)
    command("sweep", "averages", "--as-of", "latest", "--scheduler", "x")  # what the first reads is no part of the time of others

    def check(arguments: list[str], right: bool | None) -> None:
        begun = time.monotonic()
        status, out, err = command(*arguments)
        left = [path.name for path in tmp_path.iterdir()]
        shutil.rmtree(tmp_path / "swept", ignore_errors=True)
        assert time.monotonic() - begun < 2 * SECONDS
        assert right is None or (status == 0) == right, (arguments[1:], err[-200:])
        if status:
            assert status in (1, 2)
            assert out == ""
            assert re.search(r"^tradelib( \w+)*: ", err, re.MULTILINE), err
            assert err.count("\n") == 1 or "usage: " in err, err[-500:]
            assert left == []
        else:
            assert left == ["swept"]
            assert re.fullmatch(r"[0-9,]+ days? in swept \([0-9,]+ parts?\)\n", out), out

    with gathered() as trying:
        for source in drawn("sweeps", 0.1):
            trying(check, *asked(source))
