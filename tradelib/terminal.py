"""The truce in ten lines of a terminal; what changed between two days; the duties of a scenario."""

import re
import textwrap
from datetime import date

import pandas as pd

from tradelib import catalogue, minerals, scenarios, tariffs, trade, truce, wording

WIDTH = 80


def status(*, as_of: date) -> str:
    """Where the truce stands, in ten lines of at most 80 columns.

    Parameters
    ----------
    as_of : day of knowledge.
    """
    observed = catalogue.observed_through(as_of)
    us, cn = tariffs.headlines(on=observed, as_of=as_of)
    peaks = tariffs.peaks(tariffs.headline_paths(as_of=as_of))
    rows = [
        ("As of", f"{wording.day(as_of)}; evidence to {wording.day(observed)}, edition {catalogue.edition().version}"),
        ("Truce", _truce(truce.status(as_of=as_of))),
        ("US duty", _duty(us, peaks)),
        ("China duty", _duty(cn, peaks)),
        ("Ahead", _ahead(as_of)),
        ("Talks", _talks(as_of)),
        ("Accused", _accused(as_of)),
        ("Rare earths", _rare_earths(as_of)),
        ("China trade", _trade(as_of)),
        ("Next", _next(as_of)),
    ]
    return "\n".join(f"{name:<12}{textwrap.shorten(words, WIDTH - 12, placeholder=' …')}" for name, words in rows).replace(
        wording.THIN, " "
    )


def changes(*, since: date, until: date) -> str:
    """What became known after one day and by another, grouped, with the source of each; see `truce.changes`."""
    rows = truce.changes(since=since, until=until)
    lines = [f"Known between {wording.day(since)} and {wording.day(until)}: {wording.count(len(rows), 'change')}"]
    for group, part in rows.groupby("group", sort=False):
        lines += ["", f"{group[0].upper()}{group[1:]}"]
        for row in part.itertuples():
            move = f"{row.before} -> {row.after}" if row.before else row.after
            words = f"{wording.day(row.known_on)}  {row.what}" + (f": {move}" if move else "")
            lines += textwrap.wrap(words, 100, initial_indent="  ", subsequent_indent="      ")
            lines += textwrap.wrap(f"{row.source}  {row.url.split('|')[0]}", 100, initial_indent="      ", subsequent_indent="      ",
                                   break_long_words=False, break_on_hyphens=False)  # fmt: skip
    return "\n".join(lines).replace(wording.THIN, " ")


def scenario_list(*, as_of: date) -> str:
    """Scenarios of the package, with the question of each, and why one cannot be asked on the day."""
    lines = []
    for name in scenarios.names():
        item = scenarios.load(name)
        words = scenarios.why_not(item, as_of=as_of) or item.question
        lines += textwrap.wrap(f"{name:<18}{words}", WIDTH, subsequent_indent=" " * 18)
    return "\n".join(lines)


def scenario(name: str, compare_with: str, *, as_of: date, on: date | None) -> str:
    """Duties under a scenario and in the comparison, in at most 80 columns.

    Parameters
    ----------
    name, compare_with : scenarios of the package, or paths of files.
    as_of : day of knowledge.
    on : day of entry; None: the last within a year on which either changes a duty.
    """
    supposed, reference = scenarios.load(name), scenarios.load(compare_with)
    before, after = (scenarios.schedule(item, as_of=as_of) for item in (reference, supposed))
    day = on or scenarios.settled_on(before, after, as_of=as_of)
    lines = [
        *_labelled("Supposed", f"{supposed.title}. {supposed.question} {supposed.about}"),
        *_labelled("Against", f"{reference.title}. {reference.question}"),
        *_labelled("As of", f"{wording.day(as_of)}; entries of {wording.day(day)}; a supposition, and no forecast"),
    ]
    for importer, owner in (("US", "US duty"), ("CN", "China duty")):
        now, then = (tariffs.averages(importer=importer, as_of=as_of, on=[day], rates=rates).iloc[0] for rates in (after, before))
        words = (
            f"{wording.percent(now['weighted_frac'])} on average, against {wording.percent(then['weighted_frac'])}; country-wide "
            f"{wording.percent(now['headline_frac'])}, against {wording.percent(then['headline_frac'])}"
        )
        lines += _labelled(owner, words)
    rows = scenarios.differences(before, after, as_of=as_of)
    lines += _labelled("Differences", f"{wording.count(rows['programme'].nunique(), 'programme')} within a year")
    for row in rows.itertuples():
        moves = {
            "goods": "other goods",
            "exclusion": "exclusion ends",
            "new exclusion": "excluded",
            "alike again": "the same in both again",
        }
        move = moves.get(row.what, f"{_rate(row.before_frac)} -> {_rate(row.after_frac)}")
        words = f"{wording.short_day(row.on)}  {wording.SHORT_SIDES[row.importer]}  {wording.duty(row.authority, row.programme)}: {move}"
        lines += textwrap.wrap(words, WIDTH, initial_indent="  ", subsequent_indent="      ")
    return "\n".join(lines).replace(wording.THIN, " ")


def _labelled(name: str, words: str) -> list[str]:
    # The narrow space before a sign of per cent does not break; only plain spaces are folded.
    plain = re.sub(r"[ \n]+", " ", words)
    return textwrap.wrap(f"{name:<12}{plain}", WIDTH, subsequent_indent=" " * 12)


def _rate(rate: float) -> str:
    return "none" if pd.isna(rate) else wording.percent(rate)


def _truce(now: truce.Status) -> str:
    if now.word == "none":
        return f"to {wording.day(now.pause_ends_on)}: {now.pause}" if now.pause else "none with a clock is running"
    if now.word == "run out":
        return f"ran out on {wording.day(now.ends_on)}, nothing seen carries it further"
    if now.term:
        return f"{now.term} agreed by {wording.short_day(now.term_on)}, no day; by law to {wording.short_day(now.ends_on)}"
    law = "" if now.has_instrument else ", as stated; no legal text seen"
    return f"to {wording.day(now.ends_on)}, {wording.count(now.days_left, 'day')} left{law}"


def _duty(side: tariffs.Headline, peaks: dict) -> str:
    if side.unseen:
        return (
            f"{wording.percent(side.unseen.after_frac)} by its text since {wording.short_day(side.unseen.changed_on)}, not observed; "
            f"{wording.percent(side.rate_frac)} on {wording.short_day(side.on)}"
        )
    parts = " + ".join(f"{wording.percent(row.rate_frac)} {row.authority}" for row in side.layers.itertuples())
    high = peaks[side.importer]["rate_frac"]
    peak = f" (peak {wording.percent(high)})" if high > side.rate_frac else ""
    return f"{wording.percent(side.rate_frac)}{peak} on all goods" + (f": {parts}" if parts else "")


def _ahead(as_of: date) -> str:
    rows = tariffs.schedule_ahead(as_of=as_of)
    if rows.empty:
        return "no legal text holds a change"
    parts = [
        f"{row.importer} {wording.percent(row.headline_after_frac)} on {wording.short_day(row.changes_on)}" for row in rows.itertuples()
    ]
    return f"by law {wording.listing(parts)}"


def _talks(as_of: date) -> str:
    rows = truce.meetings(as_of=as_of)
    now = rows[rows["phase_of_event"].eq("open")]
    row = (now if len(now) else rows[rows["phase_of_event"].eq("held")]).tail(1)
    if row.empty:
        return "none held by this day"
    row = row.iloc[0]
    return f"{'today: ' if len(now) else ''}{row['title']} ({wording.short_day(row['starts_on'])})"


def _accused(as_of: date) -> str:
    rows = truce.accusations(as_of=as_of, only_newest=True)
    parts = [f"{wording.SHORT_SIDES[row.actor]} {wording.short_day(row.published_on)}" for row in rows.itertuples()]
    return f"last by {wording.listing(parts)}" if parts else "none held by this day"


def _rare_earths(as_of: date) -> str:
    rows = minerals.mine_production(as_of=as_of)
    china = rows[rows["country"].eq("China")]
    if china.empty:
        return "no world table published by this day is held"
    return f"China mined {wording.percent(china['share_frac'].iloc[0], digits=0)} of the world's in {china['period'].iloc[0]} (USGS)"


def _trade(as_of: date) -> str:
    rows = trade.china_headlines(as_of=as_of)
    if rows.empty:
        return "no figures held by this day"
    values = rows.set_index("figure")["value"]
    return (
        f"{wording.month(rows['period'].max())}: exports {wording.percent(values['exports'], signed=True)}, "
        f"imports {wording.percent(values['imports'], signed=True)} on a year earlier"
    )


def _next(as_of: date) -> str:
    rows = truce.dates_ahead(as_of=as_of)
    rows = rows[rows["days_left"] > 0]
    if rows.empty:
        return "no date ahead was known"
    row = rows.sort_values("days_left", kind="stable").iloc[0]
    return f"{wording.short_day(min(day for day in (row['legal_on'], row['stated_on']) if pd.notna(day)))}: {row['what']}"
