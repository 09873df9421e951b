"""Rules of what is told beside a duty: headings, goods on their way, rulings, and what is estimated or read off others."""

from collections.abc import Iterator

import pandas as pd

from tradelib.checks.rule import Tables, rule, where
from tradelib.sides import is_list_of


@rule("headings", "tariff_measures")
def a_heading_holds_from_a_day_on(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A heading begins before it ends, and is known no earlier than its measure."""
    table = tables["headings"]
    known = table["measure_id"].map(tables["tariff_measures"].set_index("measure_id")["announced_on"])
    wrong = (table["entry_to"] <= table["entry_from"]) | (table["known_on"] < known)
    yield from where("headings", table, wrong, "measure_id", "entry_from", "entry_to", "known_on")


@rule("in_transit", "tariff_measures")
def goods_are_loaded_before_they_are_entered(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Goods that an earlier rate spares are loaded before a day, and entered from about that day on, within a year.

    The rule is known no earlier than its measure.
    """
    table = tables["in_transit"]
    known = table["measure_id"].map(tables["tariff_measures"].set_index("measure_id")["announced_on"])
    wrong = (
        (table["loaded_before"] <= table["loaded_from"])
        | (table["entered_before"] <= table["entered_from"])
        | (table["entered_before"] <= table["loaded_before"])
        | (table["entered_before"] - table["loaded_before"] > pd.Timedelta(days=366))
        | ((table["entered_from"] - table["loaded_before"]).abs() > pd.Timedelta(days=14))
        | (table["announced_on"] < known)
    )
    yield from where("in_transit", table, wrong, "rule", "loaded_from", "loaded_before", "entered_from", "entered_before", "announced_on")


@rule("legal_status")
def a_ruling_is_known_when_it_is_given(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A ruling is known on the day it is given, or at most two weeks later."""
    table = tables["legal_status"]
    late = table["known_on"] - table["decided_on"]
    yield from where(
        "legal_status", table, (late < pd.Timedelta(0)) | (late > pd.Timedelta(days=14)), "status_id", "decided_on", "known_on"
    )


@rule("exclusion_claims")
def a_share_is_published_after_its_period(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A share of imports is published after the months it is of."""
    table = tables["exclusion_claims"]
    wrong = (table["period_to"] < table["period_from"]) | (table["published_on"] <= table["period_to"])
    yield from where("exclusion_claims", table, wrong, "scope", "period_from", "period_to", "published_on")


@rule("cn_interim_rates")
def an_interim_rate_is_below_the_general_one(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """An interim rate is lower than the general rate it stands in for, and ends after it begins."""
    table = tables["cn_interim_rates"]
    wrong = (table["rate_frac"] >= table["general_frac"]) | (table["ends_on"] <= table["effective_on"])
    yield from where("cn_interim_rates", table, wrong, "code", "rate_frac", "general_frac", "effective_on", "ends_on")


@rule("cn_tariff_quotas")
def a_rate_within_a_quota_is_below_the_one_outside(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Within a quota a good owes less than outside."""
    table = tables["cn_tariff_quotas"]
    yield from where("cn_tariff_quotas", table, table["within_frac"] >= table["outside_frac"], "code", "within_frac", "outside_frac")


@rule("metal_shares")
def an_estimate_lies_in_its_interval(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The share of metal lies between its low and its high end."""
    table = tables["metal_shares"]
    wrong = (table["low_frac"] > table["metal_content_frac"]) | (table["metal_content_frac"] > table["high_frac"])
    yield from where("metal_shares", table, wrong, "naics3", "low_frac", "metal_content_frac", "high_frac")


@rule("hts_successions")
def a_code_is_not_its_own_heir(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A code is followed by another one."""
    table = tables["hts_successions"]
    yield from where("hts_successions", table, table["code"].eq(table["successor"]), "code", "successor")


@rule("release_days")
def a_release_is_due_after_its_period(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A release is due after the month it is of began, within half a year, and after that of the month before; a month is its first day."""
    table = tables["release_days"]
    late = table["due_on"] - table["period"]
    ordered = table.sort_values(["publisher", "release", "period", "seen_on"], kind="stable")
    newest = ordered.drop_duplicates(["publisher", "release", "period"], keep="last")
    early = (
        newest["due_on"]
        <= newest.groupby(["publisher", "release"])["due_on"].cummax().groupby([newest["publisher"], newest["release"]]).shift()
    )
    wrong = (late < pd.Timedelta(days=7)) | (late > pd.Timedelta(days=250)) | table["period"].dt.day.ne(1)
    yield from where("release_days", table, wrong | early.reindex(table.index, fill_value=False), "release", "period", "due_on")


@rule("wto_exclusions")
def a_table_is_published_after_its_day(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A share of the WTO is published after the day for which it is shown."""
    table = tables["wto_exclusions"]
    yield from where("wto_exclusions", table, table["published_on"] < table["effective_on"], "code", "effective_on", "published_on")


@rule("tariff_steps", "tariff_measures", "scopes")
def a_step_covers_goods_of_its_side(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A step names lists of its own side, each once, and none that it leaves out as well; only a measure on every good names `all`."""
    steps = tables["tariff_steps"]
    side = steps["measure_id"].map(tables["tariff_measures"].set_index("measure_id")["importer"])
    for position, (scope, exempt, importer) in enumerate(zip(steps["scope"], steps["exempt"], side, strict=True)):
        named, left = ([part for part in cell.split("|") if part] for cell in (scope, exempt))
        foreign = [part for part in (*named, *left) if not is_list_of(part, importer)]
        if foreign or len(set(named)) < len(named) or set(named) & set(left) or ("all" in named and len(named) > 1):
            yield "tariff_steps", position, f"scope {scope!r}, exempt {exempt!r}"


@rule("tariff_steps", "tariff_measures")
def a_list_is_levied_or_excluded(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A list of goods that an exclusion takes out of a duty is none that a duty falls on.

    Is it the list of another measure?
    """
    table = tables["tariff_steps"]
    kind = table["measure_id"].map(tables["tariff_measures"].set_index("measure_id")["kind"])
    lists = table["scope"].str.split("|")
    spared = set(lists[kind.eq("exclusion")].explode()) - {""}
    yield from where("tariff_steps", table, kind.eq("duty") & lists.map(lambda names: bool(spared & set(names))), "measure_id", "scope")


@rule("tariff_steps")
def a_duty_that_tops_up_is_one_on_a_list(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A duty that tops the general rate up to a total (`floor_total_incl_mfn`) falls on a list, and was none on the whole value before."""
    table = tables["tariff_steps"]
    ordered = table.sort_values(["measure_id", "announced_on", "effective_on"], kind="stable")
    before = ordered["basis"].eq("full_value").groupby(ordered["measure_id"]).cummax()
    tops = ordered["basis"].eq("floor_total_incl_mfn")
    wrong = (tops & (before | ordered["scope"].eq("all"))).reindex(table.index)
    yield from where("tariff_steps", table, wrong, "measure_id", "basis", "scope")


@rule("tariff_measures")
def a_measure_does_not_displace_itself(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A measure gives way to other families than its own."""
    table = tables["tariff_measures"]
    wrong = [family in cell.split("|") for family, cell in zip(table["family"], table["yields_to"], strict=True)]
    yield from where("tariff_measures", table, pd.Series(wrong, index=table.index), "family", "yields_to")
