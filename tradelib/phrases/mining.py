"""How much of the world's rare earths a country mines."""

from tradelib import wording
from tradelib.minerals import MiningShare
from tradelib.show.display import Fact, link


def title(share: MiningShare) -> str:
    """Title: the share."""
    return f"{share.country} mined {_percent(share)} of the world's rare earths in {share.period}"


def message(share: MiningShare) -> str:
    """Message and title of the figure: the share and its tonnes."""
    tonnes, world = (wording.number(value, digits=0) for value in (share.production_tonnes, share.world_tonnes))
    return f"{title(share)}: {tonnes} of {world} tonnes"


def sentence(share: MiningShare) -> str:
    """The same with its source."""
    return f"{message(share)} ({link(share.source, share.url)}, {wording.day(share.published_on)})."


def fact(share: MiningShare) -> Fact:
    """Key number on a page of rare earths."""
    return Fact(_percent(share), f"of mine production was in {share.country} ({share.period})", "cn")


def fact_elsewhere(share: MiningShare) -> Fact:
    """Key number on a page of other things."""
    return Fact(_percent(share), f"of world rare-earth mining in {share.period} was in {share.country}")


def line(share: MiningShare | None) -> str:
    """The share in a line of a terminal."""
    if share is None:
        return "no world table published by this day in our data"
    return f"{share.country} mined {_percent(share)} of the world's in {share.period} (USGS)"


def _percent(share: MiningShare) -> str:
    return wording.percent(share.share_frac, digits=0)
