"""Headline rates: the sum of the country-wide layers introduced since 2025, for a generic good.

A generic good is on no list, under no Section 232 programme and exempt from nothing.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd

from tradelib import catalogue, ledger
from tradelib.doors import LATEST, Day, Standings, door, opened, standings
from tradelib.kept import kept
from tradelib.rows import each
from tradelib.shown import Shown
from tradelib.tariffs.law import IMPORTERS, TEXTS_AND_DAYS, changes_ahead, of_pair, schedule
from tradelib.tariffs.prepared import KnownLaw


@dataclass(frozen=True, repr=False)
class Headline(Shown):
    """Country-wide additional duty of one importer on a day, as known on a day.

    Attributes
    ----------
    importer
        `US` (on goods of China) or `CN` (on goods of the US).
    on, as_of
        day of entry; day of knowledge.
    rate_frac
        what the legal texts give, as a fraction of customs value.
    stated_rate_frac
        what it would be if what officials only stated were law; None where that makes no difference.
    state
        `in force`, `by law, not observed` or `scheduled`; see `law.state`.
    unseen
        for the last observed day: what the texts seen make of the rate after it and up to `as_of`; None where nothing changes.
    layers
        one row a layer: family, authority, rate_frac, effective_from, effective_to, instrument, url, known_on.
    stated
        the layers that rest on statements, in the same shape.
    """

    importer: str
    on: date
    as_of: date
    rate_frac: float
    stated_rate_frac: float | None
    state: str
    layers: pd.DataFrame
    stated: pd.DataFrame
    unseen: "Unseen | None" = None


@dataclass(frozen=True, repr=False)
class DutyMove(Shown):
    """A country-wide duty that goes from one rate to another on a day, by legal text.

    Attributes
    ----------
    importer
        `US` or `CN`.
    on
        the day.
    before_frac, after_frac
        the whole country-wide rate on the day before, and on the day.
    is_snap_back
        whether what was suspended returns.
    texts
        the instruments that hold it, each with its link.
    """

    importer: str
    on: date
    before_frac: float
    after_frac: float
    is_snap_back: bool
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, repr=False)
class Unseen(DutyMove):
    """A move on a past day that the evidence does not reach: nobody saw whether it came.

    Its rates are those of the last observed day and, by the texts, of the day of knowledge; its day the first on which a text changes one.

    Attributes
    ----------
    stated_to
        day to which officials had said that the earlier rate goes on; None where nobody had.
    observed_on
        last observed day.
    changes
        the rows of `schedule_unseen`.
    """

    stated_to: date | None
    observed_on: date
    changes: pd.DataFrame

    @property
    def changed_on(self) -> date:
        """Its day."""
        return self.on


def duty_moves(changes: pd.DataFrame, *, first_day: bool = False) -> list[DutyMove]:
    """Changes of measures as moves of the whole rate, one a day and a side.

    Parameters
    ----------
    changes
        as `schedule_ahead` gives them.
    first_day
        those of the first day alone, the United States first.
    """
    moves = [
        DutyMove(
            importer=part["importer"].iloc[0],
            on=part["changes_on"].iloc[0].date(),
            before_frac=part["headline_before_frac"].iloc[0],
            after_frac=part["headline_after_frac"].iloc[0],
            is_snap_back=bool(part["is_snap_back"].any()),
            texts=tuple(zip(part["instrument"], part["url"], strict=True)),
        )
        for _, part in changes.groupby(["changes_on", "importer"], sort=False)
    ]
    if not first_day:
        return moves
    return sorted((move for move in moves if move.on == min(each.on for each in moves)), key=lambda move: IMPORTERS.index(move.importer))


@door
@kept(maxsize=64)
def headline(*, on: Day, as_of: Day = LATEST, importer: str) -> Headline:
    """Country-wide additional duty of one importer on a generic good.

    Parameters
    ----------
    on
        day of entry, local time of the importer.
    as_of
        day of knowledge.
    importer
        `US` or `CN`.

    Raises
    ------
    ParameterError
        an importer that is neither.
    """
    return headline_of(KnownLaw(importer, as_of), opened(on))


def headline_of(law: KnownLaw, on: date) -> Headline:
    """See `headline`. Of a law that rests on statements too, or is supposed, nothing else is stated."""
    is_law = law.supposed is None and law.standing == ledger.LAW
    layers = _layers(law.book.rows, on)
    stated = _layers(of_pair(law.pair, law.as_of, ledger.LAW_AND_STATEMENTS), on) if is_law else layers
    rate, with_stated = total(layers), total(stated)
    return Headline(
        importer=law.importer,
        on=on,
        as_of=law.as_of,
        rate_frac=rate,
        stated_rate_frac=None if with_stated == rate else with_stated,
        state=law.state(on),
        layers=layers,
        stated=stated[stated["standing"].eq("statement")].reset_index(drop=True),
        unseen=_unseen(law, rate) if is_law and on == catalogue.observed_through(law.as_of) < law.as_of else None,
    )


def _unseen(law: KnownLaw, before: float) -> Unseen | None:
    with_stated, as_of = of_pair(law.pair, law.as_of, ledger.LAW_AND_STATEMENTS), law.as_of
    changes = _changes(law.book.rows, as_of, ledger.LAW, unseen=True)
    after = total(_layers(law.book.rows, as_of))
    if changes.empty or after == before:
        return None
    stated = _changes(with_stated, as_of, ledger.LAW_AND_STATEMENTS, unseen=False)
    kept = total(_layers(with_stated, as_of)) == before
    first = duty_moves(changes, first_day=True)[0]
    return Unseen(
        **vars(first) | {"before_frac": before, "after_frac": after},
        stated_to=stated["changes_on"].iloc[0].date() if kept and len(stated) else None,
        observed_on=catalogue.observed_through(as_of),
        changes=changes,
    )


@door
def headlines(*, on: Day, as_of: Day = LATEST) -> tuple[Headline, Headline]:
    """Country-wide additional duty of the US and of China, in this order; see `headline`."""
    us, cn = (headline(on=on, as_of=as_of, importer=importer) for importer in IMPORTERS)
    return us, cn


@door
def headline_rate(rates: pd.DataFrame, *, importer: str, on: Day) -> float:
    """Country-wide additional duty of one importer on a day under a schedule, in the shape of `law.book.rows`; a fraction."""
    return total(_layers(rates[rates["importer"].eq(importer)], opened(on)))


@door
def total(layers: pd.DataFrame) -> float:
    """Sum of layers as a fraction: families add; within a family the layers add, or the highest counts, as the measure says."""
    return total_of(zip(layers["family"], layers["rate_frac"], layers["within_family"], strict=True))


def total_of(layers: Iterable[tuple[str, float, str]]) -> float:
    """Sum of layers given as (family, rate, within_family); see `total`."""
    families: dict[str, list[tuple[float, bool]]] = {}
    for family, rate, within in layers:
        families.setdefault(family, []).append((rate, within == "highest"))
    parts = []
    for _, group in sorted(families.items()):
        named = [rate for rate, _ in group if not math.isnan(rate)]
        one_holds = all(highest for _, highest in group)
        parts.append(max(named, default=math.nan) if one_holds else sum(named))
    # Rates are announced in tenths of a per cent at most; rounding removes what binary addition leaves behind.
    return round(float(sum(parts)), 6)


@door
@kept(maxsize=64)
def headline_path(*, importer: str, as_of: Day = LATEST, standing: Standings = ledger.LAW) -> pd.DataFrame:
    """Headline duty of one importer over time, as known on a day.

    Returns
    -------
    DataFrame
        One row an interval, from the first day of the edition, without gaps: importer, effective_from, effective_to (exclusive; NaT =
        open), rate_frac, state (as in `Headline`), instrument (texts of the layers that hold, separated by `; `), url, known_on (the newest
        of their days). Neighbouring intervals differ in rate or state.
    """
    return headline_path_of(KnownLaw(importer, as_of, standing=standing))


def headline_path_of(law: KnownLaw) -> pd.DataFrame:
    """See `headline_path`."""
    ordered = law.book.rows[law.book.rows["is_country_wide"]].sort_values(["effective_from", "measure_id"])
    start = catalogue.edition().evidence_from
    boundary = pd.Timestamp(catalogue.observed_through(law.as_of)) + pd.Timedelta(days=1)
    days = sorted({pd.Timestamp(start), boundary, *map(pd.Timestamp, ledger.change_days(ordered))})
    rows = []
    layers = list(each(ordered, _Layer))
    for day in days:
        held = [layer for layer in layers if layer.holds(day)]
        texts = {layer.instrument: layer.url for layer in held[::-1]}  # of a text the first
        instruments = list(dict.fromkeys(layer.instrument for layer in held))
        rows.append(
            {
                "importer": law.importer,
                "effective_from": day,
                "rate_frac": _rate(held),
                "state": law.state(day.date()),
                "instrument": "; ".join(instruments),
                "url": "|".join(texts[name] for name in instruments),
                "known_on": max((layer.known_on for layer in held), default=pd.NaT),
            }
        )
    path = pd.DataFrame(rows)
    path["known_on"] = path["known_on"].fillna(pd.Timestamp(start))
    path = path[path["rate_frac"].ne(path["rate_frac"].shift()) | path["state"].ne(path["state"].shift())].reset_index(drop=True)
    path.insert(2, "effective_to", path["effective_from"].shift(-1))
    return path


@door
def headline_paths(*, as_of: Day = LATEST, standing: Standings = ledger.LAW) -> dict[str, pd.DataFrame]:
    """Headline path of each importer; see `headline_path`."""
    return {importer: headline_path(importer=importer, as_of=as_of, standing=standing) for importer in IMPORTERS}


@door
def peaks(paths: dict[str, pd.DataFrame]) -> dict[str, pd.Series]:
    """The interval of each headline path with the highest rate that was in force; the first, if several share it."""
    held = {importer: path[path["state"].eq("in force")] for importer, path in paths.items()}
    return {importer: path.iloc[int(path["rate_frac"].to_numpy().argmax())] for importer, path in held.items()}


@door
def first_country_wide_day(paths: dict[str, pd.DataFrame]) -> date:
    """Day on which a country-wide duty of either side first applies, or the first day of the edition where none does."""
    began = [path.loc[path["rate_frac"] > 0, "effective_from"].min() for path in paths.values()]
    began = [day for day in began if pd.notna(day)]
    return min(began).date() if began else catalogue.edition().evidence_from


@door
@kept(maxsize=64, rests_on=TEXTS_AND_DAYS)
def schedule_ahead(*, as_of: Day = LATEST, standing: Standings = ledger.LAW) -> pd.DataFrame:
    """Changes of country-wide duties that the texts known on a day still hold after it.

    Returns
    -------
    DataFrame
        As `ledger.next_changes` after the day of knowledge, with importer, authority, known_on, and the importer's headline rate before and
        after the day (headline_before_frac, headline_after_frac).
    """
    return _changes(schedule(as_of=as_of, standing=standing), opened(as_of), standings(standing), unseen=False)


@door
@kept(maxsize=64, rests_on=TEXTS_AND_DAYS)
def schedule_unseen(*, as_of: Day = LATEST, standing: Standings = ledger.LAW) -> pd.DataFrame:
    """Changes of country-wide duties by texts on past days that the evidence does not reach; empty up to its end. As `schedule_ahead`."""
    return _changes(schedule(as_of=as_of, standing=standing), opened(as_of), standings(standing), unseen=True)


def _changes(rates: pd.DataFrame, as_of: date, standing: tuple[str, ...], *, unseen: bool) -> pd.DataFrame:
    """Changes of country-wide duties in a schedule; see `schedule_ahead` and `schedule_unseen`."""
    whole = rates[rates["is_country_wide"]]
    changes = changes_ahead(whole, as_of=as_of, standing=standing, unseen=unseen)
    # A text that only sets the same rate again changes nothing.
    changes = changes[changes["rate_before_frac"].ne(changes["rate_after_frac"])]
    facts = whole.drop_duplicates("measure_id").set_index("measure_id")
    changes["importer"] = changes["measure_id"].map(facts["importer"])
    changes["authority"] = changes["measure_id"].map(facts["authority"])
    changes["known_on"] = changes["announced_on"]
    ordered = whole.sort_values(["effective_from", "measure_id"])
    layers = {importer: list(each(ordered[ordered["importer"].eq(importer)], _Layer)) for importer in changes["importer"].unique()}
    moves = list(zip(changes["changes_on"], changes["importer"], strict=True))
    before = [_rate(layer for layer in layers[importer] if layer.holds(day - timedelta(days=1))) for day, importer in moves]
    after = [_rate(layer for layer in layers[importer] if layer.holds(day)) for day, importer in moves]
    changes = changes.assign(headline_before_frac=before, headline_after_frac=after)
    return changes[changes["headline_before_frac"] != changes["headline_after_frac"]].reset_index(drop=True)


class _Layer(NamedTuple):
    effective_from: pd.Timestamp
    effective_to: pd.Timestamp
    family: str
    rate_frac: float
    within_family: str
    instrument: str
    url: str
    known_on: pd.Timestamp

    def holds(self, day: pd.Timestamp) -> bool:
        return self.effective_from <= day and (pd.isna(self.effective_to) or day < self.effective_to)


def _rate(layers: Iterable[_Layer]) -> float:
    return total_of((layer.family, layer.rate_frac, layer.within_family) for layer in layers)


def _layers(rates: pd.DataFrame, on: date) -> pd.DataFrame:
    """Country-wide layers of one importer on a day."""
    rows = ledger.in_force(rates[rates["is_country_wide"]], on=on)
    columns = [
        "measure_id", "family", "within_family", "authority", "programme", "rate_frac", "effective_from", "effective_to", "standing",
        "instrument", "url",
        "known_on",
    ]  # fmt: skip
    return rows[columns].sort_values(["effective_from", "measure_id"]).reset_index(drop=True)
