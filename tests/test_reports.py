"""The notebooks as their readers see them: true on many days, and nothing later on any of them.

The cells are run in this process, without a kernel; how notebooks are executed and rendered is tested in `tests/report`.
"""

import ast
import base64
import io
import json
import re
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest
from conftest import DAYS, REPOSITORY
from PIL import Image
from reports_shown import drawn_words, payloads, plain, shown, words

from tradelib import catalogue, wording
from tradelib.errors import DayError, LeakError, ParameterError
from tradelib.report.page import open_page
from tradelib.show import display
from tradelib.show.display import MIME

NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]
MONTHS = [wording.month(date(2000, number, 1)).split()[0] for number in range(1, 13)]
FIXED = re.compile(
    r"\b(?:trade|imports|exports|duties|shares|(?:collected )?rates?|goods|weights|tariff|value by the duties) "
    r"(?:of|for) (?:2017|2019|2024|2025)(?: and of 2024)?\b"
    r"|\bHTS 2025\b|Tariff Schedule 2025|confirmed for 2025|US goods of 2025|had it in 2019|instead of those of 2024"
    r"|from July to September of 2025|theirs are of 2017, ours of 2024|among its lines as in 2024"
    # Base data of models, and papers that parameters come from.
    r"|\b(?:dollars|expenditure|Dollars are those|on top of those|Trade|consumption) of (?:2023|2024)\b"
    r"|\b(?:trade|duties) of (?:2018|2023)\b"
    r"|\b(?:partners|US imports|for consumption|trade in it|traded) in 2024\b|\btariffs of 2024\b|\bin 2024 dollars\b"
    r"|[a-z] \(20\d\d\)|\b(?:China|imported|States|China .{0,40}|subheading) in 2024\b"
)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
WRITTEN_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(month[:3] for month in MONTHS)})[a-z]* (\d{{4}})\b")

# The reports that tell a day are tried on all days. Those that measure say the same on the days before and after one turn, so that they are
# tried on one day of each kind.
TELL_A_DAY = ("00_", "01_", "02_", "03_")
ONE_OF_EACH_KIND = {
    "2018-01-01", "2018-06-01", "2019-12-20", "2025-02-03", "2025-04-11", "2025-05-13", "2025-06-09", "2025-10-31", "2026-02-21",
    "2026-10-09", "2026-11-23",
}  # fmt: skip
TRIED = [(name, day.isoformat()) for name in NAMES for day in DAYS if name.startswith(TELL_A_DAY) or day.isoformat() in ONE_OF_EACH_KIND]
on_all_days = pytest.mark.parametrize(("name", "as_of"), TRIED)

# Tests that name their day as a parameter run in one process with the others of that day, so that each report is drawn once.
on_9_june_2025 = pytest.mark.parametrize("as_of", ["2025-06-09"])
on_the_newest_day = pytest.mark.parametrize("as_of", ["latest"])


@on_the_newest_day
@pytest.mark.parametrize("name", NAMES)
def test_the_outputs_of_a_notebook_in_git_are_those_of_its_cells_now(name: str, as_of: str) -> None:
    """One notebook runs in a kernel as well (see the conftest above), and that a kernel gives the same is held in `tests/report`."""
    cells = json.loads((REPOSITORY / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    held = [output for cell in cells if cell["cell_type"] == "code" for output in cell["outputs"]]
    assert {output["output_type"] for output in held} == {"execute_result"}
    in_git = [{kind: "".join(data) if isinstance(data, list) else data for kind, data in output["data"].items()} for output in held]
    now = [json.loads(json.dumps(bundle)) for bundle in shown(name, as_of) if bundle[MIME]["kind"] != "prose"]
    pictures = [[bundle.pop("image/png", "") for bundle in bundles] for bundles in (in_git, now)]
    assert in_git == now
    for before, after in zip(*pictures, strict=True):
        assert same_picture(before, after)


def same_picture(first: str, second: str) -> bool:
    """Whether two PNG show the same; the edges of letters may differ by a shade from one kind of processor to another."""
    if first == second:
        return True
    pixels = [np.asarray(Image.open(io.BytesIO(base64.b64decode(code))).convert("L"), dtype=int) for code in (first, second) if code]
    return len(pixels) == 2 and pixels[0].shape == pixels[1].shape and float(np.abs(pixels[0] - pixels[1]).mean()) < 0.2


@on_all_days
def test_a_report_begins_with_its_main_messages(name: str, as_of: str) -> None:
    (head,) = payloads(name, as_of, "header")
    told = head["messages"]
    assert len(told) == len(set(told)) <= 5
    under = head["standfirst"].count(". ") + 1 if head["standfirst"] else 0
    assert len(told) + under >= (2 if as_of >= "2025-02-01" else 0)
    assert head["title"] not in told
    assert all(message[0].isupper() and not message.endswith(".") and "nan" not in message.lower().split() for message in told)


# A message whose figures are of the page itself, or of its key numbers.
TOLD_ONCE = re.compile("We know the normal tariff for lines")
PER_CENT = re.compile(r"(\d[\d,]*(?:\.\d+)?)(?=%| (?:billion|million|t)(?!\w))")  # a rate, billions, millions, tonnes


@on_all_days
def test_the_rates_and_dollars_of_a_message_stand_on_the_page_as_well(name: str, as_of: str) -> None:
    """Worked out again for the head, a figure could differ from that of the text, and both would look right."""
    (head,) = payloads(name, as_of, "header")
    bundles = [bundle for bundle in shown(name, as_of) if bundle[MIME]["kind"] != "header"]
    told = [float(text.replace(",", "")) for text in NUMBER.findall(plain(bundles) + "\n".join(drawn_words(name, as_of).values()))]
    for message in head["messages"]:
        said = PER_CENT.findall(message.replace(wording.THIN, " ").replace(wording.FIXED, " "))
        for text in [] if TOLD_ONCE.search(message) else said:
            digits = len(text.partition(".")[2])
            assert any(round(number, digits) == float(text.replace(",", "")) for number in told), (text, message)


@on_the_newest_day
@pytest.mark.parametrize("name", NAMES)
def test_words_that_need_a_meaning_have_one_on_the_page(name: str, as_of: str) -> None:
    bundles = shown(name, as_of)
    meanings = bundles[-3]["text/markdown"]  # before the list of sources and its heading
    pieces = [bundle.get("text/html", "") for bundle in bundles if bundle[MIME]["kind"] in ("figure", "table")]
    read = re.sub(r"<[^>]*>", " ", re.sub(r'(src|srcset|href)="[^"]*"', "", "\n".join(pieces)))
    for word in ("IEEPA", "USTR", "MOFCOM", "BIS", "FOB", "CIF", "UFLPA", "SAMR", "HTS", "USGS", "PIIE", "Entity List"):
        assert f"**{word}**" in meanings or not re.search(rf"\b{word}\b", read), word


@on_all_days
def test_every_source_of_a_report_was_known_on_its_day(name: str, as_of: str) -> None:
    (sources,) = payloads(name, as_of, "sources")
    assert all(row["known_on"] <= as_of for row in sources["rows"])
    assert all(row["source"] for row in sources["rows"])


# Days that a text of the day named for later: ends of clocks, scheduled steps, meetings announced, last days of commitments.
@on_all_days
def test_every_later_day_that_is_printed_is_one_that_was_scheduled(name: str, as_of: str) -> None:
    assert _days_too_late(words(name, as_of), as_of) == []


@on_all_days
def test_every_later_day_inside_a_drawing_is_one_that_was_scheduled(name: str, as_of: str) -> None:
    for figure, text in drawn_words(name, as_of).items():
        assert text.strip(), figure
        assert _days_too_late(text, as_of) == [], figure


@on_all_days
def test_every_later_year_inside_a_drawing_is_one_that_was_scheduled(name: str, as_of: str) -> None:
    for figure, text in drawn_words(name, as_of).items():
        assert _years_too_late(text, as_of) == [], figure


@on_all_days
def test_every_later_year_that_is_printed_is_one_that_was_scheduled(name: str, as_of: str) -> None:
    assert _years_too_late(words(name, as_of), as_of) == []


def _days_too_late(text: str, as_of: str) -> list[str]:
    """Written days after `as_of` that nothing had scheduled."""
    allowed = _days_ahead(date.fromisoformat(as_of))
    printed = [pd.Timestamp(" ".join(found)) for found in WRITTEN_DAY.findall(text)]
    return [f"{day:%Y-%m-%d}" for day in printed if day > pd.Timestamp(as_of) and day not in allowed]


def _edition() -> str:
    """The edition as the foot of every page names it: it tells when the page was made, and nothing of the day."""
    from tradelib import catalogue

    return f"edition {catalogue.edition().version}"


def _years_too_late(text: str, as_of: str) -> list[int]:
    """Written years after that of `as_of` for which nothing was scheduled."""
    scheduled = {day.year for day in _days_ahead(date.fromisoformat(as_of)) if pd.notna(day)}
    scheduled |= {2026, 2027, 2028} if as_of >= "2025-11-01" else set()  # the purchases promised on 1 November 2025, year by year
    # Fixed reference data are named by their year; they are no knowledge of the day (see ARCHITECTURE).
    printed = map(int, re.findall(r"\b20[12]\d\b", FIXED.sub("", text.replace(_edition(), ""))))
    return [year for year in printed if year > int(as_of[:4]) and year not in scheduled]


@cache
def _days_ahead(as_of: date) -> set[pd.Timestamp]:
    from tradelib import catalogue, scenarios, trade

    day = pd.Timestamp(as_of)
    columns = {
        "tariff_steps": ["effective_on"],
        "deadlines": ["expires_on", "starts_on"],
        "events": ["starts_on", "ends_on"],
        "proposals": ["would_apply_on"],
        "commitments": ["due_on"],
        "nontariff_steps": ["effective_on"],
        "evidence": [],
        "claims": [],
        "in_transit": ["loaded_from", "loaded_before", "entered_from", "entered_before"],
    }
    # When the next figures are usual is worked out from releases of the past.
    ahead = set(trade.releases(as_of=as_of, series=trade.HEADLINE_SERIES)["next_usual_on"].dropna())
    # What a scenario supposes begins on the day after the last that is observed.
    ahead.add(pd.Timestamp(scenarios.begins_on(as_of)))
    for table, names in columns.items():
        rows = catalogue.load(table, as_of=as_of)
        for name in names:
            ahead |= set(rows.loc[rows[name] > day, name])
        if table == "deadlines":
            # A suspension whose last day a text names is over on the next.
            ahead |= set(rows.loc[rows["is_last_day"], "expires_on"] + pd.Timedelta(days=1))
        # Words that announce a day ahead were checked row by row when they were written.
        for text in rows.select_dtypes("str").to_numpy().ravel():
            for found in WRITTEN_DAY.findall(text):
                ahead.add(pd.Timestamp(" ".join(found)))
    return ahead


@pytest.mark.parametrize("as_of", ["2026-11-23"])
def test_a_report_of_a_later_day_says_at_its_top_that_the_evidence_ends_earlier(as_of: str) -> None:
    for name in NAMES:
        (header,) = payloads(name, as_of, "header")
        assert header["notice"].startswith("The evidence of this edition ends on 9 October 2026.")
    assert "our data end on 9 October 2026" in words("01_briefing", as_of)


@on_the_newest_day
def test_a_report_of_the_newest_day_has_no_notice_at_its_top(as_of: str) -> None:
    for name in NAMES:
        (header,) = payloads(name, as_of, "header")
        assert header["notice"] is None


# Habits of docs/LANGUAGE.md that make a page read as translated, or as a ledger and not as news.
HABITS = (
    r"\btexts? seen\b", r"\bnothing seen\b", r"\bseen (?:carries|holds|says)\b", r"\b(?:is|are|was|were|not|months?|partners|line) held\b",
    r"\bgoods of (?:China|the United States)\b", r"\bmeasuring rods?\b", r"\bis said to run\b", r"\d[ \u202f\u00a0]%",
    r"\d[ \u202f]?[bm]n\b", r"\bSupposed:", r"\bsuppositions?\b", r"\bas_of\b", r"\bthis edition holds\b",
    r"\bcannot be (?:parted|told apart)\b", r"\bgeneric good\b", r"-\d+ days?\b", r"\blegal texts? (?:holds? a change|carr)",
    r"\bnothing after .{0,30} was seen\b", r"\bpromises kept, \d+ of them by\b",
)  # fmt: skip


@on_all_days
def test_sentences_hold_no_leftovers_of_missing_values_and_no_bad_habits(name: str, as_of: str) -> None:
    text = words(name, as_of)
    found = [place for habit in HABITS if (place := re.search(habit, text))]
    assert [text[max(0, place.start() - 40) : place.end() + 30] for place in found] == []
    for leftover in ("nan", "NaT", "None ", "<NA>", "inf%", "  .", "()", "{", "}"):
        assert not re.search(rf"(?<![A-Za-z]){re.escape(leftover)}(?![a-z])", text.replace("None known", "").replace("none", "")), leftover


@pytest.mark.parametrize(("name", "given"), [
    ("06_product_exposure", {"codes": ("2709",)}), ("06_product_exposure", {"codes": ("99",)}),
    ("06_product_exposure", {"basket": "aircraft"}), ("06_product_exposure", {"basket": "semiconductors_from_china"}),
    ("07_scenarios", {"scenario": "status_quo", "draws": 1}), ("07_scenarios", {"pass_through": 0.0, "elasticity": 0.0, "draws": 20}),
    ("07_scenarios", {"scenario": "full_rollback", "revenue": "lump_sum", "deficits": "balanced", "draws": 20}),
])  # fmt: skip
def test_goods_and_scenarios_at_the_edge_are_told_in_whole_sentences(name: str, given: dict) -> None:
    text = words(name, "latest", **given)
    for leftover in ("nan", "inf", "NaT", "None known", "nan%"):
        assert not re.search(rf"(?<![A-Za-z]){leftover}(?![a-z])", text), leftover


@on_the_newest_day
def test_figures_and_tables_offer_their_data_and_have_distinct_names(as_of: str) -> None:
    for name in NAMES:
        pieces = [*payloads(name, as_of, "figure"), *payloads(name, as_of, "table")]
        names = [piece["name"] for piece in pieces]
        assert len(set(names)) == len(names)
        assert all(piece["csv"].count("\n") >= 1 and "," in piece["csv"] for piece in pieces)


@pytest.mark.parametrize("as_of", ["2025-06-09", "2025-11-02"])
def test_data_beside_a_page_holds_no_later_knowledge(as_of: str) -> None:
    for name in NAMES:
        for piece in (*payloads(name, as_of, "figure"), *payloads(name, as_of, "table")):
            assert "later_note" not in piece["csv"]
            if "known_on" in piece["csv"].splitlines()[0]:
                header, *rows = piece["csv"].splitlines()
                assert rows or header


def test_page_refuses_a_piece_that_knows_too_much() -> None:
    page = open_page("01_briefing", as_of="2025-06-09")
    sources = pd.DataFrame({"source": ["EO 14334"], "url": [""], "known_on": pd.to_datetime(["2025-08-11"])})
    with pytest.raises(LeakError, match="became known on 2025-08-11: EO 14334"):
        page.show(display.Text("The truce was prolonged.", sources))


def test_a_page_is_cited_as_of_its_own_day_and_names_the_edition() -> None:
    header = open_page("02_truce", as_of="2025-06-09").header(title="The truce holds", description="", messages=[], facts=[])
    edition = catalogue.edition()
    assert header.payload["cite"] == (
        f"The truce holds. As of 9 June 2025. In: The tradelib authors: The US-China trade truce, data edition {edition.version}."
    )


def test_impossible_parameters_are_refused_in_a_sentence() -> None:
    with pytest.raises(DayError, match="2018-01-01 or later"):
        shown("01_briefing", "2017-01-01")
    with pytest.raises(ParameterError, match="window_days must be from 1 to"):
        shown("01_briefing", "latest", window_days=0)
    with pytest.raises(ParameterError, match="must be US, CN or both"):
        shown("03_tariff_history", "latest", importer="EU")
    with pytest.raises(DayError, match="since must be an ISO day"):
        shown("03_tariff_history", "latest", since="2025")


@on_the_newest_day
def test_parameters_change_what_is_shown(as_of: str) -> None:
    everything = words("03_tariff_history", as_of, layers="all")
    assert len(everything) > len(words("03_tariff_history", as_of))
    only_china = words("03_tariff_history", as_of, importer="CN")
    assert "Tariff Commission announcement No. 10 of 2025" in only_china
    assert (
        "Geneva Joint Statement"
        not in words("01_briefing", "2025-06-09", window_days=1).split("What changed lately")[1].split("Sources")[0]
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_notebooks_narrate_and_do_not_compute(path: object) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1
    assert cells[1] is tagged[0]
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        assert not source.rstrip().endswith(";")
        for node in ast.walk(ast.parse(source)):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.For | ast.While | ast.Lambda | ast.ListComp | ast.With)
        assert not re.search(r"\b(merge|groupby|open|read_csv)\(", source)
