"""What a priced list comes to: rows by answer, duties, and the shares of the families; the sums of two governments stand apart."""

import math
from typing import TypedDict

import numpy as np
import pandas as pd

from tradelib.tariffs.law import IMPORTERS
from tradelib.tariffs.list_sums import SUM
from tradelib.tariffs.pricing import ANSWERED, ANSWERS, BLANK, NOT_ANSWERED, RANGE, Priced

_MOST_REASONS = 10


class Family(TypedDict):
    """What a family of duties comes to; see `summary`."""

    family: str
    duty_usd: float | None
    share_frac: float | None
    rate_frac: float | None
    rows: int


class Figures(TypedDict):
    """The figures of some rows; see `summary`."""

    rows: int
    answered: int
    range: int
    not_answered: int
    blank: int
    repaired: int
    looks_like_total: int
    value_usd: float | None
    value_answered_usd: float | None
    value_range_usd: float | None
    value_not_answered_usd: float | None
    value_unread: int
    duty_usd: float | None
    duty_low_usd: float | None
    duty_high_usd: float | None
    range_open: int
    rate_frac: float | None
    mean_frac: float | None
    families: list[Family]


class OfImporter(Figures):
    """The figures of one importer."""

    importer: str


class Reason(TypedDict):
    """Why rows are not answered, and how many."""

    reason: str
    rows: int


class Summary(Figures):
    """The figures of a list, and those of each importer."""

    importers: list[OfImporter]
    reasons: list[Reason]


def summary(priced: Priced) -> Summary:
    """A priced list in figures.

    Returns
    -------
    Summary
        rows, and how many of them are answered, range, not_answered, blank, repaired, looks_like_total; value_usd of all rows, and of these
        three; value_unread (rows with a value that cannot be read); duty_usd of the rows that are answered, duty_low_usd and duty_high_usd
        with those that have a range (duty_high_usd None where one of these has no upper end, such as an amount a unit); range_open, how
        many these are; rate_frac, duty_usd as a share of the value answered; mean_frac, the plain mean of the answered rows; families:
        family, duty_usd, share_frac (of the duty), rate_frac (of the value answered), rows; importers: the same of the rows of each
        importer, and of those that name none (an empty text), without reasons; reasons: reason and rows, the most frequent first. None
        where there is nothing to tell: duties of two importers are never summed, so that all sums of a list with rows of both are in
        `importers` alone.
    """
    side, blank = priced.column("read_importer").astype("str").to_numpy(), priced.column("answer").eq(BLANK).to_numpy()
    whole = _figures(priced, np.ones(len(side), dtype=bool))
    goods = ~blank & ~_looks_like_total(priced.column("note")).to_numpy()
    named = [name for name in IMPORTERS if (side[goods] == name).any()]
    importers: list[OfImporter] = [{"importer": name, **_figures(priced, goods & (side == name))} for name in (*named, "")]
    if len(named) > 1:
        whole = _without_sums(whole)
    return {**whole, "importers": [item for item in importers if item["rows"]], "reasons": _reasons(priced)}


def _without_sums(figures: Figures) -> Figures:
    """The figures of rows of several importers: nothing is summed."""
    return {
        **figures,
        "value_usd": None,
        "value_answered_usd": None,
        "value_range_usd": None,
        "value_not_answered_usd": None,
        "duty_usd": None,
        "duty_low_usd": None,
        "duty_high_usd": None,
        "rate_frac": None,
        "mean_frac": None,
        "families": [],
    }


def _figures(priced: Priced, chosen: np.ndarray) -> Figures:
    """The figures of some rows."""

    def column(name: str) -> pd.Series:
        return priced.column(name)[chosen]

    answer, values, total = column("answer"), column("read_value_usd").to_numpy(), column("total_frac")
    has_value = bool((~np.isnan(values)).any())
    rows = {name: int(answer.eq(name).sum()) for name in ANSWERS}
    money = {name: _sum(values[answer.eq(name)]) for name in ANSWERS}
    duty, answered = column("duty_usd"), money[ANSWERED]
    low, high = column("duty_low_usd").fillna(duty), column("duty_high_usd")
    is_open = answer.isin([ANSWERED, RANGE]) & column("total_high_frac").isna()
    is_endless = bool((is_open & ~np.isnan(values)).any())
    mean = total.mean()
    rates = {name: column(f"{name}_frac").to_numpy() for name in ("mfn", *priced.families)}
    return {
        "rows": len(answer),
        "answered": rows[ANSWERED],
        "range": rows[RANGE],
        "not_answered": rows[NOT_ANSWERED],
        "blank": rows[BLANK],
        "repaired": int(column("repairs").ne("").sum()),
        "looks_like_total": int(_looks_like_total(column("note")).sum()),
        "value_usd": _sum(values) if has_value else None,
        "value_answered_usd": answered if has_value else None,
        "value_range_usd": money[RANGE] if has_value else None,
        "value_not_answered_usd": money[NOT_ANSWERED] if has_value else None,
        "value_unread": int((column("note").astype("str").str.contains("the value '", regex=False) & np.isnan(values)).sum()),
        "duty_usd": _sum(duty) if has_value else None,
        "duty_low_usd": _sum(low) if has_value else None,
        "duty_high_usd": _sum(high) if has_value and not is_endless else None,
        "range_open": int(is_open.sum()),
        "rate_frac": _sum(duty) / answered if answered else None,
        "mean_frac": None if math.isnan(mean) else float(mean),
        "families": _families(rates, values, total.notna().to_numpy()),
    }


def _looks_like_total(notes: pd.Series) -> pd.Series:
    return notes.astype("str").str.startswith(SUM)


def _families(parts: dict[str, np.ndarray], values: np.ndarray, total: np.ndarray) -> list[Family]:
    found: list[Family] = []
    answered = _sum(values[total])
    duty = sum(_sum((rates * values)[total]) for rates in parts.values())
    for family, rates in parts.items():
        rows = int((rates[total] > 0).sum())
        if not rows:
            continue
        part = _sum((rates * values)[total])
        found.append(
            {
                "family": family,
                "duty_usd": part if answered else None,
                "share_frac": part / duty if duty else None,
                "rate_frac": part / answered if answered else None,
                "rows": rows,
            }
        )
    return found


def _reasons(priced: Priced) -> list[Reason]:
    """Why rows are not answered; what one row alone has is told with its kind."""
    notes = priced.column("note")[priced.column("answer").eq(NOT_ANSWERED)].astype("str")
    counted = notes.value_counts()
    return [{"reason": str(reason), "rows": int(count)} for reason, count in counted.head(_MOST_REASONS).items()]


def _sum(values: object) -> float:
    return round(float(np.nansum(np.asarray(values, dtype=float))), 2)


def nothing_answered(priced: Priced) -> bool:
    """Whether not a single row has an answer or a range."""
    return not priced.column("answer").isin([ANSWERED, RANGE]).any()
