"""What a priced list comes to: rows by answer, duties, and the shares of the families."""

import math

import numpy as np
import pandas as pd

from tradelib.tariffs.pricing import ANSWERED, ANSWERS, BLANK, NOT_ANSWERED, RANGE, Priced

_MOST_REASONS = 10


def summary(priced: Priced) -> dict[str, object]:
    """A priced list in figures.

    Returns
    -------
    rows, and how many of them are answered, range, not_answered, blank, repaired; value_usd of all rows, and of these three;
    value_unread (rows with a value that cannot be read); duty_usd of the rows that are answered, duty_low_usd and duty_high_usd with
    those that have a range; rate_frac, duty_usd as a share of the value answered; mean_frac, the plain mean of the answered rows; families:
    family, duty_usd, share_frac (of the duty), rate_frac (of the value answered), rows; reasons: reason and rows, the most frequent
    first. None where there is nothing to tell.
    """
    answer, values = priced.column("answer"), priced.column("read_value_usd").to_numpy()
    rows = {name.replace(" ", "_"): int(answer.eq(name).sum()) for name in ANSWERS}
    has_value = bool((~np.isnan(values)).any())
    money = {f"value_{name.replace(' ', '_')}_usd": _sum(values[answer.eq(name)]) for name in (ANSWERED, RANGE, NOT_ANSWERED)}
    duty = _sum(priced.column("duty_usd"))
    answered = money["value_answered_usd"]
    mean = priced.column("total_frac").mean()
    return {
        "rows": len(answer),
        **rows,
        "repaired": int(priced.column("repairs").ne("").sum()),
        "value_usd": _sum(values) if has_value else None,
        **{name: value if has_value else None for name, value in money.items()},
        "value_unread": int(_unread(priced).sum()),
        "duty_usd": duty if has_value else None,
        "duty_low_usd": _sum(priced.column("duty_low_usd")) if has_value else None,
        "duty_high_usd": _sum(priced.column("duty_high_usd")) if has_value else None,
        "rate_frac": duty / answered if answered else None,
        "mean_frac": None if math.isnan(mean) else float(mean),
        "families": _families(priced, values, duty, answered),
        "reasons": _reasons(priced),
    }


def _unread(priced: Priced) -> pd.Series:
    return priced.column("note").astype("str").str.contains("the value '", regex=False) & priced.column("read_value_usd").isna()


def _families(priced: Priced, values: np.ndarray, duty: float, answered: float) -> list[dict[str, object]]:
    total = priced.column("total_frac").notna().to_numpy()
    found = []
    for family in ("mfn", *priced.families):
        rates = priced.column(f"{family}_frac").to_numpy()
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


def _reasons(priced: Priced) -> list[dict[str, object]]:
    """Why rows are not answered; what one row alone has is told with its kind."""
    notes = priced.column("note")[priced.column("answer").eq(NOT_ANSWERED)].astype("str")
    counted = notes.value_counts()
    return [{"reason": reason, "rows": int(count)} for reason, count in counted.head(_MOST_REASONS).items()]


def _sum(values: object) -> float:
    return round(float(np.nansum(np.asarray(values, dtype=float))), 2)


def nothing_answered(priced: Priced) -> bool:
    """Whether not a single row has an answer or a range."""
    return not priced.column("answer").isin([ANSWERED, RANGE]).any()


def blank_rows(priced: Priced) -> int:
    """Rows of which every cell is empty."""
    return int(priced.column("answer").eq(BLANK).sum())
