"""The duty of a line: published cases, the rules of stacking, knowledge, and clear errors."""

import dataclasses
import itertools
from datetime import date

import numpy as np
import pandas as pd
import pytest
from conftest import DAYS
from hypothesis import given, settings
from hypothesis import strategies as st

from tradelib import catalogue, ledger, tariffs
from tradelib.errors import DayError, ParameterError
from tradelib.tariffs import law
from tradelib.tariffs.membership import membership

LATEST = catalogue.edition().evidence_through


def due(code: str, on: str, importer: str = "US", as_of: date = LATEST, **choices: object) -> tariffs.Stack:
    """The stack of one code."""
    return tariffs.explain(code, on=date.fromisoformat(on), importer=importer, as_of=as_of, **choices)


def applied(stack: tariffs.Stack) -> dict[str, float]:
    """Family and rate of the layers that add something."""
    rows = stack.layers[stack.layers["rate_frac"] > 0]
    return dict(zip(rows["family"], rows["rate_frac"], strict=True))


# Steel article: the reconciliation with a customs entry form that STACKING (docs/methods) cites. Smartphone: memorandum of 11 April 2025.
# Electric car: note 31 and proclamation 10908. Batteries: 89 FR 76581, from 1 January 2026.
@pytest.mark.parametrize(
    ("code", "on", "mfn", "layers", "total"),
    [
        ("7326.90.86.88", "2026-07-25", 0.029, {"s301_lists": 0.25, "s232": 0.50}, 0.779),
        ("8517.13.00", "2025-05-20", 0.0, {"ieepa_fentanyl": 0.20}, 0.20),
        ("8517.13.00", "2025-04-10", 0.0, {"ieepa_fentanyl": 0.20}, 0.20),
        ("8703.80", "2025-04-20", 0.025, {"s301_lists": 1.00, "s232": 0.25, "ieepa_fentanyl": 0.20}, 1.475),
        (
            "8507.60.0020",
            "2025-12-31",
            0.034,
            {"s301_lists": 0.075, "ieepa_fentanyl": 0.10, "ieepa_reciprocal": 0.10},
            0.309,
        ),
        ("8507.60.0020", "2026-01-01", 0.034, {"s301_lists": 0.25, "ieepa_fentanyl": 0.10, "ieepa_reciprocal": 0.10}, 0.484),
    ],
)
def test_published_cases(code: str, on: str, mfn: float, layers: dict[str, float], total: float) -> None:
    stack = due(code, on)
    assert stack.mfn_frac == pytest.approx(mfn)
    assert applied(stack) == pytest.approx(layers)
    assert stack.total_frac == pytest.approx(total)


def test_the_forced_labour_duty_gives_way_to_section_232() -> None:
    rows = due("7326.90.8688", "2026-07-25").layers.set_index("measure_id")
    assert rows.loc["us_301_fl", "outcome"] == "displaced"
    assert rows.loc["us_301_fl", "announced_frac"] == 0.125
    assert "Section 232" in rows.loc["us_301_fl", "why"]


# A List 3 good outside every Section 232 programme and exemption (travel bags), on each day its duty changes and some days before.
LIST_3 = "4202.92.3120"
LIST_3_STEPS = [
    ("2018-09-23", 0.0, {}),
    ("2018-09-24", 0.10, {}),
    ("2019-05-09", 0.10, {}),
    ("2019-05-10", 0.25, {}),
    ("2025-02-03", 0.25, {}),
    ("2025-02-04", 0.25, {"ieepa_fentanyl": 0.10}),
    ("2025-03-04", 0.25, {"ieepa_fentanyl": 0.20}),
    ("2025-04-05", 0.25, {"ieepa_fentanyl": 0.20, "ieepa_reciprocal": 0.10}),
    ("2025-04-09", 0.25, {"ieepa_fentanyl": 0.20, "ieepa_reciprocal": 0.84}),
    ("2025-04-10", 0.25, {"ieepa_fentanyl": 0.20, "ieepa_reciprocal": 1.25}),
    ("2025-05-13", 0.25, {"ieepa_fentanyl": 0.20, "ieepa_reciprocal": 1.25}),
    ("2025-05-14", 0.25, {"ieepa_fentanyl": 0.20, "ieepa_reciprocal": 0.10}),
    ("2025-11-10", 0.25, {"ieepa_fentanyl": 0.10, "ieepa_reciprocal": 0.10}),
    ("2026-02-23", 0.25, {"ieepa_fentanyl": 0.10, "ieepa_reciprocal": 0.10}),
    ("2026-02-24", 0.25, {"s122": 0.10}),
    ("2026-07-23", 0.25, {"s122": 0.10}),
    ("2026-07-24", 0.25, {"s301_forced_labour": 0.125}),
]


@pytest.mark.parametrize(("on", "list_rate", "others"), LIST_3_STEPS)
def test_a_list_3_good_on_each_change_day(on: str, list_rate: float, others: dict[str, float]) -> None:
    expected = ({"s301_lists": list_rate} if list_rate else {}) | others
    assert applied(due(LIST_3, on)) == pytest.approx(expected)


@pytest.mark.parametrize(("on", "rate"), [("2019-08-31", 0.0), ("2019-09-01", 0.15), ("2020-02-13", 0.15), ("2020-02-14", 0.075)])
def test_a_list_4a_good(on: str, rate: float) -> None:
    assert due("6109.10.0012", on).layers.query("family == 's301_lists'")["rate_frac"].sum() == pytest.approx(rate)


# Line totals of USDA FAS (August 2024) and of China's announcements of 2018, as the table line_checks of the facts holds them.
@pytest.mark.parametrize(
    ("code", "on", "mfn", "s232", "s301", "total"),
    [
        ("02031110", "2024-08-19", 0.20, 0.0, 0.25, 0.45),
        ("02032190", "2024-08-19", 0.12, 0.25, 0.25, 0.62),
        ("02032200", "2024-08-19", 0.12, 0.25, 0.30, 0.67),
        ("02032900", "2024-08-19", 0.12, 0.25, 0.30, 0.67),
        ("02031200", "2024-08-19", 0.20, 0.25, 0.30, 0.75),
        ("02032900", "2018-07-10", 0.12, 0.25, 0.25, 0.62),
    ],
)
def test_pork_into_china(code: str, on: str, mfn: float, s232: float, s301: float, total: float) -> None:
    stack = due(code, on, "CN")
    by_family = stack.layers.groupby("family")["rate_frac"].sum()
    assert stack.mfn_frac == pytest.approx(mfn)
    assert by_family.get("cn_s232_retaliation", 0.0) == pytest.approx(s232)
    assert by_family.get("cn_s301_retaliation", 0.0) == pytest.approx(s301)
    assert stack.total_frac == pytest.approx(total)


def test_soybeans_into_china_without_the_waiver() -> None:
    """13% is paid under the waiver of Section 301 duties; by law without it the lists of 2018 and 2019 come on top."""
    stack = due("12019010", "2026-10-07", "CN")
    by_family = stack.layers.groupby("family")["rate_frac"].sum()
    assert stack.mfn_frac + by_family["cn_reciprocal_retaliation"] == pytest.approx(0.13)
    assert by_family["cn_s301_retaliation"] == pytest.approx(0.275)


def test_the_schedule_believed_on_a_day_is_kept() -> None:
    """On 20 May 2025 the law held a step back to 34% for 12 August 2025; it never came."""
    then, later = date(2025, 5, 20), LATEST
    for as_of, rate in ((then, 0.34), (later, 0.10)):
        stack = due(LIST_3, "2025-08-12", as_of=as_of)
        assert applied(stack)["ieepa_reciprocal"] == pytest.approx(rate)
    assert due(LIST_3, "2025-08-12", as_of=then).state == "scheduled"


@pytest.mark.parametrize("importer", tariffs.IMPORTERS)
@pytest.mark.parametrize("as_of", [date(2018, 9, 30), date(2025, 4, 10), date(2025, 11, 20), LATEST])
def test_the_total_is_the_sum_of_its_layers(importer: str, as_of: date) -> None:
    days = np.random.default_rng(7).choice(tariffs.change_days(importer=importer, as_of=as_of), size=6)
    for day in days:
        rates = tariffs.line_rates(on=day, importer=importer, as_of=as_of)
        layers = rates.drop(columns=["mfn_frac", "additional_frac", "total_frac"])
        np.testing.assert_allclose(layers.sum(axis=1, skipna=False), rates["additional_frac"], atol=1e-12)
        np.testing.assert_allclose(rates["mfn_frac"] + rates["additional_frac"], rates["total_frac"], atol=1e-12)
        assert (layers.fillna(0) >= 0).all().all()


def test_the_answer_for_one_good_is_that_for_all_lines() -> None:
    draw = np.random.default_rng(11)
    for importer in tariffs.IMPORTERS:
        lines = tariffs.lines(importer)
        days = tariffs.change_days(importer=importer, as_of=LATEST)
        for code in draw.choice(lines.codes, size=60, replace=False):
            day = draw.choice(days)
            whole = tariffs.line_rates(on=day, importer=importer, as_of=LATEST).loc[code]
            stack = tariffs.explain(code, on=day, importer=importer, as_of=LATEST)
            if np.isnan(whole["total_frac"]):
                assert np.isnan(stack.total_frac)
                continue
            assert stack.total_frac == pytest.approx(whole["total_frac"])
            assert stack.mfn_frac + stack.layers["rate_frac"].sum() == pytest.approx(stack.total_frac)


def test_a_line_under_a_programme_owes_no_duty_that_yields_to_it() -> None:
    """Forced labour yields to Section 232: on full value nothing is left of it."""
    rates = tariffs.line_rates(on=date(2026, 9, 1), importer="US", as_of=LATEST)
    assert (rates.loc[rates["s232"] > 0, "s301_forced_labour"] == 0).all()
    assert (rates["s301_forced_labour"] > 0).sum() > 5000


def test_no_layer_falls_on_an_exempt_line() -> None:
    on = date(2025, 5, 20)
    rates = tariffs.line_rates(on=on, importer="US", as_of=LATEST)
    exempt = membership("US").share("ieepa_electronics_apr11", on=on, partial=False) > 0
    assert exempt.sum() > 50
    assert (rates.loc[exempt, "ieepa_reciprocal"] == 0).all()
    assert (rates.loc[exempt, "ieepa_fentanyl"] == 0.20).all()


def test_a_duty_on_the_metal_leaves_the_rest_to_the_reciprocal_duty() -> None:
    code, on = "9403200086", "2025-09-01"
    for metal in (0.0, 0.25, 0.5, 1.0):
        rates = applied(due(code, on, assumptions=tariffs.Assumptions(metal_content_frac=metal)))
        assert rates.get("s232", 0.0) == pytest.approx(0.5 * metal)
        assert rates.get("ieepa_reciprocal", 0.0) == pytest.approx(0.10 * (1 - metal))


def test_an_article_of_a_metal_chapter_is_all_metal() -> None:
    """Copper wire, from 1 August 2025: 50% on its copper, and nothing is left to the reciprocal duty, unless a share is given."""
    stack = due("7408.11.6000", "2025-09-01")
    assert applied(stack) == pytest.approx({"s301_lists": 0.25, "ieepa_fentanyl": 0.20, "s232": 0.50})


def test_goods_covered_in_part_count_as_asked() -> None:
    code, on = "8471500150", "2025-06-09"
    assert "s232" not in applied(due(code, on))
    counted = due(code, on, assumptions=tariffs.Assumptions(partial_duties=True))
    assert applied(counted)["s232"] == pytest.approx(0.25)
    assert due(code, on).layers.query("family == 's232'")["outcome"].tolist() == ["in part only"]


def test_exclusions_count_only_while_they_hold() -> None:
    """The 352 exclusions ended: with exemptions in part counted, a line of theirs is free while they hold and owes the list after."""
    scope = catalogue.load("product_scopes").query("scope == 's301_excl_352'")["code"]
    code = next(item for item in scope if len(item) == 10 and item in set(tariffs.lines("US").codes))
    choice = tariffs.Assumptions(partial_exemptions=True)
    assert "s301_lists" not in applied(due(code, "2023-01-15", assumptions=choice))
    assert "s301_lists" in applied(due(code, "2021-09-15", assumptions=choice))


@pytest.mark.parametrize("importer", tariffs.IMPORTERS)
def test_the_order_of_the_rows_does_not_matter(importer: str) -> None:
    on = date(2025, 9, 1)
    rows = tariffs.schedule(as_of=LATEST)
    straight = tariffs.line_rates(on=on, importer=importer, as_of=LATEST, rates=rows)
    for seed in range(3):
        shuffled = tariffs.line_rates(on=on, importer=importer, as_of=LATEST, rates=rows.sample(frac=1, random_state=seed))
        pd.testing.assert_frame_equal(shuffled[straight.columns], straight)


@pytest.mark.parametrize("importer", tariffs.IMPORTERS)
def test_what_is_announced_later_does_not_exist(importer: str) -> None:
    """Taking the later announcements out of the ledger changes nothing of what was known before them."""
    steps = catalogue.load("tariff_steps")
    for as_of in (date(2018, 7, 10), date(2025, 4, 4), date(2025, 5, 20), date(2026, 2, 22)):
        known = steps[steps["announced_on"] <= pd.Timestamp(as_of)]
        measures = catalogue.load("tariff_measures", as_of=as_of)
        known, measures = known.assign(exempt=law.left_out(known, measures)), measures.set_index("measure_id")
        replayed = ledger.replay(known, as_of=as_of).merge(
            measures[["importer", "authority", "programme", "family", "kind", "within_family", "priority", "yields_to"]],
            left_on="measure_id", right_index=True,
        )  # fmt: skip
        replayed["is_country_wide"] = replayed["scope"].eq("all")
        for day in (as_of, date(2026, 9, 1)):
            seen = tariffs.line_rates(on=day, importer=importer, as_of=as_of)
            alone = tariffs.line_rates(on=day, importer=importer, as_of=as_of, rates=replayed)
            pd.testing.assert_frame_equal(seen, alone[seen.columns])
        assert set(seen.columns) - {"mfn_frac", "additional_frac", "total_frac"} <= set(measures["family"])


def test_a_new_measure_is_new_rows() -> None:
    """A further 7.5% that yields to Section 232 needs no code."""
    on = date(2026, 9, 1)
    rows = tariffs.schedule(as_of=LATEST)
    new = rows[rows["measure_id"].eq("us_301_fl")].assign(
        measure_id="us_301_new", family="s301_new", rate_frac=0.075, scope="all", exempt="", yields_to="s232"
    )
    before = tariffs.line_rates(on=on, importer="US", as_of=LATEST)
    after = tariffs.line_rates(on=on, importer="US", as_of=LATEST, rates=pd.concat([rows, new]))
    added = after["additional_frac"] - before["additional_frac"]
    chapters = pd.Series(after.index.str[:2], index=after.index).astype(int)
    free = before["s232"].eq(0) & chapters.le(97)
    np.testing.assert_allclose(added[free], 0.075, atol=1e-12)
    np.testing.assert_allclose(added[before["s232"] > 0], 0.0, atol=1e-12)


def test_an_unknown_rate_makes_the_total_unknown() -> None:
    """From 23 June 2027 the four-year review announces a rate for semiconductors and does not name it."""
    stack = due("8541.10.0080", "2027-06-23")
    assert np.isnan(stack.total_frac)
    assert "rate not known" in set(stack.layers["outcome"])
    assert stack.state == "scheduled"


def test_a_code_younger_than_a_list_has_no_known_place_in_it() -> None:
    """Instruments 9027.89 exist since 2022, and came from a subheading that lists of 2018 cover in part: that they do is not known."""
    for on in ("2018-01-02", "2025-06-09"):
        stack = due("902789", on, "CN")
        assert np.isnan(stack.total_frac)
    assert "coverage not known" in set(due("902789", "2025-06-09", "CN").layers["outcome"])
    row = tariffs.averages(importer="CN", as_of=LATEST, on=[date(2025, 6, 9)]).iloc[0]
    assert row["matched_frac"] < 0.875


def test_the_panel_is_the_line_rates_of_its_days() -> None:
    for importer, layer in itertools.product(tariffs.IMPORTERS, ("total", "additional", "mfn")):
        panel = tariffs.panel(importer=importer, as_of=LATEST, since=date(2025, 1, 1), until=date(2025, 6, 30), layer=layer)
        day = panel.columns[-1]
        rates = tariffs.line_rates(on=day.date(), importer=importer, as_of=LATEST)
        pd.testing.assert_series_equal(panel[day], rates[f"{layer}_frac"], check_names=False)


def test_equivalents_of_specific_rates_are_the_duties_of_2024_less_the_additional_ones() -> None:
    """Recomputed from calculated duties and our own stack of 2024: what the table holds is not typed in."""
    table = catalogue.load("us_lines").set_index("code")
    days = tariffs.change_days(importer="US", as_of=LATEST, since=date(2024, 1, 1), until=date(2024, 12, 31))
    ends = [*days[1:], date(2025, 1, 1)]
    mean = sum(
        tariffs.line_rates(on=first, importer="US", as_of=LATEST)["additional_frac"] * ((end - first).days / 366)
        for first, end in zip(days, ends, strict=True)
    )
    rows = table[table["mfn_kind"].isin(["specific", "compound", "other"])].copy()
    rows["left"] = rows["duty_2024_usd"] - mean[rows.index] * rows["imports_2024_usd"]
    by_line = rows.groupby(rows.index.str[:8])[["left", "imports_2024_usd"]].sum()
    equivalent = by_line["left"] / by_line["imports_2024_usd"].where(by_line["imports_2024_usd"] > 0)
    expected = np.maximum(equivalent.reindex(rows.index.str[:8]).to_numpy(), rows["mfn_ad_valorem_frac"].fillna(0).to_numpy())
    # A duty that the law prints is never nil: where nothing is left, nothing was measured.
    expected = np.where(expected > 0, expected, np.nan)
    np.testing.assert_allclose(rows["mfn_frac"], expected, atol=1e-6)
    assert rows.loc[rows["imports_2024_usd"].gt(0), "mfn_frac"].dropna().between(0, 1, inclusive="right").all()


@pytest.mark.parametrize(
    ("code", "importer", "on", "words"),
    [
        ("8517.13.00.99", "US", "2025-06-09", "holds the number 8517.13.0099. Under 8517.13.00 stand 8517.13.0000"),
        ("851", "US", "2025-06-09", "2, 4, 6, 8 or 10 digits"),
        ("8517.13.00.00", "CN", "2025-06-09", "Chinese lines have eight digits or six"),
        ("99123456", "CN", "2025-06-09", "No Chinese tariff line"),
        ("8517.13", "EU", "2025-06-09", "importer must be US or CN, not 'EU'"),
    ],
)
def test_bad_codes_name_the_nearest_choice(code: str, importer: str, on: str, words: str) -> None:
    with pytest.raises(ParameterError, match=words.replace(".", r"\.")):
        due(code, on, importer)


def test_a_day_before_the_edition_is_an_error() -> None:
    for ask in (
        lambda: due("8517.13", "2017-12-31"),
        lambda: tariffs.line_rates(on=date(2017, 12, 31), importer="US", as_of=LATEST),
        lambda: tariffs.panel(importer="US", as_of=LATEST, since=date(2017, 12, 31)),
    ):
        with pytest.raises(DayError, match="must be 2018-01-01 or later"):
            ask()


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan"), "half"])
def test_a_metal_content_is_a_fraction(share: object) -> None:
    with pytest.raises(ParameterError, match="metal_content_frac must be a fraction from 0 to 1"):
        tariffs.Assumptions(metal_content_frac=share)


def test_an_answer_says_how_it_was_known() -> None:
    stack = due("7326.90.8688", "2026-07-25")
    assert stack.layers["instrument"].ne("").all()
    assert stack.layers["url"].str.startswith("https://").all()
    assert (stack.layers["known_on"] <= pd.Timestamp(LATEST)).all()
    assert dataclasses.asdict(stack.assumptions) == {
        "metal_content_frac": None,
        "partial_duties": False,
        "partial_exemptions": False,
        "claimed_exclusions": False,
        "metal_chapters_frac": None,
        "exclusions": "listed",
    }


days = st.dates(min_value=catalogue.edition().evidence_from, max_value=date(2027, 12, 31))
known_days = st.dates(min_value=catalogue.edition().evidence_from, max_value=LATEST)


@settings(max_examples=60, deadline=None)
@given(on=days, as_of=known_days, importer=st.sampled_from(tariffs.IMPORTERS))
def test_whatever_the_days(on: date, as_of: date, importer: str) -> None:
    """Layers add up, are never negative, belong to measures announced by then, and leave chapters 98 and 99 alone."""
    rates = tariffs.line_rates(on=on, importer=importer, as_of=as_of)
    layers = rates.drop(columns=["mfn_frac", "additional_frac", "total_frac"])
    np.testing.assert_allclose(layers.sum(axis=1, skipna=False), rates["additional_frac"], atol=1e-12)
    assert (layers.fillna(0) >= 0).all().all()
    measures = catalogue.load("tariff_measures", as_of=as_of)
    assert set(layers.columns) <= set(measures.loc[measures["importer"].eq(importer), "family"])
    special = rates.index.str[:2].isin(["98", "99"])
    assert (rates.loc[special, "additional_frac"] == 0).all()


@settings(max_examples=40, deadline=None)
@given(on=days, metal=st.floats(0, 1), duties=st.booleans(), exempt=st.booleans(), pick=st.integers(min_value=0))
def test_one_line_is_explained_as_it_is_computed(on: date, metal: float, duties: bool, exempt: bool, pick: int) -> None:
    choice = tariffs.Assumptions(metal, partial_duties=duties, partial_exemptions=exempt)
    rates = tariffs.line_rates(on=on, importer="US", as_of=LATEST, assumptions=choice)
    code = rates.index[pick % len(rates)]
    stack = tariffs.explain(code, on=on, importer="US", as_of=LATEST, assumptions=choice)
    total = rates.loc[code, "total_frac"]
    assert (np.isnan(total) and np.isnan(stack.total_frac)) or stack.total_frac == pytest.approx(total)
    idle = stack.layers["outcome"].isin(["displaced", "exempt", "suspended", "in part only", "lower than another"])
    assert (stack.layers.loc[idle, "rate_frac"] == 0).all()


@pytest.mark.parametrize("as_of", DAYS)
@pytest.mark.parametrize("importer", ["US", "CN"])
def test_lists_and_general_rates_change_later_only_on_days_that_a_known_text_names(importer: str, as_of: date) -> None:
    ahead = [day for day in tariffs.change_days(importer=importer, as_of=as_of) if day > as_of]
    law = tariffs.schedule(as_of=as_of)
    named = {day.date() for name in ("effective_from", "effective_to") for day in law[name].dropna()}
    assert set(ahead) <= named


def test_a_list_that_loses_codes_keeps_them_until_the_text_that_says_so_is_known() -> None:
    # Lithium-ion batteries other than for cars left List 4A for the four-year review on 1 January 2026, as a notice of September 2024 says.
    code, day = "8507600020", date(2026, 1, 1)
    before = tariffs.explain(code, on=day, importer="US", as_of=date(2024, 9, 1)).layers.set_index("measure_id")
    after = tariffs.explain(code, on=day, importer="US", as_of=date(2024, 9, 20)).layers.set_index("measure_id")
    assert before.loc["us_301_list4a", "rate_frac"] == 0.075
    assert "us_301_list4a" not in after.index
    assert 0.25 in set(after["rate_frac"])
