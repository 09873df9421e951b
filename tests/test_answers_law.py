"""What the answer says beside the rate: headings, goods on their way, rulings, whose goods are meant."""

import csv
import json
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradelib import catalogue, exposure, narrate, scenarios, tables, tariffs
from tradelib.tariffs import headings, in_transit, legal_status, origins
from tradelib.terminal import answers

LATEST = date(2026, 10, 9)
CASES = Path(__file__).parent / "cases"
# Headings that came after HTS 2026 Revision 10 of June 2026, the last edition whose texts were read line by line.
YOUNGER = {
    "9903.04.60", "9903.05.31", "9903.05.85", "9903.05.86", "9903.05.87", "9903.05.88", "9903.05.89", "9903.05.90", "9903.05.91",
    "9903.05.92", "9903.08.21", "9903.08.22", "9903.45.30", "9903.45.31",
}  # fmt: skip


def entry(code: str, on: str, importer: str = "US", as_of: date = LATEST) -> tariffs.Stack:
    return tariffs.explain(code, on=date.fromisoformat(on), importer=importer, as_of=as_of)


def texts() -> dict[str, set[str]]:
    """{heading: its rates of duty in the editions of 2025 and 2026}, copied from the tariff schedule."""
    found: dict[str, set[str]] = {}
    with (CASES / "chapter99_headings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["heading"], set()).add(row["general_text"])
    return found


def test_every_heading_stands_in_the_tariff_schedule() -> None:
    rows = catalogue.load("headings")
    held = {heading for cell in rows["heading"] for heading in cell.split("|")}
    assert all(re.fullmatch(r"9903\.\d\d\.\d\d", heading) for heading in held)
    assert held - texts().keys() == YOUNGER & held
    transit = {heading for heading in catalogue.load("in_transit")["heading"] if heading}
    assert transit <= texts().keys() | YOUNGER


def test_the_text_of_a_heading_sets_the_rate_of_its_duty() -> None:
    """A heading whose text adds a rate belongs to a duty that has had this rate, and one for an exemption adds none."""
    rates = catalogue.load("tariff_steps").groupby("measure_id")["rate_frac"].agg(lambda column: set(column.dropna().round(6)))
    told = 0
    for row in catalogue.load("headings").itertuples():
        for heading in row.heading.split("|"):
            found = [re.findall(r"(?:\+|plus) ?(?:a duty of )?([\d.]+)%", text) for text in texts().get(heading, ())]
            added = [float(rate) for rates_of in found for rate in rates_of]
            if row.role == "exemption":
                assert not added, heading
            elif added:
                told += 1
                assert {round(rate / 100, 6) for rate in added} & rates[row.measure_id], heading
    assert told > 30


def test_rows_name_measures_scopes_and_families_that_are_held() -> None:
    rows = catalogue.load("headings")
    measures = catalogue.load("tariff_measures").set_index("measure_id")
    scopes, families = set(catalogue.load("scopes")["scope"]), set(catalogue.load("families")["family"])
    assert set(rows["measure_id"]) <= set(measures.index)
    assert measures.loc[rows["measure_id"], "importer"].eq("US").all()
    for goods in rows["goods"]:
        named = goods in families or any(scope == goods or scope.startswith(f"{goods}_") for scope in scopes)
        assert not goods or goods.startswith("codes:") or named, goods


def test_every_duty_of_the_united_states_has_a_heading_or_is_known_to_lack_one() -> None:
    measures = catalogue.load("tariff_measures")
    duties = set(measures.loc[measures["importer"].eq("US") & measures["kind"].eq("duty"), "measure_id"])
    rows = catalogue.load("headings")
    assert duties - set(rows.loc[rows["role"].eq("duty"), "measure_id"]) == {"us_232_poly", "us_301_4yr_h0"}


@pytest.mark.parametrize(
    ("code", "on", "filed"),
    [
        # A CBP Form 7501 published at github.com/Auxx-Ai/auxx-ai/pull/2255: List 3, an exemption claimed, Section 232, in this order.
        ("7326.90.8688", "2026-07-25", ["9903.88.03", "9903.05.90", "9903.82.02"]),
        ("9503.00.00", "2025-02-20", ["9903.01.20"]),
        ("9503.00.00", "2025-04-07", ["9903.01.24", "9903.01.25"]),
        ("9503.00.00", "2025-04-20", ["9903.01.24", "9903.01.63"]),
        ("9503.00.00", "2025-05-14", ["9903.01.24", "9903.01.25"]),
        ("9503.00.00", "2026-03-01", ["9903.03.01"]),
        ("9503.00.00", "2026-08-01", ["9903.05.31"]),
        # Electronics of the memorandum of 11 April 2025.
        ("8517.13.0000", "2025-05-20", ["9903.01.24", "9903.01.32"]),
        # Steel nails of 2020 are U.S. note 16(l), other articles of chapter 73 note 16(m).
        ("7317.00.5503", "2025-04-20", ["9903.88.03", "9903.01.24", "9903.01.33", "9903.81.89"]),
        ("8708.70.45", "2025-04-16", ["9903.88.03", "9903.01.24", "9903.01.33"]),
        # Chairs that U.S. note 20(g) names by statistical number are heading .04 of List 3.
        ("9401.61.4011", "2019-06-01", ["9903.88.04"]),
        ("9401.61.6011", "2019-06-01", ["9903.88.03"]),
        # The rise of a programme to 50 and 100 per cent goes by its own headings.
        ("8541.42.0010", "2024-12-01", ["9903.91.02", "9903.45.22"]),
        ("4015.12.10", "2025-06-01", ["9903.91.05", "9903.01.24", "9903.01.25"]),
        ("4015.12.10", "2026-08-01", ["9903.91.08", "9903.05.31"]),
    ],
)
def test_headings_stand_in_order_of_filing(code: str, on: str, filed: list[str]) -> None:
    assert entry(code, on).filing["heading"].tolist() == filed


def test_a_split_line_declares_both_headings() -> None:
    """Proclamation 10947: from 4 June 2025 the part that is no metal pays the reciprocal duty; the metal claims 9903.01.33."""
    layer = entry("9403.20.0086", "2025-08-25").layers.set_index("measure_id").loc["us_ieepa_reciprocal"]
    assert (layer["hts_heading"], layer["exemption_heading"]) == ("9903.01.25", "9903.01.33")


def test_books_claim_the_heading_of_informational_materials() -> None:
    """HTS headings 9903.01.22, 9903.01.31, 9903.05.92."""
    book = entry("4903.00.00", "2025-04-16").layers.set_index("measure_id")
    assert book.loc["us_ieepa_fentanyl", "exemption_heading"] == "9903.01.22"
    assert "9903.01.31" in book.loc["us_ieepa_reciprocal", "exemption_heading"].split("|")
    assert entry("4903.00.00", "2026-08-01").layers.set_index("measure_id").loc["us_301_fl", "exemption_heading"].endswith("9903.05.92")


def test_goods_that_may_be_exempt_are_told_the_heading_to_claim() -> None:
    """7326.90.8688 has goods among the 164 exclusions: heading 9903.88.69."""
    layer = entry("7326.90.8688", "2026-07-25").layers.set_index("measure_id").loc["us_301_list3"]
    assert (layer["hts_heading"], layer["claimable_heading"]) == ("9903.88.03", "9903.88.69")


def test_a_heading_that_is_not_held_is_said_and_not_guessed() -> None:
    """The rate of 1 January 2027 on cabinets: the text of its heading was not seen."""
    stack = entry("9403.40.9060", "2027-01-10")
    assert "" in stack.filing["heading"].tolist()
    assert tariffs.NO_HEADING in answers.rate(stack, "table")


def test_headings_of_a_later_day_are_not_known_on_an_earlier_one() -> None:
    early = entry("9503.00.00", "2025-02-20", as_of=date(2025, 2, 2))
    assert early.layers.query("family == 'ieepa_fentanyl'")["hts_heading"].tolist() == [""]


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(["7326.90.8688", "9503.00.00", "9403.20.0086", "8541.42.0010", "4903.00.00"]),
    st.dates(date(2018, 6, 1), LATEST),
    st.dates(date(2018, 6, 1), LATEST),
)
def test_nothing_told_at_the_answer_became_known_later(code: str, on: date, as_of: date) -> None:
    stack = tariffs.explain(code, on=on, importer="US", as_of=as_of)
    rows = catalogue.load("headings")
    known = {part for cell in rows.loc[rows["known_on"] <= pd.Timestamp(as_of), "heading"] for part in cell.split("|")}
    shown = {part for cell in stack.filing["heading"] for part in cell.split("|") if part}
    assert shown <= known
    assert (stack.in_transit["known_on"] <= pd.Timestamp(as_of)).all()
    assert (stack.legal_status["known_on"] <= pd.Timestamp(as_of)).all()


def test_a_supposed_duty_has_no_heading() -> None:
    rates = scenarios.schedule(scenarios.load("full_rollback"), as_of=LATEST)
    supposed = tariffs.explain("9503.00.00", on=scenarios.begins_on(LATEST), importer="US", as_of=LATEST, rates=rates)
    assert supposed.filing["heading"].tolist() in ([], [""] * len(supposed.filing))


@pytest.mark.parametrize(
    ("code", "on", "importer", "said"),
    [
        # CBP CSMS 64649265, 64680374 and 64723363 on toys: 145, but 20 or 30 per cent.
        ("9503.00.00", "2025-04-20", "US", [(None, "2025-04-05", 0.20, "9903.01.28"), ("2025-04-05", "2025-04-09", 0.30, "9903.01.25")]),
        # Executive Order 14257, sec. 3: entered on or after 5 April, and on or after 9 April; 20 and 84 per cent on that day.
        ("9503.00.00", "2025-04-04", "US", []),
        ("9503.00.00", "2025-04-05", "US", [(None, "2025-04-05", 0.20, "9903.01.28")]),
        ("9503.00.00", "2025-04-08", "US", [(None, "2025-04-05", 0.20, "9903.01.28")]),
        ("9503.00.00", "2025-04-09", "US", [(None, "2025-04-05", 0.20, "9903.01.28"), ("2025-04-05", "2025-04-09", 0.30, "9903.01.25")]),
        # From 14 May the duty is the one of the middle stretch again: only the first pays less.
        ("9503.00.00", "2025-05-20", "US", [(None, "2025-04-05", 0.20, "9903.01.28")]),
        ("9503.00.00", "2025-05-27", "US", []),
        ("9503.00.00", "2025-02-10", "US", [(None, "2025-02-01", 0.0, "9903.01.23")]),
        ("9503.00.00", "2025-03-06", "US", [(None, "2025-02-01", 0.0, "9903.01.23")]),
        ("9503.00.00", "2025-03-07", "US", []),
        # USTR, 84 FR 26930: List 3 exported before 10 May 2019 and entered before 15 June.
        ("9403.20.0086", "2019-05-20", "US", [(None, "2019-05-10", 0.10, "9903.88.09")]),
        ("9403.20.0086", "2019-06-14", "US", [(None, "2019-05-10", 0.10, "9903.88.09")]),
        ("9403.20.0086", "2019-06-15", "US", []),
        ("9503.00.00", "2026-02-27", "US", [(None, "2026-02-24", 0.0, "9903.03.02")]),
        ("9503.00.00", "2026-07-27", "US", [(None, "2026-07-24", 0.0, "9903.05.85")]),
        # Tariff Commission announcements No. 2, item 4, and No. 4, item 3, on soybeans: without 10 and 84 points, or without 84.
        ("12019010", "2025-03-10", "CN", [(None, "2025-03-10", 0.305, "")]),
        ("12019010", "2025-04-11", "CN", [(None, "2025-03-10", 0.305, ""), ("2025-03-10", "2025-04-10", 0.405, "")]),
        ("12019010", "2025-04-12", "CN", [(None, "2025-03-10", 0.305, ""), ("2025-03-10", "2025-04-10", 0.405, "")]),
        ("12019010", "2025-04-13", "CN", [(None, "2025-04-10", 0.405, "")]),
        ("12019010", "2025-05-13", "CN", [(None, "2025-04-10", 0.405, "")]),
        ("12019010", "2025-05-14", "CN", []),
    ],
)
def test_goods_loaded_before_a_day_owe_what_the_text_says(code: str, on: str, importer: str, said: list[tuple]) -> None:
    rows = entry(code, on, importer).in_transit
    found = [
        (None if pd.isna(row.loaded_from) else f"{row.loaded_from:%Y-%m-%d}", f"{row.loaded_before:%Y-%m-%d}", row.total_frac, row.headings)
        for row in rows.itertuples()
    ]
    assert found == [(first, past, pytest.approx(total), heading) for first, past, total, heading in said]


def test_a_stretch_of_two_rules_ends_with_the_first_and_is_known_with_the_second() -> None:
    """Announcement No. 2 of 4 March 2025 frees goods imported to 12 April, No. 4 of 4 April those imported to 13 May."""
    rows = entry("12019010", "2025-04-11", "CN").in_transit
    assert rows["entered_before"].tolist() == [pd.Timestamp("2025-04-13"), pd.Timestamp("2025-05-14")]
    assert rows["known_on"].tolist() == [pd.Timestamp("2025-04-04")] * 2
    first, second = in_transit.sentences(rows, "CN")
    assert first.startswith("Sent off before 10 March 2025, and entered before 13 April 2025:")
    assert second.startswith("Sent off from 10 March 2025 to 9 April 2025, and entered before 14 May 2025:")
    (toys,) = in_transit.sentences(entry("9503.00.00", "2025-04-05").in_transit, "US")
    assert toys.startswith("Loaded before 5 April 2025")


def test_a_good_that_the_duty_does_not_fall_on_is_told_nothing_of_loading() -> None:
    """Smartphones are exempt from the reciprocal duty whenever they were loaded."""
    assert entry("8517.13.0000", "2025-04-20").in_transit.empty


def test_the_end_of_a_window_is_the_one_known_on_the_day() -> None:
    """The first day named was 1 June 2019; USTR put it off on 31 May."""
    on = "2019-05-20"
    ends = [entry("9403.20.0086", on, as_of=date(2019, 5, day)).in_transit["entered_before"].tolist() for day in (9, 30, 31)]
    assert ends == [[], [pd.Timestamp("2019-06-01")], [pd.Timestamp("2019-06-15")]]


def told(as_of: str, code: str = "9503.00.00", on: str = "2025-06-01") -> str:
    stack = entry(code, on, as_of=date.fromisoformat(as_of))
    return " ".join(legal_status.told(stack.legal_status, stack.layers))


@pytest.mark.parametrize(
    ("as_of", "words", "unsaid"),
    [
        ("2025-05-27", "", "unlawful"),
        ("2025-05-28", "held unlawful on 28 May 2025 by the Court of International Trade", "stayed"),
        ("2025-06-09", "that ruling stayed on 29 May 2025", "10 June"),
        ("2025-09-01", "held unlawful on 29 August 2025 by the Federal Circuit", "28 May"),
        ("2026-02-19", "held unlawful on 29 August 2025", "Supreme Court"),
        ("2026-02-20", "held unlawful on 20 February 2026 by the Supreme Court (Learning Resources v. Trump)", "refund"),
        ("2026-10-09", "refunds to all importers ordered on 4 March 2026", "29 August 2025"),
    ],
)
def test_rulings_are_told_as_known_on_the_day(as_of: str, words: str, unsaid: str) -> None:
    sentence = told(as_of)
    assert words in sentence
    assert unsaid not in sentence
    assert not words or "The rate is what was collected." in sentence


def test_a_ruling_speaks_of_the_duties_that_the_good_pays() -> None:
    """A steel nail pays the fentanyl duty and not the reciprocal one; from 24 February 2026 there is neither."""
    assert told("2026-10-09", "7317.00.5503", "2025-04-20").startswith("Legal status of IEEPA fentanyl: ")
    surcharge = told("2026-10-09", on="2026-05-01")
    assert "unlawful on 7 May 2026 by the Court of International Trade, with relief for the plaintiffs only" in surcharge
    assert told("2026-10-09", on="2026-08-01") == ""


def test_a_duty_that_was_upheld_in_the_end_is_not_called_into_question() -> None:
    """List 3: sent back on 1 April 2022, upheld on 17 March 2023 and 25 September 2025. The table as JSON holds all three."""
    code, on = "9403.20.0086", "2022-06-01"
    assert "sent back to USTR on 1 April 2022" in told("2022-07-01", code, on)
    assert told("2026-10-09", code, on) == ""
    assert entry(code, on).legal_status["status"].tolist() == ["remanded", "upheld", "upheld"]


def test_rulings_name_events_and_duties_that_are_held() -> None:
    rows = catalogue.load("legal_status")
    assert set(rows["event_id"]) - {""} <= set(catalogue.load("events")["event_id"])
    assert {name for cell in rows["families"] for name in cell.split("|") if name} <= set(catalogue.load("families")["family"])
    assert {name for cell in rows["measures"] for name in cell.split("|") if name} <= set(catalogue.load("tariff_measures")["measure_id"])
    assert (rows["known_on"] >= rows["decided_on"]).all()
    assert rows["words"].str.count(r"\{day\}").eq(1).all()


def test_whose_goods_china_means_is_said_by_duty() -> None:
    """CBP, 12 August 2020: Section 301 does not fall on goods of Hong Kong; HTS 9903.01.24: China and Hong Kong; 9903.01.63: Macau too."""
    stack = entry("9403.20.0086", "2025-05-20")
    (sentence,) = origins.sentences(stack.layers)
    assert "Section 301 lists on goods of Hong Kong or Macau" in sentence
    assert "IEEPA fentanyl on goods of Macau" in sentence
    assert "reciprocal" not in sentence
    assert sentence in stack.not_modelled
    assert not origins.sentences(entry("9503.00.00", "2026-03-01").layers)
    assert not origins.sentences(entry("12019010", "2025-04-11", "CN").layers)


@pytest.mark.parametrize("on", ["2025-04-20", "2025-08-25"])
def test_a_second_metal_is_not_denied(on: str) -> None:
    """EO 14289 sec. 3(a)(iii): steel and aluminium duties both hold, each on its own content."""
    stack = entry("9403.20.0086", on)
    metals = stack.layers[stack.layers["family"].eq("s232")].set_index("outcome")
    assert set(metals.index) == {"applies", "counted with another"}
    assert "each metal on its own content" in metals.loc["counted with another", "why"]
    assert set(metals["hts_heading"]) == {"9903.85.08", "9903.81.91"}
    assert stack.mfn_frac + stack.layers["rate_frac"].sum() == pytest.approx(stack.total_frac)


def test_since_april_2026_one_metal_rate_holds() -> None:
    """Proclamation 11021: a good of several metals pays one rate, and lists compete as before."""
    for code in ("9403.20.0086", "7326.90.8688"):
        assert "counted with another" not in set(entry(code, "2026-05-01").layers["outcome"])


def test_json_and_csv_hold_headings_rulings_and_goods_on_their_way() -> None:
    stack = entry("9503.00.00", "2025-04-20")
    data = json.loads(answers.rate(stack, "json"))
    assert [row["heading"] for row in data["filing"]] == ["9903.01.24", "9903.01.63"]
    assert [row["total_frac"] for row in data["in_transit"]] == [0.2, 0.3]
    assert [row["status"] for row in data["legal_status"] if row["is_told"]][:2] == ["held_unlawful", "refund_ordered"]
    assert data["layers"][-1]["hts_heading"] == "9903.01.63"
    rows = list(csv.DictReader(answers.rate(stack, "csv").splitlines()))
    assert [row["hts_heading"] for row in rows] == ["", "", "9903.01.24", "9903.01.63"]
    assert rows[-1]["legal_status"].startswith("held unlawful on 20 February 2026")
    assert rows[0]["legal_status"] == ""


def test_the_answer_in_words_names_all_of_it() -> None:
    text = " ".join(answers.rate(entry("9503.00.00", "2025-04-20"), "table").split())
    for words in (
        "Chapter 99, in order of filing: 9903.01.24",
        "Loaded before 5 April 2025, and entered before 27 May 2025: 20% in total, heading 9903.01.28.",
        "Loaded from 5 April 2025 to 8 April 2025",
        "held unlawful on 20 February 2026",
        "refunds to all importers ordered on 4 March 2026",
        "IEEPA fentanyl (9903.01.21)",
    ):
        assert words in text


def test_stretches_of_loading_take_every_rule_that_holds_for_them() -> None:
    """Two rules about different duties: the stretch before both days is freed from both."""
    rows = in_transit.earlier_rates(
        on=date(2025, 4, 11), as_of=LATEST, total_frac=1.0, total_with=lambda changed: 1 - 0.1 * sum("cn" in name for name in changed)
    )
    assert rows["measures"].tolist() == ["cn_2025_mar_10|cn_2025_mar_15|cn_2025_rec", "cn_2025_rec"]
    assert rows["total_frac"].tolist() == pytest.approx([0.7, 0.9])


def test_the_row_that_names_the_goods_goes_before_the_one_for_all() -> None:
    ask = {"on": date(2025, 4, 20), "as_of": LATEST, "rate_frac": 0.25}
    measure = "us_232_deriv_st_metal_chapter"
    found = [headings.to_declare(measure, **ask, covers=lambda _scope, named=named: named) for named in (True, False)]
    assert found == ["9903.81.89", "9903.81.90"]


def test_a_product_is_told_its_rulings_once_and_its_loading_by_group() -> None:
    day = date(2025, 5, 20)
    rows = exposure.notices(exposure.chosen(basket="lithium_ion_batteries", codes=[], importer="US"), on=day, as_of=LATEST)
    rulings = rows[rows["sentence"].str.startswith("Legal status")]
    assert len(set(rulings["sentence"])) == 1
    assert rulings["example"].eq("").all()
    loaded = rows[rows["sentence"].str.startswith("Loaded")]
    assert len(loaded)
    assert rows["instrument"].ne("").all()
    assert "Legal status of IEEPA fentanyl" in narrate.exposure_notices(rows).text
    assert exposure.notices(exposure.chosen(basket="", codes=["9503"], importer="US"), on=date(2019, 1, 1), as_of=LATEST).empty


def test_the_table_of_layers_shows_the_heading_of_each() -> None:
    product = exposure.chosen(basket="", codes=["9503.00.00"], importer="US")
    rows = exposure.stacks(product, on=LATEST, as_of=LATEST)
    assert rows.set_index("layer")["heading"].get("Section 301: Forced labour") == "9903.05.31"
    assert "9903.05.31" in tables.layers(rows, product, on=LATEST)._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize(("importer", "source"), [("US", "Harmonized Tariff Schedule 2025"), ("CN", "Applied rates of China")])
def test_the_general_rate_is_one_row_in_every_answer(importer: str, source: str) -> None:
    """In the terminal, on the page of a product and in the worked case: one name, one source."""
    stack = tariffs.explain("870380", on="2025-06-09", as_of="2025-06-09", importer=importer)
    product = exposure.chosen(basket="", codes=["870380"], importer=importer)
    told = exposure.stacks(product, on="2025-06-09", as_of="2025-06-09").iloc[0]
    printed = json.loads(answers.rate(stack, "json"))["layers"][0]
    case = tables.stack(stack).data.iloc[0]
    named = {
        (row[name], row["instrument"], row["url"] or "") for row, name in ((told, "layer"), (printed, "programme"), (case, "programme"))
    }
    assert {name[:2] for name in named} == {("Normal (most-favoured-nation) tariff", source)}
    assert len(named) == 1
    assert told["rate_frac"] == printed["rate_frac"] == case["rate_frac"] == stack.mfn_frac


@pytest.mark.parametrize(
    ("as_of", "rules", "words"),
    [
        ("2018-06-15", 0, "by its own clock."),
        (
            "2019-06-15",
            1,
            "1 rule that lets them pay the earlier rate, for goods loaded before 10 May 2019 and entered before 15 June 2019 (",
        ),
        (
            "2019-05-12",
            1,
            "1 rule that lets them pay the earlier rate, for goods loaded before 10 May 2019 and entered before 1 June 2019 (",
        ),
        (
            "2025-06-09",
            7,
            "7 rules that let them pay the earlier rate, the latest for goods loaded before 10 April 2025 and entered before 14 May 2025 (",
        ),
    ],
)
def test_the_history_says_what_goods_on_their_way_owed_by_the_rules_known_then(as_of: str, rules: int, words: str) -> None:
    known = tariffs.transit_rules(as_of=as_of)
    assert len(known) == rules
    us, cn = tariffs.headlines(on=as_of, as_of=as_of)
    told = narrate.history_peaks(tariffs.peaks(tariffs.headline_paths(as_of=as_of)), us, cn)
    assert words in told.text
    assert len(told.sources) == min(rules, 1)
