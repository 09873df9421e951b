"""Claims of June 2025 in a sentence: which of them official sources bear out."""

import pandas as pd

from tradelib import catalogue, wording
from tradelib.show.display import Text

_VERDICTS = {"confirmed": "confirm {}", "in part": "support {} in part", "contradicted": "contradict {}"}


def claims_text(rows: pd.DataFrame) -> Text:
    """Claims of the press about the talks, and of other reports, under a heading of their own: before that day there is no such section."""
    own, others = rows[rows["in_news_item"]], rows[~rows["in_news_item"]]
    text = f"Of {len(own)} press claims about the talks of 9 June 2025, official sources {_counted(own)}."
    if len(others):
        text += f" Of {wording.count(len(others), 'claim')} of other reports of those days they {_counted(others)}."
    differs = rows[rows["agrees"].eq("no")]
    parts = [f"claimed {row.claimed}, our data say {row.ours}" for row in differs.itertuples()]
    text += " Where our data have the figure, they agree" + (f", except for {len(parts)}: {'; '.join(parts)}." if parts else ".")
    return Text(f"## Appendix: claims of June 2025, checked\n\n{text}", catalogue.sources(rows))


def _counted(rows: pd.DataFrame) -> str:
    """How many claims have each verdict, as what sources do to them; those about an event still to come are told apart."""
    counted = rows["verdict"].value_counts()
    told = wording.listing(words.format(counted[verdict]) for verdict, words in _VERDICTS.items() if verdict in counted)
    ahead = counted.get("announced", 0)
    was = "was about an event" if ahead == 1 else "were about events"
    return f"{told}; {ahead} {was} still to come" if ahead else told
