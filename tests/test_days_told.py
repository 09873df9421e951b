"""What reports of single days tell: the title of the day, its story and its figures."""

import pytest
from reports_shown import drawn_words, payloads, shown, words
from test_reports import _edition, on_9_june_2025, on_the_newest_day

from tradelib import wording
from tradelib.errors import DayError, ParameterError


@on_9_june_2025
def test_briefing_of_9_june_2025_tells_the_story_of_that_morning(as_of: str) -> None:
    text = words("01_briefing", as_of)
    for part in (
        "US and China open talks in London, 64 days before the truce ends",
        "Scott Bessent (Treasury), Howard Lutnick (Commerce) and Jamieson Greer (USTR) for the United States",
        "He Lifeng (vice premier) for China",
        "The added US tariff on Chinese goods is 30%, down from 145%; China's on US goods is 10%, down from 125%",
        "is to run to 12 August 2025",
        "China mined 69% of the world's rare earths in 2024: 270,000 of 390,000 tonnes",
        "China's exports rose 4.8% in May 2025 on a year earlier; exports to the United States fell 34.5%; imports fell 3.4%",
        "US, 30 May 2025",
        "China, 2 June 2025",
        "the added US tariff on Chinese goods rises from 30% to 54% on 12 August 2025, when a suspension ends",
        "added tariff on US goods rises from 10% to 34% on 12 August 2025, when a suspension ends",
    ):
        assert part in text.replace("**", ""), part


@pytest.mark.parametrize(
    ("as_of", "title"),
    [
        ("2018-01-01", "US and China have not put new tariffs on each other"),
        ("2025-02-03", "US adds 10% on Chinese goods from 4 February"),
        ("2025-04-11", "China raises its added tariff to 125% from 12 April; US adds 145%"),
        ("2025-05-13", "US and China to cut added tariffs to 30% and 10% from 14 May"),
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
        "China's added tariff on US goods rises from 10% to 34% on 10 November 2026, when a suspension ends",
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
    "2025-04-11": "China raises its added tariff to 125% from 12 April; US adds 145%",
}
TOLD = {
    "2025-06-09": [
        "How this ends: [London talks on 9 June 2025",
        "Trump: China has broken the Geneva agreement entirely",
        "MOFCOM: US measures undermine the Geneva consensus",
        "All of the added US tariff of 30% on Chinese goods rests on the International Emergency Economic Powers Act",
        "from 30% to 54% on 12 August 2025",
        "Of 20 press claims about the talks of 9 June 2025, official sources confirm 12 and support 6 in part; 2 were about events still "
        "to come. "
        "Of 3 claims of other reports of those days they confirm 2 and contradict 1",
        "claimed −10%, our data say −34.5%",
    ],
    "2025-08-11": [
        "For the truce itself, officials have announced 10 November 2025 while China's text still says 12 August 2025",
        "Which Chinese text will extend the suspensions from 12 August 2025 to 10 November 2025: we know of none",
    ],
    "2025-10-31": ["8 are reported by one side", "Whether, and by which text, the truce is extended beyond 10 November 2025"],
    "2026-02-21": [
        "the added US tariff on Chinese goods falls from 20% to 10% on 24 February 2026",
        "The truce is now lopsided in law: of the two added tariffs only China's can snap back",
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
