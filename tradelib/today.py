"""What the front page of a day gathers from all rooms: both averages over time, what happened, what comes next, what goods owe."""

from datetime import date

import numpy as np
import pandas as pd

from tradelib import catalogue, exposure, ledger, news, tariffs, truce
from tradelib.doors import LATEST, Day, door, opened
from tradelib.kept import kept

__all__ = ["ahead", "averages", "coming", "goods", "happened", "named_days"]

# The story has two parts: the duties of 2018 to 2024, and those since.
_SECOND = date(2025, 1, 1)
_LATELY, _RECENT = pd.Timedelta(days=7), pd.Timedelta(days=21)
_A_DAY, _ALSO = 2, 2
# What has no day yet is news for as long.
_FRESH = pd.Timedelta(days=14)
# Rates that print alike are no change.
_LEAST = 0.0005
_RANKS = {
    "duty": 0, "truce": 1, "threat": 2, "suspension": 3, "list": 4, "exclusion": 4, "measure": 5, "event": 6, "report": 7, "promise": 8,
    "term": 9,
}  # fmt: skip
# Kinds that are told however far ahead they are, with all days before them.
_WEIGHTY = ("duty", "truce")
_PENDING = ("threatened", "proposed", "reported")
# Other days than now of which the duty of goods is told, and the ends over their lines.
_OTHER_DAYS, _ENDS = ("base", "peak", "next"), ("lowest", "highest")
_COLUMNS = [
    "on", "standing", "kind", "change", "what", "side", "us_before_frac", "us_after_frac", "cn_before_frac", "cn_after_frac", "source",
    "url", "known_on",
]  # fmt: skip
_OF_DAY = ["others", "also"]


@door
def averages(*, as_of: Day = LATEST) -> dict[str, pd.DataFrame]:
    """Weighted average duty of both sides over the part of the story that a day belongs to.

    Returns
    -------
    dict
        By importer, one row a day on which a duty changes, later steps of legal texts included: on, importer, weighted_frac, is_ahead
        (after the last observed day). From 2018 on in the years to 2024, from 2024 on in 2025, then from 2025 on.
    """
    as_of = opened(as_of)
    last = pd.Timestamp(catalogue.observed_through(as_of))
    tables = {}
    for importer in tariffs.IMPORTERS:
        duties = _duties(importer, as_of)
        path = tariffs.weighted_path(importer=importer, as_of=as_of, duties=duties)
        tables[importer] = path.assign(importer=importer, is_ahead=path["on"] > last)[["on", "importer", "weighted_frac", "is_ahead"]]
    return tables


@door
def goods(*, as_of: Day = LATEST) -> pd.DataFrame:
    """What the named baskets owe in all: now, at the start of this part of the story, at their highest, and next in law.

    Returns
    -------
    DataFrame
        One row a basket, by importer (the United States first), then from the lowest to the highest: basket, title, importer, now_frac,
        lowest_frac, highest_frac (over its lines), base_on, base_frac, peak_on, peak_frac (highest mean since base_on), next_on, next_frac
        (the first later step of a legal text; NaT and NaN without), and over its lines base_lowest_frac, base_highest_frac and the same of
        peak and next. Means over its lines, weighted with the trade of 2024.
    """
    as_of = opened(as_of)
    base = pd.Timestamp(_SECOND if as_of >= _SECOND else catalogue.edition().evidence_from)
    rows = []
    for basket in exposure.baskets().itertuples():
        product = exposure.chosen(basket=basket.basket, codes=[], importer=basket.importer)
        path = exposure.history(product, as_of=as_of, panel=_duties(basket.importer, as_of))
        rows.append({"basket": basket.basket, "title": basket.title, "importer": basket.importer, "base_on": base, **_stations(path, base)})
    table = pd.DataFrame(rows).sort_values(["importer", "now_frac", "title"], ascending=[False, True, True])
    names = ["lowest_frac", "highest_frac", "base_on", "base_frac", "peak_on", "peak_frac", "next_on", "next_frac"]
    names += [f"{when}_{end}_frac" for when in _OTHER_DAYS for end in _ENDS]
    return table[["basket", "title", "importer", "now_frac", *names]].reset_index(drop=True)


@door
def happened(*, as_of: Day = LATEST, most: int = 4) -> pd.DataFrame:
    """What the head of the page names, the turns of the story of three weeks, and what else is newest.

    Returns
    -------
    DataFrame
        As `truce.timeline`, the newest first. The events that title and standfirst name (`news.DayNews.told`) and all that are turns of the
        story are there, however many; up to `most` rows, and for two beside them, what became known in the last week, of one day at most
        two; up to `most` rows, older turns.
        Releases of data are no step. What is only announced for a later day is left to `coming`, unless the title rests on it.
    """
    as_of = opened(as_of)
    rows = truce.timeline(as_of=as_of, since=catalogue.edition().evidence_from)
    is_told = rows["event_id"].isin([item.event_id for item in news.day_news(as_of=as_of).told])
    age = pd.Timestamp(as_of) - rows["published_on"]
    is_step = rows["lane"].ne("") | rows["news"].ne("")
    is_turn = rows["is_major"] & is_step & (age < _RECENT) & rows["phase_of_event"].ne("ahead")
    fills = rows["phase_of_event"].isin(["held", "open"]) & (rows["lane"].ne("") | ((age < _LATELY) & is_step))
    fills &= rows["is_major"] | (age < _LATELY)
    always, spare = rows[is_told | is_turn], rows[fills & ~is_told & ~is_turn]
    spare = spare.sort_values(["published_on", "weight", "event_id"], ascending=[False, False, True])
    spare = spare.groupby("published_on", sort=False).head(_A_DAY)
    # Beside many turns there is still room for the newest steps of the week, such as a call between presidents.
    room = max(most - len(always), 0)
    is_late = pd.Timestamp(as_of) - spare["published_on"] < _LATELY
    spare = spare[np.arange(len(spare)) < np.where(is_late, max(room, _ALSO), room)]
    return newest_first(pd.concat([always, spare]))


def newest_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Events by the day on which they were, the newest first; those of a later day by the day on which that became known."""
    shown = rows["starts_on"].where(rows["phase_of_event"].ne("ahead"), rows["published_on"])
    order = rows.assign(_shown=shown).sort_values(["_shown", "published_on", "weight", "event_id"], ascending=[False, False, False, True])
    return order.drop(columns="_shown").reset_index(drop=True)


@door
def ahead(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Everything that was known of days ahead: what legal texts set, what was announced, proposed or threatened; one row a thing.

    Returns
    -------
    DataFrame
        In order of the day, of one day what weighs most first; last, the newest first, what was said within two weeks and names no day.
        on (NaT for that);
        standing (`in law`, `announced`, `proposed`, `reported` or `threatened`); kind (`duty`, `truce`, `threat`, `suspension`, `list`,
        `exclusion`, `measure`, `event`, `report`, `promise`); change (of lists and exclusions, as `tariffs.lists_ahead` says; else empty);
        what (its name in the ledger); side; us_before_frac, us_after_frac, cn_before_frac, cn_after_frac (of country-wide duties and of
        lists; NaN where none);
        source, url, known_on.
    """
    rows = _things(opened(as_of))
    return rows[_COLUMNS].reset_index(drop=True)


@door
@kept(maxsize=32)
def coming(*, as_of: Day = LATEST, most: int = 4) -> pd.DataFrame:
    """Days ahead, one row a day, told by what weighs most on it; no day between two of them is left out.

    Returns
    -------
    DataFrame
        The nearest `most` days, and all up to the last on which a country-wide duty changes or the truce ends; then what names no day. As
        `ahead`, with others (how many further things are known of that day) and also (their names, with `|` between).
    """
    rows = _things(opened(as_of))
    undated, rows = rows[rows["on"].isna()].assign(others=0, also=""), rows[rows["on"].notna()]
    lead = rows.groupby("on")["rank"].transform("min")
    # What a country-wide duty is in law and what it is said to be are told apart.
    apart = lead.eq(0) & rows["kind"].eq("duty") & rows["rank"].gt(0)
    # The clock of a duty is one thing with it, and so is a list with the clock that holds it back.
    counted = ~apart & ~rows["is_told"] & ~(rows["kind"].eq("truce") & lead.lt(_RANKS["truce"]))
    leads = pd.concat([rows[~apart].drop_duplicates("on").assign(shared=True), rows[apart].assign(shared=False)])
    others = {on: list(part["what"]) for on, part in rows[counted].groupby("on")}
    also = [[name for name in others.get(row.on, []) if name != row.what] if row.shared else [] for row in leads.itertuples()]
    leads = leads.assign(others=[len(names) for names in also], also=["|".join(names) for names in also])
    leads = leads.sort_values(["on", "shared"], ascending=[True, False], kind="stable")
    weighty = leads.loc[leads["kind"].isin(_WEIGHTY), "on"]
    until = max([*weighty, *leads["on"].drop_duplicates().head(most)], default=pd.NaT)
    table = pd.concat([leads[leads["on"] <= until], undated], ignore_index=True)
    return table[[*_COLUMNS, *_OF_DAY]].astype({"others": "int64", "also": "str"})


@door
def named_days(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Days with a name that were known on a day: day, name, event_id, known_on, in order, as the table `named_days`."""
    return catalogue.load("named_days", as_of=as_of).sort_values("day").reset_index(drop=True)


@kept(maxsize=8)
def _duties(importer: str, as_of: date) -> pd.DataFrame:
    """Duty of every line on every day of change of this part of the story; see `tariffs.panel`."""
    begins = {True: catalogue.edition().evidence_from, as_of >= _SECOND: date(2024, 1, 1), as_of >= date(2026, 1, 1): _SECOND}[True]
    return tariffs.panel(importer=importer, as_of=as_of, since=begins)


def _things(as_of: date) -> pd.DataFrame:
    """Rows of `ahead`, with rank (of a day, the least first) and is_told (a list that a clock of the same day holds back)."""
    found = [*_moves(as_of), *_dates(as_of), *_proposals(as_of), *_lists(as_of)]
    rows = pd.DataFrame(found, columns=[*_COLUMNS, "measures"])
    rows = rows[rows["on"].isna() | (rows["on"] > pd.Timestamp(as_of))]
    clocks = rows[rows["kind"].eq("suspension")]
    held = {(row.on, row.standing, measure) for row in clocks.itertuples() for measure in row.measures.split("|")}
    # That exclusions end, their clock says of all of them.
    ended = [row.kind == "exclusion" and row.change == "ends" and (row.on, row.standing, row.measures) in held for row in rows.itertuples()]
    rows = rows[~np.array(ended, dtype=bool)]
    days = {(on, measure) for on, _, measure in held}
    told = [row.kind in ("list", "exclusion") and (row.on, row.measures) in days for row in rows.itertuples()]
    # What was only announced of a duty says less than the end of the truce on the same day; of a suspension, less than law of a list.
    rank = rows["kind"].map(_RANKS) + 1.5 * (rows["kind"].isin(["duty", "suspension"]) & rows["standing"].ne("in law"))
    moved = [(rows[f"{side}_after_frac"].fillna(0.0) - rows[f"{side}_before_frac"].fillna(0.0)).abs() for side in ("us", "cn")]
    rows = rows.assign(rank=rank.astype(float), law=rows["standing"].ne("in law"), moved=moved[0] + moved[1], is_told=told)
    rows = rows.sort_values(["on", "rank", "law", "moved", "what"], ascending=[True, True, True, False, True])
    is_dated = rows["on"].notna()
    return pd.concat([rows[is_dated], rows[~is_dated].sort_values("known_on", ascending=False, kind="stable")])


def _stations(path: pd.DataFrame, base: pd.Timestamp) -> dict[str, object]:
    """Now, then, highest and next of one product; see `goods`."""
    past, later = path[~path["is_ahead"]], path[path["is_ahead"]]
    if past.empty:
        means = ["now_frac", "lowest_frac", "highest_frac", *(f"{when}_frac" for when in _OTHER_DAYS)]
        names = [*means, *(f"{when}_{end}_frac" for when in _OTHER_DAYS for end in _ENDS)]
        return {**dict.fromkeys(names, float("nan")), "peak_on": pd.NaT, "next_on": pd.NaT}
    now, then = past.iloc[-1], past[past["on"] <= base]
    since = past[(past["on"] >= base) | (past.index == (then.index[-1] if len(then) else 0))]
    peak = since.loc[since["mean_frac"].idxmax()]
    moved = later[(later["mean_frac"] - now["mean_frac"]).abs() >= _LEAST]
    step = moved.iloc[0] if len(moved) else None
    rows = {"base": then.iloc[-1] if len(then) else None, "peak": peak, "next": step}
    ends = {f"{when}_{end}_frac": np.nan if row is None else row[f"{end}_frac"] for when, row in rows.items() for end in _ENDS}
    return {
        **ends,
        "now_frac": now["mean_frac"],
        "lowest_frac": now["lowest_frac"],
        "highest_frac": now["highest_frac"],
        "base_frac": then["mean_frac"].iloc[-1] if len(then) else float("nan"),
        "peak_on": max(peak["on"], base),
        "peak_frac": peak["mean_frac"],
        "next_on": pd.NaT if step is None else step["on"],
        "next_frac": float("nan") if step is None else step["mean_frac"],
    }


def _row(on: pd.Timestamp, standing: str, kind: str, what: str, side: str, where: tuple[str, str, pd.Timestamp]) -> dict[str, object]:
    source, url, known_on = where
    told = {"on": on, "standing": standing, "kind": kind, "change": "", "what": what, "side": side}
    return told | {"source": source, "url": url, "known_on": known_on, "measures": ""}


def _moves(as_of: date) -> list[dict[str, object]]:
    """Country-wide duties that legal texts change, and those that were only announced to change; both sides of one day together."""
    law = tariffs.schedule_ahead(as_of=as_of)
    said = tariffs.schedule_ahead(as_of=as_of, standing=ledger.LAW_AND_STATEMENTS)
    names = ["changes_on", "importer", "headline_after_frac"]
    new = said.merge(law[names].drop_duplicates(), on=names, how="left", indicator=True)["_merge"].eq("left_only").to_numpy()
    return [*_of_days(law, "in law"), *_of_days(said[new], "announced")]


def _of_days(moves: pd.DataFrame, standing: str) -> list[dict[str, object]]:
    rows = []
    for day, part in moves.groupby("changes_on"):
        where = ("; ".join(dict.fromkeys(part["instrument"])), "|".join(dict.fromkeys(part["url"])), part["known_on"].max())
        importers = set(part["importer"])
        side = "both" if len(importers) > 1 else importers.pop()
        row = _row(day, standing, "duty", "; ".join(dict.fromkeys(part["authority"])), side, where)
        for importer, steps in part.groupby("importer"):
            first, last = steps["headline_before_frac"].iloc[0], steps["headline_after_frac"].iloc[-1]
            row |= {f"{importer.lower()}_before_frac": first, f"{importer.lower()}_after_frac": last}
        rows.append(row)
    return rows


def _dates(as_of: date) -> list[dict[str, object]]:
    """Clocks, measures and meetings, law and statement apart; the tariff clock of a side says what its duty says, and is left out."""
    rows = []
    clocks = truce.clocks(as_of=as_of)
    measures = dict(zip(clocks["clock"], clocks["measures"], strict=True))
    for row in truce.dates_ahead(as_of=as_of).itertuples():
        if row.clock in truce.TARIFF_CLOCKS:
            continue
        kind, held = "truce" if row.clock == truce.TRUCE else row.kind, {"measures": measures.get(row.clock, "")}
        if pd.notna(row.legal_on):
            rows.append(
                _row(row.legal_on, "in law", kind, row.what, row.side, (row.legal_source, row.legal_url, row.legal_known_on)) | held
            )
        where = (row.stated_source, row.stated_url, row.stated_known_on)
        if pd.notna(row.stated_on) and row.stated_on != row.legal_on:
            rows.append(_row(row.stated_on, "announced", kind, row.what, row.side, where) | held)
        if row.stated_term and pd.isna(row.stated_on):
            rows.append(_row(pd.NaT, "announced", "term", f"{row.what}: for {row.stated_term}", row.side, where) | held)
    return rows


def _proposals(as_of: date) -> list[dict[str, object]]:
    """Duties that were threatened, proposed or reported for a day, and fresh ones of no day."""
    rows = tariffs.proposals(as_of=as_of)
    fresh = rows["announced_on"] > pd.Timestamp(as_of) - _FRESH
    rows = rows[rows["state"].isin(_PENDING) & (rows["would_apply_on"].notna() | fresh)]
    return [
        _row(row.would_apply_on, row.state, "threat", row.what, row.importer, (row.source, row.url, row.known_on))
        | {f"{row.importer.lower()}_after_frac": row.rate_frac}
        for row in rows.itertuples()
    ]


def _lists(as_of: date) -> list[dict[str, object]]:
    """Duties on lists of goods that legal texts change, and exclusions from them."""
    rows = []
    for row in tariffs.lists_ahead(as_of=as_of, doubtful=True).itertuples():
        side, kind = row.importer.lower(), "exclusion" if row.kind == "exclusion" else "list"
        found = _row(row.changes_on, "in law", kind, row.programme, row.importer, (row.instrument, row.url, row.known_on))
        rates = {f"{side}_before_frac": row.rate_before_frac, f"{side}_after_frac": row.rate_after_frac}
        rows.append(found | rates | {"change": row.change, "measures": row.measure_id})
    return rows
