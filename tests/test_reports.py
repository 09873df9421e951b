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
    r"|\b(?:partners|US imports|for consumption|trade in it) in 2024\b|\btariffs of 2024\b|\bin 2024 dollars\b"
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


@on_9_june_2025
def test_briefing_of_9_june_2025_tells_the_story_of_that_morning(as_of: str) -> None:
    text = words("01_briefing", as_of)
    for part in (
        "US and China open talks in London, 64 days before the truce ends",
        "Scott Bessent (Treasury), Howard Lutnick (Commerce) and Jamieson Greer (USTR) for the United States",
        "He Lifeng (vice premier) for China",
        "The US tariff on all Chinese goods is 30%, down from 145%; China's on US goods is 10%, down from 125%",
        "is to run to 12 August 2025",
        "China mined 69% of the world's rare earths in 2024: 270,000 of 390,000 tonnes",
        "China's exports rose 4.8% in May 2025 on a year earlier; exports to the United States fell 34.5%; imports fell 3.4%",
        "US, 30 May 2025",
        "China, 2 June 2025",
        "taking the rate on all Chinese goods from 30% to 54%",
        "taking the rate on all US goods from 10% to 34%",
    ):
        assert part in text.replace("**", ""), part


@pytest.mark.parametrize(
    ("as_of", "title"),
    [
        ("2018-01-01", "US and China have not put new tariffs on each other"),
        ("2025-02-03", "US puts 10% on all Chinese goods from 4 February"),
        ("2025-04-11", "China raises its tariff to 125% from 12 April; US stands at 145%"),
        ("2025-05-13", "US and China agree to cut tariffs to 30% and 10% from 14 May"),
        ("2025-06-10", "London talks end with a framework in principle"),
        ("2025-10-11", "China widens its controls on rare earths and batteries"),
        ("2025-11-02", "Trump and Xi agree a one-year truce in Busan"),
        ("2026-02-21", "US Supreme Court rules the emergency tariffs on China unlawful"),
        ("2026-09-25", "Trump and Xi hold their second summit of 2026"),
    ],
)
def test_each_day_has_the_title_of_its_own_news(as_of: str, title: str) -> None:
    (header,) = payloads("01_briefing", as_of, "header")
    assert header["title"].replace(wording.THIN, " ") == title


@on_9_june_2025
def test_briefing_of_9_june_2025_knows_nothing_later(as_of: str) -> None:
    text = "\n".join([words("01_briefing", as_of), *drawn_words("01_briefing", as_of).values()])
    for part in (
        "Busan",
        "Stockholm",
        "Kuala Lumpur",
        "4.6%",
        "10 November",
        "2026",
        "Section 122",
        "Wang Wentao",
        "Supreme Court",
        "Lancaster",
    ):
        assert part not in text.replace(_edition(), ""), part


@on_the_newest_day
def test_briefing_of_the_newest_day_tells_the_law_and_what_was_only_said(as_of: str) -> None:
    text = words("01_briefing", as_of).replace("**", "")
    for part in (
        "US: 12.5%: Section 301, forced labour",
        "IEEPA fentanyl and IEEPA reciprocal, last at 10% and 10%, ended on 24 February 2026",
        "China: 10%: reciprocal retaliation",
        "is to run to 10 January 2027, both sides have said",
        "No legal text to that effect has been published, as far as we know",
        "China's suspended tariff returns on 10 November 2026, taking the rate on all US goods from 10% to 34%",
        "Everything after 9 October 2026, where our data end",
    ):
        assert part in text, part


# The eight days at which the story of the truce is told: before and after each turn.
TURNS = {
    "2025-06-09": "US and China open talks in London, 64 days before the truce ends",
    "2025-08-11": "US and China extend the truce by 90 days to 10 November",
    "2025-08-13": "US and China extend the truce by 90 days to 10 November",
    "2025-10-11": "Trump threatens a further 100% on Chinese goods from 1 November",
    "2025-10-31": "Trump and Xi agree a one-year truce in Busan",
    "2026-02-21": "US Supreme Court rules the emergency tariffs on China unlawful",
    "2026-07-25": "US surcharge of 10% expires",
    "2026-10-09": "The truce runs to 10 January 2027, both sides say; in Chinese law it ends on 10 November 2026",
    "2018-12-31": "China suspends its extra tariffs on US vehicles from 1 January 2019",
    "2025-04-11": "China raises its tariff to 125% from 12 April; US stands at 145%",
}
TOLD = {
    "2025-06-09": [
        "How this ends: [London talks on 9 June 2025",
        "Trump: China has broken the Geneva agreement entirely",
        "MOFCOM: US measures undermine the Geneva consensus",
        "All of the US tariff of 30% on all Chinese goods rests on the International Emergency Economic Powers Act",
        "from 30% to 54% on 12 August 2025",
        "Of its 20 claims, official sources confirm 12 and support 6 in part; 2 were about events still to come. "
        "Of 3 claims of other reports of those days they confirm 2 and contradict 1",
        "claimed −10%, our data say −34.5%",
    ],
    "2025-08-11": [
        "For the truce itself, officials have announced 10 November 2025 while China's text still says 12 August 2025",
        "Which Chinese text will extend the suspensions from 12 August 2025 to 10 November 2025: we know of none",
    ],
    "2025-10-31": ["8 are reported by one side", "Whether, and by which text, the truce is extended beyond 10 November 2025"],
    "2026-02-21": [
        "the US tariff on all Chinese goods falls from 20% to 10% on 24 February 2026",
        "The truce is now lopsided in law: only China's tariff on all US goods can snap back",
    ],
    "2026-10-09": [
        "All US tariffs under IEEPA ended on 24 February 2026",
        "Officials say the truce will run to 10 January 2027 (93 days are left); "
        "under China's law the higher tariff is suspended to 10 November 2026",
        "On 10 November 2026 these end in law, unless another text is issued first: 7 suspensions (3 US and 4 Chinese)",
        "For the truce itself and 6 suspensions, officials have announced",
        "Everything after 9 October 2026, where our data end",
    ],
}


@pytest.mark.parametrize(("as_of", "title"), TURNS.items())
def test_the_truce_has_the_title_of_its_day(as_of: str, title: str) -> None:
    (header,) = payloads("02_truce", as_of, "header")
    assert header["title"].replace(wording.THIN, " ") == title


@pytest.mark.parametrize("as_of", TOLD)
def test_the_truce_tells_the_story_of_its_day(as_of: str) -> None:
    text = words("02_truce", as_of).replace("**", "")
    for part in TOLD[as_of]:
        assert part in text, part


FLOWS = {
    "04_trade_flows": {
        "2018-12-31": [
            "Our data on both flows end in September 2018",
            "China's customs reported no arrivals from the United States in November 2018",
        ],
        "2025-06-09": [
            "China's exports rose 4.8% in May 2025 on a year earlier; exports to the United States fell 34.5%; imports fell 3.4%",
            "China's exports to the United States fell 34.5% in May 2025 on a year earlier",
            "Our data on both flows end in April 2025",
        ],
        "latest": [
            "The largest revision to export growth was for",
            "Our data on both flows end in July 2026; for August 2026 we have imports only",
            "US imports from China in August 2026",
            "US imports from China fell by USD 97.5 billion",
            "China, year to date: goods trade balance, goods exports and goods imports. January and February are released together",
            "The latest month is August 2026: 22.8%",
            "Duties on goods from China came to 2.7% of their value in 2017",
        ],
    },
    "05_rare_earths": {
        "2018-12-31": ["Our data have no world table of rare earths and no month of exports for this day"],
        "2025-06-09": ["China mined 69% of the world's rare earths in 2024", "was 5,024 in 2024", "announcement 18 of 2025"],
        "latest": [
            "net import reliance of the United States (2025)",
            "announcement 70 of 2025",
            "MOFCOM announcements 61 and 62 of 2025",
        ],
    },
}


@pytest.mark.parametrize(("name", "as_of"), [(name, as_of) for name, days in FLOWS.items() for as_of in days])
def test_trade_and_minerals_tell_the_figures_of_their_day(name: str, as_of: str) -> None:
    text = words(name, as_of).replace("**", "")
    for part in FLOWS[name][as_of]:
        assert part in text, part


@on_the_newest_day
def test_may_2025_is_shown_as_first_published_and_as_revised(as_of: str) -> None:
    (table,) = (piece for piece in payloads("04_trade_flows", as_of, "table") if piece["name"] == "revisions")
    (may,) = (line for line in table["csv"].splitlines() if line.startswith("exports,2025-05-01"))
    assert "0.048,0.046" in may


@on_9_june_2025
def test_no_revision_of_may_2025_is_shown_before_it_was_made(as_of: str) -> None:
    assert all(piece["name"] != "revisions" or "0.046" not in piece["csv"] for piece in payloads("04_trade_flows", as_of, "table"))


def test_impossible_parameters_of_the_trade_reports_are_refused() -> None:
    with pytest.raises(ParameterError, match="There is no partner 'Atlantis'"):
        shown("04_trade_flows", "latest", partners=("Atlantis",))
    with pytest.raises(ParameterError, match="basis must be a year before"):
        shown("04_trade_flows", "latest", basis=1999)
    with pytest.raises(DayError, match="start must be an ISO day"):
        shown("04_trade_flows", "latest", start="2001")
    with pytest.raises(ParameterError, match="year must be one that is held"):
        shown("05_rare_earths", "2025-06-09", year="2030")


@pytest.mark.parametrize("as_of", ["2018-12-31", "2025-04-11"])
def test_no_page_before_a_truce_hints_at_one(as_of: str) -> None:
    text = words("02_truce", as_of)
    assert "Geneva" not in text
    assert "Before the truce" not in text
    assert "9 June 2025" not in text


def test_one_agreement_alone_can_be_told() -> None:
    text = words("02_truce", "latest", agreement="London")
    assert "As known on 9 October 2026 the two sides have made 2 promises" in text
    assert "Buy US soybeans" not in text.split("## What each side")[0].split("## The promises")[1]
    with pytest.raises(ParameterError, match="agreement must be all or one known on 2025-06-09"):
        shown("02_truce", "2025-06-09", agreement="Busan")
    with pytest.raises(DayError, match="since must not lie after as_of"):
        shown("02_truce", "2025-06-09", since="2025-07-01")


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
    assert [found[0] for habit in HABITS if (found := re.search(f".{{0,40}}{habit}.{{0,30}}", text))] == []
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
