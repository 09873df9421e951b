"""The truce in ten lines of a terminal; what changed between two days; the duties of a scenario."""

import re
import textwrap
from datetime import date
from typing import NamedTuple

import pandas as pd

from tradelib import catalogue, sides, tariffs, trade, wording
from tradelib.phrases import country_wide, duty_moves, growth, mining, truce_clock
from tradelib.phrases.day_ahead import brings
from tradelib.phrases.scenario_terms import terms
from tradelib.rows import each
from tradelib.terminal import forms, records

WIDTH = 80


def status(now: records.Standing) -> str:
    """Where the truce stands, in ten lines of at most 80 columns."""
    us, cn = now.duties
    rows = [
        ("As of", f"{wording.day(now.as_of)}; information up to {wording.day(now.observed)}, edition {catalogue.edition().version}"),
        ("Truce", truce_clock.line(now.truce)),
        ("US duty", country_wide.line(us, now.peaks)),
        ("China duty", country_wide.line(cn, now.peaks)),
        ("Ahead", duty_moves.line(tariffs.duty_moves(now.ahead))),
        ("Talks", _talks(now.meeting)),
        ("Accused", _accused(now.accusations)),
        ("Rare earths", mining.line(now.mined)),
        ("China trade", growth.china_line(trade.headline_growth(now.headlines))),
        ("Next", _next(now)),
    ]
    return forms.plain(f"{name:<12}{textwrap.shorten(words, WIDTH - 12, placeholder=' …')}" for name, words in rows)


class _Change(NamedTuple):
    known_on: pd.Timestamp
    what: str
    before: str
    after: str
    source: str
    url: str


def changes(rows: pd.DataFrame, *, since: date, until: date) -> str:
    """What became known after one day and by another, grouped, with the source of each; rows as `phrases.changes.told` gives them."""
    span = f"Known between {wording.day(since)} and {wording.day(until)}"
    unseen = records.not_looked_for(since, until)
    nothing = "our data have nothing" if unseen else "nothing new"
    lines = [f"{span}: {wording.count(len(rows), 'change') if len(rows) else nothing}", *textwrap.wrap(unseen, 100)]
    for group, part in rows.groupby("group", sort=False):
        name = str(group)
        lines += ["", f"{name[0].upper()}{name[1:]}"]
        for row in each(part, _Change):
            move = f"{row.before} -> {row.after}" if row.before else row.after
            words = f"{wording.day(row.known_on)}  {row.what}" + (f": {move}" if move else "")
            lines += textwrap.wrap(words, 100, initial_indent="  ", subsequent_indent="      ")
            lines += textwrap.wrap("  ".join([row.source, *row.url.split("|")]), 100, initial_indent="      ", subsequent_indent="      ",
                                   break_long_words=False, break_on_hyphens=False)  # fmt: skip
    return forms.plain(lines)


def scenario_list(items: list[dict[str, object]]) -> str:
    """Scenarios of the package, with the question of each, or why one cannot be asked; as `records.suppositions` gives them."""
    lines = []
    for item in items:
        lines += textwrap.wrap(f"{item['name']:<18}{item['refused'] or item['question']}", WIDTH, subsequent_indent=" " * 18)
    return "\n".join(lines)


class _Difference(NamedTuple):
    on: pd.Timestamp
    importer: str
    authority: str
    programme: str
    what: str
    before_frac: float
    after_frac: float


def scenario(found: records.Comparison) -> str:
    """Duties under a scenario and in the comparison, in at most 80 columns."""
    supposed, reference = found.supposed, found.reference
    lines = [
        *_labelled("Supposed", f"{supposed.title}. {supposed.question} {supposed.about}"),
        *_labelled("Against", f"{reference.title}. {reference.question}"),
        *_labelled("As of", f"{wording.day(found.as_of)}; entries of {wording.day(found.on)}; a what-if, not a forecast"),
    ]
    for sentence in forms.beyond(found.as_of):
        lines += _labelled("Evidence", sentence)
    for importer in tariffs.IMPORTERS:
        now, then = found.averages[importer]
        words = (
            f"{wording.percent(now['weighted_frac'])} on average, against {wording.percent(then['weighted_frac'])}; country-wide "
            f"{wording.percent(now['headline_frac'])}, against {wording.percent(then['headline_frac'])}"
        )
        lines += _labelled(f"{sides.short(importer)} duty", words)
    rows = found.differences
    lines += _labelled("Differences", f"{wording.count(rows['programme'].nunique(), 'programme')} within a year")
    for row in each(rows, _Difference):
        duty = wording.duty(row.authority, row.programme)
        words = f"{wording.short_day(row.on)}  {sides.short(row.importer)}  {duty}: {' -> '.join(terms(row))}"
        lines += textwrap.wrap(words, WIDTH, initial_indent="  ", subsequent_indent="      ")
    return forms.plain(lines)


def _labelled(name: str, words: str) -> list[str]:
    # The narrow space before a sign of per cent does not break; only plain spaces are folded.
    plain = re.sub(r"[ \n]+", " ", words)
    return textwrap.wrap(f"{name:<12}{plain}", WIDTH, subsequent_indent=" " * 12)


def _talks(row: pd.Series | None) -> str:
    if row is None:
        return "none held by this day"
    return f"{'today: ' if row['phase_of_event'] == 'open' else ''}{row['title']} ({wording.short_day(row['starts_on'])})"


class _Accusation(NamedTuple):
    actor: str
    published_on: pd.Timestamp


def _accused(rows: pd.DataFrame) -> str:
    parts = [f"{sides.short(row.actor)} {wording.short_day(row.published_on)}" for row in each(rows, _Accusation)]
    return f"last by {wording.listing(parts)}" if parts else "none held by this day"


def _next(now: records.Standing) -> str:
    if now.upcoming is None or now.upcoming_on is None:
        return "no date ahead was known"
    legal, stated = now.upcoming["legal_on"], now.upcoming["stated_on"]
    # Two days for one clock: the one that comes first is told with whose it is, else it would contradict the other.
    whose = "" if pd.isna(legal) or pd.isna(stated) or legal == stated else ", by law" if legal < stated else ", as stated"
    return f"{wording.short_day(now.upcoming_on)}{whose}: {brings(now.upcoming['what'], now.upcoming['kind'])}"
