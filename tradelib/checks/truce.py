"""Rules of the truce: who took part, what was promised, what shows it, and measures beyond tariffs."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from tradelib.checks.rule import Tables, rule, where
from tradelib.rows import each

_LISTED = re.compile(r"[^,;()]+(?: \([^()]*\))?(?:; [^,;()]+(?: \([^()]*\))?)*")
_YEAR = pd.Timedelta(days=366)
_ROUNDED = 1e-9
_BY_THE_US = re.compile(r"^(?:White House|USTR|BIS|EO \d|US Treasury|US Commerce|Executive Order|Federal Register)\b")
_BY_CHINA = re.compile(r"^(?:MOFCOM|Tariff Commission|Foreign Ministry|Ministry of|State Council|General Administration)\b")
_PRESS = re.compile(
    r"\b(?:Reuters|Bloomberg|CNN|CNBC|NBC|CBS|Fox|Politico|New York Times|Wall Street Journal|Financial Times|Xinhua|Caixin|Nikkei)\b"
    r"|\b(?:fact sheet|truth social|interview)\b",
    re.IGNORECASE,
)


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


@rule("named_days", "events")
def a_named_day_knows_its_event(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A day is named after an event of the weeks before it, a version of which was public by its end."""
    table = tables["named_days"]
    first = table["event_id"].map(tables["events"].groupby("event_id")["published_on"].min())
    begun = table["event_id"].map(tables["events"].groupby("event_id")["starts_on"].min())
    wrong = (first > table["day"]) | (table["day"] - begun > pd.Timedelta(days=14))
    yield from where("named_days", table, wrong, "day", "name", "event_id")


@rule("commitments")
def a_promise_is_made_before_it_is_due(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A promise is made before it is announced and before it is due, and due within six years."""
    table = tables["commitments"]
    wrong = (
        (table["due_on"] < table["made_on"]) | (table["announced_on"] < table["made_on"]) | (table["due_on"] - table["made_on"] > 6 * _YEAR)
    )
    yield from where("commitments", table, wrong, "commitment_id", "made_on", "announced_on", "due_on")


@rule("events")
def an_act_told_by_the_us_is_not_of_china(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """What an office of the United States published is its own act, or one of both; an act of China has a source of China, or the press."""
    table = tables["events"]
    yield from where("events", table, table["actor"].eq("CN") & table["source"].str.contains(_BY_THE_US), "actor", "source")


@rule("commitments")
def a_round_of_talks_has_its_days(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Promises of one round are made within two weeks and announced within a month; their names begin alike.

    What is promised `in 2027` is due in 2027.
    """
    table = tables["commitments"]
    made = table.groupby("agreement")["made_on"].transform("median")
    usual = table.groupby(table["commitment_id"].str[:3])["agreement"].transform(lambda names: names.mode().iloc[0])
    year = table["what"].str.extract(r"\bin (20\d\d)\b", expand=False).astype(float)
    wrong = (
        ((table["made_on"] - made).abs() > pd.Timedelta(days=14))
        | (table["announced_on"] - table["made_on"] > pd.Timedelta(days=31))
        | table["agreement"].ne(usual)
        | (year.notna() & table["due_on"].notna() & year.ne(table["due_on"].dt.year))
    )
    yield from where("commitments", table, wrong, "commitment_id", "agreement", "what", "made_on", "announced_on", "due_on")


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


@rule("evidence", "nontariff_steps")
def what_the_press_reports_is_no_instrument(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """What the press reports is a statement or a report, never an instrument; an office of one side does not speak for the other."""
    evidence, steps = tables["evidence"], tables["nontariff_steps"]
    us, china = (evidence["source"].str.contains(pattern) for pattern in (_BY_THE_US, _BY_CHINA))
    other = (us & evidence["claimed_by"].eq("CN")) | (china & evidence["claimed_by"].eq("US"))
    told = evidence["standing"].eq("instrument") & evidence["source"].str.contains(_PRESS)
    yield from where("evidence", evidence, told | other, "evidence_id", "claimed_by", "standing", "source")
    law = steps["standing"].eq("instrument")
    us, china, press = (steps["instrument"].str.contains(pattern) for pattern in (_BY_THE_US, _BY_CHINA, _PRESS))
    wrong = law & (press | (steps["party"].eq("CN") & us) | (steps["party"].eq("US") & china))
    yield from where("nontariff_steps", steps, wrong, "item_id", "party", "standing", "instrument")


@rule("nontariff_steps")
def what_ends_has_begun(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """What is suspended or ended was in force by an earlier row of the same item."""
    table = tables["nontariff_steps"]
    first = table["announced_on"].eq(table.groupby("item_id")["announced_on"].transform("min"))
    begins = table["state"].isin(["in force", "announced", "reported", "opened"]) & ~table["is_snap_back"]
    has = begins.groupby(table["item_id"]).transform("any")
    wrong = first & ~has & table["state"].isin(["ended", "suspended"])
    yield from where("nontariff_steps", table, wrong, "item_id", "state", "announced_on")


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
_GLUED = re.compile(r"(?<![\w/.])\d[\d.,]*\s?bn\b|(?<![^\s(,])-\d[\d.,]*\s?%|\d\s%")


@rule(*_TOLD)
def amounts_are_written_as_pages_write_them(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Readers see these words: write `USD 30 billion`, not bn; `25%` without a space; a fall as `−3.4%`, with a minus sign."""
    for name in _TOLD:
        table = tables[name]
        words = [column for column in map(str, table.select_dtypes("str").columns) if not {"url", "other_sources", "later_note"} & {column}]
        for column in words:
            yield from where(name, table, table[column].str.contains(_GLUED), column)


class _Claim(NamedTuple):
    claim: str
    figure: str
    claimed: str


@rule("claims")
def a_claimed_figure_is_what_its_words_say(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A claimed fraction is the percentage of its words, below 0 where they say that something fell; exports are not imports."""
    for position, row in enumerate(each(tables["claims"], _Claim)):
        if re.fullmatch(r"-?\d\.\d+", row.claimed):
            said = [float(number) / 100 for number in re.findall(r"(\d+(?:\.\d+)?)%", row.claim)]
            same = any(abs(abs(float(row.claimed)) - number) < _ROUNDED for number in said)
            fell = re.search(r"\bf[ae]ll", row.claim) is not None
            flow = row.figure in ("exports", "imports") and row.figure not in row.claim
            if not same or flow or fell != row.claimed.startswith("-"):
                yield "claims", position, f"claimed {row.claimed}, figure {row.figure!r}, and the claim is {row.claim!r}"
