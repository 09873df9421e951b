"""The CSV beside figures and tables holds values, and no words of them: numbers, days, codes and names, column by column."""

import csv
import io
import re

import pytest
from conftest import REPOSITORY
from reports_shown import payloads, text_colours

from tradelib import wording
from tradelib.show.drawing import LEAST_CONTRAST, contrast

DAYS = ("2025-06-09", "latest")
REPORTS = sorted(path.stem for path in (REPOSITORY / "notebooks").glob("*.ipynb"))
# What sources, laws and our tables say in words, as they say it: a text may quote a number.
TEXTS = {
    "cause", "choice", "claim", "claimed_text", "cn_evidence", "detail", "evidence", "evidence_source", "instrument", "last_meeting",
    "legal_source", "method", "metric", "note", "observation", "official", "others_evidence", "ours_text", "programme", "question",
    "size_from", "source", "stated_source", "stated_term", "target", "title", "us_evidence", "via", "what", "why",
}  # fmt: skip
CODES = {"code", "codes", "heading", "hts_heading", "exemption_heading", "claimable_heading", "example", "series_id", "item"}
NUMBER = re.compile(r"[-+]?\d+(\.\d+)?(e[-+]?\d+)?")
DAY_IN_WORDS = re.compile(r"\b\d{1,2}\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\s\d{4}\b")
# Units; what follows is a name of its own, its unit that of `series_id`, `outcome` or `unit` in the row, or none.
UNITS = ("_frac", "_usd", "_pp", "_percent", "_tonnes", "_value")
BARE = {"value", "first_value", "given", "median", "low", "high", "economy", "default", "lowest_at", "highest_at"}


def faults(text: str) -> list[tuple[str, str, str]]:
    """(column, why, value) of what would stop somebody who calculates with a file."""
    rows = list(csv.DictReader(io.StringIO(text)))
    found = []
    for column in rows[0] if rows else ():
        held = [row[column] for row in rows if row[column]]
        numbers = [NUMBER.fullmatch(value) is not None for value in held]
        if column not in TEXTS | CODES and not column.endswith("url"):
            found += [(column, "written for readers", value) for value in held if _is_written(value)]
            found += [
                (column, "number and word", value) for value, is_number in zip(held, numbers, strict=True) if any(numbers) > is_number
            ]
        fractions = [value for value, is_number in zip(held, numbers, strict=True) if is_number and "." in value]
        if fractions and column not in TEXTS | CODES | BARE and not column.endswith(UNITS):
            found.append((column, "no unit", fractions[0]))
    return found


def _is_written(value: str) -> bool:
    marks = (wording.THIN, wording.FIXED, wording.MINUS)
    return any(mark in value for mark in marks) or re.search(r"\d\s?%", value) is not None or DAY_IN_WORDS.search(value) is not None


@pytest.mark.parametrize("as_of", DAYS)
@pytest.mark.parametrize("name", REPORTS)
def test_no_csv_of_a_page_holds_a_number_or_a_day_in_words(name: str, as_of: str) -> None:
    pieces = [piece for kind in ("figure", "table") for piece in payloads(name, as_of, kind)]
    assert pieces
    assert [(piece["name"], *fault) for piece in pieces for fault in faults(piece["csv"])] == []


@pytest.mark.parametrize("as_of", DAYS)
@pytest.mark.parametrize("name", REPORTS)
def test_words_in_drawings_can_be_read_on_white_for_a_page_and_for_a_phone(name: str, as_of: str) -> None:
    colours = text_colours(name, as_of)
    assert [(figure, colour) for figure, colour in colours if contrast(colour, "#ffffff") < LEAST_CONTRAST] == []


def test_contrast_is_that_of_wcag() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
    assert round(contrast("#e69f00", "#ffffff"), 2) == 2.25  # a line of another partner, too pale for words


@pytest.mark.parametrize(
    ("cells", "column", "why"),
    [
        (["34\N{NARROW NO-BREAK SPACE}%"], "before", "written for readers"),
        (["USD\N{NARROW NO-BREAK SPACE}+0.05\N{NARROW NO-BREAK SPACE}billion"], "by_line", "written for readers"),
        (["\N{MINUS SIGN}0.2"], "change_frac", "written for readers"),
        (["25%"], "rate", "written for readers"),
        (["by 10 Nov 2026"], "due", "written for readers"),
        (["10\N{NO-BREAK SPACE}Nov\N{NO-BREAK SPACE}2026"], "due_on", "written for readers"),
        (["0.25", "not held"], "rate_frac", "number and word"),
        (["0.25"], "rate", "no unit"),
    ],
)
def test_a_number_in_words_is_found(cells: list[str], column: str, why: str) -> None:
    text = "\n".join([f"name,{column}", *(f"a,{cell}" for cell in cells)])
    assert {(where, reason) for where, reason, _ in faults(text)} == {(column, why)}


def test_numbers_days_codes_and_texts_are_let_through() -> None:
    text = 'importer,rate_frac,on,codes,what,lines\nUS,0.25,2025-06-09,8802,cut to 30%,3\nCN,,,"61, 62","5",\n'
    assert faults(text) == []
