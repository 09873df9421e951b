"""Hostile input: answered as the same thing plainly written is, or refused in one sentence, soon, and before a notebook runs.

A small part is drawn in the suite; `TRADELIB_HOSTILE=10000` draws as many, and `TRADELIB_HOSTILE_SEED` others.
"""

import contextlib
import functools
import io
import math
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import REPOSITORY

from tradelib import asked, catalogue, cli, minerals, scenarios, tariffs, truce
from tradelib.days import parse_day, shown
from tradelib.errors import TradelibError
from tradelib.report import plan
from tradelib.report.notebooks import find_notebooks
from tradelib.report.parameters import declared

MANY = int(os.environ.get("TRADELIB_HOSTILE", "400"))
SEED = os.environ.get("TRADELIB_HOSTILE_SEED", "1")
FIRST, LAST, END = date(2018, 1, 1), catalogue.edition().horizon, catalogue.edition().evidence_through
SECONDS = 2.0  # to answer or to refuse; the first call of a process reads tables besides
LONG, DIGITS = "x" * 5000, "9" * 30

DAYS = [
    "2025-06-09", "2018-01-01", "2024-02-29", "2025-02-29", "2025-02-30", "2025-13-01", "2025-11-31", "2025-00-10", "2025-06-00",
    "0000-01-01",
    "0001-01-01", "1999-12-31", "2017-12-31", "9999-12-31", "10000-01-01", "-2025-06-09", "2025-6-9", "25-06-09", "20250609", "09/06/2025",
    "06/09/25", "9 June 2025", "2025-W24-1", "2025-160", "2025-06-09T00:00", "2025-06-09Z", " 2025-06-09", "2025-06-09 ", "2025-06-09\n",
    "2025\u201106\u201109", "\uff12\uff10\uff12\uff15-06-09", "\u0662\u0660\u0662\u0665-\u0660\u0666-\u0660\u0669", "1446-12-13",
    "\u4ee4\u548c7\u5e746\u67089\u65e5", "2568-06-09", "", " ", "\t", "today", "latest ", "LATEST",
    "yesterday", "nan", "NaT", "None", "True", "0", "-1", DIGITS, "1e9", "inf", "\0", "2025-06-09\0", "../../etc/passwd",
    "2025-06-09; rm -rf /",
    "'2025-06-09'", "{{ day }}", "<script>", "\u202e90-60-5202", LONG,
]  # fmt: skip
CODES = [
    "7326.90.8688", "7326908688", "8507.60", "85", "", " ", ".", "0", "00", "77", "99", "7777.77", "851", "85171", "8517.13.00.00.00",
    DIGITS,
    "-8517", "\uff18\uff15\uff11\uff17", "\u0668\u0665\u0661\u0667", "8517,13", "85 17", "8517.13\n", "8517\0", "0x8517", "8.5e3", "nan",
    "None", "8517' OR '1'='1", "=8517",
    "<b>8517</b>", "*", "8517.99", "9903.01.24", "\u202e7158", LONG,
]  # fmt: skip
WORDS = [
    "", " ", "x", "all", "auto", "Geneva", "China", "Atlantis", "Mexico", "us", "CN", "US,CN", "both", "<script>alert(1)</script>", "\0",
    "../x",
    "=cmd|' /C calc'!A0", "javascript:alert(1)", "\u202etxt", "a\nb", "{{7*7}}", "%s%n", "\U0001d518\U0001d516", "null", "\ud800",
    "x.csv", "/dev/null.csv", "\0.yaml",
    f"{LONG}.yaml", "status_quo", "as_scheduled", "status_quo.yaml", LONG,
]  # fmt: skip
NUMBERS = [
    "0", "1", "-1", "30", "90", "730", "731", "3203", "1000000", DIGITS, "9" * 4400, "1e3", "1e400", "0x10", "010", "1_0", "\u0663",
    "\uff13", "1,5", "1.5", ".5",
    "0.94", "3.8", "+5", "--5", "5%", "inf", "-inf", "nan", "1e-400", "\u00bd", "", " 7 ", "7\0", "seven", "true",
]  # fmt: skip
OBJECTS = [
    None, True, False, 0, 1, -1, 30, 10**30, 10**5000, -(10**400), 1.5, math.nan, math.inf, -0.0, 1e308, [], {}, (), b"2025-06-09", [[]],
    [None],
    {"a": 1}, date(2025, 6, 9), datetime(2025, 6, 9, tzinfo=UTC), object, 2025, 8507.6, ["8507.60"], ["Mexico"], [10**5000],
]  # fmt: skip
MOMENTS = [
    ("2025-06-09", date(2025, 6, 9)), (date(2025, 6, 9), date(2025, 6, 9)),
    (pd.Timestamp("2025-06-09 23:59").to_pydatetime(), date(2025, 6, 9)),
    (pd.Timestamp("2025-06-09 13:30"), date(2025, 6, 9)), (np.datetime64("2025-06-09"), date(2025, 6, 9)),
    (np.datetime64("2025-06-09T12", "ns"), date(2025, 6, 9)), (pd.NaT, None), (np.datetime64("NaT"), None), (np.datetime64("2025"), None),
    (np.datetime64("12000-01-01"), None), (pd.Timestamp("2025-06-09", tz="Asia/Shanghai"), None), (20250609, None), (45817, None),
    (pd.Period("2025-06-09"), None), (pd.Timedelta(days=1), None), (10**5000, None),
    *((item, None) for item in (None, True, 2025.5, math.nan, math.inf, [], {}, b"2025-06-09", object())),
]  # fmt: skip


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar within what may be asked, by a reading of its own."""
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    year, month, day = map(int, text.split("-"))
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = [31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return 1 <= month <= 12 and 1 <= day <= lengths[month - 1] and FIRST.isoformat() <= text <= LAST.isoformat()


def whole(value: object) -> int | None:
    """The whole number that a value is in plain writing."""
    if isinstance(value, str):
        written = value.strip()
        return int(written) if re.fullmatch("[+-]?[0-9]{1,15}", written) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value if abs(value) < 1e300 else math.inf):
        return None
    return int(value) if value == int(value) else None


def answer(call: Callable[[], Any]) -> tuple[bool, Any]:
    """(whether it was answered, the answer or the refusal); anything but one sentence fails."""
    begun = time.process_time()
    try:
        told, result = True, call()
    except TradelibError as error:
        told, result = False, str(error)
        assert "\n" not in result.replace(LONG, ""), result
        assert result.endswith((".", "?", ")", "\0")), result[-200:]
        assert "Traceback" not in result
    assert time.process_time() - begun < SECONDS
    return told, result


@pytest.fixture(scope="module", autouse=True)
def tables() -> None:
    """What the first question of a process reads is no part of the seconds of an answer."""
    for importer in tariffs.IMPORTERS:
        tariffs.explain("8507.60", on=END, importer=importer, as_of=END)
    asked.judge({"basis": 2023, "partners": ["Mexico"], "country": "Japan"}, ["basis", "partners"], END)
    for name in scenarios.names():
        scenarios.load(name)


def drawn(kind: str, share: float) -> Iterator[random.Random]:
    """A source of randomness for each input of a kind."""
    return (random.Random(f"{SEED} {kind} {number}") for number in range(max(1, int(MANY * share))))  # noqa: S311, chosen by seed


@contextlib.contextmanager
def gathered() -> Iterator[Callable[..., Any]]:
    """What is tried in a loop: all that fell is told at the end, not the first alone."""
    fell: list[str] = []

    def trying(check: Callable[..., None], *given: object) -> None:
        try:
            check(*given)
        except Exception as error:
            fell.append(f"{', '.join(map(shown, given))}: {error!r:.400}")

    yield trying
    assert not fell, f"{len(fell)} fell:\n" + "\n".join(fell[:40])


# What is known of a value by itself: True or False where it must be taken or refused, None where the tables decide.
def _between(least: int, most: int) -> Callable[[object], bool | None]:
    def judge(value: object) -> bool | None:
        number = whole(value)
        if number is None:
            return None if isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?\s*", value) else False
        return least <= number <= most

    return judge


def _day_until(most: date, *words: str, first: date = FIRST) -> Callable[[object], bool | None]:
    def judge(value: object) -> bool | None:
        if isinstance(value, datetime):
            return None
        text = value.isoformat() if isinstance(value, date) else value
        return isinstance(text, str) and (text in words or (is_day(text) and first.isoformat() <= text <= most.isoformat()))

    return judge


def _any(one: Callable[[object], bool | None], other: Callable[[object], bool | None]) -> Callable[[object], bool | None]:
    return lambda value: None if one(value) is None else bool(one(value) or other(value))


def _one_of(*words: str) -> Callable[[object], bool | None]:
    return lambda value: isinstance(value, str) and value in words


PARAMETERS: dict[str, dict[str, Callable[[object], bool | None] | None]] = {
    "01_briefing": {"window_days": _between(1, (END - FIRST).days), "as_of": None, "windowdays": None},
    "02_truce": {"since": _day_until(END, "auto"), "agreement": None},
    "03_tariff_history": {"since": _day_until(END), "importer": None, "layers": _one_of("all", "country_wide")},
    "04_trade_flows": {"start": None, "partners": None, "basis": _any(_between(0, 0), _between(2013, 2025))},
    "05_rare_earths": {"year": None, "country": None},
    "06_product_exposure": {"basket": None, "codes": None, "importer": None, "weights_file": None},
    "07_scenarios": {
        "scenario": None, "compare_with": None, "on": _day_until(LAST, "", first=END + timedelta(days=1)), "pass_through": None,
        "elasticity": None, "home_foreign_ratio": None,
        "draws": _between(1, 100_000), "seed": _between(0, 10**15), "trade_elasticity": None, "revenue": _one_of("tax_relief", "lump_sum"),
        "deficits": _one_of("endogenous", "fixed", "balanced"),
    },
    "08_methods_and_validation": {"code": None},
    "09_what_was_believed": {"importer": None, "horizon_days": _between(1, 730)},
}  # fmt: skip


@functools.cache
def path_of(notebook: str) -> Path:
    return find_notebooks([notebook], REPOSITORY / "notebooks")[0]


def test_values_of_parameters_are_taken_or_refused_before_a_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    places = [(notebook, name) for notebook, names in PARAMETERS.items() for name in names]

    def check(notebook: str, name: str, value: object) -> None:
        path = path_of(notebook)
        taken, found = answer(
            lambda: plan.plan_jobs([path], [], {name: value}, catalogue.resolve_as_of, 600, tmp_path / "failed", asked.judge)
        )
        expected = (PARAMETERS[notebook][name] or (lambda _: None))(value)
        if name not in declared(path) or name == "as_of":
            expected = False
        assert expected is None or taken == expected or (taken and not found[0].changed), (expected, found)
        if taken:
            assert re.fullmatch(r"[A-Za-z0-9._-]{1,140}", found[0].slug), found[0].slug
            assert ".." not in found[0].slug

    with gathered() as trying:
        for source in drawn("parameters", 0.35):
            trying(check, *source.choice(places), source.choice(source.choice([DAYS, CODES, WORDS, NUMBERS, OBJECTS])))


API: dict[str, Callable[[Any], Any]] = {
    "parse_day": lambda day: parse_day(day, name="on"),
    "resolve_as_of": catalogue.resolve_as_of,
    "headlines": lambda day: tariffs.headlines(on="2025-06-09", as_of=day),
    "status": lambda day: truce.status(as_of=day),
    "explain": lambda day: tariffs.explain("8507.60", on=day, importer="US", as_of=END),
    "mine_production": lambda day: minerals.mine_production(as_of=day),
}


def test_days_of_the_python_api_are_read_alike_or_refused() -> None:
    written = [(text, date.fromisoformat(text) if is_day(text) else None) for text in DAYS]

    def check(name: str, value: object, meant: date | None) -> None:
        taken, found = answer(lambda: API[name](value))
        if meant is not None:
            assert taken, found
            assert repr(found) == repr(API[name](meant))
        elif name != "parse_day":  # which reads days of any edition
            assert not taken, found

    with gathered() as trying:
        for source in drawn("api", 0.2):
            trying(check, source.choice(list(API)), *source.choice(source.choice([MOMENTS, written])))


@pytest.mark.parametrize("value", [True, False, "half", -0.1, 1.1, math.nan, math.inf, [], 10**5000], ids=range(9))
def test_a_share_of_metal_that_is_none_is_refused(value: object) -> None:
    assert not answer(lambda: tariffs.Assumptions(value))[0]


SCENARIO = """title: A duty on laptops
question: What if?
measures:
  - id: laptops
    importer: US
    title: A duty
steps:
  - measure: laptops
    from: 2026-12-01
    rate: 0.10
    codes: ["8471.30"]
"""
CHANGES = {
    "2026-12-01": [
        "2026-13-01", "2026-11-31", "2026-02-29", "0000-01-01", "0001-01-01", "9999-12-31", "2026-1-1", "'2026-12-01'",
        "2026-12-01T00:00:00Z",
        "start", "2026-12-02", "20261201", "12:00", "", "~", "[2026-12-01]", "{a: 1}", "tomorrow", "!!timestamp x", "=", "2017-12-31",
    ],
    "0.10": [
        "010", "0o10", "0x1", "0b1", "1:30", "0:0.5", "1_0.0", "1_0", ".nan", ".inf", "-.inf", "-0.1", "5.01", "10", "1e-1", "1e999",
        DIGITS,
        "9" * 5000, "true", "yes", "~", "", "'0.10'", "10%", "{a: 1}", "[0.1]", "ends", "0", "0.2", "5", "1", ".5", "=", "<<",
        "!!float abc",
        "!!python/object/apply:os.system ['true']", "&a 0.1", "!!bool x",
    ],
    '["8471.30"]': [
        "[8471.30]", "[0201]", "[]", "['']", f"['{DIGITS}']", "['77']", "['00']", "8471.30", "'8471.30'", "[['8471.30']]", "[{a: b}]",
        "['85','84']",
        "[" + "'85'," * 2000 + "'84']", "['=85']",
    ],
    "measure: laptops": ["measure: laptop", "measure: 5", "measure: ''", "measure: [a]", "measure: us_ieepa_fentanyl", "measure: <script>"],
    "A duty on laptops": ["", "''", "!!binary \u00e9", "&a x", "*a", "2026-13-01", LONG, "[a]", "?", "'a: b'", "\0", "\u202ea",
    "<b>x</b>", "[" * 3000, "{" * 3000],
    "question:": ["query:", "Question:", "? [a, b]\n:", "title:", "url: javascript:alert(1)\nquestion:", "url: ftp://x\nquestion:",
    "<<: {over: today}\nquestion:",
                  "over: yesterday\nquestion:", "known_from: 9999-12-31\nquestion:", "country_wide_of: 0001-01-01\nquestion:",
                  "---\nquestion:", "\tquestion:",
                  "url: https://example.org/\nquestion:"],
    "importer: US": ["importer: XX", "importer: ''", "importer: [US, CN]", "importer: CN", "importer: no"],
}  # fmt: skip
# The changes that are as good as what they stand for; all others are refused.
GOOD = {
    "start", "2026-12-02", "ends", "0", "0.2", "5", "1", ".5", "'8471.30'", "['85','84']", "[" + "'85'," * 2000 + "'84']",
    "measure: us_ieepa_fentanyl",
    "'a: b'", "\u202ea", "<b>x</b>", "url: https://example.org/\nquestion:", "importer: CN",
}  # fmt: skip


def test_a_scenario_file_is_read_as_written_or_refused_with_its_line() -> None:
    changes = [(old, new) for old, all_new in CHANGES.items() for new in all_new]

    def check(*given: tuple[str, str]) -> None:
        content = SCENARIO
        for old, new in given:
            content = content.replace(old, new, 1)
        taken, found = answer(lambda: scenarios.parse(content, name="own", file="own.yaml"))
        assert taken == all(new in GOOD for _, new in given), found
        assert taken or re.match(r"own\.yaml, line \d+: ", found), found

    with gathered() as trying:
        for source in drawn("scenarios", 0.3):
            places = source.sample(list(CHANGES), k=source.choice([1, 1, 1, 2]))
            trying(check, *((old, source.choice(CHANGES[old])) for old in places))
    assert len(changes) > 100


CELLS = [
    *CODES,
    *DAYS,
    *NUMBERS,
    *(word for word in WORDS if word.isprintable()),
    *OBJECTS[:7],
    *OBJECTS[10:-1],
    *(value for value, _ in MOMENTS[:15]),
]  # what a cell may hold


def test_a_list_of_goods_keeps_every_row_and_says_why_one_has_no_duty() -> None:
    """Rows that are plain are answered as in a list of their own, whatever stands in the others."""
    plain = ["8507.60.0020", "2025-06-09", "US", 100.0]
    names = ["code", "on", "importer", "value_usd"]
    alone = tariffs.price_list(pd.DataFrame([plain], columns=names), as_of=END).rows

    def check(*rows: list[object]) -> None:
        frame = pd.DataFrame([plain, *rows, plain], columns=names, dtype=object)
        taken, priced = answer(lambda: tariffs.price_list(frame, as_of=END))
        assert taken, priced
        found = priced.rows
        assert len(found) == len(frame)
        for at in (0, -1):
            assert found["total_frac"].iloc[at] == alone["total_frac"].iloc[0]
        for at, row in enumerate(rows, start=1):
            rate = found["total_frac"].iloc[at]
            assert pd.isna(rate) or 0 <= rate <= 10, rate
            assert not pd.isna(rate) or str(found["answer"].iloc[at]) != "", row
            if isinstance(row[1], str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", row[1]) and not is_day(row[1]):
                assert pd.isna(rate), row

    with gathered() as trying:
        for source in drawn("lists", 0.02):
            rows = [list(plain) for _ in range(20)]
            for row in rows:
                row[source.randrange(4)] = source.choice(CELLS)
            trying(check, *rows)


def command(*arguments: str) -> tuple[int, str, str]:
    """Status, output and error output of one command."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = cli.main(arguments)
        except SystemExit as left:
            status = int(left.code or 0)
    return status, out.getvalue(), err.getvalue()


def _rate_on(source: random.Random) -> tuple[list[str], bool | None]:
    day = source.choice(DAYS)
    return ["rate", "8507.60", "--on", day], is_day(day) or day == "latest"


def _rate_of(source: random.Random) -> tuple[list[str], bool | None]:
    code = source.choice(CODES)
    return ["rate", "--as-of", "2025-06-09", "--", code], None if re.match(r"\s*[0-9. ]+\s*$", code) else False


def _changes(source: random.Random) -> tuple[list[str], bool | None]:
    first, last = "2025-06-08", source.choice([day for day in DAYS if day != "2024-02-29"])
    return ["changes", "--from", first, "--to", last], is_day(last) and last >= first


def _average(source: random.Random) -> tuple[list[str], bool | None]:
    day = source.choice(DAYS)
    return ["average", "--from", "2025-06-08", "--to", day], is_day(day) and day >= "2025-06-08"


def _metal(source: random.Random) -> tuple[list[str], bool | None]:
    number = source.choice([*NUMBERS, *WORDS])
    plain = bool(re.fullmatch(r"[0-9]{0,9}\.?[0-9]{1,9}", number)) and 0 <= float(number) <= 1
    return ["rate", "7326.90.8688", "--as-of", "2025-06-09", f"--metal-content={number}"], plain


def _limit(source: random.Random) -> tuple[list[str], bool | None]:
    number = source.choice(NUMBERS)
    return ["find", "battery", "--as-of", "2025-06-09", f"--limit={number}"], bool(re.fullmatch("[0-9]{1,15}", number)) and int(number) > 0


def _weights(source: random.Random) -> tuple[list[str], bool | None]:
    word = source.choice([*NUMBERS, *WORDS, *CODES])
    return ["average", "--as-of", "2025-06-09", "--by", "none", f"--weights={word}"], None


def _find(source: random.Random) -> tuple[list[str], bool | None]:
    return ["find", "--as-of", "2025-06-09", "--", source.choice([*WORDS, *CODES])], None


def _scenario(source: random.Random) -> tuple[list[str], bool | None]:
    name = source.choice([word for word in [*WORDS, *CODES, *NUMBERS] if word not in scenarios.names()])
    return ["scenario", "--", name], False


def _publish(source: random.Random) -> tuple[list[str], bool | None]:
    """What is refused although one thing alone is wrong; what is right runs no notebook here."""
    wrong = [
        ["x" + source.choice([word for word in WORDS if word != LONG])],
        ["01_briefing", f"--address={source.choice([word for word in WORDS if word.strip()])}"],
        ["01_briefing", f"--as-of={source.choice([day for day in DAYS if not is_day(day)])}"],
        ["01_briefing", "-p", f"window_days={source.choice(['0', '-1', '1000000', DIGITS, '1_0', 'nan', ''])}"],
        ["01_briefing", f"--workers={source.choice(['0', '-1', '1_0', 'nan', '', DIGITS])}"],
        ["05_rare_earths", "-p", f"country={source.choice([word for word in WORDS if word != 'China'])}"],
        ["06_product_exposure", "-p", "importer=CN"],
        ["01_briefing", "--out=\0"],
        ["01_briefing", "--out=/dev/null/x"],
        ["07_scenarios", "-p", f"on={source.choice([day for day in DAYS if day and not is_day(day)])}"],
    ]
    return ["publish", *source.choice(wrong)], False


COMMANDS = [_rate_on, _rate_of, _changes, _average, _metal, _limit, _weights, _find, _scenario, _publish]


def test_a_command_answers_or_says_in_a_sentence_why_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tradelib.report.publish.run_jobs", lambda *_args, **_given: pytest.fail("a notebook began"), raising=False)

    def check(arguments: list[str], expected: bool | None) -> None:
        begun = time.process_time()
        status, out, err = command(*arguments)
        assert time.process_time() - begun < 5 * SECONDS, arguments
        assert "Traceback" not in err
        assert status in (0, 1, 2)
        if status:
            assert out == ""
            assert re.search(r"^tradelib( \w+)*: ", err, re.MULTILINE), err
        else:
            assert out
        assert expected is None or (status == 0) == expected, err[-300:]
        assert list(tmp_path.iterdir()) == []

    with gathered() as trying:
        for source in drawn("commands", 0.2):
            trying(check, *source.choice(COMMANDS)(source))


def test_what_is_asked_of_a_span_that_the_evidence_does_not_reach_says_where_it_ends() -> None:
    status, out, _ = command("changes", "--from", "2026-11-01", "--to", LAST.isoformat())
    assert status == 0
    assert "ends on 9 October 2026" in out
    status, _, err = command("changes", "--from", "2025-06-01", "--to", "9999-12-31")
    assert (status, err) == (2, f"tradelib: as_of must be {LAST} or earlier, not 9999-12-31: the evidence of this edition ends on {END}.\n")
