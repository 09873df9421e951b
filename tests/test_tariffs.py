"""Headline duties against published headlines, day by day, and the words for what holds."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from conftest import DAYS

from tradelib import catalogue, ledger, tariffs
from tradelib.errors import ParameterError


def day(text: str) -> date:
    return date.fromisoformat(text)


# Day of entry, days of knowledge between which the figure stood, the headline, and the text it comes from. Sources: Federal Register
# and White House texts as cited; White House fact sheets of 12 May and 1 November 2025 for 30, 10 and 20 per cent.
US_HEADLINES = [
    ("2018-01-01", "2018-01-01", "2025-01-31", 0.0, "no country-wide layer before 2025"),
    ("2025-02-04", "2025-02-01", "2025-03-02", 0.10, "EO 14195, 90 FR 9121"),
    ("2025-03-04", "2025-03-03", "2026-10-09", 0.20, "EO 14228, 90 FR 11463"),
    ("2025-04-05", "2025-04-02", "2026-10-09", 0.30, "EO 14257, 90 FR 15041"),
    ("2025-04-09", "2025-04-02", "2025-04-07", 0.54, "EO 14257: scheduled, replaced before it applied"),
    ("2025-04-09", "2025-04-08", "2026-10-09", 1.04, "EO 14259"),
    ("2025-04-10", "2025-04-09", "2026-10-09", 1.45, "EO 14266, 90 FR 15625"),
    ("2025-05-13", "2025-04-09", "2026-10-09", 1.45, "EO 14298 applies from 14 May, not from the statement of 12 May"),
    ("2025-05-14", "2025-05-12", "2026-10-09", 0.30, "EO 14298, 90 FR 21831"),
    ("2025-08-12", "2025-05-12", "2025-08-10", 0.54, "EO 14298: snap-back of the first pause, never came"),
    ("2025-08-12", "2025-08-11", "2026-10-09", 0.30, "EO 14334"),
    ("2025-11-10", "2025-08-11", "2025-11-03", 0.54, "EO 14334: snap-back of the second pause, never came"),
    ("2025-11-01", "2025-10-10", "2025-10-26", 0.30, "the extra 100% of 10 October 2025 was threatened, never enacted"),
    ("2025-11-10", "2025-11-04", "2026-10-09", 0.20, "EO 14357 and EO 14358"),
    ("2026-11-10", "2025-11-04", "2026-02-19", 0.44, "EO 14358: snap-back, void after the ruling"),
    ("2026-02-23", "2026-02-20", "2026-10-09", 0.20, "EO 14389: collection ended on 24 February 2026"),
    ("2026-02-24", "2026-02-20", "2026-10-09", 0.10, "Proclamation 11012, 91 FR 9339"),
    ("2026-07-24", "2026-07-23", "2026-10-09", 0.125, "USTR notice of actions, 91 FR 47318"),
    ("2026-11-10", "2026-07-23", "2026-10-09", 0.125, "no instrument seen after it"),
]
CN_HEADLINES = [
    ("2018-01-01", "2018-01-01", "2025-04-03", 0.0, "list duties only before April 2025"),
    ("2025-04-10", "2025-04-04", "2025-04-08", 0.34, "Tariff Commission announcement 4 of 2025"),
    ("2025-04-10", "2025-04-09", "2026-10-09", 0.84, "announcement 5 of 2025"),
    ("2025-04-12", "2025-04-11", "2026-10-09", 1.25, "announcement 6 of 2025"),
    ("2025-05-13", "2025-04-11", "2026-10-09", 1.25, "announcement 7 applies from 14 May"),
    ("2025-05-14", "2025-05-13", "2026-10-09", 0.10, "announcement 7 of 2025; the joint statement of the day before is a statement"),
    ("2025-08-12", "2025-05-13", "2025-08-11", 0.34, "announcement 7: snap-back, never came"),
    ("2025-08-12", "2025-08-12", "2026-10-09", 0.10, "announcement of 12 August 2025"),
    ("2025-11-10", "2025-08-12", "2025-11-04", 0.34, "snap-back of the second pause, never came"),
    ("2025-11-10", "2025-11-05", "2026-10-09", 0.10, "announcement 10 of 2025"),
    ("2026-02-20", "2026-02-20", "2026-10-09", 0.10, "no Chinese change after the US ruling"),
    ("2026-11-10", "2025-11-05", "2026-10-09", 0.34, "announcement 10 of 2025, unchanged in law"),
]
HEADLINES = [("US", *row) for row in US_HEADLINES] + [("CN", *row) for row in CN_HEADLINES]


@pytest.mark.parametrize(("importer", "on", "known_from", "known_through", "rate", "source"), HEADLINES)
def test_headline_equals_the_published_one_for_as_long_as_it_was_known(
    importer: str, on: str, known_from: str, known_through: str, rate: float, source: str
) -> None:
    first, last = day(known_from), day(known_through)
    for as_of in {first, last, first + (last - first) / 2}:
        assert tariffs.headline(on=day(on), as_of=as_of, importer=importer).rate_frac == pytest.approx(rate, abs=1e-9), source


def test_what_was_only_stated_stands_beside_the_law_and_never_in_its_place() -> None:
    november = tariffs.headline(on=day("2026-11-10"), as_of=day("2026-10-09"), importer="CN")
    assert (november.rate_frac, november.stated_rate_frac) == (0.34, 0.10)
    assert november.state == "scheduled"
    assert november.stated["instrument"].str.contains("MOFCOM").all()
    before_it_was_said = tariffs.headline(on=day("2026-11-10"), as_of=day("2026-09-27"), importer="CN")
    assert (before_it_was_said.rate_frac, before_it_was_said.stated_rate_frac) == (0.34, None)
    fact_sheet = tariffs.headline(on=day("2025-11-10"), as_of=day("2025-11-02"), importer="US")
    assert (fact_sheet.rate_frac, fact_sheet.stated_rate_frac) == (0.54, 0.20)


def test_after_the_end_of_the_evidence_nothing_is_called_in_force() -> None:
    late = tariffs.headline(on=day("2026-11-20"), as_of=day("2026-11-23"), importer="CN")
    assert (late.rate_frac, late.state) == (0.34, "by law, not observed")
    path = tariffs.headline_path(importer="CN", as_of=day("2026-11-23"))
    assert path.loc[path["state"].eq("in force"), "effective_to"].max() == pd.Timestamp("2026-10-10")


@pytest.mark.parametrize("as_of", DAYS)
def test_path_says_on_every_day_what_headline_says(as_of: date) -> None:
    for importer, path in tariffs.headline_paths(as_of=as_of).items():
        assert path["effective_from"].iloc[0] == pd.Timestamp(catalogue.edition().evidence_from)
        assert (path["effective_to"].iloc[:-1].to_numpy() == path["effective_from"].iloc[1:].to_numpy()).all()
        for row in path.itertuples():
            single = tariffs.headline(on=row.effective_from.date(), as_of=as_of, importer=importer)
            assert (single.rate_frac, single.state) == (row.rate_frac, row.state)
        assert (path["known_on"] <= pd.Timestamp(as_of)).all()


def test_peaks_as_of_june_2025() -> None:
    peaks = tariffs.peaks(tariffs.headline_paths(as_of=day("2025-06-09")))
    assert {importer: high["rate_frac"] for importer, high in peaks.items()} == {"US": 1.45, "CN": 1.25}


def test_a_threat_never_becomes_part_of_a_schedule() -> None:
    as_of = day("2025-10-20")
    threatened = tariffs.proposals(as_of=as_of)
    hundred = threatened[threatened["rate_frac"].eq(1.0) & threatened["state"].eq("threatened")]
    assert hundred["would_apply_on"].tolist() == [pd.Timestamp("2025-11-01")]
    us = tariffs.headline_path(importer="US", as_of=as_of)
    assert us.loc[us["effective_from"].ge("2025-10-20"), "rate_frac"].tolist() == [0.30, 0.54]
    withdrawn = tariffs.proposals(as_of=day("2025-10-26")).set_index("proposal_id").loc[hundred["proposal_id"].iloc[0]]
    assert withdrawn["state"] == "withdrawn"


def test_ieepa_duties_ended_on_24_february_2026() -> None:
    """Executive Order 14389, 91 FR 9437."""
    ended = tariffs.ended(as_of=day("2026-10-09")).set_index("authority")
    assert ended.loc[["IEEPA fentanyl", "IEEPA reciprocal"], "ended_on"].eq(pd.Timestamp("2026-02-24")).all()
    assert ended.loc["Section 122", "ended_on"] == pd.Timestamp("2026-07-24")
    assert tariffs.ended(as_of=day("2026-02-23")).empty


def test_list_layers_of_china_stand_apart_from_the_headline() -> None:
    """Tariff Commission announcements 5 of 2018 to 2 of 2025; announcement 9 of 2025 stopped the farm duties."""
    june = tariffs.list_layers(on=day("2025-06-09"), as_of=day("2025-06-09"), importer="CN").set_index("programme")
    assert june.loc["List 1 (USD 34 billion)", "highest_rate_frac"] == 0.25
    assert june.loc["Agriculture Mar 2025", ["lowest_rate_frac", "highest_rate_frac"]].tolist() == [0.10, 0.15]
    assert june.loc["List 1 (USD 34 billion), vehicles", "state"] == "suspended"
    latest = tariffs.list_layers(on=day("2026-10-09"), as_of=day("2026-10-09"), importer="CN")
    assert "Agriculture Mar 2025" not in set(latest["programme"])
    assert "Energy and machinery Feb 2025" in set(latest["programme"])


def test_duties_on_lists_ahead_are_those_that_legal_texts_hold() -> None:
    """90 FR 50947 (cranes), Proclamation 11000 (cabinets), 90 FR 55232 (exclusions); 89 FR 76581 (batteries)."""
    rows = tariffs.lists_ahead(as_of=day("2026-10-09")).set_index("measure_id")
    columns = ["changes_on", "change", "rate_before_frac", "rate_after_frac", "kind"]
    assert rows.loc["us_301_mar_crane", columns[:2]].tolist() == [pd.Timestamp("2026-11-10"), "returns"]
    assert rows.loc["us_232_cabinets", columns].tolist() == [pd.Timestamp("2027-01-01"), "rises", 0.25, 0.50, "duty"]
    assert rows.loc["us_301_excl_178p", ["changes_on", "change", "kind"]].tolist() == [pd.Timestamp("2026-11-10"), "ends", "exclusion"]
    assert not {"cn_2025_rec", "us_301_port_fees"} & set(rows.index)  # country-wide; a fee
    june = tariffs.lists_ahead(as_of=day("2025-06-09"), importer="US")
    assert june.set_index("measure_id").loc["us_301_4yr_g", columns[1:4:2]].tolist() == ["begins", 0.25]
    assert (june["known_on"] <= pd.Timestamp("2025-06-09")).all()
    assert tariffs.lists_ahead(as_of=day("2025-06-09"), importer="CN").empty


def test_an_end_ahead_names_the_text_that_ends_and_a_rate_without_a_name_is_no_end() -> None:
    """Tariff Commission announcement No. 9 of 2025; 90 FR 60848 (semiconductors: 50% and more); EO 14389 and Proclamation 11012."""
    farm = tariffs.lists_ahead(as_of=day("2025-11-06"), importer="CN").set_index("measure_id").loc["cn_2025_mar_10"]
    assert (farm["change"], farm["instrument"]) == ("ends", "Tariff Commission announcement No. 9 of 2025")
    chips = tariffs.lists_ahead(as_of=day("2026-02-21")).set_index("measure_id").loc["us_301_4yr_f"]
    assert (chips["change"], chips["rate_before_frac"]) == ("rate to be named", 0.50)
    ahead = tariffs.schedule_ahead(as_of=day("2026-02-21"))
    texts = ahead.loc[ahead["changes_on"].eq("2026-02-24"), "instrument"].str.split(" (", regex=False).str[0]
    assert set(texts) == {"Executive Order 14389", "Proclamation 11012"}


@pytest.mark.parametrize("as_of", DAYS)
def test_changes_of_lists_ahead_are_what_holds_on_the_day_before_and_on_the_day(as_of: date) -> None:
    """Found again from the schedule alone, day by day; and an end is told with a text that ends."""
    schedule, through = tariffs.schedule(as_of=as_of), catalogue.observed_through(as_of)
    steps = catalogue.load("tariff_steps", as_of=as_of)
    ends = steps[steps["basis"].eq("ended") & steps["standing"].isin(ledger.LAW)]
    for row in tariffs.lists_ahead(as_of=as_of).itertuples():
        days = (row.changes_on.date() - timedelta(days=1), row.changes_on.date())
        held = [ledger.in_force(schedule[schedule["measure_id"].eq(row.measure_id)], on=on) for on in days]
        rates = [part["rate_frac"].iloc[0] if len(part) else np.nan for part in held]
        np.testing.assert_array_equal(rates, [row.rate_before_frac, row.rate_after_frac])
        assert row.changes_on > pd.Timestamp(through)
        assert (row.change == "ends") == held[1].empty
        idle = held[0].empty or held[0]["basis"].iloc[0] == "suspended"
        assert (row.change in ("begins", "returns")) == (idle and row.change not in ("rate to be named", "is suspended"))
        text = ends[ends["measure_id"].eq(row.measure_id) & ends["effective_on"].eq(row.changes_on)] if held[1].empty else held[1]
        assert row.instrument in set(text["instrument"])


def test_schedule_ahead_forgets_a_snap_back_that_was_cancelled() -> None:
    ahead = tariffs.schedule_ahead(as_of=day("2026-02-19"))
    assert sorted(zip(ahead["importer"], ahead["headline_after_frac"], strict=True)) == [("CN", 0.34), ("US", 0.44)]
    after_the_ruling = tariffs.schedule_ahead(as_of=day("2026-02-20"))
    assert (after_the_ruling["importer"].eq("US") & after_the_ruling["changes_on"].eq("2026-11-10")).sum() == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"importer": "EU"}, "importer must be US, CN or both, not 'EU'"),
        ({"layers": "some"}, "layers must be country_wide or all, not 'some'"),
        ({"since": date(2025, 6, 10)}, "since must not lie after as_of"),
    ],
)
def test_bad_choices_are_refused_with_what_is_allowed(arguments: dict, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        tariffs.announcements(as_of=day("2025-06-09"), **arguments)


def test_every_announcement_known_has_a_state_and_none_is_newer_than_the_day() -> None:
    for as_of in DAYS:
        rows = tariffs.announcements(as_of=as_of, layers="all")
        assert rows["state"].ne("").all()
        assert (rows["announced_on"] <= pd.Timestamp(as_of)).all()
        held = rows[rows["state"].eq("in force")]
        assert (held["effective_on"] <= pd.Timestamp(as_of)).all()


def test_headline_of_a_day_before_and_after_an_announcement_differ_only_by_it() -> None:
    for importer, announced in (("US", "2025-05-12"), ("CN", "2025-04-04")):
        on, known = day(announced) + timedelta(days=6), day(announced)
        before = tariffs.headline(on=on, as_of=known - timedelta(days=1), importer=importer).rate_frac
        assert before != tariffs.headline(on=on, as_of=known, importer=importer).rate_frac


def test_the_suspended_maritime_duties_are_among_the_lists() -> None:
    """USTR, 90 FR 50947: held back from 10 November 2025 to 10 November 2026, and not ended."""
    rows = tariffs.list_layers(on=day("2026-10-09"), as_of=day("2026-10-09"), importer="US").set_index("programme")["state"]
    assert rows[["Maritime: intermodal chassis and parts", "Maritime: ship-to-shore cranes"]].eq("suspended").all()
