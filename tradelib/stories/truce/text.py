"""The truce in sentences: where it stands, who met, who accuses whom, what is not known."""

from datetime import date

import pandas as pd

from tradelib import catalogue, sides, tariffs, truce, wording
from tradelib.phrases import country_wide, truce_clock
from tradelib.show.display import Text, link, markdown

DAY = wording.day


def where_it_stands(
    status: truce.Status, us: tariffs.Headline, cn: tariffs.Headline, meetings: pd.DataFrame, proposals: pd.DataFrame
) -> Text:
    """The state of the truce in one paragraph."""
    fresh = tariffs.fresh_threats(proposals, as_of=status.as_of)
    threats = [
        f"On {DAY(row.first_announced_on)} {sides.name(row.importer)} threatened, without a legal text: "
        + link(wording.inside(row.what), row.url)
        + _rate_unless_named(row)
        + (f" for {DAY(row.would_apply_on)}." if pd.notna(row.would_apply_on) else ".")
        for row in fresh[fresh["rate_frac"].notna()].itertuples()
    ]
    sentences = [*_open_now(meetings), *_truce_sentences(status), country_wide.sentence(us, cn), *threats]
    frames = [
        frame
        for frame in (status.rows, status.said, us.layers, cn.layers, meetings[meetings["phase_of_event"].eq("open")], fresh)
        if len(frame)
    ]
    return Text(" ".join(sentences), catalogue.sources(*frames))


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
        return Text("Our data have no talks between the two sides before this day.")
    return Text("\n".join(f"- {line.strip()}" for line in lines), catalogue.sources(pd.DataFrame(used)))


def accusations(rows: pd.DataFrame) -> Text:
    """The newest accusation of each side, paraphrased, with its owner and its link."""
    if rows.empty:
        return Text("Our data have no accusation by either side before this day.")
    lines = []
    for row in rows.itertuples():
        detail = f" {markdown(row.detail)}" if row.detail else ""
        lines.append(f"- **{sides.short(row.actor)}**, {DAY(row.published_on)}: {link(row.title, row.url)}.{detail}")
    missing = [sides.name(side) for side in ("US", "CN") if side not in set(rows["actor"])]
    if missing:
        lines.append(f"- Our data have no accusation by {wording.listing(missing)} before this day.")
    return Text("\n".join(lines), catalogue.sources(rows))


def milestones(rows: pd.DataFrame) -> Text:
    """Agreements, summits and rulings in the time of the figure, each with its day and its link."""
    if rows.empty:
        return Text("Our data have no agreement, summit or ruling in the time of the figure.")
    lines = [
        f"- {link(row.title, row.url)}, {wording.span(row.starts_on, None if pd.isna(row.ends_on) else row.ends_on)}"
        for row in rows.itertuples()
    ]
    lead = "Agreements, summits and court rulings in the time of the figure, the earliest first:"
    return Text("\n".join([lead, "", *lines]), catalogue.sources(rows))


def unknowns(status: truce.Status, meetings: pd.DataFrame, proposals: pd.DataFrame, headlines: pd.DataFrame, miners: pd.DataFrame) -> Text:
    """What the page cannot tell as of its day."""
    lines = [
        f"{'How this ends' if row.phase_of_event == 'open' else 'What came of this'}: {link(row.title, row.url)}."
        for row in meetings[meetings["phase_of_event"].isin(["open", "outcome not known"])].itertuples()
    ]
    lines += truce_clock.unknown(status)
    pending = proposals[proposals["state"].isin(["threatened", "proposed", "reported"])]
    pending = pending[pending["announced_on"] > pd.Timestamp(status.as_of) - pd.Timedelta(days=365)]
    lines += [
        f"Open: {link(row.what, row.url)} ({row.state} by {sides.name(row.importer)}, {DAY(row.announced_on)})."
        if row.state != "reported"
        else f"Open: {link(row.what, row.url)} (reported by the press, {DAY(row.announced_on)})."
        for row in pending.itertuples()
    ]
    if len(headlines):
        lines.append(
            f"China's trade after {wording.month(headlines['period'].max())}: our data have no later customs figures as of this day."
        )
    if len(miners):
        lines.append(f"Rare-earth mining after {miners['period'].iloc[0]}: our data have no later world table of USGS as of this day.")
    lines.append(
        "The tariff on a particular product. The rates above are for products on no list; lists, exemptions and exclusions change them."
    )
    through = catalogue.edition().evidence_through
    if status.as_of >= through:
        lines.append(f"Everything after {DAY(through)}, where our data end.")
    frames = [frame for frame in (pending, meetings[meetings["phase_of_event"].isin(["open", "outcome not known"])]) if len(frame)]
    return Text("\n".join(f"- {line}" for line in lines), catalogue.sources(*frames))


def _rate_unless_named(row: object) -> str:
    """The rate of a threat, where its name does not say it."""
    rate = wording.percent(row.rate_frac)
    return "" if rate in row.what else f", {rate}"


def _open_now(meetings: pd.DataFrame) -> list[str]:
    return [
        f"A meeting is set for {'today' if pd.isna(row.ends_on) else wording.span(row.starts_on, row.ends_on)}: {link(row.title, row.url)}."
        for row in meetings[meetings["phase_of_event"].eq("open")].itertuples()
    ]


def _truce_sentences(status: truce.Status) -> list[str]:
    last = {"source": "", "url": ""} if status.rows.empty else status.rows.iloc[-1]
    said = list(zip(status.said["source"], status.said["url"], strict=True)) if len(status.said) else []
    return truce_clock.sentences(status, source=last["source"], url=last["url"], said=said)


def _when_open(row: pd.Series, as_of: date) -> str:
    return "Today" if row["starts_on"] == pd.Timestamp(as_of) else f"Since {DAY(row['starts_on'])}"


def _delegations(row: pd.Series, *, announced: bool = False) -> str:
    named: dict[str, list[str]] = {"US": [], "CN": []}
    for name, side, office in truce.delegates(row):
        if side:
            # The side is said once, after the names.
            named[side].append(f"{markdown(name)} ({markdown(office)})" if office else markdown(name))
    parts = [f"{wording.listing(people)} for {sides.name(side)}" for side, people in named.items() if people]
    if not parts:
        return ""
    return f"{'Delegations as announced' if announced else 'Present'}: {'; '.join(parts)}."
