"""The head of the briefing: what it is about, and the numbers that matter."""

import pandas as pd

from tradelib import minerals, tariffs, truce, wording
from tradelib.phrases import country_wide, mining, truce_clock
from tradelib.show.display import Fact

DAY = wording.day


def briefing_description(status: truce.Status) -> str:
    """One sentence on the page, for the index and for search."""
    return (
        f"Where the US-China trade truce stood on {DAY(status.as_of)}: its clocks, the duties of both sides, talks, accusations, rare "
        "earths and the newest trade figures, as known on that day."
    )


def briefing_facts(
    status: truce.Status, us: tariffs.Headline, cn: tariffs.Headline, peaks: dict[str, pd.Series], miners: pd.DataFrame
) -> list[Fact]:
    """Three or four numbers that matter, with the words that make them true."""
    share = minerals.mining_share(miners)
    return [*country_wide.facts(us, cn, peaks), *truce_clock.fact(status), *([mining.fact_elsewhere(share)] if share else [])]
