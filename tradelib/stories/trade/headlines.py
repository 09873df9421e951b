"""Trade figures and rare earths in sentences."""

import pandas as pd

from tradelib import catalogue, minerals, trade, truce, wording
from tradelib.phrases import growth, mining
from tradelib.show.display import Text, link

DAY = wording.day


def rare_earths(miners: pd.DataFrame, clocks: pd.DataFrame) -> Text:
    """China's share of rare-earth mining, and the export controls that have a clock or none."""
    if miners.empty:
        return Text("Our data have no world table of rare-earth mining published by this day.")
    sentences = [mining.sentence(minerals.mining_share(miners))]
    controls = clocks[clocks["clock"].isin(truce.EXPORT_CONTROL_CLOCKS)]
    sentences += [_control(group) for _, group in controls.groupby("clock", sort=False)]
    body = sentences[0] + "".join(f"\n- {sentence}" if number else f"\n\n- {sentence}" for number, sentence in enumerate(sentences[1:]))
    return Text(body, catalogue.sources(miners[miners["country"].eq("China")], *([controls] if len(controls) else [])))


def trade_message(rows: pd.DataFrame) -> str:
    """Title of the figure of China's trade."""
    return growth.china_message(trade.headline_growth(rows))


def trade_figures(rows: pd.DataFrame, goods: pd.DataFrame) -> Text:
    """China's newest customs figures, and the newest month of the US goods balance with China."""
    sentences, frames = [], []
    if len(rows):
        sentences.append(f"{trade_message(rows)}, in US dollars.")
        values = rows.set_index("figure")
        if "balance" in values.index:
            balance, is_later = values.loc["balance", ["value", "is_later_revised"]]
            sentences.append(
                f"The {'surplus' if balance >= 0 else 'deficit'} was {wording.usd_bn(abs(balance))}{wording.revised(is_later)}."
            )
        sentences += _revision_sentences(rows)
        frames.append(rows)
    if len(goods):
        row = goods.dropna(subset=["balance_usd"]).iloc[-1]
        mark = " (as later revised: the first release is not in our data)" if row["is_later_revised"] else ""
        sentences.append(
            f"US goods exports to China were {wording.usd_bn(row['exports_usd'])} and imports "
            f"{wording.usd_bn(row['imports_usd'])} in {wording.month(row['period'])}, a "
            f"{'deficit' if row['balance_usd'] < 0 else 'surplus'} of {wording.usd_bn(abs(row['balance_usd']))}{mark}."
        )
        newest = goods.dropna(subset=["imports_usd"]).iloc[-1]
        if newest["period"] > row["period"]:
            mark = wording.revised(newest["is_later_revised"])
            sentences.append(f"US imports in {wording.month(newest['period'])} were {wording.usd_bn(newest['imports_usd'])}{mark}.")
        frames.append(goods.tail(1))
    if not sentences:
        return Text("Our data have no trade figures from before this day.")
    return Text(" ".join(sentences), catalogue.sources(*frames))


def _control(group: pd.DataFrame) -> str:
    """One export control and its clocks, law before statement."""
    first = group.iloc[0]
    ends = {"legal": "in law", "political": "as promised or stated"}
    parts = []
    for row in group.sort_values("basis").itertuples():
        if row.state == "open":
            parts.append("no end named")
        elif row.state == "running":
            through = "through" if row.is_last_day else "to"
            parts.append(f"{through} {DAY(row.expires_on)} {ends[row.basis]}")
        else:
            parts.append(f"ran out on {DAY(row.expires_on)}, with no later notice in our data")
    return f"{link(first['what_expires'], first['url'])}: {'; '.join(parts)}."


def _revision_sentences(rows: pd.DataFrame) -> list[str]:
    revised = rows[rows["first_value"].notna() & rows["first_value"].ne(rows["value"]) & rows["unit"].eq("fraction")]
    parts = [f"{row.figure.replace('_', ' ')} {wording.percent(row.first_value, signed=True)}" for row in revised.itertuples()]
    return [f"First published: {wording.listing(parts)}; the figures here are revised."] if parts else []
