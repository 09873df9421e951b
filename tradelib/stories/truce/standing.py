"""Where the clocks, the promises, the measures beyond tariffs and the law stand, and what is open."""

from datetime import date

import pandas as pd

from tradelib import catalogue, sides, tariffs, truce, wording
from tradelib.phrases import duty_moves, measure_counts, promise_counts, truce_clock
from tradelib.show import display
from tradelib.show.display import Text, link, markdown

DAY = wording.day
_FEW = 3
_IEEPA = "IEEPA"
_UNLESS = "unless another text is issued first"


def clocks_text(rows: pd.DataFrame, *, as_of: date) -> Text:
    """Which clock runs out next, which day has passed unseen, and where law and statement differ."""
    held_back = rows[rows["kind"].eq("suspension")]
    if held_back.empty:
        return Text(f"As known on {DAY(as_of)}, no deadline of the truce was running.")
    law = held_back[held_back["legal_on"].notna() & held_back["clock"].ne(truce.TRUCE)]
    sentences = []
    passed = law[law["legal_on"] <= pd.Timestamp(as_of)]
    if len(passed):
        day = passed["legal_on"].min()
        sentences.append(
            f"Under the notices published so far, {_these(passed[passed['legal_on'].eq(day)])} ended on {DAY(day)}. Our data end before "
            "that "
            "day, so we do not know whether a text extended them."
        )
    law = law[law["legal_on"] > pd.Timestamp(as_of)]
    # What ends next may be no part of the tariff truce, whose own day is told as well.
    itself = held_back.loc[held_back["clock"].eq(truce.TRUCE), "legal_on"]
    for day in sorted({law["legal_on"].min(), *itself} & set(law["legal_on"])):
        next_up = law[law["legal_on"].eq(day)]
        what = "this ends" if len(next_up) == 1 else "these end"
        sentences.append(f"On {DAY(day)} {what} in law, {_UNLESS}: {_these(next_up)}.")
    apart = held_back[held_back["legal_on"].notna() & held_back["stated_on"].notna() & held_back["legal_on"].ne(held_back["stated_on"])]
    if len(apart):
        truce_itself = apart["clock"].eq(truce.TRUCE).any()
        rest = len(apart) - int(truce_itself)
        what = wording.listing(["the truce itself"] * int(truce_itself) + ([wording.count(rest, "suspension")] if rest else []))
        stated, texts = (wording.listing(DAY(day) for day in sorted(set(apart[name]))) for name in ("stated_on", "legal_on"))
        sentences.append(f"For {what}, officials have announced {stated} while {_whose_text(apart)} {texts}.")
        sentences.append("Until a text sets the later date, customs and agencies apply the earlier one.")
    moved = held_back[held_back["earlier_ends"].ne("") & held_back["clock"].eq(truce.TRUCE)]
    if len(moved):
        times = moved["earlier_ends"].iloc[0].split("|")
        sentences.append(f"The end date has been put back {wording.times(len(times))}.")
    return Text(" ".join(sentences), catalogue.sources(held_back))


def promises_message(rows: pd.DataFrame) -> str:
    """How the promises stand; empty before there are any."""
    return promise_counts.message(truce.count_promises(rows))


def beyond_message(rows: pd.DataFrame) -> str:
    """Measures beyond tariffs, side by side; empty where none is held."""
    return measure_counts.message(truce.count_by_party(rows))


def promises_text(rows: pd.DataFrame, *, as_of: date) -> Text:
    """How the promises stand, side by side, and what that rests on."""
    parties = {side: truce.count_promises(part) for side in ("US", "CN", "both") if len(part := rows[rows["party"].eq(side)])}
    told = promise_counts.sentences(truce.count_promises(rows), parties, as_of=as_of)
    return Text(" ".join(told), *([catalogue.sources(rows.assign(known_on=rows["announced_on"]))] if len(rows) else []))


def measures_text(rows: pd.DataFrame, *, on: date, as_of: date) -> Text:
    """The front beyond tariffs: what is in force and what is held back, by side, on the last day observed."""
    if rows.empty:
        return Text(f"Our data have no measure beyond tariffs known by {DAY(on)}.")
    sentences = measure_counts.sentences(truce.count_by_party(rows))
    back = rows[rows["returns_on"].notna()]
    if len(back):
        day = back["returns_on"].min()
        next_back = back[back["returns_on"].eq(day)].rename(columns={"party": "side"})
        next_back["what"] = [f"{row.measure}: {row.what}" for row in next_back.itertuples()]
        if day <= pd.Timestamp(as_of):
            sentences.append(f"In law these were to return on {DAY(day)}: {_these(next_back, 'measures')}. We do not know if they did.")
        else:
            what = "this returns" if len(next_back) == 1 else "these return"
            sentences.append(f"On {DAY(day)} {what} in law, {_UNLESS}: {_these(next_back, 'measures')}.")
    stated = rows["stated_returns_on"].dropna()
    if len(stated):
        sentences.append(f"Officials have named {DAY(stated.max())} instead for {len(stated)} of them; no law says so yet.")
    return Text(" ".join(sentences), catalogue.sources(rows))


def legal_ground(
    timeline: pd.DataFrame,
    us: tariffs.Headline,
    cn: tariffs.Headline,
    *,
    ended: pd.DataFrame,
    ahead: pd.DataFrame,
    announcements: pd.DataFrame,
    lists: pd.DataFrame,
) -> Text:
    """What the courts did to the American leg, and what each leg stands on; `lists` as `tariffs.lists_ahead` gives them."""
    rulings = timeline[timeline["lane"].eq("rulings")]
    sentences = []
    emergency = us.layers[us.layers["authority"].str.contains(_IEEPA)]
    over = ended[ended["importer"].eq("US") & ended["authority"].str.contains(_IEEPA) & (ended["ended_on"] <= pd.Timestamp(us.on))]
    if len(emergency):
        part, whole = wording.percent(tariffs.total(emergency)), wording.percent(us.rate_frac)
        share = (
            f"All of the added US tariff of {whole} on Chinese goods"
            if part == whole
            else f"Of the added US tariff of {whole} on Chinese goods, {part}"
        )
        verb = "rests" if us.on == us.as_of else "rested"
        sentences.append(f"{share} {verb} on the International Emergency Economic Powers Act (IEEPA) on {DAY(us.on)}.")
        ends = announcements[announcements["state"].eq("end scheduled") & announcements["importer"].eq("US")]
        ends = ends[ends["authority"].str.contains(_IEEPA)].drop_duplicates("instrument")
        sentences += [
            f"{link(display.citation(row.instrument), row.url)} ends that on {DAY(row.effective_on)}." for row in ends.itertuples()
        ]
    elif len(over):
        row = over.iloc[-1]
        sentences.append(
            f"All US tariffs under IEEPA ended on {DAY(row['ended_on'])} ({link(display.citation(row['instrument']), row['url'])}), so the "
            "suspended US tariff cannot return under that law."
        )
        verb = "rests" if us.on == us.as_of else "rested"
        sentences.append(
            f"The added US tariff of {wording.percent(us.rate_frac)} on Chinese goods {verb} on {_authorities(us)} on {DAY(us.on)}."
        )
    else:
        sentences.append("No US tariff on all Chinese goods rested on an emergency law.")
    unseen = [side.unseen for side in (us, cn) if side.unseen]
    sentences += [f"{duty_moves.unseen_message(item)}." for item in unseen]
    moves = tariffs.duty_moves(ahead)
    sentences += duty_moves.sentences(sorted(moves, key=lambda move: tariffs.IMPORTERS.index(move.importer)))
    back = {move.importer for move in (*moves, *unseen) if move.is_snap_back}
    if back == {"CN"}:
        sentences.append(f"The truce is now lopsided in law: of the two added tariffs only China's can snap back.{_lists_back(lists)}")
    lines = [
        f"- {DAY(row.starts_on)}: {link(row.title, row.url)}." + (f" {markdown(row.detail)}" if row.detail else "")
        for row in rulings[rulings["phase_of_event"].ne("ahead") & rulings["kind"].eq("ruling")].itertuples()
    ]
    body = " ".join(sentences) + ("\n\nThe rulings, in order:\n\n" + "\n".join(lines) if lines else "")
    rows = (rulings, us.layers, cn.layers, over, ahead, lists[lists["change"].eq("returns")], *(item.changes for item in unseen))
    frames = [frame for frame in rows if len(frame)]
    return Text(body, catalogue.sources(*frames))


def _lists_back(lists: pd.DataFrame) -> str:
    """The suspended US duties on lists of goods that a text brings back, in a sentence; empty where there is none."""
    back = lists[lists["importer"].eq("US") & lists["change"].eq("returns")]
    told = [
        f"on {DAY(day)} {wording.percent(rate)} on {wording.listing(wording.inside(name.split(': ')[-1]) for name in part['programme'])} "
        f"({link(display.citation(text), url)})"
        for (day, rate, text, url), part in back.groupby(["changes_on", "rate_after_frac", "instrument", "url"])
    ]
    return f" These suspended US tariffs on lists return in law: {wording.listing(told)}." if told else ""


def open_questions(status: truce.Status, clocks: pd.DataFrame, promises: pd.DataFrame, timeline: pd.DataFrame) -> Text:
    """What is open: outcomes, clocks without a text, promises without evidence."""
    lines, frames = [], []
    waiting = timeline[timeline["phase_of_event"].isin(["open", "outcome not known", "ahead"])]
    waiting = waiting[waiting["kind"].isin(truce.AWAITED) | waiting["phase_of_event"].ne("open")]
    lines += [
        f"{_asked(row)}: {link(row.title, row.url)}{'' if DAY(row.starts_on) in row.title else f' ({DAY(row.starts_on)})'}."
        for row in waiting.itertuples()
    ]
    frames.append(waiting)
    stated = clocks[clocks["kind"].eq("suspension") & clocks["stated_on"].notna() & clocks["legal_on"].lt(clocks["stated_on"])]
    if len(stated):
        owner = {"US": "US ", "CN": "Chinese "}.get(_one_side(stated), "")
        span = f"from {DAY(stated['legal_on'].min())} to {DAY(stated['stated_on'].max())}"
        lines.append(f"Which {owner}text will extend the suspensions {span}: we know of none.")
        frames.append(stated)
    else:
        lines += truce_clock.question(status)
    silent = promises[promises["status"].isin(["no evidence", "lapsed"])]
    if len(silent):
        names = [f"{markdown(row.what)} ({sides.short(row.party)})" for row in silent.itertuples()]
        lines.append(f"Whether these promises have been kept; we have found no conclusive evidence: {'; '.join(names)}.")
        frames.append(silent.assign(known_on=silent["announced_on"]))
    quarrels = promises[promises["status"].eq("disputed")]
    if len(quarrels):
        names = [
            f"{markdown(row.what)} ({sides.short(row.party)}, newest evidence {DAY(row.evidence_on)})" for row in quarrels.itertuples()
        ]
        lines.append(f"Who is right about the disputed promises: {'; '.join(names)}.")
        frames.append(quarrels.assign(known_on=quarrels["announced_on"]))
    through = catalogue.edition().evidence_through
    if status.as_of >= through:
        lines.append(f"Everything after {DAY(through)}, where our data end.")
    if not lines:
        lines = ["No meeting, deadline or promise was pending on this date in our data."]
    return Text("\n".join(f"- {line}" for line in lines), catalogue.sources(*[frame for frame in frames if len(frame)]))


def _asked(row: display.Row) -> str:
    """What is asked of an event: a meeting or a ruling has an outcome, a step takes effect or does not."""
    if row.phase_of_event == "ahead":
        return "The outcome of" if row.kind in truce.AWAITED else "Whether this takes effect"
    return "How this ends" if row.phase_of_event == "open" else "What came of this"


def _one_side(rows: pd.DataFrame) -> str:
    """The one side whose texts the rows name; empty where there are two."""
    named = set(rows["legal_side"])
    return named.pop() if len(named) == 1 else ""


def _whose_text(rows: pd.DataFrame) -> str:
    return {"US": "the US text still says", "CN": "China's text still says"}.get(_one_side(rows), "the texts still say")


def _these(rows: pd.DataFrame, called: str = "suspensions") -> str:
    """Things that end together: by name where they are few, else by number, what they are called and side."""
    if len(rows) <= _FEW:
        names = [markdown(what) for what in rows["what"]]
        return "; ".join(names) if any("," in name or ":" in name for name in names) else wording.listing(names)
    counted = {side: int(rows["side"].eq(side).sum()) for side in ("US", "CN")}
    parts = [f"{number} {sides.SIDES[side].adjective}" for side, number in counted.items() if number]
    return f"{len(rows)} {called} ({wording.listing(parts)})"


def _authorities(side: tariffs.Headline) -> str:
    alone = len(side.layers) == 1
    return wording.listing(
        markdown(row.authority) + ("" if alone else f" ({wording.percent(row.rate_frac)})") for row in side.layers.itertuples()
    )
