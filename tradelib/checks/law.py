"""Rules of the law: tariff steps, measures, scopes, clocks and proposals."""

import difflib
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from tradelib import ledger
from tradelib.checks.rule import Tables, rule, where
from tradelib.errors import LedgerError

_RATED = ("full_value", "metal_content_value", "metal_content_value_alone", "floor_total_incl_mfn")
_NO_RATE = ("ended", "to_be_announced", "full_duties_due", "specific_service_fee")
_LOWEST_RATE = 0.02
_YEAR = pd.Timedelta(days=366)
# What binary numbers leave behind, in quarters of a per cent and in fractions.
_SAME_QUARTER, _SAME_RATE = 1e-6, 1e-9
# A list is counted officially as at least half and at most twice the codes that are held; exclusions are counted by good, not by line.
_COUNTS_ALIKE, _LINES_ALIKE = (0.5, 2), (0.8, 1.25)
# Two names of which more than this is alike may be one.
_LIKENESS = 0.75
_SAID = re.compile(
    r"\b(?:remarks?|interview|told|truth social|twitter|fact sheet|readout|spokes\w+|reuters|cnbc|bloomberg|press (?:briefing|conference)|"
    r"statement of|joint statement|reported by reuters|on (?:cbs|fox|nbc))\b",
    re.IGNORECASE,
)


@rule("tariff_steps", "tariff_measures")
def a_step_that_holds_says_its_rate(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A duty on a value needs its rate; an end, or a rate still to be named, has none; an exclusion or a suspension has 0."""
    table = tables["tariff_steps"]
    rate = table["rate_frac"]
    wrong = (
        (table["basis"].isin(_RATED) & rate.isna())
        | (table["basis"].isin(_NO_RATE) & rate.notna())
        | (table["basis"].isin(["exclusion", "suspended"]) & rate.ne(0))
    )
    yield from where("tariff_steps", table, wrong, "basis", "rate_frac")


@rule("tariff_steps")
def a_positive_rate_is_one_that_laws_name(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Duties are set in quarters of a per cent, and none below 2 per cent was ever set.

    Is a decimal point in the wrong place? If the text really says so, widen this rule and cite the text there.
    """
    table = tables["tariff_steps"]
    rate = table["rate_frac"]
    quarters = rate * 400
    odd = rate.gt(0) & (rate.lt(_LOWEST_RATE) | ((quarters - quarters.round()).abs() > _SAME_QUARTER))
    yield from where("tariff_steps", table, odd, "rate_frac")


@rule("tariff_steps")
def a_step_names_its_goods(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A step names the scopes it covers, separated by |; only an end names none, and takes nothing out."""
    table = tables["tariff_steps"]
    ends = table["basis"].eq("ended")
    wrong = (~ends & table["scope"].eq("")) | (ends & (table["scope"].ne("") | table["exempt"].ne("")))
    yield from where("tariff_steps", table, wrong, "basis", "scope", "exempt")


@rule("tariff_steps")
def a_step_takes_effect_near_its_announcement(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A step takes effect at most five years after it is announced, and at most ten days before.

    An earlier day is one of an exclusion (granted back to the start of a list), or day and month are swapped.
    """
    table = tables["tariff_steps"]
    ahead = (table["effective_on"] - table["announced_on"]).dt.days
    back = ahead.lt(-10) & table["basis"].ne("exclusion")
    yield from where("tariff_steps", table, back | ahead.gt(5 * 366) | ahead.lt(-3 * 366), "announced_on", "effective_on")


@rule("tariff_steps")
def law_rests_on_a_text_and_a_statement_on_words(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """What somebody said, wrote in a fact sheet or told the press is a statement, never law: give standing statement, or name the text."""
    table = tables["tariff_steps"]
    wrong = table["standing"].eq("instrument") & table["instrument"].str.contains(_SAID)
    yield from where("tariff_steps", table, wrong, "standing", "instrument")


@rule("tariff_steps")
def a_return_is_a_rate_that_waits(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Only a positive rate that takes effect after its announcement can be a snap-back, or a fee that waits."""
    table = tables["tariff_steps"]
    waits = table["effective_on"] > table["announced_on"]
    has = table["rate_frac"].gt(0) | table["basis"].eq("specific_service_fee")
    yield from where(
        "tariff_steps", table, table["is_snap_back"] & ~(waits & has), "is_snap_back", "rate_frac", "announced_on", "effective_on"
    )


@rule("tariff_steps", "tariff_measures")
def an_end_ends_something(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A row that ends a measure comes after a row that began it."""
    table = tables["tariff_steps"]
    first = table[table["basis"].ne("ended")].groupby("measure_id")["effective_on"].min()
    begun = table["measure_id"].map(first)
    yield from where("tariff_steps", table, table["basis"].eq("ended") & ~(begun < table["effective_on"]), "measure_id", "effective_on")


@rule("tariff_steps")
def the_steps_can_be_replayed(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """One announcement says one thing of one day."""
    table = tables["tariff_steps"]
    try:
        ledger.replay(table, as_of=table["announced_on"].max().date(), standing=ledger.LAW_AND_STATEMENTS)
    except LedgerError as error:
        yield "tariff_steps", -1, str(error).rstrip(".")


@rule("tariff_steps", "tariff_measures")
def a_measure_has_steps_from_its_first_day_of_knowledge(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A measure has at least one step, and became known with the first of them."""
    measures = tables["tariff_measures"]
    first = measures["measure_id"].map(tables["tariff_steps"].groupby("measure_id")["announced_on"].min())
    yield from where("tariff_measures", measures, first.isna() | first.ne(measures["announced_on"]), "measure_id", "announced_on")


@rule("tariff_measures", "families")
def a_measure_is_of_one_side(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A measure is taken by one side against the other, in a family of that side."""
    measures = tables["tariff_measures"]
    side = measures["family"].map(tables["families"].set_index("family")["importer"])
    wrong = measures["importer"].eq(measures["exporter"]) | (side.notna() & side.ne(measures["importer"]))
    yield from where("tariff_measures", measures, wrong, "importer", "exporter", "family")


@rule("tariff_measures", "tariff_steps")
def an_exclusion_excludes_and_a_duty_does_not(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Steps of an exclusion have the basis exclusion, or end it; steps of a duty never have it."""
    steps = tables["tariff_steps"]
    kind = steps["measure_id"].map(tables["tariff_measures"].set_index("measure_id")["kind"])
    excludes = steps["basis"].eq("exclusion")
    wrong = (kind.eq("exclusion") & ~excludes & steps["basis"].ne("ended")) | (kind.eq("duty") & excludes)
    yield from where("tariff_steps", steps, wrong, "measure_id", "basis")


@rule("tariff_measures")
def programmes_of_one_family_agree_how_they_add(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Within a family all duties add, or the highest holds: the measures of a family say the same."""
    measures = tables["tariff_measures"]
    usual = measures.groupby("family")["within_family"].transform(lambda words: words.mode().iloc[0])
    yield from where("tariff_measures", measures, measures["within_family"].ne(usual), "family", "within_family")


@rule("scopes", "product_scopes")
def a_scope_with_codes_has_codes(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A scope that is held as codes has rows in product_scopes, and one that is not has none."""
    scopes = tables["scopes"]
    has = scopes["scope"].isin(tables["product_scopes"]["scope"])
    yield from where("scopes", scopes, has.ne(scopes["held"].eq("codes")), "scope", "held")


@rule("scopes", "product_scopes")
def a_scope_holds_about_as_many_codes_as_the_text_counts(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The official count of lines and the codes held agree within a fifth, that of excluded goods within a factor of two.

    Else the note says why.
    """
    scopes = tables["scopes"]
    codes = tables["product_scopes"].groupby("scope")["code"].nunique()
    ratio = scopes["official_count"] / scopes["scope"].map(codes)
    least, most = (
        np.where(scopes["scope"].str.contains("_excl_"), by_good, by_line)
        for by_good, by_line in zip(_COUNTS_ALIKE, _LINES_ALIKE, strict=True)
    )
    far = scopes["held"].eq("codes") & scopes["note"].eq("") & ~ratio.between(least, most) & ratio.notna()
    yield from where("scopes", scopes, far, "scope", "official_count")


@rule("product_scopes")
def a_code_joins_before_it_leaves(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A row of a list ends after it begins."""
    table = tables["product_scopes"]
    yield from where("product_scopes", table, table["entry_to"] <= table["entry_from"], "scope", "code", "entry_from", "entry_to")


@rule("deadlines")
def a_clock_runs_forward(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A clock is announced before it runs out, starts before it ends and within a year, and names a day or a term, not both."""
    table = tables["deadlines"]
    wrong = (table["expires_on"] <= table["announced_on"]) | (table["expires_on"] <= table["starts_on"])
    far = (table["expires_on"] - table["announced_on"]).dt.days > 4 * 366
    far |= (table["starts_on"] - table["announced_on"]) > _YEAR
    far |= table["term"].ne("") & table["expires_on"].notna()
    yield from where("deadlines", table, wrong | far, "clock", "starts_on", "announced_on", "expires_on", "term")


@rule("deadlines")
def a_clock_named_after_a_side_is_of_it(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A clock whose name begins with US or CN is of that side; what is promised `in 2027` is due in 2027."""
    table = tables["deadlines"]
    named = table["clock"].str.extract(r"^(US|CN)-", expand=False)
    year = table["what_expires"].str.extract(r"\bin (20\d\d)\b", expand=False).astype(float)
    wrong = (named.notna() & named.ne(table["side"])) | (year.notna() & table["expires_on"].notna() & year.ne(table["expires_on"].dt.year))
    yield from where("deadlines", table, wrong, "clock", "side", "what_expires", "expires_on")


@rule("deadlines")
def a_legal_clock_rests_on_a_text(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A clock runs by law where a text of law sets it: what an official said, or a joint statement, is political."""
    table = tables["deadlines"]
    said = table["source"].str.contains(_SAID) | table["source"].str.contains(r"joint statement|at the .* summit|in davos", case=False)
    yield from where("deadlines", table, table["basis"].eq("legal") & said, "clock", "basis", "source")


@rule("deadlines")
def a_clock_keeps_its_name_and_nature(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Rows of one clock agree in kind, and two clocks have names that nobody takes for one another."""
    table = tables["deadlines"]
    usual = table.groupby("clock")["kind"].transform("first")
    yield from where("deadlines", table, table["kind"].ne(usual), "clock", "kind")
    yield from _look_alikes("deadlines", table, "clock")


@rule("proposals")
def a_proposal_comes_before_what_became_of_it(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A proposal is threatened, proposed or reported first; adopted, withdrawn, suspended or lapsed afterwards, and once."""
    table = tables["proposals"]
    first = table.groupby("proposal_id")["announced_on"].transform("min").eq(table["announced_on"])
    over = table["state"].isin(["withdrawn", "adopted", "lapsed", "suspended"])
    again = over & table[over].groupby("proposal_id").cumcount().reindex(table.index, fill_value=0).gt(0)
    yield from where("proposals", table, (first & over) | again, "proposal_id", "announced_on", "state")


@rule("proposals")
def a_proposal_stays_on_one_side(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Rows of one proposal name one importer, by which its name begins; it would apply after it was made, within ten months."""
    table = tables["proposals"]
    usual = table.groupby("proposal_id")["importer"].transform("first")
    early = table["would_apply_on"] < table["announced_on"]
    far = table["would_apply_on"] - table["announced_on"] > pd.Timedelta(days=300)
    named = table["proposal_id"].str.split("-").str[0]
    wrong = table["importer"].ne(usual) | named.ne(table["importer"]) | early | far
    yield from where("proposals", table, wrong, "proposal_id", "importer", "announced_on", "would_apply_on")


def _rates_said(words: str) -> list[float]:
    """Fractions that words of a proposal may mean as its rate: per cent, points added to a rate, none."""
    none = [0.0] if re.search(r"\bno (?:additional )?duty\b", words) else []
    return none + [float(number) / 100 for number in re.findall(r"(\d+(?:\.\d+)?)(?:%| points)", words)]


@rule("proposals")
def versions_of_a_proposal_keep_its_rate(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Rows of one proposal name the same rate, and one that its words give; another rate is another proposal, with a name of its own."""
    table = tables["proposals"]
    rate = table["rate_frac"]
    usual = rate.groupby(table["proposal_id"]).transform("first")
    said = table["what"].map(_rates_said)
    other = np.array([not any(abs(own - one) < _SAME_RATE for one in numbers) for own, numbers in zip(rate, said, strict=True)])
    other &= rate.notna().to_numpy() & said.map(bool).to_numpy()
    yield from where("proposals", table, (rate.notna() & rate.ne(usual)) | other, "proposal_id", "rate_frac", "what")
    yield from _look_alikes("proposals", table, "proposal_id")


@rule("us_lines")
def a_general_rate_is_what_its_text_says(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A rate printed as a percentage is held as that fraction; what is free is 0."""
    table = tables["us_lines"]
    printed = pd.to_numeric(table["mfn_text"].str.extract(r"^\s*(\d+(?:\.\d+)?)\s*%", expand=False)) / 100
    wrong = (
        (table["mfn_kind"].eq("ad_valorem") & printed.notna() & ((printed - table["mfn_frac"]).abs() > _SAME_RATE))
        | (table["mfn_kind"].eq("free") & table["mfn_frac"].ne(0))
        | table["mfn_frac"].gt(np.where(table["mfn_kind"].isin(["free", "ad_valorem"]), 4.0, 100.0))
    )
    yield from where("us_lines", table, wrong, "code", "mfn_text", "mfn_frac")


def _look_alikes(name: str, table: pd.DataFrame, column: str) -> Iterator[tuple[str, int, str]]:
    """Names that occur once and differ by a letter from one that occurs more often."""
    counts = table[column].value_counts()
    for position, value in enumerate(table[column]):
        if counts[value] > 1:
            continue
        others = [other for other in counts.index if other != value and counts[other] >= 1 and len(other) == len(value)]
        close = [
            other
            for other in others
            if difflib.SequenceMatcher(None, value, other).ratio() > _LIKENESS and _letters(value) != _letters(other)
        ]
        if close:
            yield name, position, f"{column} {value!r} looks like {close[0]!r}"


def _letters(text: str) -> str:
    """A name without its digits and its side: SOY-2027 and SOY-2028 are two things on purpose."""
    return re.sub(r"[0-9]", "", text).removeprefix("US-").removeprefix("CN-")
