"""Scenarios in sentences: what is supposed, what the law would be, and what two models say would follow. Never a forecast."""

from datetime import date

import pandas as pd

from tradelib import catalogue, scenarios, tariffs, wording
from tradelib.display import Fact, Text, link, markdown

DAY = wording.day
_OWNERS = {"US": "the US average on Chinese goods", "CN": "China's average on US goods"}
_IMPORTS = {"US": "US imports from China", "CN": "China's imports from the United States"}
_SMALL = 1e-3


def scenario_title(scenario: scenarios.Scenario, compare_with: scenarios.Scenario, paths: pd.DataFrame) -> str:
    """Title of the page: what is supposed, and what both sides' average duties would be."""
    moved = [_average(row, side) for side, row in _ends(paths).iterrows() if _moves(row)]
    supposed = f"Supposed: {wording.inside(scenario.title)}"
    if not moved:
        return f"{supposed}. No average duty would differ by a tenth of a point from that under “{compare_with.title}”"
    still = [(side, row) for side, row in _ends(paths).iterrows() if not _moves(row)]
    more = "".join(f"; {_OWNERS[side]} would {_stays(row)}" for side, row in still)
    return f"{supposed}. {wording.upper(wording.listing(moved))}{more}"


def scenario_description(as_of: date) -> str:
    """What the page is, in one sentence."""
    return (
        "What if: the duties a supposition would bring, and what two models say would follow, on what was known on "
        f"{DAY(as_of)}. No forecast."
    )


def scenario_facts(paths: pd.DataFrame, rows: pd.DataFrame, economy: pd.DataFrame) -> list[Fact]:
    """Average duties, imports, and welfare."""
    facts = [
        Fact(
            wording.percent(row["after_frac"]),
            f"{_OWNERS[side]}, {wording.percent(row['before_frac'])} in the comparison",
            side.lower(),
        )
        for side, row in _ends(paths).iterrows()
    ]
    imports = rows[rows["outcome"].eq("imports_change_frac")].set_index("importer")
    side = imports["median"].abs().idxmax()
    row = imports.loc[side]
    span = f"90 % interval {wording.percent(row['low'], signed=True)} to {wording.percent(row['high'], signed=True)}"
    facts.append(Fact(wording.percent(row["median"], signed=True), f"{_IMPORTS[side]}, median line by line; {span}", side.lower()))
    losses = economy.set_index("entity")["welfare_percent"]
    words = f"long-run welfare of the United States; of China {_welfare(losses['CHN'])}"
    facts.append(Fact(_welfare(losses["USA"]), words, "both"))
    return facts


def supposed(scenario: scenarios.Scenario, compare_with: scenarios.Scenario, *, as_of: date) -> Text:
    """What both scenarios suppose, in the words of their files."""
    first = scenarios.begins_on(as_of)
    lines = []
    for item, role in ((scenario, "The scenario"), (compare_with, "Compared with")):
        source = f" Source: {link(item.source, item.url)}." if item.source else ""
        about = f" {markdown(item.about)}" if item.about else ""
        lines.append(f"- **{role}: {wording.inside(markdown(item.title))}.** {markdown(item.question)}{about}{source}")
    lines.append(
        f"\nBoth begin on {DAY(first)}, the day after the last that is observed. Neither is a forecast, and no chance is given to either."
    )
    return Text("\n".join(lines))


def law_text(rows: pd.DataFrame, paths: pd.DataFrame, *, on: date, as_of: date) -> Text:
    """What the law would be, and from which day."""
    if rows.empty:
        return Text("No duty differs between the two within a year: what this page computes is zero, and said to be.")
    days = rows.groupby("on", sort=True)["programme"].size()
    parts = [f"{wording.count(count, 'measure')} from {DAY(day)}" for day, count in days.items()]
    sentences = [f"The two differ in {wording.listing(parts)}."]
    for side, row in _ends(paths).iterrows():
        change = row["after_frac"] - row["before_frac"]
        if abs(change) < scenarios.SAME:
            sentences.append(f"{wording.upper(_OWNERS[side])} does not change: {wording.percent(row['after_frac'])}.")
            continue
        points = wording.number(100 * abs(change), digits=1 if abs(change) >= _SMALL else 2)
        way = "higher" if change > 0 else "lower"
        sentences.append(
            f"By {DAY(on)} {_OWNERS[side]} is {points} points {way}: {wording.percent(row['after_frac'])}, general rate included, "
            "in place of "
            f"{wording.percent(row['before_frac'])}."
        )
    sentences.append(_country_wide(paths))
    if not _emergency_left(as_of):
        sentences.append("No US duty under emergency powers is left to come back: the Supreme Court's ruling ended them.")
    if on < as_of:
        sentences.append(f"That day is past, and nothing after {DAY(catalogue.observed_through(as_of))} was observed.")
    held = rows[~rows["instrument"].str.startswith("Supposed: ")]
    return Text(" ".join(sentences), catalogue.sources(held) if len(held) else Text("").sources)


def _country_wide(paths: pd.DataFrame) -> str:
    """Country-wide duties of both sides under both scenarios."""
    parts = []
    for side, row in _ends(paths).iterrows():
        now, then = (wording.percent(row[f"{name}_headline_frac"]) for name in ("after", "before"))
        owner = "the US" if side == "US" else "China"
        parts.append(f"{owner} {now} in both" if now == then else f"{owner} {now} in place of {then}")
    return f"Country-wide, on a good that is on no list: {wording.listing(parts)}."


def _emergency_left(as_of: date) -> bool:
    """Whether the legal texts still hold a US duty under emergency powers, or none had been ended by a text."""
    over = tariffs.ended(as_of=as_of)
    if not over["authority"].str.startswith("IEEPA").any():
        return True
    rows = tariffs.schedule(as_of=as_of)
    rows = rows[rows["family"].str.startswith("ieepa")]
    return bool((rows["effective_to"].isna() | (rows["effective_to"] > pd.Timestamp(as_of))).any())


def duties_message(paths: pd.DataFrame) -> str:
    """Title of the figure of average duties."""
    moved = [_average(row, side) for side, row in _ends(paths).iterrows() if _moves(row)]
    return wording.upper(wording.listing(moved)) if moved else "No average duty would differ by a tenth of a point"


def responses_message(rows: pd.DataFrame) -> str:
    """Title of the figure of outcomes."""
    imports = rows[rows["outcome"].eq("imports_change_usd")]
    parts = []
    for row in imports.itertuples():
        if not row.median:
            parts.append(f"{_IMPORTS[row.importer]} would not change")
            continue
        parts.append(f"{_IMPORTS[row.importer]} would {'fall' if row.median < 0 else 'rise'} by {wording.usd(abs(row.median))}")
    return wording.listing(parts)


def responses_text(rows: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> Text:
    """Who would pay, side by side, from the medians."""
    sentences = []
    for side, part in rows.groupby("importer", sort=False):
        medians = part.set_index("outcome")["median"]
        if not medians["imports_change_usd"]:
            sentences.append(f"- **{_IMPORTS[side]}**: no duty differs, so that every effect is zero.")
            continue
        low, high = (part.set_index("outcome").loc["imports_change_frac", name] for name in ("low", "high"))
        cost, revenue, loss = (medians[name] for name in ("buyers_cost_usd", "revenue_change_usd", "deadweight_usd"))
        buyers = "cost their buyers" if cost >= 0 else "save their buyers"
        budget = "bring" if revenue >= 0 else "cost"
        sentences.append(
            f"- **{_IMPORTS[side]}** would be {wording.percent(abs(medians['imports_change_frac']))} "
            f"{'smaller' if medians['imports_change_frac'] < 0 else 'larger'} (90 % interval {wording.percent(low, signed=True)} to "
            f"{wording.percent(high, signed=True)}), {buyers} {wording.usd(abs(cost))} a year and {budget} the budget "
            f"{wording.usd(abs(revenue))}; "
            f"{'the loss that nobody gains' if loss >= 0 else 'the gain beyond that'} is {wording.usd(abs(loss))}."
        )
    base = wording.listing(
        f"{wording.usd(table['value_usd'].sum())} of {'US imports from' if side == 'US' else 'US exports to'} China"
        for side, table in tables.items()
    )
    sentences.append(
        f"\nDollars are those of 2024: {base}, moved by the same elasticity from the duties of that year (or of the day, "
        "where that is earlier) to those of the comparison. Medians of several outcomes come from different draws and need not add up."
    )
    return Text("\n".join(sentences))


def tornado_message(rows: pd.DataFrame) -> str:
    """Title of the tornado: which assumption matters most."""
    first = rows.iloc[0]
    if first["lowest"] == first["highest"]:
        return "No assumption matters where no duty differs"
    is_gain = first["highest"] <= 0
    ends = (-first["highest"], -first["lowest"]) if is_gain else (first["lowest"], first["highest"])
    return (
        f"What matters most: {wording.inside(first['title'])}, over whose range the {'gain' if is_gain else 'loss'} goes from "
        f"{wording.usd(ends[0])} to {wording.usd(ends[1])}"
    )


def economy_text(rows: pd.DataFrame, duties: pd.DataFrame, *, revenue: str, deficits: str) -> Text:
    """What the general-equilibrium model takes and gives."""
    shocks = wording.listing(
        f"{_OWNERS[row.importer]} from {wording.percent(row.before_frac)} to {wording.percent(row.after_frac)} "
        f"({wording.percent(row.base_frac)} taken for the base data)"
        for row in duties.itertuples()
    )
    entries = rows.set_index("entity")
    use = {"tax_relief": "replaces a tax on labour, and a lack of it raises one", "lump_sum": "is handed out"}[revenue]
    gap = {
        "endogenous": "partly follows from what sellers pay to enter a market",
        "fixed": "is a fixed transfer",
        "balanced": "is a fixed transfer, after the United States has given up its bilateral imbalances",
    }[deficits]
    names = {"USA": "the United States", "CHN": "China", "EU25": "the European Union", "ROW": "the rest of the world"}
    what = wording.listing(f"{name} {_welfare(entries.loc[key, 'welfare_percent'])}" for key, name in names.items())
    return Text(
        f"The model knows 194 economies with one sector each, and the goods trade of 2023. It takes {shocks}. Revenue {use}; a "
        f"trade deficit {gap}. "
        f"Welfare would change, in the long run and against the comparison: {what}."
    )


def two_models(rows: pd.DataFrame, economy: pd.DataFrame, flows: dict[str, float]) -> pd.DataFrame:
    """What both models say of the same quantities, in words for a table: what, by_line, interval, economy."""
    held = rows.set_index(["importer", "outcome"])
    entities = {"US": "USA", "CN": "CHN"}
    lines = []
    for side, entity in entities.items():
        figures = economy.set_index("entity").loc[entity]
        one = held.loc[(side, "imports_change_frac")]
        lines.append((f"{_IMPORTS[side]}, at the border", _frac(one["given"]), _span(one, _frac), _frac(flows[side])))
        two = held.loc[(side, "revenue_change_usd")]
        who = "US" if side == "US" else "Chinese"
        lines.append((f"{who} tariff revenue", _usd(two["given"]), _span(two, _usd), _usd(figures["revenue_change_usd"])))
        three = -held.loc[(side, "deadweight_usd"), ["given", "low", "high"]].astype(float)
        lines.append(
            (
                f"{who} gain or loss: deadweight, and welfare in dollars",
                _usd(three["given"]),
                _span(three, _usd),
                _usd(figures["welfare_usd"]),
            )
        )
    return pd.DataFrame(lines, columns=["what", "by_line", "interval", "economy"])


def replication_text(rows: pd.DataFrame, *, as_of: date) -> Text:
    """How many of the published figures the model gives."""
    if rows.empty:
        return Text(
            f"The paper whose model this is had not been published by {DAY(as_of)}; how it compares is told from the day of its tables on."
        )
    compared = rows[rows["result"].ne("not compared")]
    agree = int(compared["result"].eq("agrees").sum())
    left = len(rows) - len(compared)
    words = f"Of {len(compared)} figures that can be compared, {agree} agree to the digits printed"
    more = f"; {wording.count(left, 'printed figure')} of the {len(rows)} held cannot be, for the reason the table gives" if left else ""
    return Text(
        f"{words}{more}. The report uses exact welfare in place of the published formula, which leaves a tax out of the cost of work.",
        catalogue.sources(rows),
    )


def _ends(paths: pd.DataFrame) -> pd.DataFrame:
    return paths.groupby("importer", sort=False).last()


def _moves(row: pd.Series) -> bool:
    return abs(row["after_frac"] - row["before_frac"]) >= _SMALL


def _stays(row: pd.Series) -> str:
    same = abs(row["after_frac"] - row["before_frac"]) < scenarios.SAME
    return f"stay at {wording.percent(row['after_frac'])}" if same else "hardly move"


def _average(row: pd.Series, side: str) -> str:
    return f"{_OWNERS[side]} would be {wording.percent(row['after_frac'])} instead of {wording.percent(row['before_frac'])}"


def _welfare(value: float) -> str:
    return wording.percent(value / 100, digits=2, signed=True, trim=False)


def _frac(value: float) -> str:
    return wording.percent(value, signed=True, trim=False)


def _usd(value: float) -> str:
    return wording.usd_bn(value, digits=2, signed=True)


def _span(row: pd.Series, write: object) -> str:
    ends = sorted([row["low"], row["high"]])
    return f"{write(ends[0])} to {write(ends[1])}"
