"""How the duties are computed, in sentences: the rules, what they rest on, and how they agree with what others have published."""

from datetime import date

import pandas as pd

from tradelib import catalogue, ledger, sides, tariffs, wording
from tradelib.phrases import differences as apart
from tradelib.show.display import Fact, Text

DAY = wording.day
# Of a percentage point.
_THOUSANDTH = 0.00001


def methods_message(rows: pd.DataFrame) -> str:
    """Finding of the page of methods."""
    if rows.empty:
        return "How tariffs are computed; no published figure to compare with was known by this day"
    counted = rows["verdict"].value_counts()
    agree, explained, total = int(counted.get("close", 0)), int(counted.get("explained", 0)), len(rows)
    left = total - agree - explained
    matched = f"{agree or 'none'} of {wording.count(total, 'published figure')}"
    rest = f"; we explain {explained} of the differences" if explained else ""
    rest += f" but not the other {left}" if left and explained else "; we explain none of the differences" if left else ""
    return f"Our averages match {matched} to within half a point{rest}"


def methods_description(as_of: date) -> str:
    """One sentence on the page, for the index and for search."""
    return (
        "How tradelib computes the duty of each tariff line and the averages, and how they compare with published figures, as known on "
        f"{DAY(as_of)}."
    )


def methods_facts(check: pd.DataFrame, wto: pd.DataFrame) -> list[Fact]:
    """Agreement with Census and with the WTO."""
    facts = []
    if len(check):
        words = f"of {len(check)} monthly collected rates match an independent tabulation of Census data"
        facts.append(Fact(str(int((check["difference_frac"].abs() < _THOUSANDTH).sum())), words, "us"))
    agree = wto[wto["cause"].eq("agree")] if len(wto) else wto
    if len(agree):
        row = agree.iloc[-1]
        words = f"of China's subheadings, {wording.percent(row['trade_frac'], digits=0)} of trade, match the WTO's rates"
        facts.append(Fact(wording.percent(row["subheadings_frac"], digits=0), words, "cn"))
    return facts


def coverage_messages(parts: dict[str, pd.DataFrame], announced: pd.DataFrame) -> list[str]:
    """On what the rates rest.

    Parameters
    ----------
    parts : as `tariffs.rate_evidence` gives them, by importer.
    announced : as `tariffs.announcements` gives them, of all layers.
    """
    shares = [
        f"{wording.percent(part.loc[part['kind'].ne(tariffs.NOT_HELD), 'trade_frac'].sum())} of {sides.pair(importer).us_trade}"
        for importer, part in parts.items()
    ]
    lines = [wording.number(parts[importer]["lines"].sum(), digits=0) for importer in ("US", "CN")]
    texts = announced[announced["standing"].isin(ledger.LAW)]  # what is only stated enters no duty
    return [
        f"We compute the tariff on {lines[0]} US ten-digit lines and {lines[1]} Chinese six-digit subheadings from "
        f"{wording.count(len(texts), 'legal change')} to {wording.count(texts['measure_id'].nunique(), 'tariff')}",
        f"We know the normal tariff for lines that cover {wording.listing(shares)} in 2024",
    ]


def agreement_messages(census: pd.DataFrame, wto: pd.DataFrame) -> list[str]:
    """How our figures agree with those of the Census Bureau and of the WTO."""
    said = []
    if len(census):
        equal = int((census["difference_frac"].abs() < _THOUSANDTH).sum())
        said.append(
            f"Of {wording.count(len(census), 'monthly collected rate')} {equal} match an independent tabulation of Census data to a "
            "thousandth of a point"
        )
    agree = wto[wto["cause"].eq("agree")] if len(wto) else wto
    if len(agree):
        row = agree.iloc[-1]
        said.append(
            f"Our rates match the WTO's on {wording.percent(row['subheadings_frac'], digits=0)} of China's subheadings, which cover "
            f"{wording.percent(row['trade_frac'], digits=0)} of trade ({DAY(row['on'])}); some of ours were derived from the WTO's"
        )
    return said


def stacking_rules(as_of: date) -> Text:
    """Which families know one holder, and which measures yield to which, as the tables known on a day have it."""
    measures = catalogue.load("tariff_measures", as_of=as_of)
    measures = measures[measures["kind"].eq("duty")]
    titles = tariffs.family_titles()
    one = measures[measures["within_family"].eq("highest")].drop_duplicates("family")
    lines = []
    if len(one):
        lines.append(
            f"- Within {wording.listing([titles[name] for name in one['family']])} **only one rate applies**; elsewhere rates add up."
        )
    yielding = measures[measures["yields_to"].ne("")].drop_duplicates(["family", "yields_to"])
    lines += [
        f"- **{titles[row.family]}** yields to {wording.listing([titles[name] for name in row.yields_to.split('|')])}."
        for row in yielding.itertuples()
    ]
    if not len(yielding):
        lines.append("- No measure known by this day yields to another.")
    return Text("\n".join(lines), catalogue.sources(pd.concat([one, yielding])))


def limits(as_of: date) -> Text:
    """Scopes that the steps known on a day name, and whose goods are held in part or not at all."""
    steps = catalogue.load("tariff_steps", as_of=as_of)
    kinds = catalogue.load("tariff_measures", as_of=as_of).set_index("measure_id")["kind"]
    steps = steps[steps["measure_id"].map(kinds).isin(["duty", "exclusion"])]
    named = {scope for column in ("scope", "exempt") for cell in steps[column] for scope in cell.split("|")}
    scopes = catalogue.load("scopes")
    open_ones = scopes[scopes["scope"].isin(named) & (scopes["note"].ne("") | scopes["held"].eq("none"))]
    # Lists of exclusions of one side that say the same: one line stands for all of them.
    exclusions = open_ones[open_ones["scope"].str.contains("_ex")]
    alike = exclusions[exclusions.groupby("note")["scope"].transform("size").gt(1)]
    rest = open_ones.drop(alike.index)
    lines = [f"- {wording.upper(row.what)}: {row.note or 'no list of codes exists'}." for row in rest.itertuples()]
    for (side, note), rows in alike.groupby([alike["scope"].str[:2].eq("cn"), "note"]):
        lines.append(f"- {wording.count(len(rows), 'Chinese list' if side else 'US list')} of exclusions: {note}.")
    if not lines:
        lines = ["- Our data have every product list that a text known by this day names."]
    return Text("\n".join(lines))


def collected_beside_law(gap: pd.DataFrame) -> Text:
    """When more was collected than the law said, by which of its two averages; see `tariffs.excess`."""
    found = tariffs.excess(gap)
    return Text(apart.excess(found), catalogue.sources(gap)) if found else Text("No month of duties collected was published by this day.")


def statistics_beside_one_another(rows: pd.DataFrame, mirror: pd.DataFrame) -> Text:
    """How far figures of the same months stand apart; see `trade.differences` and `trade.mirror`."""
    by_what = {str(what): list(part.itertuples()) for what, part in rows.groupby("what", sort=False)}
    lines = [apart.growth(by_what[what]) for what in ("growth", "year_to_date") if what in by_what]
    lines += [apart.revision(row) for row in by_what.get("revision", ())]
    lines += [apart.count(row) for row in by_what.get("count", ())]
    lines += [apart.mirror(row, mirror.loc[mirror["gap_usd"] > 0, "period"]) for row in by_what.get("mirror", ())]
    return Text("\n".join(f"- {line}" for line in lines), *([catalogue.sources(rows)] if len(rows) else []))


def open_differences(rows: pd.DataFrame) -> Text:
    """What is not explained, in a sentence."""
    left = rows[rows["verdict"].eq("open")]
    if rows.empty:
        return Text("No published figure that measures the same thing was known by this day.")
    if left.empty:
        return Text("No difference is left open.")
    widest = left.loc[left["remainder_frac"].abs().idxmax()]
    publishers = wording.listing(list(left["publisher"].unique()))
    most = wording.number(100 * widest["remainder_frac"], signed=True)
    return Text(
        f"{wording.count(len(left), 'difference')} from {publishers} {'remains' if len(left) == 1 else 'remain'} unexplained: after the "
        "causes "
        f"that we could compute or measure, more than half a point is left, at most {most} points (for "
        f"{DAY(widest['on'])}). We could not establish what else the publishers count."
    )
