"""Trade flows in sentences: the balance, its growth, revisions, goods, soybeans, and what is missing."""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from tradelib import catalogue, trade, wording
from tradelib.phrases import growth as phrases
from tradelib.phrases.promise_counts import status_words
from tradelib.show.display import Fact, Text
from tradelib.stories.trade.partners import READ_BY

DAY, MONTH = wording.day, wording.month
_YEAR = 12
_TONNES = 1e6
_TOGETHER = 2
_NEWS = pd.Timedelta(days=7)
_WHAT = {"imports": "imports from China", "exports": "exports to China"}


def flows_title(growth: pd.DataFrame, exports: pd.DataFrame, headlines: pd.DataFrame, *, as_of: date) -> str:
    """The finding of the day: both sides over one month, or China's newer month where it came out within a week.

    Where China released January and February as one, that figure stands beside a month of the United States that is not after them.

    Parameters
    ----------
    growth : of US imports from China, as `trade.growth` gives it.
    exports : growth of China's exports to all, as `trade.observations` gives it.
    headlines : China's newest figures, as `trade.china_headlines` gives them.
    """
    # A single January or February without a first release comes from a later table: nobody had read it then.
    single = exports[exports["period"].dt.month.gt(_TOGETHER) | exports["first_value"].notna()]
    us, china = growth["yoy_frac"].dropna(), single.set_index("period")["value"]
    last = us.index[-1] if len(us) else pd.NaT
    is_new = headlines["period"].gt(last) & (headlines["published_on"] >= pd.Timestamp(as_of) - _NEWS)
    news = headlines[
        headlines["figure"].eq("exports") & (is_new | headlines["frequency"].eq("year_to_date") & headlines["period"].ge(last))
    ]
    both = us.index.intersection(china.index)
    month = last if len(news) or both.empty else both.max()
    is_later = trade.us_china_goods(as_of=as_of).set_index("period")["is_later_revised"]
    ours = trade.Growth("us_imports", month, us[month], is_later_revised=_any_later(is_later, [month])) if len(us) else None
    theirs = None
    if len(news):
        row = news.iloc[0]
        theirs = trade.Growth(
            "china_exports", row["period"], row["value"], row["frequency"] == "year_to_date", bool(row["is_later_revised"])
        )
    elif len(both) or (ours is None and len(china)):
        month = both.max() if len(both) else china.index[-1]
        is_later = single.set_index("period")["is_later_revised"]
        theirs = trade.Growth("china_exports", month, china[month], is_later_revised=bool(is_later[month]))
    return phrases.title(ours, theirs)


def flows_description(as_of: date) -> str:
    """One sentence on the page, for the index and for search."""
    return (
        f"What the statistics of both sides said by {DAY(as_of)}: the balance since 2001, first releases and revisions, goods, partners "
        "that gained, soybeans, and the duties collected."
    )


def flows_facts(goods: pd.DataFrame, years: pd.DataFrame, collected: pd.DataFrame) -> list[Fact]:
    """The newest month, the newest full year, and the newest collected rate."""
    facts = []
    for column, words, side in (("imports_usd", "US imports from China", "cn"), ("exports_usd", "US exports to China", "us")):
        held = goods.dropna(subset=[column])
        if len(held):
            row = held.iloc[-1]
            when = f"{MONTH(row['period'])}{wording.revised(row['is_later_revised'])}"
            facts.append(Fact(wording.usd_bn(row[column]), f"{words} in {when}", side))
    full = years[years["is_complete"]]
    if len(full):
        balance = full["balance_usd"].iloc[-1]
        words = f"US goods {'deficit' if balance < 0 else 'surplus'} with China in {full.index[-1]}"
        words += wording.revised(goods.loc[goods["period"].dt.year.eq(full.index[-1]), "is_later_revised"].any())
        facts.append(Fact(wording.usd_bn(abs(balance), digits=0), words))
    held = collected.dropna(subset=["collected_frac"])
    if len(held):
        row = held.iloc[-1]
        later = f", {row['source'].partition(', ')[2]}" if READ_BY in row["source"] else wording.revised(row["is_later_revised"])
        words = f"average duty collected on imports from China in {MONTH(row['period'])}{later}"
        facts.append(Fact(wording.percent(row["collected_frac"]), words, "us"))
    return facts


def balance_message(goods: pd.DataFrame) -> str:
    """Title of the figure since 2001."""
    rows = goods.set_index("period")["imports_usd"].dropna()
    high, last = rows.idxmax(), rows.index[-1]
    is_later = goods.set_index("period")["is_later_revised"]
    if high == last:
        mark = wording.revised(is_later[last])
        return f"US imports from China were {wording.usd_bn(rows[last])} in {MONTH(last)}{mark}, more than in any month before"
    peak, now = (f"{wording.usd_bn(rows[month])} in {MONTH(month)}" for month in (high, last))
    marks = wording.revised(is_later[high], goes_on=True), wording.revised(is_later[last])
    return f"US imports from China peaked at {peak}{marks[0]} and were {now}{marks[1]}"


def balance_text(goods: pd.DataFrame, years: pd.DataFrame) -> Text:
    """The years in a few figures, and which months are missing."""
    full = years[years["is_complete"]]
    sentences = []
    if len(full) > 1:
        now, deepest = full.iloc[-1], full["balance_usd"].idxmin()
        record = (
            "the largest in our data"
            if deepest == full.index[-1]
            else f"record: {wording.usd_bn(-full.loc[deepest, 'balance_usd'])} in {deepest}"
        )
        sentences.append(
            f"In {full.index[-1]} the United States exported {wording.usd_bn(now['exports_usd'])} of goods to China and imported "
            f"{wording.usd_bn(now['imports_usd'])}, a deficit of {wording.usd_bn(-now['balance_usd'])} ({record})."
        )
    open_years = years[~years["is_complete"]]
    gaps = [f"{year} ({wording.count(int(row['months']), 'month')})" for year, row in open_years.iterrows()]
    if gaps:
        sentences.append(f"Our data for {wording.listing(gaps)} are incomplete, and so are the sums below.")
    months = trade.unbroken(goods)
    last = goods.dropna(subset=["balance_usd"])["period"].iloc[-1]
    missing = [MONTH(month) for month in months.index[months["balance_usd"].isna()] if month < last]
    if missing:
        sentences.append(f"{wording.listing(missing)} {'is' if len(missing) == 1 else 'are'} missing from our data and left blank.")
    alone = [
        f"for {MONTH(row.period)} we have {'exports' if pd.isna(row.imports_usd) else 'imports'} only"
        for row in goods[goods["period"] > last].itertuples()
    ]
    sentences.append(f"{'; '.join([f'Our data on both flows end in {MONTH(last)}', *alone])}.")
    later = wording.later_revised(goods)
    sentences += [f"{later[0].upper()}{later[1:]}."] if later else []
    return Text(" ".join(sentences), catalogue.sources(goods.tail(1)))


def recent_message(months: pd.DataFrame, growth: pd.DataFrame) -> str:
    """Title of the figure of the last months."""
    held = growth["three_month_yoy_frac"].dropna()
    if held.empty:
        return f"US imports from China were {wording.usd_bn(months['imports_usd'].dropna().iloc[-1])}"
    last = held.index[-1]
    is_later = _any_later(months["is_later_revised"], pd.date_range(end=last, periods=3, freq="MS"))
    return phrases.three_months(trade.Growth("us_imports", last, held.iloc[-1], is_later_revised=is_later, base_frac=_year_before(held)))


def _any_later(is_later: pd.Series, months: Iterable[pd.Timestamp]) -> bool:
    """Whether a month, or the same one a year earlier, was current only later; `is_later` by month."""
    both = [month - pd.DateOffset(years=back) for month in months for back in (0, 1)]
    return bool(is_later.reindex(both).eq(True).any())


def front_loading_text(rows: pd.DataFrame, *, peak: pd.Series, goods: pd.DataFrame) -> Text:
    """Imports before and after the day on which the country-wide duty was highest, as a comparison and no more."""
    used = catalogue.sources(goods.tail(1))
    if not peak["rate_frac"]:
        return Text(
            "No tariff on all Chinese goods had been in force by this day, so there is no date to compare imports before and after.",
            used,
        )
    day, rate = peak["effective_from"], wording.percent(peak["rate_frac"])
    before, after = (rows[rows["span"].eq(name)].iloc[0] for name in ("before", "after"))
    if pd.isna(before["change_frac"]):
        return Text(
            f"Our data lack some of the months before {DAY(day)}, when the added US tariff on Chinese goods reached {rate}, or of a year "
            "earlier.",
            used,
        )
    is_later = goods.set_index("period")["is_later_revised"]
    marks = [wording.revised(_any_later(is_later, pd.date_range(row["first"], row["last"], freq="MS"))) for row in (before, after)]
    sentences = [
        f"From {_span(before)}, before the added US tariff on Chinese goods reached {rate} on {DAY(day)}, imports from China were "
        f"{wording.usd_bn(before['imports_usd'])}, {_than(before['change_frac'])} a year earlier{marks[0]}."
    ]
    if pd.notna(after["change_frac"]):
        sentences.append(
            f"From {_span(after)} they were {wording.usd_bn(after['imports_usd'])}, {_than(after['change_frac'])} a year earlier{marks[1]}."
        )
    else:
        sentences.append("The figures of the three months after it were not all published by this day.")
    sentences.append("We cannot say how much of this was stockpiling ahead of the tariffs.")
    sentences += _year_on(after, goods)
    return Text(" ".join(sentences), used)


def _year_on(after: pd.Series, goods: pd.DataFrame) -> list[str]:
    """The same months a year later, where all of them are held."""
    months = pd.date_range(after["first"], after["last"], freq="MS") + pd.DateOffset(years=1)
    values = goods.set_index("period")["imports_usd"].reindex(months)
    if values.isna().any():
        return []
    than = _than(values.sum() / after["imports_usd"] - 1)
    mark = wording.revised(_any_later(goods.set_index("period")["is_later_revised"], months))
    return [f"From {MONTH(months[0])} to {MONTH(months[-1])} imports were {wording.usd_bn(values.sum())}, {than} a year earlier{mark}."]


def revised_message(tables: dict[str, pd.DataFrame]) -> str:
    """Title of the figure of first releases and revisions."""
    exports = tables["exports"].dropna(subset=["first_value"])
    moved = exports[exports["revision_pp"].abs().round(6) > 0]
    if moved.empty:
        return (
            f"None of China's {len(exports)} first-published export growth figures had been revised by this date, as far as our data show"
        )
    most = _points(moved["revision_pp"].abs().max())
    return f"China has since revised {len(moved)} of its {len(exports)} first-published export growth figures, by up to {most}"


def revised_text(tables: dict[str, pd.DataFrame]) -> Text:
    """The month whose first figure moved furthest, on each side of the trade."""
    sentences, frames = [], []
    for name, table in tables.items():
        moved = table[table["revision_pp"].abs().round(6) > 0]
        if len(moved):
            row = moved.loc[moved["revision_pp"].abs().idxmax()]
            sentences.append(
                f"The largest revision to {name.removesuffix('s')} growth was for {MONTH(row['period'])}: from "
                f"{wording.percent(row['first_value'], signed=True)} to {wording.percent(row['value'], signed=True)}."
            )
            frames.append(moved)
    if all(table["first_value"].isna().all() for table in tables.values()):
        sentences.append("We have no first release for the months before this day: what other sections show of them is a later revision.")
    else:
        sentences.append("A month is counted here only if we have both its first figure and a later one.")
    return Text(" ".join(sentences), catalogue.sources(*frames))


def to_us_message(rows: pd.DataFrame) -> str:
    """Title of the figure of China's exports to the United States."""
    row, base = rows.iloc[-1], _year_before(rows.set_index("period")["value"])
    is_later = bool(row["is_later_revised"])
    return phrases.message(trade.Growth("china_exports_to_us", row["period"], row["value"], is_later_revised=is_later, base_frac=base))


def _year_before(values: pd.Series) -> float:
    """Of a series by month the value a year before its last; NaN where there is none."""
    return values.get(values.index[-1] - pd.DateOffset(years=1), float("nan"))


def sections_message(tables: dict[str, pd.DataFrame]) -> str:
    """Title of the figure of goods."""
    rows = pd.concat([table.assign(what=_WHAT[flow]) for flow, table in tables.items()], ignore_index=True)
    low = rows.loc[rows["change_usd"].idxmin()]
    return (
        f"{wording.upper(wording.section(low['section']))} fell most: {low['what']} were "
        f"{wording.usd_bn(low['value_usd'])} in {low['year']}, against {wording.usd_bn(low['base_usd'])} in {low['base']}"
    )


def soybeans_message(rows: pd.DataFrame) -> str:
    """Title of the figure of soybeans."""
    last, high = rows.iloc[-1], rows.loc[rows["value_usd"].idxmax()]
    peak = f", after a peak of {wording.usd_bn(high['value_usd'])} in {high['year']}" if high["year"] != last["year"] else ""
    return f"US soybean exports to China were {wording.usd_bn(last['value_usd'])} in {last['year']}{peak}"


def soybeans_text(rows: pd.DataFrame, promises: pd.DataFrame) -> Text:
    """Arrivals of US soybeans in China where the press printed them, beside what was promised."""
    sentences, frames = [], []
    months = rows[rows["frequency"].eq("month")].tail(4)
    some, none = months[months["value"] > 0], months[months["value"].eq(0)]
    if len(some):
        parts = [f"{wording.number(row.value / _TONNES, digits=2)} million tonnes in {MONTH(row.period)}" for row in some.itertuples()]
        sentences.append(f"China's customs reported arrivals from the United States of {wording.listing(parts)}.")
    if len(none):
        subject = "It reported none" if len(some) else "China's customs reported no arrivals"
        sentences.append(f"{subject} from the United States in {wording.months(none['period'])}.")
    years = rows[rows["frequency"].eq("year_to_date") & rows["period"].dt.month.eq(_YEAR)]
    if len(years):
        row = years.iloc[-1]
        total = f"{wording.number(row['value'] / _TONNES, digits=2)} million tonnes"
        sentences.append(f"In the whole of {row['period'].year}, {total} arrived from the United States.")
    frames += [part for part in (months, years.tail(1)) if len(part)]
    if len(promises):
        promises = promises.assign(status=promises["status"].map(status_words))
        parts = [f"{row.target} million tonnes {row.what.removeprefix('Buy US soybeans ')} ({row.status})" for row in promises.itertuples()]
        unconfirmed = promises["confirmed_by_other_side"].eq("no").all()
        told = "According to the United States, " if unconfirmed else ""
        doubt = "; China has not confirmed the amounts" if unconfirmed else ""
        sentences.append(f"{told}China promised to buy {wording.listing(parts)}{doubt}.")
        sentences.append("The promise is about purchases; customs counts arrivals, which follow months later.")
        frames.append(promises.assign(known_on=promises["announced_on"]))
    if not sentences:
        return Text("Our data have no figure of soybean arrivals published by this day.")
    return Text(" ".join(sentences), catalogue.sources(*frames))


def what_is_missing(series: pd.DataFrame, rows: pd.DataFrame) -> Text:
    """What misleads in the series shown, and what is not held, from the dictionary."""
    shown = series[series["series_id"].isin(rows["series_id"])]
    traps = shown.groupby("trap", sort=False)["title"].agg(list)
    return Text("\n".join(f"- {_series(titles)}. {wording.upper(trap)}." for trap, titles in traps.items()))


def _series(titles: list[str]) -> str:
    """Series of one publisher in few words: its side once, each quantity once, and what all of them are in common.

    Examples
    --------
    >>> _series(["US: exports", "US: imports", "US: imports, change on a year earlier"]), _series(["China: exports, year to date"])
    ('US: exports and imports', 'China, year to date: exports')
    """
    parts = pd.Series(titles).str.extract(r"(?P<side>[^:]+): (?P<what>[^,]+)(?:, (?P<kind>[^,]+))?").fillna("")
    side, kinds = parts["side"].iloc[0], parts["kind"].unique()
    kind = f", {kinds[0]}" if len(kinds) == 1 and kinds[0] else ""
    return f"{side}{kind}: {wording.listing(parts['what'].unique())}"


def _span(row: pd.Series) -> str:
    return f"{MONTH(row['first'])} to {MONTH(row['last'])}"


def _than(change: float) -> str:
    return f"{wording.percent(abs(change))} {'more' if change > 0 else 'less'} than"


def _points(value: float) -> str:
    words = wording.number(value)
    return f"{words} percentage {'point' if words == '1' else 'points'}"
