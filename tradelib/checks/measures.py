"""Rules of measures and their steps against one another: rates, lists, exemptions, the headings that go with them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from tradelib.checks.rule import Tables, rule, where
from tradelib.rows import each

# Outside the exchange of April 2025 no rate of a measure was ever changed fourfold.
_RETALIATION = ("ieepa_reciprocal", "cn_reciprocal_retaliation")
_LEAST_CHANGE, _MOST_CHANGE = 0.26, 3.9
_OF_CHINA = re.compile(r"Tariff Commission|MOFCOM|Ministry|State Council|\bMOF\b|\bGACC?\b|\bSAMR\b")
_OF_THE_US = re.compile(r"Executive Order|\bEO \d|Presidential Memorandum|Proclamation|\bUSTR\b|\bFR\b|\bBIS\b|\bCBP\b|White House|\bFCC\b")
# Where chapter 99 of the schedule keeps the duties of a law.
_SUBCHAPTERS = {
    "ieepa_fentanyl": r"9903\.01\..*",
    "ieepa_reciprocal": r"9903\.01\..*",
    "s122": r"9903\.03\..*",
    "s201": r"9903\.45\..*",
    "s301_lists": r"9903\.(?:88|91|92)\..*",
    "s301_maritime": r"9903\.91\..*",
    "s301_forced_labour": r"9903\.05\..*",
    "s232": r"9903\.(?!01|03|05|10|45|88|91|92)\d\d\..*",
}


def _families(tables: Tables, measures: pd.Series) -> pd.Series:
    return measures.map(tables["tariff_measures"].set_index("measure_id")["family"])


def _rates(tables: Tables) -> dict[str, set[float]]:
    rates = tables["tariff_steps"][["measure_id", "rate_frac"]].dropna().round(6)
    return {str(measure): set(cells) for measure, cells in rates.groupby("measure_id")["rate_frac"]}


@rule("tariff_steps")
def a_duty_of_nothing_is_no_step(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A duty on the full value is above 0: what ends has `rate: ends`, what is held back `basis: suspended`, an exclusion says so."""
    table = tables["tariff_steps"]
    yield from where("tariff_steps", table, table["basis"].eq("full_value") & table["rate_frac"].eq(0), "measure_id", "rate_frac", "basis")


@rule("tariff_steps", "tariff_measures")
def a_rate_changes_less_than_fourfold(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A measure's rate is less than four times the one announced before it, and more than a quarter, but for the exchange of April 2025.

    Is the decimal point in its place?
    """
    table = tables["tariff_steps"]
    ordered = table[table["rate_frac"].gt(0)].sort_values(["announced_on", "effective_on"], kind="stable")
    change = (ordered["rate_frac"] / ordered.groupby("measure_id")["rate_frac"].shift()).reindex(table.index)
    far = change.notna() & ~change.between(_LEAST_CHANGE, _MOST_CHANGE) & ~_families(tables, table["measure_id"]).isin(_RETALIATION)
    yield from where("tariff_steps", table, far, "measure_id", "announced_on", "effective_on", "rate_frac")


@rule("tariff_steps")
def what_returns_was_set_before(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A rate that returns is one that the measure had, or was to have, by an earlier text."""
    table = tables["tariff_steps"]
    rated = table[table["rate_frac"].gt(0)]
    first = rated.groupby(["measure_id", "rate_frac"])["announced_on"].min()
    keys = pd.MultiIndex.from_frame(table[["measure_id", "rate_frac"]])
    earlier = pd.Series(first.reindex(keys).to_numpy(), index=table.index)
    wrong = table["is_snap_back"] & table["rate_frac"].gt(0) & ~(earlier < table["announced_on"])
    yield from where("tariff_steps", table, wrong, "measure_id", "announced_on", "effective_on", "rate_frac")


@rule("tariff_steps", "tariff_measures")
def law_is_made_by_its_own_side(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A duty of the United States rests on a text of the United States, one of China on a text of China: name its maker and number.

    What the press reports of a text, before it is seen, is a statement.
    """
    table = tables["tariff_steps"]
    side = table["measure_id"].map(tables["tariff_measures"].set_index("measure_id")["importer"])
    china, us = (table["instrument"].str.contains(pattern) for pattern in (_OF_CHINA, _OF_THE_US))
    wrong = table["standing"].eq("instrument") & ((side.eq("US") & ~us) | (side.eq("CN") & ~china))
    yield from where("tariff_steps", table, wrong, "measure_id", "instrument")


@rule("tariff_steps", "tariff_measures")
def a_family_of_lists_is_not_on_every_good(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A measure of a family whose measures fall on lists names its list, not every good (`all`)."""
    table = tables["tariff_steps"]
    named = table["scope"].ne("")
    whole = table["scope"].eq("all")
    family = _families(tables, table["measure_id"])
    usual = family.map(whole[named].groupby(family[named]).mean()).ge(0.5)
    yield from where("tariff_steps", table, whole & ~usual, "measure_id", "scope")


@rule("tariff_steps", "tariff_measures")
def a_list_has_one_measure_at_a_time(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A list is named by one measure of a family at a time, but for duties within and over a quota."""
    table = tables["tariff_steps"]
    family = _families(tables, table["measure_id"])
    listed = family.ne("s201") & ~table["scope"].isin(["", "all"]) & table["basis"].ne("ended")
    on = table.assign(family=family, position=np.arange(len(table)))[listed]
    ends = table[table["basis"].eq("ended")].groupby("measure_id")["effective_on"].max()
    shared = on[on.groupby(["family", "scope"])["measure_id"].transform("nunique").gt(1)]
    for (_, scope), rows in shared.groupby(["family", "scope"]):
        begun = rows.groupby("measure_id")["effective_on"].min().sort_values()
        for earlier, later in zip(begun.index, begun.index[1:], strict=False):
            if not ends.get(earlier, pd.Timestamp.max) <= begun[later]:
                for position in rows.loc[rows["measure_id"].isin([earlier, later]), "position"]:
                    yield "tariff_steps", int(position), f"scope {scope!r} of {earlier!r} and of {later!r}"


@rule("tariff_steps")
def a_list_does_not_fall_back_to_an_older_version(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A later text does not name an older version of a list (`_v1` after `_v2`) than the text before it."""
    table = tables["tariff_steps"]
    found = (table["scope"] + "|" + table["exempt"]).str.extract(r".*_v(\d)", expand=False).astype(float)
    ordered = table.assign(version=found)[found.notna()].sort_values(["announced_on", "effective_on"], kind="stable")
    newest = ordered.groupby("measure_id")["version"].cummax()
    wrong = (ordered["version"] < newest).reindex(table.index, fill_value=False)
    yield from where("tariff_steps", table, wrong, "measure_id", "announced_on", "scope", "exempt")


def _excluded(tables: Tables) -> Iterator[tuple[list[str], list[str]]]:
    """Duties that an exclusion takes goods out of, and its lists, of every step of an exclusion."""
    of = tables["tariff_measures"].set_index("measure_id")["excludes_from"]
    steps = tables["tariff_steps"]
    for duties, scopes in zip(steps["measure_id"].map(of).fillna(""), steps["scope"], strict=True):
        if duties:
            yield str(duties).split("|"), [scope for scope in str(scopes).split("|") if scope]


@rule("tariff_steps", "tariff_measures")
def a_duty_does_not_know_its_exclusions(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A step of a duty does not name the goods of an exclusion in `exempt`: the text of the duty is older and knows nothing of it.

    The exclusion says in data/law/tariff_measures.csv, excludes_from, which duties its goods do not owe.
    """
    granted = {scope for _, scopes in _excluded(tables) for scope in scopes}
    for position, cell in enumerate(tables["tariff_steps"]["exempt"]):
        named = sorted(granted & set(str(cell).split("|")))
        if named:
            yield "tariff_steps", position, f"exempt names {', '.join(named)}"


@rule("tariff_measures")
def only_an_exclusion_excludes(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """An exclusion alone has `excludes_from`, and it names duties of its own side."""
    table = tables["tariff_measures"]
    duties = dict(zip(table["measure_id"], zip(table["kind"], table["importer"], strict=True), strict=True))
    for position, (kind, side, cell) in enumerate(zip(table["kind"], table["importer"], table["excludes_from"], strict=True)):
        if cell and (kind != "exclusion" or any(duties.get(duty) != ("duty", side) for duty in cell.split("|"))):
            yield "tariff_measures", position, f"kind {kind}, excludes_from {cell!r}"


@rule("tariff_steps", "tariff_measures")
def an_exemption_is_said_again(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A text that sets the rate on every good anew names again the goods that the text before it left out; else they would be levied."""
    table = tables["tariff_steps"]
    whole = table[table["scope"].eq("all") & table["rate_frac"].gt(0)].sort_values(["announced_on", "effective_on"], kind="stable")
    before = whole.groupby("measure_id")["exempt"].shift()
    wrong = (before.fillna("").ne("") & whole["exempt"].eq("")).reindex(table.index, fill_value=False)
    yield from where("tariff_steps", table, wrong, "measure_id", "announced_on", "exempt")


@rule("tariff_measures")
def duties_of_one_family_rest_on_one_authority(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The duties of a family name the same authority."""
    table = tables["tariff_measures"]
    usual = table.groupby("family")["authority"].transform(lambda words: words.mode().iloc[0])
    yield from where("tariff_measures", table, table["kind"].eq("duty") & table["authority"].ne(usual), "family", "authority")


@rule("headings", "tariff_measures")
def a_heading_stands_where_its_law_does(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A heading of chapter 99 stands in the part that its law has there: 9903.01 for the emergency duties, 9903.88 for the lists.

    Exclusion 8814 is claimed under 9903.88.14. A law that was given another part is added to this rule.
    """
    table = tables["headings"]
    family = _families(tables, table["measure_id"])
    for position, (law, cell, goods) in enumerate(zip(family, table["heading"], table["goods"], strict=True)):
        own = re.fullmatch(r"s301_excl_88(\d\d)", goods)
        pattern = rf"9903\.88\.{own[1]}" if own else _SUBCHAPTERS.get(law, ".*")
        if not all(re.fullmatch(pattern, heading) for heading in cell.split("|")):
            yield "headings", position, f"heading {cell} of {law!r}, goods {goods!r}"


@rule("headings", "tariff_measures", "families")
def a_heading_is_of_one_programme(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Duties that share a heading are parts of one programme; families are filed one after the other, but exclusions with their lists."""
    table, families = tables["headings"], tables["families"]
    programmes = tables["tariff_measures"].set_index("measure_id")["programme"]
    named = table["measure_id"].map(programmes.str.split(r"[(:]").str[0].str.split().str[:2].str.join(" "))
    duties = table.assign(named=named, heading=table["heading"].str.split("|"))[table["role"].eq("duty")].explode("heading")
    shared = duties[duties.groupby("heading")["named"].transform("nunique").gt(1)]
    yield from where("headings", table, pd.Series(table.index.isin(shared.index), index=table.index), "measure_id", "heading")
    placed = families[families["filing_order"].notna() & ~families["family"].str.endswith("_exclusions")]
    twice = placed.index[placed["filing_order"].duplicated(keep=False)]
    yield from where("families", families, pd.Series(families.index.isin(twice), index=families.index), "family", "filing_order")


class _Heading(NamedTuple):
    measure_id: str
    goods: str
    rate_frac: float
    heading: str


@rule("headings", "tariff_steps", "scopes")
def a_heading_has_a_rate_and_goods_of_its_measure(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The rate of a heading is one that its measure has, and its goods are a list, or the beginning of names of lists.

    A measure that has headings for several rates has one for each.
    """
    table, rates, steps = tables["headings"], _rates(tables), tables["tariff_steps"]
    lists = tuple(tables["scopes"]["scope"])
    for position, row in enumerate(each(table, _Heading)):
        known = not row.goods or row.goods.startswith("codes:") or any(name.startswith(row.goods) for name in lists)
        if not known or (not np.isnan(row.rate_frac) and round(row.rate_frac, 6) not in rates.get(row.measure_id, ())):
            yield "headings", position, f"{row.measure_id}: goods {row.goods!r}, rate_frac {row.rate_frac:g}, heading {row.heading}"
    by_rate = {measure: set(cells.round(6)) for measure, cells in table[table["role"].eq("duty")].groupby("measure_id")["rate_frac"]}
    for position, (measure, rate) in enumerate(zip(steps["measure_id"], steps["rate_frac"].round(6), strict=True)):
        headed = by_rate.get(measure, {np.nan})
        if rate > 0 and len(headed) > 1 and not any(np.isnan(number) for number in headed) and rate not in headed:
            yield "tariff_steps", position, f"{measure} at {rate:g}, and its headings are for {', '.join(f'{n:g}' for n in sorted(headed))}"


@rule("headings", "tariff_steps", "tariff_measures")
def goods_that_are_left_out_claim_an_exemption(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A heading for goods that the steps of its measure, or an exclusion from it, leave out has the role exemption, not duty."""
    table = tables["headings"]
    exempt = tables["tariff_steps"].groupby("measure_id")["exempt"]
    left = {measure: {part for cell in cells for part in cell.split("|")} for measure, cells in exempt}
    for duties, scope in _excluded(tables):
        for duty in duties:
            left.setdefault(duty, set()).update(scope)
    wrong = [
        role == "duty" and goods != "" and goods in left.get(measure, ())
        for role, goods, measure in zip(table["role"], table["goods"], table["measure_id"], strict=True)
    ]
    yield from where("headings", table, pd.Series(wrong, index=table.index), "measure_id", "role", "goods")


class _OnTheWay(NamedTuple):
    measure_id: str
    entered_from: pd.Timestamp
    rate_frac: float


@rule("in_transit", "tariff_steps")
def goods_on_their_way_are_spared_a_step(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Goods on their way are spared a step of the measure: `entered_from` is its first day, and the rate is an earlier one or 0."""
    table, rates = tables["in_transit"], _rates(tables)
    days = set(zip(tables["tariff_steps"]["measure_id"], tables["tariff_steps"]["effective_on"], strict=True))
    for position, row in enumerate(each(table, _OnTheWay)):
        held = row.rate_frac == 0 or round(row.rate_frac, 6) in rates.get(row.measure_id, ())
        if not held or (row.measure_id, row.entered_from) not in days:
            yield "in_transit", position, f"{row.measure_id}, entered_from {row.entered_from:%Y-%m-%d}, rate_frac {row.rate_frac:g}"


class _Ruling(NamedTuple):
    status_id: str
    families: str
    measures: str
    decided_on: pd.Timestamp
    entry_from: pd.Timestamp
    entry_to: pd.Timestamp
    event_id: str


@rule("legal_status", "tariff_measures", "events")
def a_ruling_is_about_measures_that_were_known(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A ruling names families or measures that were known on its day, entries in order, and an event of the same day."""
    table, measures = tables["legal_status"], tables["tariff_measures"]
    known = pd.concat([measures.groupby("family")["announced_on"].min(), measures.set_index("measure_id")["announced_on"]])
    began = tables["events"].groupby("event_id")["starts_on"].min()
    for position, row in enumerate(each(table, _Ruling)):
        about = [name for name in (*row.families.split("|"), *row.measures.split("|")) if name]
        early = [name for name in about if name in known and row.decided_on < known[name]]
        days = [began[name] for name in row.event_id.split("|") if name in began]
        if not about or early or row.entry_to <= row.entry_from or (days and row.decided_on not in days):
            yield "legal_status", position, f"{row.status_id}, decided_on {row.decided_on:%Y-%m-%d}, event {row.event_id!r}"
