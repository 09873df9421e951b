"""Rules of the truce: who took part, what was promised, what shows it, and measures beyond tariffs."""

import re
from collections.abc import Iterator

import pandas as pd

from tradelib.checks.rule import Tables, rule, where

_LISTED = re.compile(r"[^,;()]+(?: \([^()]*\))?(?:; [^,;()]+(?: \([^()]*\))?)*")
_YEAR = pd.Timedelta(days=366)


@rule("events")
def participants_are_named_with_their_office(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Participants are separated by semicolons, a person with the office in brackets: `Name (US Treasury); Name (CN vice premier)`."""
    table = tables["events"]
    cells = table["participants"]
    wrong = cells.ne("") & ~cells.str.fullmatch(_LISTED)
    yield from where("events", table, wrong, "participants")


@rule("events")
def versions_of_an_event_agree_when_it_was(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Versions of one event begin within two weeks of one another; what began at another time is another event."""
    table = tables["events"]
    first = table.groupby("event_id")["starts_on"].transform("min")
    yield from where("events", table, table["starts_on"] - first > pd.Timedelta(days=14), "event_id", "starts_on")


@rule("commitments")
def a_promise_is_made_before_it_is_due(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A promise is made before it is announced and before it is due, and due within six years."""
    table = tables["commitments"]
    wrong = (
        (table["due_on"] < table["made_on"]) | (table["announced_on"] < table["made_on"]) | (table["due_on"] - table["made_on"] > 6 * _YEAR)
    )
    yield from where("commitments", table, wrong, "commitment_id", "made_on", "announced_on", "due_on")


@rule("commitments")
def versions_of_a_promise_keep_its_party(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Versions of one promise name the same agreement, party and day on which it was made; another party's promise is another promise."""
    table = tables["commitments"]
    for column in ("agreement", "party", "made_on"):
        usual = table.groupby("commitment_id")[column].transform("first")
        yield from where("commitments", table, table[column].ne(usual), "commitment_id", column)


@rule("commitments")
def the_name_of_a_promise_says_its_party(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The second part of a commitment_id is the party: US, CN, or B for both."""
    table = tables["commitments"]
    part = table["commitment_id"].str.split("-").str[1]
    yield from where("commitments", table, part.ne(table["party"].replace({"both": "B"})), "commitment_id", "party")


@rule("evidence", "commitments")
def evidence_comes_after_the_promise_it_is_about(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Evidence is observed on the day of the promise or later, and its name begins with that of the promise."""
    table = tables["evidence"]
    made = table["commitment_id"].map(tables["commitments"].groupby("commitment_id")["made_on"].min())
    named = [name.startswith(promise) for name, promise in zip(table["evidence_id"], table["commitment_id"], strict=True)]
    yield from where(
        "evidence",
        table,
        (table["observed_on"] < made) | ~pd.Series(named, index=table.index),
        "evidence_id",
        "commitment_id",
        "observed_on",
    )


@rule("nontariff_steps")
def a_measure_beyond_tariffs_takes_effect_near_its_announcement(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A step takes effect at most 30 days before it is announced and four years after; only what is suspended can return."""
    table = tables["nontariff_steps"]
    ahead = (table["effective_on"] - table["announced_on"]).dt.days
    yield from where("nontariff_steps", table, ahead.lt(-30) | ahead.gt(4 * 366), "item_id", "announced_on", "effective_on")
    again = table["is_snap_back"] & (table["effective_on"] <= table["announced_on"])
    yield from where("nontariff_steps", table, again, "item_id", "is_snap_back", "announced_on", "effective_on")


@rule("nontariff_steps")
def a_measure_beyond_tariffs_keeps_its_party(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Steps of one item name the same party and measure."""
    table = tables["nontariff_steps"]
    for column in ("party", "measure"):
        usual = table.groupby("item_id")[column].transform("first")
        yield from where("nontariff_steps", table, table[column].ne(usual), "item_id", column)


@rule("claims")
def a_claimed_figure_has_the_form_of_ours(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A claimed day is an ISO day, a claimed share or rate a fraction with a point, a claimed count of days a whole number."""
    table = tables["claims"]
    kind = table["figure"]
    day, count = kind.str.endswith("_on"), kind.eq("truce_days")
    names = kind.isin(["london_us", "london_cn", ""])
    pattern = pd.Series(r"-?\d\.\d+", index=table.index).mask(day, r"\d{4}-\d{2}-\d{2}").mask(count, r"\d+").mask(names, r".+")
    wrong = [re.fullmatch(form, cell) is None for form, cell in zip(pattern, table["claimed"], strict=True)]
    yield from where("claims", table, pd.Series(wrong, index=table.index), "figure", "claimed")


_TOLD = ("events", "evidence", "commitments", "claims", "deadlines", "nontariff_steps", "proposals", "tariff_measures")
_GLUED = re.compile(r"(?<![\w/.])\d[\d.,]*bn\b|(?<![^\s(,])-\d[\d.,]*\s?%")


@rule(*_TOLD)
def amounts_are_written_as_pages_write_them(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A reader sees these words: write `USD 30 bn`, with a space, and a fall as `−3.4 %`, with a minus sign and no hyphen."""
    for name in _TOLD:
        table = tables[name]
        words = [column for column in table.select_dtypes("str") if not {"url", "other_sources", "later_note"} & {column}]
        for column in words:
            yield from where(name, table, table[column].str.contains(_GLUED), column)
