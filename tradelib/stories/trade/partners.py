"""Partners and the duty collected in sentences: who gained, imports for consumption from China, and the rates on them."""

import pandas as pd

from tradelib import catalogue, trade, wording
from tradelib.phrases import growth as phrases
from tradelib.show.display import Text, link

MONTH = wording.month
READ_BY = "as read by"
_YEAR, _HALF_YEAR = 12, 6


def diversion_message(rows: pd.DataFrame) -> str:
    """Title of the figure of partners."""
    china = rows[rows["partner"].eq("China")].iloc[0]
    first = rows[~rows["partner"].isin([trade.WORLD, trade.REST, "China"])].head(3)
    verb = "fell" if china["change_usd"] < 0 else "rose"
    gained = wording.listing(
        f"{row.partner} ({wording.number(row.change_usd / 1e9, signed=True, trim=False)})" for row in first.itertuples()
    )
    return f"US imports from China {verb} by {wording.usd_bn(abs(china['change_usd']))}; the largest increases were from {gained}"


def diversion_text(rows: pd.DataFrame) -> Text:
    """China's share then and now, and what the comparison cannot say."""
    china, world = (rows[rows["partner"].eq(name)].iloc[0] for name in ("China", trade.WORLD))
    mark = wording.revised(rows["is_later_revised"].any(), goes_on=True)
    return Text(
        f"China's share of US imports{mark} went from {wording.percent(china['share_base_frac'])} to "
        f"{wording.percent(china['share_now_frac'])}, while all imports {wording.rose(world['now_usd'] / world['base_usd'] - 1)}. The "
        f"changes of all partners add up to that of the whole.{_why_base(china)} A gain need not mean that goods replaced Chinese ones: "
        "it may be other goods, such as gold and medicines, which our data by partner do not tell apart.",
        catalogue.sources(rows.head(1)),
    )


def consumption_message(rows: pd.DataFrame) -> str:
    """The newest month of imports for consumption from China beside a year earlier, and the steepest rise of the half year before it.

    Parameters
    ----------
    rows : as `trade.imports_by_partner` gives them.
    """
    values, growth = _consumption(rows)
    if growth.empty:
        return ""
    last = growth.index[-1]
    text = phrases.message(trade.Growth("us_consumption", last, growth[last], is_later_revised=_is_later(rows, [last])))
    steepest = growth.tail(_HALF_YEAR).idxmax()
    if steepest == last or growth[steepest] <= 0:
        return text
    base = _year_before(steepest)
    low = f", from the low of {base.year}" if values[values.index.year == base.year].idxmin() == base else ""
    mark = wording.revised(_is_later(rows, [steepest]))
    return f"{text}; the steepest rise of six months was {wording.percent(growth[steepest], signed=True)} in {MONTH(steepest)}{low}{mark}"


def consumption_text(rows: pd.DataFrame) -> Text:
    """The dollars behind `consumption_message`: each of its months beside the same month a year earlier."""
    values, growth = _consumption(rows)
    if growth.empty:
        return Text("Our data on imports for consumption cover less than two years on this day, so we give no change on a year earlier.")
    months = sorted({growth.tail(_HALF_YEAR).idxmax(), growth.index[-1]})
    told = [
        f"{wording.usd_bn(values[month])} in {MONTH(month)} after {wording.usd_bn(values[_year_before(month)])} a year earlier "
        f"({wording.percent(growth[month], signed=True)})"
        for month in months
    ]
    used = rows[rows["partner"].eq("China") & rows["period"].eq(months[-1])]
    mark = wording.revised(_is_later(rows, months))
    return Text(
        f"Imports for consumption from China, on which the duty is calculated{mark}: {wording.listing(told)}.", catalogue.sources(used)
    )


def _consumption(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """(US dollars, change on a year earlier) of imports for consumption from China, by month."""
    values = rows[rows["partner"].eq("China")].set_index("period")["customs_value_usd"].sort_index()
    return values, trade.growth(values.asfreq("MS"))["yoy_frac"].dropna()


def _is_later(rows: pd.DataFrame, months: list[pd.Timestamp]) -> bool:
    """Whether imports for consumption from China of a month, or of the same one a year earlier, were current only later."""
    both = [*months, *map(_year_before, months)]
    return bool(rows.loc[rows["partner"].eq("China") & rows["period"].isin(both), "is_later_revised"].any())


def _year_before(month: pd.Timestamp) -> pd.Timestamp:
    return month - pd.DateOffset(years=1)


def collected_by_partner_message(rows: pd.DataFrame) -> str:
    """Title of the figure of collected rates."""
    last = rows["period"].max()
    rates = rows.pivot_table(index="period", columns="partner", values="collected_frac")
    newest = rates.loc[last]
    before = last - pd.DateOffset(months=1)
    told = rows[rows["period"].isin([before, last]) & rows["partner"].isin(["China", trade.WORLD])]
    after = f", after {wording.percent(rates.loc[before, 'China'])} in {MONTH(before)}" if before in rates.index else ""
    return (
        f"In {MONTH(last)}, the latest month available for all partners, duties averaged {wording.percent(newest['China'])} on goods "
        "from China"
        f"{after}, and {wording.percent(newest[trade.WORLD])} on all imports{wording.revised(told['is_later_revised'].any())}"
    )


def collected_by_partner_text(years: pd.DataFrame, collected: pd.DataFrame) -> Text:
    """The rate on goods of China in full years, and where it stands with the newest published figure."""
    full = years[years["partner"].eq("China") & years["months"].eq(_YEAR)].set_index("year")
    chosen = [year for year in (2017, full.index.max()) if year in full.index] if len(full) else []
    sentences = [
        f"{wording.percent(full.loc[year, 'collected_frac'])} of their value in {year}{wording.revised(full.loc[year, 'is_later_revised'])}"
        for year in dict.fromkeys(chosen)
    ]
    sentences = [f"Duties on goods from China came to {wording.listing(sentences)}."] if sentences else []
    held = collected.dropna(subset=["collected_frac"])
    row = held.iloc[-1]
    mark = wording.revised(row["is_later_revised"])
    second = f", as reported {link('from Census data', row['url'])}" if READ_BY in row["source"] else mark
    sentences.append(f"The latest month is {MONTH(row['period'])}: {wording.percent(row['collected_frac'])}{second}.")
    return Text(" ".join(sentences), catalogue.sources(held.tail(1)))


def revenue_text(rows: pd.DataFrame, events: pd.DataFrame) -> Text:
    """What the duties of the newest twelve months come to, and the newest event about refunds of duties, where there is one.

    Parameters
    ----------
    events : as `truce.events` gives them.
    """
    last = rows.tail(_YEAR)
    refunds = events[events["title"].str.contains("refund", case=False)]
    # An amount says more than a step.
    refunds = refunds.assign(amount=refunds["title"].str.contains("USD")).sort_values(["amount", "published_on"]).tail(1)
    told = "".join(f" On refunds: {link(row.title, row.url)} ({wording.day(row.published_on)})." for row in refunds.itertuples())
    mark = wording.revised(last["is_later_revised"].any(), goes_on=True)
    return Text(
        f"In the twelve months to {MONTH(last['period'].iloc[-1])}{mark} Census calculated duties of "
        f"{wording.usd_bn(last['world_usd'].sum())} on all imports, {wording.usd_bn(last['china_usd'].sum())} of them on goods from "
        f"China. Calculated duty is not cash: refunds, drawbacks and later corrections are not deducted.{told}",
        catalogue.sources(last.tail(1), *([refunds] if len(refunds) else [])),
    )


def _why_base(row: pd.Series) -> str:
    """Why a comparison does not start a year earlier."""
    if row["base"] != trade.BASE_YEAR or row["last"].year == trade.BASE_YEAR + 1:
        return ""
    return f" We compare with {row['base']} because early in {row['base'] + 1} goods were brought in ahead of the tariffs."


def gains_message(rows: pd.DataFrame) -> str:
    """Which partners sold the United States more, and over which months; `rows` as `trade.diversion` gives them."""
    row = rows.iloc[0]
    first, last = (wording.month(row[name]) for name in ("first", "last"))
    months = first if first == last else f"{first} to {last}"
    what = f"USD billion, imports for consumption, gold and medicines included{wording.revised(rows['is_later_revised'].any())}"
    return f"{months}, against the same months of {row['base']}: {diversion_message(rows)} ({what})"
