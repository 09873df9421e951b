"""Texts of the package's frames are held in one way, whatever is installed, and those of others as they set it."""

import os
import threading

import pandas as pd
import pytest

from tradelib import catalogue, strings, tariffs
from tradelib.doors import Day, door
from tradelib.errors import DayError

OPTION = "mode.string_storage"


def storage() -> str:
    return str(pd.Series(["a text"]).dtype.storage)


@strings.alike
def inside() -> str:
    return storage()


@door
def behind_a_door(on: Day) -> str:
    return f"{on} {storage()} {inside()} {storage()}"


@pytest.mark.parametrize("chosen", ["auto", "pyarrow", "python"])
def test_what_others_chose_holds_outside_and_is_put_back(chosen: str) -> None:
    pytest.importorskip("pyarrow")
    with pd.option_context(OPTION, chosen):
        before = storage()
        assert inside() == "python"
        assert behind_a_door("2025-06-09") == "2025-06-09 python python python"
        with pytest.raises(DayError):
            behind_a_door("no day")
        with pytest.raises(DayError):
            tariffs.averages(importer="US", on=["2017-01-01"])
        assert (pd.get_option(OPTION), storage()) == (chosen, before)


def test_an_error_within_puts_the_option_back() -> None:
    @strings.alike
    def fails() -> None:
        raise KeyError

    before = pd.get_option(OPTION)
    with pytest.raises(KeyError):
        fails()
    assert pd.get_option(OPTION) == before
    assert inside() == "python"
    assert pd.get_option(OPTION) == before


def test_tables_hold_their_texts_as_python_does_as_of_a_day_too() -> None:
    for frame in (
        catalogue.load("events"), catalogue.load("events", as_of="2025-06-09"), catalogue.load("hts_codes"),
        catalogue.read_columns("hts_codes", ("code",)), catalogue.load("statistics", as_of="2025-06-09"),
    ):  # fmt: skip
        held = {dtype.storage for dtype in frame.dtypes if isinstance(dtype, pd.StringDtype)}
        assert held == {"python"}


def test_an_answer_and_a_table_of_ones_own_merge_as_the_readme_says() -> None:
    """Held in two ways, a key comes back as `object` (pandas 3.1.1)."""
    pytest.importorskip("pyarrow")
    with pd.option_context(OPTION, "pyarrow"):
        lines = tariffs.line_rates(importer="US", on="2025-06-09", as_of="2025-06-09").reset_index()
        mine = pd.DataFrame({"code": [lines["code"].iloc[7], "none"], "units": [3, 4]})
        merged = mine.merge(lines.astype({"code": "str"}), on="code")
        assert merged["code"].dtype == mine["code"].dtype
        assert len(merged) == 1


def test_an_option_that_is_set_meanwhile_stays() -> None:
    pytest.importorskip("pyarrow")

    @strings.alike
    def sets() -> None:
        pd.set_option(OPTION, "pyarrow")

    with pd.option_context(OPTION, "auto"):
        sets()
        assert pd.get_option(OPTION) == "pyarrow"


def test_of_two_threads_the_one_that_ends_first_takes_nothing_from_the_other() -> None:
    first_is_in, second_is_in, first_is_out = (threading.Event() for _ in range(3))
    seen: list[str] = []

    @strings.alike
    def first() -> None:
        first_is_in.set()
        second_is_in.wait(10)

    @strings.alike
    def second() -> None:
        second_is_in.set()
        first_is_out.wait(10)
        seen.append(storage())

    before = pd.get_option(OPTION)
    one, other = threading.Thread(target=first), threading.Thread(target=second)
    one.start()
    first_is_in.wait(10)
    other.start()
    one.join()
    first_is_out.set()
    other.join()
    assert seen == ["python"]
    assert pd.get_option(OPTION) == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked on Unix alone")
def test_a_process_that_is_forked_while_another_thread_comes_in_does_not_wait_for_ever() -> None:
    lock = strings._INSIDE._lock
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            held.set()
            done.wait(0.5)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    child = os.fork()
    if not child:
        os._exit(0 if inside() == "python" and lock.acquire(timeout=5) else 1)
    done.set()
    thread.join()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_words_of_a_tariff_line_answer_as_in_python_where_pyarrow_is_installed_too() -> None:
    """Three American headings hold a German ß for a Greek β; Arrow's capital of it is ẞ, Python's SS."""
    words = catalogue.load("hts_codes")["description"].drop_duplicates()
    found = words[words.str.contains("ß")]
    assert len(found) == 3
    assert found.str.upper().tolist() == [text.upper() for text in found]
