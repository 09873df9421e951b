"""Scenarios as tables: the duties that differ, on which goods, what follows line by line and in the whole economy, and on what it rests."""

from datetime import date

import pandas as pd

from tradelib import catalogue, scenarios, sides, wording
from tradelib.phrases.scenario_terms import terms
from tradelib.show import display
from tradelib.show.display import Column, Row, Table, cell
from tradelib.stories.averages.tables import fine, points


def differences(rows: pd.DataFrame, scenario: scenarios.Scenario, compare_with: scenarios.Scenario) -> Table:
    """Duties that two scenarios set differently; see `scenarios.differences`."""
    rows = rows.assign(is_supposed=rows["instrument"].str.startswith("Supposed: "))
    columns = [
        Column("From", cell("on", display.days)),
        Column("By", cell("importer", sides.short)),
        Column("Tariff", lambda row: wording.duty(row.authority, row.programme)),
        Column(compare_with.title, lambda row: terms(row)[0], "num"),
        Column(scenario.title, lambda row: terms(row)[1], "num"),
        Column("Text", cell("instrument", display.citation), "link"),
    ]
    caption = f"Tariffs under “{scenario.title}” that differ from “{compare_with.title}” within a year"
    note = (
        "“By” is the side that collects. Rates as in the texts, in per cent of customs value. There is a row for each day on which a "
        "difference begins, changes or ends. “Text” says where the rate comes from, or that only the scenario sets it."
    )
    held = rows[~rows["is_supposed"]]
    return Table("differences", caption, columns, rows, catalogue.sources(held), note, _MOST)


def scenario_sections(frames: dict[str, pd.DataFrame], *, on: date, most: int = 6) -> Table:
    """Average duty by section under two schedules; frames of `scenarios.by_section` by importer."""
    rows = pd.concat([frame.assign(importer=side) for side, frame in frames.items()], ignore_index=True)
    columns = [
        Column("Section of goods", cell("section")),
        Column("Trade of 2024", cell("value_usd", wording.usd), "num"),
        Column("Before", cell("before_frac", fine), "num"),
        Column("Under the scenario", cell("after_frac", fine), "num"),
        Column("Change", cell("change_frac", points), "num"),
    ]
    caption = f"On which goods: average tariff by section for entries of {wording.day(on)}"
    note = (
        "Weighted with the trade of 2024, over lines whose tariffs are known; sections with the largest change of duty in dollars. "
        "Change: percentage points."
    )
    return Table(
        "scenario_sections", caption, columns, rows, display.no_sources(), note, most, group=lambda row: sides.pair(row.importer).duties
    )


def responses(rows: pd.DataFrame, *, draws: int, known: dict[str, float]) -> Table:
    """Outcomes line by line with their intervals; see `scenarios.response`."""
    rows = rows[rows["given"].notna()]
    columns = [
        Column("Outcome", cell("title")),
        Column("Central case", lambda row: _amount(row.given, row.outcome), "num"),
        Column("Median", lambda row: _amount(row.median, row.outcome), "num"),
        Column("90% range", _interval, "num"),
    ]
    shares = wording.listing(f"{wording.percent(share)} ({sides.short(side)})" for side, share in known.items())
    rough = " So few draws give a rough range." if draws < _FEW else ""
    note = (
        f"A year, US dollars of 2024. Median and range: over {wording.count(draws, 'draw')} of all parameters from their "
        f"ranges.{rough} Cost and losses follow a demand curve of constant elasticity; trapezoid and triangle treat it as a straight "
        "line and overstate large changes. The share diverted to other suppliers is valid for small changes only and is stretched here. "
        f"Covers the trade whose tariffs are known: {shares}."
    )
    caption = "Product-level model: what would change against the comparison, with everything else unchanged"
    return Table(
        "outcomes_by_line",
        caption,
        columns,
        rows.reset_index(drop=True),
        display.no_sources(),
        note,
        group=lambda row: sides.pair(row.importer).imports,
    )


def economy(rows: pd.DataFrame) -> Table:
    """Effects on whole economies; see `scenarios.economy_effects`."""
    columns = [
        Column("Economy", cell("name")),
        Column("Welfare", cell("welfare_percent", _percent), "num"),
        Column("90% range", lambda row: f"{_percent(row.welfare_low_percent)} to {_percent(row.welfare_high_percent)}", "num"),
        Column("in USD billion", cell("welfare_usd", _billions), "num"),
        Column("Prices", cell("prices_percent", _percent), "num"),
        Column("Employment", cell("employment_percent", _percent), "num"),
        Column("Imports as a share of income", cell("imports_gdp_percent", _percent), "num"),
        Column("Tariffs, USD billion", cell("revenue_change_usd", _billions), "num"),
    ]
    caption = "Economy-wide model: what would change in the long run"
    note = (
        "Changes in per cent against the comparison; dollars of 2023 a year. Range: over the values of the trade elasticity. Prices: "
        "consumer prices against the world's. Welfare in dollars: consumption less the cost of work, a smaller base than expenditure. "
        "Imports as a share of income: per cent of that share. Tariffs: revenue in the model. A group is the mean of its countries, "
        "weighted "
        "with expenditure. European Union: as the paper counts it, without Czechia and Slovakia."
    )
    return Table("economy", caption, columns, rows, display.no_sources(), note)


def two_models(rows: pd.DataFrame) -> Table:
    """The two models side by side; see `scenarios.two_models`."""
    columns = [
        Column("What would change", _quantity),
        Column("Product-level model (trade of 2024)", lambda row: _amount(row.given, row.outcome), "num"),
        Column("90% range", _interval, "num"),
        Column("Economy-wide model (trade of 2023)", lambda row: _amount(row.economy, row.outcome), "num"),
    ]
    note = "Product-level model: central case. The two do not measure the same thing; the text says why they differ."
    return Table("two_models", "The two models side by side", columns, rows, display.no_sources(), note)


def replication(rows: pd.DataFrame) -> Table:
    """The model beside the published tables that it follows; see `equilibrium.replicate`."""
    columns = [
        Column("Table", cell("table", lambda value: value.removeprefix("T")), "num"),
        Column("Case", cell("title")),
        Column("Figures", cell("figures"), "num"),
        Column("Agree to the printed digits", cell("agree"), "num"),
        Column("Not compared", cell("not_compared"), "num"),
        Column("Why not", cell("why")),
    ]
    rows = rows.sort_values("table", key=lambda names: names.str.removeprefix("T").astype(int), kind="stable")
    grouped = rows.groupby(["table", "case", "title"], sort=False)
    data = grouped.agg(figures=("result", "size"), agree=("result", lambda part: int(part.eq("agrees").sum()))).reset_index()
    left = rows[rows["result"].eq("not compared")].groupby(["table", "case"]).agg(not_compared=("result", "size"), why=("note", "first"))
    data = data.merge(left, on=["table", "case"], how="left")
    data["not_compared"] = data["not_compared"].fillna(0).astype(int)
    data["why"] = data["why"].fillna("")
    caption = "The model beside the tables of the paper it follows"
    note = "Tables as numbered in the working paper of July 2025. Optimal: the uniform tariff that the paper's formula gives."
    return Table("replication", caption, columns, data, catalogue.sources(rows), note)


def parameters(rows: pd.DataFrame) -> Table:
    """Parameters of both models with their ranges and papers; the table `model_parameters`."""
    rows = rows.sort_values("model", ascending=False, kind="stable").reset_index(drop=True)
    columns = [
        Column("Parameter", cell("title")),
        Column("Default", cell("default", lambda value: wording.number(value, digits=4)), "num"),
        Column("Drawn from", _drawn_from, "num"),
        Column("Paper", cell("source"), "link"),
        Column("What it found, and what is assumed", cell("note")),
    ]
    note = (
        "“Drawn from”: triangular distributions with the mode at the default. The papers are fixed reference data: the same on every day."
    )
    caption = "Parameters of both models, their ranges and their papers"
    return Table("parameters", caption, columns, rows, display.no_sources(), note, group=cell("model", _MODELS.__getitem__))


_MOST = 16
_FEW = 100
_MODELS = {"partial": "Product-level model", "equilibrium": "Economy-wide model"}


def _percent(value: float) -> str:
    return wording.percent(value / 100, digits=2, signed=True, trim=False)


def _billions(value: float) -> str:
    return wording.number(value / 1e9, signed=True, trim=False)


def _amount(value: float, outcome: str) -> str:
    if pd.isna(value):
        return ""
    if outcome == "diversion_share_frac":
        return wording.percent(value, trim=False)
    return wording.percent(value, signed=True, trim=False) if outcome.endswith("_frac") else wording.usd_bn(value, digits=2, signed=True)


def _quantity(row: Row) -> str:
    """What both models say something of."""
    if row.outcome == "imports_change_frac":
        return f"{sides.pair(row.importer).imports}, at the border"
    who = sides.SIDES[row.importer].adjective
    revenue = row.outcome == "revenue_change_usd"
    return f"{who} tariff revenue on them" if revenue else f"{who} gain or loss: buyers and budget; welfare in dollars"


def _drawn_from(row: Row) -> str:
    return "" if pd.isna(row.low) else f"{wording.number(row.low, digits=3)} to {wording.number(row.high, digits=3)}"


def _interval(row: Row) -> str:
    return "" if pd.isna(row.low) else f"{_amount(row.low, row.outcome)} to {_amount(row.high, row.outcome)}"
