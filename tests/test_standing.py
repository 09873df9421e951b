"""What applies on a day, as known on a day, and how sure that is: every door gives one answer, and nothing past stands ahead."""

from datetime import date, timedelta
from types import SimpleNamespace

import pandas as pd
import pytest

from tradelib import catalogue, minerals, narrate, news, tariffs, trade, truce
from tradelib.cli import main
from tradelib.phrases import truce_clock
from tradelib.terminal import records
from tradelib.terminal import status as terminal

THROUGH = catalogue.edition().evidence_through
DAYS = [date(2025, 1, 1) + timedelta(days=number) for number in range((date(2027, 2, 1) - date(2025, 1, 1)).days + 1)]


def stretches() -> list[date]:
    """First and last day of every stretch on which no step of a duty becomes known or takes effect: between them nothing changes."""
    steps = catalogue.load("tariff_steps")
    begun = {day.date() for name in ("announced_on", "effective_on") for day in steps[name].unique()} | {THROUGH + timedelta(days=1)}
    return [day for day in DAYS if day in begun or day + timedelta(days=1) in begun or day in (DAYS[0], DAYS[-1])]


def test_on_no_day_stands_a_past_day_ahead_or_two_rates_for_one_day() -> None:
    for as_of in stretches():
        now = pd.Timestamp(as_of)
        assert (tariffs.schedule_ahead(as_of=as_of)["changes_on"] > now).all(), as_of
        for importer in tariffs.IMPORTERS:
            today = tariffs.headline(on=as_of, as_of=as_of, importer=importer)
            path = tariffs.headline_path(importer=importer, as_of=as_of)
            inside = path[(path["effective_from"] <= now) & (path["effective_to"].isna() | (now < path["effective_to"]))]
            assert len(inside) == 1, as_of
            assert inside["rate_frac"].iloc[0] == today.rate_frac, as_of
            assert inside["state"].iloc[0] == today.state, as_of
            last = tariffs.headline(on=min(as_of, THROUGH), as_of=as_of, importer=importer)
            by_law = last.unseen.after_frac if last.unseen else last.rate_frac
            assert by_law == today.rate_frac, as_of


def days_that_came() -> list[date]:
    """Days that a text had named for later, and the days after them: on these a date may wrongly stay ahead, and on no other."""
    named = {
        "tariff_steps": ("effective_on",),
        "deadlines": ("expires_on",),
        "nontariff_steps": ("effective_on",),
        "events": ("starts_on",),
    }
    came: set[date] = set()
    for table, columns in named.items():
        rows = catalogue.load(table)
        known = next(name for name in ("announced_on", "published_on") if name in rows)
        came |= {day.date() for name in columns for day in rows.loc[rows[name] > rows[known], name].unique()}
    return [day for day in DAYS if day in came or day - timedelta(days=1) in came]


def test_on_no_day_is_a_date_ahead_that_has_passed() -> None:
    assert len(days_that_came()) > 100
    for as_of in days_that_came():
        now = pd.Timestamp(as_of)
        for row in truce.dates_ahead(as_of=as_of).itertuples():
            days = [day for day in (row.legal_on, row.stated_on) if pd.notna(day)]
            assert any(day > now for day in days) or row.stated_term, (as_of, row.what)
        lists = tariffs.lists_ahead(as_of=as_of)
        assert (lists["changes_on"] > now).all(), as_of


def test_after_the_evidence_china_s_rate_is_told_by_its_text_and_as_seen() -> None:
    as_of = date(2026, 11, 29)
    cn = tariffs.headline(on=THROUGH, as_of=as_of, importer="CN")
    assert (cn.rate_frac, cn.state) == (0.10, "in force")
    assert (cn.unseen.before_frac, cn.unseen.after_frac) == (0.10, 0.34)
    assert (cn.unseen.changed_on, cn.unseen.stated_to) == (date(2026, 11, 10), date(2027, 1, 10))
    assert tariffs.headline(on=as_of, as_of=as_of, importer="CN").state == "by law, not observed"
    words = narrate.unseen_words(cn.unseen)
    for said in (
        "By its own text China's",
        "from 10% to 34%",
        "10 November 2026",
        "until 10 January 2027",
        "our data end on 9 October 2026",
    ):
        assert said in words.replace("\u202f", " ").replace("\xa0", " ")
    assert tariffs.headline(on=THROUGH, as_of=date(2026, 11, 9), importer="CN").unseen is None
    assert tariffs.headline(on=THROUGH, as_of=as_of, importer="US").unseen is None


def test_after_the_day_that_was_named_nobody_is_said_to_have_prolonged_it() -> None:
    cn = tariffs.headline(on=THROUGH, as_of=date(2027, 1, 20), importer="CN")
    assert cn.unseen.after_frac == 0.34
    assert cn.unseen.stated_to is None


@pytest.mark.parametrize(
    ("as_of", "said", "not_said"),
    [
        (
            "2026-11-29",
            ["34% by its text since 10 Nov 2026, not observed; 10% on 9 Oct 2026", "no change is scheduled in law"],
            ["CN 34%"],
        ),
        ("2026-11-09", ["10% (peak 125%)", "in law CN 34% on 10 Nov 2026"], ["not observed"]),
        ("2025-10-31", ["one more year agreed by 30 Oct 2025, no day", "US 54% on 10 Nov 2025"], ["10 days left"]),
        ("2025-08-12", ["to 10 November 2025, 90 days left", "30% (peak 145%)"], ["12 Aug 2025"]),
        ("2025-05-11", ["none with an end date is in force", "145%", "125%"], ["14 May"]),
    ],
)
def test_the_terminal_says_what_the_ledger_says(as_of: str, said: list[str], not_said: list[str]) -> None:
    text = terminal.status(records.standing(as_of=date.fromisoformat(as_of)))
    assert all(words in text for words in said), text
    assert not any(words in text for words in not_said), text


@pytest.mark.parametrize("as_of", ["2026-11-29", "2026-11-09", "2025-10-31", "2025-08-12", "2025-05-11"])
def test_status_headline_rate_and_path_agree(as_of: str, capsys: pytest.CaptureFixture[str]) -> None:
    day = date.fromisoformat(as_of)
    law = tariffs.headline(on=day, as_of=day, importer="CN")
    stack = tariffs.explain("1201.90", on=day, as_of=day, importer="CN")
    country_wide = stack.layers[stack.layers["measure_id"].isin(law.layers["measure_id"])]
    assert country_wide["rate_frac"].sum() == pytest.approx(law.rate_frac)
    assert stack.state == law.state
    assert main(["rate", "1201.90", "--importer", "CN", "--as-of", as_of]) == 0
    assert f"({law.state})" in capsys.readouterr().out
    assert main(["status", "--as-of", as_of]) == 0
    assert f"{100 * law.rate_frac:g}%" in capsys.readouterr().out.split("China duty")[1].split("\n")[0]


def test_a_term_without_a_day_is_a_clock() -> None:
    now = truce.status(as_of="2025-10-31")
    assert (now.word, now.term, now.term_on, now.term_by) == ("running", "one more year", date(2025, 10, 30), "both")
    assert truce.status(as_of="2025-10-29").term == ""
    named = truce.status(as_of="2025-11-01")
    assert (named.term, named.ends_on) == ("", date(2026, 11, 10))
    row = truce.law_and_statement(as_of="2025-10-31").iloc[0]
    assert (row["clock"], row["stated_term"]) == ("TRUCE", "one more year")
    assert (row["legal_on"], pd.isna(row["stated_on"])) == (pd.Timestamp("2025-11-10"), True)


def test_the_page_of_the_day_after_busan_leads_with_the_year_agreed() -> None:
    as_of = date(2025, 10, 31)
    status, (us, cn) = truce.status(as_of=as_of), tariffs.headlines(on=as_of, as_of=as_of)
    assert narrate.news_title(news.day_news(as_of=as_of)) == "Trump and Xi agree a one-year truce in Busan"
    assert "no end date named" in narrate.truce_message(status)
    facts = narrate.briefing_facts(
        {}, status, us, cn, tariffs.peaks(tariffs.headline_paths(as_of=as_of)), minerals.mine_production(as_of=as_of)
    )
    assert any("one more year was agreed by 30 October 2025" in fact.words for fact in facts)


def test_what_weighs_most_of_a_day_comes_first() -> None:
    """Twelve promises became known on 30 October 2025; the two on US duties are not the ones left out."""
    rows = truce.changes(since="2025-10-29", until="2025-10-30")
    promises = rows[rows["group"].eq("commitments")]
    assert len(promises) > 5
    first = promises.sort_values("known_on", ascending=False, kind="stable").head(5)["what"].str.cat(sep="; ")
    assert "fentanyl" in first
    assert "United States" in first or "US" in first


def test_the_answer_for_a_good_gives_what_officials_stated_beside_the_law() -> None:
    stack = tariffs.explain("1201.90", on="2026-11-29", as_of="2026-11-29", importer="CN")
    assert stack.total_frac - stack.stated_total_frac == pytest.approx(0.34 - 0.10)
    assert pd.isna(tariffs.explain("1201.90", on="2026-10-09", as_of="2026-11-29", importer="CN").stated_total_frac)
    assert pd.isna(tariffs.explain("1201.90", on="2026-11-29", as_of="2026-11-29", importer="CN", standing="stated").stated_total_frac)


def test_days_that_no_legal_text_reaches_are_left_as_stated() -> None:
    now, then = truce.status(as_of="2026-10-09"), truce.status(as_of="2025-06-09")
    assert truce_clock.said_to_run(now).startswith("The truce runs to 10 January 2027, both sides say;")
    assert truce_clock.said_to_run(then) == ""


def test_a_growth_known_only_as_later_revised_says_so() -> None:
    """China's trade with the United States of May 2024 is held from a later table; its exports from the release of the day."""
    words = narrate.trade_message(trade.china_headlines(as_of="2024-06-25"))
    assert words.count("(as later revised)") == 1
    assert "later" not in narrate.trade_message(trade.china_headlines(as_of="2025-06-09"))


def test_the_first_of_several_days_is_not_told_of_all() -> None:
    rows = pd.DataFrame(
        {
            "on": pd.to_datetime(["2025-08-12", "2025-08-12", "2025-09-01", "2025-09-01"]),
            "importer": ["US", "CN", "US", "US"],
            "authority": "a",
            "programme": ["one", "two", "three", "one"],
            "what": ["rate", "rate", "exclusion", "alike again"],
        }
    )
    words = narrate.differences_message(rows)
    assert words.startswith("Between 12 August 2025 and 1 September 2025, 3 measures would change: ")
    assert narrate.differences_message(rows.head(2)).startswith("On 12 August 2025, 2 measures would change: ")


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        ("2026-11-08", "Next        10 Nov 2026, by law: Tariff truce between the United"),
        ("2025-08-11", "Next        12 Aug 2025, by law: Tariff truce between the United"),
        ("2025-08-12", "Next        29 Aug 2025: EO 14324 ends duty-free parcels from all countries"),
    ],
)
def test_the_next_day_is_told_with_whose_it_is_where_law_and_statement_differ(
    as_of: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--as-of", as_of]) == 0
    assert any(line.startswith(words) for line in capsys.readouterr().out.splitlines())


@pytest.mark.parametrize(
    ("legal", "stated", "words"),
    [
        ("2026-11-10", "2027-01-10", "10 Nov 2026, by law: A pause ends"),
        ("2027-01-10", "2026-11-10", "10 Nov 2026, as stated: A pause ends"),
        ("2026-11-10", "2026-11-10", "10 Nov 2026: A pause ends"),
        ("2026-11-10", None, "10 Nov 2026: A pause ends"),
        (None, "2026-11-10", "10 Nov 2026: A pause ends"),
    ],
)
def test_whose_day_is_next_is_said_only_where_there_are_two(legal: str | None, stated: str | None, words: str) -> None:
    row = pd.Series({"what": "A pause", "kind": "suspension", "legal_on": pd.Timestamp(legal), "stated_on": pd.Timestamp(stated)})
    assert terminal._next(SimpleNamespace(upcoming=row, upcoming_on=date(2026, 11, 10))) == words
