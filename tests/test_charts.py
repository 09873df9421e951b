"""Figures by their labels and what they plot: nothing shown that is not known, nothing printed over something else."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba

from tradelib import charts, display, tariffs, trade, truce
from tradelib.charts import base

JUNE_2025, OCTOBER_2026 = date(2025, 6, 9), date(2026, 10, 9)
BOTH = pytest.mark.parametrize("as_of", [JUNE_2025, OCTOBER_2026], ids=str)


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> dict[str, base.Drawing]:
    """The drawings of the figure made last, laid out: wide and narrow."""
    kept: dict[str, base.Drawing] = {}

    def keep(draw: Callable[..., None], name: str, size: tuple[float, float], *, narrow: bool) -> str:
        with base._theme(name):
            figure = base.Drawing(figsize=size, layout="constrained", dpi=72)
            FigureCanvasAgg(figure)
            draw(figure, narrow=narrow)
            figure.canvas.draw()
        kept["narrow" if narrow else "wide"] = figure
        return "drawn"

    monkeypatch.setattr(base, "_svg", keep)
    return kept


def recent_trade(as_of: date) -> display.Figure:
    goods = trade.us_china_goods(as_of=as_of, start=date(2001, 1, 1))
    return charts.recent(
        goods,
        trade.unbroken(goods).tail(36),
        paths=tariffs.headline_paths(as_of=as_of),
        phases=truce.phases(as_of=as_of),
        announcements=tariffs.announcements(as_of=as_of),
        as_of=as_of,
        title="title",
    )


@pytest.mark.parametrize(("as_of", "hollow"), [(JUNE_2025, 12), (OCTOBER_2026, 0)], ids=str)
def test_months_whose_first_release_is_not_held_have_hollow_bars(drawings: dict, as_of: date, hollow: int) -> None:
    tables = {figure: trade.revised(as_of=as_of, figure=figure) for figure in ("exports", "imports")}
    figure = charts.first_and_revised(tables, as_of=as_of, title="title")
    for drawing in drawings.values():
        for axes, table in zip(drawing.axes, tables.values(), strict=True):
            pale = [line for line in axes.lines if to_rgba(line.get_markerfacecolor()) == to_rgba("white")]
            shown = [day for line in pale for day in line.get_xdata()]
            assert shown == list(table.loc[table["is_later_revised"], "period"])
            assert len(shown) == hollow
    assert ("hollow" in figure.subtitle, "hollow" in figure.alt) == (bool(hollow), bool(hollow))


@BOTH
def test_duties_beside_recent_trade_end_with_the_day_of_knowledge(drawings: dict, as_of: date) -> None:
    recent_trade(as_of)
    for drawing in drawings.values():
        ends = [pd.Timestamp(line.get_xdata()[-1]) for line in drawing.axes[1].lines]
        assert ends == [pd.Timestamp(as_of) + pd.Timedelta(days=1)] * 2
