"""One word means one thing: `standing` is known or refused, and `latest` is the day of knowledge of the call at every door."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tradelib import catalogue, ledger, tariffs, truce
from tradelib.catalogue import editions
from tradelib.cli import main
from tradelib.doors import LATEST, Day, Days, door
from tradelib.errors import ParameterError
from tradelib.stories import feed

DAY, EARLIER = date(2025, 6, 9), date(2025, 4, 20)


@door
def asked(*, on: Day | None = None, days: Days | None = None, as_of: Day = LATEST) -> tuple:
    """What a function sees of the days of a call."""
    return on, days, as_of


@door
def placed(on: Day, as_of: Day) -> tuple:
    """The same by place, with a day of knowledge that must be given."""
    return on, as_of


@door
def span(*, since: Day, until: Day) -> tuple:
    """Two days and no day of knowledge."""
    return since, until


@pytest.fixture
def newest(monkeypatch: pytest.MonkeyPatch) -> Iterator[date]:
    """The newest day that a table covers, as after a refresh: later than the edition."""
    edition = catalogue.edition().evidence_through
    newest = edition + timedelta(days=20)
    through = catalogue.evidence_through
    monkeypatch.setattr(editions, "evidence_through", lambda table=None, **more: newest if table is None else through(table, **more))
    return newest


@pytest.mark.parametrize(
    "value",
    [["law"], ("law",), ["stated"], ("junk",), ("instrument", "junk"), ("statement",), ["instrument"], ("law", "stated"), (), "junk"],
    ids=repr,
)
def test_a_standing_that_is_not_known_takes_no_duty_off_and_is_refused(value: object) -> None:
    for call in (
        lambda: tariffs.schedule(standing=value),
        lambda: tariffs.explain("8517.13", on=DAY, importer="US", standing=value),
        lambda: tariffs.averages(on=[DAY], importer="US", standing=value),
    ):
        with pytest.raises(ParameterError, match=r"^standing must be law .* or stated .*, not .*\.$"):
            call()


def test_the_words_and_the_tuples_of_a_standing_are_one() -> None:
    for word, known in (("law", ledger.LAW), ("stated", ledger.LAW_AND_STATEMENTS)):
        one, other = (tariffs.schedule(as_of=DAY, standing=standing) for standing in (word, known))
        assert len(one) > 100
        assert one.equals(other)


def test_a_day_of_knowledge_that_is_left_out_is_latest(newest: date) -> None:
    assert asked() == asked(as_of="latest") == (None, None, newest)
    assert tariffs.schedule_ahead().equals(tariffs.schedule_ahead(as_of=newest))
    assert truce.dates_ahead().equals(truce.dates_ahead(as_of=newest))


def test_any_other_latest_is_the_day_of_knowledge_of_the_call(newest: date) -> None:
    assert asked(on="latest") == (newest, None, newest)
    assert asked(on="latest", as_of=DAY) == asked(as_of="2025-06-09", on="latest") == (DAY, None, DAY)
    assert asked(days="latest", as_of=DAY)[1] == [DAY]
    assert asked(days=("latest", EARLIER), as_of=DAY)[1] == [DAY, EARLIER]
    assert placed("latest", "2025-06-09") == placed("latest", as_of=DAY) == placed(on="latest", as_of=DAY) == (DAY, DAY)
    assert span(since=DAY, until="latest") == (DAY, newest)


def test_the_command_line_means_the_same_by_latest(capsys: pytest.CaptureFixture[str]) -> None:
    answers = []
    for on in ("latest", "2025-04-20"):
        assert main(["rate", "8517.13", "--on", on, "--as-of", "2025-04-20", "--format", "csv"]) == 0
        answers.append(capsys.readouterr().out)
    assert answers[0] == answers[1]


@pytest.mark.parametrize("day", ["2018-01-01", "2018-01-02", "2018-02-01", "2018-03-31", "2018-04-01"])
def test_news_of_the_first_days_begin_with_the_edition(day: str) -> None:
    newest = date.fromisoformat(day)
    rows = feed.news([newest])
    assert all(catalogue.edition().evidence_from <= row["day"] <= newest for row in rows)
    assert rows == feed.news([newest], days=10_000)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "2025-06-01", "--to", "2025-06-03", "--by", "section"], "A range of days has its parts by family"),
        (["--from", "2025-06-01", "--to", "2025-06-03", "--by", "none"], "A range of days has its parts by family"),
        (["--every", "change"], "--every change is for a range of days"),
        (["--on", "2025-06-01", "--every", "day"], "--every day is for a range of days"),
    ],
)
def test_an_option_of_average_that_would_do_nothing_is_refused(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert main(["average", *arguments]) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert said in error
    assert error.count("\n") == 1


def test_a_range_takes_parts_by_family_and_rows_by_change(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["average", "--from", "2025-06-01", "--to", "2025-06-05", "--by", "family", "--every", "change", "--format", "csv"]) == 0
    assert "2025-06-04" in capsys.readouterr().out
