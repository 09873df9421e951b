"""What two models say would follow from a scenario, in sentences: who would pay, whole economies, and why the two differ."""

from collections.abc import Callable
from datetime import date

import pandas as pd

from tradelib import catalogue, equilibrium, scenarios, sides, wording
from tradelib.show.display import Text

DAY = wording.day
_LEAST = 0.001
_USES = {"tax_relief": "replaces a tax on labour, and a lack of it raises one", "lump_sum": "is handed out"}
_GAPS = {
    "endogenous": "partly follows from what sellers pay to enter a market",
    "fixed": "is a fixed transfer",
    "balanced": "is a fixed transfer, after the United States has given up its bilateral imbalances",
}


def responses_message(rows: pd.DataFrame) -> str:
    """Title of the figure of outcomes."""
    imports = rows[rows["outcome"].eq("imports_change_usd")]
    parts = []
    for row in imports.itertuples():
        if not row.given:
            parts.append(f"{sides.pair(row.importer).imports} would not change")
            continue
        parts.append(f"{sides.pair(row.importer).imports} would {'fall' if row.given < 0 else 'rise'} by {wording.usd(abs(row.given))}")
    return wording.listing(parts)


def responses_text(rows: pd.DataFrame, tables: dict[str, pd.DataFrame], *, as_of: date) -> Text:
    """Who would pay, side by side, at the given parameters."""
    sentences = [_who_pays(side, part.set_index("outcome")) for side, part in rows.groupby("importer", sort=False)]
    known = {side: scenarios.known_trade_frac(table) for side, table in tables.items()}
    base = wording.listing(
        f"{wording.usd(known[side] * table['value_usd'].sum())} of {sides.pair(side).us_trade} "
        f"({wording.percent(known[side], digits=0)} of all)"
        for side, table in tables.items()
    )
    sentences.append(
        f"\nDollars are those of 2024, on goods whose duties are known: {base}, moved by the same elasticity from the duties of that year "
        "(or of the day, where that is earlier) to those of the comparison. Figures are those at the given parameters; the intervals hold "
        "nine tenths of the draws."
    )
    ends = rows[["low", "high"]]
    if (rows["given"].lt(ends.min(axis="columns")) | rows["given"].gt(ends.max(axis="columns"))).any():
        sentences.append(
            "Where a figure lies outside its interval, a parameter was given at the end of the range that is drawn from, where few draws "
            "fall."
        )
    if catalogue.observed_through(as_of) < scenarios.BASE_DAY:
        sentences.append(
            "On this day the duties under which the base trade came were not known. It is taken as if it came under those of the day, "
            "which makes the trade, and what follows for it, too small where duties rose later."
        )
    return Text("\n".join(sentences))


def _who_pays(side: str, part: pd.DataFrame) -> str:
    """What buyers, budget and sellers of one flow would lose or gain."""
    given = part["given"]
    if not given["imports_change_usd"]:
        return f"- **{sides.pair(side).imports}**: no duty differs, so that every effect is zero."
    cost, revenue, own, sellers = (
        given[name] for name in ("buyers_cost_curve_usd", "revenue_change_usd", "own_loss_usd", "sellers_loss_usd")
    )
    budget = f"{'bring' if revenue >= 0 else 'cost'} the budget {wording.usd(abs(revenue))}"
    ends = part.loc["revenue_change_usd", ["low", "high"]]
    if ends.min() < 0 < ends.max():
        budget += (
            f" (90% interval: from a loss of {wording.usd(-ends.min())} to a gain of {wording.usd(ends.max())}, so that its sign is open)"
        )
    change = given["imports_change_frac"]
    between = f" (90% interval {span(part.loc['imports_change_frac'], frac)})" if abs(change) >= _LEAST else ""
    return (
        f"- **{sides.pair(side).imports}** would be {_amount(abs(change))} {'smaller' if change < 0 else 'larger'}{between}, "
        f"would {'cost' if cost >= 0 else 'save'} their buyers {wording.usd(abs(cost))} a year and {budget}: for the importing side a "
        f"{'loss' if own >= 0 else 'gain'} of {wording.usd(abs(own))}. Its suppliers would {'lose' if sellers >= 0 else 'gain'} "
        f"{wording.usd(abs(sellers))} on what they still sell."
    )


def tornado_message(rows: pd.DataFrame, importer: str) -> str:
    """Title of the tornado: which assumption matters most for the importer's loss."""
    first = rows.iloc[0]
    if first["lowest"] == first["highest"]:
        return "No assumption drawn here moves the loss"
    is_gain = first["highest"] <= 0
    ends = (-first["highest"], -first["lowest"]) if is_gain else (first["lowest"], first["highest"])
    return (
        f"What matters most: {wording.inside(first['title'])}, over whose range {sides.SIDES[importer].owner} "
        f"{'gain' if is_gain else 'loss'} goes from {wording.usd(ends[0])} to {wording.usd(ends[1])}"
    )


def supposed_imports_message(rows: pd.DataFrame) -> str:
    """What imports would do, with the year of their dollars; empty where nothing changes."""
    moved = rows.loc[rows["outcome"].eq("imports_change_usd"), "given"].any()
    return f"{responses_message(rows)}, a year, in dollars of 2024" if moved else ""


def supposed_loss_message(rows: pd.DataFrame, importer: str) -> str:
    """Which assumption matters most for whose loss; empty where none does."""
    if rows["lowest"].eq(rows["highest"]).all():
        return ""
    return f"{tornado_message(rows, importer)} (a year, in dollars of 2024)"


def economies_message(rows: pd.DataFrame) -> str:
    """Long-run welfare of both sides in the model of whole economies."""
    entries = rows.set_index("entity")["welfare_percent"]
    if not entries.any():
        return ""
    return (
        f"In the model of whole economies long-run welfare would change by {welfare(entries['USA'])} in the United States and by "
        f"{welfare(entries['CHN'])} in China"
    )


def economy_text(rows: pd.DataFrame, duties: pd.DataFrame, others: pd.DataFrame, *, revenue: str, deficits: str) -> Text:
    """What the model of whole economies takes and gives; `others` as `scenarios.other_closures` gives them."""
    said = "The model knows 194 economies with one sector each, and the goods trade of 2023."
    if duties["before_frac"].equals(duties["after_frac"]):
        return Text(f"{said} No average duty differs, so that nothing would change in it.")
    taken = wording.listing(
        f"{sides.pair(row.importer).average} from {wording.percent(row.before_frac)} to {wording.percent(row.after_frac)} "
        f"({wording.percent(row.base_frac)} taken for the base data)"
        for row in duties.itertuples()
    )
    entries = rows.set_index("entity")["welfare_percent"]
    names = {"USA": "the United States", "CHN": "China", "EU25": "the European Union", "ROW": "the rest of the world"}
    what = wording.listing(f"{name} {welfare(entries[key])}" for key, name in names.items())
    ends = [f"{welfare(others[name].min())} to {welfare(others[name].max())}" for name in ("us_percent", "china_percent")]
    return Text(
        f"{said} It takes {taken}. Revenue {_USES[revenue]}; a trade deficit {_GAPS[deficits]}. Welfare would change, in the long run "
        f"and against the comparison: {what}. Under the {len(others)} other choices of what revenue does and what deficits are, the "
        f"United States would see {ends[0]}, China {ends[1]}."
    )


def why_they_differ(how: scenarios.Behaviour, model: equilibrium.Parameters, duties: pd.DataFrame) -> Text:
    """Why the two models give different figures; nothing to say where no duty differs."""
    if duties["before_frac"].equals(duties["after_frac"]):
        return Text("No average duty differs, so that both models give zero.")
    base = equilibrium.base_economy(model)
    passed = equilibrium.pass_through(base, model)
    us, china = (
        wording.number(1 + model.trade_elasticity * passed[base.position(code)]) for code in (equilibrium.UNITED_STATES, equilibrium.CHINA)
    )
    given = wording.number(how.elasticity, digits=2)
    return Text(
        "\n".join(
            [
                f"- **Response.** Line by line, imports answer with an elasticity of {given}. In the economy a duty also drives sellers "
                f"out of the market, so that trade before duty falls by about {us}% for each per cent of price with duty in the United "
                f"States, {china}% in China, before anything else moves.",
                "- **Time.** Line by line, sellers keep most of their prices, and nothing else adjusts; the economy has adjusted for good.",
                "- **Detail.** Line by line, a high duty on few goods counts by those goods. The economy sees only the average, and a "
                "duty that falls on a few goods is spread over all.",
                "- **What else moves.** In the economy wages and prices fall where sales are lost, others sell more to whom the two "
                "sell less, and revenue goes somewhere.",
                "- **Whose loss.** Line by line, the loss of a side is what its buyers pay more, less what its budget gains, from its "
                "own duties; what its exporters lose to the duties of the other stands with that other's suppliers. In the economy "
                "both are in its welfare, with what it gains by paying sellers less, and the work that people do or leave.",
                "- **Base.** Trade of 2024 by product, where the duty is known, against trade of 2023 in total, each at the duties of its "
                "year, or of the day where that is earlier. Both are moved first to the duties of the comparison, so that the differences "
                "above are those between the two sets.",
            ]
        )
    )


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


def welfare(value: float) -> str:
    """A change in per cent, with two decimals."""
    return wording.percent(value / 100, digits=2, signed=True, trim=False)


def frac(value: float) -> str:
    """A change given as a fraction, in per cent."""
    return wording.percent(value, signed=True, trim=False)


def _amount(value: float) -> str:
    """Size of a change given as a fraction; one that would be written as nothing is said to be small."""
    return wording.percent(value) if value >= _LEAST else f"less than {wording.percent(_LEAST)}"


def span(row: pd.Series, write: Callable[[float], str]) -> str:
    """From the lower end of an interval to the higher."""
    ends = sorted([row["low"], row["high"]])
    return f"{write(ends[0])} to {write(ends[1])}"
