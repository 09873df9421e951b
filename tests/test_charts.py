"""Figures by their labels and what they plot: nothing shown that is not known, nothing printed over something else."""

import re
from collections.abc import Callable
from datetime import date
from itertools import combinations, pairwise

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.text import Annotation

from tradelib import charts, exposure, ledger, minerals, narrate, scenarios, tariffs, today, trade, truce, wording
from tradelib.show import display
from tradelib.show import drawing as base
from tradelib.stories.believed import figures as believed_figures

JUNE_2025, OCTOBER_2026 = date(2025, 6, 9), date(2026, 10, 9)
BOTH = pytest.mark.parametrize("as_of", [JUNE_2025, OCTOBER_2026], ids=str)


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> dict[str, base.Drawing]:
    """The drawings of the figure made last, laid out: wide and narrow."""
    kept: dict[str, base.Drawing] = {}

    def keep(draw: Callable[..., None], name: str, size: tuple[float, float], *, narrow: bool) -> tuple[str, None]:
        with base._theme(name):
            figure = base.Drawing(figsize=size, layout="constrained", dpi=72)
            FigureCanvasAgg(figure)
            draw(figure, narrow=narrow)
            figure.canvas.draw()
        kept["narrow" if narrow else "wide"] = figure
        return "drawn", None

    monkeypatch.setattr(base, "_drawn", keep)
    return kept


def labels(axes: object) -> dict[str, Annotation]:
    return {text.get_text().replace(wording.THIN, " "): text for text in axes.texts if isinstance(text, Annotation)}


def overlap(first: object, second: object) -> bool:
    return first.get_window_extent().overlaps(second.get_window_extent())


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


def rare_earths(as_of: date) -> display.Figure:
    exports = trade.observations(as_of, trade.RARE_EARTH_SERIES)
    since = minerals.first_month_shown(exports)
    title = narrate.exports_message(exports, since=since)
    return charts.rare_earth_exports(exports, truce.export_control_steps(as_of=as_of), as_of=as_of, title=title, since=since)


def events(as_of: date) -> display.Figure:
    since = truce.first_day("auto", as_of=as_of)
    rows = truce.timeline(as_of=as_of, since=since)
    return charts.timeline(rows, phases=truce.phases(as_of=as_of), as_of=as_of, since=since, title="title")


@pytest.mark.parametrize(("as_of", "hollow"), [(JUNE_2025, 12), (OCTOBER_2026, 0)], ids=str)
def test_months_whose_first_release_is_not_held_have_hollow_bars(drawings: dict, as_of: date, hollow: int) -> None:
    tables = {figure: trade.revised(as_of=as_of, figure=figure) for figure in ("exports", "imports")}
    figure = charts.first_and_revised(tables, as_of=as_of, title="title")
    for drawing in drawings.values():
        for axes, table in zip(drawing.axes, tables.values(), strict=True):
            pale = [line for line in axes.lines if to_rgba(line.get_markerfacecolor()) == to_rgba("white")]
            shown = [day for line in pale for day in line.get_xdata()]
            assert shown == list(base.mid_month(table.loc[table["is_later_revised"], "period"]))
            assert len(shown) == hollow
    assert ("hollow" in figure.subtitle, "hollow" in figure.alt) == (bool(hollow), bool(hollow))


@pytest.mark.parametrize(
    ("as_of", "hollow", "words"), [(JUNE_2025, 13, "a later table that came only after"), (OCTOBER_2026, 30, "a later table.")]
)
def test_values_of_a_later_table_are_hollow_among_those_of_the_press(drawings: dict, as_of: date, hollow: int, words: str) -> None:
    """China's exports to the United States: one table of July 2026 holds January 2024 to June 2026."""
    figure = charts.with_the_us(trade.observations(as_of, ["china_exports_to_us_yoy_frac"]), as_of=as_of, title="title")
    for drawing in drawings.values():
        pale = [line for line in drawing.axes[0].lines if to_rgba(line.get_markerfacecolor()) == to_rgba("white")]
        assert sum(len(line.get_xdata()) for line in pale) == hollow
    assert f"hollow, from a later table: {hollow} months" in figure.subtitle
    assert f"Hollow: as revised by {words}" in figure.source


@pytest.mark.parametrize(
    ("as_of", "revised", "last"),
    [(JUNE_2025, "months to April 2025 as later revised", 2025), (OCTOBER_2026, "", 2026)],
    ids=["june", "october"],
)
def test_collected_rates_say_which_months_are_later_revised_and_count_no_year_after_the_last(
    drawings: dict, as_of: date, revised: str, last: int
) -> None:
    gap = tariffs.gap(as_of=as_of)
    figure = charts.collected(
        gap, as_of=as_of, title="title", announcements=tariffs.announcements(as_of=as_of, importer="US", layers="all")
    )
    assert ("later revised" in figure.source) == bool(revised)
    assert revised in figure.source
    assert "A gap in the line" not in figure.source
    for drawing in drawings.values():
        assert max(int(label.get_text().split()[-1]) for label in drawing.axes[0].get_xticklabels()) <= last


def country_wide(as_of: date) -> display.Figure:
    return charts.headline_steps(
        tariffs.headline_paths(as_of=as_of),
        stated=tariffs.headline_paths(as_of=as_of, standing=ledger.LAW_AND_STATEMENTS),
        phases=truce.phases(as_of=as_of),
        announcements=tariffs.announcements(as_of=as_of),
        as_of=as_of,
        title="title",
        named=today.named_days(as_of=as_of),
    )


def trade_since_2001(as_of: date) -> display.Figure:
    goods = trade.us_china_goods(as_of=as_of, start=date(2001, 1, 1))
    return charts.balance(goods, trade.unbroken(goods), phases=truce.phases(as_of=as_of), as_of=as_of, title="title")


def shades(drawing: base.Drawing, colour: str) -> list[float | None]:
    """How strong each patch of a colour is that stands within its plot."""
    patches = [(axes, patch) for axes in drawing.axes for patch in axes.patches]
    patches = [(axes, patch) for axes, patch in patches if to_rgba(patch.get_facecolor())[:3] == to_rgba(colour)[:3]]
    return [patch.get_alpha() for axes, patch in patches if patch.get_window_extent().overlaps(axes.get_window_extent())]


def lines_of(drawing: base.Drawing, style: str) -> list[object]:
    return [line for axes in drawing.axes for line in axes.lines if line.get_linestyle() == style and len(line.get_xdata())]


@pytest.mark.parametrize("as_of", [date(2022, 3, 1), date(2025, 4, 20), JUNE_2025, date(2025, 11, 3), date(2025, 12, 20), OCTOBER_2026])
@pytest.mark.parametrize("make", [trade_since_2001, recent_trade, country_wide, events, rare_earths])
def test_words_below_a_figure_tell_what_it_shows_and_nothing_else(
    drawings: dict, make: Callable[[date], display.Figure], as_of: date
) -> None:
    """Balance of trade in June 2025: no month is missing, and the truce begins after the last month that is drawn."""
    figure = make(as_of)
    said = f"{figure.subtitle} {figure.source}"
    for drawing in drawings.values():
        shown = shades(drawing, base.TRUCE)
        assert ("Shaded: the truce" in said) == bool(shown)
        assert ("paler where it is not in law" in said) == any(alpha != 1 for alpha in shown)
        assert ("Grey: months" in said) == bool(shades(drawing, base.SECONDARY))
        if make in (country_wide, rare_earths):
            assert ("otted: " in said) == bool(lines_of(drawing, ":"))
        if make is rare_earths:
            down = [line for style in ("-", ":") for line in lines_of(drawing, style) if line.get_xdata()[0] == line.get_xdata()[-1]]
            assert ("Lines down" in said) == any(len(line.get_xdata()) > 1 for line in down)
        if make is events:
            hollow = [line for line in lines_of(drawing, "None") if to_rgba(line.get_markerfacecolor()) == to_rgba("white")]
            assert ("Hollow: " in said) == bool(hollow)


@BOTH
def test_no_tick_of_the_collected_rates_is_after_their_last_month(drawings: dict, as_of: date) -> None:
    rows = trade.imports_by_partner(as_of=as_of)
    charts.collected_rates(rows, partners=["Mexico"], start=date(2017, 1, 1), as_of=as_of, title="title")
    for drawing in drawings.values():
        assert max(drawing.axes[0].get_xticks()) <= mdates.date2num(rows["period"].max())


@BOTH
def test_duties_beside_recent_trade_end_with_the_day_of_knowledge(drawings: dict, as_of: date) -> None:
    recent_trade(as_of)
    for drawing in drawings.values():
        steps = [line for axes in drawing.axes for line in axes.lines if line.get_drawstyle() == "steps-post"]
        ends = [pd.Timestamp(line.get_xdata()[-1]) for line in steps]
        assert ends == [pd.Timestamp(as_of) + pd.Timedelta(days=1)] * 2


THREE = pytest.mark.parametrize("as_of", [JUNE_2025, date(2026, 2, 21), OCTOBER_2026], ids=str)


@THREE
def test_controls_are_named_each_on_a_line_of_its_own(drawings: dict, as_of: date) -> None:
    rare_earths(as_of)
    for drawing in drawings.values():
        flags = labels(drawing.axes[0])
        assert len(flags) >= 5
        boxes = [text.get_window_extent() for text in flags.values()]
        assert not any(first.overlaps(second) for first, second in combinations(boxes, 2))
        assert all(box.x0 >= 0 and box.x1 <= drawing.bbox.x1 for box in boxes)


@THREE
def test_a_peak_that_is_over_is_cut_and_every_label_stands_apart(drawings: dict, as_of: date) -> None:
    """At full scale 30, 20 and 10% lay in the lowest fifth; on a phone the peak of 125% stood on the 120% of the axis."""
    country_wide(as_of)
    for drawing in drawings.values():
        axes = drawing.axes[0]
        assert axes.get_ylim()[1] <= 0.8
        said = labels(axes)
        assert {"US 145%", "China 125%"} <= set(said)
        inside = [text.get_window_extent() for text in said.values()]
        assert not any(first.overlaps(second) for first, second in combinations(inside, 2))
        ticks = [label.get_window_extent() for label in axes.get_yticklabels()]
        assert not any(label.overlaps(tick) for label in inside for tick in ticks)


def test_a_peak_of_the_day_is_not_cut(drawings: dict) -> None:
    country_wide(date(2025, 4, 11))
    for drawing in drawings.values():
        assert drawing.axes[0].get_ylim()[1] > 1.45
        assert {"145%", "84%"} <= set(labels(drawing.axes[0]))


def test_every_level_of_the_truce_is_labelled(drawings: dict) -> None:
    country_wide(OCTOBER_2026)
    said = set(labels(drawings["wide"].axes[0]))
    assert {"10%", "20%", "30%", "Geneva: 30%", "Busan orders: 20%", "12.5%"} <= said
    assert {"10%", "20%", "30%", "12.5%"} <= set(labels(drawings["narrow"].axes[0]))


@BOTH
def test_averages_share_one_scale_and_print_the_rate_of_the_day(drawings: dict, as_of: date) -> None:
    tables = {side: tariffs.averages(importer=side, as_of=as_of) for side in ("US", "CN")}
    charts.averages(tables, as_of=as_of, title="title", announcements=tariffs.announcements(as_of=as_of))
    for drawing in drawings.values():
        assert len({axes.get_ylim() for axes in drawing.axes}) == 1
        for axes, table in zip(drawing.axes, tables.values(), strict=True):
            now = table[table["on"] <= pd.Timestamp(as_of)]["weighted_frac"].iloc[-1]
            assert wording.percent(now).replace(wording.THIN, " ") in labels(axes)


@BOTH
def test_points_of_rare_earths_have_room_above(drawings: dict, as_of: date) -> None:
    rare_earths(as_of)
    for drawing in drawings.values():
        for axes in drawing.axes[1:]:
            highest = max(np.nanmax(line.get_ydata()) for line in axes.lines if line.get_marker() == "o")
            assert axes.get_ylim()[1] > 1.1 * highest


@pytest.mark.parametrize(("as_of", "panel", "lowest"), [(JUNE_2025, 1, "3,326"), (OCTOBER_2026, 3, "46")], ids=str)
def test_the_lowest_month_that_the_title_names_is_labelled(drawings: dict, as_of: date, panel: int, lowest: str) -> None:
    assert f"; the low was {lowest} tonnes in" in rare_earths(as_of).title.replace(wording.THIN, " ")
    for drawing in drawings.values():
        axes = drawing.axes[panel]
        label = labels(axes)[lowest]
        assert not any(overlap(label, other) for other in labels(axes).values() if other is not label)
        box = label.get_window_extent()
        controls = [
            axes.transData.transform((mdates.date2num(line.get_xdata()[0]), 0))[0] for line in axes.lines if len(set(line.get_xdata())) == 1
        ]
        assert not any(box.x0 < place < box.x1 for place in controls)


def tornado(**changes: object) -> pd.DataFrame:
    row = {"parameter": "elasticity", "title": "Elasticity", "low": 1.3, "high": 6.0, "lowest": 18e9, "highest": 27e9, "lowest_at": 1.3,
           "highest_at": 6.0, "centre": 26e9}  # fmt: skip
    return pd.DataFrame([row, row | {"title": "Share of the duty", "low": 0.8, "high": 1.0, "lowest_at": 0.8, "highest_at": 1.0} | changes])


def test_a_parameter_without_effect_says_so(drawings: dict) -> None:
    figure = charts.tornado(tornado(lowest=26e9, highest=26e9), importer="US", title="title")
    for drawing in drawings.values():
        assert set(labels(drawing.axes[0])) == {"1.3", "6", "no effect"}
    assert figure.alt.endswith("without effect: share of the duty.")


def test_a_largest_loss_inside_a_range_is_not_written_like_an_end(drawings: dict) -> None:
    charts.tornado(tornado(highest_at=0.9), importer="US", title="title")
    assert set(labels(drawings["wide"].axes[0])) == {"1.3", "6", "0.8", "largest at 0.9"}
    assert "largest\nat 0.9" in labels(drawings["narrow"].axes[0])


def test_pale_duties_are_explained(drawings: dict) -> None:  # noqa: ARG001 - draws faster
    tables = {"US": tariffs.averages(importer="US", as_of=JUNE_2025)}
    figure = charts.averages(tables, as_of=JUNE_2025, title="title", announcements=tariffs.announcements(as_of=JUNE_2025))
    assert "Paler: later days, by what is already in law" in figure.subtitle


@pytest.mark.parametrize("basket", ["lithium_ion_batteries", "semiconductors_from_the_us"])
def test_no_step_runs_through_the_duty_of_the_day(drawings: dict, basket: str) -> None:
    product = exposure.chosen(basket=basket, codes=[], importer="US")
    history = exposure.history(product, as_of=JUNE_2025)
    charts.product_duty(history, product, texts=exposure.texts(product, as_of=JUNE_2025), as_of=JUNE_2025, title="title")
    held = wording.percent(history.loc[~history["is_ahead"], "mean_frac"].iloc[-1]).replace(wording.THIN, " ")
    for drawing in drawings.values():
        axes = drawing.axes[0]
        box = labels(axes)[held].get_window_extent()
        for line in (line for line in axes.lines if line.get_drawstyle() == "steps-post"):
            corners = line.get_transform().transform_path(line.get_path()).vertices
            for (left, rate), (right, next_rate) in pairwise(corners):
                is_level = left < box.x1 and right > box.x0 and box.y0 < rate < box.y1
                is_upright = box.x0 < right < box.x1 and min(rate, next_rate) < box.y1 and max(rate, next_rate) > box.y0
                assert not is_level
                assert not is_upright


@pytest.mark.parametrize(
    ("as_of", "words", "is_below"),
    [
        (JUNE_2025, "London talks", True),  # under way
        (date(2025, 5, 12), "Geneva Joint Statement", False),
        (date(2025, 6, 2), "MOFCOM: US measures undermine", False),
    ],
    ids=str,
)
def test_the_weightiest_event_of_the_day_has_a_label(drawings: dict, as_of: date, words: str, is_below: bool) -> None:
    events(as_of)
    for drawing in drawings.values():
        axes = drawing.axes[0]
        label = next(text for name, text in labels(axes).items() if name.replace("\n", " ").startswith(words))
        line = axes.transData.transform((0, mdates.date2num(pd.Timestamp(as_of) + pd.Timedelta(days=1))))[1]
        box = label.get_window_extent()
        assert box.y1 < line if is_below else box.y0 > line - 1


def test_the_tornado_of_9_june_2025_is_largest_inside_the_range(drawings: dict) -> None:
    """Above an elasticity of 3.65 the buyers leave faster than the loss on each grows."""
    after, before = (scenarios.schedule(scenarios.load(name), as_of=JUNE_2025) for name in ("truce_lapses", "status_quo"))
    day = scenarios.settled_on(before, after, as_of=JUNE_2025)
    lines = scenarios.lines(before, after, importer="US", on=day, as_of=JUNE_2025)
    rows = scenarios.tornado(
        lines, scenarios.Behaviour(pass_through_frac=0.94, elasticity=3.8, home_foreign_ratio=0.57), outcome="own_loss_usd"
    )
    charts.tornado(rows, importer="US", title="title")
    assert {"1.3", "largest at 3.65", "0.8", "1", "no effect"} == set(labels(drawings["wide"].axes[0]))


def test_a_drawing_rests_on_no_last_digits_of_its_layout() -> None:
    """The last digits of the solver differ from run to run, and with them would the names of clip paths."""

    def draw(figure: base.Drawing, *, narrow: bool) -> None:  # noqa: ARG001
        for axes, top in zip(figure.subplots(3, 1, height_ratios=[0.24, 1, 1]), (3, 7000, 130), strict=True):
            axes.plot([1, 2, 3], [1, top, 2])

    _, figure = base._drawn(draw, "made_up", (3.6, 5.0), narrow=True)
    bounds = [part for axes in figure.axes for part in axes.get_position().bounds]
    corners = [edge for axes in figure.axes for edge in axes.get_position().extents[:2]]
    assert corners == [round(edge, 6) for edge in corners]
    assert bounds == pytest.approx([round(part, 6) for part in bounds], abs=1e-12)


def test_a_belief_is_drawn_as_steps_to_the_end_of_its_time() -> None:
    """10% from the day of knowledge, 25% from 1 March, and so to the horizon: no slope, and no day too many."""
    from matplotlib.figure import Figure

    days = pd.to_datetime(["2025-02-01", "2025-03-01"])
    beliefs = pd.DataFrame({"as_of": days[0], "on": days, "weighted_frac": [0.1, 0.25], "until": pd.Timestamp("2025-05-02")})
    axes = Figure().subplots()
    axes.set_xlim(days[0], pd.Timestamp("2025-06-01"))
    believed_figures._thin(axes, believed_figures._steps(beliefs), "#000000")
    (path,) = axes.collections[0].get_paths()
    two = believed_figures._steps(pd.concat([beliefs, beliefs.assign(as_of=days[1])]))
    assert [line.tolist() for line in two] == [path.vertices.tolist()] * 2
    first, second, last = mdates.date2num([*days, pd.Timestamp("2025-05-02")])
    assert path.vertices.tolist() == [[first, 0.1], [second, 0.1], [second, 0.25], [last, 0.25]]


def test_words_that_end_beyond_a_plot_are_not_cut_where_labels_make_it_narrow() -> None:
    def draw(figure: base.Drawing, *, narrow: bool) -> None:  # noqa: ARG001
        axes = figure.add_subplot()
        axes.barh(["m" * 30], [1.0])
        axes.set_xlim(0, 1)
        axes.annotate("m" * 14, (0.8, 0), annotation_clip=False)

    _, figure = base._drawn(draw, "made_up", (7.6, 2.0), narrow=False)
    box = figure.axes[0].texts[0].get_window_extent()
    assert box.x1 <= figure.bbox.x1


@pytest.mark.parametrize("as_of", [date(2025, 6, 9), date(2025, 6, 10), date(2025, 11, 5), date(2026, 2, 20), OCTOBER_2026], ids=str)
def test_the_title_of_the_timeline_counts_the_marks_that_are_filled(drawings: dict, as_of: date) -> None:
    events(as_of)
    since = truce.first_day("auto", as_of=as_of)
    title = narrate.timeline_title(truce.timeline(as_of=as_of, since=since), since=since)
    first = mdates.date2num(pd.Timestamp(re.search(r"since (\d+ \w+ \d+):", title)[1]))
    for drawing in drawings.values():
        filled = [line for line in drawing.axes[0].lines if to_rgba(line.get_markerfacecolor()) != to_rgba("white")]
        for marker, words in (("^", "steps? of escalation"), ("v", "steps? of relief"), ("o", "talks? or deals?")):
            days = [day for line in filled if line.get_marker() == marker for day in line.get_ydata(orig=False)]
            (said,) = re.findall(rf"(\d+) {words}", title) or ["0"]
            assert sum(day >= first for day in days) == int(said), words
