"""What each side reports for the same trade, and why the two differ."""

import pandas as pd

from tradelib import catalogue, wording
from tradelib.show.display import Text

MONTH = wording.month


def mirror_standfirst(rows: pd.DataFrame) -> Text | None:
    """Under the title: what each side reports for one flow and why they differ, and in what dollars; None before there is such a month."""
    if rows.empty:
        return None
    row = rows.iloc[-1]
    mark = wording.revised(row["is_later_revised"], goes_on=True)
    return Text(
        f"The two sides report different figures for the same trade: for {MONTH(row['period'])}{mark} China "
        f"{wording.usd_bn(row['china_exports_fob_usd'])} of exports to the United States, and the United States "
        f"{wording.usd_bn(row['us_imports_customs_usd'])} of imports from China. They count at other times, places and prices, and small "
        "parcels and trade through Hong Kong are counted differently. All values are in current dollars and not adjusted for season.",
        catalogue.sources(rows.tail(1)),
    )


def mirror_text(rows: pd.DataFrame) -> Text:
    """Why the two sides' figures for the same goods differ, with the newest month that both have."""
    if rows.empty:
        return Text("Our data have no month for which both sides' figures were published by this day.")
    row = rows.iloc[-1]
    mark = wording.revised(row["is_later_revised"], goes_on=True)
    more = "less" if row["gap_usd"] < 0 else "more"
    text = (
        f"For {MONTH(row['period'])}{mark} China reports {wording.usd_bn(row['china_exports_fob_usd'])} of exports to the United "
        f"States; the United States reports {wording.usd_bn(row['us_imports_customs_usd'])} of imports from China, "
        f"{wording.usd_bn(abs(row['gap_usd']))} {more} ({wording.percent(abs(row['gap_usd']) / row['china_exports_fob_usd'])} of China's "
        "figure). "
        "China counts goods when they leave, by their last known destination and at FOB value; the United States when they arrive, by "
        "origin and at customs value. Small parcels, trade through Hong Kong and other places, shipping time and re-pricing explain "
        "part of the gap."
    )
    return Text(text, catalogue.sources(rows.tail(1)))
