"""Additional duties of both sides: schedules, headline rates, announcements and their states, proposals.

Rates here are statutory: what the law says an entry of a day owes on top of the most-favoured-nation duty. A headline rate is the sum
of the country-wide layers introduced since 2025 for a generic good: one that is on no list, under no Section 232 programme and
exempt from nothing.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from tradelib import catalogue, ledger
from tradelib.errors import ParameterError

IMPORTERS = ("US", "CN")
COUNTRY_WIDE = "all"


@dataclass(frozen=True)
class Headline:
    """Country-wide additional duty of one importer on a day, as known on a day.

    Attributes
    ----------
    importer : `US` (on goods of China) or `CN` (on goods of the US).
    on, as_of : day of entry; day of knowledge.
    rate_frac : what the legal texts give, as a fraction of customs value.
    stated_rate_frac : what it would be if what officials only stated were law; None where that makes no difference.
    state : `in force`; `scheduled` (the day lies after `as_of`); `not verified` (after the end of the evidence, as last scheduled).
    layers : one row a layer: family, authority, rate_frac, effective_from, effective_to, instrument, url, known_on.
    stated : the layers that rest on statements, in the same shape.
    """

    importer: str
    on: date
    as_of: date
    rate_frac: float
    stated_rate_frac: float | None
    state: str
    layers: pd.DataFrame
    stated: pd.DataFrame


def schedule(*, as_of: date, standing: tuple[str, ...] = ledger.LAW) -> pd.DataFrame:
    """Rate of every measure over time, as announced up to a day.

    Parameters
    ----------
    as_of : only announcements made on or before this day count.
    standing : legal texts only (the default), or `ledger.LAW_AND_STATEMENTS`.

    Returns
    -------
    As `ledger.replay`, with importer, authority, programme, family, kind and within_family of the measure, and
    is_country_wide (the step covers every good of the other side).
    """
    measures = catalogue.load("tariff_measures", as_of=as_of)
    steps = catalogue.load("tariff_steps", as_of=as_of)
    return _with_measures(ledger.replay(steps, as_of=as_of, standing=standing), measures)


def headline(*, on: date, as_of: date, importer: str) -> Headline:
    """Country-wide additional duty of one importer on a generic good.

    Parameters
    ----------
    on : day of entry, local time of the importer.
    as_of : day of knowledge.
    importer : `US` or `CN`.

    Raises
    ------
    ParameterError : an importer that is neither.
    """
    _check_importer(importer)
    law = _layers(schedule(as_of=as_of), on=on, importer=importer)
    with_statements = _layers(schedule(as_of=as_of, standing=ledger.LAW_AND_STATEMENTS), on=on, importer=importer)
    rate, stated = total(law), total(with_statements)
    return Headline(
        importer=importer,
        on=on,
        as_of=as_of,
        rate_frac=rate,
        stated_rate_frac=None if stated == rate else stated,
        state=_state(on, as_of),
        layers=law,
        stated=with_statements[with_statements["standing"].ne("instrument")].reset_index(drop=True),
    )


def headlines(*, on: date, as_of: date) -> tuple[Headline, Headline]:
    """Country-wide additional duty of the US and of China, in this order; see `headline`."""
    us, cn = (headline(on=on, as_of=as_of, importer=importer) for importer in IMPORTERS)
    return us, cn


def total(layers: pd.DataFrame) -> float:
    """Sum of layers as a fraction: families add; within a family the layers add, or the highest counts, as the measure says."""
    if layers.empty:
        return 0.0
    parts = [
        group["rate_frac"].max() if group["within_family"].eq("highest").all() else group["rate_frac"].sum()
        for _, group in layers.groupby("family")
    ]
    # Rates are announced in tenths of a per cent at most; rounding removes what binary addition leaves behind.
    return round(float(sum(parts)), 6)


def headline_path(*, importer: str, as_of: date, standing: tuple[str, ...] = ledger.LAW) -> pd.DataFrame:
    """Headline duty of one importer over time, as known on a day.

    Returns
    -------
    One row an interval, from the first day of the edition, without gaps: importer, effective_from, effective_to (exclusive; NaT =
    open), rate_frac, state (as in `Headline`), instrument (texts of the layers that hold, separated by `; `), url, known_on (the
    newest of their days). Neighbouring intervals differ in rate or state.
    """
    _check_importer(importer)
    country_wide = schedule(as_of=as_of, standing=standing)
    country_wide = country_wide[country_wide["is_country_wide"] & country_wide["importer"].eq(importer)]
    start = catalogue.edition().evidence_from
    boundary = pd.Timestamp(catalogue.observed_through(as_of)) + pd.Timedelta(days=1)
    days = sorted({pd.Timestamp(start), boundary, *map(pd.Timestamp, ledger.change_days(country_wide))})
    rows = []
    for day in days:
        layers = _layers(country_wide, on=day.date(), importer=importer)
        texts = layers.drop_duplicates("instrument")
        rows.append(
            {
                "importer": importer,
                "effective_from": day,
                "rate_frac": total(layers),
                "state": _state(day.date(), as_of),
                "instrument": "; ".join(texts["instrument"]),
                "url": "|".join(texts["url"]),
                "known_on": layers["known_on"].max(),
            }
        )
    path = pd.DataFrame(rows)
    path["known_on"] = path["known_on"].fillna(pd.Timestamp(start))
    path = path[path["rate_frac"].ne(path["rate_frac"].shift()) | path["state"].ne(path["state"].shift())].reset_index(drop=True)
    path.insert(2, "effective_to", path["effective_from"].shift(-1))
    return path


def headline_paths(*, as_of: date, standing: tuple[str, ...] = ledger.LAW) -> dict[str, pd.DataFrame]:
    """Headline path of each importer; see `headline_path`."""
    return {importer: headline_path(importer=importer, as_of=as_of, standing=standing) for importer in IMPORTERS}


def peaks(paths: dict[str, pd.DataFrame]) -> dict[str, pd.Series]:
    """The interval of each headline path with the highest rate that was in force; the first, if several share it."""
    held = {importer: path[path["state"].eq("in force")] for importer, path in paths.items()}
    return {importer: path.loc[path["rate_frac"].idxmax()] for importer, path in held.items()}


def first_country_wide_day(paths: dict[str, pd.DataFrame]) -> date:
    """Day on which a country-wide duty of either side first applies, or the first day of the edition where none does."""
    began = [path.loc[path["rate_frac"] > 0, "effective_from"].min() for path in paths.values()]
    began = [day for day in began if pd.notna(day)]
    return min(began).date() if began else catalogue.edition().evidence_from


def list_layers(*, on: date, as_of: date, importer: str = "both") -> pd.DataFrame:
    """Additional duties on lists of goods that hold on a day, apart from the country-wide layers.

    Returns
    -------
    One row a programme: importer, authority, programme, state (`in force` or `suspended`), lowest_rate_frac, highest_rate_frac, measures
    (how many), effective_from (the earliest), instrument, url, known_on; the US first, in order of the first effective day.
    """
    rows = ledger.in_force(schedule(as_of=as_of), on=on)
    rows = rows[rows["importer"].isin(_chosen(importer)) & rows["kind"].eq("duty") & ~rows["is_country_wide"] & rows["rate_frac"].notna()]
    rows = rows.assign(state=rows["basis"].eq("suspended").map({True: "suspended", False: "in force"}))
    grouped = rows.sort_values(["effective_from", "measure_id"]).groupby(["importer", "authority", "programme", "state"], sort=False)
    result = grouped.agg(
        lowest_rate_frac=("rate_frac", "min"),
        highest_rate_frac=("rate_frac", "max"),
        measures=("measure_id", "nunique"),
        effective_from=("effective_from", "min"),
        instrument=("instrument", "last"),
        url=("url", "last"),
        known_on=("known_on", "max"),
    ).reset_index()
    return result.sort_values(["importer", "effective_from", "programme"], ascending=[False, True, True]).reset_index(drop=True)


def announcements(*, as_of: date, since: date | None = None, importer: str = "both", layers: str = "country_wide") -> pd.DataFrame:
    """Announcements of rates, each with its state as known on a day.

    Parameters
    ----------
    as_of : day of knowledge.
    since : only announcements made on or after this day.
    importer : `US`, `CN` or `both`.
    layers : `country_wide` (only the measures that cover every good of the other side) or `all` (every duty).

    Returns
    -------
    One row a step in order of announcement: announced_on, importer, authority, programme, effective_on, rate_frac, basis, state
    (see `ledger.states`), standing, instrument, url, known_on.
    """
    if layers not in ("country_wide", "all"):
        message = f"layers must be country_wide or all, not {layers!r}."
        raise ParameterError(message)
    if since is not None and since > as_of:
        message = f"since must not lie after as_of, and {since} lies after {as_of}."
        raise ParameterError(message)
    measures = catalogue.load("tariff_measures", as_of=as_of)
    steps = catalogue.load("tariff_steps", as_of=as_of)
    steps["state"] = ledger.states(steps, as_of=as_of, on=catalogue.observed_through(as_of))
    rows = _with_measures(steps, measures)
    rows = rows[rows["kind"].eq("duty") & rows["importer"].isin(_chosen(importer))]
    if layers == "country_wide":
        whole = rows.loc[rows["is_country_wide"], "measure_id"].unique()
        rows = rows[rows["measure_id"].isin(whole)]
    if since is not None:
        rows = rows[rows["announced_on"] >= pd.Timestamp(since)]
    columns = [
        "announced_on", "importer", "authority", "programme", "effective_on", "rate_frac", "basis", "is_snap_back", "state", "standing",
        "instrument", "url", "known_on", "measure_id",
    ]  # fmt: skip
    return rows[columns].sort_values(["announced_on", "importer", "measure_id", "effective_on"]).reset_index(drop=True)


def schedule_ahead(*, as_of: date, standing: tuple[str, ...] = ledger.LAW) -> pd.DataFrame:
    """Changes of country-wide duties that the texts known on a day still hold after it.

    Returns
    -------
    As `ledger.next_changes` after the last observed day, with importer, authority, known_on, and the importer's headline rate
    before and after the day (headline_before_frac, headline_after_frac).
    """
    whole = schedule(as_of=as_of, standing=standing)
    whole = whole[whole["is_country_wide"]]
    changes = ledger.next_changes(whole, after=catalogue.observed_through(as_of))
    facts = whole.drop_duplicates("measure_id").set_index("measure_id")
    changes["importer"] = changes["measure_id"].map(facts["importer"])
    changes["authority"] = changes["measure_id"].map(facts["authority"])
    changes["known_on"] = changes["announced_on"]
    before, after = [], []
    for change in changes.itertuples():
        day = change.changes_on.date()
        before.append(total(_layers(whole, on=day - pd.Timedelta(days=1), importer=change.importer)))
        after.append(total(_layers(whole, on=day, importer=change.importer)))
    changes = changes.assign(headline_before_frac=before, headline_after_frac=after)
    return changes[changes["headline_before_frac"] != changes["headline_after_frac"]].reset_index(drop=True)


def ended(*, as_of: date) -> pd.DataFrame:
    """Country-wide duties that a legal text has ended, as known on a day.

    Returns
    -------
    One row a measure in order of the day: importer, authority, programme, ended_on (first day without), last_rate_frac, instrument,
    url, known_on.
    """
    rows = announcements(as_of=as_of)
    last = rows[rows["rate_frac"].notna() & rows["standing"].isin(ledger.LAW) & rows["state"].eq("replaced")]
    last = last.drop_duplicates("measure_id", keep="last").set_index("measure_id")["rate_frac"]
    rows = rows[rows["state"].eq("ended")].rename(columns={"effective_on": "ended_on"})
    rows = rows.assign(last_rate_frac=rows["measure_id"].map(last))
    columns = ["importer", "authority", "programme", "ended_on", "last_rate_frac", "instrument", "url", "known_on"]
    return rows[columns].sort_values(["ended_on", "authority"]).reset_index(drop=True)


def proposals(*, as_of: date) -> pd.DataFrame:
    """Duties threatened, proposed or reported, each in its newest state known on a day.

    Returns
    -------
    One row a proposal, the newest state first: as the table `proposals`, with first_announced_on. None of them is in any schedule.
    """
    rows = catalogue.load("proposals", as_of=as_of)
    first = rows.groupby("proposal_id")["announced_on"].min().rename("first_announced_on").reset_index()
    newest = ledger.newest_versions(rows, key=["proposal_id"], by="announced_on").merge(first, on="proposal_id")
    return newest.sort_values(["announced_on", "proposal_id"], ascending=[False, True]).reset_index(drop=True)


def fresh_threats(rows: pd.DataFrame, *, as_of: date, days: int = 14) -> pd.DataFrame:
    """Proposals that were threatened in the days up to `as_of` and that nobody has taken back; see `proposals`."""
    return rows[rows["state"].eq("threatened") & (rows["announced_on"] > pd.Timestamp(as_of) - pd.Timedelta(days=days))]


def _with_measures(rows: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    columns = ["measure_id", "importer", "authority", "programme", "family", "kind", "within_family"]
    rows = rows.merge(measures[columns], on="measure_id", how="left", validate="many_to_one")
    covers_all = rows["scope"].str.split("|").map(lambda scopes: COUNTRY_WIDE in scopes)
    return rows.assign(is_country_wide=covers_all & rows["kind"].eq("duty"))


def _layers(rates: pd.DataFrame, *, on: date, importer: str) -> pd.DataFrame:
    rows = ledger.in_force(rates, on=on)
    rows = rows[rows["importer"].eq(importer) & rows["is_country_wide"]]
    columns = [
        "measure_id", "family", "within_family", "authority", "programme", "rate_frac", "effective_from", "effective_to", "standing",
        "instrument", "url",
        "known_on",
    ]  # fmt: skip
    return rows[columns].sort_values(["effective_from", "measure_id"]).reset_index(drop=True)


def _state(on: date, as_of: date) -> str:
    if on <= catalogue.observed_through(as_of):
        return "in force"
    return "not verified" if on <= as_of else "scheduled"


def _check_importer(importer: str) -> None:
    if importer not in IMPORTERS:
        message = f"importer must be US or CN, not {importer!r}."
        raise ParameterError(message)


def _chosen(importer: str) -> tuple[str, ...]:
    if importer == "both":
        return IMPORTERS
    if importer not in IMPORTERS:
        message = f"importer must be US, CN or both, not {importer!r}."
        raise ParameterError(message)
    return (importer,)
