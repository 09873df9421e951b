"""Sentences built from results: signs choose verbs, states choose tenses, and every number comes from a call.

Functions return plain strings (titles), `display.Fact`, or `display.Text` in Markdown with the sources of the rows it speaks of.
"""

from datetime import date

import pandas as pd

from tradelib import catalogue, display, tariffs, truce, wording
from tradelib.display import Fact, Text, link, markdown

DAY = wording.day
SOON = pd.Timedelta(days=14)
JUST_NOW = pd.Timedelta(days=4)


def briefing_title(
    status: truce.Status,
    us: tariffs.Headline,
    cn: tariffs.Headline,
    meetings: pd.DataFrame,
    ahead: pd.DataFrame,
    proposals: pd.DataFrame,
) -> str:
    """The finding of the day, for the head of the briefing: a meeting, a change about to apply, a fresh threat, or the clock."""
    left = f"{wording.count(status.days_left, 'day')} of truce left" if status.word == "running" else ""
    opening = meetings[meetings["phase_of_event"].eq("open") & meetings["kind"].isin(["talks", "summit"])]
    if len(opening):
        row = opening.iloc[-1]
        begins = row["starts_on"] == pd.Timestamp(status.as_of)
        subject = {"talks": "Talks open" if begins else "Talks go on", "summit": "A summit opens" if begins else "A summit goes on"}
        return f"{subject[row['kind']]} in {row['location']}" + (f" with {left}" if left else "")
    soon = ahead[~ahead["is_snap_back"] & (ahead["changes_on"] <= pd.Timestamp(status.as_of) + SOON)]
    if len(soon):
        return _change_title(soon[soon["changes_on"].eq(soon["changes_on"].min())])
    rates = f"US country-wide duty at {wording.percent(us.rate_frac)}, China's at {wording.percent(cn.rate_frac)}"
    if status.word == "running":
        return _running_title(status, meetings, proposals, left, rates)
    if status.word == "run out":
        return f"The truce ran out on {DAY(status.ends_on)}, as far as is known"
    return f"No truce: {rates}" if us.rate_frac or cn.rate_frac else "No truce with a clock, and no country-wide duty on either side"


def briefing_description(status: truce.Status) -> str:
    """One sentence on the page, for the index and for search."""
    return (
        f"Where the US-China trade truce stood on {DAY(status.as_of)}: its clocks, the duties of both sides, talks, accusations, "
        "rare earths and the newest trade figures, as known on that day."
    )


def briefing_facts(
    status: truce.Status, us: tariffs.Headline, cn: tariffs.Headline, peaks: dict[str, pd.Series], miners: pd.DataFrame
) -> list[Fact]:
    """Three or four numbers that matter, with the words that make them true."""
    facts = duty_facts(us, cn, peaks)
    if status.days_left is not None:
        words = f"to {DAY(status.ends_on)}, when the truce ends"
        words += "" if status.has_instrument else " as stated; no legal text seen goes that far"
        facts.append(Fact(wording.count(status.days_left, "day"), words))
    china = miners[miners["country"].eq("China")]
    if len(china):
        row = china.iloc[0]
        facts.append(Fact(wording.percent(row["share_frac"], digits=0), f"of the world's rare-earth mining was in China ({row['period']})"))
    return facts


def duty_facts(us: tariffs.Headline, cn: tariffs.Headline, peaks: dict[str, pd.Series]) -> list[Fact]:
    """The two country-wide rates, each with its peak."""
    return [_duty_fact(side, peaks[side.importer]) for side in (us, cn)]


def where_it_stands(
    status: truce.Status, us: tariffs.Headline, cn: tariffs.Headline, meetings: pd.DataFrame, proposals: pd.DataFrame
) -> Text:
    """The state of the truce in one paragraph."""
    fresh = _threats(proposals, status.as_of)
    threats = [
        f"Threatened on {DAY(row.first_announced_on)}, on no legal text: {link(row.what, row.url)}, {wording.percent(row.rate_frac)}"
        + (f" for {DAY(row.would_apply_on)}." if pd.notna(row.would_apply_on) else ".")
        for row in fresh[fresh["rate_frac"].notna()].itertuples()
    ]
    sentences = [*_open_now(meetings), *_truce_sentences(status), _rates_sentence(us, cn), *threats]
    frames = [frame for frame in (status.rows, us.layers, cn.layers, meetings[meetings["phase_of_event"].eq("open")], fresh) if len(frame)]
    return Text(" ".join(sentences), catalogue.sources(*frames))


def duties(us: tariffs.Headline, cn: tariffs.Headline, ended: pd.DataFrame, ahead: pd.DataFrame) -> Text:
    """What makes up the duties of both sides, what has ended, and what is scheduled or stated for later days."""
    lines = [_composition(side) for side in (us, cn)]
    lines += _ended_sentences(ended)
    lines += _ahead_sentences(ahead, us.as_of)
    stated = [_stated_sentence(importer, us.as_of) for importer in tariffs.IMPORTERS]
    lines += [sentence for sentence, _ in stated if sentence]
    frames = [frame for frame in (us.layers, cn.layers, ended, ahead, *(rows for _, rows in stated)) if len(frame)]
    return Text("\n".join(f"- {line}" for line in lines), catalogue.sources(*frames))


def headline_message(us: tariffs.Headline, cn: tariffs.Headline, peaks: dict[str, pd.Series]) -> str:
    """Title of the figure of headline duties."""
    if not us.rate_frac and not cn.rate_frac and not peaks["US"]["rate_frac"]:
        return "Neither side had added a duty on all goods of the other"
    parts = []
    for side, owner in ((us, "The country-wide US duty stands at"), (cn, "China's at")):
        high = peaks[side.importer]["rate_frac"]
        down = f", down from {wording.percent(high)}" if high > side.rate_frac else ""
        parts.append(f"{owner} {wording.percent(side.rate_frac)}{down}")
    return "; ".join(parts)


def talks(meetings: pd.DataFrame, *, as_of: date) -> Text:
    """The meeting of the day with its delegations, the last ones held, and the next ones announced."""
    lines, used = [], []
    for _, row in meetings[meetings["phase_of_event"].eq("open")].iterrows():
        lines.append(f"**{_when_open(row, as_of)}: {link(row['title'], row['url'])}.** {_delegations(row, announced=True)}")
        used.append(row)
    held = meetings[meetings["phase_of_event"].eq("held")]
    for kinds, words in ((["talks", "summit"], "Last meeting held"), (["call"], "Last call")):
        rows = held[held["kind"].isin(kinds)]
        if len(rows):
            row = rows.iloc[-1]
            place = f" in {markdown(row['location'])}" if row["kind"] != "call" and row["location"] else ""
            detail = f" {markdown(row['detail'])}" if row["detail"] else ""
            last = None if pd.isna(row["ends_on"]) else row["ends_on"]
            lines.append(
                f"**{words}:** {link(row['title'], row['url'])}, {wording.span(row['starts_on'], last)}{place}.{detail} {_delegations(row)}"
            )
            used.append(row)
    for _, row in meetings[meetings["phase_of_event"].eq("ahead")].iterrows():
        last = None if pd.isna(row["ends_on"]) else row["ends_on"]
        lines.append(f"**Announced:** {link(row['title'], row['url'])}, {wording.span(row['starts_on'], last)}.")
        used.append(row)
    if not lines:
        return Text("No talks between the two sides are held for the time before this day.")
    return Text("\n".join(f"- {line.strip()}" for line in lines), catalogue.sources(pd.DataFrame(used)))


def accusations(rows: pd.DataFrame) -> Text:
    """The newest accusation of each side, paraphrased, with its owner and its link."""
    if rows.empty:
        return Text("No accusation of either side is held for the time before this day.")
    lines = []
    for row in rows.itertuples():
        detail = f" {markdown(row.detail)}" if row.detail else ""
        lines.append(f"- **{wording.SHORT_SIDES[row.actor]}**, {DAY(row.published_on)}: {link(row.title, row.url)}.{detail}")
    missing = [wording.SIDES[side] for side in ("US", "CN") if side not in set(rows["actor"])]
    if missing:
        lines.append(f"- No accusation by {wording.listing(missing)} is held before this day.")
    return Text("\n".join(lines), catalogue.sources(rows))


def rare_earths(miners: pd.DataFrame, clocks: pd.DataFrame) -> Text:
    """China's share of rare-earth mining, and the export controls that have a clock or none."""
    if miners.empty:
        return Text("No world table of rare-earth mining had been published by this day that this edition holds.")
    china = miners[miners["country"].eq("China")].iloc[0]
    sentences = [
        f"China mined {wording.percent(china['share_frac'], digits=0)} of the world's rare earths in {china['period']}: "
        f"{wording.number(china['production_tonnes'], digits=0)} of {wording.number(china['world_tonnes'], digits=0)} tonnes "
        f"({link(china['source'], china['url'])}, {DAY(china['published_on'])})."
    ]
    controls = clocks[clocks["clock"].isin(truce.EXPORT_CONTROL_CLOCKS)]
    sentences += [_control(group) for _, group in controls.groupby("clock", sort=False)]
    body = sentences[0] + "".join(f"\n- {sentence}" if number else f"\n\n- {sentence}" for number, sentence in enumerate(sentences[1:]))
    return Text(body, catalogue.sources(miners[miners["country"].eq("China")], *([controls] if len(controls) else [])))


def trade_message(rows: pd.DataFrame) -> str:
    """Title of the figure of China's trade."""
    values = rows.set_index("figure")
    exports, imports = values.loc["exports"], values.loc["imports"]
    when = _in_months(exports)
    return f"China's exports {wording.rose(exports['value'])} {when} on a year earlier, its imports {wording.rose(imports['value'])}"


def trade_figures(rows: pd.DataFrame, goods: pd.DataFrame) -> Text:
    """China's newest customs figures, and the newest month of the US goods balance with China."""
    sentences, frames = [], []
    if len(rows):
        sentences.append(f"{trade_message(rows)}, in US dollars.")
        values = rows.set_index("figure")
        if "balance" in values.index:
            balance = values.loc["balance", "value"]
            sentences.append(f"The {'surplus' if balance >= 0 else 'deficit'} was {wording.usd_bn(abs(balance))}.")
        if "exports_to_us" in values.index:
            sentences.append(f"Exports to the United States {wording.rose(values.loc['exports_to_us', 'value'])}.")
        sentences += _revision_sentences(rows)
        frames.append(rows)
    if len(goods):
        row = goods.iloc[-1]
        mark = " (a later revision: the first release is not held)" if row["is_later_revised"] else ""
        sentences.append(
            f"The US recorded goods exports to China of {wording.usd_bn(row['exports_usd'])} and imports of "
            f"{wording.usd_bn(row['imports_usd'])} in {wording.month(row['period'])}, a "
            f"{'deficit' if row['balance_usd'] < 0 else 'surplus'} of {wording.usd_bn(abs(row['balance_usd']))}{mark}."
        )
        frames.append(goods.tail(1))
    if not sentences:
        return Text("No trade figures are held for the time before this day.")
    return Text(" ".join(sentences), catalogue.sources(*frames))


def unknowns(status: truce.Status, meetings: pd.DataFrame, proposals: pd.DataFrame, headlines: pd.DataFrame, miners: pd.DataFrame) -> Text:
    """What the page cannot tell as of its day."""
    lines = [
        f"{'How this ends' if row.phase_of_event == 'open' else 'What came of this'}: {link(row.title, row.url)}."
        for row in meetings[meetings["phase_of_event"].isin(["open", "outcome not known"])].itertuples()
    ]
    if status.word == "running" and status.has_instrument:
        lines.append(f"Whether the suspension is prolonged: no text seen carries it beyond {DAY(status.ends_on)}.")
    elif status.word == "running":
        until = f" beyond {DAY(max(status.law_ends_on.values()))}" if status.law_ends_on else ""
        lines.append(f"Whether and when a legal text will carry the truce{until}: none was seen.")
    pending = proposals[proposals["state"].isin(["threatened", "proposed", "reported"])]
    pending = pending[pending["announced_on"] > pd.Timestamp(status.as_of) - pd.Timedelta(days=365)]
    lines += [
        f"Open: {link(row.what, row.url)} ({row.state} by {wording.SIDES[row.importer]}, {DAY(row.announced_on)})."
        if row.state != "reported"
        else f"Open: {link(row.what, row.url)} (reported by the press, {DAY(row.announced_on)})."
        for row in pending.itertuples()
    ]
    if len(headlines):
        lines.append(f"China's trade after {wording.month(headlines['period'].max())}: no later customs figures are held as of this day.")
    if len(miners):
        lines.append(f"Rare-earth mining after {miners['period'].iloc[0]}: no later world table of USGS itself is held as of this day.")
    lines.append(
        "The duty of a single product: rates here are for a generic good. Lists, exemptions and exclusions by description change it."
    )
    through = catalogue.edition().evidence_through
    if status.as_of >= through:
        lines.append(f"Everything after {DAY(through)}: the evidence of this edition ends there.")
    frames = [frame for frame in (pending, meetings[meetings["phase_of_event"].isin(["open", "outcome not known"])]) if len(frame)]
    return Text("\n".join(f"- {line}" for line in lines), catalogue.sources(*frames))


def history_title(us: tariffs.Headline, cn: tariffs.Headline, peaks: dict[str, pd.Series]) -> str:
    """The finding of the day, for the head of the tariff history."""
    return headline_message(us, cn, peaks)


def history_description(as_of: date) -> str:
    """One sentence on the page, for the index and for search."""
    return (
        f"Additional duties of the United States and China since 2018 as known on {DAY(as_of)}: what was announced, scheduled, "
        "suspended, in force and only threatened, with the text behind each."
    )


def history_facts(us: tariffs.Headline, cn: tariffs.Headline, peaks: dict[str, pd.Series], ahead: pd.DataFrame) -> list[Fact]:
    """The two rates, and the next change that a legal text holds."""
    facts = duty_facts(us, cn, peaks)
    if len(ahead):
        row = ahead.iloc[0]
        words = f"{wording.SHORT_SIDES[row['importer']]}: country-wide rate from {DAY(row['changes_on'])}, as a legal text schedules it"
        facts.append(Fact(wording.percent(row["headline_after_frac"]), words, row["importer"].lower()))
    return facts


def path_message(paths: dict[str, pd.DataFrame], us: tariffs.Headline, cn: tariffs.Headline) -> str:
    """Title of the figure of the history: how often each rate has changed."""
    changes = {importer: int(path["state"].eq("in force").sum()) - 1 for importer, path in paths.items()}
    if not any(changes.values()):
        return f"Neither side had added a duty on all goods of the other by {DAY(us.on)}"
    began = min(path.loc[path["rate_frac"] > 0, "effective_from"].min() for path in paths.values() if path["rate_frac"].gt(0).any())
    return (
        f"Since {wording.month(began)} the country-wide US rate has changed {wording.count(changes[us.importer], 'time')}, "
        f"China's {wording.count(changes[cn.importer], 'time')}"
    )


def milestones(rows: pd.DataFrame) -> Text:
    """The numbered events of the figure, each with its day and its link."""
    if rows.empty:
        return Text("No agreement, summit or ruling is held for the time of the figure.")
    lines = [
        f"{row.number}. {link(row.title, row.url)}, {wording.span(row.starts_on, None if pd.isna(row.ends_on) else row.ends_on)}"
        for row in rows.itertuples()
    ]
    return Text("\n".join(lines), catalogue.sources(rows))


def history_peaks(peaks: dict[str, pd.Series], us: tariffs.Headline, cn: tariffs.Headline) -> Text:
    """When each side's country-wide duty was highest."""
    sentences = []
    for side in (us, cn):
        high = peaks[side.importer]
        owner = "The US rate" if side.importer == "US" else "China's"
        if not high["rate_frac"]:
            sentences.append(f"{owner} has been zero throughout: no duty on all goods of the other side had been in force.")
            continue
        to = (
            f" to {DAY(high['effective_to'] - pd.Timedelta(days=1))}"
            if pd.notna(high["effective_to"]) and high["effective_to"] <= pd.Timestamp(side.on)
            else " on"
        )
        sentences.append(f"{owner} was highest from {DAY(high['effective_from'])}{to}: {wording.percent(high['rate_frac'])}.")
    return Text(" ".join(sentences))


def schedule_ahead(ahead: pd.DataFrame, as_of: date) -> Text:
    """What legal texts hold for later days, in a sentence."""
    if ahead.empty:
        return Text(f"As known on {DAY(as_of)}, no legal text holds a change of a country-wide duty for a later day.")
    return Text("\n".join(f"- {line}" for line in _ahead_sentences(ahead, as_of)), catalogue.sources(ahead))


def _threats(proposals: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Threats of the last days that nobody has taken back."""
    return proposals[proposals["state"].eq("threatened") & (proposals["announced_on"] > pd.Timestamp(as_of) - SOON)]


def _running_title(status: truce.Status, meetings: pd.DataFrame, proposals: pd.DataFrame, left: str, rates: str) -> str:
    """The finding of a day of truce on which no meeting opens and no rate is about to change."""
    fresh = _threats(proposals, status.as_of)
    if len(fresh):
        return f"A threat of new {wording.SHORT_SIDES[fresh['importer'].iloc[0]]} duties hangs over the truce: {left}"
    if not status.has_instrument:
        return f"The truce is said to run to {DAY(status.ends_on)}; no legal text seen carries it that far"
    held = meetings[meetings["phase_of_event"].eq("held") & meetings["kind"].eq("summit")]
    held = held[held["published_on"] > pd.Timestamp(status.as_of) - JUST_NOW]
    if len(held):
        return f"After the meeting in {held['location'].iloc[-1].split(' (')[0]}: {left} by the last day announced"
    return f"{left}: {rates}"


def _change_title(changes: pd.DataFrame) -> str:
    """A change of country-wide duties that a legal text sets for one of the next days."""
    day = DAY(changes["changes_on"].iloc[0])
    rates = {row.importer: (row.headline_before_frac, row.headline_after_frac) for row in changes.itertuples()}
    moves = {side: f"from {wording.percent(before)} to {wording.percent(after)}" for side, (before, after) in rates.items()}
    verbs = {"rises" if after > before else "falls" for before, after in rates.values()}
    if len(moves) == 1:
        ((side, move),) = moves.items()
        owner = "The US" if side == "US" else "China's"
        return f"{owner} country-wide duty {verbs.pop()} {move} on {day}"
    what = f"Country-wide duties {verbs.pop().removesuffix('s')}" if len(verbs) == 1 else "Country-wide duties change"
    return f"{what} on {day}: " + ", ".join(f"{wording.SHORT_SIDES[side]} {moves[side]}" for side in ("US", "CN"))


def _duty_fact(side: tariffs.Headline, high: pd.Series) -> Fact:
    owner, goods = ("US", "Chinese") if side.importer == "US" else ("China's", "US")
    down = f", down from a peak of {wording.percent(high['rate_frac'])}" if high["rate_frac"] > side.rate_frac else ""
    return Fact(wording.percent(side.rate_frac), f"{owner} country-wide duty added on {goods} goods{down}", side.importer.lower())


def _open_now(meetings: pd.DataFrame) -> list[str]:
    return [
        f"{link(row.title, row.url)} is set for {'today' if pd.isna(row.ends_on) else wording.span(row.starts_on, row.ends_on)}."
        for row in meetings[meetings["phase_of_event"].eq("open")].itertuples()
    ]


def _truce_sentences(status: truce.Status) -> list[str]:
    if status.word == "none":
        return ["No truce with a clock has been announced by this day."]
    last = status.rows.iloc[-1]
    if status.word == "run out":
        return [
            f"The truce was last announced to {DAY(status.ends_on)} ({link(last['source'], last['url'])}); nothing seen carries it further."
        ]
    holding = status.rows[status.rows["phase"].eq(status.phase)]
    phase = f", in its {markdown(status.phase)} phase since {DAY(holding['starts_on'].iloc[0])}," if status.phase else ""
    who = {
        "US": "the United States has said, which China has not confirmed by this day",
        "CN": "China has said",
        "both": "both sides have said",
    }
    sentences = [
        f"The truce{phase} is to run to {DAY(status.ends_on)}, {who[status.said_by]} ({link(last['source'], last['url'])}): "
        f"{wording.count(status.days_left, 'day')} are left."
    ]
    if not status.has_instrument:
        sentences.append("No legal instrument to that effect was seen.")
    if status.law_ends_on:
        sentences.append(f"By legal text, the higher duties are suspended {_law_ends(status.law_ends_on)}.")
    return sentences


def _law_ends(ends: dict[str, date]) -> str:
    if len(ends) > 1 and len(set(ends.values())) == 1:
        return f"to {DAY(next(iter(ends.values())))} on both sides"
    return wording.listing(f"to {DAY(end)} in {wording.SIDES[side]}" for side, end in ends.items())


def _rates_sentence(us: tariffs.Headline, cn: tariffs.Headline) -> str:
    if not us.rate_frac and not cn.rate_frac:
        return "Neither side collects an additional duty on all goods of the other; what is collected stands on lists of goods."
    when = "" if us.on == us.as_of else f"On {DAY(us.on)}, the last day of evidence, "
    subject = f"{when}the" if when else "The"
    return (
        f"{subject} United States collects {wording.percent(us.rate_frac)} on a generic good of China on top of its most-favoured-nation "
        f"duty and the duties on lists of goods, China {wording.percent(cn.rate_frac)} on one of the United States."
    )


def _composition(side: tariffs.Headline) -> str:
    owner = wording.SHORT_SIDES[side.importer]
    if side.layers.empty:
        return f"**{owner}: none.** No duty on all goods of the other side is in force."
    parts = [
        f"{wording.percent(row.rate_frac)} {markdown(_layer_name(row))} ({_text(row.instrument, row.url)})"
        for row in side.layers.assign(importer=side.importer).itertuples()
    ]
    return f"**{owner}: {wording.percent(side.rate_frac)}**: {wording.listing(parts)}."


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
        sides = wording.listing(wording.SHORT_SIDES[side] for side in group["importer"].unique())
        sentences.append(
            f"No longer collected ({sides}): {names}, last at {rates}, ended on {DAY(day)} ({_text(instrument, group['url'].iloc[0])})."
        )
    return sentences


def _ahead_sentences(ahead: pd.DataFrame, as_of: date) -> list[str]:
    through = catalogue.observed_through(as_of)
    sentences = []
    for row in ahead.itertuples():
        past = row.changes_on <= pd.Timestamp(as_of)
        note = f" (not verified: the evidence ends on {DAY(through)})" if past else ""
        kind = "the suspended rate returns" if row.is_snap_back else "the rate changes"
        sentences.append(
            f"By law as seen, {kind} on {DAY(row.changes_on)}: {wording.SHORT_SIDES[row.importer]} country-wide from "
            f"{wording.percent(row.headline_before_frac)} to {wording.percent(row.headline_after_frac)} "
            f"({_text(row.instrument, row.url)}){note}."
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
    owner = wording.SHORT_SIDES[importer]
    return f"Stated, with no legal text seen ({owner}): {'; '.join(duties)} ({_text(last['instrument'], last['url'])}).", rows


def _when_open(row: pd.Series, as_of: date) -> str:
    return "Today" if row["starts_on"] == pd.Timestamp(as_of) else f"Since {DAY(row['starts_on'])}"


def _delegations(row: pd.Series, *, announced: bool = False) -> str:
    sides: dict[str, list[str]] = {"the United States": [], "China": []}
    for name, role in truce.participants(row):
        side = "China" if role.startswith("CN") else "the United States" if role.startswith("US") else None
        if side:
            # The side is said once, after the names.
            office = role.removeprefix("CN").removeprefix("US ").strip() if role != "USTR" else role
            sides[side].append(f"{markdown(name)} ({markdown(office)})" if office else markdown(name))
    parts = [f"{wording.listing(people)} for {side}" for side, people in sides.items() if people]
    if not parts:
        return ""
    return f"{'Delegations as announced' if announced else 'With'}: {'; '.join(parts)}."


def _control(group: pd.DataFrame) -> str:
    """One export control and its clocks, law before statement."""
    first = group.iloc[0]
    ends = {"legal": "by legal text", "political": "as promised or stated"}
    parts = []
    for row in group.sort_values("basis").itertuples():
        if row.state == "open":
            parts.append("no end named")
        elif row.state == "running":
            through = "through" if row.is_last_day else "to"
            parts.append(f"{through} {DAY(row.expires_on)} {ends[row.basis]}")
        else:
            parts.append(f"ran out on {DAY(row.expires_on)}, no later text seen")
    return f"{link(first['what_expires'], first['url'])}: {'; '.join(parts)}."


def _in_months(row: pd.Series) -> str:
    if row["frequency"] == "year_to_date":
        return f"in January to {wording.month(row['period'])}"
    return f"in {wording.month(row['period'])}"


def _revision_sentences(rows: pd.DataFrame) -> list[str]:
    revised = rows[rows["first_value"].notna() & rows["first_value"].ne(rows["value"]) & rows["unit"].eq("fraction")]
    parts = [f"{row.figure.replace('_', ' ')} {wording.percent(row.first_value, signed=True)}" for row in revised.itertuples()]
    return [f"First published: {wording.listing(parts)}; the figures here are revised."] if parts else []
