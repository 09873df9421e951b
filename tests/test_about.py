"""Every report says what it is good for and where it stops, and which days come next."""

import json
import re

import pandas as pd
import pytest

from tradelib import catalogue, narrate, today, trade
from tradelib.report import shipped
from tradelib.report.page import open_page

NAMES = sorted(path.stem for path in shipped.folder().glob("[0-9]*.ipynb"))


@pytest.mark.parametrize("name", NAMES)
def test_a_report_names_its_strengths_and_limits_in_its_notebook(name: str) -> None:
    told = open_page(name, as_of="2025-06-09").strengths_and_limits().text
    kinds = re.findall(r"^- \*\*(Strength|Limit)\*\*: ", told, re.MULTILINE)
    assert 3 <= len(kinds) == len(told.splitlines()) <= 5
    assert {"Strength", "Limit"} == set(kinds)
    cells = json.loads((shipped.folder() / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    assert sum("page.strengths_and_limits()" in "".join(cell["source"]) for cell in cells) == 1


def test_no_note_is_about_a_report_that_is_not_there() -> None:
    assert set(catalogue.load("report_notes")["report"]) == set(NAMES)


@pytest.mark.parametrize(
    ("as_of", "lines"),
    [
        (
            "2025-06-09",
            [
                "**19 June 2025**, in law: US TikTok enforcement delay ends.",
                "and China's added tariff on US goods rises from 10% to 34%; more on that day.",
                "**1 September 2025**, in law: US Section 301 product exclusions end.",
            ],
        ),
        ("2018-01-02", ["Our data have no date after this day."]),
    ],
)
def test_the_days_ahead_are_those_known_on_the_day(as_of: str, lines: list[str]) -> None:
    day = pd.Timestamp(as_of).date()
    told = narrate.next_dates(today.coming(as_of=as_of), trade.releases(as_of=as_of, series=[]), as_of=day)
    assert all(line in told.text.replace("\\", "") for line in lines)
    assert not (told.sources["known_on"] > pd.Timestamp(as_of)).any()


def test_the_next_releases_are_those_still_ahead_and_estimates_say_so() -> None:
    day = pd.Timestamp("2026-10-09").date()
    told = narrate.next_dates(today.coming(as_of=day).head(0), trade.releases(as_of=day, series=trade.HEADLINE_SERIES), as_of=day)
    assert told.text.splitlines() == [
        "- **About 13 October 2026**, statistics of September 2026: China: goods exports; China: goods imports; China: goods trade "
        "balance; China: goods exports to the United States.",
        "- **4 November 2026**, statistics of September 2026: US: goods imports from China; US: collected rate on Chinese goods.",
    ]
