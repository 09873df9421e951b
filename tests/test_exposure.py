"""One product: its layers, history, trade and scenarios, beside what is known of them; and codes that cannot be."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from conftest import DAYS

from tradelib import catalogue, exposure, ledger, narrate, tables, tariffs, wording
from tradelib.errors import ParameterError
from tradelib.tariffs import omissions
from tradelib.tariffs.prepared import KnownLaw

LATEST = date(2026, 10, 9)
JUNE = date(2025, 6, 9)
BASKETS = list(exposure.baskets()["basket"])


def basket(name: str) -> exposure.Product:
    return exposure.chosen(basket=name, codes=[], importer="US")


@pytest.mark.parametrize("name", BASKETS)
def test_every_basket_has_lines_and_a_duty_that_its_layers_add_up_to(name: str) -> None:
    product = basket(name)
    assert len(product.lines)
    rows = exposure.stacks(product, on=LATEST, as_of=LATEST, most=100)
    for _, group in rows.groupby("group"):
        general = group["rate_frac"].iloc[0]
        if np.isnan(general):  # it differs within the group
            continue
        if not np.isnan(group["lowest_frac"].iloc[0]):
            assert group["rate_frac"].sum() == pytest.approx(group["lowest_frac"].iloc[0]) == pytest.approx(group["highest_frac"].iloc[0])
    assert rows.drop_duplicates("group")["lines"].sum() == len(product.lines)
    assert rows.drop_duplicates("group")["value_usd"].sum() == pytest.approx(
        exposure.duties(product, on=LATEST, as_of=LATEST)["value_usd"].sum()
    )


# Each sum is written out: general rate, lists, country-wide layers.
KNOWN = [
    ("smartphones", JUNE, 0.0 + 0.20),  # exempt from the reciprocal duty since 5 April 2025; List 4B suspended
    ("toys", JUNE, 0.0 + 0.20 + 0.10),
    ("electric_cars", JUNE, 0.025 + 1.00 + 0.25 + 0.20),  # general, list, Section 232, fentanyl
    ("toys", LATEST, 0.125),
    ("laptops", LATEST, 0.0),
]


@pytest.mark.parametrize(("name", "day", "due"), KNOWN)
def test_the_duty_on_known_goods_is_the_sum_of_their_layers(name: str, day: date, due: float) -> None:
    assert exposure.duty(exposure.duties(basket(name), on=day, as_of=day)).figures == pytest.approx((due, due, due))


def test_batteries_of_electric_cars_pay_the_duty_on_parts_and_others_the_country_wide_one() -> None:
    """8507.60.0010 names the vehicles it is for (U.S. note 33); it made 2.4 of 15.7 billion USD of these imports in 2024."""
    others, of_cars = 0.034 + 0.25 + 0.125, 0.034 + 0.25 + 0.25
    duty = exposure.duty(exposure.duties(basket("lithium_ion_batteries"), on=LATEST, as_of=LATEST))
    assert (duty.lowest_frac, duty.highest_frac) == pytest.approx((others, of_cars))
    assert duty.mean_frac == pytest.approx(others + 0.125 * 2.436 / 15.656, abs=1e-4)


def test_the_history_ends_at_the_duty_of_the_day_and_goes_on_with_what_is_scheduled() -> None:
    product = basket("soybeans")
    rows = exposure.history(product, as_of=JUNE)
    now = rows[~rows["is_ahead"]].iloc[-1]
    assert now["mean_frac"] == pytest.approx(exposure.duty(exposure.duties(product, on=JUNE, as_of=JUNE)).mean_frac)
    ahead = rows[rows["is_ahead"]]
    assert [f"{day:%Y-%m-%d}" for day in ahead["on"]] == ["2025-08-12"]
    assert ahead["mean_frac"].iloc[0] == pytest.approx(now["mean_frac"] + 0.24)


@pytest.mark.parametrize("as_of", DAYS)
@pytest.mark.parametrize("name", ["lithium_ion_batteries", "soybeans"])
def test_no_history_changes_on_a_day_that_no_known_text_names(name: str, as_of: date) -> None:
    product = basket(name)
    ahead = exposure.history(product, as_of=as_of).loc[lambda rows: rows["is_ahead"], "on"]
    law = tariffs.schedule(as_of=as_of)
    named = set(law["effective_from"]) | set(law["effective_to"])
    assert set(ahead) <= named


def test_the_texts_behind_a_product_are_those_that_reach_it() -> None:
    texts = exposure.texts(basket("smartphones"), as_of=LATEST)
    assert {"us_301_list4b", "us_ieepa_fentanyl", "us_301_fl"} <= set(texts["measure_id"])
    assert not texts["measure_id"].str.startswith(("us_232_metals", "cn_")).any()


def test_trade_and_suppliers_add_up_to_what_census_counted() -> None:
    product = basket("smartphones")
    rows = exposure.suppliers(product, most=3)
    assert rows["partner"].tolist() == ["China", "Vietnam", "India", exposure.OTHERS]
    assert rows["share_frac"].sum() == pytest.approx(1)
    # Census, imports for consumption of 2024 under 8517.13: USD 40.68 billion from China.
    assert rows.loc[0, "value_usd"] == pytest.approx(40.68e9, rel=1e-3)
    assert exposure.trade(product)["value_usd"].sum() == pytest.approx(rows.loc[0, "value_usd"])
    assert exposure.suppliers(basket("soybeans")).empty
    assert catalogue.load("us_imports_2024_by_partner")["partner"].nunique() == 18  # as the report says
    assert rows["held_frac"].iloc[0] == pytest.approx(0.892, abs=1e-3)


def test_scenarios_of_a_product_start_from_its_duty_and_name_their_days() -> None:
    rows = exposure.under_scenarios(basket("soybeans"), as_of=LATEST).set_index("scenario")
    assert rows.loc["status_quo", "days"] == []
    assert rows.loc["status_quo", "change_frac"] == 0
    assert rows.loc["truce_lapses", "days"] == [date(2026, 11, 10)]
    assert rows.loc["truce_lapses", "change_frac"] == pytest.approx(0.24)
    assert rows.loc["full_rollback", "mean_frac"] == pytest.approx(0.03)
    smartphones = exposure.under_scenarios(basket("smartphones"), as_of=LATEST).set_index("scenario")
    assert smartphones.loc["april_2025", "mean_frac"] == pytest.approx(0.20)
    assert smartphones.loc["excess_capacity", "mean_frac"] == pytest.approx(0.075)


def test_china_is_always_named_among_the_suppliers() -> None:
    chips = basket("semiconductors_from_china")
    rows = exposure.suppliers(chips, most=3)
    assert rows.loc[rows["partner"].eq("China"), "value_usd"].iloc[0] == pytest.approx(exposure.trade(chips)["value_usd"].sum(), rel=1e-6)
    assert len(rows) == 5
    assert rows["share_frac"].sum() == pytest.approx(1)
    assert "China supplied 3" in narrate.suppliers_message(rows, chips, on=date(2026, 10, 9))
    # A page of an earlier day says that the year of trade is none of that day.
    assert " in 2024 (data newer than this page)" in narrate.suppliers_message(rows, chips, on=date(2018, 7, 6))


def test_what_is_left_out_names_its_lines_unless_it_is_about_all() -> None:
    """Batteries of cars owe the duty on parts of cars, others the reciprocal duty; what does not hold for both may not stand twice."""
    on = date(2025, 6, 9)
    product = basket("lithium_ion_batteries")
    rows = exposure.stacks(product, on=on, as_of=on)
    said = narrate.not_modelled(rows, exposure.texts(product, as_of=on), on=on).text.split("\n")
    donations = [line.split(":")[0] for line in said if "donations" in line]
    assert donations == ["- 8507.60.0020", "- 8507.60.0010"]
    assert len([line for line in said if "processing fee" in line]) == 1
    assert next(line for line in said if "processing fee" in line).startswith("- Anti-dumping")


def test_a_layer_says_its_name_once_and_one_rate_is_told_once() -> None:
    on = date(2025, 6, 9)
    product = basket("soybeans")
    rows = exposure.stacks(product, on=on, as_of=on)
    assert "Reciprocal retaliation Apr 2025" in set(rows["layer"])
    duty = exposure.duty(exposure.duties(product, on=on, as_of=on))
    text = narrate.exposure_text(product, duty, rows, exposure.exclusions(product, on=on, as_of=on), on=on).text.replace(wording.THIN, " ")
    assert text.count("23%") == 1


def test_a_history_says_since_when_it_counts_its_changes() -> None:
    product = basket("lithium_ion_batteries")
    said = narrate.product_message(exposure.history(product, as_of="2025-06-09"), product)
    assert said.startswith("The US tariff on lithium-ion batteries has changed 10 times since 1 January 2018 and is now")
    assert (
        narrate.suppliers_message(exposure.suppliers(product), product, on=date(2026, 10, 9))
        .replace(wording.THIN, " ")
        .endswith("the European Union supplied 8%")
    )


def test_a_rate_that_is_set_and_not_named_is_no_fall_of_the_duty() -> None:
    chips = basket("semiconductors_from_china")
    rows = exposure.under_scenarios(chips, as_of=LATEST).set_index("scenario")
    for name in ("as_scheduled", "april_2025"):
        assert rows.loc[name, "unnamed_on"] == pd.Timestamp("2027-06-23"), name
        assert rows.loc[name, "on"] < pd.Timestamp("2027-06-23")
        assert rows.loc[name, "change_frac"] > 0
    assert rows.loc[["status_quo", "excess_capacity"], "unnamed_on"].isna().all()
    history = exposure.history(chips, as_of=LATEST)
    assert history["mean_frac"].isna().tolist() == [False] * (len(history) - 1) + [True]


@pytest.mark.parametrize("code", ["2709", "99"])
def test_goods_whose_duty_nobody_knows_are_said_to_be_unknown(code: str) -> None:
    product = exposure.chosen(basket="", codes=[code], importer="US")
    known = exposure.duty(exposure.duties(product, on=LATEST, as_of=LATEST))
    history = exposure.history(product, as_of=LATEST)
    assert np.isnan(known.mean_frac)
    assert history.empty
    assert narrate.product_message(history, product).endswith("is not known")
    assert narrate.exposure_title(product, known, history).endswith("is not known")


def test_next_to_no_trade_is_no_weight() -> None:
    aircraft = exposure.duties(basket("aircraft"), on=LATEST, as_of=LATEST)
    assert aircraft["value_usd"].sum() < exposure.LEAST_TRADE_USD
    assert exposure.duty(aircraft).mean_frac == pytest.approx(aircraft["total_frac"].mean())


def test_codes_take_the_place_of_the_basket() -> None:
    product = exposure.chosen(basket=exposure.BASKET, codes=["8703.80", "870360"], importer="US")
    assert (product.codes, product.importer) == (("870380", "870360"), "US")
    assert exposure.chosen(basket="", codes=["1201"], importer="CN").lines.size == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"basket": "smartphone"}, "There is no basket 'smartphone'. Did you mean smartphones?"),
        ({"codes": ["8517.139"]}, "A product code has 2, 4, 6, 8 or 10 digits"),
        ({"codes": ["9999.99"]}, "No US tariff line stands under 9999.99"),
        ({"codes": ["1201.90.10"], "importer": "CN"}, "held to six digits; ask for 1201.90"),
        ({"codes": ["8517"], "importer": "EU"}, "importer must be US or CN, not 'EU'"),
        ({"basket": "toys", "codes": ["8517"]}, "The basket toys has no effect beside codes"),
        ({"basket": "toys", "weights_file": "goods.csv"}, "The basket toys has no effect beside weights_file"),
        ({"basket": "toys", "importer": "CN"}, "The basket toys is of goods entering US; importer CN has no effect on it: give codes"),
    ],
)
def test_goods_that_cannot_be_or_have_no_effect_are_refused_with_the_remedy(given: dict, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        exposure.chosen(**{"basket": "", "codes": [], "importer": "US", **given})


def test_waivers_that_are_only_stated_are_told_beside_the_duty() -> None:
    beans = basket("soybeans")
    layers = exposure.stacks(beans, on=LATEST, as_of=LATEST)
    known = exposure.duty(exposure.duties(beans, on=LATEST, as_of=LATEST))
    now = exposure.exclusions(beans, on=LATEST, as_of=LATEST)
    assert "instrument" not in set(now["standing"])
    assert "without a published notice" in narrate.exposure_text(beans, known, layers, now, on=LATEST).text
    then = exposure.exclusions(beans, on=JUNE, as_of=JUNE)
    assert then["standing"].value_counts().to_dict() == {"instrument": 1, "statement": 1}
    assert "1 list of waivers and exclusions applies on this date" in narrate.exposure_text(beans, known, layers, then, on=JUNE).text


def test_every_exclusion_without_codes_is_from_a_duty_of_its_side() -> None:
    """By its authority: `omissions.lowers`; of another nobody would be told."""
    law = KnownLaw("CN", LATEST, standing=ledger.LAW_AND_STATEMENTS).over()
    unlisted = [step for step in law.book.exclusions if not any(map(law.scopes.held, step.scopes))]
    assert {step.measure_id for step in unlisted} > {"cn_301_mkt", "cn_2025_waiv"}
    assert all(any(omissions.lowers(step, duty, law.book) for duty in law.book.duties) for step in unlisted)


@pytest.mark.parametrize(
    ("code", "importer", "reason"),
    [("8541.59", "CN", "newer than a list of duties"), ("2709", "US", "normal tariff on its lines is not in our data")],
)
def test_the_reason_of_an_unknown_duty_is_the_right_one(code: str, importer: str, reason: str) -> None:
    product = exposure.chosen(basket="", codes=[code], importer=importer)
    known = exposure.duty(exposure.duties(product, on=LATEST, as_of=LATEST))
    layers = exposure.stacks(product, on=LATEST, as_of=LATEST)
    text = narrate.exposure_text(product, known, layers, exposure.exclusions(product, on=LATEST, as_of=LATEST), on=LATEST).text
    assert reason in text


@pytest.mark.parametrize(
    ("day", "said"), [("2026-01-31", ""), ("latest", " (a number of 2024, since replaced by 8507.60.0030 and 8507.60.0090)")]
)
def test_a_number_of_the_trade_that_stands_no_longer_is_said(day: str, said: str) -> None:
    on = catalogue.resolve_as_of(day)
    batteries = exposure.chosen(basket="", codes=["8507.60.0020"], importer="US")
    layers = exposure.stacks(batteries, on=on, as_of=on)
    html = tables.layers(layers, batteries, on=on)._repr_mimebundle_()["text/html"]
    assert f"8507.60.0020{said}: in all" in html


def test_a_group_with_lines_of_unknown_duty_says_how_many_are_known() -> None:
    tobacco = exposure.chosen(basket="", codes=["2402"], importer="US")
    layers = exposure.stacks(tobacco, on=LATEST, as_of=LATEST)
    assert (layers["lines_known"] < layers["lines"]).all()
    html = tables.layers(layers, tobacco, on=LATEST)._repr_mimebundle_()["text/html"]
    assert "on the 1 whose tariff is known" in html
    known = exposure.duty(exposure.duties(tobacco, on=LATEST, as_of=LATEST))
    assert "where it is known" in narrate.exposure_title(tobacco, known, exposure.history(tobacco, as_of=LATEST))
