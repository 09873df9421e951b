"""Our figures beside those others have published, with the causes of each difference and what each comes to."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from tradelib import catalogue, strings
from tradelib.doors import LATEST, Day, door, opened
from tradelib.kept import kept
from tradelib.rows import each
from tradelib.tariffs import chinese_rates
from tradelib.tariffs.causes import Figure, effects
from tradelib.tariffs.collection import collected, unmatched_duty
from tradelib.tariffs.granted import GRANTED, counted
from tradelib.tariffs.membership import membership
from tradelib.tariffs.protection import averages, weighted
from tradelib.tariffs.rates import line_rates
from tradelib.tariffs.stacking import DEFAULT, Assumptions
from tradelib.tariffs.tariff_lines import WEIGHTS, lines
from tradelib.tariffs.weights import DEFAULT_WEIGHTS

# A difference of less needs no cause: half a percentage point.
CLOSE = 0.005
# The WTO prints rates to a hundredth of a percentage point.
_PRINTED = 0.00011
_BEFORE_2025 = date(2025, 1, 19)
_VEHICLES = ("cn301_auto1", "cn301_auto2", "cn301_auto3")
_WTO = ["on", "cause", "subheadings", "subheadings_frac", "trade_frac", "median_difference_frac", "known_on"]
_CAUSES = [
    "benchmark_id", "publisher", "importer", "applies_on", "verdict", "known_on", "cause", "effect_frac", "nearer_law", "size_from",
    "source", "url",
]  # fmt: skip
_LIST_4A = ("cn301_l4a_10", "cn301_l4a_5")


@door
@kept(maxsize=64)
def comparisons(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Published averages, contributions and shares beside ours, for what was public on a day.

    Parameters
    ----------
    as_of
        day of knowledge: only figures public by then. Ours are computed from the law as their publisher knew it, for the day of entry that
        theirs describe (`applies_on`), where it dates them otherwise.

    Returns
    -------
    DataFrame
        One row a published figure: benchmark_id, publisher, importer, measure, family, on (the day their publisher gives it), applies_on
        (the day of entry it describes), law_known_on (the law it rests on), theirs_frac, ours_frac, difference_frac (ours less theirs),
        cause (the causes of it, the largest first, separated by `; `), cause_low_frac and cause_high_frac (the sums of those that lower and
        that raise theirs), remainder_frac (theirs less ours, less all causes), verdict (`close`, within half a percentage point;
        `explained`, the remainder is; `open`), method, source, url, known_on.
    """
    rows = catalogue.load("benchmarks", as_of=as_of)
    rows = rows[rows["measure"].ne("collected_frac")].reset_index(drop=True)
    figures = list(each(rows, Figure))
    known = [min(opened(as_of), figure.law_known_on.date()) for figure in figures]
    table = rows.rename(columns={"value_frac": "theirs_frac"})
    left_out = [str(family) for family in rows["leaves_out"]]
    table["ours_frac"] = [_ours(figure, family, day) for figure, family, day in zip(figures, left_out, known, strict=True)]
    table["difference_frac"] = table["ours_frac"] - table["theirs_frac"]
    found = [effects(figure, on=figure.applies_on.date(), as_of=day) for figure, day in zip(figures, known, strict=True)]
    table["cause"] = ["; ".join(frame["cause"]) for frame in found]
    table["cause_low_frac"] = [float(frame["effect_frac"].clip(upper=0).sum()) for frame in found]
    table["cause_high_frac"] = [float(frame["effect_frac"].clip(lower=0).sum()) for frame in found]
    table["remainder_frac"] = -table["difference_frac"] - table["cause_low_frac"] - table["cause_high_frac"]
    near = [table["difference_frac"].abs() <= CLOSE, table["cause"].ne("") & (table["remainder_frac"].abs() <= CLOSE)]
    table["verdict"] = np.select(near, ["close", "explained"], default="open")
    columns = [
        "benchmark_id", "publisher", "importer", "measure", "family", "on", "applies_on", "law_known_on", "theirs_frac", "ours_frac",
        "difference_frac", "cause", "cause_low_frac", "cause_high_frac", "remainder_frac", "verdict", "method", "source", "url", "known_on",
    ]  # fmt: skip
    return table[columns].sort_values(["importer", "publisher", "measure", "family", "on"], ascending=[False, True, True, True, True])


@door
def causes(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Causes of the differences between published figures and ours, for what was public on a day.

    Returns
    -------
    DataFrame
        One row a (published figure, cause), in the order of `comparisons`, the largest cause of a figure first: benchmark_id, publisher,
        importer, applies_on, verdict, cause, effect_frac (theirs less ours), nearer_law (`ours`, `theirs` or `neither`), size_from (in
        words: our lines, the publisher's calculator, or a part that it publishes), source, url, known_on (of the figure).
    """
    table = comparisons(as_of=as_of)
    facts = ["benchmark_id", "publisher", "importer", "applies_on", "verdict", "known_on"]
    found = [
        effects(figure, on=figure.applies_on.date(), as_of=min(opened(as_of), figure.law_known_on.date())) for figure in each(table, Figure)
    ]
    if not found:
        return pd.DataFrame(columns=_CAUSES).astype(dict.fromkeys(("applies_on", "known_on"), "datetime64[us]"))
    return table[facts].merge(pd.concat(found), on="benchmark_id")


@door
def collected_check(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Collected rates as another publisher tabulated them from Census, beside ours.

    Returns
    -------
    DataFrame
        One row a month: period, theirs_frac, ours_frac, difference_frac (ours less theirs), source, url, known_on.
    """
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
    as_of
        day of knowledge; the WTO's table as we read it counts from June 2026 on.

    Returns
    -------
    DataFrame
        One row a (day, cause): on, cause (`agree`, or the cause of the difference), subheadings, subheadings_frac, trade_frac (US
        exports of 2024 among subheadings with a held most-favoured-nation rate), median_difference_frac (WTO less ours), source, url,
        known_on.

    Notes
    -----
    Not all of it is independent: a tenth of our most-favoured-nation rates and the codes of list 4A were derived from WTO rates of
    1 January 2025 (see the column mfn_evidence of cn_lines, and the scopes table).
    """
    table = catalogue.load("wto_china_rates", as_of=as_of)
    days = [_wto_day(rows, opened(as_of)).assign(known_on=rows["known_on"].max()) for _, rows in table.groupby("on")]
    result = pd.concat(days, ignore_index=True) if days else pd.DataFrame(columns=_WTO).astype({"known_on": "datetime64[us]"})
    return result.assign(source="WTO, Tariff and Trade Data: China's applied rates on the United States", url="https://ttd.wto.org/")


@door
def sensitivity(*, on: Day, as_of: Day = LATEST) -> pd.DataFrame:
    """Weighted average of both sides under each choice that the law, or the data, leaves open.

    Returns
    -------
    DataFrame
        One row a choice: importer, choice, weighted_frac, change_frac (from the default, the first row of each importer). Shares of metal
        are those of US duties, and stand with no change where no duty falls on metal alone; exclusions and waivers are China's, and stand
        where they change anything. The last two rows of an importer are the ends of `averages`: all that is open at once.
    """
    rows = []
    taken_off = f"China's {counted(on=on, as_of=as_of)}"
    for importer in ("US", "CN"):
        cases = [(words, "2024", choice) for words, choice in _CHOICES.items()]
        cases += [(f"weights of {year}", year, DEFAULT) for year in WEIGHTS[importer] if year != DEFAULT_WEIGHTS]
        base = None
        for words, year, choice in cases:
            row = weighted(importer, opened(on), opened(as_of), year, choice)
            base = row["weighted_frac"] if base is None else base
            change = row["weighted_frac"] - base
            if choice.exclusions != DEFAULT.exclusions and (importer == "US" or not change):
                continue
            if choice.metal_content_frac is not None and importer == "CN":
                continue
            rows.append((importer, taken_off if choice.exclusions == GRANTED else words, row["weighted_frac"], change))
        ends = averages(importer=importer, as_of=as_of, on=[on]).iloc[0]
        rows += [(importer, words, ends[name], ends[name] - base) for name, words in _ENDS.items()]
    return pd.DataFrame(rows, columns=["importer", "choice", "weighted_frac", "change_frac"])


_ENDS = {"lowest_frac": "all that is open counts lowest", "highest_frac": "all that is open counts highest"}
_CHOICES = {
    "default": DEFAULT,
    "metal at the low end of its estimate": Assumptions("low"),
    "metal at the high end of its estimate": Assumptions("high"),
    "half of the value is metal, outside the metal chapters": Assumptions(0.5, metal_chapters_frac=1.0),
    "all of the value is metal": Assumptions(1.0),
    "goods covered in part count as covered": Assumptions(partial_duties=True),
    "goods exempt in part count as exempt": Assumptions(partial_exemptions=True),
    "both": Assumptions(partial_duties=True, partial_exemptions=True),
    "what is known to be granted": Assumptions(exclusions=GRANTED),
    "every buyer in China has a waiver": Assumptions(exclusions="waived"),
}


@strings.alike
def wto_exclusions() -> pd.DataFrame:
    """Share of China's answer to Section 301 that the WTO's table leaves out, by subheading: how the table `wto_exclusions` was made.

    A difference counts only where the WTO has less than our listed rates by up to the whole answer to Section 301, after its missing
    answer to Section 232 is set aside; suspended vehicles are left out. On the days of the WTO's table shares may differ by what it
    prints; the first day counts, where no other layer is laid on.

    Returns
    -------
    DataFrame
        One row a subheading: code, share_frac (0 to 1), effective_on (first day of the WTO's table), published_on (day from which it counts
        as known); sorted by code.
    """
    table = catalogue.load("wto_china_rates")
    first = table["on"].min()
    both = _wto_beside_ours(table[table["on"].eq(first)], catalogue.edition().evidence_through)
    rows = both[both["cause"].isin([_EXCLUDED, _EXCLUDED_IN_PART])]
    share = ((-rows["difference"] - rows["s232_missing"]) / rows["cn_s301_retaliation"]).clip(0.0, 1.0).round(4)
    known = table.loc[table["on"].eq(first), "published_on"].max()
    return pd.DataFrame({"code": rows.index, "share_frac": share.to_numpy(), "effective_on": first, "published_on": known})


_EXCLUDED = "the WTO takes the subheading out of the Section 301 answer: an exclusion"
_EXCLUDED_IN_PART = "the WTO takes part of the subheading out of the Section 301 answer: exclusions, or lines it weighs otherwise"
_NO_232 = "the WTO's table has no answer to Section 232: it lacks exactly that duty of 2018"
_OLD_CODES = "codes younger than the lists: the WTO counts the lists on the old code of the line, which has been split"


def _wto_day(rows: pd.DataFrame, as_of: date) -> pd.DataFrame:
    both = _wto_beside_ours(rows, as_of)
    frame = both[["cause", "trade", "difference"]]
    grouped = frame.groupby("cause").agg(
        subheadings=("cause", "size"), trade_frac=("trade", "sum"), median_difference_frac=("difference", "median")
    )
    grouped.insert(1, "subheadings_frac", grouped["subheadings"] / len(frame))
    grouped = grouped.sort_values("subheadings", ascending=False).reset_index()
    grouped.insert(0, "on", rows["on"].max())
    return grouped


def _wto_beside_ours(rows: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Subheadings of one day with our listed rates and the WTO's.

    Columns: difference (WTO less ours), s232_missing (its answer to Section 232), cause, trade. Interim rates are no part of the
    WTO's rates, nor of ours here.
    """
    over, scopes = lines("CN"), membership("CN")
    on = rows["on"].max().date()
    ours = line_rates(on=on, importer="CN", as_of=as_of)
    ours["total_frac"] += over.general(on) - ours["mfn_frac"]
    both = ours.join(rows.set_index("code")["rate_frac"].rename("wto_frac"), how="inner")
    both = both[both["total_frac"].notna()]
    at = over.index.get_indexer(both.index)
    trade = over.weights["2024"][at]
    difference = both["wto_frac"] - both["total_frac"]
    listed, steel = both["cn_s301_retaliation"], both["cn_s232_retaliation"]
    fentanyl = both.get("cn_fentanyl_retaliation", 0.0)
    vehicle = np.max([scopes.share(scope, on=on, partial=True)[at] for scope in _VEHICLES], axis=0) > 0
    in_4a = [scopes.share(scope, on=on, partial=False)[at] for scope in _LIST_4A]
    unfixed = np.max([scopes.share(scope, on=on, partial=True)[at] for scope in _LIST_4A], axis=0) > np.maximum(*in_4a)
    # What is left once the answer to Section 232 is set aside, where that explains the difference in part or whole.
    missing = np.where(difference <= _PRINTED - steel, steel, 0.0)
    rest = difference + missing
    fewer = rest < 0  # what lies within the print stands before
    cause = np.select(
        [
            difference.abs() <= _PRINTED,
            vehicle,
            rest.abs() <= _PRINTED,
            fewer & both.index.isin(_split_subheadings()),
            fewer & ((rest + listed).abs() <= _PRINTED),
            fewer & (rest + listed > 0),
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
            "list 4A: we could not identify all tariff lines of the subheading",
            "the WTO has up to five points more: list 4A lines that our data lack, or a mean over other lines",
        ],
        default="other",
    )  # fmt: skip
    return both.assign(difference=difference, s232_missing=missing, cause=cause, trade=trade / trade.sum())


@kept()
def _split_subheadings() -> set[str]:
    """Subheadings in which a line that a list of 2018 or 2019 names was split into younger codes."""
    over = lines("CN", digits=8)
    source = chinese_rates.predecessors(over.index, over.index[over.held_in_2019])
    old = [scope for scope, edition in catalogue.load("scopes").set_index("scope")["nomenclature"].items() if edition == "HS 2017"]
    rows = catalogue.load("product_scopes")
    named = set(rows.loc[rows["scope"].isin(old), "code"])
    return {str(code)[:6] for code, before in source.items() if before in named}


def _ours(row: Figure, leaves_out: str, as_of: date) -> float:
    """Our figure for what a published one measures, without the family that it leaves out on its day, if any."""
    on = row.applies_on.date()
    if row.publisher.startswith("Peterson"):
        return weighted(row.importer, on, as_of, "2017" if row.importer == "CN" else DEFAULT_WEIGHTS, DEFAULT)[row.measure]
    table = weighted(row.importer, on, as_of, DEFAULT_WEIGHTS, DEFAULT)
    if row.measure == "additional_since_2025_frac":
        base = weighted(row.importer, _BEFORE_2025, as_of, DEFAULT_WEIGHTS, DEFAULT)
        return _additional(table) - _additional(base) - _left_out(leaves_out, table)
    if row.family:
        return float(table.get(row.family, 0.0) * table["matched_frac"])
    # What was due on lines without a held rate is known of the United States alone.
    whole = _over_all_trade(table) if row.importer == "US" else table["weighted_frac"]
    return whole - _left_out(leaves_out, table)


def _left_out(family: str, table: Mapping[str, float]) -> float:
    """Contribution of the family that the published figure does not count on its day; 0 where it counts all."""
    return float(table.get(family, 0.0) * table["matched_frac"])


def _over_all_trade(table: Mapping[str, float]) -> float:
    return table["weighted_frac"] * table["matched_frac"] + unmatched_duty()


def _additional(table: Mapping[str, float]) -> float:
    return float(table["additional_frac"] * table["matched_frac"])
