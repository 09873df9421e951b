"""Scenarios in sentences: what is supposed, and what the law would be. Never a forecast; what would follow stands in `responses`."""

from datetime import date

import pandas as pd

from tradelib import catalogue, scenarios, sides, tariffs, truce, wording
from tradelib.show.display import Fact, Text, link, markdown
from tradelib.stories.scenarios.responses import frac, span, welfare

DAY = wording.day
_SMALL = 1e-3


def scenario_title(scenario: scenarios.Scenario, compare_with: scenarios.Scenario, paths: pd.DataFrame, *, on: date) -> str:
    """Title of the page: what is supposed, and what both sides' average duties would be on the day of comparison."""
    moved = [_average(row, side) for side, row in _ends(paths).iterrows() if _moves(row)]
    supposed = f"Supposed: {wording.inside(scenario.title)}"
    if not moved:
        return (
            f"{supposed}. By {DAY(on)} no average duty would differ by more than a tenth of a point from that under “{compare_with.title}”"
        )
    still = [(side, row) for side, row in _ends(paths).iterrows() if not _moves(row)]
    more = "".join(f"; {sides.pair(side).average} would {_alike(row)}" for side, row in still)
    return f"{supposed}. {wording.upper(wording.listing(moved))}{more}"


def scenario_description(as_of: date) -> str:
    """What the page is, in one sentence."""
    return (
        f"What if: the duties a supposition would bring, and what two models say would follow, on what was known on {DAY(as_of)}. No "
        "forecast."
    )


def scenario_facts(paths: pd.DataFrame, rows: pd.DataFrame, economy: pd.DataFrame) -> list[Fact]:
    """Average duties, imports, and welfare, all of them supposed."""
    facts = [
        Fact(
            wording.percent(row["after_frac"]),
            f"would be {sides.pair(side).average}; {wording.percent(row['before_frac'])} in the comparison",
            side.lower(),
        )
        for side, row in _ends(paths).iterrows()
    ]
    imports = rows[rows["outcome"].eq("imports_change_frac")].set_index("importer")
    side = imports["given"].abs().idxmax()
    row = imports.loc[side]
    words = f"would be the change of {sides.pair(side).imports}, line by line; 90% interval {span(row, frac)}"
    facts.append(Fact(frac(row["given"]), words, side.lower()))
    losses = economy.set_index("entity")["welfare_percent"]
    words = f"would be the change of long-run welfare of the United States; of China {welfare(losses['CHN'])}"
    facts.append(Fact(welfare(losses["USA"]), words, "both"))
    return facts


def supposed(
    scenario: scenarios.Scenario, compare_with: scenarios.Scenario, *, before: pd.DataFrame, after: pd.DataFrame, as_of: date
) -> Text:
    """What both scenarios suppose, in the words of their files, and what they keep against a text that is known.

    Parameters
    ----------
    before, after : the schedules of the comparison and of the scenario.
    """
    first = scenarios.begins_on(as_of)
    lines, frames = [], []
    for item, role, rates in ((scenario, "The scenario", after), (compare_with, "Compared with", before)):
        source = f" Source: {link(item.source, item.url)}." if item.source else ""
        about = f" {markdown(item.about)}" if item.about else ""
        kept = scenarios.ended_by_law(rates, as_of=as_of)
        frames.append(kept)
        named = wording.listing(
            f"{markdown(row.authority)} at {wording.percent(row.rate_frac)}, to end on {DAY(row.ends_on)}" for row in kept.itertuples()
        )
        against = f" **Against texts that are known, it keeps** {named}; “As scheduled” lets them end." if named else ""
        lines.append(f"- **{role}: {wording.inside(markdown(item.title))}.** {markdown(item.question)}{about}{against}{source}")
    if truce.status(as_of=as_of).word == "none":
        lines.append("\nNo truce with a clock held on this day; what a scenario calls one is then any suspension.")
    lines.append(
        f"\nBoth begin on {DAY(first)}, the day after the last that is observed. Neither is a forecast, and no chance is given to either."
    )
    return Text("\n".join(lines), catalogue.sources(*frames))


def law_text(rows: pd.DataFrame, paths: pd.DataFrame, *, scenario: scenarios.Scenario, on: date, as_of: date) -> Text:
    """What the law would be, and from which day."""
    if rows.empty:
        return Text("No duty would differ between the two within a year, so that every effect is zero.")
    days = rows[rows["what"].ne("alike again")].groupby("on", sort=True)["programme"].size()
    parts = [f"{wording.count(count, 'measure')} from {DAY(day)}" for day, count in days.items()]
    sentences = [f"The two differ in {wording.listing(parts)}."]
    told = []
    for side, row in _ends(paths).iterrows():
        change, average = row["after_frac"] - row["before_frac"], sides.pair(side).average
        if abs(change) < scenarios.SAME:
            told.append(f"{average} would be the same in both, {wording.percent(row['after_frac'])}")
            continue
        digits = 1 if abs(change) >= _SMALL else 3
        rates = [wording.percent(row[name], digits=digits) for name in ("after_frac", "before_frac")]
        told.append(
            f"{average} would be {wording.number(100 * abs(change), digits=digits)} points {'higher' if change > 0 else 'lower'}, "
            f"{rates[0]} in place of {rates[1]}"
        )
    sentences.append(f"By {DAY(on)}, {'; '.join([*told, _country_wide(paths)])}. Averages are with the general rate.")
    sentences += _special(rows, scenario, as_of)
    if on < as_of:
        sentences.append(f"That day is past, and nothing after {DAY(catalogue.observed_through(as_of))} was observed.")
    held = rows[~rows["instrument"].str.startswith("Supposed: ")]
    return Text(" ".join(sentences), catalogue.sources(held) if len(held) else Text("").sources)


def _special(rows: pd.DataFrame, scenario: scenarios.Scenario, as_of: date) -> list[str]:
    """What a reader must know of emergency duties, and of rates that a text sets and does not name."""
    said = []
    if rows["authority"].str.startswith("IEEPA").any() and not _emergency_left(as_of):
        said.append("The emergency duties among them had been ended after the Supreme Court's ruling; their authority is left open.")
    elif scenario.keeps and not _emergency_left(as_of):
        said.append("No US duty under emergency powers is left to come back: they were ended after the Supreme Court's ruling.")
    unnamed = rows[rows["what"].eq("unnamed rate")]
    if len(unnamed):
        said.append(
            f"From {DAY(unnamed['on'].min())} a text sets {wording.count(len(unnamed), 'rate')} without naming it; no figure here counts "
            "them."
        )
    return said


def _country_wide(paths: pd.DataFrame) -> str:
    """Country-wide duties of both sides under both scenarios."""
    parts = []
    for side, row in _ends(paths).iterrows():
        now, then = (wording.percent(row[f"{name}_headline_frac"]) for name in ("after", "before"))
        owner = sides.SIDES[side].doer
        parts.append(f"{owner} {now} in both" if now == then else f"{owner} {now} in place of {then}")
    return f"country-wide, on a good that is on no list, {wording.listing(parts)}"


def _emergency_left(as_of: date) -> bool:
    """Whether the legal texts still hold a US duty under emergency powers, or none had been ended by a text."""
    over = tariffs.ended(as_of=as_of)
    if not over["authority"].str.startswith("IEEPA").any():
        return True
    rows = tariffs.schedule(as_of=as_of)
    rows = rows[rows["family"].str.startswith("ieepa")]
    return bool((rows["effective_to"].isna() | (rows["effective_to"] > pd.Timestamp(as_of))).any())


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


def duties_message(paths: pd.DataFrame) -> str:
    """Title of the figure of average duties."""
    moved = [_average(row, side) for side, row in _ends(paths).iterrows() if _moves(row)]
    return wording.upper(wording.listing(moved)) if moved else "No average duty would differ by more than a tenth of a point"


def _ends(paths: pd.DataFrame) -> pd.DataFrame:
    return paths.groupby("importer", sort=False).last()


def _moves(row: pd.Series) -> bool:
    return abs(row["after_frac"] - row["before_frac"]) >= _SMALL


def _alike(row: pd.Series) -> str:
    same = abs(row["after_frac"] - row["before_frac"]) < scenarios.SAME
    return f"be {wording.percent(row['after_frac'])} in both" if same else "hardly differ"


def _average(row: pd.Series, side: str) -> str:
    return f"{sides.pair(side).average} would be {wording.percent(row['after_frac'])} instead of {wording.percent(row['before_frac'])}"
