"""Codes by words: what is found, in what order, with which duty; slips, operators, and what is said where nothing is."""

import json
import sqlite3
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradelib import catalogue, tariffs
from tradelib.cli import main
from tradelib.errors import ParameterError
from tradelib.tariffs import word_search
from tradelib.terminal import found

LATEST = catalogue.edition().evidence_through


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("lithium battery", "85076"),
        ("smartphones", "8517130000"),
        ("children's picture books", "4903000000"),
        ("battery lithium-ion", "85076"),
        ("soybeans", "1201"),
        ("cattle", "0102"),
    ],
)
def test_the_good_that_is_meant_is_among_the_first(words: str, code: str) -> None:
    rows = tariffs.search(words)
    assert any(item.startswith(code) for item in rows["code"].head(5)), rows["code"].tolist()


def test_words_are_stemmed_and_in_any_order() -> None:
    first = tariffs.search("lithium battery")["code"].tolist()
    assert tariffs.search("batteries LITHIUM")["code"].tolist() == first


def test_digits_give_the_codes_below_in_order() -> None:
    rows = tariffs.search("8507", limit=50)
    assert rows["code"].str.startswith("8507").all()
    assert rows["code"].is_monotonic_increasing
    assert "8507600010" in set(rows["code"])


def test_numbers_of_a_line_that_owe_the_same_are_one_row() -> None:
    rows = tariffs.search("8703.80").set_index("code")
    assert rows.index.tolist() == ["87038000"]
    assert rows.loc["87038000", "lines"] == 4


@pytest.mark.parametrize("day", [date(2025, 4, 20), LATEST])
def test_a_row_shows_what_rate_does(day: date) -> None:
    rows = tariffs.search("lithium battery", on=day, as_of=LATEST)
    for row in rows.itertuples():
        one = tariffs.explain(row.code, on=day, importer="US", as_of=LATEST)
        assert one.total_frac == pytest.approx(row.total_frac, nan_ok=True)


def test_the_limit_holds_and_tells_how_many_more() -> None:
    rows = tariffs.search("8507", limit=3)
    assert len(rows) == 3
    assert rows.attrs["more"] == len(tariffs.search("8507", limit=100)) - 3
    with pytest.raises(ParameterError, match="limit must be 1 or more"):
        tariffs.search("8507", limit=0)


def test_an_amount_a_unit_is_no_total() -> None:
    rows = tariffs.search("0102.29.40")
    assert np.isnan(rows["total_frac"].iloc[0])
    assert rows["low_frac"].iloc[0] > 0


def test_a_slip_names_the_word_that_is_meant() -> None:
    rows = tariffs.search("lithum batery")
    assert rows.empty
    assert rows.attrs["note"].endswith("Did you mean lithium battery?")


def test_no_word_is_proposed_that_finds_nothing_or_is_another() -> None:
    """A special heading of chapter 99 names laptop bags, and is no good: `laptop` was asked back, and `top` would be."""
    rows = tariffs.search("laptop")
    assert rows.empty
    assert rows.attrs["note"].endswith("holds 'laptop'.")


def test_words_that_no_one_text_holds_are_told() -> None:
    rows = tariffs.search("lithium umbrella")
    assert len(rows)
    assert "No description holds all of these words" in rows.attrs["note"]


@pytest.mark.parametrize(
    "words", ['"', "AND", "NOT battery", 'lithium"', "a* NEAR(b)", "own:battery", "(", "^battery", "battery OR", "é", "--"]
)
def test_operators_are_words(words: str) -> None:
    answer = search(words)
    assert isinstance(answer, pd.DataFrame) or "Give words of a description" in str(answer)


def search(words: str, **given: int) -> pd.DataFrame | ParameterError:
    """What the search finds, or the sentence that refuses the words."""
    try:
        return tariffs.search(words, **given)
    except ParameterError as error:
        return error


@given(st.text(max_size=30))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_breaks_the_search(words: str) -> None:
    answer = search(words, limit=2)
    assert isinstance(answer, pd.DataFrame) or str(answer)


def test_chapters_98_and_99_are_found_without_a_duty() -> None:
    rows = tariffs.search("9903.88.03")
    assert rows["code"].tolist() == ["99038803"]
    assert rows["total_frac"].isna().all()
    assert "not modelled" in found.answer(rows, "table", words="9903.88.03", importer="US", on=LATEST, as_of=LATEST)


def test_chinese_subheadings_have_the_us_texts_and_say_so() -> None:
    rows = tariffs.search("soybeans", importer="CN")
    assert "120190" in set(rows["code"])
    assert "China's own texts are not held" in rows.attrs["note"]


def test_a_python_without_full_text_search_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Bare:
        def execute(self, *_: object) -> None:
            message = "no such module: fts5"
            raise sqlite3.OperationalError(message)

    word_search._index.cache_clear()
    monkeypatch.setattr(word_search.sqlite3, "connect", lambda *_args, **_kept: Bare())
    with pytest.raises(ParameterError, match="has no full-text search"):
        tariffs.search("lithium")
    assert len(tariffs.search("8507"))  # a code needs no index
    word_search._index.cache_clear()


def test_the_command_prints_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["find", "lithium", "battery", "--limit", "2"]) == 0
    assert "8507.60" in capsys.readouterr().out
    assert main(["find", "8507", "--limit", "2", "--format", "json"]) == 0
    held = json.loads(capsys.readouterr().out)
    assert len(held["codes"]) == 2
    assert held["more"] > 0
    assert main(["find", "8507", "--limit", "2", "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("words,on,as_of,importer,code,description,total_frac")
    assert main(["find", "xyzzyq"]) == 2
    assert "No description of the US tariff holds 'xyzzyq'" in capsys.readouterr().err
