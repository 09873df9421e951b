"""Our figures beside those others have published, with the cause of each difference and how far it can reach."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from tradelib import catalogue
from tradelib.doors import LATEST, Day, door
from tradelib.tariffs import chinese_rates
from tradelib.tariffs.collection import collected, unmatched_duty
from tradelib.tariffs.membership import membership
from tradelib.tariffs.protection import weighted
from tradelib.tariffs.rates import line_rates
from tradelib.tariffs.stacking import DEFAULT, Assumptions
from tradelib.tariffs.tariff_lines import WEIGHTS, lines
from tradelib.tariffs.weights import DEFAULT_WEIGHTS

# A difference of less needs no cause: half a percentage point.
CLOSE = 0.005
# The WTO prints rates to a hundredth of a percentage point.
_PRINTED = 0.00011
_BEFORE_2025 = date(2025, 1, 19)
_METAL_SPAN = ("low", "high")
_VEHICLES = ("cn301_auto1", "cn301_auto2", "cn301_auto3")
_WTO = ["on", "cause", "subheadings", "share_of_subheadings", "share_of_trade", "median_difference_frac", "known_on"]
_RESULT = ["ours_frac", "cause", "cause_low_frac", "cause_high_frac"]
_LIST_4A = ("cn301_l4a_10", "cn301_l4a_5")


@door
def comparisons(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Published averages, contributions and shares beside ours, for what was public on a day.

    Parameters
    ----------
    as_of : day of knowledge: only figures public by then. Ours are computed from the law as their publisher knew it, for the day of
        entry that theirs describe (`applies_on`), where it dates them otherwise.

    Returns
    -------
    One row a published figure: benchmark_id, publisher, importer, measure, family, on (the day their publisher
    gives it), applies_on (the day of entry it describes), law_known_on (the law it rests on), theirs_frac, ours_frac, difference_frac (ours
    less theirs), cause, cause_low_frac and cause_high_frac (what ours would change by if the cause were treated the other way, from the
    lowest to the highest), verdict (`close`, within half a percentage point; `explained`, within what the cause reaches, half a point
    allowed; `open`), method, source, url, known_on.
    """
    rows = catalogue.load("benchmarks", as_of=as_of)
    rows = rows[rows["measure"].ne("collected_frac")]
    results = [_compare(row, min(as_of, row.law_known_on.date())) for row in rows.itertuples()]
    table = pd.concat([rows.reset_index(drop=True), pd.DataFrame(results, columns=_RESULT)], axis=1)
    table = table.rename(columns={"value_frac": "theirs_frac"})
    table["difference_frac"] = table["ours_frac"] - table["theirs_frac"]
    # What is missing on our side is what the cause adds.
    needed = -table["difference_frac"]
    within = (needed >= table["cause_low_frac"] - CLOSE) & (needed <= table["cause_high_frac"] + CLOSE)
    table["verdict"] = np.select([table["difference_frac"].abs() <= CLOSE, within], ["close", "explained"], default="open")
    columns = [
        "benchmark_id", "publisher", "importer", "measure", "family", "on", "applies_on", "law_known_on", "theirs_frac", "ours_frac",
        "difference_frac", "cause", "cause_low_frac", "cause_high_frac", "verdict", "method", "source", "url", "known_on",
    ]  # fmt: skip
    return table[columns].sort_values(["importer", "publisher", "measure", "family", "on"], ascending=[False, True, True, True, True])


@door
def collected_check(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Collected rates as another publisher tabulated them from Census beside ours, one row a month (period, theirs_frac, ours_frac)."""
    rows = catalogue.load("benchmarks", as_of=as_of)
    rows = rows[rows["measure"].eq("collected_frac")].rename(columns={"on": "period", "value_frac": "theirs_frac"})
    ours = collected(as_of=as_of)[["period", "collected_frac"]].rename(columns={"collected_frac": "ours_frac"})
    table = rows.merge(ours, on="period", how="left")
    table["difference_frac"] = table["ours_frac"] - table["theirs_frac"]
    return table[["period", "theirs_frac", "ours_frac", "difference_frac", "source", "url", "known_on"]]


@door
def wto_check(*, as_of: Day = LATEST) -> pd.DataFrame:
    """China's total rates on goods of the United States, line by line, beside the WTO's.

    Parameters
    ----------
    as_of : day of knowledge; the WTO's table as we read it counts from June 2026 on.

    Returns
    -------
    One row a (day, cause): on, cause (`agree`, or the cause of the difference), subheadings, share_of_subheadings, share_of_trade (US
    exports of 2024 among subheadings with a held most-favoured-nation rate), median_difference_frac (WTO less ours), source, url, known_on.

    Notes
    -----
    Not all of it is independent: a tenth of our most-favoured-nation rates and the codes of list 4A were derived from WTO rates of
    1 January 2025 (see the column mfn_evidence of cn_lines, and the scopes table).
    """
    table = catalogue.load("wto_china_rates", as_of=as_of)
    days = [_wto_day(day.date(), rows, as_of).assign(known_on=rows["known_on"].max()) for day, rows in table.groupby("on")]
    result = pd.concat(days, ignore_index=True) if days else pd.DataFrame(columns=_WTO).astype({"known_on": "datetime64[us]"})
    return result.assign(source="WTO, Tariff and Trade Data: China's applied rates on the United States", url="https://ttd.wto.org/")


@door
def sensitivity(*, on: Day, as_of: Day = LATEST) -> pd.DataFrame:
    """Weighted average of both sides under each choice that the law, or the rod, leaves open.

    Returns
    -------
    One row a choice that changes the average: importer, choice, weighted_frac, change_frac (from the default, the first row of each
    importer), known_on.
    """
    rows = []
    for importer in ("US", "CN"):
        cases = [(words, "2024", choice) for words, choice in _CHOICES.items()]
        cases += [(f"weights of {year}", year, DEFAULT) for year in WEIGHTS[importer] if year != DEFAULT_WEIGHTS]
        base = None
        for words, year, choice in cases:
            row = weighted(importer, on, as_of, year, choice)
            base = row["weighted_frac"] if base is None else base
            change = row["weighted_frac"] - base
            if change == 0 and choice is not DEFAULT:
                continue
            rows.append((importer, words, row["weighted_frac"], change))
    return pd.DataFrame(rows, columns=["importer", "choice", "weighted_frac", "change_frac"])


_CHOICES = {
    "default": DEFAULT,
    "metal at the low end of its estimate": Assumptions("low"),
    "metal at the high end of its estimate": Assumptions("high"),
    "half of the value is metal, outside the metal chapters": Assumptions(0.5, metal_chapters_frac=1.0),
    "all of the value is metal": Assumptions(1.0),
    "goods covered in part count as covered": Assumptions(partial_duties=True),
    "goods exempt in part count as exempt": Assumptions(partial_exemptions=True),
    "both": Assumptions(partial_duties=True, partial_exemptions=True),
    "China's exclusions as the WTO counts them, and known waivers": Assumptions(exclusions="granted"),
    "every buyer in China has a waiver": Assumptions(exclusions="waived"),
}


def wto_exclusions() -> pd.DataFrame:
    """Share of China's answer to Section 301 that the WTO's table leaves out, by subheading: how the table `wto_exclusions` was made.

    A difference counts only where the WTO has less than our listed rates by up to the whole answer to Section 301, after its missing
    answer to Section 232 is set aside; suspended vehicles are left out. On the days of the WTO's table shares may differ by what it prints; the first
    day counts, where no other layer is laid on.

    Returns
    -------
    One row a subheading: code, share_frac (0 to 1), effective_on (first day of the WTO's table), published_on (day from which it counts
    as known); sorted by code.
    """
    table = catalogue.load("wto_china_rates")
    first = table["on"].min()
    both = _wto_beside_ours(first.date(), table[table["on"].eq(first)], catalogue.edition().evidence_through)
    rows = both[both["cause"].isin([_EXCLUDED, _EXCLUDED_IN_PART])]
    share = ((-rows["difference"] - rows["s232_missing"]) / rows["cn_s301_retaliation"]).clip(0.0, 1.0).round(4)
    published = table["published_on"].iloc[0] if "published_on" in table else table["known_on"].iloc[0]
    return pd.DataFrame(
        {"code": rows.index, "share_frac": share.to_numpy(), "effective_on": first, "published_on": published}
    ).sort_values("code", ignore_index=True)


_EXCLUDED = "the WTO takes the subheading out of the Section 301 answer: an exclusion"
_EXCLUDED_IN_PART = "the WTO takes part of the subheading out of the Section 301 answer: exclusions, or lines it weighs otherwise"
_NO_232 = "the WTO's table has no answer to Section 232: it lacks exactly that duty of 2018"
_OLD_CODES = "codes younger than the lists: the WTO counts the lists on the old code of the line, which has been split"


def _wto_day(on: date, rows: pd.DataFrame, as_of: date) -> pd.DataFrame:
    both = _wto_beside_ours(on, rows, as_of)
    frame = both[["cause", "trade", "difference"]]
    grouped = frame.groupby("cause").agg(
        subheadings=("cause", "size"), share_of_trade=("trade", "sum"), median_difference_frac=("difference", "median")
    )
    grouped.insert(1, "share_of_subheadings", grouped["subheadings"] / len(frame))
    grouped = grouped.sort_values("subheadings", ascending=False).reset_index()
    grouped.insert(0, "on", pd.Timestamp(on))
    return grouped


def _wto_beside_ours(on: date, rows: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Subheadings with our listed rates and the WTO's: difference (WTO less ours), s232_missing (its answer to Section 232), cause, trade.

    Interim rates are no part of the WTO's rates, nor of ours here.
    """
    over, scopes = lines("CN"), membership("CN")
    ours = line_rates(on=on, importer="CN", as_of=as_of)
    ours["total_frac"] += over.general(on) - ours["mfn_frac"]
    both = ours.join(rows.set_index("code")["rate_frac"].rename("wto_frac"), how="inner")
    both = both[both["total_frac"].notna()]
    at = over.index.get_indexer(both.index)
    trade = over.weights["2024"][at]
    difference = both["wto_frac"] - both["total_frac"]
    listed, steel = both["cn_s301_retaliation"], both["cn_s232_retaliation"]
    fentanyl = both.get("cn_fentanyl_retaliation", pd.Series(0.0, index=both.index))
    vehicle = np.max([scopes.share(scope, on=on, partial=True)[at] for scope in _VEHICLES], axis=0) > 0
    in_4a = [scopes.share(scope, on=on, partial=False)[at] for scope in _LIST_4A]
    unfixed = np.max([scopes.share(scope, on=on, partial=True)[at] for scope in _LIST_4A], axis=0) > np.maximum(*in_4a)
    # What is left once the answer to Section 232 is set aside, where that explains the difference in part or whole.
    missing = np.where((steel > 0) & (difference <= _PRINTED - steel), steel, 0.0)
    rest = difference + missing
    cause = np.select(
        [
            difference.abs() <= _PRINTED,
            vehicle,
            (missing > 0) & (rest.abs() <= _PRINTED),
            (rest < -_PRINTED) & both.index.isin(_split_subheadings()),
            (rest < -_PRINTED) & ((rest + listed).abs() <= _PRINTED),
            (rest < -_PRINTED) & (rest + listed > 0),
            ((difference + fentanyl).abs() <= _PRINTED) & (fentanyl > 0),
            (difference > 0) & unfixed,
            (difference > 0) & (difference <= 0.05 + _PRINTED),
        ],
        [
            "agree",
            "vehicles: the WTO counts the lists that China suspended in 2019",
            _NO_232,
            _OLD_CODES,
            _EXCLUDED,
            _EXCLUDED_IN_PART,
            "the WTO leaves the lists of February and March 2025 out",
            "list 4A: the subheading holds more lines than we could fix",
            "the WTO has up to five points more: list 4A lines we do not hold, or a mean over other lines",
        ],
        default="other",
    )  # fmt: skip
    return both.assign(difference=difference, s232_missing=missing, cause=cause, trade=trade / trade.sum())


def _split_subheadings() -> list[str]:
    """Subheadings in which a line that a list of 2018 or 2019 names was split into younger codes."""
    over = lines("CN", digits=8)
    source = chinese_rates.predecessors(over.index, over.index[over.held_in_2019])
    old = [scope for scope, edition in catalogue.load("scopes").set_index("scope")["nomenclature"].items() if edition == "HS 2017"]
    rows = catalogue.load("product_scopes")
    named = set(rows.loc[rows["scope"].isin(old), "code"])
    return sorted({code[:6] for code, before in source.items() if before in named})


def _compare(row: tuple, as_of: date) -> dict:
    on = row.applies_on.date()
    if row.publisher.startswith("Peterson"):
        return _compare_with_piie(row, on, as_of)
    table = weighted("US", on, as_of, "2024", DEFAULT)
    if row.measure == "additional_since_2025_frac":
        base = weighted("US", _BEFORE_2025, as_of, "2024", DEFAULT)
        left_out = _left_out(row, table)
        ours = _additional(table) - _additional(base) - left_out
        span = [_additional(weighted("US", on, as_of, "2024", choice)) - _additional(base) - left_out - ours for choice in _choices()]
        span.append((float(table["additional_frac"]) - float(base["additional_frac"])) * (1 - float(table["matched_frac"])))
        cause = "metal contents, uses, and chapters 98 and 99"
    elif row.family:
        ours = float(table.get(row.family, 0.0) * table["matched_frac"])
        span, cause = _family_span(row.family, table, ours, on, as_of)
    else:
        left_out = _left_out(row, table)
        ours = _over_all_trade(table) - left_out
        every = [_over_all_trade(weighted("US", on, as_of, "2024", choice)) - left_out - ours for choice in _choices()]
        general = -float(table["mfn_frac"] * table["matched_frac"]) * _mfn_not_collected()
        special = float(table["additional_frac"]) * (1 - float(table["matched_frac"]))
        span = [min(every) + general, max(every) + special]
        cause = "exclusions and uses, metal contents, chapters 98 and 99, and a general rate that is not always paid, together"
    return {"ours_frac": ours, "cause": cause, "cause_low_frac": min(0.0, *span), "cause_high_frac": max(0.0, *span)}


def _family_span(family: str, table: Mapping[str, float], ours: float, on: date, as_of: date) -> tuple[list[float], str]:
    """What the treatment of a family's open question could change its contribution by, and its name."""
    if family == "mfn_frac":
        return [
            -ours * _mfn_not_collected(),
            0.0,
        ], "goods that enter without paying the general rate: theirs scales it by use, ours is the schedule's"
    choices = [weighted("US", on, as_of, "2024", choice) for choice in _choices()]
    span = [float(choice.get(family, 0.0) * choice["matched_frac"]) - ours for choice in choices]
    special = float(table.get(family, 0.0)) * (1 - float(table["matched_frac"]))
    causes = {
        "s301_lists": "exclusions described in words: ours leaves them out",
        "s232": "metal contents by line and vehicle parts by use: ours has one share an industry, and no use",
        "s122": "goods exempt in part or by use, and the metal the duty yields to",
    }
    return [*span, special], causes.get(family, "goods of chapters 98 and 99: ours takes none of them")


def _compare_with_piie(row: tuple, on: date, as_of: date) -> dict:
    if row.importer == "CN":
        table = weighted("CN", on, as_of, "2017", DEFAULT)
        ours = float(table["weighted_frac"] if row.measure == "weighted_frac" else table["covered_frac"])
        if row.measure == "covered_frac":
            span = [ours * (float(table["matched_frac"]) - 1)]
            cause = "goods without a held rate, mostly confidential aircraft: ours leaves them out, theirs counts them as not covered"
        else:
            first, excess = _piie_general_rate()
            # What the later figures are measured by explains itself nothing.
            span = [0.0 if row.benchmark_id == first else excess]
            cause = "general rate and weights: theirs was higher by as much on 5 July 2018, before any list"
    else:
        table = weighted("US", on, as_of, "2024", DEFAULT)
        ours = float(table["weighted_frac"] if row.measure == "weighted_frac" else table["covered_frac"])
        span = [weighted("US", on, as_of, "2017", DEFAULT)[row.measure] - ours]
        cause = "weights: theirs are imports of 2017, ours the trade of 2024; with imports of 2017, by subheading, ours moves by as much"
    return {"ours_frac": ours, "cause": cause, "cause_low_frac": min(0.0, *span), "cause_high_frac": max(0.0, *span)}


def _piie_general_rate() -> tuple[str, float]:
    """PIIE's first Chinese average, of 5 July 2018, before any list, and by how much it exceeded ours: general rates and weights."""
    rows = catalogue.load("benchmarks")
    first = rows[rows["publisher"].str.startswith("Peterson") & rows["importer"].eq("CN") & rows["measure"].eq("weighted_frac")]
    first = first.sort_values("on").iloc[0]
    as_of = catalogue.edition().evidence_through
    return first["benchmark_id"], float(first["value_frac"] - weighted("CN", first["on"].date(), as_of, "2017", DEFAULT)["weighted_frac"])


def _mfn_not_collected() -> float:
    """Share of the general rate that was not due in 2024 on lines without any additional duty and with a percentage rate."""
    table = catalogue.load("us_lines")
    rates = line_rates(on=date(2024, 7, 1), importer="US", as_of=catalogue.edition().evidence_through)
    plain = table["mfn_kind"].eq("ad_valorem").to_numpy() & rates["additional_frac"].eq(0).to_numpy()
    due = float((table["mfn_frac"] * table["imports_2024_usd"])[plain].sum())
    return 1.0 - float(table["duty_2024_usd"][plain].sum()) / due


def _choices() -> list[Assumptions]:
    return [
        Assumptions(metal, partial_duties=duties, partial_exemptions=exempt)
        for metal in _METAL_SPAN
        for duties in (False, True)
        for exempt in (False, True)
    ]


def _left_out(row: tuple, table: Mapping[str, float]) -> float:
    """Contribution of a family that the published figure does not count on its day."""
    return float(table.get(row.leaves_out, 0.0) * table["matched_frac"]) if row.leaves_out else 0.0


def _over_all_trade(table: Mapping[str, float]) -> float:
    return table["weighted_frac"] * table["matched_frac"] + unmatched_duty()


def _additional(table: Mapping[str, float]) -> float:
    return float(table["additional_frac"] * table["matched_frac"])
