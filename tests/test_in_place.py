"""A row of a ledger that was recorded changes only with a correction beside it."""

from pathlib import Path

import pytest

from tradelib import catalogue, checks
from tradelib.checks import in_place
from tradelib.errors import CatalogueError

KEY = "event_id=EV20250510a; published_on=2025-05-11"
LISTED = f"2026-11-29,events,{KEY},location,Geneva,Zurich,The row named another town,https://example.org/\n"


def edited(folder: Path, path: str, was: str, now: str) -> Path:
    """A package in which some words stand in place of others, once."""
    text = (folder / path).read_text(encoding="utf-8")
    assert was in text
    (folder / path).write_text(text.replace(was, now, 1), encoding="utf-8", newline="\n")
    return folder


@pytest.fixture
def moved(data_copy: Path) -> Path:
    """A package in which the talks of Geneva were held elsewhere."""
    row = next(
        line
        for line in (data_copy / "truce/events.csv").read_text(encoding="utf-8").splitlines()
        if line.startswith("EV20250510a,2025-05-11,")
    )
    assert "Geneva" in row
    return edited(data_copy, "truce/events.csv", row, row.replace("Geneva", "Zurich"))


def test_the_rows_of_the_edition_are_recorded_as_they_are() -> None:
    folder = catalogue.data_folder()
    assert in_place.faults(folder) == []
    lines = (folder / in_place.ROWS).read_text(encoding="utf-8").splitlines()
    assert len(lines) == sum(1 + len(rows) for _, _, rows in in_place._tables(folder))
    assert (folder / in_place.ROWS).stat().st_size < 500_000


def test_a_row_that_was_edited_is_named_with_its_key(moved: Path) -> None:
    (fault,) = in_place.faults(moved)
    lines = (moved / "truce/events.csv").read_text(encoding="utf-8").splitlines()
    assert (fault.path, fault.row) == ("data/truce/events.csv", 1 + next(at for at, line in enumerate(lines) if "Zurich" in line))
    assert KEY in fault.asked
    assert "data/reference/corrections.csv" in fault.asked


def listed(folder: Path, line: str) -> None:
    corrections = folder / "reference/corrections.csv"
    corrections.write_text(corrections.read_text(encoding="utf-8") + line, encoding="utf-8", newline="\n")


def test_a_correction_listed_since_lets_the_row_pass_once(moved: Path) -> None:
    listed(moved, LISTED.replace(",events,", ",claims,"))
    assert len(in_place.faults(moved)) == 1, "a row of another table"
    listed(moved, LISTED)
    assert in_place.faults(moved) == []
    in_place.record(moved)
    edited(moved, "truce/events.csv", "Zurich", "Basel")
    assert len(in_place.faults(moved)) == 1


def test_a_row_that_is_gone_is_missed(data_copy: Path) -> None:
    text = (data_copy / "truce/claims.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (data_copy / "truce/claims.csv").write_text("".join(text[:-1]), encoding="utf-8", newline="\n")
    (fault,) = in_place.faults(data_copy)
    assert "a row is gone" in fault.found


def test_a_link_may_change_and_a_row_may_be_added(data_copy: Path) -> None:
    last = (data_copy / "truce/claims.csv").read_text(encoding="utf-8").splitlines()[-1]
    edited(data_copy, "truce/claims.csv", last, last + "?today\n" + last.replace(last.split(",")[0], "CL99", 1))
    assert in_place.faults(data_copy) == []


def test_what_may_change_without_a_word_is_no_part_of_a_row(data_copy: Path) -> None:
    """Links, later knowledge, and a column that was added since."""
    counted = {resource["name"]: columns for resource, columns, _ in in_place._tables(data_copy)}
    for name, free in (("deadlines", {"url", "later_note"}), ("events", {"url", "other_sources", "later_note"})):
        assert set(catalogue.load(name)) - set(counted[name]) == free
    claims = data_copy / "truce/claims.csv"
    wider = [f"{line},{number}" for number, line in enumerate(claims.read_text(encoding="utf-8").splitlines())]
    claims.write_text("\n".join([*wider, ""]), encoding="utf-8", newline="\n")
    assert in_place.faults(data_copy) == []


def test_of_rows_that_two_branches_recorded_one_that_fits_is_enough(data_copy: Path) -> None:
    key, lines = in_place._short("events", KEY), (data_copy / in_place.ROWS).read_text(encoding="utf-8").splitlines()
    head, line = (next(line for line in lines if line.startswith(start)) for start in ("events ", f"{key} "))
    edited(data_copy, in_place.ROWS, line, f"{line}\n{head}\n{key} 0123456789 1")
    assert in_place.faults(data_copy) == []
    edited(data_copy, in_place.ROWS, line, f"{key} 9876543210 0")
    listed(data_copy, LISTED)  # which one of the branches has counted
    assert len(in_place.faults(data_copy)) == 1


def test_seal_refuses_what_was_edited(moved: Path) -> None:
    before = (moved / in_place.ROWS).read_bytes()
    with pytest.raises(CatalogueError, match="not what it was when it was recorded"):
        checks.seal(folder=moved)
    assert (moved / in_place.ROWS).read_bytes() == before
