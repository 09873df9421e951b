"""What a priced list comes to, in lines: rows, money, and the shares of the families, for each importer by itself."""

import textwrap
from collections.abc import Mapping
from datetime import date
from typing import TypedDict

from tradelib import sides, tariffs, wording
from tradelib.tariffs.totals import Figures, OfImporter, Reason, Summary
from tradelib.terminal import forms

_WIDTH = 100
_LEAST_SHARE = 0.0005


class About(TypedDict):
    """What was asked of a list, its summary, and what is to be said, by name, as JSON gives it."""

    as_of: str
    on: str
    importer: str
    scenario: str | None
    scenario_title: str | None
    standing: str
    assumptions: dict[str, object]
    edition: str
    summary: Summary
    said: list[str]


def lines(about: About) -> list[str]:
    """The summary of a priced list.

    Parameters
    ----------
    about : what is told of the list.
    """
    told, count = about["summary"], wording.count
    found = [
        f"{count(told['rows'], 'row')}: {told['answered']} answered, {told['range']} with a range, {told['not_answered']} not answered, "
        f"{told['blank']} blank; {told['repaired']} repaired."
    ]
    named = [item for item in told["importers"] if item["importer"]]
    if len(named) > 1:
        found += _apart(told["importers"])
    else:
        found += _figures(told)
    if told["looks_like_total"]:
        words = "look like a total, and are" if told["looks_like_total"] > 1 else "looks like a total, and is"
        found += [""] if len(named) > 1 else []
        found.append(f"{count(told['looks_like_total'], 'row')} {words} in no sum.")
    if told["reasons"]:
        found += ["", "Not answered:", *_reasons(told["reasons"])]
    as_of = date.fromisoformat(about["as_of"])
    known = f"As known on {wording.day(as_of)}"
    if about["scenario"]:
        known += f"; rates are those of the scenario {about['scenario']}, a what-if, not a forecast"
    said = [line for text in about["said"] for line in textwrap.wrap(str(text), _WIDTH)]
    return [*found, "", *textwrap.wrap(" ".join([f"{known}.", *forms.beyond(as_of)]), _WIDTH), *said]


def rows(about: About) -> list[dict[str, object]]:
    """The figures of the summary as rows of a table, one an importer; one in all where no row names one."""
    told = about["summary"]
    lead: dict[str, object] = {"scenario": about["scenario"]} if about["scenario"] else {}
    items: list[Mapping[str, object]] = [*told["importers"]]
    if len(items) <= 1:
        items = [{"importer": item["importer"]} | dict(told) for item in items] or [told]
    return [lead | {name: value for name, value in item.items() if not isinstance(value, list)} for item in items]


def _apart(importers: list[OfImporter]) -> list[str]:
    """The figures of each importer; what two governments collect has no sum."""
    found = []
    for item in importers:
        side = item["importer"]
        who = f"Duty of {sides.name(side)}" if side else "No importer that can be read"
        found += ["", f"{who}, {wording.count(item['rows'], 'row')}:", *_figures(item)]
    return found


def _figures(told: Figures) -> list[str]:
    if told["value_usd"] is not None:
        return _money(told)
    if told["mean_frac"] is not None:
        return [f"No values are given; the plain mean of the answered rows is {share(told['mean_frac'])}."]
    return []


def _money(told: Figures) -> list[str]:
    titles = tariffs.family_titles()
    found = [
        f"Customs value {_usd(told['value_usd'])}: answered {_usd(told['value_answered_usd'])}, "
        f"with a range {_usd(told['value_range_usd'])}, not answered {_usd(told['value_not_answered_usd'])}."
    ]
    if told["value_unread"]:
        found.append(f"The value of {wording.count(told['value_unread'], 'row')} cannot be read, and is in no sum.")
    if told["rate_frac"] is not None:
        found.append(f"Duty {_usd(told['duty_usd'])}, {share(told['rate_frac'])} of the value answered.")
    low, high = told["duty_low_usd"], told["duty_high_usd"]
    if high is None and told["range_open"]:
        found.append(
            f"With ranges, and with what the law leaves open: at least {_usd(low)}; the duty of "
            f"{wording.count(told['range_open'], 'row')} has no upper end that is known, such as an amount a unit."
        )
    elif low is not None and high is not None and high - low >= 1:
        found.append(f"With ranges, and with what the law leaves open: from {_usd(low)} to {_usd(high)}.")
    for item in told["families"]:
        if item["duty_usd"] and item["share_frac"] is not None:
            name = titles.get(item["family"], item["family"])
            found.append(f"{_usd(item['duty_usd']):>18}  {share(item['share_frac']):>7} of the duty  {name}")
    return [line for text in found for line in (textwrap.wrap(text, _WIDTH) if text[0] != " " else [text])]


def share(fraction: float) -> str:
    """A fraction as per cent; one that is there and rounds to nothing says so.

    Examples
    --------
    >>> share(0.0001).replace(wording.THIN, " "), share(0.0).replace(wording.THIN, " ")
    ('< 0.1%', '0%')
    """
    return f"< {wording.percent(0.001)}" if 0 < fraction < _LEAST_SHARE else wording.percent(fraction)


def _reasons(reasons: list[Reason]) -> list[str]:
    found = []
    for item in reasons:
        more = f" ({item['rows']} rows)" if item["rows"] > 1 else ""
        found += textwrap.wrap(f"{item['reason']}{more}", _WIDTH, initial_indent="  ", subsequent_indent="    ")
    return found


def _usd(value: float | None) -> str:
    if value is None:
        return "not known"
    return "less than $1" if 0 < value < 0.5 else f"${value:,.0f}"  # noqa: PLR2004
