"""Claims of June 2025, most of them of the news item that this project began with, each held against our own tables."""

import math
from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
from pandas.api.typing import NaTType

from tradelib import catalogue, ledger, minerals, tariffs, trade, truce, wording
from tradelib.doors import LATEST, Day, door, opened

__all__ = ["NEWS_DAY", "check", "written"]

# The day the news item is about: every figure is that of this day, and nothing is checked before it.
NEWS_DAY = date(2025, 6, 9)
_MAY = pd.Timestamp("2025-05-01")
_LONDON, _GENEVA, _CALL = "EV20250609b", "EV20250512a", "EV20250605a"
_RARE_EARTH_CONTROL = "X06"


@door
def check(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Claims of the news item and of other reports of those days, with what official sources say of each and what our tables hold.

    Parameters
    ----------
    as_of
        day of knowledge; before 9 June 2025 there is nothing to check.

    Returns
    -------
    DataFrame
        One row a claim, in its order: claim_id, claim, in_news_item (else other reports make it), figure (its name; empty where it is of
        none), claimed_value and ours_value (a fraction; of `truce_days` days), claimed_on and ours_on (of a figure that is a day),
        claimed_text and ours_text (of any other), claimed and ours (the same in words; ours is empty where no table of ours holds the
        figure), agrees (`yes`, `no`, or `not held`), official (what official sources say), verdict
        (`confirmed`, `in part`, `announced` or `contradicted`), source, url, known_on. Figures are those first published, as known on 9
        June 2025; who met in London, as known on `as_of`.
    """
    as_of = opened(as_of)
    if as_of < NEWS_DAY:
        return pd.DataFrame(columns=_COLUMNS).astype({"known_on": "datetime64[us]"})
    rows = ledger.newest_versions(catalogue.load("claims", as_of=as_of), key=["claim_id"], by="published_on")
    held = _figures(as_of)
    rows = rows.assign(ours=[held.get(figure) or "" for figure in rows["figure"]])
    for who in ("claimed", "ours"):
        parts = [_parts(figure, text) for figure, text in zip(rows["figure"], rows[who], strict=True)]
        rows[[f"{who}_value", f"{who}_on", f"{who}_text"]] = pd.DataFrame(parts, index=rows.index).astype(_PARTS)
        rows[who] = [written(row, who) for row in rows.itertuples()]
    same = rows["claimed"].eq(rows["ours"]).map({True: "yes", False: "no"})
    rows["agrees"] = same.where(rows["ours"].ne(""), "not held")
    return rows[_COLUMNS].sort_values("claim_id").reset_index(drop=True)


def written(row: Any, who: str) -> str:
    """What is `claimed`, or `ours`, in words: of a row of `check`, from its number, day or text."""
    value, day, text = (getattr(row, f"{who}_{part}") for part in ("value", "on", "text"))
    if pd.notna(day):
        return wording.day(day)
    return text if pd.isna(value) else _WRITERS.get(row.figure, wording.percent)(value)


def _parts(figure: str, text: str) -> tuple[float, pd.Timestamp | NaTType, str]:
    """Number, day and text of a figure in the table's own form."""
    if not text or figure in _NAMES:
        return math.nan, pd.NaT, text
    return (math.nan, pd.Timestamp(text), "") if figure.endswith("_on") else (float(text), pd.NaT, "")


def _figures(as_of: date) -> dict[str, str | None]:
    """What our tables hold for each figure, as text of the table's own form; None where nothing is held."""
    us, cn = tariffs.headlines(on=NEWS_DAY, as_of=NEWS_DAY)
    peaks = tariffs.peaks(tariffs.headline_paths(as_of=NEWS_DAY))
    accused = truce.accusations(as_of=NEWS_DAY, only_newest=True).set_index("actor")["published_on"]
    events = truce.events(as_of=as_of)
    london, geneva_talks, call = (_row(events, "event_id", event) for event in (_LONDON, _GENEVA, _CALL))
    geneva = truce.phases(as_of=NEWS_DAY).iloc[0]
    control = _row(truce.measures(as_of=NEWS_DAY), "item_id", _RARE_EARTH_CONTROL)
    customs = trade.china_headlines(as_of=NEWS_DAY)
    return {
        "london_on": _iso(london["starts_on"]),
        "london_us": ", ".join(_named(london, "US")),
        "london_cn": _named(london, "CN")[0],
        "geneva_on": _iso(geneva_talks["starts_on"]),
        "us_rate": f"{us.rate_frac}",
        "cn_rate": f"{cn.rate_frac}",
        "us_peak": f"{peaks['US']['rate_frac']}",
        "cn_peak": f"{peaks['CN']['rate_frac']}",
        "truce_days": f"{(geneva['ends_on'] - geneva['starts_on']).days}",
        "us_accused_on": _iso(accused["US"]),
        "cn_accused_on": _iso(accused["CN"]),
        "rare_earth_share": _rare_earth_share(),
        "exports": _growth(customs, "exports"),
        "imports": _growth(customs, "imports"),
        "exports_to_us": _growth(customs, "exports_to_us"),
        "call_on": _iso(call["starts_on"]),
        "rare_earth_control_on": _iso(control["since"]) if control["state"] == "in force" else None,
    }


def _row(table: pd.DataFrame, column: str, value: str) -> pd.Series:
    """The row that a value of a column names."""
    return table[table[column].eq(value)].iloc[0]


def _named(event: pd.Series, side: str) -> list[str]:
    return [name for name, of, _ in truce.delegates(event) if of == side]


def _rare_earth_share() -> str | None:
    rows = minerals.mine_production(as_of=NEWS_DAY, year="2024").set_index("country")["share_frac"]
    return f"{rows['China']}" if "China" in rows else None


def _growth(customs: pd.DataFrame, figure: str) -> str | None:
    rows = customs[customs["figure"].eq(figure) & customs["period"].eq(_MAY)]
    return f"{rows['value'].iloc[0]}" if len(rows) else None


def _iso(day: pd.Timestamp) -> str:
    return f"{day:%Y-%m-%d}"


def _growth_words(value: float) -> str:
    return wording.percent(value, signed=True)


# Figures that are names, as are all that no table of ours measures.
_NAMES = ("london_us", "london_cn", "")
# How a figure is written that is no share with a decimal.
_WRITERS: dict[str, Callable[[float], str]] = {
    "truce_days": lambda days: wording.count(int(days), "day"),
    "rare_earth_share": lambda share: wording.percent(share, digits=0),
    "exports": _growth_words,
    "imports": _growth_words,
    "exports_to_us": _growth_words,
}
_PARTS = {0: "float64", 1: "datetime64[us]", 2: "str"}
_COLUMNS = [
    "claim_id", "claim", "in_news_item", "figure", "claimed_value", "ours_value", "claimed_on", "ours_on", "claimed_text", "ours_text",
    "claimed", "ours", "agrees", "official", "verdict", "source", "url", "known_on",
]  # fmt: skip
