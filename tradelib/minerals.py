"""Rare earths: who mines them, as known on a day."""

from datetime import date

import pandas as pd

from tradelib import catalogue

WORLD = "World"


def mine_production(*, as_of: date, year: str | None = None) -> pd.DataFrame:
    """Mine production of rare earths by country, with shares of the world total.

    Parameters
    ----------
    as_of : day of knowledge.
    year : such as `"2024"`; when not given, the newest year for which USGS itself had printed China and the world by then.

    Returns
    -------
    One row a country, the largest first: country, period, production_tonnes (rare-earth-oxide equivalent), share_frac (of the world
    total as printed), world_tonnes, published_on, source, url, known_on, confidence. Empty where nothing had been printed.
    """
    rows = catalogue.load("rare_earths", as_of=as_of)
    rows = rows[rows["quantity"].eq("mine_production") & rows["is_official"]]
    world = rows[rows["country"].eq(WORLD)].set_index("period")["value"]
    years = sorted(set(rows.loc[rows["country"].eq("China"), "period"]) & set(world.index))
    chosen = year if year is not None else (years[-1] if years else None)
    rows = rows[rows["period"].eq(chosen) & rows["country"].ne(WORLD)]
    rows = rows.rename(columns={"value": "production_tonnes"})
    rows["world_tonnes"] = world.get(chosen)
    rows["share_frac"] = rows["production_tonnes"] / rows["world_tonnes"]
    columns = [
        "country",
        "period",
        "production_tonnes",
        "share_frac",
        "world_tonnes",
        "published_on",
        "source",
        "url",
        "known_on",
        "confidence",
    ]
    return rows[columns].sort_values(["production_tonnes", "country"], ascending=[False, True]).reset_index(drop=True)
