"""An announcement typed in one table and missing in its twin is refused: clocks beside the steps of tariffs and of other measures."""

import json

import pandas as pd
import pytest

from tradelib import catalogue
from tradelib.checks.rule import Tables, run

NEW, OLD, LATER = pd.Timestamp("2026-10-05"), pd.Timestamp("2027-01-10"), pd.Timestamp("2027-03-10")
RULES = {
    "a_clock_names_measures_that_are_held",
    "the_end_of_a_clock_is_a_step_of_its_measures",
    "the_end_of_a_measure_is_that_of_its_clock",
    "a_text_that_undoes_a_return_moves_its_clock",
}


@pytest.fixture(scope="module")
def tables() -> Tables:
    package = json.loads((catalogue.data_folder() / "datapackage.json").read_text(encoding="utf-8"))
    resources = {resource["name"]: resource for resource in package["resources"]}
    names = ("deadlines", "tariff_steps", "tariff_measures", "nontariff_steps")
    return Tables({name: catalogue.load(name) for name in names}, resources, package)


def broken(tables: Tables, **frames: pd.DataFrame) -> dict[str, str]:
    """Rules of twins that are broken once some tables are replaced, with what was found."""
    edited = Tables(tables.frames | frames, tables.resources, tables.package)
    return {fault.rule: fault.found for fault in run(edited) if fault.rule in RULES}


def appended(table: pd.DataFrame, like: dict[str, object], *changes: dict[str, object]) -> pd.DataFrame:
    """A table with rows like its last one that has some cells, changed."""
    mask = pd.Series(True, index=table.index)
    for column, value in like.items():
        mask &= table[column].eq(value)
    row = table[mask].iloc[[-1]]
    return pd.concat([table, *[row.assign(**cells) for cells in changes]], ignore_index=True)


def clock(tables: Tables, name: str, basis: str, day: pd.Timestamp) -> pd.DataFrame:
    return appended(tables["deadlines"], {"clock": name, "basis": basis}, {"announced_on": NEW, "expires_on": day, "is_last_day": False})


def tariff(tables: Tables, standing: str, day: pd.Timestamp) -> pd.DataFrame:
    """China keeps its 24 points suspended from one day to another."""
    about = {"announced_on": NEW, "standing": standing}
    return appended(
        tables["tariff_steps"], {"measure_id": "cn_2025_rec", "is_snap_back": True},
        about | {"effective_on": OLD, "rate_frac": 0.10, "is_snap_back": False}, about | {"effective_on": day},
    )  # fmt: skip


def beyond(tables: Tables, standing: str, day: pd.Timestamp) -> pd.DataFrame:
    return appended(
        tables["nontariff_steps"],
        {"item_id": "X07", "is_snap_back": True},
        {"announced_on": NEW, "standing": standing, "effective_on": day},
    )


def test_the_tables_as_they_are_agree(tables: Tables) -> None:
    assert broken(tables) == {}
    named = tables["deadlines"].set_index("clock")["measures"]
    assert named["TRUCE"].iloc[0].split("|") == ["us_ieepa_reciprocal", "cn_2025_rec"]


@pytest.mark.parametrize("name", ["CN-TARIFF", "CN-EXPORT", "US-EXCL", "US-S122"])
def test_an_extension_typed_as_a_clock_alone_is_refused(tables: Tables, name: str) -> None:
    found = broken(tables, deadlines=clock(tables, name, "legal", LATER))
    assert name in found["the_end_of_a_clock_is_a_step_of_its_measures"]
    assert "2027-03-10" in found["the_end_of_a_clock_is_a_step_of_its_measures"]


@pytest.mark.parametrize("standing", ["instrument", "statement"])
def test_an_extension_typed_as_steps_alone_is_refused(tables: Tables, standing: str) -> None:
    assert "cn_2025_rec" in broken(tables, tariff_steps=tariff(tables, standing, LATER))["the_end_of_a_measure_is_that_of_its_clock"]
    assert "X07" in broken(tables, nontariff_steps=beyond(tables, standing, LATER))["the_end_of_a_measure_is_that_of_its_clock"]


def test_an_extension_typed_in_both_passes(tables: Tables) -> None:
    assert broken(tables, deadlines=clock(tables, "CN-TARIFF", "legal", LATER), tariff_steps=tariff(tables, "instrument", LATER)) == {}
    assert (
        broken(tables, deadlines=clock(tables, "CN-EXPORT", "political", LATER), nontariff_steps=beyond(tables, "statement", LATER)) == {}
    )


def test_twins_that_name_different_days_are_refused_on_both_sides(tables: Tables) -> None:
    found = broken(
        tables,
        deadlines=clock(tables, "CN-TARIFF", "legal", LATER + pd.Timedelta(days=1)),
        tariff_steps=tariff(tables, "instrument", LATER),
    )
    assert set(found) == {"the_end_of_a_clock_is_a_step_of_its_measures", "the_end_of_a_measure_is_that_of_its_clock"}


def test_a_text_of_law_needs_a_legal_clock(tables: Tables) -> None:
    """What was stated of a clock does not stand for the text that follows it."""
    found = broken(tables, deadlines=clock(tables, "CN-TARIFF", "political", LATER), tariff_steps=tariff(tables, "instrument", LATER))
    assert set(found) == {"the_end_of_a_measure_is_that_of_its_clock"}


def test_a_measure_that_is_let_return_belongs_to_a_clock(tables: Tables) -> None:
    steps = appended(
        tables["nontariff_steps"], {"item_id": "X07", "is_snap_back": True}, {"item_id": "X05", "announced_on": NEW, "effective_on": LATER}
    )
    assert "no clock names it" in broken(tables, nontariff_steps=steps)["the_end_of_a_measure_is_that_of_its_clock"]


def test_a_clock_that_is_stopped_needs_no_day(tables: Tables) -> None:
    """The court's ruling ended the reciprocal duty on 24 February 2026, and its clock with it, without a day."""
    rows = tables["deadlines"]
    stopped = rows["clock"].eq("US-RECIP") & rows["expires_on"].isna()
    assert stopped.sum() == 1
    assert "us_ieepa_reciprocal" in broken(tables, deadlines=rows[~stopped])["the_end_of_a_measure_is_that_of_its_clock"]


def test_a_clock_names_measures_that_are_held_and_the_same_in_all_rows(tables: Tables) -> None:
    rows = tables["deadlines"].copy()
    rows.loc[rows["clock"].eq("CN-SHIP"), "measures"] = "P01|P99"
    assert "P99" in broken(tables, deadlines=rows)["a_clock_names_measures_that_are_held"]
    rows = tables["deadlines"].copy()
    rows.loc[rows[rows["clock"].eq("CN-SHIP")].index[-1], "measures"] = "P01"
    assert "CN-SHIP" in broken(tables, deadlines=rows)["a_clock_names_measures_that_are_held"]


def test_a_text_that_keeps_what_a_clock_lets_return_moves_the_clock(tables: Tables) -> None:
    """10% for good from the day on which 34% were to return: the legal clock would still count down to a return that no text brings."""
    lasting = {"announced_on": pd.Timestamp("2026-10-01"), "standing": "instrument", "is_snap_back": False, "rate_frac": 0.10}
    like = {"measure_id": "cn_2025_rec", "announced_on": pd.Timestamp("2025-11-05"), "is_snap_back": True}
    steps = appended(tables["tariff_steps"], like, lasting)
    said = "cn_2025_rec is set anew on 2026-10-01, and clock 'CN-TARIFF' still ends on 2026-11-10"
    assert broken(tables, tariff_steps=steps)["a_text_that_undoes_a_return_moves_its_clock"] == said
    stated = steps.assign(standing=steps["standing"].where(steps["announced_on"].ne(lasting["announced_on"]), "statement"))
    assert "a_text_that_undoes_a_return_moves_its_clock" not in broken(tables, tariff_steps=stated)
    stopped = appended(
        tables["deadlines"], {"clock": "CN-TARIFF", "basis": "legal"}, {"announced_on": lasting["announced_on"], "expires_on": pd.NaT}
    )
    assert "a_text_that_undoes_a_return_moves_its_clock" not in broken(tables, tariff_steps=steps, deadlines=stopped)
