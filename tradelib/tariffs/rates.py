"""The duty of every tariff line on any day, as known on any day; and why one line owes what it owes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd

from tradelib import catalogue, hs, ledger, wording
from tradelib.doors import LATEST, Day, door
from tradelib.errors import DayError, ParameterError
from tradelib.tariffs import (
    chinese_rates,
    codes,
    exclusions,
    granted,
    headings,
    in_transit,
    legal_status,
    metal_content,
    mixtures,
    origins,
    stacking,
)
from tradelib.tariffs.law import check_importer, state
from tradelib.tariffs.membership import Membership, known_membership
from tradelib.tariffs.stacking import DEFAULT, Assumptions, Book, Piece, Step
from tradelib.tariffs.tariff_lines import Lines, lines

MFN = "mfn"
_UNKNOWN = {
    True: ("rate not known", "the text announces a rate and does not name it"),
    False: ("coverage not known", "this code is younger than the list, and whether the list covers it cannot be told"),
}
# Rates are announced in tenths of a per cent at most; below this, a difference is what binary addition leaves behind.
_DECIMALS = 9
_LAYER_COLUMNS = [
    "family", "measure_id", "authority", "programme", "announced_frac", "rate_frac", "outcome", "why", "hts_heading",
    "exemption_heading", "claimable_heading", "basis", "effective_from", "effective_to", "instrument", "url", "known_on",
]  # fmt: skip
# Of a range, the measures of one line of so many groups are told.
_TOLD_GROUPS = 8


@dataclass(frozen=True, eq=False)
class Stack:
    """The duty on one good, layer by layer.

    Attributes
    ----------
    code : the code asked for.
    lines : the lines that it names.
    importer, on, as_of : who collects; day of entry; day of knowledge.
    state : `in force`, `scheduled` or `by law, not observed`, as for headlines.
    mfn_frac, mfn_kind, mfn_text : the most-favoured-nation rate (NaN: not held), how it is known, and its text.
    mfn_remark : where the general rate of a Chinese line comes from, in words; empty for the United States.
    total_frac : what is due in all, as a fraction of customs value; NaN where a part is not known, or the lines owe different duties.
    low_frac, high_frac : the ends between which the duty lies: goods covered or exempt in part counted either way, and for China
        exclusions and waivers granted or not and what is open in the general rate; NaN where the total is.
    layers : without rows where the lines owe different duties; else one row a measure that names the good: family, measure_id, authority,
        programme, announced_frac (the rate of the text), rate_frac (after stacking), outcome (`applies`, `displaced`,
        `lower than another`, `counted with another`, `exempt`,
        `suspended`, `in part only`, `rate not known`, `coverage not known`), why, hts_heading (of chapter 99, to declare),
        exemption_heading (claimed for what is not due), claimable_heading (open to goods of the line that may be exempt; empty where
        none is held), basis, effective_from, effective_to, instrument, url, known_on, metal_content_frac (share of the value that a duty
        on the metal alone was computed with; NaN for the others).
    trade_usd, share_of_trade : trade of the year of the weights under the code; NaN where none is held.
    not_modelled : what the law knows and no table holds, in sentences.
    assumptions : the choices made.
    filing : headings of chapter 99 in order of filing, as `headings.filing`; empty for China.
    in_transit : what goods loaded before a day owe, as `in_transit.earlier_rates`.
    legal_status : rulings on what is paid, as `legal_status.rulings`.
    how, note : what the code names, as `codes.Match` has it.
    total_low_frac, total_high_frac : what is due at least and at most; NaN where that is not known, as for an amount a unit.
    groups : the lines that owe the same, as `mixtures.groups` gives them; one row where all do, none for a special provision.
    measures : the layers; of a range those of one line of each group, each measure once.
    """

    code: str
    lines: tuple[str, ...]
    importer: str
    on: date
    as_of: date
    state: str
    mfn_frac: float
    mfn_kind: str
    mfn_text: str
    mfn_remark: str
    total_frac: float
    low_frac: float
    high_frac: float
    layers: pd.DataFrame
    trade_usd: float
    share_of_trade: float
    not_modelled: tuple[str, ...]
    assumptions: Assumptions
    filing: pd.DataFrame = field(default_factory=pd.DataFrame)
    in_transit: pd.DataFrame = field(default_factory=pd.DataFrame)
    legal_status: pd.DataFrame = field(default_factory=pd.DataFrame)
    how: str = codes.EXACT
    note: str = ""
    total_low_frac: float = np.nan
    total_high_frac: float = np.nan
    groups: pd.DataFrame = field(default_factory=pd.DataFrame)
    measures: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def transit_told(self) -> dict[str, pd.DataFrame]:
        """What is told of goods loaded before a day: sentences, and the row behind each."""
        return {said: self.in_transit.iloc[[row]] for row, said in enumerate(in_transit.sentences(self.in_transit, self.importer))}

    @property
    def notices(self) -> tuple[str, ...]:
        """What else is told of this entry, in sentences: goods loaded before a day, and rulings on what is paid."""
        return (*self.transit_told, *legal_status.told(self.legal_status, self.measures))


@door
def line_rates(
    *,
    on: Day,
    importer: str,
    as_of: Day = LATEST,
    assumptions: Assumptions = DEFAULT,
    standing: tuple[str, ...] = ledger.LAW,
    rates: pd.DataFrame | Book | None = None,
    digits: int | None = None,
) -> pd.DataFrame:
    """Duty of every tariff line of one importer for one day of entry.

    Parameters
    ----------
    on : day of entry, local time of the importer; from the first day of the edition on.
    importer : `US` (goods of China) or `CN` (goods of the US).
    as_of : day of knowledge; nothing announced later counts.
    assumptions : what the law leaves open.
    standing : legal texts only, or `ledger.LAW_AND_STATEMENTS`.
    rates : a schedule of another making, in the shape of `law.schedule`, in place of the one known on `as_of`; bound to the importer by
        `stacking.bind` where it is asked about more than once.
    digits : which lines; see `tariff_lines.lines`. By default those by which averages are made.

    Returns
    -------
    One row a line, indexed by `code`, in order: `mfn_frac`; a column for each family of duties known on `as_of`; `additional_frac`,
    their sum; `total_frac`, with the most-favoured-nation rate. Fractions of customs value; NaN where a rate is not held.

    Raises
    ------
    DayError : a day of entry before the edition begins.
    ParameterError : an importer that is neither.
    """
    held, over, scopes = prepare(on, importer, as_of, standing, rates, digits)
    layers = stacking.stack(held, over, scopes, on=on, assumptions=assumptions)
    mfn = over.mfn(on)
    additional = _sum(layers, len(over.codes))
    columns = {"mfn_frac": mfn, **layers, "additional_frac": additional, "total_frac": mfn + additional}
    return pd.DataFrame(np.column_stack(list(columns.values())), index=over.index, columns=list(columns), copy=False)


@door
def panel(
    *,
    importer: str,
    as_of: Day = LATEST,
    since: Day | None = None,
    until: Day | None = None,
    assumptions: Assumptions = DEFAULT,
    standing: tuple[str, ...] = ledger.LAW,
    rates: pd.DataFrame | Book | None = None,
    layer: str = "total",
) -> pd.DataFrame:
    """Duty of every line on every day on which any duty of the importer changes.

    Parameters
    ----------
    importer, as_of, assumptions, standing, rates : as for `line_rates`.
    since, until : first and last day of entry; by default the edition's first day and the last change that is scheduled.
    layer : `total`, `additional`, `mfn`, or a family.

    Returns
    -------
    Lines in rows (indexed by `code`), days in columns (the first day asked for and every change after it): fractions of customs value.

    Raises
    ------
    DayError, ParameterError : as for `line_rates`; a layer that is not known.
    """
    since = since or catalogue.edition().evidence_from
    held, over, scopes = prepare(since, importer, as_of, standing, rates)
    if layer not in ("total", "additional", MFN, *held.families):
        message = f"layer must be total, additional, mfn or one of {', '.join(held.families)}, not {layer!r}."
        raise ParameterError(message)
    days = change_days(importer=importer, as_of=as_of, since=since, until=until, standing=standing, rates=rates)
    result = np.empty((len(days), len(over.codes)))
    for row, day in enumerate(days):
        if layer == MFN:
            result[row] = over.mfn(day)
            continue
        layers = stacking.stack(held, over, scopes, on=day, assumptions=assumptions)
        result[row] = layers[layer] if layer in layers else _sum(layers, len(over.codes))
        if layer == "total":
            result[row] += over.mfn(day)
    return pd.DataFrame(result.T, index=over.index, columns=pd.DatetimeIndex(days, name="on"), copy=False)


@door
def change_days(
    *,
    importer: str,
    as_of: Day = LATEST,
    since: Day | None = None,
    until: Day | None = None,
    standing: tuple[str, ...] = ledger.LAW,
    rates: pd.DataFrame | Book | None = None,
) -> list[date]:
    """The first day asked for, and every later one on which a duty, a scope or a most-favoured-nation rate of the importer changes."""
    since = since or catalogue.edition().evidence_from
    held, over, scopes = prepare(since, importer, as_of, standing, rates)
    days = {*held.change_days(), *over.mfn_days(), *scopes.change_days(held.scopes())}
    return sorted({since} | {day for day in days if day > since and (until is None or day <= until)})


@door
def explain(
    code: str,
    *,
    on: Day,
    importer: str,
    as_of: Day = LATEST,
    assumptions: Assumptions = DEFAULT,
    standing: tuple[str, ...] = ledger.LAW,
    rates: pd.DataFrame | Book | None = None,
) -> Stack:
    """The duty on one good, layer by layer, and why.

    Parameters
    ----------
    code : 2 to 10 digits, with or without dots. Where the lines that it names owe different duties, the answer is a range.
    on, importer, as_of, assumptions, standing, rates : as for `line_rates`.

    Raises
    ------
    ParameterError : a code that is malformed, unknown, or of the other side's schedule; the message names the nearest choices.
    DayError : a day of entry before the edition begins.
    """
    found = codes.match(code, importer, on=on)
    if found.how == codes.SPECIAL:
        return _special_provision(found, importer, on, as_of, assumptions)
    positions = found.positions
    held, over, scopes = prepare(on, importer, as_of, standing, rates, digits=_digits(found.lines))
    pieces: list[Piece] = []
    layers = stacking.stack(held, over, scopes, on=on, assumptions=assumptions, pieces=pieces)
    mfn = over.mfn(on)
    groups = mixtures.groups(over, positions, mfn, layers)
    total, lowest, highest = mixtures.span(groups)
    at = int(positions[0])
    rows = metal_content.told(_explain_rows(held, scopes, pieces, at, on, assumptions, as_of), over, at, assumptions)
    low, high = _ends(held, over, scopes, on, assumptions, positions)
    general = tuple(float(end[at]) for end in over.mfn_ends(on))
    is_range = len(groups) > 1
    measures = _measures(groups, lambda line: _explain_rows(held, scopes, pieces, line, on, assumptions, as_of)) if is_range else rows
    value, share = _trade(found)
    return Stack(
        code=found.asked,
        lines=found.codes,
        importer=importer,
        on=on,
        as_of=as_of,
        state=state(on, as_of),
        mfn_frac=float(mfn[at]) if groups["mfn_frac"].nunique(dropna=False) == 1 else np.nan,
        mfn_kind=str(over.kinds[at]),
        mfn_text=str(over.texts[at]),
        mfn_remark=chinese_rates.words(str(over.codes[at]), on, str(over.kinds[at]), general) if importer == "CN" else "",
        total_frac=total,
        low_frac=low,
        high_frac=high,
        layers=rows[:0] if is_range else rows,
        trade_usd=value,
        share_of_trade=share,
        not_modelled=(
            *metal_content.idle(rows, assumptions),
            *(() if is_range else _excluded(held, scopes, rows, at, on, as_of)),
            *_not_modelled(held, scopes, measures, importer, on, as_of),
            *(() if is_range else _exclusion_words(rows, str(over.codes[at]), total, on, as_of)),
            *origins.sentences(measures),
        ),
        assumptions=assumptions,
        filing=headings.filing(rows[:0] if is_range else rows),
        in_transit=in_transit.earlier_rates(
            on=on,
            as_of=as_of,
            total_frac=np.nan if is_range else total,
            total_with=lambda changed: _total_with(changed, held, over, scopes, at, on, assumptions),
        ),
        legal_status=legal_status.rulings(measures, on=on, as_of=as_of),
        how=found.how,
        note=found.note,
        total_low_frac=lowest,
        total_high_frac=highest,
        groups=groups,
        measures=measures,
    )


def _total_with(
    changed: dict[str, float], held: Book, over: Lines, scopes: Membership, at: int, on: date, assumptions: Assumptions
) -> float:
    """What one line owes in all where some measures have other rates."""
    duties = tuple(replace(step, rate_frac=changed.get(step.measure_id, step.rate_frac)) for step in held.duties)
    layers = stacking.stack(replace(held, duties=duties), over, scopes, on=on, assumptions=assumptions)
    return round(float(over.mfn(on)[at] + sum(layer[at] for layer in layers.values())), _DECIMALS)


def _special_provision(found: codes.Match, importer: str, on: date, as_of: date, assumptions: Assumptions) -> Stack:
    """The answer for a code of chapter 98 or 99: what the schedule says, and that the duty is not modelled."""
    return Stack(
        code=found.asked,
        lines=(),
        importer=importer,
        on=on,
        as_of=as_of,
        state=state(on, as_of),
        mfn_frac=np.nan,
        mfn_kind="other",
        mfn_text=codes.general_text(found.asked),
        mfn_remark="",
        total_frac=np.nan,
        low_frac=np.nan,
        high_frac=np.nan,
        layers=pd.DataFrame(columns=[*_LAYER_COLUMNS, "metal_content_frac"]),
        trade_usd=np.nan,
        share_of_trade=np.nan,
        not_modelled=(),
        assumptions=assumptions,
        how=found.how,
        note=found.note,
    )


def _measures(groups: pd.DataFrame, explained: Callable[[int], pd.DataFrame]) -> pd.DataFrame:
    """Measures that name lines of a range, each once, where it is paid if it is anywhere."""
    rows = pd.concat([explained(int(at)) for at in groups["at"].head(_TOLD_GROUPS)], ignore_index=True)
    return rows.sort_values("rate_frac", ascending=False, kind="stable").drop_duplicates("measure_id").sort_index(ignore_index=True)


def _trade(found: codes.Match) -> tuple[float, float]:
    """(trade of 2024 under a code in US dollars, its share of all); NaN where none is held, as for a number younger than that."""
    year = "2024"
    if year not in found.lines.weights:
        return np.nan, np.nan
    held = lines(found.lines.importer)
    under = hs.under(found.asked, held.codes)
    if under.start == under.stop and found.how == codes.WHOLE:
        under = hs.under(found.asked[: hs.TARIFF_LINE], held.codes)
    trade = held.weights[year]
    if under.start < under.stop:
        value = float(trade[under].sum())
    else:  # a number of a line under which nothing came in
        value = 0.0 if found.asked[: hs.TARIFF_LINE] in held.index else np.nan
    return value, value / float(trade.sum())


def _digits(over: Lines) -> int | None:
    """Digits by which `tariff_lines.lines` gives these lines."""
    if over.importer == "US":
        return hs.STATISTICAL_LINE
    return None if over is lines(over.importer) else hs.TARIFF_LINE


def prepare(
    on: date,
    importer: str,
    as_of: date,
    standing: tuple[str, ...],
    rates: pd.DataFrame | Book | None,
    digits: int | None = None,
) -> tuple[Book, Lines, Membership]:
    """The schedule, the lines and the scopes over them that a question is about, as known on its day; see `line_rates`."""
    check_importer(importer)
    first = catalogue.edition().evidence_from
    if on < first:
        message = f"The day of entry must be {first} or later, where this edition begins; {on} lies before."
        raise DayError(message)
    # A list changes on a later day where a known text sets a duty for that day, and the schedule asked about has it too.
    law = stacking.book(importer, as_of, standing)
    held = law if rates is None else rates if isinstance(rates, Book) else stacking.bind(rates, importer, claims=law.claims)
    days = law.days if held is law else law.days & held.days
    return held, lines(importer, digits=digits).known(as_of), known_membership(importer, digits, as_of, days)


def _sum(layers: dict[str, np.ndarray], size: int) -> np.ndarray:
    total = np.zeros(size)
    for layer in layers.values():
        total += layer
    return total


def _ends(held: Book, over: Lines, scopes: Membership, on: date, assumptions: Assumptions, positions: np.ndarray) -> tuple[float, float]:
    """(lowest, highest) total duty of lines under every way to count what the law leaves open; the metal share stays as assumed."""
    lowest, highest = np.full(len(positions), np.inf), np.full(len(positions), -np.inf)
    for choice in open_choices(over.importer, assumptions):
        layers = stacking.stack(held, over, scopes, on=on, assumptions=choice)
        due = _sum(layers, len(over.codes))[positions]
        lowest, highest = np.minimum(lowest, due), np.maximum(highest, due)
    low, high = (end[positions] for end in over.mfn_ends(on))
    return round(float((lowest + low).min()), _DECIMALS), round(float((highest + high).max()), _DECIMALS)


def open_choices(importer: str, assumptions: Assumptions, *, exclusions: str = granted.WAIVED) -> list[Assumptions]:
    """The assumptions, and those with each way to count what the law leaves open: goods covered or exempt in part, exclusions of China.

    Parameters
    ----------
    exclusions : the lower way to count China's exclusions; see `granted`.
    """
    ways = dict.fromkeys((assumptions.exclusions, exclusions)) if importer == "CN" else (assumptions.exclusions,)
    return [
        replace(assumptions, partial_duties=duties, partial_exemptions=exempt, exclusions=way)
        for duties in (False, True)
        for exempt in (False, True)
        for way in ways
    ]


def _percent(rate: float) -> str:
    return "a rate that is not held" if np.isnan(rate) else f"{100 * rate:.4g} %"


def _explain_rows(
    held: Book, scopes: Membership, pieces: list[Piece], at: int, on: date, assumptions: Assumptions, as_of: date
) -> pd.DataFrame:
    by_step = {piece.step: piece for piece in pieces}
    applied = {piece.step: _at(piece, at, piece.applied) for piece in pieces}
    rows = []
    for step in held.active(on):
        piece = by_step[step]
        offered = _at(piece, at, piece.offered)
        named = max(scopes.share(scope, on=on, partial=True)[at] for scope in step.scopes)
        if not named:
            continue
        rate = 0.0 if applied[step] is None else applied[step]
        outcome, why = _outcome(step, held, scopes, at, on, offered, applied, assumptions)
        text = held.rows.loc[step.row]
        declared, claimed, possible = headings.of_layer(step, outcome, offered, applied, held, scopes, at, on=on, as_of=as_of)
        rows.append(
            {
                "family": step.family,
                "measure_id": step.measure_id,
                "authority": text["authority"],
                "programme": text["programme"],
                "announced_frac": step.rate_frac,
                "rate_frac": round(rate, _DECIMALS),
                "outcome": outcome,
                "why": why,
                "hts_heading": declared,
                "exemption_heading": claimed,
                "claimable_heading": possible,
                "basis": step.basis,
                "effective_from": text["effective_from"],
                "effective_to": text["effective_to"],
                "instrument": text["instrument"],
                "url": text["url"],
                "known_on": text["known_on"],
            }
        )
    return pd.DataFrame(rows, columns=_LAYER_COLUMNS)


def _at(piece: Piece, at: int, values: np.ndarray) -> float | None:
    """Value of a piece on one line; None where the step does not cover it."""
    place = np.searchsorted(piece.positions, at)
    if place == len(piece.positions) or piece.positions[place] != at:
        return None
    return float(values[place])


def _outcome(
    step: Step, held: Book, scopes: Membership, at: int, on: date, offered: float | None, applied: dict, assumptions: Assumptions
) -> tuple[str, str]:
    """(outcome, why) of one step on one line that its scope names; `applied` holds what each step comes to on the line."""
    if offered is None:
        return _left_out(step, held, scopes, at, on, assumptions)
    if step.basis == "suspended":
        return "suspended", "nothing is collected"
    if np.isnan(offered):
        return _UNKNOWN[bool(np.isnan(step.rate_frac))]
    rate = applied[step]
    rivals = [other for other, value in applied.items() if other is not step and other.family == step.family and (value or 0) > 0]
    if rate == 0 and offered > 0 and rivals and step.within_family == "highest":
        if metal_content.both_owed(step, rivals[0], held):
            return "counted with another", "owed too, each metal on its own content: the share taken as metal is counted once, for both"
        return "lower than another", f"one duty of its kind holds: {held.rows.loc[rivals[0].row, 'programme']}"
    if rate < offered:
        if not any(other.family in step.yields_to and value is not None for other, value in applied.items()):
            return ("exempt" if rate == 0 else "applies"), f"taken off by exclusions or waivers, counted as {assumptions.exclusions}"
        takers = [other for other, value in applied.items() if other.family in step.yields_to and value is not None]
        taker = held.rows.loc[max(takers, key=lambda other: applied[other]).row]
        name = f"{taker['authority']}, {taker['programme']}"
        return (
            ("displaced", f"gives way to {name}") if rate == 0 else ("applies", f"on the part of the value that {name}, does not fall on")
        )
    claimed = _claimed(step, held, scopes, at, on, assumptions)
    said = (_basis_words(step, offered, claimed), "" if claimed else _perhaps_exempt(step, held, scopes, at, on, assumptions))
    return "applies", "; ".join(words for words in said if words)


def _perhaps_exempt(step: Step, held: Book, scopes: Membership, at: int, on: date, assumptions: Assumptions) -> str:
    """Scopes that leave out some goods of the line, which are not counted."""
    if assumptions.partial_exemptions:
        return ""
    named = [scope for scope in held.exemptions(step, on) if scopes.share(scope, on=on, partial=True)[at]]
    return f"goods of this line may be exempt, which is not counted: {'; '.join(scopes.title(scope) for scope in named)}" if named else ""


def _left_out(step: Step, held: Book, scopes: Membership, at: int, on: date, assumptions: Assumptions) -> tuple[str, str]:
    """(outcome, why) of a step that names a line and does not reach it."""
    reached = max(scopes.share(scope, on=on, partial=assumptions.partial_duties)[at] for scope in step.scopes)
    exempt = [scope for scope in held.exemptions(step, on) if scopes.share(scope, on=on, partial=True)[at]]
    if reached and exempt:
        return "exempt", f"on the list: {', '.join(scopes.title(scope) for scope in exempt)}"
    return "in part only", "covers only goods of this line that it describes, or with a certain use; not counted"


def _claimed(step: Step, held: Book, scopes: Membership, at: int, on: date, assumptions: Assumptions) -> float:
    """Share of a line that counts as exempt because imports claim an exclusion of described goods."""
    if not assumptions.claimed_exclusions or assumptions.partial_exemptions:
        return 0.0
    named = held.claimed(held.exemptions(step, on))
    return max((share for scope, share in named if scopes.share(scope, on=on, partial=True)[at]), default=0.0)


def _basis_words(step: Step, offered: float, claimed: float) -> str:
    if claimed:
        return f"{100 * claimed:.3g} % of the imports of such lines claim an exclusion of described goods, and count as exempt"
    if step.basis == "floor_total_incl_mfn":
        return f"tops up the most-favoured-nation rate to {100 * step.rate_frac:.4g} %"
    if step.basis == "full_value" and offered < step.rate_frac:
        return f"covers {100 * offered / step.rate_frac:.3g} % of the tariff lines of this subheading"
    return ""


def _by_shipment(held: Book, scopes: Membership, rows: pd.DataFrame, on: date, as_of: date) -> list[str]:
    """What a duty that holds leaves out by facts of the shipment, which no list of codes can tell."""
    due = {step.measure_id: step for step in held.active(on)}
    titles: dict[str, list[str]] = {}
    for row in rows[rows["rate_frac"].gt(0)].itertuples():
        for scope in held.exemptions(due[row.measure_id], on):
            if not scopes.held(scope):
                heading = headings.to_claim(row.measure_id, scope, on=on, as_of=as_of)
                titles.setdefault(scopes.title(scope), []).append(f"{row.authority} ({heading})" if heading else row.authority)
    return [f"Not due, and not counted here, on {title}: {', '.join(dict.fromkeys(names))}." for title, names in titles.items()]


def _exclusion_words(rows: pd.DataFrame, code: str, total: float, on: date, as_of: date) -> list[str]:
    """The other ends of a Chinese duty, in sentences: exclusions as the WTO counts them, and what a buyer with a waiver owes."""
    layer = float(rows.loc[rows["family"].eq(granted.FAMILY), "rate_frac"].sum())
    if not layer or np.isnan(total):
        return []
    said = []
    share = granted.excluded_share(code, on=on, as_of=as_of)
    if share == 1:
        less = _percent(total - layer)
        said.append(f"The WTO counts the whole subheading as excluded from the answer to Section 301: it then owes {less}.")
    elif share:
        said.append(
            f"The WTO counts {_percent(share)} of the answer to Section 301 on this subheading as excluded; which goods is not known. An "
            f"excluded good owes {_percent(total - layer)}."
        )
    if granted.waivers_hold(on, as_of):
        sources = granted.waiver_rows(code, as_of=as_of)
        why = f" {sources['source'].iloc[-1]}." if len(sources) else ""
        said.append(f"A buyer with a waiver of the answer to Section 301 owes {_percent(total - layer)}.{why}")
    return said


def _excluded(held: Book, scopes: Membership, rows: pd.DataFrame, at: int, on: date, as_of: date) -> list[str]:
    """Exclusions that hold and may leave out goods of a line: those that name it, and those of which no codes are held."""
    active = {step.measure_id: step for step in held.active(on)}
    due = rows.loc[rows["rate_frac"].gt(0), "measure_id"]
    named = dict.fromkeys(scope for measure in due for scope in held.exemptions(active[measure], on) if scope in held.excluding)
    described = {scope: scopes.title(scope) for scope in named if scopes.held(scope) and scopes.share(scope, on=on, partial=True)[at] > 0}
    said = exclusions.told(described, as_of=as_of)
    day = on.toordinal()
    unheld = [step for step in held.exclusions if step.first <= day < step.past and not any(scopes.held(scope) for scope in step.scopes)]
    if unheld and rows["family"].str.contains("s301").any():
        said.append(
            f"{wording.count(len(unheld), 'list')} of exclusions {'holds' if len(unheld) == 1 else 'hold'} on this day of which we have no "
            "codes; a good on one owes less."
        )
    return said


def _not_modelled(held: Book, scopes: Membership, rows: pd.DataFrame, importer: str, on: date, as_of: date) -> tuple[str, ...]:
    """What the law knows about this good and no table holds."""
    said = []
    partial = rows[rows["outcome"].eq("in part only")]
    said += _by_shipment(held, scopes, rows, on, as_of)
    said += [f"{row.authority}, {row.programme}: applies to part of the goods of this line only." for row in partial.itertuples()]
    if importer == "US":
        said.append(
            "Anti-dumping and countervailing duties, the merchandise processing fee and the harbor maintenance fee are not counted."
        )
    else:
        said.append(
            "Value-added and consumption tax, anti-dumping duties, rates within tariff quotas and waivers granted to single importers "
            "are not counted in the total."
        )
    return tuple(said)
