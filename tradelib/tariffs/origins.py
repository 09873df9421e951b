"""Whose goods the duties of the United States on China fall on: the mainland's alone, or those of Hong Kong and Macau too."""

import pandas as pd

from tradelib import wording
from tradelib.tariffs.law import families

# Customs territories of their own: their goods are goods of China for some duties, and for others not.
_PLACES = {"HK": "Hong Kong", "MO": "Macau"}


def sentences(layers: pd.DataFrame) -> list[str]:
    """What of a stack does not fall on goods of Hong Kong or Macau: one sentence, or none where all of it does.

    Parameters
    ----------
    layers
        as `explanation.Stack.layers`.
    """
    about = families()
    titles: dict[tuple[str, ...], list[str]] = {}
    for family in dict.fromkeys(family for family, rate in zip(layers["family"], layers["rate_frac"], strict=True) if rate > 0):
        told = about.get(family, {"origins": ""})
        if told["origins"] in ("", "all"):
            continue
        missing = tuple(place for place in _PLACES if place not in told["origins"].split("|"))
        if missing:
            titles.setdefault(missing, []).append(told["title"])
    if not titles:
        return []
    parts = [
        f"{wording.listing(names)} on goods of {' or '.join(_PLACES[place] for place in missing)}" for missing, names in titles.items()
    ]
    return [f"China is the mainland here. Not due: {'; '.join(parts)}."]
