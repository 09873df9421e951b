"""The head of the briefing: what it is about, and the numbers that matter."""

from collections.abc import Mapping

import pandas as pd

from tradelib import minerals, tariffs, truce, wording
from tradelib.phrases import country_wide, mining, truce_clock
from tradelib.show.display import Fact
from tradelib.stories.averages.text import average_fact

DAY = wording.day


def briefing_description(status: truce.Status) -> str:
    """One sentence on the page, for the index and for search."""
    return (
        f"Where the US-China trade truce stood on {DAY(status.as_of)}: its clocks, the duties of both sides, talks, accusations, rare "
        "earths and the newest trade figures, as known on that day."
    )


def briefing_facts(
    now: Mapping[str, pd.Series],
    status: truce.Status,
    us: tariffs.Headline,
    cn: tariffs.Headline,
    peaks: dict[str, pd.Series],
    miners: pd.DataFrame,
) -> list[Fact]:
    """The numbers that matter: both averages with their range, the tariffs on all goods where there are any, the days left, mining.

    Parameters
    ----------
    now : by importer, the measures of the day (see `tariffs.averages`).
    """
    share = minerals.mining_share(miners)
    wide = country_wide.facts(us, cn, peaks) if us.rate_frac or cn.rate_frac or us.unseen or cn.unseen else []
    averages = [average_fact(side, row) for side, row in now.items()]
    return [*averages, *wide, *truce_clock.fact(status), *([mining.fact_elsewhere(share)] if share else [])]
