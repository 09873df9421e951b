"""What commands print for machines: JSON and CSV of plain values, whatever the command."""

import csv
import io
import json
import re

import pytest

from tradelib import catalogue, truce, wording
from tradelib.cli import main
from tradelib.phrases import changes

COMMANDS = {
    "status": ["--as-of", "2025-06-09"],
    "changes": ["--from", "2025-05-11", "--to", "2025-06-09"],
    "scenario": ["truce_lapses", "--as-of", "2025-06-09"],
    "scenario list": ["--as-of", "2025-06-09"],
    "data list": [],
    "rate": ["8517.13", "--as-of", "2025-06-09"],
    "find": ["battery", "--as-of", "2025-06-09"],
    "average": ["--as-of", "2025-06-09"],
}


def said(capsys: pytest.CaptureFixture[str], command: str, *more: str) -> tuple[str, str]:
    words = ["scenario"] if command == "scenario list" else command.split()
    assert main([*words, *more]) == 0
    told = capsys.readouterr()
    return told.out, told.err


def record(capsys: pytest.CaptureFixture[str], command: str, *more: str) -> dict:
    return json.loads(said(capsys, command, *more, "--format", "json")[0])


def rows(capsys: pytest.CaptureFixture[str], command: str, *more: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(said(capsys, command, *more, "--format", "csv")[0])))


def leaves(value: object, name: str = "") -> list[tuple[str, object]]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in leaves(item, key)]
    return [leaf for item in value for leaf in leaves(item, name)] if isinstance(value, list) else [(name, value)]


@pytest.mark.parametrize("command", COMMANDS)
def test_json_holds_plain_values(capsys: pytest.CaptureFixture[str], command: str) -> None:
    """Days are ISO days, rates numbers, and no sign of typesetting is in a word."""
    found = leaves(record(capsys, command, *COMMANDS[command]))
    assert len(found) > 5
    for name, value in found:
        if name.endswith("_frac") and not isinstance(value, str):  # the metal share may be `low`
            assert value is None or isinstance(value, int | float), name
        if re.search(r"(?:^|_)(?:on|as_of|since|until|from|to)$", name) and value is not None:
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", value), (name, value)
        assert not set(str(value)) & {wording.THIN, wording.FIXED, wording.MINUS}


@pytest.mark.parametrize("command", COMMANDS)
def test_csv_is_a_table_of_the_same(capsys: pytest.CaptureFixture[str], command: str) -> None:
    found = rows(capsys, command, *COMMANDS[command])
    assert found
    assert None not in {name for row in found for name in row}
    assert not set("".join(value for row in found for value in row.values())) & {wording.THIN, wording.FIXED, wording.MINUS}


def test_the_status_of_9_june_2025(capsys: pytest.CaptureFixture[str]) -> None:
    asked = COMMANDS["status"]
    found = record(capsys, "status", *asked)
    assert found["truce"]["ends_on"] == "2025-08-12"
    assert [found["duties"][side]["rate_frac"] for side in ("US", "CN")] == [0.3, 0.1]
    assert sum(layer["rate_frac"] for layer in found["duties"]["US"]["layers"]) == pytest.approx(0.3)
    (row,) = rows(capsys, "status", *asked)
    assert (row["duties_us_rate_frac"], row["truce_days_left"], row["duties_us_next_on"]) == ("0.3", "64", "2025-08-12")


def test_the_status_of_every_day_has_the_same_columns(capsys: pytest.CaptureFixture[str]) -> None:
    """So that rows of many days can be put under one another."""
    heads = {tuple(rows(capsys, "status", "--as-of", day)[0]) for day in ("2018-01-01", "2019-12-20", "2025-06-09", "2026-11-29")}
    assert len(heads) == 1


def test_a_rate_that_changed_is_a_number_and_a_day_that_moved_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    found = record(capsys, "changes", *COMMANDS["changes"])["changes"]
    duty = next(row for row in found if row["item"] == "us_ieepa_reciprocal" and row["holds_on"] == "2025-05-14")
    assert (duty["unit"], duty["before_value"], duty["after_value"]) == ("fraction", 1.25, 0.1)
    clock = next(row for row in found if row["item"] == "TRUCE")
    assert (clock["unit"], clock["before_on"], clock["after_on"]) == ("day", None, "2025-08-12")
    months = [row for row in found if row["group"] == "statistics" and row["unit"] == "usd"]
    assert months
    assert all(row["after_value"] > 1e6 for row in months)


def test_the_numbers_of_changes_are_those_of_their_words() -> None:
    table = changes.told(truce.changes(since="2025-03-01", until="2026-10-09"))
    duties = table[table["unit"].eq("fraction") & table["group"].eq("tariffs") & table["after_value"].notna()]
    assert len(duties) > 50
    assert (duties["after"] == duties["after_value"].map(wording.percent)).all()
    assert table["before_value"].notna().sum() > 50
    days = table[table["group"].eq("deadlines") & table["after_on"].notna()]
    assert (days["after"].str.removeprefix("by ") == days["after_on"].map(wording.day)).all()


def test_days_after_the_evidence_are_not_called_days_without_change(capsys: pytest.CaptureFixture[str]) -> None:
    through = catalogue.edition().evidence_through
    late = ["--from", "2026-10-10", "--to", "2026-11-29"]
    words, _ = said(capsys, "changes", *late)
    assert "0 changes" not in words
    assert f"ends on {wording.day(through)}: nothing was looked for in these days" in words.replace("\n", " ")
    assert record(capsys, "changes", *late)["changes"] == []
    assert "nothing was looked for" in record(capsys, "changes", *late)["note"]
    out, aside = said(capsys, "changes", *late, "--format", "csv")
    assert out.count("\n") == 1
    assert "nothing was looked for" in aside
    words, _ = said(capsys, "changes", "--from", "2026-10-01", "--to", "2026-11-29")
    assert "what happened after it is not known here" in words.replace("\n", " ")
    words, _ = said(capsys, "changes", "--from", "2025-06-09", "--to", "2025-06-09")
    assert words == "Known between 9 June 2025 and 9 June 2025: nothing new\n"
