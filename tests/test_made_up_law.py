"""Schedules, announcements and headline rates of a made-up law, by cases with days on both sides of each bound."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest
from made_up import book, duty, tidy

from tradelib import ledger, tariffs
from tradelib.errors import ParameterError
from tradelib.tariffs import country_wide, law

END = "2025-06-30"


def day(text: str) -> date:
    return date.fromisoformat(text)


def step(measure: str, announced: str, effective: str, rate: float | None, **said: object) -> dict[str, object]:
    """One step of a text; without a rate it ends the measure."""
    return {
        "measure_id": measure, "announced_on": announced, "effective_on": effective, "rate_frac": rate, "scope": "all",
        "basis": "ended" if rate is None else "full_value", "standing": "instrument", "confidence": "high",
        "instrument": f"text of {announced}", "url": f"https://example.org/{announced}",
    } | said  # fmt: skip


def measure(name: str, **said: object) -> dict[str, object]:
    """A measure: `us_a1` is one of the United States, of the family a."""
    importer = name[:2].upper()
    return {
        "measure_id": name, "importer": importer, "exporter": "CN" if importer == "US" else "US", "authority": name[3].upper(),
        "programme": name[3:].upper(), "family": name[3], "kind": "duty", "within_family": "add", "announced_on": "2018-01-01",
    } | said  # fmt: skip


def enact(reading: Callable, *steps: dict[str, object], through: str = END, **measures: dict[str, object]) -> None:
    """A law of these steps; `measures`: what is particular of some of them."""
    names = sorted({row["measure_id"] for row in steps})
    reading(through=through, tariff_steps=list(steps), tariff_measures=[measure(name, **measures.get(name, {})) for name in names])


LISTED = {"scope": "ieepa_electronics_apr11"}


# Headline rates.


@pytest.mark.parametrize(
    ("layers", "rate"),
    [
        ([], 0.0),
        ([("a", 0.1, "add"), ("a", 0.2, "add"), ("b", 0.05, "add")], 0.35),
        ([("a", 0.1, "highest"), ("b", 0.05, "add"), ("a", 0.2, "highest")], 0.25),
        ([("b", 0.1, "highest"), ("a", 0.2, "highest")], 0.3),
        ([("a", 0.1, "add"), ("a", float("nan"), "add")], 0.1),
        ([("a", float("nan"), "highest"), ("a", 0.2, "highest")], 0.2),
        ([("a", float("nan"), "highest"), ("b", 0.2, "add")], float("nan")),
        # What binary addition leaves behind is no rate; a hundredth of a per cent is one.
        ([("a", 0.1, "add"), ("b", 0.2, "add")], 0.3),
        ([("a", 0.0001, "add")], 0.0001),
    ],
)
def test_layers_add_up(layers: list[tuple], rate: float) -> None:
    found = country_wide.total_of(layers)
    assert found == rate or (np.isnan(found) and np.isnan(rate))


@pytest.mark.parametrize(
    ("on", "as_of", "word"),
    [
        ("2025-03-01", "2025-03-01", "in force"),
        ("2025-03-02", "2025-03-01", "scheduled"),
        (END, "2025-07-10", "in force"),
        ("2025-07-01", "2025-07-10", law.UNSEEN),
        ("2025-07-10", "2025-07-10", law.UNSEEN),
        ("2025-07-11", "2025-07-10", "scheduled"),
        (END, END, "in force"),
        ("2025-07-01", END, "scheduled"),
    ],
)
def test_how_sure_a_rate_is(read: Callable, on: str, as_of: str, word: str) -> None:
    enact(read, step("us_a", "2025-01-01", "2025-01-01", 0.1))
    assert law.state(day(on), day(as_of)) == word
    assert tariffs.headline(on=on, as_of=as_of, importer="US").state == word
    begins = pd.to_datetime(["2025-01-01", "2025-02-01"])
    supposed = pd.DataFrame({"standing": ["instrument", law.SUPPOSED], "effective_from": begins})
    assert law.state(day(on), day(as_of), supposed) == law.SUPPOSED
    later = supposed.assign(effective_from=[begins[0], pd.Timestamp(on) + pd.Timedelta(days=1)])
    assert law.state(day(on), day(as_of), later) == (word if word == "in force" else law.SUPPOSED)
    assert law.state(day(on), day(as_of), supposed.head(1)) == word
    assert law.state(day(on), day(as_of), book(duty("a", 0.1, standing=law.SUPPOSED))) == law.SUPPOSED


def enacted(reading: Callable) -> None:
    """10% from February, 30% from April and back from July; a list beside it, a fee, a Chinese answer, and what was only said."""
    enact(
        reading,
        step("us_a1", "2025-01-20", "2025-02-01", 0.1),
        step("us_a1", "2025-03-20", "2025-04-01", 0.3),
        step("us_a1", "2025-03-20", "2025-07-05", 0.1, is_snap_back=True),
        step("us_b1", "2025-03-25", "2025-04-01", 0.05),
        step("us_b1", "2025-06-01", "2025-07-08", None),
        step("us_l1", "2025-01-20", "2025-02-01", 0.25, **LISTED),
        step("us_f1", "2025-01-20", "2025-02-01", 0.9),
        step("cn_c1", "2025-04-02", "2025-04-10", 0.34),
        step("cn_c1", "2025-04-20", "2025-05-01", 0.5, standing="statement", instrument="a speech"),
        us_f1={"kind": "fee"},
    )


def test_the_path_of_the_headline_has_an_interval_for_every_rate_and_state(read: Callable) -> None:
    enacted(read)
    path = tidy(tariffs.headline_path(importer="US", as_of="2025-06-10"))
    columns = ["effective_from", "rate_frac", "state", "known_on"]
    expected = [
        ("2018-01-01", 0.0, "in force", "2018-01-01"),
        ("2025-02-01", 0.1, "in force", "2025-01-20"),
        ("2025-04-01", 0.35, "in force", "2025-03-25"),
        ("2025-06-11", 0.35, "scheduled", "2025-03-25"),
        ("2025-07-05", 0.15, "scheduled", "2025-03-25"),
        ("2025-07-08", 0.1, "scheduled", "2025-03-20"),
    ]
    found = [(f"{first:%F}", rate, word, f"{known:%F}") for first, rate, word, known in path[columns].itertuples(index=False)]
    assert found == expected
    assert path["effective_to"].tolist()[:-1] == path["effective_from"].tolist()[1:]
    assert pd.isna(path["effective_to"].iloc[-1])
    assert path["instrument"].tolist()[2] == "text of 2025-03-20; text of 2025-03-25"
    assert path["url"].tolist()[2] == "https://example.org/2025-03-20|https://example.org/2025-03-25"
    assert path["instrument"].iloc[0] == ""
    late = tidy(tariffs.headline_path(importer="US", as_of="2025-07-06"))
    assert late["state"].tolist()[-4:] == ["in force", law.UNSEEN, law.UNSEEN, "scheduled"]
    assert late["effective_from"].tolist()[-3] == pd.Timestamp("2025-07-01")


def test_peaks_are_of_rates_in_force_and_the_first_of_equals() -> None:
    path = pd.DataFrame(
        {
            "effective_from": pd.to_datetime(["2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01"]),
            "rate_frac": [0.3, 0.1, 0.3, 0.9],
            "state": ["in force", "in force", "in force", "scheduled"],
        }
    )
    assert tariffs.peaks({"US": path})["US"]["effective_from"] == pd.Timestamp("2025-01-01")
    lower = path.assign(rate_frac=[0.0, 0.1, 0.2, 0.9])
    assert tariffs.peaks({"US": path, "CN": lower})["CN"]["rate_frac"] == 0.2
    assert tariffs.first_country_wide_day({"US": lower, "CN": path.tail(2)}) == day("2025-02-01")
    assert tariffs.first_country_wide_day({"US": path.assign(rate_frac=0.0)}) == day("2018-01-01")


def test_only_layers_on_every_good_are_in_the_headline_and_words_stand_beside_it(read: Callable) -> None:
    enacted(read)
    us, cn = tariffs.headlines(on="2025-05-01", as_of="2025-05-01")
    assert (us.importer, us.rate_frac, us.stated_rate_frac) == ("US", 0.35, None)
    assert us.layers["measure_id"].tolist() == ["us_a1", "us_b1"]
    assert us.stated.empty
    assert tidy(us.layers)["known_on"].dt.strftime("%F").tolist() == ["2025-03-20", "2025-03-25"]
    assert (cn.importer, cn.rate_frac, cn.stated_rate_frac) == ("CN", 0.34, 0.5)
    assert tidy(cn.stated)["instrument"].tolist() == ["a speech"]
    assert tariffs.headline(on="2025-04-30", as_of="2025-05-01", importer="CN").stated_rate_frac is None
    assert tariffs.headline_rate(tariffs.schedule(as_of="2025-05-01"), importer="CN", on="2025-04-10") == 0.34
    assert tariffs.headline_rate(tariffs.schedule(as_of="2025-05-01"), importer="CN", on="2025-04-09") == 0.0


@pytest.mark.parametrize(
    ("as_of", "unseen"),
    [(END, None), ("2025-07-04", None), ("2025-07-05", ("2025-07-05", 0.15)), ("2025-07-08", ("2025-07-05", 0.1))],
)
def test_a_change_that_nobody_saw_is_told_from_its_day_on(read: Callable, as_of: str, unseen: tuple[str, float] | None) -> None:
    enacted(read)
    found = tariffs.headline(on=END, as_of=as_of, importer="US").unseen
    assert (found is None) == (unseen is None)
    assert tariffs.headline(on="2025-06-29", as_of=as_of, importer="US").unseen is None
    assert tariffs.headline(on=END, as_of=as_of, importer="CN").unseen is None
    if unseen is not None:
        assert (f"{found.changed_on}", found.before_frac, found.after_frac) == (unseen[0], 0.35, unseen[1])
        assert (found.importer, found.stated_to, found.observed_on) == ("US", None, day(END))
        assert set(tidy(found.changes)["importer"]) == {"US"}


@pytest.mark.parametrize(("later", "told"), [("2025-08-01", "2025-08-01"), (None, None)])
def test_an_end_that_officials_said_to_be_put_off_is_told_with_the_day_they_named(read: Callable, later: str | None, told: str) -> None:
    rows = [step("us_a1", "2025-01-01", "2025-01-01", 0.1), step("us_a1", "2025-01-01", "2025-07-05", 0.3, is_snap_back=True)]
    said = [step("us_a1", "2025-06-20", "2025-07-05", 0.1, standing="statement")]
    said += [step("us_a1", "2025-06-20", first, 0.3, standing="statement") for first in (later, "2025-09-01") if later]
    said += [step("us_a1", "2025-06-20", "2025-08-20", 0.2, standing="statement")] if later else []
    enact(read, *rows, *said)
    unseen = tariffs.headline(on=END, as_of="2025-07-06", importer="US").unseen
    assert (unseen.before_frac, unseen.after_frac) == (0.1, 0.3)
    assert (f"{unseen.stated_to}" if unseen.stated_to else None) == told


def test_changes_ahead_are_those_after_the_day_that_change_the_headline(read: Callable) -> None:
    enacted(read)
    ahead = tidy(tariffs.schedule_ahead(as_of="2025-06-10"))
    columns = ["changes_on", "measure_id", "importer", "authority", "rate_before_frac", "rate_after_frac"]
    assert ahead["changes_on"].dt.strftime("%F").tolist() == ["2025-07-05", "2025-07-08"]
    assert ahead[columns[1:]].fillna(-1).to_numpy().tolist() == [["us_a1", "US", "A", 0.3, 0.1], ["us_b1", "US", "B", 0.05, -1]]
    assert ahead["headline_before_frac"].tolist() == [0.35, 0.15]
    assert ahead["headline_after_frac"].tolist() == [0.15, 0.1]
    # An end is told with the text that ends.
    assert ahead["instrument"].tolist() == ["text of 2025-03-20", "text of 2025-06-01"]
    assert ahead["known_on"].dt.strftime("%F").tolist() == ["2025-03-20", "2025-06-01"]
    assert ahead["is_snap_back"].tolist() == [True, False]
    assert ahead["basis"].tolist() == ["full_value", ""]
    assert tidy(tariffs.schedule_unseen(as_of="2025-06-10")).empty
    assert tidy(tariffs.schedule_ahead(as_of="2025-07-05"))["measure_id"].tolist() == ["us_b1"]
    assert tidy(tariffs.schedule_unseen(as_of="2025-07-05"))["measure_id"].tolist() == ["us_a1"]


def test_a_rate_set_again_is_no_change_ahead(read: Callable) -> None:
    enact(
        read,
        step("us_a1", "2025-01-01", "2025-01-01", 0.1),
        step("us_a1", "2025-02-01", "2025-03-01", 0.1),
        step("us_a1", "2025-02-01", "2025-04-01", 0.2),
        # One ends as the other begins: nothing of the headline changes.
        step("us_b1", "2025-01-01", "2025-01-01", 0.5),
        step("us_b1", "2025-02-01", "2025-05-01", None),
        step("us_b2", "2025-02-01", "2025-05-01", 0.5),
    )
    ahead = tidy(tariffs.schedule_ahead(as_of="2025-02-10"))
    assert ahead["changes_on"].dt.strftime("%F").tolist() == ["2025-04-01"]


def test_what_was_only_said_is_ahead_only_where_asked(read: Callable) -> None:
    enact(
        read,
        step("us_a1", "2025-01-01", "2025-01-01", 0.1),
        step("us_a1", "2025-02-01", "2025-09-01", None, standing="statement", instrument="a speech"),
    )
    assert tidy(tariffs.schedule_ahead(as_of="2025-02-10")).empty
    ahead = tidy(tariffs.schedule_ahead(as_of="2025-02-10", standing=ledger.LAW_AND_STATEMENTS))
    assert ahead["instrument"].tolist() == ["a speech"]
    assert ahead["headline_after_frac"].tolist() == [0.0]


def test_of_two_texts_that_end_a_duty_on_a_day_the_newer_one_is_told(read: Callable) -> None:
    enact(
        read,
        step("us_a1", "2025-03-01", "2025-09-01", None),
        step("us_a1", "2025-02-01", "2025-09-01", None),
        step("us_a1", "2025-01-01", "2025-01-01", 0.1),
        step("us_a1", "2025-03-05", "2025-09-01", None, standing="statement"),
    )
    assert tidy(tariffs.schedule_ahead(as_of="2025-03-10"))["instrument"].tolist() == ["text of 2025-03-01"]
    assert tidy(tariffs.schedule_ahead(as_of="2025-02-10"))["instrument"].tolist() == ["text of 2025-02-01"]


def test_a_rate_that_takes_the_place_of_an_end_is_told_with_its_own_text(read: Callable) -> None:
    enact(
        read,
        step("us_a1", "2025-01-01", "2025-01-01", 0.1),
        step("us_a1", "2025-02-01", "2025-09-01", None),
        step("us_a1", "2025-03-01", "2025-09-01", 0.3),
    )
    assert tidy(tariffs.schedule_ahead(as_of="2025-03-10"))["instrument"].tolist() == ["text of 2025-03-01"]


def test_the_rate_before_a_change_is_that_of_the_day_before(read: Callable) -> None:
    rates = (("2025-01-01", 0.1), ("2025-09-01", 0.2), ("2025-09-02", 0.3), ("2025-09-04", 0.4))
    enact(read, *(step("us_a1", "2025-01-01", first, rate) for first, rate in rates))
    ahead = tariffs.schedule_ahead(as_of="2025-02-10")
    assert ahead["headline_before_frac"].tolist() == [0.1, 0.2, 0.3]
    assert ahead["headline_after_frac"].tolist() == [0.2, 0.3, 0.4]


def test_a_change_that_went_back_before_the_day_is_not_told_as_unseen(read: Callable) -> None:
    rates = (("2025-01-01", 0.1), ("2025-07-02", 0.2), ("2025-07-04", 0.1))
    enact(read, *(step("us_a1", "2025-01-01", first, rate) for first, rate in rates))
    assert tariffs.headline(on=END, as_of="2025-07-03", importer="US").unseen.after_frac == 0.2
    assert tariffs.headline(on=END, as_of="2025-07-04", importer="US").unseen is None


def test_layers_and_their_texts_stand_in_order_of_their_first_day_and_each_text_once(read: Callable) -> None:
    enact(
        read,
        step("us_a1", "2025-01-03", "2025-03-01", 0.1),
        step("us_b1", "2025-01-01", "2025-02-01", 0.1),
        step("us_c1", "2025-01-03", "2025-04-01", 0.1),
    )
    held = tariffs.headline(on="2025-05-01", as_of="2025-05-01", importer="US").layers
    assert tidy(held)["measure_id"].tolist() == ["us_b1", "us_a1", "us_c1"]
    path = tidy(tariffs.headline_path(importer="US", as_of="2025-05-01"))
    assert path["instrument"].iloc[-1] == "text of 2025-01-01; text of 2025-01-03"
    assert list(path) == ["importer", "effective_from", "effective_to", "rate_frac", "state", "instrument", "url", "known_on"]


def test_an_importer_that_is_neither_is_refused() -> None:
    for ask in (tariffs.headline_path, lambda *, importer: tariffs.headline(on=END, importer=importer)):
        with pytest.raises(ParameterError, match="importer must be US or CN, not 'EU'"):
            ask(importer="EU")
    with pytest.raises(ParameterError, match="importer must be US, CN or both, not 'EU'"):
        tariffs.lists_ahead(importer="EU")


def test_families_have_titles_and_the_general_rate_with_them() -> None:
    titles = tariffs.family_titles()
    assert titles["mfn"] == "Normal (most-favoured-nation) tariff"
    assert titles["s232"] == "Section 232 national security"


# Lists of goods.


def lists(reading: Callable) -> None:
    enact(
        reading,
        step("us_l1", "2025-01-02", "2025-02-01", 0.25, **LISTED),
        step("us_l2", "2025-01-01", "2025-01-25", 0.1, **LISTED),
        step("us_l2", "2025-01-01", "2025-08-01", 0.05, **LISTED),
        step("us_l3", "2025-01-02", "2025-03-01", 0, basis="suspended", **LISTED),
        step("us_l3", "2025-01-02", "2025-08-01", 0.5, is_snap_back=True, **LISTED),
        step("us_l1", "2025-05-01", "2025-09-01", 0.3, **LISTED),
        step("us_m1", "2025-05-01", "2025-09-01", 0.2, is_snap_back=True, **LISTED),
        step("us_m2", "2025-05-01", "2025-09-01", 0.2, **LISTED),
        step("us_m2", "2025-05-01", "2025-10-01", 0.2, scope="us_fentanyl_exempt"),
        step("us_m2", "2025-05-01", "2025-11-01", float("nan"), basis="to_be_announced", **LISTED),
        step("us_m3", "2025-01-02", "2025-02-01", 0.2, **LISTED),
        step("us_m3", "2025-05-01", "2025-09-01", 0, basis="suspended", **LISTED),
        step("us_m3", "2025-05-01", "2025-12-01", None, **LISTED),
        step("us_x1", "2025-01-02", "2025-02-01", 0, basis="exclusion", **LISTED),
        step("us_x1", "2025-01-02", "2025-08-31", None, **LISTED),
        step("us_x2", "2025-01-02", "2025-02-01", 0, basis="exclusion", confidence="low", **LISTED),
        step("us_x2", "2025-01-02", "2025-08-31", None, confidence="low", **LISTED),
        step("us_f1", "2025-05-01", "2025-09-01", 0.2, **LISTED),
        step("us_a1", "2025-05-01", "2025-09-01", 0.2),
        step("cn_l1", "2025-01-02", "2025-01-05", 0.15, **LISTED),
        step("cn_l1", "2025-05-01", "2025-09-01", 0.1, **LISTED),
        us_x1={"kind": "exclusion"},
        us_x2={"kind": "exclusion"},
        us_f1={"kind": "fee"},
        us_l2={"programme": "L1"},
        us_l3={"programme": "L1"},
        us_m1={"programme": "Z"},
    )


def test_changes_of_lists_ahead_are_told_in_a_word(read: Callable) -> None:
    lists(read)
    rows = tidy(tariffs.lists_ahead(as_of="2025-05-10"))
    found = [(f"{row.changes_on:%m-%d}", row.measure_id, row.change) for row in rows.itertuples()]
    assert found == [
        ("08-01", "us_l2", "falls"),
        ("08-01", "us_l3", "returns"),
        ("08-31", "us_x1", "ends"),
        ("09-01", "cn_l1", "falls"),
        ("09-01", "us_l1", "rises"),
        ("09-01", "us_m2", "begins"),
        ("09-01", "us_m3", "is suspended"),
        ("09-01", "us_m1", "returns"),
        ("11-01", "us_m2", "rate to be named"),
        ("12-01", "us_m3", "ends"),
    ]
    assert set(tidy(tariffs.lists_ahead(as_of="2025-05-10", importer="CN"))["measure_id"]) == {"cn_l1"}
    assert rows.set_index("measure_id").loc["us_x1", "kind"] == "exclusion"


def test_lists_that_hold_are_grouped_by_programme_and_state(read: Callable) -> None:
    lists(read)
    rows = tidy(tariffs.list_layers(on="2025-06-01", as_of="2025-06-01"))
    columns = ["importer", "programme", "state", "lowest_rate_frac", "highest_rate_frac", "measures"]
    assert rows[columns].to_numpy().tolist() == [
        ["US", "L1", "in force", 0.1, 0.25, 2],
        ["US", "M3", "in force", 0.2, 0.2, 1],
        ["US", "L1", "suspended", 0, 0, 1],
        ["CN", "L1", "in force", 0.15, 0.15, 1],
    ]
    assert rows["effective_from"].dt.strftime("%F").tolist() == ["2025-01-25", "2025-02-01", "2025-03-01", "2025-01-05"]
    assert rows["known_on"].eq("2025-01-02").all()
    # The text of a group is the one whose duty began last.
    assert rows["instrument"].tolist() == ["text of 2025-01-02"] * 4
    assert tidy(tariffs.list_layers(on="2025-06-01", as_of="2025-06-01", importer="CN"))["importer"].tolist() == ["CN"]
    assert tidy(tariffs.list_layers(on="2025-01-24", as_of="2025-06-01", importer="US")).empty


# Announcements.


def test_announcements_from_a_day_on_and_of_layers_on_every_good(read: Callable) -> None:
    enacted(read)
    rows = tidy(tariffs.announcements(as_of="2025-06-10", since="2025-03-25"))
    assert rows["measure_id"].tolist() == ["us_b1", "cn_c1", "cn_c1", "us_b1"]
    assert rows["state"].tolist() == ["in force", "in force", "stated", "end scheduled"]
    assert tidy(tariffs.announcements(as_of="2025-06-10", since="2025-03-26"))["measure_id"].tolist() == ["cn_c1", "cn_c1", "us_b1"]
    whole = tidy(tariffs.announcements(as_of="2025-06-10", importer="US", layers="all"))
    assert whole["measure_id"].tolist() == ["us_a1", "us_l1", "us_a1", "us_a1", "us_b1", "us_b1"]
    assert "us_l1" not in set(tidy(tariffs.announcements(as_of="2025-06-10"))["measure_id"])
    assert tidy(tariffs.announcements(as_of="2025-01-20", since="2025-01-20"))["measure_id"].tolist() == ["us_a1"]
    assert tidy(tariffs.announcements(as_of="2025-01-19")).empty


def test_a_step_that_holds_back_a_rate_is_suspended_and_one_after_the_evidence_scheduled(read: Callable) -> None:
    enacted(read)
    rows = tidy(tariffs.announcements(as_of="2025-07-06", importer="US"))
    assert rows["state"].tolist() == ["replaced", "in force", "suspended", "in force", "end scheduled"]


def test_duties_that_a_text_has_ended_are_told_with_their_last_rate(read: Callable) -> None:
    enact(
        read,
        step("us_a1", "2025-01-01", "2025-01-02", 0.1),
        step("us_a1", "2025-01-05", "2025-02-01", 0.2),
        step("us_a1", "2025-02-10", "2025-03-01", None),
        step("us_b1", "2025-01-01", "2025-01-02", 0.3),
        step("us_b1", "2025-01-01", "2025-06-01", 0.9),  # never applied
        step("us_b1", "2025-02-10", "2025-03-01", None),
        step("us_b1", "2025-02-11", "2025-02-12", 0.4, standing="statement"),
        step("us_c1", "2025-01-01", "2025-01-02", 0.3),
        step("us_c1", "2025-02-10", "2025-02-20", None),
    )
    rows = tidy(tariffs.ended(as_of="2025-03-01"))
    assert rows[["authority", "last_rate_frac"]].to_numpy().tolist() == [["C", 0.3], ["A", 0.2], ["B", 0.3]]
    assert rows["ended_on"].dt.strftime("%F").tolist() == ["2025-02-20", "2025-03-01", "2025-03-01"]
    assert tidy(tariffs.ended(as_of="2025-02-28"))["authority"].tolist() == ["C"]


# Proposals.


def test_a_threat_is_fresh_for_fourteen_days_until_it_is_taken_back(read: Callable) -> None:
    said = {"importer": "US", "what": "100% on all", "confidence": "high"}
    read(
        through=END,
        proposals=[
            {"proposal_id": "one", "announced_on": "2025-05-01", "state": "threatened"} | said,
            {"proposal_id": "two", "announced_on": "2025-05-02", "state": "threatened"} | said,
            {"proposal_id": "two", "announced_on": "2025-05-09", "state": "withdrawn"} | said,
            {"proposal_id": "six", "announced_on": "2025-05-01", "state": "proposed"} | said,
        ],
    )
    for as_of, fresh in (("2025-04-30", []), ("2025-05-01", ["one"]), ("2025-05-02", ["two", "one"]), ("2025-05-09", ["one"]),
                         ("2025-05-14", ["one"]), ("2025-05-15", [])):  # fmt: skip
        assert tariffs.fresh_threats(tidy(tariffs.proposals(as_of=as_of)), as_of=as_of)["proposal_id"].tolist() == fresh
    rows = tidy(tariffs.proposals(as_of="2025-05-10"))
    assert rows["proposal_id"].tolist() == ["two", "one", "six"]
    assert rows["first_announced_on"].dt.strftime("%F").tolist() == ["2025-05-02", "2025-05-01", "2025-05-01"]


# Suppositions laid over the law.


def test_what_is_supposed_is_laid_over_the_law_known_on_the_day(read: Callable) -> None:
    enacted(read)
    known = tariffs.schedule(as_of="2025-06-10")
    columns = {"is_snap_back": False, "later_note": "", "confidence": "high", "known_on": pd.Timestamp("2025-06-11")}
    rows = pd.DataFrame([step("us_a1", "2025-06-11", "2025-06-20", 0.6, standing=law.SUPPOSED) | columns])
    for name in ("announced_on", "effective_on"):
        rows[name] = pd.to_datetime(rows[name])
    pd.testing.assert_frame_equal(tariffs.laid_over(rows.head(0), rows.head(0), as_of="2025-06-10"), known)
    over = tariffs.laid_over(rows, rows.head(0), as_of="2025-06-10")
    ours = over[over["measure_id"].eq("us_a1")]
    assert ours["rate_frac"].tolist() == [0.1, 0.3, 0.6]
    assert ours["standing"].tolist() == ["instrument", "instrument", law.SUPPOSED]
    assert ours["is_country_wide"].all()
    assert tariffs.headline_rate(over, importer="US", on="2025-06-20") == pytest.approx(0.65)
    assert over["rate_frac"].ne(0.5).all()  # what was only said is no law
    later = pd.concat([rows, rows.assign(announced_on=pd.Timestamp("2025-06-12"), effective_on=pd.Timestamp("2025-06-25"), rate_frac=0.7)])
    assert tariffs.laid_over(later, rows.head(0), as_of="2025-06-10").query("measure_id == 'us_a1'")["rate_frac"].iloc[-1] == 0.7
    new = pd.DataFrame([measure("us_z1")]).assign(priority=np.nan, yields_to="", instrument="", url="")
    with_new = tariffs.laid_over(rows.assign(measure_id="us_z1"), new, as_of="2025-06-10")
    assert with_new.loc[with_new["measure_id"].eq("us_z1"), ["importer", "family"]].to_numpy().tolist() == [["US", "z"]]
    assert len(with_new) == len(known) + 1


def test_a_rate_that_is_only_set_again_on_a_day_of_change_is_no_change(read: Callable) -> None:
    enact(
        read,
        step("us_a1", "2025-01-01", "2025-02-01", 0.1), step("us_a1", "2025-01-01", "2025-07-01", 0.1),
        step("us_b1", "2025-01-01", "2025-02-01", 0.2), step("us_b1", "2025-01-01", "2025-07-01", 0.3),
    )  # fmt: skip
    rows = tidy(country_wide.schedule_ahead(as_of="2025-06-01"))
    assert rows[["measure_id", "headline_before_frac", "headline_after_frac"]].to_numpy().tolist() == [["us_b1", 0.3, 0.4]]
