"""Trade statistics of made-up series: what was known when, months that are missing, sums and shares written out."""

import math
from collections.abc import Callable, Sequence
from datetime import date

import pandas as pd
import pytest
from made_up import tidy

from tradelib import narrate, trade
from tradelib.errors import ParameterError
from tradelib.phrases import growth as phrases
from tradelib.trade import bilateral, statistics
from tradelib.trade.partners import same_months

EXPORTS, IMPORTS, CHINA = bilateral.US_EXPORTS, bilateral.US_IMPORTS, bilateral.CHINA_EXPORTS


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def figure(series: str, period: str, value: float, published: str, vintage: str = "", **said: object) -> dict[str, object]:
    return {
        "series_id": series, "period": f"{period}-01", "value": value, "published_on": published, "vintage_on": vintage or published,
        "published_basis": "observed", "confidence": "high", "source": f"release of {published}", "url": f"https://example.org/{series}",
    } | said  # fmt: skip


def months(series: str, first: str, values: Sequence[float | None], **said: object) -> list[dict[str, object]]:
    """One value a month, each published on the fifth of the second month after it; None is not held."""
    periods = pd.date_range(f"{first}-01", periods=len(values), freq="MS")
    days = [f"{period + pd.DateOffset(months=2):%Y-%m}-05" for period in periods]
    return [
        figure(series, f"{period:%Y-%m}", value, published, **said)
        for period, value, published in zip(periods, values, days, strict=True)
        if value is not None
    ]


def days(column: pd.Series) -> list[str]:
    return column.dt.strftime("%F").tolist()


# One series.


def revised(reading: Callable) -> None:
    reading(
        statistics=[
            figure(EXPORTS, "2025-03", 3.0, "2025-05-05", "2025-06-05"),
            figure(EXPORTS, "2025-01", 1.5, "2025-03-05", "2025-06-05"),
            figure(EXPORTS, "2025-01", 1.0, "2025-03-05"),
            figure(IMPORTS, "2025-01", 9.0, "2025-03-06"),
        ]
    )


def test_every_value_of_a_series_up_to_a_day(read: Callable) -> None:
    revised(read)
    rows = tidy(trade.vintages(EXPORTS, as_of="2025-06-05"))
    assert rows["value"].tolist() == [1.0, 1.5, 3.0]
    assert rows["is_first_release"].tolist() == [True, False, False]
    assert rows["is_latest"].tolist() == [False, True, True]
    assert days(rows["known_on"]) == ["2025-03-05", "2025-06-05", "2025-06-05"]
    assert trade.vintages(EXPORTS, as_of="2025-06-04")["value"].tolist() == [1.0]
    assert trade.vintages(EXPORTS, as_of="2025-06-04")["is_latest"].tolist() == [True]
    assert trade.vintages(EXPORTS, as_of="2025-03-04").empty
    with pytest.raises(ParameterError, match="There is no series 'exports'"):
        trade.vintages("exports")


def test_an_observation_stands_beside_the_value_first_published(read: Callable) -> None:
    revised(read)
    rows = tidy(trade.observations("2025-06-05"))
    assert rows[["series_id", "value"]].to_numpy().tolist() == [[EXPORTS, 1.5], [EXPORTS, 3.0], [IMPORTS, 9.0]]
    assert rows["first_value"].fillna(-1).tolist() == [1.0, -1, 9.0]
    assert rows["flow"].tolist() == ["exports", "exports", "general_imports"]
    early = trade.observations("2025-05-05", [EXPORTS])
    assert early["value"].tolist() == [1.0, 3.0]
    assert early["is_later_revised"].tolist() == [False, True]
    assert trade.observations("2025-05-05", []).empty


def test_a_month_that_is_not_held_is_a_gap_on_an_unbroken_index(read: Callable) -> None:
    revised(read)
    rows = trade.monthly(EXPORTS, as_of="2025-06-05")
    assert rows.index.strftime("%Y-%m").tolist() == ["2025-01", "2025-02", "2025-03"]
    assert rows["value"].fillna(-1).tolist() == [1.5, -1, 3.0]
    assert rows["is_later_revised"].tolist() == [False, False, False]
    assert trade.monthly(EXPORTS, as_of="2025-05-05")["is_later_revised"].tolist() == [False, False, True]
    assert list(trade.monthly(EXPORTS, as_of="2025-03-04")) == ["value", "is_later_revised", "known_on"]


# The next release.


def held(*published: tuple[str, str, str]) -> pd.DataFrame:
    rows = pd.DataFrame(published, columns=["period", "published_on", "published_basis"])
    return rows.assign(period=pd.to_datetime(rows["period"] + "-01"), published_on=pd.to_datetime(rows["published_on"]))


CALENDAR = pd.DataFrame({"publisher": ["P", "P", "Q"], "release": ["r", "s", "r"]}).assign(
    period=day("2025-06-01"), due_on=[day("2025-08-05"), day("2025-08-06"), day("2025-08-07")]
)
SPRING = [("2025-03", "2025-05-06", "observed"), ("2025-04", "2025-06-05", "calendar"), ("2025-05", "2025-07-07", "observed")]


@pytest.mark.parametrize(
    ("rows", "calendar", "expected"),
    [
        (SPRING, CALENDAR, ("2025-08-05", "calendar")),
        (SPRING, CALENDAR.tail(2), ("2025-08-05", "median delay")),
        ([("2024-06", "2024-08-06", "observed"), *SPRING], CALENDAR.head(0), ("2025-08-06", "year before")),
        ([("2024-07", "2024-08-06", "observed"), *SPRING], CALENDAR.head(0), ("2025-08-05", "median delay")),
        # The day of a copy is no day of a release.
        ([("2024-06", "2024-08-06", "bound"), *SPRING], CALENDAR.head(0), ("2025-08-05", "median delay")),
        (SPRING[1:], CALENDAR.head(0), (None, "")),
        ([*SPRING[1:], ("2025-05", "2025-07-07", "bound")], CALENDAR.head(0), (None, "")),
    ],
)
def test_the_next_release_is_that_of_the_calendar_or_else_the_usual_day(
    rows: list[tuple], calendar: pd.DataFrame, expected: tuple[str, str]
) -> None:
    """The delays after the ends of March, April and May are 36, 36 and 37 days."""
    found, basis = statistics.next_release(held(*rows), day("2025-06-01"), calendar, "P", "r")
    assert (None if pd.isna(found) else f"{found:%F}", basis) == expected


def test_delays_count_over_the_last_twelve_releases() -> None:
    """Three slow ones, and then twelve of ten days: the thirteenth back does not count."""
    periods = pd.date_range("2024-01-01", periods=15, freq="MS")
    delays = [60, 60, 60, 11, 11, 11, 11, 11, 11, *[10] * 6]
    published = [f"{period + pd.offsets.MonthEnd() + pd.Timedelta(days=delay):%F}" for period, delay in zip(periods, delays, strict=True)]
    rows = [(f"{period:%Y-%m}", released, "observed") for period, released in zip(periods, published, strict=True)]
    found, _ = statistics.next_release(held(*rows[1:]), day("2026-07-01"), CALENDAR.head(0), "P", "r")
    assert found == day("2026-08-10")  # the median of six of eleven and six of ten days, rounded to the even one


def test_the_newest_release_of_each_series_in_the_order_asked_for(read: Callable) -> None:
    calendar = {"publisher": "US Census Bureau", "release": "FT-900", "basis": "calendar", "period": "2025-05-01"}
    read(
        statistics=[*months(IMPORTS, "2025-01", [1.0, 2.0, 3.0, 4.0]), *months(EXPORTS, "2025-01", [5.0, 6.0, 7.0])],
        release_days=[
            calendar | {"due_on": "2025-07-03", "seen_on": "2025-01-02"},
            calendar | {"due_on": "2025-07-08", "seen_on": "2025-06-20"},
            calendar | {"due_on": "2025-07-09", "seen_on": "2025-06-21"},
        ],
    )
    seen = statistics.release_days(as_of="2025-06-20")
    assert days(seen["due_on"]) == ["2025-07-08"]
    rows = tidy(trade.releases(as_of="2025-06-20", series=[EXPORTS, IMPORTS]))
    assert rows["series_id"].tolist() == [EXPORTS, IMPORTS]
    assert rows["value"].tolist() == [7.0, 4.0]
    assert days(rows["next_period"]) == ["2025-04-01", "2025-05-01"]
    assert rows["next_basis"].tolist() == ["median delay", "calendar"]
    assert rows["next_usual_on"].iloc[1] == day("2025-07-08")
    assert trade.releases(as_of="2025-03-04", series=[EXPORTS]).empty
    assert trade.releases(as_of="2025-03-05", series=[EXPORTS, IMPORTS])["period"].dt.month.tolist() == [1, 1]


# Both flows.


def test_the_balance_is_that_of_months_of_which_both_flows_are_held(read: Callable) -> None:
    rows = [*months(EXPORTS, "2025-01", [10.0, 11.0, None, 12.0]), *months(IMPORTS, "2025-01", [30.0, None, 33.0, 35.0])]
    rows.append(figure(EXPORTS, "2025-04", 99.0, "2025-06-05", "2025-08-05"))
    rows[-2] = figure(IMPORTS, "2025-04", 36.0, "2025-06-05", "2025-07-05")
    read(statistics=rows)
    goods = tidy(trade.us_china_goods(as_of="2025-06-10"))
    assert goods["period"].dt.month.tolist() == [1, 2, 3, 4]
    assert goods["exports_usd"].fillna(-1).tolist() == [10, 11, -1, 12]
    assert goods["imports_usd"].fillna(-1).tolist() == [30, -1, 33, 36]
    assert goods["balance_usd"].fillna(-1).tolist() == [-20, -1, -1, -24]
    assert goods["is_later_revised"].tolist() == [False, False, False, True]
    assert days(goods["published_on"]) == ["2025-03-05", "2025-04-05", "2025-05-05", "2025-06-05"]
    assert goods["url"].tolist()[1:3] == [f"https://example.org/{EXPORTS}", f"https://example.org/{IMPORTS}"]
    assert goods["source"].tolist()[2] == "release of 2025-05-05"
    assert trade.us_china_goods(as_of="2025-06-10", start="2025-02-01")["period"].dt.month.tolist() == [2, 3, 4]
    assert trade.us_china_goods(as_of="2025-06-10", start="2025-02-02")["period"].dt.month.tolist() == [3, 4]
    with pytest.raises(ParameterError, match="start must lie before the last month of trade known on 2025-06-10"):
        trade.us_china_goods(as_of="2025-06-10", start="2025-04-02")
    assert trade.unbroken(goods)["balance_usd"].fillna(-1).tolist() == [-20, -1, -1, -24]
    years = trade.by_year(goods)
    assert years.loc[2025, ["exports_usd", "imports_usd", "balance_usd", "months"]].tolist() == [22, 66, -44, 2]
    assert not years.loc[2025, "is_complete"]
    broken = goods[goods["period"].ne("2025-02-01")]
    assert trade.unbroken(broken).index.month.tolist() == [1, 2, 3, 4]


def test_a_year_is_complete_with_twelve_months(read: Callable) -> None:
    read(statistics=[*months(EXPORTS, "2023-02", [1.0] * 23), *months(IMPORTS, "2023-02", [2.0] * 23)])
    years = trade.by_year(trade.us_china_goods(as_of="2025-06-10"))
    assert years["months"].to_dict() == {2023: 11, 2024: 12}
    assert years["is_complete"].to_dict() == {2023: False, 2024: True}
    assert years["balance_usd"].to_dict() == {2023: -11, 2024: -12}


def test_what_is_known_of_a_month_is_known_with_the_later_flow(read: Callable) -> None:
    read(statistics=[figure(EXPORTS, "2025-01", 1.0, "2025-03-05"), figure(IMPORTS, "2025-01", 2.0, "2025-03-07")])
    row = trade.us_china_goods(as_of="2025-03-07").iloc[0]
    assert f"{row['known_on']:%F}" == "2025-03-07"
    assert trade.us_china_goods(as_of="2025-03-06")["balance_usd"].isna().all()


def monthly_values(first: str, values: Sequence[float]) -> pd.Series:
    return pd.Series(values, index=pd.date_range(f"{first}-01", periods=len(values), freq="MS"), dtype=float)


def test_growth_of_a_month_a_quarter_and_the_year_to_date() -> None:
    values = monthly_values("2024-01", [*range(1, 13), 2, 6, 3, math.nan, 10])
    table = trade.growth(values)
    assert table.loc["2025-01-01":"2025-03-01", "yoy_frac"].tolist() == [1, 2, 0]
    assert table.loc["2025-01-01":"2025-03-01", "ytd_yoy_frac"].tolist() == pytest.approx([1, 8 / 3 - 1, 11 / 6 - 1])
    assert table.loc["2025-03-01", "three_month_yoy_frac"] == pytest.approx(11 / 6 - 1)
    assert table.loc["2025-01-01":"2025-02-01", "three_month_yoy_frac"].isna().all()
    assert table.loc["2025-04-01"].isna().all()
    assert table.loc["2025-05-01", "yoy_frac"] == 1
    assert table.loc["2025-05-01", ["three_month_yoy_frac", "ytd_yoy_frac"]].isna().all()
    assert table.loc[:"2024-12-01"].isna().all(axis=None)
    assert list(trade.growth(values.head(0))) == list(table)
    with pytest.raises(ParameterError, match="leaves out a month"):
        trade.growth(values.drop(day("2024-05-01")))


def test_a_year_that_does_not_begin_in_january_has_no_year_to_date() -> None:
    table = trade.growth(monthly_values("2024-02", [1.0] * 24))
    assert table.loc["2025-02-01":"2025-12-01", "ytd_yoy_frac"].isna().all()
    assert table.loc["2025-02-01", "yoy_frac"] == 0


def test_an_index_needs_the_whole_of_its_base() -> None:
    values = monthly_values("2024-01", [*[2.0] * 6, *[4.0] * 6, 6.0])
    assert trade.index_of(values, base="2024").iloc[[0, -1]].tolist() == pytest.approx([100 * 2 / 3, 200])
    assert trade.index_of(values, base="2024-05").iloc[[0, -1]].tolist() == [100, 300]
    for base in ("2025", "2025-02", "2023"):
        with pytest.raises(ParameterError, match=f"The base {base} is not held in full"):
            trade.index_of(values, base=base)
    with pytest.raises(ParameterError, match="The base 2024 is not held in full"):
        trade.index_of(values.where(values.index != "2024-03-01"), base="2024")


def test_the_months_before_and_after_a_day_beside_those_of_the_year_before(read: Callable) -> None:
    """Of February 2025 neither span holds anything: before lie November to January, after it March to May."""
    read(statistics=months(IMPORTS, "2023-11", [*range(1, 8), *[100.0] * 5, 11, 12, 13, 99, 21, 22, 23, 500]))
    rows = trade.front_loading(as_of="2025-12-01", day="2025-02-28")
    assert rows["span"].tolist() == ["before", "after"]
    assert [f"{first:%m}-{last:%m}" for first, last in zip(rows["first"], rows["last"], strict=True)] == ["11-01", "03-05"]
    assert rows[["imports_usd", "year_earlier_usd", "difference_usd"]].to_numpy().tolist() == [[36, 6, 30], [66, 18, 48]]
    assert rows["change_frac"].tolist() == pytest.approx([5, 66 / 18 - 1])
    assert trade.front_loading(as_of="2025-12-01", day="2025-02-28", months=2)["imports_usd"].tolist() == [25, 43]
    assert trade.front_loading(as_of="2025-07-04", day="2025-02-28")["imports_usd"].isna().tolist() == [False, True]


def test_the_two_sides_of_one_flow(read: Callable) -> None:
    rows = [*months(CHINA, "2025-01", [20.0, 30.0]), *months(IMPORTS, "2025-01", [25.0, None, 9.0])]
    read(statistics=[*rows, figure(IMPORTS, "2025-02", 24.0, "2025-04-06")])
    both = tidy(trade.mirror(as_of="2025-06-10"))
    assert both["gap_usd"].tolist() == [5, -6]
    assert both["gap_frac"].tolist() == [0.2, -0.25]
    assert both[["china_exports_fob_usd", "us_imports_customs_usd"]].to_numpy().tolist() == [[20, 25], [30, 24]]
    assert days(both["known_on"]) == ["2025-03-05", "2025-04-06"]
    assert both["source"].tolist()[1] == "release of 2025-04-05; release of 2025-04-06"
    assert both["url"].tolist()[0] == f"https://example.org/{CHINA}|https://example.org/{IMPORTS}"


# Partners.


def imported(partner: str, period: str, value: float, duty: float = 0.0, published: str = "2025-06-05") -> dict[str, object]:
    return {
        "partner": partner, "period": f"{period}-01", "customs_value_usd": value, "calculated_duty_usd": duty, "published_on": published,
        "vintage_on": published, "published_basis": "observed",
    }  # fmt: skip


def by_partner(reading: Callable, **skipped: str) -> None:
    """January and February of 2024 and 2025, and January of 2023: China loses, Viet Nam gains, and a group that overlaps."""
    values = {"China": (9, 50, 40, 30, 20), "Viet Nam": (9, 10, 10, 25, 15), "Mexico": (9, 20, 20, 21, 19),
              "European Union": (9, 9, 9, 9, 9),
              "USMCA": (9, 9, 9, 9, 9), "World": (99, 100, 100, 110, 90)}  # fmt: skip
    periods = ("2023-01", "2024-01", "2024-02", "2025-01", "2025-02")
    rows = [
        imported(partner, period, value, duty=value / (4 if period[:4] == "2025" else 10) if partner in ("China", "World") else 1)
        for partner, row in values.items()
        for period, value in zip(periods, row, strict=True)
        if skipped.get("partner") != partner or skipped.get("period") != period
    ]
    reading(duties_by_partner=rows)


def test_the_change_of_the_world_is_the_sum_of_those_of_its_parts(read: Callable) -> None:
    by_partner(read)
    rows = tidy(trade.diversion(as_of="2025-06-10"))
    assert rows["partner"].tolist() == ["Viet Nam", "Mexico", "China", "All other partners", "World"]
    assert rows["change_usd"].tolist() == [20, 0, -40, 20, 0]
    assert rows["now_usd"].tolist() == [40, 40, 50, 70, 200]
    assert rows["base_usd"].tolist() == [20, 40, 90, 50, 200]
    assert rows["share_now_frac"].tolist() == [0.2, 0.2, 0.25, 0.35, 1]
    assert rows["share_base_frac"].tolist() == [0.1, 0.2, 0.45, 0.25, 1]
    assert rows["share_change_pp"].tolist() == pytest.approx([10, 0, -20, 10, 0])
    assert (rows["base"].iloc[0], rows["first"].iloc[0], rows["last"].iloc[0]) == (2024, day("2025-01-01"), day("2025-02-01"))
    assert not rows["is_later_revised"].any()
    assert trade.diversion(as_of="2025-06-10", base=2024)["change_usd"].tolist() == rows["change_usd"].tolist()
    for base in (2023, 2025, 2026):
        with pytest.raises(ParameterError, match=f"basis must be a year before 2025.*not {base}"):
            trade.diversion(as_of="2025-06-10", base=base)


def test_a_month_that_one_partner_lacks_makes_its_sums_unknown(read: Callable) -> None:
    by_partner(read, partner="Mexico", period="2025-02")
    rows = trade.diversion(as_of="2025-06-10").set_index("partner")
    assert math.isnan(rows.loc["Mexico", "now_usd"])
    assert math.isnan(rows.loc["All other partners", "now_usd"])
    assert rows.loc["China", "now_usd"] == 50


@pytest.mark.parametrize(
    ("last", "base", "year"), [("2026-02-01", 0, 2024), ("2025-02-01", 0, 2024), ("2024-02-01", 0, 2023), ("2026-02-01", 2025, 2025)]
)
def test_the_base_is_2024_or_the_year_before_where_that_is_earlier(last: str, base: int, year: int) -> None:
    periods = pd.date_range("2022-01-01", last, freq="MS")
    now, then = same_months(periods.append(periods[-1:]), base)
    assert [f"{month:%Y-%m}" for month in now] == [f"{last[:4]}-01", f"{last[:4]}-02"]
    assert [f"{month:%Y-%m}" for month in then] == [f"{year}-01", f"{year}-02"]


def test_rates_by_partner_month_and_year(read: Callable) -> None:
    by_partner(read)
    rows = trade.imports_by_partner(as_of="2025-06-10")
    assert rows[rows["partner"].eq("China")]["collected_frac"].tolist() == [0.1, 0.1, 0.1, 0.25, 0.25]
    years = tidy(trade.collected_by_year(as_of="2025-06-10"))
    china = years[years["partner"].eq("China")]
    assert china[["year", "customs_value_usd", "months"]].to_numpy().tolist() == [[2023, 9, 1], [2024, 90, 2], [2025, 50, 2]]
    assert china["collected_frac"].tolist() == [0.1, 0.1, 0.25]
    table = tidy(trade.revenue(as_of="2025-06-10"))
    assert table["china_usd"].tolist() == [0.9, 5, 4, 7.5, 5]
    assert table["china_share_frac"].tolist()[1:] == pytest.approx([0.5, 0.4, 30 / 110, 20 / 90])
    assert trade.revenue(as_of="2025-06-05")["known_on"].eq("2025-06-05").all()
    assert trade.partners() == ["China", "Mexico", "Viet Nam"]


def test_at_most_five_partners_that_are_held_can_be_told_apart(read: Callable) -> None:
    by_partner(read)
    assert trade.chosen_partners(["Mexico", "World"]) == ["Mexico", "World"]
    assert trade.chosen_partners(["Mexico"] * 5) == ["Mexico"] * 5
    with pytest.raises(ParameterError, match="At most 5 partners can be told apart in a figure, not 6"):
        trade.chosen_partners(["Mexico"] * 6)
    with pytest.raises(ParameterError, match="There is no partner 'Mars'; held are China, European Union"):
        trade.chosen_partners(["Mexico", "Mars"])


# Goods.


def heading(code: str, year: int, value: float, flow: str = "exports_fas") -> dict[str, object]:
    return {
        "heading": code, "period": f"{year}-01-01", "flow": flow, "value_usd": value, "published_on": f"{year + 1}-02-05",
        "vintage_on": f"{year + 1}-02-05", "published_basis": "observed",
    }  # fmt: skip


def test_goods_by_section_of_the_newest_year_beside_a_base(read: Callable) -> None:
    rows = [
        heading("1201", 2017, 10),
        heading("1205", 2017, 2),
        heading("8542", 2017, 5),
        heading("8542", 2023, 9),
        heading("1201", 2023, 8),
    ]
    rows += [heading("1201", 2024, 6), heading("8542", 2024, 13), heading("8471", 2024, 1), heading("8542", 2024, 50, "imports_cif")]
    rows += [heading("2709", 2017, 4)]
    read(us_china_goods_by_heading=rows)
    table = tidy(trade.by_section(as_of="2025-02-05", flow="exports"))
    assert table["section"].str.split(" ").str[0].tolist() == ["XVI", "II", "V"]
    assert table[["value_usd", "base_usd", "change_usd"]].to_numpy().tolist() == [[14, 5, 9], [6, 12, -6], [0, 4, -4]]
    assert table["share_frac"].tolist() == [0.7, 0.3, 0]
    assert table[["year", "base"]].iloc[0].tolist() == [2024, 2017]
    assert table["known_on"].eq("2025-02-05").all()
    assert trade.by_section(as_of="2025-02-04", flow="exports")["year"].eq(2023).all()
    assert trade.by_section(as_of="2025-02-05", flow="imports").empty
    assert trade.by_section(as_of="2018-02-05", flow="exports").empty
    assert trade.by_section(as_of="2025-02-05", flow="exports", base=2024).empty
    years = trade.years_of("1201", as_of="2025-02-05", flow="exports")
    assert years[["year", "value_usd"]].to_numpy().tolist() == [[2017, 10], [2023, 8], [2024, 6]]
    assert years["share_frac"].tolist() == pytest.approx([10 / 21, 8 / 17, 0.3])
    assert trade.years_of("12", as_of="2025-02-05", flow="exports")["value_usd"].tolist() == [12, 8, 6]
    assert trade.years_of("2709", as_of="2025-02-05", flow="exports")["value_usd"].tolist() == [4, 0, 0]
    chips = heading("8471", 2024, 5, "imports_cif") | {"published_on": "2025-02-07", "vintage_on": "2025-02-07"}
    read(us_china_goods_by_heading=[*rows, chips])
    assert days(trade.years_of("85", as_of="2025-02-07", flow="imports")["known_on"]) == ["2025-02-07"]
    with pytest.raises(ParameterError, match="use four digits of 120190"):
        trade.years_of("120190", as_of="2025-02-05", flow="exports")


def industry(naics3: str, period: str, value: float) -> dict[str, object]:
    return {
        "naics3": naics3, "period": f"{period}-01", "customs_value_usd": value, "calculated_duty_usd": 0, "published_on": "2025-06-05",
        "vintage_on": "2025-06-05", "published_basis": "observed",
    }  # fmt: skip


def test_what_china_lost_by_product_group(read: Callable) -> None:
    """Crops and forestry go by the first digit of their industry."""
    rows = [industry(code, "2024-01", value) for code, value in (("334", 50.0), ("111", 4.0), ("113", 6.0), ("315", 7.0))]
    rows += [industry(code, "2025-01", value) for code, value in (("334", 30.0), ("111", 5.0), ("113", 6.0), ("339", 3.0))]
    rows += [industry("334", "2024-02", 500.0), industry("334", "2025-02", 500.0), industry("334", "2024-03", 900.0)]
    read(duties_china=[*rows, industry("339", "2025-02", 0.0) | {"vintage_on": "2025-07-05"}])
    table = tidy(trade.china_by_product_group(as_of="2025-06-10"))
    assert table["group"].tolist() == [
        "Computers and electronics", "Clothing", "Farm, forest and fishery products", "Toys, sporting and other goods",
    ]  # fmt: skip
    assert table["change_usd"].tolist() == [-20, -7, 1, 3]
    assert table["change_frac"].fillna(9).tolist() == pytest.approx([-20 / 550, -1, 0.1, 9])
    assert (table["base"].iloc[0], table["first"].iloc[0], table["last"].iloc[0]) == (2024, day("2025-01-01"), day("2025-02-01"))
    assert table["is_later_revised"].all()
    assert trade.china_by_product_group(as_of="2025-06-10", base=2025)["base"].eq(2024).all()
    with pytest.raises(ParameterError, match="basis must be a year before 2025"):
        trade.china_by_product_group(as_of="2025-06-10", base=2023)


def test_other_suppliers_of_2024_once_the_year_was_released(read: Callable) -> None:
    cells = {
        ("847130", "China"): 19.0,
        ("847130", "Mexico"): 4.0,
        ("854231", "Mexico"): 2.0,
        ("854231", "Japan"): 7.0,
        ("120190", "China"): 10.0,
    }
    read(us_imports_2024_by_partner=[{"hs6": code, "partner": name, "imports_2024_usd": value} for (code, name), value in cells.items()])
    assert trade.suppliers_2024(as_of=date(2025, 2, 4)).empty
    table = tidy(trade.suppliers_2024(as_of=date(2025, 2, 5), most=1))
    assert table["section"].str.split(" ").str[0].tolist() == ["XVI", "II"]
    assert table["china_usd"].tolist() == [19, 10]
    assert table["others"].tolist()[0] == [("Japan", 7)]
    assert trade.suppliers_2024(as_of=date(2025, 2, 5))["others"].tolist()[0] == [("Japan", 7), ("Mexico", 6)]


# China's headlines.


def headlines(reading: Callable) -> None:
    rows = [
        figure("china_balance_usd", "2024-11", 97e9, "2024-12-10"),
        figure("china_exports_yoy_frac", "2024-12", 0.10, "2025-01-13"),
        figure("china_imports_yoy_frac", "2024-12", 0.01, "2025-01-13"),
        figure("china_exports_ytd_yoy_frac", "2025-02", 0.02, "2025-03-07"),
        figure("china_imports_ytd_yoy_frac", "2025-02", -0.08, "2025-03-07"),
        figure("china_exports_yoy_frac", "2025-01", 0.06, "2025-03-07", "2025-07-07"),
        figure("china_exports_yoy_frac", "2025-02", -0.03, "2025-03-07", "2025-07-07"),
        figure("china_balance_ytd_usd", "2025-02", 170e9, "2025-03-07"),
        figure("china_exports_yoy_frac", "2025-03", 0.12, "2025-04-14"),
        figure("china_exports_ytd_yoy_frac", "2025-03", 0.05, "2025-04-14"),
        figure("china_exports_to_us_yoy_frac", "2025-03", 0.09, "2025-04-14"),
        figure("china_balance_usd", "2025-03", 102e9, "2025-04-14"),
        figure("china_imports_yoy_frac", "2025-03", -0.04, "2025-04-14"),
        figure("china_exports_yoy_frac", "2025-03", 0.125, "2025-04-14", "2025-07-07"),
    ]
    reading(statistics=rows)


def test_january_and_february_are_the_headline_as_one_and_march_by_itself(read: Callable) -> None:
    headlines(read)
    february = tidy(trade.china_headlines(as_of="2025-04-13"))
    assert february[["figure", "value"]].to_numpy().tolist() == [["exports", 0.02], ["imports", -0.08], ["balance", 170e9]]
    march = tidy(trade.china_headlines(as_of="2025-04-14"))
    assert march["figure"].tolist() == ["exports", "imports", "balance", "exports_to_us"]
    assert march["value"].tolist() == [0.12, -0.04, 102e9, 0.09]
    assert trade.china_headlines(as_of="2025-01-12").empty
    assert trade.china_headlines(as_of="2025-01-13")["period"].eq("2024-12-01").all()


def test_a_month_whose_exports_alone_are_held_is_told_by_them(read: Callable) -> None:
    read(statistics=[figure("china_exports_yoy_frac", "2025-03", 0.12, "2025-04-14")])
    rows = trade.china_headlines(as_of="2025-04-14")
    assert narrate.trade_message(rows) == "China's exports rose 12.0% in March 2025 on a year earlier"
    assert phrases.china_line(trade.headline_growth(rows)) == "March 2025: exports +12% on a year earlier"


def test_growth_by_month_has_one_point_for_the_first_two(read: Callable) -> None:
    headlines(read)
    rows = tidy(trade.china_growth(as_of="2025-08-01"))
    exports = rows[rows["figure"].eq("exports")]
    assert exports["period"].dt.strftime("%Y-%m").tolist() == ["2024-12", "2025-02", "2025-03"]
    assert exports["value"].tolist() == [0.10, 0.02, 0.125]
    assert rows["figure"].tolist() == ["exports"] * 3 + ["imports"] * 3
    assert trade.china_growth(as_of="2025-08-01", months=4)["period"].nunique() == 3
    assert trade.china_growth(as_of="2025-08-01", months=3)["period"].nunique() == 2
    moved = tidy(trade.revised(as_of="2025-08-01"))
    assert moved["revision_pp"].tolist() == pytest.approx([0, 0, 0.5])
    assert trade.revised(as_of="2025-08-01", figure="imports", months=1)["value"].tolist() == [-0.04]
