"""Claims of June 2025, most of them of the news item that this project began with, each held against our own tables."""

from collections.abc import Callable
from datetime import date

import pandas as pd

from tradelib import catalogue, ledger, minerals, tariffs, trade, truce, wording
from tradelib.doors import LATEST, Day, door

__all__ = ["NEWS_DAY", "check"]

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
        One row a claim, in its order: claim_id, claim, in_news_item (else other reports make it), claimed and ours (words; ours is empty
        where no table of ours holds the figure), agrees (`yes`, `no`, or `not held`), official (what official sources say), verdict
        (`confirmed`, `in part`, `announced` or `contradicted`), source, url, known_on. Figures are those first published, as known on 9
        June 2025; who met in London, as known on `as_of`.
    """
    if as_of < NEWS_DAY:
        return pd.DataFrame(columns=_COLUMNS).astype({"known_on": "datetime64[us]"})
    rows = ledger.newest_versions(catalogue.load("claims", as_of=as_of), key=["claim_id"], by="published_on")
    figures = _figures(as_of)
    claimed, ours, agrees = [], [], []
    for row in rows.itertuples():
        held, write = figures[row.figure] if row.figure else (None, str)
        claimed.append(write(row.claimed))
        ours.append("" if held is None else write(held))
        agrees.append("not held" if held is None else "yes" if ours[-1] == claimed[-1] else "no")
    rows = rows.assign(claimed=claimed, ours=ours, agrees=agrees)
    return rows[_COLUMNS].sort_values("claim_id").reset_index(drop=True)


def _figures(as_of: date) -> dict[str, tuple[str | None, Callable[[str], str]]]:
    """What our tables hold for each figure, as text of the table's own form, and how it is written; None where nothing is held."""
    us, cn = tariffs.headlines(on=NEWS_DAY, as_of=NEWS_DAY)
    peaks = tariffs.peaks(tariffs.headline_paths(as_of=NEWS_DAY))
    accused = truce.accusations(as_of=NEWS_DAY, only_newest=True).set_index("actor")["published_on"]
    events = truce.events(as_of=as_of).set_index("event_id")
    geneva = truce.phases(as_of=NEWS_DAY).iloc[0]
    control = truce.measures(as_of=NEWS_DAY).set_index("item_id").loc[_RARE_EARTH_CONTROL]
    customs = trade.china_headlines(as_of=NEWS_DAY)
    return {
        "london_on": (_iso(events.loc[_LONDON, "starts_on"]), _written_day),
        "london_us": (", ".join(_named(events.loc[_LONDON], "US")), str),
        "london_cn": (_named(events.loc[_LONDON], "CN")[0], str),
        "geneva_on": (_iso(events.loc[_GENEVA, "starts_on"]), _written_day),
        "us_rate": (f"{us.rate_frac}", _written_share),
        "cn_rate": (f"{cn.rate_frac}", _written_share),
        "us_peak": (f"{peaks['US']['rate_frac']}", _written_share),
        "cn_peak": (f"{peaks['CN']['rate_frac']}", _written_share),
        "truce_days": (f"{(geneva['ends_on'] - geneva['starts_on']).days}", lambda days: wording.count(int(days), "day")),
        "us_accused_on": (_iso(accused["US"]), _written_day),
        "cn_accused_on": (_iso(accused["CN"]), _written_day),
        "rare_earth_share": (_rare_earth_share(), lambda share: wording.percent(float(share), digits=0)),
        "exports": (_growth(customs, "exports"), _written_growth),
        "imports": (_growth(customs, "imports"), _written_growth),
        "exports_to_us": (_growth(customs, "exports_to_us"), _written_growth),
        "call_on": (_iso(events.loc[_CALL, "starts_on"]), _written_day),
        "rare_earth_control_on": (_iso(control["since"]) if control["state"] == "in force" else None, _written_day),
    }


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


def _written_day(text: str) -> str:
    return wording.day(date.fromisoformat(text))


def _written_share(text: str) -> str:
    return wording.percent(float(text))


def _written_growth(text: str) -> str:
    return wording.percent(float(text), signed=True)


_COLUMNS = ["claim_id", "claim", "in_news_item", "claimed", "ours", "agrees", "official", "verdict", "source", "url", "known_on"]
