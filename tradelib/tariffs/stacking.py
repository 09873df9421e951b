"""How the duties on one good add up.

One rule for every measure; which measure does what stands in the data:

- `family`: layers of different families add. Within a family `within_family` says whether they add, or one holds: the programme with
  the lowest `priority` number, and among equals the highest rate.
- `basis`: on what a rate falls. `full_value`: the customs value. `metal_content_value`: the metal in the good, of which `Assumptions`
  say how much it is. `metal_content_value_alone`: the same, but the duties that give way do so for the whole good: until
  3 June 2025 the rest of a derivative article was outside the reciprocal duty too (EO 14257 sec. 3(b)(ii)). `floor_total_incl_mfn`: the
  rate tops up the most-favoured-nation rate and adds nothing where that is as high. `suspended`: nothing is collected. `to_be_announced`:
  the rate is not known, and so is the total.
- `yields_to`: families that displace a measure, by as much of the good's value as they fall on.
- `exempt`: scopes of goods that a step leaves out. Those of exclusions from the duty (`excludes_from`) are among them as far as known on
  the day, and are left out only while the exclusion holds; one that a displacing duty names, only until that duty begins: from then on it
  is displaced by as much as the duty falls on.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np

from tradelib.days import shown
from tradelib.errors import ParameterError
from tradelib.tariffs import granted, metal_content
from tradelib.tariffs.books import Book, Step
from tradelib.tariffs.layers import Layer
from tradelib.tariffs.membership import Membership
from tradelib.tariffs.metal_content import ALONE, ON_METAL
from tradelib.tariffs.tariff_lines import Lines

# Two rates that differ by less are the same: binary addition leaves as much behind.
ROUNDING = 1e-9
DECIMALS = 9
FLOOR = "floor_total_incl_mfn"
_UNCOLLECTED = frozenset({"suspended", "ended"})
_ON_METAL = frozenset(ON_METAL)
_Net = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Assumptions:
    """What the law leaves to facts that no table holds.

    Attributes
    ----------
    metal_content_frac
        share of the value of a good that is the metal its duty falls on, for every good that pays on its metal. None, the default: outside
        the metal chapters (72, 73, 74, 76) a share by industry, estimated from duties collected (table `metal_shares`); within them all, as
        customs takes it where the content is not known. `low` and `high`: the ends of the estimate's interval. One half is the flat share
        that the Tax Policy Center used.
    metal_chapters_frac
        the same for goods of the metal chapters alone; None: as above.
    partial_duties
        count a line of which a duty covers only described goods, or goods of a certain use, as covered. Not by default.
    partial_exemptions
        count a line of which only described goods, or a certain use, are exempt as exempt. Not by default.
    exclusions
        for China: `listed` (the default): the lists as they are, no exclusion or waiver counted, for their goods are not held by code;
        `granted`: the answer to Section 301 taken off as far as the WTO counts exclusions, and where waivers are known to be granted;
        `waived`: taken off wherever a buyer may hold a waiver. See `granted`. The lower end for every line is that of `line_rates(...,
        assumptions=Assumptions(exclusions="waived"))`. No effect on the United States.
    claimed_exclusions
        count a line of which an exclusion names described goods as exempt to the share of imports that claims it, where such a share had
        been published; see `exclusions`. Lies between not counting them and `partial_exemptions`. Not by default.
    """

    metal_content_frac: float | str | None = None
    partial_duties: bool = False
    partial_exemptions: bool = False
    metal_chapters_frac: float | None = None
    exclusions: str = granted.LISTED
    claimed_exclusions: bool = False

    def __post_init__(self) -> None:
        if self.exclusions not in granted.EXCLUSIONS:
            message = f"exclusions must be {', '.join(granted.EXCLUSIONS[:-1])} or {granted.EXCLUSIONS[-1]}, not {self.exclusions!r}."
            raise ParameterError(message)
        for name in ("metal_content_frac", "metal_chapters_frac"):
            share = getattr(self, name)
            words = metal_content.ENDS if name == "metal_content_frac" else (None,)
            if share not in words and not (isinstance(share, int | float) and not isinstance(share, bool) and 0 <= share <= 1):
                more = ", or `low` or `high` for the ends of the estimate" if len(words) > 1 else ""
                message = f"{name} must be a fraction from 0 to 1{more}, not {shown(share)}."
                raise ParameterError(message)

    def metal(self, lines: Lines, positions: np.ndarray) -> np.ndarray:
        """Share of metal in the value of some lines, for a duty that falls on the metal alone."""
        given = self.metal_content_frac
        within = self.metal_chapters_frac
        if isinstance(given, int | float):
            return np.where(lines.is_metal[positions], given if within is None else within, given)
        return np.where(lines.is_metal[positions], 1.0 if within is None else within, metal_content.shares(lines, given)[positions])


DEFAULT = Assumptions()


@dataclass(frozen=True, eq=False)
class StepEffect:
    """What one step does to the lines it covers.

    Attributes
    ----------
    step
        the step.
    positions
        lines the step covers after its exemptions.
    offered
        rate it would add to each of them, alone.
    applied
        rate it does add, after the rules of its family and what displaces it.
    """

    step: Step
    positions: np.ndarray
    offered: np.ndarray
    applied: np.ndarray


def stack(
    held: Book,
    lines: Lines,
    scopes: Membership,
    *,
    on: date,
    assumptions: Assumptions = DEFAULT,
    effects: list[StepEffect] | None = None,
    only: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """Duty of every family on every line for one day of entry.

    Parameters
    ----------
    held
        the schedule.
    lines, scopes
        the lines, and the scopes laid over them.
    on
        day of entry.
    assumptions
        what the law leaves open.
    effects
        a list to which one `StepEffect` a step is added, for those who ask why.
    only
        positions of the lines that are asked about, in order; by default all. Few lines cost less.

    Returns
    -------
    dict[str, ndarray]
        {family: rates}, in the order of `held.families`: fractions of the customs value after stacking, one a line that is asked about; NaN
        where the rate of a step that holds is not known.
    """
    if effects is None and only is None:
        return {family: layer.rates for family, layer in layers_of(held, lines, scopes, on=on, assumptions=assumptions).items()}
    layers: dict[str, np.ndarray] = {}
    fallen_on: dict[str, np.ndarray] = {}
    for family, steps in held.by_family(on).items():
        layer, fell, kept = layer_of(
            steps, held, lines, scopes, fallen_on, on=on, assumptions=assumptions, why=effects is not None, only=only
        )
        layers[family], fallen_on[family] = layer, fell
        if effects is not None:
            effects.extend(kept)
    return layers


def layers_of(held: Book, lines: Lines, scopes: Membership, *, on: date, assumptions: Assumptions = DEFAULT) -> dict[str, Layer]:
    """Duty of every family on every line for one day of entry, as `stack` gives it, each layer worked out once; not to be changed."""
    layers: dict[str, Layer] = {}
    fallen_on: dict[str, np.ndarray] = {}
    for family, steps in held.by_family(on).items():
        nets = [_net(step, held, scopes, on, assumptions) for step in steps]
        make = partial(layer_of, steps, held, lines, scopes, fallen_on, on=on, assumptions=assumptions)
        layers[family] = scopes.remembered.get(_depends_on(family, steps, nets, lines, scopes, layers, on, assumptions), make)
        fallen_on[family] = layers[family].fell
    return layers


def _depends_on(
    family: str,
    steps: list[Step],
    nets: list[_Net],
    lines: Lines,
    scopes: Membership,
    layers: Mapping[str, Layer],
    on: date,
    assumptions: Assumptions,
) -> tuple[object, ...]:
    """All that the layer of a family depends on. Nets are kept by the scopes, and so are told apart by where they are."""
    bases = {step.basis for step in steps}
    before = sorted({name for step in steps for name in step.yields_to})
    return (
        tuple((step.terms, id(net)) for step, net in zip(steps, nets, strict=True)),
        tuple(layers[name].number for name in before if name in layers),
        (assumptions.metal_content_frac, assumptions.metal_chapters_frac) if bases & _ON_METAL else None,
        lines.rates_since(on)[0] if FLOOR in bases else None,
        scopes.granted(on, assumptions.exclusions).tobytes() if steps and _takes_off(family, assumptions) else None,
    )


def layer_of(
    steps: list[Step],
    held: Book,
    lines: Lines,
    scopes: Membership,
    fallen_on: Mapping[str, np.ndarray],
    *,
    on: date,
    assumptions: Assumptions,
    why: bool = False,
    only: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, list[StepEffect]]:
    """Duty of one family on every line.

    Parameters
    ----------
    steps
        those of the family that hold on the day of entry.
    held, lines, scopes, on, assumptions, only
        as for `stack`.
    fallen_on
        share of the value of each line that the families before fall on.
    why
        also the effects of steps that cover no line asked about.

    Returns
    -------
    tuple[ndarray, ndarray, list[StepEffect]]
        (rates, shares of value it falls on, effects).
    """
    offers = [_offer(step, _net(step, held, scopes, on, assumptions), lines, on, assumptions, only) for step in steps]
    if not why:
        offers = [offer for offer in offers if len(offer.positions)]
    one_holds = any(step.within_family == "highest" for step in steps)
    layer, fell, kept = _combine(offers, len(lines.codes if only is None else only), fallen_on, one_holds=one_holds)
    if steps and _takes_off(steps[0].family, assumptions):
        layer, kept = _less_granted(layer, kept, scopes.granted(on, assumptions.exclusions), only)
    return layer, fell, kept


def _takes_off(family: str, assumptions: Assumptions) -> bool:
    """Whether exclusions and waivers of China take some of a family off."""
    return family == granted.FAMILY and assumptions.exclusions != granted.LISTED


def added(layers: dict[str, np.ndarray], size: int) -> np.ndarray:
    """Sum of the duties of all families on every line."""
    total = np.zeros(size)
    for layer in layers.values():
        total += layer
    return total


@dataclass(frozen=True, eq=False)
class _Offer:
    """What a step would add: on which lines, at which places among those asked about these stand, rates, shares of value."""

    step: Step
    positions: np.ndarray
    places: np.ndarray
    rates: np.ndarray
    falls_on: np.ndarray


def _net(step: Step, held: Book, scopes: Membership, on: date, assumptions: Assumptions) -> _Net:
    """Lines that a step covers less what is exempt, and how much of each."""
    exempt = held.exemptions(step, on) if step.exempt else ()
    return scopes.net(
        step.scopes,
        exempt,
        on=on,
        partial=assumptions.partial_duties,
        partial_exempt=assumptions.partial_exemptions,
        claimed=held.claimed(exempt) if assumptions.claimed_exclusions else (),
    )


def _offer(step: Step, net: _Net, lines: Lines, on: date, assumptions: Assumptions, only: np.ndarray | None) -> _Offer:
    """What a step would add to the lines it covers, and the share of their value it falls on."""
    positions, shares = net
    places = positions
    if only is not None:
        positions, places, shares = _among(only, positions, shares)
    rates, falls_on = _rates(step, lines, on, assumptions, positions, shares)
    return _Offer(step, positions, places, rates, falls_on)


def _among(only: np.ndarray, positions: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(lines covered among those asked about, their places among these, shares)."""
    found = np.searchsorted(positions, only)
    there = positions.take(found, mode="clip") == only if len(positions) else np.zeros(len(only), dtype=bool)
    places = np.flatnonzero(there)
    return only[places], places, shares[found[places]]


def _rates(
    step: Step, lines: Lines, on: date, assumptions: Assumptions, positions: np.ndarray, shares: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(rate of a step, share of the value it falls on) on each line it covers."""
    if step.basis == "full_value":
        return step.rate_frac * shares, shares
    if step.basis in ON_METAL:
        metal = shares * assumptions.metal(lines, positions)
        return step.rate_frac * metal, shares if step.basis == ALONE else metal
    if step.basis == FLOOR:
        return np.maximum(step.rate_frac - lines.mfn_on(on)[positions], 0.0) * shares, shares
    if step.basis in _UNCOLLECTED:
        nothing = np.zeros(len(positions))
        return nothing, nothing
    # Announced, but without a rate: the total of these lines is not known.
    return np.full(len(positions), math.nan), shares


def _combine(
    offers: list[_Offer], size: int, fallen_on: Mapping[str, np.ndarray], *, one_holds: bool
) -> tuple[np.ndarray, np.ndarray, list[StepEffect]]:
    """(layer, share of the value it falls on, effects) of one family."""
    layer, fell = np.zeros(size), np.zeros(size)
    holder = np.full(size, -1) if one_holds else None
    if holder is not None:
        _choose(offers, holder)
    kept = []
    for number, offer in enumerate(offers):
        applied, falls_on = offer.rates, offer.falls_on
        if holder is not None:
            holds = holder[offer.places] == number
            applied, falls_on = np.where(holds, applied, 0.0), np.where(holds, falls_on, 0.0)
        if offer.step.yields_to:
            taken = sum(fallen_on[family][offer.places] for family in offer.step.yields_to if family in fallen_on)
            left = 1.0 - np.minimum(taken, 1.0)
            applied, falls_on = applied * left, falls_on * left
        layer[offer.places] += applied
        fell[offer.places] += falls_on
        kept.append(StepEffect(offer.step, offer.positions, offer.rates, applied))
    return layer, fell, kept


def _less_granted(
    layer: np.ndarray, kept: list[StepEffect], taken: np.ndarray, only: np.ndarray | None
) -> tuple[np.ndarray, list[StepEffect]]:
    """(layer, effects) of China's answer to Section 301 without the share that exclusions and waivers take off each line."""
    left = 1.0 - taken
    return layer * (left if only is None else left[only]), [
        replace(effect, applied=effect.applied * left[effect.positions]) for effect in kept
    ]


def _choose(offers: list[_Offer], holder: np.ndarray) -> None:
    """Write into `holder` the number of the offer that holds on each line: lowest priority, then highest rate, then measure name."""
    best = np.full(len(holder), -1.0)
    ranked = sorted(range(len(offers)), key=lambda number: (_rank(offers[number].step), offers[number].step.measure_id))
    decided = np.zeros(len(holder), dtype=bool)
    rank = None
    for number in ranked:
        offer = offers[number]
        if rank is not None and _rank(offer.step) != rank:
            decided = holder >= 0
        rank = _rank(offer.step)
        if offer.step.basis in _UNCOLLECTED:
            continue
        at = offer.places
        # An unknown rate must not hide behind a known one.
        rates = np.where(np.isnan(offer.rates), math.inf, offer.rates)
        better = ~decided[at] & (rates > best[at])
        holder[at[better]] = number
        best[at[better]] = rates[better]


def _rank(step: Step) -> float:
    return math.inf if math.isnan(step.priority) else step.priority
