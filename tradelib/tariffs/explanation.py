"""Why one good owes what it owes: its duty on one day of entry, layer by layer."""

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd

from tradelib import hs, ledger
from tradelib.doors import LATEST, Day, Standings, door, opened
from tradelib.shown import Shown
from tradelib.tariffs import (
    chinese_rates,
    codes,
    headings,
    in_transit,
    legal_status,
    metal_content,
    mixtures,
    omissions,
    origins,
    outcomes,
    stacking,
)
from tradelib.tariffs.books import Book
from tradelib.tariffs.law import PAIRS
from tradelib.tariffs.outcomes import Ground
from tradelib.tariffs.prepared import KnownLaw, Prepared
from tradelib.tariffs.rates import open_choices
from tradelib.tariffs.stacking import DECIMALS, DEFAULT, Assumptions
from tradelib.tariffs.tariff_lines import Lines, lines

# Of a range, the measures of one line of so many groups are told.
_TOLD_LINES = 4
_TOLD_GROUPS = 8


@dataclass(frozen=True, eq=False, repr=False)
class Stack(Shown):
    """The duty on one good, layer by layer.

    Attributes
    ----------
    code
        the code asked for.
    lines
        the lines that it names.
    importer, on, as_of
        who collects; day of entry; day of knowledge.
    state
        `in force`, `scheduled` or `by law, not observed`, as for headlines; `supposed` under a scenario.
    mfn_frac, mfn_kind, mfn_text
        the most-favoured-nation rate (NaN: not held), how it is known, and its text.
    mfn_origin
        where the general rate of a Chinese line comes from; None for the United States.
    total_frac
        what is due in all, as a fraction of customs value; NaN where a part is not known, or the lines owe different duties.
    low_frac, high_frac
        the ends between which the duty lies: goods covered or exempt in part counted either way, and for China exclusions and waivers
        granted or not and what is open in the general rate; NaN where the total is.
    layers
        without rows where the lines owe different duties; else one row a measure that names the good: family, measure_id, authority,
        programme, announced_frac (the rate of the text), rate_frac (after stacking), outcome (`applies`, `displaced`, `lower than another`,
        `counted with another`, `exempt`, `suspended`, `in part only`, `rate not known`, `coverage not known`), why, hts_heading (of chapter
        99, to declare), exemption_heading (claimed for what is not due), claimable_heading (open to goods of the line that may be exempt;
        empty where none is held), basis, effective_from, effective_to, instrument, url, known_on, metal_content_frac (share of the value
        that a duty on the metal alone was computed with; NaN for the others).
    trade_usd, share_of_trade
        trade of the year of the weights under the code; NaN where none is held.
    not_modelled
        what the law knows and no table holds, in sentences.
    assumptions
        the choices made.
    filing
        headings of chapter 99 in order of filing, as `headings.filing`; empty for China.
    in_transit
        what goods loaded before a day owe, as `in_transit.earlier_rates`.
    legal_status
        rulings on what is paid, as `legal_status.rulings`.
    how, note
        what the code names, as `codes.Match` has it.
    stated_total_frac
        what would be due if what officials only stated were law; NaN where that makes no difference.
    total_low_frac, total_high_frac
        what is due at least and at most; NaN where that is not known, as for an amount a unit.
    groups
        the lines that owe the same, as `mixtures.groups` gives them; one row where all do, none for a special provision.
    measures
        the layers; of a range those of one line of each group, each measure once.
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
    mfn_origin: chinese_rates.Origin | None
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
    stated_total_frac: float = np.nan
    total_low_frac: float = np.nan
    total_high_frac: float = np.nan
    groups: pd.DataFrame = field(default_factory=pd.DataFrame)
    measures: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def mfn_converted(self) -> str:
        """The general rate as the schedule prints it, where it is no percentage and was turned into a share of value; else empty."""
        return self.mfn_text if self.mfn_kind in ("specific", "compound", "other") else ""

    @property
    def transit_told(self) -> dict[str, pd.DataFrame]:
        """What is told of goods loaded before a day: sentences, and the row behind each."""
        return {said: self.in_transit.iloc[[row]] for row, said in enumerate(in_transit.sentences(self.in_transit, self.importer))}

    @property
    def notices(self) -> tuple[str, ...]:
        """What else is told of this entry, in sentences: goods loaded before a day, and rulings on what is paid."""
        return (*self.transit_told, *legal_status.told(self.legal_status, self.measures))


@door
def explain(
    code: str,
    *,
    on: Day,
    importer: str,
    as_of: Day = LATEST,
    assumptions: Assumptions = DEFAULT,
    standing: Standings = ledger.LAW,
    rates: pd.DataFrame | Book | None = None,
) -> Stack:
    """The duty on one good, layer by layer, and why.

    Parameters
    ----------
    code
        2 to 10 digits, with or without dots. Where the lines that it names owe different duties, the answer is a range.
    on, importer, as_of, assumptions, standing, rates
        as for `line_rates`.

    Raises
    ------
    ParameterError
        a code that is malformed, unknown, or of the other side's schedule; the message names the nearest choices.
    DayError
        a day of entry before the edition begins.
    """
    return explain_of(KnownLaw(importer, as_of, standing=standing, supposed=rates), code, opened(on), assumptions)


def explain_of(law: KnownLaw, code: str, on: date, assumptions: Assumptions) -> Stack:
    """See `explain`."""
    found = codes.match(code, law.importer, on=on)
    if found.how == codes.SPECIAL:
        return _special_provision(found, law, on, assumptions)
    positions, digits = found.positions, _digits(found.lines)
    prepared = law.over(digits)
    over, importer, as_of = prepared.lines, law.importer, law.as_of
    ground = Ground(prepared, on, assumptions)
    duties = prepared.layers(on, assumptions, effects=ground.effects, only=positions)
    groups = mixtures.groups(over, positions, over.mfn(on)[positions], duties)
    total, lowest, highest = mixtures.span(groups)
    is_range = len(groups) > 1
    lowest_of, highest_of = _ends(ground, positions, duties)
    # Lines that owe the same may differ in what is open: the one of which most is open is told, so that nothing open is hidden.
    spread = np.round(highest_of - lowest_of, DECIMALS)
    widest = int(np.nanargmax(spread)) if not np.isnan(spread).all() else 0
    at = int(positions[0 if is_range else widest])
    rows = metal_content.told(outcomes.layers(ground, at), over, at, assumptions)
    low, high = round(float(lowest_of.min()), DECIMALS), round(float(highest_of.max()), DECIMALS)
    lowest_mfn, highest_mfn = (float(end[at]) for end in over.mfn_ends(on))
    measures = _measures(groups, ground) if is_range else rows
    value, share = _trade(found) if law.pair in PAIRS else (np.nan, np.nan)
    return Stack(
        code=found.asked,
        lines=found.codes,
        importer=importer,
        on=on,
        as_of=as_of,
        state=law.state(on),
        mfn_frac=float(over.mfn(on)[at]) if len(np.unique(groups["mfn_frac"])) == 1 else np.nan,
        mfn_kind=str(over.kinds[at]),
        mfn_text=str(over.texts[at]),
        mfn_origin=chinese_rates.origin(str(over.codes[at]), on, str(over.kinds[at]), (lowest_mfn, highest_mfn))
        if importer == "CN"
        else None,
        total_frac=total,
        low_frac=low,
        high_frac=high,
        layers=rows[:0] if is_range else rows,
        trade_usd=value,
        share_of_trade=share,
        not_modelled=(
            *metal_content.idle(rows, assumptions),
            *(() if is_range else omissions.by_exclusions(ground, at)),
            *omissions.always(ground, measures, importer),
            *(() if is_range else omissions.by_buyer(ground, rows, str(over.codes[at]), total)),
            *origins.sentences(measures),
        ),
        assumptions=assumptions,
        filing=headings.filing(rows[:0] if is_range else rows),
        in_transit=in_transit.earlier_rates(
            on=on,
            as_of=as_of,
            total_frac=np.nan if is_range else total,
            total_with=lambda changed: _total_with(changed, ground, at),
        ),
        legal_status=legal_status.rulings(measures, on=on, as_of=as_of),
        how=found.how,
        note=f"{found.note} {'' if is_range else _open_words(over, positions, spread)}".strip(),
        stated_total_frac=np.nan if is_range else _stated(law, ground, digits, at, total),
        total_low_frac=lowest,
        total_high_frac=highest,
        groups=groups,
        measures=measures,
    )


def _special_provision(found: codes.Match, law: KnownLaw, on: date, assumptions: Assumptions) -> Stack:
    """The answer for a code of chapter 98 or 99: what the schedule says, and that the duty is not modelled."""
    return Stack(
        code=found.asked,
        lines=(),
        importer=law.importer,
        on=on,
        as_of=law.as_of,
        state=law.state(on),
        mfn_frac=np.nan,
        mfn_kind="other",
        mfn_text=codes.general_text(found.asked),
        mfn_origin=None,
        total_frac=np.nan,
        low_frac=np.nan,
        high_frac=np.nan,
        layers=pd.DataFrame(columns=[*outcomes.COLUMNS, "metal_content_frac"]),
        trade_usd=np.nan,
        share_of_trade=np.nan,
        not_modelled=(),
        assumptions=assumptions,
        how=found.how,
        note=found.note,
    )


def _measures(groups: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Measures that name lines of a range, each once, where it is paid if it is anywhere."""
    rows = pd.concat([outcomes.layers(ground, int(at)) for at in groups["at"].head(_TOLD_GROUPS)], ignore_index=True)
    return rows.sort_values("rate_frac", ascending=False, kind="stable").drop_duplicates("measure_id").sort_index(ignore_index=True)


def _stated(law: KnownLaw, ground: Ground, digits: int | None, at: int, total: float) -> float:
    """What one line owes in all if what officials only stated is law; NaN where it is counted already, or changes nothing."""
    if law.standing != ledger.LAW or law.supposed is not None:
        return np.nan
    due = _due(KnownLaw(law.pair, law.as_of, standing=ledger.LAW_AND_STATEMENTS).over(digits), ground, at)
    return due if due != total and not np.isnan(due) else np.nan


def _total_with(changed: dict[str, float], ground: Ground, at: int) -> float:
    """What one line owes in all where some measures have other rates."""
    duties = (replace(step, rate_frac=changed.get(step.measure_id, step.rate_frac)) for step in ground.held.active(ground.on))
    return _due(replace(ground.law, book=replace(ground.held, duties=tuple(duties))), ground, at)


def _due(law: Prepared, ground: Ground, at: int) -> float:
    """What one line owes in all under a law, asked as another was."""
    layers = law.layers(ground.on, ground.assumptions, only=np.array([at]))
    return round(float(law.lines.mfn(ground.on)[at] + sum(layer[0] for layer in layers.values())), DECIMALS)


def _open_words(over: Lines, positions: np.ndarray, spread: np.ndarray) -> str:
    """Which of several lines that owe the same are those of which more is open; empty where all are alike."""
    most = spread == np.nanmax(spread) if not np.isnan(spread).all() else np.ones(len(spread), dtype=bool)
    if most.all():
        return ""
    names = [hs.dotted(str(code)) for code in over.codes[positions[most]]]
    more = f" and {len(names) - _TOLD_LINES} more" if len(names) > _TOLD_LINES else ""
    return f"What is open concerns {', '.join(names[:_TOLD_LINES])}{more}; the layers told are those of {names[0]}."


def _ends(ground: Ground, positions: np.ndarray, duties: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """(lowest, highest) total duty of each line under every way to count what the law leaves open; the metal share stays as assumed."""
    over = ground.law.lines
    lowest = highest = stacking.added(duties, len(positions))
    for choice in open_choices(over.importer, ground.assumptions):
        if choice != ground.assumptions:
            due = stacking.added(ground.law.layers(ground.on, choice, only=positions), len(positions))
            lowest, highest = np.minimum(lowest, due), np.maximum(highest, due)
    low, high = (end[positions] for end in over.mfn_ends(ground.on))
    return lowest + low, highest + high


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
    # Under a number of a line that is held and has no trade nothing came in.
    nothing = 0.0 if found.asked[: hs.TARIFF_LINE] in held.index else np.nan
    value = float(trade[under].sum()) if under.start < under.stop else nothing
    return value, value / float(trade.sum())


def _digits(over: Lines) -> int | None:
    """Digits by which `tariff_lines.lines` gives these lines."""
    if over.importer == "US":
        return hs.STATISTICAL_LINE
    return None if over is lines(over.importer) else hs.TARIFF_LINE
