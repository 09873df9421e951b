"""Results print well: a screen of lines in a shell, a table in a notebook, and never a wall."""

import dataclasses
import inspect
from collections.abc import Callable
from pathlib import Path

import html5lib
import pandas as pd
import pytest

import tradelib
from tradelib import equilibrium, exposure, scenarios, sweep, tariffs, truce
from tradelib.shown import Shown

DAY = "2025-06-09"
RESULTS: dict[str, Callable[[], object]] = {
    "Stack": lambda: tariffs.explain("8517.13", on=DAY, importer="US"),
    "Headline": lambda: tariffs.headline(on=DAY, importer="CN"),
    "Growth": lambda: tradelib.trade.headline_growth(tradelib.trade.china_headlines(as_of=DAY))["china_exports"],
    "DutyMove": lambda: tariffs.duty_moves(tariffs.schedule_ahead(as_of=DAY))[0],
    "Status": lambda: truce.status(as_of=DAY),
    "PromiseCount": lambda: truce.count_promises(truce.commitments(as_of=DAY)),
    "MeasureCount": lambda: truce.count_measures(truce.measures(as_of=DAY)),
    "TruceClock": lambda: truce.TruceClock(as_of=tradelib.days.parse_day(DAY)),
    "Lines": lambda: tariffs.lines("US"),
    "Match": lambda: tariffs.match("8517.13", "US"),
    "Weighting": lambda: tariffs.weighting("2024", importer="US"),
    "Book": lambda: tariffs.bind(tariffs.schedule(), "US"),
    "Priced": lambda: tariffs.price_list(pd.DataFrame({"code": ["9503"]})),
    "EveryLine": lambda: tariffs.every_line(on=DAY, importer="US", as_of=DAY),
    "Unseen": lambda: tariffs.headline(on="2026-10-09", importer="CN", as_of="2026-11-29").unseen,
    "Scenario": lambda: scenarios.load("truce_lapses"),
    "Behaviour": scenarios.behaviour,
    "Economy": equilibrium.economy,
    "Parameters": equilibrium.Parameters,
    "Solution": lambda: equilibrium.solve(equilibrium.tariff_matrix({("CHN", "USA"): 0.1})),
    "Experiment": lambda: next(iter(equilibrium.experiments().values())),
    "Product": lambda: exposure.chosen(basket="toys", codes=[], importer="US"),
    "Duty": lambda: exposure.duty(exposure.duties(exposure.chosen(basket="toys", codes=[], importer="US"), on=DAY)),
    "Concentration": lambda: tradelib.minerals.concentration(tradelib.minerals.mine_production()),
    "MiningShare": lambda: tradelib.minerals.mining_share(tradelib.minerals.mine_production()),
    "Edition": tradelib.catalogue.edition,
    "Excess": lambda: tariffs.excess(tariffs.gap()),
    "Law": lambda: tariffs.Law("US", "2025-06-09"),
    "Assumptions": tariffs.Assumptions,
    "Quantity": lambda: sweep.quantities()["averages"],
    "Swept": lambda: sweep.Swept(Path("believed"), "part", parts=28, held=4, days=400, failed=()),
}


def test_every_result_of_the_public_surface_is_tried() -> None:
    subjects = [item for name in tradelib.__all__ if inspect.ismodule(item := getattr(tradelib, name))]
    classes = {name for subject in subjects for name in subject.__all__ if inspect.isclass(getattr(subject, name))}
    assert classes == set(RESULTS)


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_prints_in_a_screen(name: str) -> None:
    result = RESULTS[name]()
    lines = repr(result).splitlines()
    assert type(result).__name__ == name
    assert lines[0].startswith(name)
    assert len(lines) <= 30
    assert len(lines) == 1 or max(map(len, lines)) <= 102
    assert sum(map(len, lines)) < 2600
    if isinstance(result, Shown):
        page = result._repr_html_()
        html5lib.HTMLParser(strict=True).parseFragment(page)
        assert len(page) < 60_000


def test_the_lines_of_a_duty() -> None:
    lines = repr(tariffs.headline(on="2025-08-12", as_of="2025-08-11", importer="US")).splitlines()
    assert lines[0] == "Headline"
    assert "  rate_frac           0.3" in lines
    assert any(line.startswith("  layers              2 rows: ") for line in lines)
    assert not any("unseen" in line for line in lines)


def test_words_of_the_data_cannot_break_a_notebook() -> None:
    @dataclasses.dataclass(frozen=True, repr=False)
    class Result(Shown):
        words: str
        table: pd.DataFrame
        none: str = ""

    page = Result("<script>", pd.DataFrame({"<b>": ["<i>"]}))._repr_html_()
    assert "<script>" not in page
    assert "<b>" not in page
    assert "<i>" not in page
    assert "none" not in page
