"""Scenarios in sentences: what is supposed, and what the law would be. Never a forecast; what would follow stands in `responses`."""

from datetime import date

import pandas as pd

from tradelib import catalogue, scenarios, sides, tariffs, truce, wording
from tradelib.show.display import Fact, Text, link, markdown
from tradelib.stories.scenarios.responses import frac, span, welfare

DAY = wording.day
_SMALL, _LARGE = 1e-3, 5e-3


def scenario_title(scenario: scenarios.Scenario, compare_with: scenarios.Scenario, paths: pd.DataFrame, *, on: date) -> str:
    """Title of the page: what is supposed, and what both sides' average duties would be on the day of comparison."""
    moved, still = _told_apart(paths)
    supposed = f"Scenario “{scenario.title}”"
    if not moved:
        return f"{supposed}: by {DAY(on)} neither average tariff would differ by more than 0.1 points from “{compare_with.title}”"
    more = "".join(f"; {sides.pair(side).average} would {_alike(row)}" for side, row in still)
    return f"{supposed}: {wording.listing(_average(row, side) for side, row in moved)}{more}"


def scenario_description(as_of: date) -> str:
    """What the page is, in one sentence."""
    return (
        f"What if: the tariffs of a scenario, and what two models say would follow, based on what was known on {DAY(as_of)}. Not a "
        "forecast."
    )


def scenario_facts(paths: pd.DataFrame, rows: pd.DataFrame, economy: pd.DataFrame) -> list[Fact]:
    """Average duties, imports, and welfare, all of them supposed."""
    facts = []
    for side, row in _ends(paths).iterrows():
        after, before = wording.percents(row["after_frac"], row["before_frac"])
        facts.append(
            Fact(after, f"{_bare(side)} under the scenario ({'the same' if after == before else before} without it)", side.lower())
        )
    imports = rows[rows["outcome"].eq("imports_change_frac")].set_index("importer")
    side = imports["given"].abs().idxmax()
    row = imports.loc[side]
    words = f"change in {sides.pair(side).imports} (90% range {span(row, frac)}), product-level model"
    facts.append(Fact(frac(row["given"]), words, side.lower()))
    losses = economy.set_index("entity")["welfare_percent"]
    words = f"long-run change in US welfare (China: {welfare(losses['CHN'])}), economy-wide model"
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
            f"{markdown(row.authority)} at {wording.percent(row.rate_frac)}, which ends on {DAY(row.ends_on)}" for row in kept.itertuples()
        )
        against = (
            f" **This scenario keeps** {named}, although a notice already ends it; use “As scheduled” to let it lapse." if named else ""
        )
        lines.append(f"- **{role}: {wording.inside(markdown(item.title))}.** {markdown(item.question)}{about}{against}{source}")
    if truce.status(as_of=as_of).word == "none":
        lines.append("\nThere was no truce with an end date on this day; “truce” here means any suspension in force.")
    after_what = "this page" if as_of <= catalogue.edition().evidence_through else "the last day our data cover"
    lines.append(
        f"\nBoth start on {DAY(first)}, the day after {after_what}. Neither is a forecast, and we attach no probability to either."
    )
    return Text("\n".join(lines), catalogue.sources(*frames))


def law_text(rows: pd.DataFrame, paths: pd.DataFrame, *, scenario: scenarios.Scenario, on: date, as_of: date) -> Text:
    """What the law would be, and from which day."""
    if rows.empty:
        return Text("The two scenarios do not differ within a year, so there is no effect.")
    days = _begun(rows).groupby("on", sort=True)["programme"].size()
    parts = [f"{wording.count(count, 'measure')} from {DAY(day)}" for day, count in days.items()]
    sentences = [f"The two differ in {wording.listing(parts)}."]
    told = []
    for side, row in _ends(paths).iterrows():
        change, average = row["after_frac"] - row["before_frac"], sides.pair(side).average
        if abs(change) < scenarios.SAME:
            told.append(f"{average} would be the same in both, {wording.percent(row['after_frac'])}")
            continue
        if abs(change) < _SMALL:
            told.append(
                f"{average} would be less than 0.1 points {'higher' if change > 0 else 'lower'} ({wording.percent(row['after_frac'])})"
            )
            continue
        rates = [wording.percent(row[name], trim=False) for name in ("after_frac", "before_frac")]
        told.append(
            f"{average} would be {wording.number(100 * abs(change), trim=False)} points {'higher' if change > 0 else 'lower'}, "
            f"{rates[0]} instead of {rates[1]}"
        )
    sentences.append(f"By {DAY(on)}, {'; '.join([*told, _country_wide(paths)])}. Averages include the normal tariff.")
    sentences += _special(rows, scenario, as_of)
    if on < as_of:
        sentences.append(f"That day is past; our data end on {DAY(catalogue.observed_through(as_of))}.")
    held = rows[~rows["instrument"].str.startswith("Supposed: ")]
    return Text(" ".join(sentences), catalogue.sources(held) if len(held) else Text("").sources)


def _special(rows: pd.DataFrame, scenario: scenarios.Scenario, as_of: date) -> list[str]:
    """What a reader must know of emergency duties, and of rates that a text sets and does not name."""
    said = []
    if rows["authority"].str.startswith("IEEPA").any() and not _emergency_left(as_of):
        said.append(
            "The emergency tariffs among them ended after the Supreme Court's ruling; we leave open on what authority they would return."
        )
    elif scenario.keeps and not _emergency_left(as_of):
        said.append("No US emergency tariff is left to come back: they ended after the Supreme Court's ruling.")
    unnamed = rows[rows["what"].str.contains("unnamed rate")]
    if len(unnamed):
        said.append(
            f"From {DAY(unnamed['on'].min())} a notice sets {wording.count(len(unnamed), 'rate')} without saying how high; our figures "
            f"leave {'it' if len(unnamed) == 1 else 'them'} out."
        )
    return said


def _country_wide(paths: pd.DataFrame) -> str:
    """Country-wide duties of both sides under both scenarios."""
    moved, still = [], []
    for side, row in _ends(paths).iterrows():
        now, then = wording.percents(*(row[f"{name}_headline_frac"] for name in ("after", "before")))
        owner = sides.SIDES[side].doer
        (still if now == then else moved).append(f"{now} in {owner}" if now == then else f"{now} instead of {then} in {owner}")
    parts = [f"{verb} {wording.listing(those)}" for verb, those in (("be", moved), ("stay at", still)) if those]
    return f"the tariff on goods on no list would {wording.listing(parts)}"


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
    begun = _begun(rows)
    counted = {side: int(begun["importer"].eq(side).sum()) for side in ("US", "CN")}
    parts = {sides.SIDES[side].adjective: number for side, number in counted.items() if number}
    if not parts:
        return "No tariff would differ within a year"
    days = sorted(begun["on"].unique())
    when = f"On {DAY(days[0])}" if len(days) == 1 else f"Between {DAY(days[0])} and {DAY(days[-1])}"
    if len(parts) == 1:
        ((adjective, number),) = parts.items()
        return f"{when}, {wording.count(number, f'{adjective} measure')} would change"
    each = wording.listing(f"{number} {adjective}" for adjective, number in parts.items())
    return f"{when}, {wording.count(sum(counted.values()), 'measure')} would change: {each}"


def _begun(rows: pd.DataFrame) -> pd.DataFrame:
    """Each measure on the day from which it differs first."""
    begun = rows[rows["what"].ne("alike again")].sort_values("on", kind="stable")
    return begun.drop_duplicates(["importer", "authority", "programme"])


def duties_message(paths: pd.DataFrame) -> str:
    """Title of the figure of average duties."""
    moved = [_average(row, side) for side, row in _told_apart(paths)[0]]
    return wording.upper(wording.listing(moved)) if moved else "Neither average tariff would differ by more than 0.1 points"


def _ends(paths: pd.DataFrame) -> pd.DataFrame:
    return paths.groupby("importer", sort=False).last()


def _told_apart(paths: pd.DataFrame) -> tuple[list[tuple[str, pd.Series]], list[tuple[str, pd.Series]]]:
    """Sides whose average moves, and the others: beside half a point, a tenth is no move."""
    changes = {side: abs(row["after_frac"] - row["before_frac"]) for side, row in _ends(paths).iterrows()}
    least = _LARGE if max(changes.values()) >= _LARGE else _SMALL
    rows = list(_ends(paths).iterrows())
    return [each for each in rows if changes[each[0]] >= least], [each for each in rows if changes[each[0]] < least]


def _alike(row: pd.Series) -> str:
    same = abs(row["after_frac"] - row["before_frac"]) < scenarios.SAME
    return f"stay at {wording.percent(row['after_frac'])}" if same else "barely change"


def _average(row: pd.Series, side: str) -> str:
    way = "rise" if row["after_frac"] > row["before_frac"] else "fall"
    before, after = wording.percents(row["before_frac"], row["after_frac"])
    return f"{sides.pair(side).average} would {way} from {before} to {after}"


def _bare(side: str) -> str:
    """The average without an article, after a number."""
    return sides.pair(side).average.removeprefix("the ")
