"""The three to five messages at the head of a report, where no title of a figure says them; an empty one is left out."""

import pandas as pd

from tradelib import exposure, ledger, minerals, sides, tariffs, truce, wording
from tradelib.phrases import duty_moves, measure_counts, promise_counts
from tradelib.stories.averages.text import THOUSANDTH
from tradelib.stories.scenarios.responses import responses_message, tornado_message, welfare
from tradelib.stories.trade.partners import diversion_message

DAY = wording.day


def ahead_message(ahead: pd.DataFrame, us: tariffs.Headline, cn: tariffs.Headline) -> str:
    """What a legal text made of a country-wide duty unseen, or the next change that one holds; empty without either.

    Parameters
    ----------
    ahead : as `tariffs.schedule_ahead` gives it.
    us, cn : on the last day observed.
    """
    unseen = [side.unseen for side in (us, cn) if side.unseen]
    if unseen:
        return duty_moves.unseen_message(unseen[0])
    return duty_moves.message(tariffs.duty_moves(ahead, first_day=True))


def promises_message(rows: pd.DataFrame) -> str:
    """How the promises stand; empty before there are any."""
    return promise_counts.message(truce.count_promises(rows))


def beyond_message(rows: pd.DataFrame) -> str:
    """Measures beyond tariffs, side by side; empty where none is held."""
    return measure_counts.message(truce.count_by_party(rows))


def ground_message(us: tariffs.Headline, cn: tariffs.Headline) -> str:
    """What the country-wide duties stand on."""
    parts = []
    for side, owner in ((us, "The country-wide US duty"), (cn, "China's")):
        names = wording.listing(dict.fromkeys(map(wording.inside, side.layers["authority"])))
        verb = "stands" if side.on == side.as_of else "stood"
        parts += [f"{owner} of {wording.percent(side.rate_frac)} {verb} on {names}"] if names else []
    return "; ".join(parts) or "Neither side collects a duty on all goods of the other"


def lists_message(rows: pd.DataFrame) -> str:
    """Programmes of duties on lists of goods that hold; empty where there is none."""
    rows = rows[rows["state"].eq("in force")]
    counted = {side: int(rows.loc[rows["importer"].eq(side), "programme"].nunique()) for side in ("US", "CN")}
    parts = [f"{number} of {sides.name(side)}" for side, number in counted.items() if number]
    return f"Beside country-wide duties, programmes on lists of goods are in force: {wording.listing(parts)}" if parts else ""


def reliance_message(rows: pd.DataFrame) -> str:
    """How much of what it uses the United States imports; empty where no figure is held."""
    if rows.empty:
        return ""
    row = rows.iloc[-1]
    share = ("over " if row["is_lower_bound"] else "") + wording.percent(row["reliance_frac"], digits=0)
    return f"Net imports were {share} of what the United States used of rare-earth compounds and metals in {row['period']}"


def concentration_message(held: "minerals.Concentration | None") -> str:
    """How concentrated mining is; empty where no table is held."""
    if held is None:
        return ""
    return f"The Herfindahl-Hirschman index of mining is {wording.number(held.high, digits=0)} of at most 10,000"


def controls_message(rows: pd.DataFrame) -> str:
    """China's controls of mineral exports; empty before there are any."""
    return measure_counts.controls_message(truce.count_measures(rows))


def layers_message(rows: pd.DataFrame) -> str:
    """What the largest group of a product's lines owes, layer by layer."""
    first = rows[rows["group"].eq(1) & rows["rate_frac"].gt(0)]
    parts = [f"{wording.percent(row.rate_frac)} {wording.inside(row.layer)}" for row in first.itertuples()]
    where = " on most of the trade" if rows["groups"].iloc[0] > 1 else ""
    return f"Its layers{where}: {wording.listing(parts)}" if parts else ""


def change_message(rows: pd.DataFrame, duty: exposure.Duty) -> str:
    """The scenario that would change the duty on a product most; empty where it is not known."""
    if pd.isna(duty.mean_frac):
        return ""
    moved = rows[rows["days"].map(len).gt(0)]
    if moved.empty:
        return "No scenario held here would change this duty within a year"
    row = moved.loc[moved["change_frac"].abs().idxmax()]
    return (
        f"Of {wording.count(len(rows), 'supposition')}, “{row['title']}” would change it most: to {wording.percent(row['mean_frac'])} "
        f"by {DAY(row['on'])}"
    )


def gains_message(rows: pd.DataFrame) -> str:
    """Which partners sold the United States more, and over which months; `rows` as `trade.diversion` gives them."""
    row = rows.iloc[0]
    first, last = (wording.month(row[name]) for name in ("first", "last"))
    months = first if first == last else f"{first} to {last}"
    return f"Over {months}, against the same months of {row['base']}: {diversion_message(rows)} (USD bn, imports for consumption)"


def supposed_imports_message(rows: pd.DataFrame) -> str:
    """What imports would do, with the year of their dollars; empty where nothing changes."""
    moved = rows.loc[rows["outcome"].eq("imports_change_usd"), "given"].any()
    return f"{responses_message(rows)}, a year, in dollars of 2024" if moved else ""


def supposed_loss_message(rows: pd.DataFrame, importer: str) -> str:
    """Which assumption matters most for whose loss; empty where none does."""
    if rows["lowest"].eq(rows["highest"]).all():
        return ""
    return f"{tornado_message(rows, importer)} (a year, in dollars of 2024)"


def differences_message(rows: pd.DataFrame) -> str:
    """From when on the duties of two scenarios would differ."""
    begun = rows[rows["what"].ne("alike again")]
    begun = begun.sort_values("on", kind="stable").drop_duplicates(["importer", "authority", "programme"])
    counted = {side: int(begun["importer"].eq(side).sum()) for side in ("US", "CN")}
    parts = [f"{number} of {sides.name(side)}" for side, number in counted.items() if number]
    if not parts:
        return "No duty would differ within a year"
    days = sorted(begun["on"].unique())
    when = f"From {DAY(days[0])}" if len(days) == 1 else f"Between {DAY(days[0])} and {DAY(days[-1])}"
    return f"{when}, {wording.count(sum(counted.values()), 'measure')} would begin to differ: {wording.listing(parts)}"


def economies_message(rows: pd.DataFrame) -> str:
    """Long-run welfare of both sides in the model of whole economies."""
    entries = rows.set_index("entity")["welfare_percent"]
    if not entries.any():
        return ""
    return (
        f"In the model of whole economies long-run welfare would change by {welfare(entries['USA'])} in the United States and by "
        f"{welfare(entries['CHN'])} in China"
    )


def coverage_messages(parts: dict[str, pd.DataFrame], announced: pd.DataFrame) -> list[str]:
    """On what the rates rest.

    Parameters
    ----------
    parts : as `tariffs.rate_evidence` gives them, by importer.
    announced : as `tariffs.announcements` gives them, of all layers.
    """
    shares = [
        f"{wording.percent(parts[importer].loc[parts[importer]['kind'].ne(tariffs.NOT_HELD), 'trade_frac'].sum())} {trade}"
        for importer, trade in (("US", "of US imports from China"), ("CN", "of US exports to China"))
    ]
    lines = [wording.number(parts[importer]["lines"].sum(), digits=0) for importer in ("US", "CN")]
    texts = announced[announced["standing"].isin(ledger.LAW)]  # what is only stated enters no duty
    return [
        f"The duty of {lines[0]} US lines of ten digits and {lines[1]} Chinese subheadings of six is computed from "
        f"{wording.count(len(texts), 'step')} that legal texts set for {wording.count(texts['measure_id'].nunique(), 'duty')}",
        f"General rates are held for lines that made {wording.listing(shares)} in 2024",
    ]


def agreement_messages(census: pd.DataFrame, wto: pd.DataFrame) -> list[str]:
    """How our figures agree with those of the Census Bureau and of the WTO."""
    said = []
    if len(census):
        equal = int((census["difference_frac"].abs() < THOUSANDTH).sum())
        said.append(
            f"Of {wording.count(len(census), 'monthly collected rate')} {equal} equal another tabulation of the Census figures to a "
            "thousandth of a point"
        )
    agree = wto[wto["cause"].eq("agree")] if len(wto) else wto
    if len(agree):
        row = agree.iloc[-1]
        said.append(
            f"The WTO's rates are ours on {wording.percent(row['share_of_subheadings'], digits=0)} of China's subheadings, "
            f"{wording.percent(row['share_of_trade'], digits=0)} of trade, on {DAY(row['on'])}; part of ours were derived from them"
        )
    return said
