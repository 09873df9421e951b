"""Definitions: each word is found where it stands, in the words of readers, and none of them tells what a day could not know."""

import csv
import re

import pytest

from tradelib import catalogue
from tradelib.report import page
from tradelib.report.page import open_page
from tradelib.show import display

TERMS = {
    "1260H list": "MOFCOM: 1260H listings ignore the consensus",
    "Affiliates Rule": "US suspension of the BIS Affiliates Rule",
    "APEC": "APEC leaders' meeting in Shenzhen",
    "CAFC": "CAFC, V.O.S. Selections v. Trump",
    "D.D.C.": "D.D.C., Learning Resources v. Trump",
    "DFARS": "DFARS 252.225-7052",
    "drawback": "refunds, drawbacks and later corrections",
    "ECCN": "software (ECCN 3D991, 3E991)",
    "en banc": "Federal Circuit hears the appeal en banc",
    "FCC": "FCC lists drones as a security risk",
    "GAC": "MOFCOM and GAC (China), announcement No. 18",
    "GACC": "MOFCOM/GACC announcement 18 of 2025",
    "is-informed letter": "BIS is-informed letter of May 2025",
    "fixed reference data": "Weights are fixed reference data",
    "MMT": "China filled its 12 MMT",
    "NdFeB": "Chinese-origin NdFeB magnets",
    "Section 201": "Section 201: solar cells",
    "SmCo": "Chinese-origin SmCo magnets",
    "unreliable entity list": "Unreliable entity list: 10 US firms",
    "WTO": "China files new WTO complaint",
}


def defined(text: str, as_of: str = "2026-10-09") -> dict[str, str]:
    """Definitions that a page with this text would show."""
    opened = open_page("02_truce", as_of=as_of)
    opened.show(display.Text(text))
    found = re.findall(r"^- \*\*(.*?)\*\*: (.*)$", opened.definitions().text, re.MULTILINE)
    return {term.replace("\\", ""): meaning for term, meaning in found}


@pytest.mark.parametrize("term", TERMS)
def test_a_word_that_stands_on_a_page_is_defined_there(term: str) -> None:
    assert term in defined(TERMS[term])
    assert defined("Nothing of the kind.") == {}


@pytest.mark.parametrize("words", ["the 50% rule after Madrid", "the BIS Affiliates (50%) Rule", "the 50\N{NARROW NO-BREAK SPACE}% rule"])
def test_the_rule_on_affiliates_is_found_under_each_of_its_names(words: str) -> None:
    assert "Affiliates Rule" in defined(words)
    assert "Affiliates Rule" not in defined("a duty of 50% on steel")


def test_what_as_known_on_means_names_the_two_things_that_may_be_younger() -> None:
    meaning = defined("Duties, as known on 9 June 2025", "2025-06-09")["as known on"]
    assert meaning.startswith("Nothing published after this date is used, with two marked exceptions")
    for newer in ("statistics shown as later revised", "trade weights", "normal tariffs", "product lists", "parameters of models"):
        assert newer in meaning


def test_a_definition_names_no_day_or_year_that_a_page_could_not_know() -> None:
    rows = catalogue.load("glossary").set_index("term")["definition"]
    years = {term: re.findall(r"\b(?:19|20)\d\d\b", meaning) for term, meaning in rows.items()}
    # The year of the trade weights, fixed reference data.
    assert {term: found for term, found in years.items() if found} == {"weighted average": ["2024"]}


def test_the_table_is_sorted_by_its_words() -> None:
    with (catalogue.data_folder() / "reference" / "glossary.csv").open(encoding="utf-8", newline="") as file:
        terms = [row["term"].lower().replace(" ", "") for row in csv.DictReader(file)]
    assert terms == sorted(terms)


@pytest.mark.parametrize(
    "text", [*TERMS.values(), "IEEPA, ieepa and EIEEPA", "SCHEDULED duties, a prescheduled one", "EO 14257; Section 2321; 5 points"]
)
def test_the_short_way_to_a_word_finds_what_its_pattern_finds(text: str) -> None:
    for pattern in [*catalogue.load("glossary")["pattern"], r"(?i)\bduty\S\b", r"(?i)\bSection \d"]:
        assert page._is_said(pattern, text, text.lower()) == (re.search(pattern, text) is not None), pattern
