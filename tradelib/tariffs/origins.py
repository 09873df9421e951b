"""Whose goods the duties of the United States on China fall on: the mainland's alone, or those of Hong Kong and Macau too."""

import pandas as pd

from tradelib import catalogue, wording

# Customs territories of their own: their goods are goods of China for some duties, and for others not.
_PLACES = {"HK": "Hong Kong", "MO": "Macau"}


def sentences(layers: pd.DataFrame) -> list[str]:
    """What of a stack does not fall on goods of Hong Kong or Macau: one sentence, or none where all of it does.

    Parameters
    ----------
    layers : as `rates.Stack.layers`.
    """
    paid = layers.loc[layers["rate_frac"].gt(0), "family"].drop_duplicates()
    table = catalogue.load("families").set_index("family")
    titles: dict[tuple[str, ...], list[str]] = {}
    for family in paid:
        if family not in table.index or table.loc[family, "origins"] in ("", "all"):
            continue
        missing = tuple(place for place in _PLACES if place not in table.loc[family, "origins"].split("|"))
        if missing:
            titles.setdefault(missing, []).append(table.loc[family, "title"])
    if not titles:
        return []
    parts = [
        f"{wording.listing(names)} on goods of {' or '.join(_PLACES[place] for place in missing)}" for missing, names in titles.items()
    ]
    return [f"China is the mainland here. Not due: {'; '.join(parts)}."]
