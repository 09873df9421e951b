"""Rare earths: who mines them and holds reserves, how concentrated that is, and what the United States imports; as known on a day."""

from dataclasses import dataclass, fields
from datetime import date

import pandas as pd

from tradelib import catalogue
from tradelib.doors import LATEST, Day, door
from tradelib.errors import ParameterError
from tradelib.shown import Shown
from tradelib.wording import nearest

__all__ = [
    "OTHER",
    "WORLD",
    "Concentration",
    "MiningShare",
    "chosen_year",
    "concentration",
    "control_marks",
    "first_month_shown",
    "mine_production",
    "mining_share",
    "reserves",
    "us_import_sources",
    "us_reliance",
    "years",
]

WORLD, OTHER = "World", "Other"
_MONTHS_SHOWN = 18


@door
def mine_production(*, as_of: Day = LATEST, year: str | None = None) -> pd.DataFrame:
    """Mine production of rare earths by country, with shares of the world total.

    Parameters
    ----------
    as_of
        day of knowledge.
    year
        such as `"2024"`; when not given, the newest year for which USGS itself had printed China and the world by then.

    Returns
    -------
    DataFrame
        One row a country, the largest first and `Other` last: country, period, production_tonnes (rare-earth-oxide equivalent), share_frac
        (of the world total as printed), world_tonnes, published_on, source, url, known_on, confidence. Empty where nothing had been
        printed.
    """
    rows = catalogue.load("rare_earths", as_of=as_of)
    rows = rows[rows["quantity"].eq("mine_production") & rows["is_official"]]
    world = rows[rows["country"].eq(WORLD)].set_index("period")["value"]
    years = sorted(set(rows.loc[rows["country"].eq("China"), "period"]) & set(world.index))
    chosen = year if year is not None else (years[-1] if years else None)
    rows = rows[rows["period"].eq(chosen or "") & rows["country"].ne(WORLD)]
    rows = rows.rename(columns={"value": "production_tonnes"})
    rows["world_tonnes"] = world.get(chosen or "")
    rows["share_frac"] = rows["production_tonnes"] / rows["world_tonnes"]
    columns = [
        "country", "period", "production_tonnes", "share_frac", "world_tonnes", "published_on", "source", "url", "known_on", "confidence",
    ]  # fmt: skip
    rows = rows[columns].sort_values(["production_tonnes", "country"], ascending=[False, True])
    return rows.sort_values("country", key=lambda names: names.eq(OTHER), kind="stable").reset_index(drop=True)


@dataclass(frozen=True, repr=False)
class MiningShare(Shown):
    """What one country mines of the world's rare earths: a row of `mine_production`.

    Attributes
    ----------
    country, period
        the country; the year.
    share_frac, production_tonnes, world_tonnes
        its share of the world total as printed, and both.
    published_on, source, url
        when and where that was printed.
    """

    country: str
    period: str
    share_frac: float
    production_tonnes: float
    world_tonnes: float
    published_on: date
    source: str
    url: str


def mining_share(production: pd.DataFrame, country: str = "China") -> MiningShare | None:
    """What a country mines; None where no table names it.

    Parameters
    ----------
    production
        as `mine_production` gives it.
    """
    rows = production.loc[production["country"].eq(country), [field.name for field in fields(MiningShare)]]
    return MiningShare(**{str(name): value for name, value in rows.iloc[0].items()}) if len(rows) else None


@door
def years(*, as_of: Day = LATEST) -> list[str]:
    """Years for which USGS itself had printed China and the world by a day, the oldest first."""
    rows = catalogue.load("rare_earths", as_of=as_of)
    rows = rows[rows["quantity"].eq("mine_production") & rows["is_official"]]
    return sorted(set(rows.loc[rows["country"].eq("China"), "period"]) & set(rows.loc[rows["country"].eq(WORLD), "period"]))


@door
def chosen_year(year: str, *, as_of: Day = LATEST) -> str | None:
    """Year that a parameter names: one of `years`, or the newest for an empty text; None where none is known.

    Raises
    ------
    ParameterError
        a year that is not held as known on the day.
    """
    held = years(as_of=as_of)
    if not year:
        return held[-1] if held else None
    if year not in held:
        message = f"year must be one that is held as known on {as_of} ({', '.join(held) or 'none'}), or empty for the newest, not {year!r}."
        raise ParameterError(message)
    return year


def chosen_country(country: str) -> str:
    """Country that a parameter names, as the tables of mining name it; it need not have mined in every year.

    Raises
    ------
    ParameterError
        a country that no table of mining names.
    """
    rows = catalogue.load("rare_earths")
    named = sorted(set(rows.loc[rows["quantity"].eq("mine_production"), "country"]) - {WORLD, "Other"})
    if named and country not in named:
        message = f"There is no country {country!r} in the tables of mining.{nearest(country, named)} Named are {', '.join(named)}."
        raise ParameterError(message)
    return country


@dataclass(frozen=True)
class Concentration:
    """How concentrated mine production is.

    Attributes
    ----------
    year
        of the production.
    low, high
        bounds of the Herfindahl-Hirschman index, the sum of squared shares in per cent (0 to 10,000). What no country is named for counts
        as spread over very many in `low`, and as one country in `high`.
    named_frac
        share of the world total that named countries have.
    """

    year: str
    low: float
    high: float
    named_frac: float


@door
def concentration(production: pd.DataFrame) -> Concentration | None:
    """Herfindahl-Hirschman index of mine production by country; None where no table is held.

    Parameters
    ----------
    production
        as `mine_production` gives it.
    """
    if production.empty:
        return None
    named = production[production["country"].ne(OTHER)]
    share = named["share_frac"]
    rest = max(0.0, 1.0 - float(share.sum()))
    low = float((100 * share).pow(2).sum())
    return Concentration(production["period"].iloc[0], low, low + (100 * rest) ** 2, float(share.sum()))


@door
def reserves(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Reserves of rare earths by country, of the newest edition known on a day.

    Returns
    -------
    DataFrame
        One row a country, the largest first: country, period, reserves_tonnes (rare-earth-oxide equivalent), is_lower_bound, share_frac (of
        the world total as printed), world_tonnes, is_world_lower_bound (so that true shares are smaller), source, url, known_on. Empty
        where none had been printed.
    """
    rows = catalogue.load("rare_earths", as_of=as_of)
    rows = rows[rows["quantity"].eq("reserves") & rows["is_official"]]
    rows = rows[rows["period"].eq(rows["period"].max())]
    world = rows[rows["country"].eq(WORLD)]
    rows = rows[rows["country"].ne(WORLD)].rename(columns={"value": "reserves_tonnes"})
    rows["world_tonnes"] = world["value"].iloc[0] if len(world) else float("nan")
    rows["is_world_lower_bound"] = bool(world["is_lower_bound"].any())
    rows["share_frac"] = rows["reserves_tonnes"] / rows["world_tonnes"]
    columns = [
        "country", "period", "reserves_tonnes", "is_lower_bound", "share_frac", "world_tonnes", "is_world_lower_bound", "source", "url",
        "known_on",
    ]  # fmt: skip
    return rows[columns].sort_values(["reserves_tonnes", "country"], ascending=[False, True]).reset_index(drop=True)


@door
def first_month_shown(exports: pd.DataFrame) -> date:
    """First month of a figure of exports: a year and a half before the newest month held, or the first of the edition without one."""
    if exports.empty:
        return catalogue.edition().evidence_from
    newest: pd.Timestamp = exports["period"].max()
    return (newest - pd.DateOffset(months=_MONTHS_SHOWN)).date()


@door
def control_marks(controls: pd.DataFrame, *, since: Day) -> pd.DataFrame:
    """Texts of export controls announced from a day on: what a figure numbers and a list names.

    Parameters
    ----------
    controls
        steps of export controls (see `truce.export_control_steps`).

    Returns
    -------
    DataFrame
        The steps in order, as `truce.export_control_steps`, with number: 1 for the first day of announcement, and one number for all steps
        of a day.
    """
    shown = controls[controls["announced_on"] >= pd.Timestamp(since)].sort_values("announced_on", kind="stable")
    return shown.assign(number=shown["announced_on"].rank(method="dense").astype(int)).reset_index(drop=True)


@door
def us_reliance(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Net import reliance of the United States on rare-earth compounds and metals, by year.

    Returns
    -------
    DataFrame
        One row a year in order: period, reliance_frac (net imports over apparent consumption), is_lower_bound, is_official (printed by USGS
        itself), source, url, known_on.
    """
    rows = catalogue.load("rare_earths", as_of=as_of)
    rows = rows[rows["quantity"].eq("us_net_import_reliance")].rename(columns={"value": "reliance_frac"})
    columns = ["period", "reliance_frac", "is_lower_bound", "is_official", "source", "url", "known_on"]
    return rows[columns].sort_values("period").reset_index(drop=True)


@door
def us_import_sources(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Where US imports of rare-earth compounds and metals came from, over the newest span printed by a day.

    Returns
    -------
    DataFrame
        One row a country, the largest first: country, period, share_frac, source, url, known_on.
    """
    rows = catalogue.load("rare_earths", as_of=as_of)
    rows = rows[rows["quantity"].eq("us_import_source_share")]
    rows = rows[rows["period"].eq(rows["period"].max())].rename(columns={"value": "share_frac"})
    columns = ["country", "period", "share_frac", "source", "url", "known_on"]
    return rows[columns].sort_values("share_frac", ascending=False).reset_index(drop=True)
