"""How the figures are made and how they compare: one stack, general rates, assumptions, published figures, WTO rates."""

from datetime import date

import pandas as pd

from tradelib import catalogue, hs, sides, tariffs, wording
from tradelib.show import display
from tradelib.show.display import Column, Row, Table, cell
from tradelib.stories.averages.tables import WEIGHTS, fine, points
from tradelib.tariffs import general_rate


def stack(item: tariffs.Stack) -> Table:
    """The duty on one good, layer by layer."""
    first = general_rate.row(item.importer, item.mfn_frac, announced_frac=item.mfn_frac, why=item.mfn_converted)
    layers = item.layers.assign(programme=[wording.duty(row.authority, row.programme) for row in item.layers.itertuples()])
    table = pd.concat([pd.DataFrame([first]), layers], ignore_index=True)
    total = {"programme": "In total", "rate_frac": item.total_frac, "outcome": "", "why": "", "instrument": "", "url": ""}
    table = pd.concat([table, pd.DataFrame([total])], ignore_index=True)
    columns = [
        Column("Layer", cell("programme")),
        Column("Rate in the text", cell("announced_frac", fine), "num"),
        Column("Due", cell("rate_frac", fine), "num"),
        Column("What it does", cell("outcome")),
        Column("Why", cell("why")),
        Column("Text", cell("instrument", display.citation), "link"),
    ]
    caption = f"{hs.dotted(item.code)} from China, entered {wording.day(item.on)}: {fine(item.total_frac)} in total"
    note = " ".join(item.not_modelled)
    claims = tariffs.claims_named(item.not_modelled, as_of=item.as_of)
    return Table("worked_case", caption, columns, table, catalogue.sources(item.layers, claims), note)


def coverage(rows: dict[str, pd.DataFrame]) -> Table:
    """General rates held, and those that are not."""
    table = pd.concat([frame.assign(importer=side) for side, frame in rows.items()], ignore_index=True)
    columns = [
        Column("Collected by", cell("importer", sides.short)),
        Column("Normal tariff", cell("kind", lambda kind: "not in our data" if kind == tariffs.NOT_HELD else kind)),
        Column("Lines", cell("lines", lambda value: f"{int(value):,}"), "num"),
        Column("Share of trade of 2024", cell("trade_frac", lambda value: wording.percent(value, digits=2, trim=False)), "num"),
    ]
    caption = "How we know the normal tariff of each line, and how much trade that covers"
    note = (
        "US: by statistical line (ten digits), or tariff line (eight) where nothing came in; specific and compound rates are turned "
        "into a share of value by the duties of 2024. China: by six-digit subheading; what is missing is mostly code 999999, "
        "confidential trade."
    )
    return Table("coverage_of_rates", caption, columns, table, display.no_sources(), note)


def assumptions(rows: pd.DataFrame, announcements: pd.DataFrame, *, on: date) -> Table:
    """The weighted average under each choice that the law leaves open."""
    columns = [
        Column("Collected by", cell("importer", sides.short)),
        Column("Choice", cell("choice")),
        Column("Weighted average", cell("weighted_frac", lambda value: wording.percent(value, digits=2, trim=False)), "num"),
        Column("Change", cell("change_frac", _hundredths), "num"),
    ]
    caption = f"How much the assumptions matter for the weighted average of {wording.day(on)}"
    note = f"{WEIGHTS} Change in percentage points from the default. {tariffs.metal_basis(on=on, as_of=on)}".strip()
    return Table("assumptions", caption, columns, rows, catalogue.sources(announcements), note)


def published(rows: pd.DataFrame, causes: pd.DataFrame, *, as_of: date) -> Table:
    """Published figures beside ours; see `validation.comparisons`, `validation.causes`. The letters are those of `causes`."""
    titles = tariffs.family_titles() | {"mfn_frac": "general rate"}
    letters = _letters(causes)
    apart = causes[causes["verdict"].ne("close")]
    effects = dict(tuple(apart.assign(letter=apart["cause"].map(letters)).groupby("benchmark_id", sort=False)))
    dated = dict(zip(rows["benchmark_id"], _told_apart(rows), strict=True))
    sizes = {figure: dict(zip(part["letter"], part["effect_frac"], strict=True)) for figure, part in effects.items()}
    columns_of = {f"cause_{letter}_frac": {figure: size.get(letter) for figure, size in sizes.items()} for letter in letters.values()}
    data = rows.assign(**{name: rows["benchmark_id"].map(held).astype("float64") for name, held in columns_of.items()})
    columns = [
        Column("What", lambda row: f"{_what(row, titles)}{dated[row.benchmark_id]}", "link"),
        Column("For entries of", cell("applies_on", display.days)),
        Column("Theirs", cell("theirs_frac", fine), "num"),
        Column("Ours", cell("ours_frac", fine), "num"),
        Column("Difference", cell("difference_frac", _hundredths), "num"),
        Column("Verdict", cell("verdict"), "status"),
        Column("Causes", lambda row: "" if row.verdict == "close" else _causes(effects.get(row.benchmark_id))),
        Column("Remainder", lambda row: "" if row.verdict == "close" else cell("remainder_frac", _hundredths)(row), "num"),
    ]
    caption = f"Our figures beside published ones, as known on {wording.day(as_of)}"
    note = (
        "Difference: ours less theirs, in percentage points. Close: within half a point. Causes: the size of each, theirs less ours. "
        "Remainder: what the causes leave; explained if within half a point, otherwise open. We compute ours from the law that the "
        f"publisher knew, for the day of entry its figure describes, which some publishers date differently.{_over_all_trade(rows)}"
    )
    return Table("published_figures", caption, columns, data, catalogue.sources(rows), note, group=_who_and_whose)


def _who_and_whose(row: Row) -> str:
    return f"{row.publisher}, on the tariffs of {sides.name(row.importer)}"


def _causes(effects: pd.DataFrame | None) -> str:
    """The causes of a difference by their letters, each with what it comes to."""
    if effects is None:
        return "none known"
    return wording.listing(f"{row.letter}{wording.FIXED}{points(row.effect_frac)}" for row in effects.itertuples())


_YALE = "Yale Budget Lab"
_COPY = " Yale's are read from a public copy of its tracker, built in June 2026."
_OVER_ALL_TRADE = {"Trade War Tracker": "the Trade War Tracker", _YALE: "the Yale Budget Lab"}


def _hundredths(value: float) -> str:
    """A difference of fractions in percentage points, to the hundredth: half a point decides, and must be told from a little more."""
    return wording.number(100 * value, digits=2, signed=True, trim=False)


def _over_all_trade(rows: pd.DataFrame) -> str:
    """A sentence on the trade that ours are over, where a publisher whose figures are over all trade has one here."""
    names = {name: words for name, words in _OVER_ALL_TRADE.items() if rows["publisher"].eq(name).any()}
    if not names:
        return ""
    return (
        f" Compared with {wording.listing(names.values())} ours cover all trade, as theirs do; the averages of the tariff history leave "
        "out "
        f"lines whose rate is not in our data, and are a little higher.{_COPY if _YALE in names else ''}"
    )


def causes(rows: pd.DataFrame) -> Table:
    """The causes of the differences in `published`, and what each comes to; see `validation.causes`."""
    apart = rows[rows["verdict"].ne("close")]
    letters = _letters(rows)
    data = apart.groupby("cause", sort=False).agg(
        figures=("cause", "size"), low_frac=("effect_frac", "min"), high_frac=("effect_frac", "max"), nearer=("nearer_law", "first"),
        size_from=("size_from", "first"),
    )  # fmt: skip
    data = data.reset_index()
    data.insert(0, "letter", data["cause"].map(letters))
    columns = [
        Column("Letter", cell("letter")),
        Column("Cause", cell("cause")),
        Column("Figures", cell("figures"), "num"),
        Column("Lowest", cell("low_frac", points), "num"),
        Column("Highest", cell("high_frac", points), "num"),
        Column("Nearer to the law", cell("nearer")),
        Column("Where the size comes from", cell("size_from")),
    ]
    note = (
        "Theirs less ours, in percentage points, over the figures that a cause affects. Causes that cancel out within a figure are listed "
        "one by one; a close figure has none here, though some may cancel in it."
    )
    return Table("causes", "Why figures differ, and the size of each cause", columns, data, catalogue.sources(apart), note)


def _what(row: Row, titles: dict[str, str]) -> str:
    """What a published figure measures; and the law it rests on, where that is older than the day it describes."""
    older = f", by the law of {display.days(row.law_known_on)}" if row.law_known_on < row.applies_on else ""
    return f"{_MEASURES[row.measure]}{': ' + titles[row.family] if row.family else ''}{older}"


def _told_apart(rows: pd.DataFrame) -> list[str]:
    """The day that the publisher gives, or that of publication, of figures that nothing else tells apart; empty for the others."""
    key = ["publisher", "importer", "measure", "family", "applies_on"]
    days = rows.groupby(key)["on"].transform("nunique")
    told = []
    for row, doubled, differ in zip(rows.itertuples(), rows.duplicated(key, keep=False), days > 1, strict=True):
        words = f", dated {display.days(row.on)}" if differ else f", published {display.days(row.known_on)}"
        told.append(words if doubled else "")
    return told


_MEASURES = {
    "weighted_frac": "average",
    "contribution_frac": "part",
    "covered_frac": "share of trade covered",
    "additional_since_2025_frac": "added since January 2025",
}


def _letters(rows: pd.DataFrame) -> dict[str, str]:
    """A letter for each cause, in the order of the rows; after Z come AA, AB and on."""
    apart = rows.loc[rows["verdict"].ne("close"), "cause"].drop_duplicates()
    names = [first + letter for first in ("", "A", "B") for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    return dict(zip(apart, names, strict=False))


def wto(rows: pd.DataFrame) -> Table:
    """China's total rates beside the WTO's on the newest of its days, the others in the data; see `validation.wto_check`."""
    rows = rows.sort_values("on", ascending=False, kind="stable")
    newest = rows[rows["on"].eq(rows["on"].max())]
    agree = rows.loc[rows["cause"].eq("agree"), "subheadings_frac"]
    columns = [
        Column("Agreement, or cause of the difference", cell("cause")),
        Column("Subheadings", cell("subheadings", lambda value: f"{int(value):,}"), "num"),
        Column("Share of subheadings", cell("subheadings_frac", fine), "num"),
        Column("Share of trade", cell("trade_frac", fine), "num"),
        Column("WTO less ours, median", cell("median_difference_frac", points), "num"),
    ]
    shown = f" for {wording.day(rows['on'].max())}" if len(rows) else ""
    caption = f"China's tariff on US goods{shown}, subheading by subheading, compared with the WTO's rates"
    note = (
        "Trade: US exports to China in 2024, of subheadings with a known normal tariff. Not all of it is independent: some normal tariffs "
        "and the codes of list 4A were derived from the WTO's rates of 1 January 2025. Difference in percentage points. Of "
        f"{wording.count(len(agree), 'day')} in the data each has at least {fine(agree.min())} of subheadings that agree."
        if len(rows)
        else "The WTO's table counts as known from the day on which it was read."
    )
    return Table("wto_rates", caption, columns, rows, catalogue.sources(rows), note, len(newest))
