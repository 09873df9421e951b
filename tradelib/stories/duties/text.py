"""The duties of both sides in sentences: what they are made of, what ended, what is scheduled and what was only stated."""

from datetime import date

import pandas as pd

from tradelib import catalogue, sides, tariffs, wording
from tradelib.phrases import country_wide, duty_moves
from tradelib.show import display
from tradelib.show.display import Fact, Text, link, markdown

DAY = wording.day


def duties(us: tariffs.Headline, cn: tariffs.Headline, ended: pd.DataFrame, ahead: pd.DataFrame) -> Text:
    """What makes up the duties of both sides, what has ended, and what is scheduled or stated for later days."""
    lines = [_composition(side) for side in (us, cn)]
    lines += _ended_sentences(ended)
    unseen = [side.unseen for side in (us, cn) if side.unseen]
    lines += [f"{duty_moves.unseen_message(item)}." for item in unseen]
    lines += duty_moves.sentences_by_kind(tariffs.duty_moves(ahead))
    stated = [_stated_sentence(importer, us.as_of) for importer in tariffs.IMPORTERS]
    lines += [sentence for sentence, _ in stated if sentence]
    rows = (us.layers, cn.layers, ended, ahead, *(item.changes for item in unseen), *(part for _, part in stated))
    frames = [frame for frame in rows if len(frame)]
    return Text("\n".join(f"- {line}" for line in lines), catalogue.sources(*frames))


def schedule_ahead(ahead: pd.DataFrame, as_of: date) -> Text:
    """What legal texts hold for later days, and what they held for past ones that nobody saw, in a sentence each."""
    unseen = [side.unseen for side in tariffs.headlines(on=catalogue.observed_through(as_of), as_of=as_of) if side.unseen]
    lines = [f"{duty_moves.unseen_message(item)}." for item in unseen] + duty_moves.sentences_by_kind(tariffs.duty_moves(ahead))
    if not lines:
        return Text(f"As known on {DAY(as_of)}, no change of a tariff on all goods was scheduled in law.")
    frames = [frame for frame in (ahead, *(item.changes for item in unseen)) if len(frame)]
    return Text("\n".join(f"- {line}" for line in lines), catalogue.sources(*frames))


def history_peaks(peaks: dict[str, pd.Series], us: tariffs.Headline, cn: tariffs.Headline) -> Text:
    """When each side's country-wide duty was highest."""
    sentences = []
    for side in (us, cn):
        high = peaks[side.importer]
        owner = "The US rate" if side.importer == "US" else "China's"
        if not high["rate_frac"]:
            sentences.append(f"{owner} has been zero throughout: it has had no tariff on all goods of the other side.")
            continue
        to = (
            f" to {DAY(high['effective_to'] - pd.Timedelta(days=1))}"
            if pd.notna(high["effective_to"]) and high["effective_to"] <= pd.Timestamp(side.on)
            else " on"
        )
        sentences.append(f"{owner} was highest from {DAY(high['effective_from'])}{to}: {wording.percent(high['rate_frac'])}.")
    told, latest = _on_the_way(us.as_of)
    return Text(" ".join([*sentences, told]), catalogue.sources(latest) if len(latest) else display.no_sources())


def _on_the_way(as_of: date) -> tuple[str, pd.DataFrame]:
    """What the day of a rise is, and what goods owed that were on their way: the sentence, and the newest rule."""
    said = "What counts is the day on which goods enter the country, by its own clock."
    rules = tariffs.transit_rules(as_of=as_of)
    if rules.empty:
        return said, rules
    newest = rules.iloc[-1]
    latest = "the latest for" if len(rules) > 1 else "for"
    goods = f"goods loaded before {DAY(newest['loaded_before'])} and entered before {DAY(newest['entered_before'])}"
    text = link(display.citation(newest["instrument"]), newest["url"])
    let = "rule that lets" if len(rules) == 1 else "rules that let"
    spared = f"For goods already on their way when a tariff rose, we know of {len(rules)} {let} them pay the earlier rate"
    return f"{said} {spared}, {latest} {goods} ({text}).", rules.tail(1)


def ahead_message(ahead: pd.DataFrame, us: tariffs.Headline, cn: tariffs.Headline) -> str:
    """What a legal text made of a country-wide duty unseen, or the next change that one holds; empty without either.

    Parameters
    ----------
    ahead : as `tariffs.schedule_ahead` gives it.
    us, cn : on the last day observed.
    """
    unseen = [side.unseen for side in (us, cn) if side.unseen]
    if unseen:
        return duty_moves.unseen_message(unseen[0])
    return duty_moves.message(tariffs.duty_moves(ahead, first_day=True))


def lists_message(rows: pd.DataFrame) -> str:
    """Programmes of duties on lists of goods that hold; empty where there is none."""
    rows = rows[rows["state"].eq("in force")]
    counted = {side: int(rows.loc[rows["importer"].eq(side), "programme"].nunique()) for side in ("US", "CN")}
    parts = [f"{number} {sides.SIDES[side].adjective}" for side, number in counted.items() if number]
    return f"Further tariffs apply to lists of goods, under {wording.listing(parts)} programmes" if parts else ""


def path_message(paths: dict[str, pd.DataFrame], us: tariffs.Headline, cn: tariffs.Headline) -> str:
    """Title of the figure of the history: how often each rate has changed."""
    changes = {importer: int(path["state"].eq("in force").sum()) - 1 for importer, path in paths.items()}
    if not any(changes.values()):
        return f"Neither side had put a tariff on all goods of the other by {DAY(us.on)}"
    began = min(path.loc[path["rate_frac"] > 0, "effective_from"].min() for path in paths.values() if path["rate_frac"].gt(0).any())
    return (
        f"Since {wording.month(began)} the added US tariff on Chinese goods has changed {wording.times(changes[us.importer])}, China's on "
        f"US goods {wording.times(changes[cn.importer])}"
    )


def history_description(as_of: date) -> str:
    """One sentence on the page, for the index and for search."""
    return (
        f"US and Chinese tariffs on each other's goods since 2018 as known on {DAY(as_of)}: what was announced, scheduled, "
        "suspended, in force and only threatened, with the text behind each."
    )


def history_facts(us: tariffs.Headline, cn: tariffs.Headline, peaks: dict[str, pd.Series], ahead: pd.DataFrame) -> list[Fact]:
    """The two rates, and the next change that a legal text holds."""
    return [*country_wide.facts(us, cn, peaks), *duty_moves.fact(tariffs.duty_moves(ahead, first_day=True))]


def _composition(side: tariffs.Headline) -> str:
    owner = sides.short(side.importer)
    if side.layers.empty:
        return f"**{owner}: none.** It has no tariff on all goods of the other side."
    alone = len(side.layers) == 1
    parts = [
        f"{'' if alone else f'{wording.percent(row.rate_frac)} '}{markdown(_layer_name(row))} ({_text(row.instrument, row.url)})"
        for row in side.layers.assign(importer=side.importer).itertuples()
    ]
    when = "" if side.on == side.as_of else f" on {DAY(side.on)}, where our data end"
    return f"**{owner}: {wording.percent(side.rate_frac)}**{when}: {wording.listing(parts)}."


def _layer_name(row: object) -> str:
    """Authority of a layer; the programme too where one authority has several."""
    if row.authority.startswith("Section"):
        return f"{row.authority}, {row.programme[0].lower()}{row.programme[1:]}"
    return row.authority if row.importer == "US" else row.authority.lower()


def _text(instrument: str, url: str) -> str:
    """Link to a legal text under its first name."""
    return link(display.citation(instrument), url)


def _ended_sentences(ended: pd.DataFrame) -> list[str]:
    sentences = []
    for (day, instrument), group in ended.groupby(["ended_on", "instrument"], sort=False):
        names = wording.listing(markdown(row.authority) for row in group.itertuples())
        rates = wording.listing(wording.percent(rate) for rate in group["last_rate_frac"])
        whose = wording.listing(sides.short(side) for side in group["importer"].unique())
        sentences.append(
            f"No longer charged ({whose}): {names}, last at {rates}, ended on {DAY(day)} ({_text(instrument, group['url'].iloc[0])})."
        )
    return sentences


def _stated_sentence(importer: str, as_of: date) -> tuple[str, pd.DataFrame]:
    """What officials have stated about later days and no text holds, with its rows."""
    rows = tariffs.announcements(as_of=as_of, importer=importer)
    rows = rows[rows["state"].eq("stated")]
    if rows.empty:
        return "", rows
    duties = []
    for authority, group in rows[rows["rate_frac"].notna()].groupby("authority", sort=False):
        parts = [f"{wording.percent(row.rate_frac)} from {DAY(row.effective_on)}" for row in group.itertuples()]
        duties.append(f"{markdown(authority)} at {wording.listing(parts)}")
    last = rows.iloc[-1]
    owner = sides.short(importer)
    return (
        f"Officials have also stated, without a published notice ({owner}): {'; '.join(duties)} "
        f"({_text(last['instrument'], last['url'])}).",
        rows,
    )
