"""Every line of a schedule at once: the answers are those that one line gets."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from tradelib import catalogue, hs, tariffs
from tradelib.tariffs.every_line import BEFORE, STEP

# The first tariffs, a day after the peak, the last day of the edition.
DAYS = ["2018-07-06", "2025-06-09", "latest"]
SAMPLE = 12


@cache
def book(importer: str, day: str) -> tariffs.EveryLine:
    as_of = catalogue.resolve_as_of(day)
    return tariffs.every_line(on=as_of, importer=importer, as_of=as_of)


def line(importer: str, day: str, code: str) -> pd.Series:
    return book(importer, day).rows.set_index("code").loc[code]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("importer", tariffs.IMPORTERS)
def test_a_line_owes_what_explain_says_of_it(importer: str, day: str) -> None:
    told = book(importer, day)
    for row in told.rows.sample(SAMPLE, random_state=20180706).itertuples():
        stack = tariffs.explain(row.code, on=told.on, importer=importer, as_of=told.as_of)
        due = stack.layers[stack.layers["rate_frac"].ne(0)]
        layers = told.layers[told.layers["stack"].eq(row.stack)]
        assert dict(zip(due["measure_id"], due["rate_frac"].round(9), strict=True)) == pytest.approx(
            dict(zip(layers["measure_id"], row.parts, strict=True)), nan_ok=True
        )
        assert row.total_frac == pytest.approx(stack.total_frac, abs=1e-9, nan_ok=True)
        if not row.is_least:
            assert (row.low_frac, row.high_frac) == pytest.approx((stack.low_frac, stack.high_frac), abs=1e-9, nan_ok=True)
        filed = [f"{item.heading}{' (claimed)' * (item.role == 'exemption')}".replace("|", " or ") for item in stack.filing.itertuples()]
        assert [part for part in row.filing.split("; ") if part] == list(dict.fromkeys(filed))


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("importer", tariffs.IMPORTERS)
def test_the_book_holds_what_line_rates_gives_on_each_day_it_names(importer: str, day: str) -> None:
    told, digits = book(importer, day), hs.STATISTICAL_LINE if importer == "US" else hs.TARIFF_LINE
    rows = told.rows[~told.rows["is_least"] & told.rows["code"].str.len().eq(digits)].set_index("code")

    def rates(on: object) -> pd.Series:
        return tariffs.line_rates(on=on, importer=importer, as_of=told.as_of, digits=digits)["total_frac"].reindex(rows.index)

    np.testing.assert_allclose(rows["total_frac"], rates(told.on), atol=1e-9)
    if told.on >= BEFORE:
        np.testing.assert_allclose(rows["before_frac"], rates(BEFORE), atol=1e-9)
    for name in ("peak", "next"):
        for on, part in rows.dropna(subset=f"{name}_on").groupby(f"{name}_on"):
            np.testing.assert_allclose(part[f"{name}_frac"], rates(on).reindex(part.index), atol=1e-9)
    changed = rates(told.on).ne(rates(min(rows["next_on"].dropna(), default=pd.Timestamp(told.on))))
    assert not (changed & rows["total_frac"].notna() & rows["next_on"].isna()).any()


@pytest.mark.parametrize("day", DAYS)
def test_every_line_of_the_schedule_stands_once(day: str) -> None:
    told, table = book("US", day), catalogue.load("hts_codes")
    on = pd.Timestamp(told.on)
    table = table[table["is_line"] & table["code"].str[:2].le("97")]
    standing = table[~table["first_on"].gt(on) & ~table["ended_on"].le(on)]["code"]
    assert list(told.rows["code"]) == sorted(standing)
    chinese = book("CN", day).rows["code"]
    lines, subheadings = (tariffs.lines("CN", digits=digits).codes for digits in (hs.TARIFF_LINE, None))
    # Of these no tariff line is held.
    without = {code for code in subheadings if code[:2] <= "97"} - {code[:6] for code in lines}
    assert list(chinese) == sorted({*lines, *without})
    assert len(without) > 300


@pytest.mark.parametrize("importer", tariffs.IMPORTERS)
def test_nothing_of_a_later_day_is_told(importer: str) -> None:
    told = book(importer, "2025-06-09")
    assert told.layers["known_on"].max() <= pd.Timestamp("2025-06-09") >= told.texts["known_on"].max()
    assert told.rows["peak_on"].max() <= pd.Timestamp("2025-06-09")
    assert "s301_forced_labour" not in set(told.layers["family"])
    early = book(importer, "2018-07-06").rows
    assert early[["before_frac"]].isna().all(axis=None)


def test_known_lines_owe_what_they_owe() -> None:
    # 3.4% general, 25% Section 301, 12.5% forced labour; in April 2025 7.5 + 20 + 125 on top of the general rate.
    row = line("US", "latest", "8507600030")
    assert (row["total_frac"], row["before_frac"], row["peak_frac"]) == pytest.approx((0.409, 0.109, 1.559))
    assert (row["peak_on"], row["filing"]) == (pd.Timestamp("2025-04-10"), "9903.91.06; 9903.05.31")
    assert pd.isna(row["next_on"])
    # 10% general, 25% list 3, 10% reciprocal, of which 24 points are suspended to 10 November 2026.
    row = line("CN", "latest", "85076000")
    assert (row["total_frac"], row["next_frac"]) == pytest.approx((0.45, 0.69))
    assert row["next_on"] == pd.Timestamp("2026-11-10")
    assert row["steps"].split(STEP)[1] == "Lithium-ion batteries"


def test_a_rate_of_an_amount_a_unit_is_told_as_the_least() -> None:
    rows = book("US", "latest").rows
    least = rows[rows["is_least"]]
    assert least["total_frac"].isna().all()
    assert least["high_frac"].isna().all()
    assert least["low_frac"].notna().all()
    assert least["mfn_text"].ne("").all()
    assert least["note"].str.contains("holds an amount a unit").all()
