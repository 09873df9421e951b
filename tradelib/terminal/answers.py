"""Answers of the commands `rate` and `average`, as a table to read, JSON or CSV.

Field names of JSON and CSV are stable: others build on them.
"""

import math
import textwrap
from datetime import date
from typing import NamedTuple

import pandas as pd

from tradelib import catalogue, hs, sides, tariffs, wording
from tradelib.phrases import chinese_rate
from tradelib.rows import each
from tradelib.show import display
from tradelib.tariffs import general_rate
from tradelib.terminal import forms

_WIDTH = 100
# Rates that differ by less print alike.
_ROUNDING = 1e-9
# Of a range, so many duties and so many lines of each are named.
_SHOWN_GROUPS = 12
_SHOWN_LINES = 4


def rate(stack: tariffs.Stack, form: str) -> str:
    """The duty on one good, layer by layer.

    Parameters
    ----------
    stack : as `tariffs.explain` gives it.
    form : `table`, `json` or `csv`.

    Returns
    -------
    JSON: on, as_of, importer, code, how and note (what the code names), lines, state, total_frac, total_low_frac and total_high_frac (the
    range, where lines owe different duties), low_frac and high_frac (the ends, as what is open is counted), stated_total_frac (if what
    officials only stated were law), groups (the lines that owe the same: lines, total_frac, mfn_frac, a field a family), layers, filing
    (chapter 99 headings in order of filing), in_transit (what goods loaded before a day owe), legal_status (rulings on what is paid),
    trade_2024_usd, not_modelled, assumptions, edition. A layer has family and rate_frac, and the fields of `tariffs.Stack.layers`; the
    most-favoured-nation rate is the first; a range has no layers, no filing and no in_transit.
    CSV: one row a layer, with what is told of its legal status; of a range one row a line and family. Rates are fractions of customs
    value; null or empty where one is not held.
    """
    layers = _layers(stack) if len(stack.groups) == 1 else []
    if form == "csv" and not layers:
        return forms.as_csv(_range_rows(stack), ["on", "as_of", "importer", "code", *_LAYER_FIELDS])
    if form == "csv":
        lead = {"on": stack.on, "as_of": stack.as_of, "importer": stack.importer, "code": stack.code}
        rows = [lead | layer._asdict() | {"legal_status": _ruled(stack.legal_status, layer)} for layer in layers]
        return forms.as_csv(rows, ["on", "as_of", "importer", "code", *_LAYER_FIELDS, "legal_status"])
    if form == "json":
        return forms.as_json(
            {
                "on": stack.on,
                "as_of": stack.as_of,
                "importer": stack.importer,
                "code": stack.code,
                "how": stack.how,
                "note": stack.note,
                "lines": list(stack.lines),
                "state": stack.state,
                "total_frac": stack.total_frac,
                "total_low_frac": stack.total_low_frac,
                "total_high_frac": stack.total_high_frac,
                "groups": stack.groups.drop(columns="at", errors="ignore").to_dict("records"),
                "low_frac": stack.low_frac,
                "high_frac": stack.high_frac,
                "stated_total_frac": stack.stated_total_frac,
                "layers": [layer._asdict() for layer in layers],
                "filing": stack.filing.to_dict("records"),
                "in_transit": stack.in_transit.to_dict("records"),
                "legal_status": stack.legal_status.to_dict("records"),
                "trade_2024_usd": stack.trade_usd,
                "not_modelled": list(stack.not_modelled),
                "assumptions": vars(stack.assumptions),
                "edition": catalogue.edition().version,
            }
        )
    return _rate_table(stack, layers)


class _Asked(NamedTuple):
    on: date
    as_of: date
    importer: str
    weights: str


def average(
    measures: pd.Series,
    parts: pd.DataFrame,
    form: str,
    *,
    as_of: date,
    weighing: tariffs.Weighting,
    assumptions: tariffs.Assumptions | None = None,
) -> str:
    """Measures of protection of one importer on one day, with the parts of the weighted average.

    Parameters
    ----------
    measures : one row of `tariffs.averages`.
    parts : as `tariffs.contributions` gives them, by family or section; empty for none.
    form : `table`, `json` or `csv`.
    as_of : day of knowledge.
    weighing : the trade that weights the lines; what of it found no line is said.
    assumptions : the choices made; the default ones where none are given.

    Returns
    -------
    JSON: on, as_of, importer, state, weights, total_frac (the weighted average), the other measures, assumptions, and `families` (family,
    rate_frac) or `sections` (section, trade_frac, average_frac, rate_frac). CSV: one row a part, or one row where none are asked for.
    """
    assumptions = assumptions or tariffs.Assumptions()
    asked = _Asked(measures["on"].date(), as_of, measures["importer"], weighing.name)
    lead: dict[str, object] = asked._asdict()
    figures = {name: float(measures[name]) for name in _AVERAGE_FIELDS}
    total = {"total_frac": float(measures["weighted_frac"])}
    kind = None if parts.empty else parts.columns[0]
    if form == "csv":
        rows = [lead | row for row in forms.records(parts)] if kind else [lead | total | figures]
        return forms.as_csv(rows, list(rows[0]))
    if form == "json":
        lists = {"family": "families", "section": "sections"}
        more = {lists[kind]: parts.to_dict("records")} if kind else {}
        head = lead | {"state": measures["state"]} | total | figures | {"assumptions": vars(assumptions)}
        head |= {"unmatched_codes": weighing.lost} if weighing.name == "own" else {}
        return forms.as_json(head | more | {"edition": catalogue.edition().version})
    return _average_table(measures, parts, asked, assumptions, weighing.words)


def averages(
    table: pd.DataFrame, form: str, *, as_of: date, weighing: tariffs.Weighting, assumptions: tariffs.Assumptions | None = None
) -> str:
    """Measures of protection of one importer on several days.

    Parameters
    ----------
    table : as `tariffs.averages` gives it.
    form : `table`, `json` or `csv`.
    as_of, weighing, assumptions : as for `average`.

    Returns
    -------
    CSV: one row a day: on, as_of, importer, weights, state, total_frac, the other measures, mfn_frac and one column a family, which add
    up to total_frac. JSON: the same rows in `days`, what they share before them.
    """
    importer = str(table["importer"].iloc[0])
    families = [name for name in ("mfn_frac", *tariffs.family_titles()) if name in table]
    rows = table.rename(columns={"weighted_frac": "total_frac"})[["on", "state", "total_frac", *_AVERAGE_FIELDS, *families]]
    if form == "csv":
        told = rows.assign(on=rows["on"].dt.strftime("%Y-%m-%d"), as_of=as_of, importer=importer, weights=weighing.name)
        return display.csv_text(told[["on", "as_of", "importer", "weights", *rows.columns[1:]]]).rstrip("\n")
    if form == "json":
        lost = {"unmatched_codes": weighing.lost} if weighing.name == "own" else {}
        shared = {"as_of": as_of, "importer": importer, "weights": weighing.name}
        shared |= {"assumptions": vars(assumptions or tariffs.Assumptions())}
        return forms.as_json(shared | lost | {"days": rows.to_dict("records"), "edition": catalogue.edition().version})
    known = f"as known on {wording.day(as_of)}; weighted with {_trade(importer, weighing.name)}"
    lines = [_side(importer), known, *forms.beyond(as_of), ""]
    shown = ["total_frac", "headline_frac", "simple_frac", "covered_frac", "lowest_frac", "highest_frac"]
    titles = ["Weighted", "Headline", "Simple", "Covered", "Lowest", "Highest"]
    lines.append(f"{'Day of entry':<12}" + "".join(f"{title:>11}" for title in titles) + "  State")
    for row in rows.to_dict("records"):
        cells = "".join(f"{wording.percent(row[name], digits=2, trim=False):>11}" for name in shown)
        lines.append(f"{row['on']:%Y-%m-%d}  {cells}  {row['state']}")
    return forms.plain([*lines, *_said(weighing.words)])


def _side(importer: str) -> str:
    return sides.pair(importer).duties


def _trade(importer: str, name: str) -> str:
    if name == "own":
        return "trade of your own"
    return f"{'US imports from China' if importer == 'US' else 'US exports to China'} of {name}"


def _said(sentence: str) -> list[str]:
    return ["", *textwrap.wrap(sentence, _WIDTH)] if sentence else []


class _Layer(NamedTuple):
    """A layer of a duty, in the order of its fields in JSON and CSV."""

    family: str
    rate_frac: float
    measure_id: str | None = None
    authority: str | None = None
    programme: str | None = None
    announced_frac: float | None = None
    outcome: str | None = None
    why: str | None = None
    effective_from: pd.Timestamp | None = None
    effective_to: pd.Timestamp | None = None
    instrument: str | None = None
    url: str | None = None
    known_on: pd.Timestamp | None = None
    metal_content_frac: float | None = None
    hts_heading: str | None = None
    exemption_heading: str | None = None
    claimable_heading: str | None = None


_LAYER_FIELDS = list(_Layer._fields)
_AVERAGE_FIELDS = [
    "headline_frac", "simple_frac", "additional_frac", "uniform_frac", "covered_frac", "lowest_frac", "highest_frac", "granted_frac",
    "claimed_frac",
    "matched_frac", "certain_frac",
]  # fmt: skip


def _layers(stack: tariffs.Stack) -> list[_Layer]:
    first = _Layer("mfn", **general_rate.row(stack.importer, stack.mfn_frac, why=_mfn_words(stack)))
    return [first, *each(stack.layers.reindex(columns=_LAYER_FIELDS).astype(object), _Layer)]


def _mfn_words(stack: tariffs.Stack) -> str:
    if math.isnan(stack.mfn_frac):
        if stack.mfn_text:
            return f"the schedule prints {stack.mfn_text}; as a share of value it is not known"
        return "not held: the total is not known"
    if stack.mfn_origin:
        return chinese_rate.words(stack.mfn_origin)
    if stack.mfn_converted:
        return f"{stack.mfn_converted}; as a share of value by the duties of 2024"
    return stack.mfn_text


def _rate_table(stack: tariffs.Stack, layers: list[_Layer]) -> str:
    ends = sides.pair(stack.importer)
    side = f"{ends.importer.name} on a good of {ends.exporter.name}"
    lines = [
        f"{hs.dotted(stack.code)}: duty of {side}, entered {wording.day(stack.on)}",
        f"as known on {wording.day(stack.as_of)} ({stack.state})",
        *forms.beyond(stack.as_of),
        "",
    ]
    if stack.note:
        lines += [*textwrap.wrap(stack.note, _WIDTH), ""]
    for layer in layers:
        lines += _layer_lines(layer)
    if layers:
        lines += [f"{_total_words(stack.groups.iloc[0]):>10}  in total, of customs value", *_ends_line(stack), *_stated_line(stack), ""]
    elif len(stack.groups):
        lines += _range_lines(stack)
    for said in (*_filed(stack.filing), *stack.notices):
        lines += [*textwrap.wrap(said, _WIDTH), ""]
    if layers and len(stack.lines) > 1:
        lines += [f"All {len(stack.lines)} tariff lines under this code owe the same.", ""]
    lines += [line for said in stack.not_modelled for line in textwrap.wrap(said, _WIDTH)]
    return forms.plain(lines)


def _total_words(group: pd.Series) -> str:
    """The duty of lines that owe the same: a percentage, and beside it an amount a unit where the general rate is one."""
    if not math.isnan(group["total_frac"]):
        return wording.percent(group["total_frac"], digits=2)
    if not group["specific"] or math.isnan(group["low_frac"]):
        return "not known"
    amount = group["specific"]
    return f"{wording.percent(group['low_frac'], digits=2)} and {tariffs.amount_beside(amount)}"


def _ends_line(stack: tariffs.Stack) -> list[str]:
    """Between what the duty lies as the law's open questions are answered, where that changes it."""
    if not stack.high_frac - stack.low_frac > _ROUNDING:
        return []
    ends = " to ".join(wording.percent(end, digits=2) for end in (stack.low_frac, stack.high_frac))
    return [f"{'':>10}  {ends}, as what is told as open is counted"]


def _stated_line(stack: tariffs.Stack) -> list[str]:
    """What would be due if what officials only stated were law, where that differs."""
    if math.isnan(stack.stated_total_frac):
        return []
    return [f"{wording.percent(stack.stated_total_frac, digits=2):>10}  as officials have stated; no law says so yet (--standing stated)"]


def _range_lines(stack: tariffs.Stack) -> list[str]:
    """The range of a code whose lines owe different duties, with the lines."""
    low, high = stack.total_low_frac, stack.total_high_frac
    if math.isnan(low):
        head = "The duties of the lines under this code differ, and some are not known:"
    elif math.isnan(high):
        head = f"At least {wording.percent(low, digits=2)} of customs value in total; the lines under this code owe different duties:"
    elif low == high:
        head = f"{wording.percent(low, digits=2)} of customs value in total; the lines under this code come to it by different layers:"
    else:
        head = (
            f"From {wording.percent(low, digits=2)} to {wording.percent(high, digits=2)} of customs value in total: the lines under this "
            "code owe different duties:"
        )
    lines = [*textwrap.wrap(head, _WIDTH), ""]
    by_total: dict[str, list[str]] = {}
    for _, group in stack.groups.iterrows():
        by_total.setdefault(_total_words(group), []).extend(hs.dotted(code) for code in group["lines"])
    for words, names in list(by_total.items())[:_SHOWN_GROUPS]:
        more = f" and {len(names) - _SHOWN_LINES} more" if len(names) > _SHOWN_LINES else ""
        lines.append(f"{words:>10}  {', '.join(names[:_SHOWN_LINES])}{more}")
    hidden = len(by_total) - _SHOWN_GROUPS
    if hidden > 0:
        lines.append(f"{'':>10}  and {hidden} more duties between; --format json has all")
    wider = stack.low_frac < low - _ROUNDING or stack.high_frac > high + _ROUNDING
    return [*lines, *(_ends_line(stack) if wider else []), "", "Ask for one of these lines to see why.", ""]


def _range_rows(stack: tariffs.Stack) -> list[dict[str, object]]:
    """One row a line and family, and its total."""
    told = ("total_frac", "low_frac", "high_frac", "mfn_frac", "specific", "at", "lines")
    families = [str(name) for name in stack.groups.columns if name not in told]
    titles = {"mfn": "mfn_frac", **{name: name for name in families}, "total": "total_frac"}
    rows = []
    for at, codes in enumerate(stack.groups.get("lines", ())):
        rates = {name: float(stack.groups[column].iloc[at]) for name, column in titles.items()}
        for code in codes:
            lead = {"on": stack.on, "as_of": stack.as_of, "importer": stack.importer, "code": code}
            rows += [lead | _Layer(name, rate)._asdict() for name, rate in rates.items()]
    return rows


def _layer_lines(layer: _Layer) -> list[str]:
    rate, announced = layer.rate_frac, layer.announced_frac
    shown = "not known" if math.isnan(rate) else wording.percent(rate, digits=2)
    name = f"{layer.programme}" if layer.authority is None else f"{layer.authority}: {layer.programme}"
    if layer.outcome != "applies":
        full = f" ({wording.percent(announced)})" if announced and not math.isnan(announced) else ""
        name += f"{full}, {layer.outcome}"
    elif announced is not None and abs(announced - rate) > _ROUNDING:
        name += f" ({wording.percent(announced)})"
    lines = [f"{shown:>10}  {name}"]
    for text in (_headings(layer), layer.why, layer.instrument, *str(layer.url or "").split("|")):
        if text:
            lines += textwrap.wrap(str(text), _WIDTH, initial_indent=" " * 12, subsequent_indent=" " * 12, break_long_words=False,
                                   break_on_hyphens=False)  # fmt: skip
    return lines


def _headings(layer: _Layer) -> str:
    """Chapter 99 headings of one layer; empty for those that declare none."""
    words = {"": layer.hts_heading, "claimed: ": layer.exemption_heading, "open to exempt goods: ": layer.claimable_heading}
    return "; ".join(f"{text}heading {_one_of(heading)}" for text, heading in words.items() if heading)


class _Filed(NamedTuple):
    authority: str
    programme: str
    role: str
    heading: str


def _filed(filing: pd.DataFrame) -> list[str]:
    named = []
    for row in each(filing, _Filed):
        what = f"{wording.duty(row.authority, row.programme)}{', not due' if row.role == 'exemption' else ''}"
        named.append(f"{_one_of(row.heading) or tariffs.NO_HEADING} ({what})")
    return [f"Chapter 99, in order of filing: {'; '.join(named)}."] if named else []


def _one_of(heading: str) -> str:
    return " or ".join(heading.split("|"))


def _ruled(rulings: pd.DataFrame, layer: _Layer) -> str:
    """What is told of the legal status of one layer."""
    if rulings.empty:
        return ""
    about = rulings["families"].str.split("|").map(lambda names: layer.family in names)
    about |= rulings["measures"].str.split("|").map(lambda names: layer.measure_id in names)
    return "; ".join(rulings.loc[about & rulings["is_told"], "words"])


def _metal_words(asked: _Asked, assumptions: tariffs.Assumptions) -> str:
    basis = tariffs.metal_basis(on=asked.on, as_of=asked.as_of) if asked.importer == "US" else ""
    given = assumptions.metal_content_frac
    if not basis or given is None:
        return basis
    if isinstance(given, str):
        return f"{basis} Here at the {given} end of the estimate."
    return f"Duties on the metal in a good: {100 * given:.4g}% of its value, as given; goods of the metal chapters are taken as all metal."


def _average_table(measures: pd.Series, parts: pd.DataFrame, asked: _Asked, assumptions: tariffs.Assumptions, note: str) -> str:
    from tradelib.stories.averages.tables import (
        measure_titles,  # it brings all tables with it, which a question about one good does without
    )

    lines = [
        f"{_side(asked.importer)}, entered {wording.day(asked.on)}",
        f"as known on {wording.day(asked.as_of)} ({measures['state']}); weighted with {_trade(asked.importer, asked.weights)}",
        *forms.beyond(asked.as_of),
        "",
    ]
    titles = measure_titles(on=asked.on, as_of=asked.as_of)
    lines += [f"{wording.percent(measures[name], digits=2):>10}  {title}" for name, title in titles.items() if pd.notna(measures[name])]
    if not parts.empty:
        lines += ["", "Parts of the weighted average:"]
        kind = parts.columns[0]
        names = tariffs.family_titles() if kind == "family" else {}
        for row in parts.to_dict("records"):
            more = (
                f" ({wording.percent(row['trade_frac'])} of trade at {wording.percent(row['average_frac'])})" if kind == "section" else ""
            )
            lines.append(f"{wording.percent(row['rate_frac'], digits=2):>10}  {names.get(row[kind], row[kind])}{more}")
    if said := _metal_words(asked, assumptions):
        lines += ["", *textwrap.wrap(said, _WIDTH)]
    return forms.plain([*lines, *_said(note)])
