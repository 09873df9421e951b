"""What two models say would follow from a scenario, in sentences: who would pay, whole economies, and why the two differ."""

from collections.abc import Callable
from datetime import date

import pandas as pd

from tradelib import catalogue, equilibrium, scenarios, sides, wording
from tradelib.show.display import Text

DAY = wording.day
_LEAST = 0.001
# Half a digit of what `welfare` prints, in per cent, and of what `wording.usd` prints of the smallest amounts, in dollars.
_PRINTED = 0.005
_UNCHANGED = "unchanged"
_USES = {"tax_relief": "is used to cut labour taxes, and a shortfall raises them", "lump_sum": "is handed out"}
_GAPS = {
    "endogenous": "partly reflect firms' costs of entering markets",
    "fixed": "are fixed transfers",
    "balanced": "are fixed transfers, after the United States has given up its bilateral imbalances",
}


def responses_message(rows: pd.DataFrame) -> str:
    """Title of the figure of outcomes."""
    return _imports(rows)


def _imports(rows: pd.DataFrame, more: str = "") -> str:
    """What the imports of both sides would do; `more` is said of the amounts alone."""
    given = rows[rows["outcome"].eq("imports_change_usd")].set_index("importer")["given"]
    still = [sides.pair(side).imports for side, change in given.items() if abs(change) < _PRINTED]
    moved: list[str] = []
    last = ""
    for side, change in given[given.abs() >= _PRINTED].items():
        verb = " would fall" if change < 0 else " would rise"
        moved.append(f"{sides.pair(side).imports}{verb if verb != last else ''} by {wording.usd(abs(change))}")
        last = verb
    if not moved:
        return f"Neither {' nor '.join(still)} would change" if len(still) > 1 else f"{still[0]} would not change"
    return f"{wording.listing(moved)}{more}{f'; {still[0]} would not change' if still else ''}"


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
        f"\nAmounts are in 2024 dollars and cover goods with a known tariff: {base}. Trade is first adjusted from the tariffs of 2024 "
        "(or of "
        "the day, where that is earlier) to those of the comparison. Figures use the central parameter values; the ranges contain 90% of "
        "the "
        "draws."
    )
    ends = rows[["low", "high"]]
    if (rows["given"].lt(ends.min(axis="columns")) | rows["given"].gt(ends.max(axis="columns"))).any():
        sentences.append(
            "A figure can lie outside its range if a parameter was set to the end of what is drawn from, where few draws fall."
        )
    if catalogue.observed_through(as_of) < scenarios.BASE_DAY:
        sentences.append(
            "The tariffs of 2024 were not yet known on this day, so we treat the trade of 2024 as if it had paid those of the day. Where "
            "tariffs rose later, that makes the trade, and the effects on it, too small."
        )
    return Text("\n".join(sentences))


def _who_pays(side: str, part: pd.DataFrame) -> str:
    """What buyers, budget and sellers of one flow would lose or gain."""
    given, pair = part["given"], sides.pair(side)
    cost, revenue, own, sellers, imports = (
        given[name] for name in ("buyers_cost_curve_usd", "revenue_change_usd", "own_loss_usd", "sellers_loss_usd", "imports_change_usd")
    )
    if all(abs(value) < _PRINTED for value in (cost, revenue, sellers, imports)):
        return f"- **{pair.imports}**: no tariff differs on goods that were traded in 2024, so there is no effect."
    change = given["imports_change_frac"]
    between = f" (90% range {span(part.loc['imports_change_frac'], frac)})" if abs(change) >= _LEAST else ""
    moved = f"would be {_amount(abs(change))} {'lower' if change < 0 else 'higher'}{between}"
    pay = _either(cost, "{} more", "{} less", "the same")
    budget = _either(-revenue, "lose {}", "gain {}", "neither gain nor lose")
    ends = part.loc["revenue_change_usd", ["low", "high"]]
    if ends.min() < 0 < ends.max():
        budget += f" (90% range: {loss(-ends.min())} to {loss(-ends.max())})"
    net = _either(own, "a net {adjective} loss of {}", "a net {adjective} gain of {}", "no net {adjective} loss or gain")
    return (
        f"- **{pair.imports}** {moved if abs(imports) >= _PRINTED else 'would not change'}. {pair.importer.adjective} buyers would pay "
        f"{pay} a year and the {pair.importer.adjective} budget would {budget}, {net.replace('{adjective}', pair.importer.adjective)}. "
        f"{pair.exporter.adjective} suppliers would {_either(sellers, 'lose {}', 'gain {}', 'lose nothing')} on what they still sell."
    )


def loss(value: float) -> str:
    """A loss in words; below zero it is a gain."""
    return _either(value, "a loss of {}", "a gain of {}", "nothing")


def _either(value: float, above: str, below: str, none: str) -> str:
    """One of three wordings, by the sign of an amount; one that would be printed as nothing is none."""
    if abs(value) < _PRINTED:
        return none
    return (above if value > 0 else below).replace("{}", wording.usd(abs(value)))


def tornado_message(rows: pd.DataFrame, importer: str) -> str:
    """Title of the tornado: which assumption matters most for the importer's loss."""
    first = rows.iloc[0]
    least, most = first["lowest"], first["highest"]
    if least == most:
        return "None of the assumptions changes the result"
    side = sides.SIDES[importer]
    if least >= 0:
        runs = f"{side.owner} loss runs from {_size(least)} to {_size(most)}"
    elif most <= 0:
        runs = f"{side.owner} gain runs from {_size(most)} to {_size(least)}"
    else:
        runs = f"the outcome for {side.name} runs from {loss(least)} to {loss(most)}"
    return f"The result hinges on the {wording.inside(first['title'])}: across its range {runs}"


def _size(value: float) -> str:
    return _either(value, "{}", "{}", "nothing")


def supposed_imports_message(rows: pd.DataFrame) -> str:
    """What imports would do, with the year of their dollars; empty where nothing changes."""
    is_moved = rows.loc[rows["outcome"].eq("imports_change_usd"), "given"].abs().ge(_PRINTED).any()
    return _imports(rows, " a year, in 2024 dollars") if is_moved else ""


def supposed_loss_message(rows: pd.DataFrame, importer: str) -> str:
    """Which assumption matters most for whose loss; empty where none does."""
    if rows["lowest"].eq(rows["highest"]).all():
        return ""
    return f"{tornado_message(rows, importer)} (a year, in 2024 dollars)"


def economies_message(rows: pd.DataFrame) -> str:
    """Long-run welfare of both sides in the model of whole economies."""
    entries = rows.set_index("entity")["welfare_percent"]
    if not entries.any():
        return ""
    us, china = (_lower_or_higher(entries[key]) for key in ("USA", "CHN"))
    if us == china == _UNCHANGED:
        return "In the economy-wide model, long-run welfare would be unchanged on both sides"
    return f"In the economy-wide model, long-run welfare would be {us} in the United States and {china} in China"


def _lower_or_higher(percent: float) -> str:
    """A change in per cent as a comparison; one that would be printed as nothing is none."""
    if abs(percent) < _PRINTED:
        return _UNCHANGED
    return f"{welfare(abs(percent)).removeprefix('+')} {'lower' if percent < 0 else 'higher'}"


def economy_text(rows: pd.DataFrame, duties: pd.DataFrame, others: pd.DataFrame, *, revenue: str, deficits: str) -> Text:
    """What the model of whole economies takes and gives; `others` as `scenarios.other_closures` gives them."""
    said = "The model covers 194 economies, with one sector each and the goods trade of 2023."
    if duties["before_frac"].equals(duties["after_frac"]):
        return Text(f"{said} No average tariff differs, so nothing would change.")
    taken = wording.listing(
        f"{sides.pair(row.importer).average} {_from_to(row.before_frac, row.after_frac)} "
        f"({wording.percent(row.base_frac)} in the base data)"
        for row in duties.itertuples()
    )
    entries = rows.set_index("entity")["welfare_percent"]
    names = {"USA": "the United States", "CHN": "China", "EU25": "the European Union", "ROW": "the rest of the world"}
    what = wording.listing(f"{name} {welfare(entries[key])}" for key, name in names.items())
    ends = [" to ".join(dict.fromkeys(map(welfare, (others[name].min(), others[name].max())))) for name in ("us_percent", "china_percent")]
    return Text(
        f"{said} It takes {taken}. Tariff revenue {_USES[revenue]}; trade deficits {_GAPS[deficits]}. The long-run change in welfare "
        "against "
        f"the comparison would be: {what}. With the {len(others)} other treatments of revenue and deficits, the United States would see "
        f"{ends[0]}, China {ends[1]}."
    )


def _from_to(before: float, after: float) -> str:
    ends = wording.percents(before, after)
    return f"at {ends[0]}" if ends[0] == ends[1] else f"from {ends[0]} to {ends[1]}"


def why_they_differ(how: scenarios.Behaviour, model: equilibrium.Parameters, duties: pd.DataFrame) -> Text:
    """Why the two models give different figures; nothing to say where no duty differs."""
    if duties["before_frac"].equals(duties["after_frac"]):
        return Text("No average tariff differs, so both models give zero.")
    base = equilibrium.base_economy(model)
    passed = equilibrium.pass_through(base, model)
    us, china = (
        wording.number(1 + model.trade_elasticity * passed[base.position(code)]) for code in (equilibrium.UNITED_STATES, equilibrium.CHINA)
    )
    given = wording.number(how.elasticity, digits=2)
    return Text(
        "\n".join(
            [
                f"- **Response.** In the product-level model imports fall by {given}% for each 1% rise in the price with tariff. In the "
                f"economy-wide model a tariff also drives sellers out of the market, so trade falls by about {us}% for each 1% in the "
                "United "
                f"States and {china}% in China, before anything else changes.",
                "- **Time.** In the product-level model sellers keep most of their prices and nothing else adjusts; the economy-wide model "
                "shows the world after everything has adjusted.",
                "- **Detail.** The product-level model counts a high tariff on a few goods by those goods. The economy-wide model uses "
                "only "
                "the average, spread over all goods.",
                "- **What else changes.** In the economy-wide model wages and prices fall where sales are lost, other countries sell more "
                "to the two, and the revenue is spent.",
                "- **Whose loss.** In the product-level model a side's loss is what its buyers pay more, less what its budget gains, from "
                "its own tariffs; its exporters' losses from the other side's tariffs are counted under “suppliers” of that side. In the "
                "economy-wide model welfare includes both, what the side gains by paying sellers less, and changes in work.",
                "- **Base.** The product-level model uses the trade of 2024 by product, where the tariff is known; the economy-wide "
                "model the "
                "total trade of 2023. Each starts from the tariffs of its year, or of the day where that is earlier, and is first moved to "
                "the tariffs of the comparison.",
            ]
        )
    )


def replication_text(rows: pd.DataFrame, *, as_of: date) -> Text:
    """How many of the published figures the model gives."""
    if rows.empty:
        return Text(
            f"The paper whose model we use had not been published by {DAY(as_of)}; pages of later days compare our results with its tables."
        )
    compared = rows[rows["result"].ne("not compared")]
    agree = int(compared["result"].eq("agrees").sum())
    left = len(rows) - len(compared)
    all_of = "all" if agree == len(compared) else f"{agree} of"
    words = f"The model reproduces {all_of} {len(compared)} published figures that can be compared, to the digits printed"
    more = f"; {wording.count(left, 'further figure')} cannot be compared (see the table)" if left else ""
    return Text(
        f"{words}{more}. Elsewhere this report uses exact welfare instead of the published formula, which leaves a tax out of the cost "
        "of work.",
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
