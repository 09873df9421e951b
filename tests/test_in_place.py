"""A row of a ledger that was recorded changes only with a correction beside it."""

import re
from pathlib import Path

import pytest

from tradelib import catalogue, checks, lawbook
from tradelib.catalogue import integrity
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
    lists = catalogue.load("product_scopes")["scope"].nunique()
    assert len(lines) == lists + sum(1 + len(rows) for _, _, rows in in_place._tables(folder))
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


# Edits of what was recorded, each of a file of its own, and what `seal` says of it: all in one package, for the faults are told at once.
LIST = "the list is not what it was when it was recorded"
EDITS = [
    ("law/scopes/s301_list2.csv", "27101930,full,,,\n", "", LIST),
    ("law/scopes/s301_list1.csv", "28452000,full,,,\n", "28452000,partial,,,\n", LIST),
    ("law/scopes/s301_list3.csv", "02032920,full,,,\n", "0203292000,full,,,\n02032920,full,,,\n", LIST),
    ("law/scopes/cn301_l2.csv", "23012010,full,,,\n", "23012010,full,,2020-01-01,\n", LIST),
    ("truce/events.csv", "Zurich", "Basel", f"the row is not what it was when it was recorded. .*{KEY}"),
    ("reference/economies.csv", "AFG,Afghanistan,17233051620.11,", "AFG,Afghanistan,17233051620110,", "iso3=AFG"),
    ("reference/model_parameters.csv", ",0.5,", ",5,", "labour_supply_elasticity"),
    ("reference/us_industries.csv", "02,311\n", "02,333\n", "code=02"),
]


def test_what_was_recorded_changes_with_a_correction_only(moved: Path) -> None:
    """Rows of ledgers, reference data that are typed, and what a list of goods covered until now."""
    for path, was, now, _ in EDITS:
        edited(moved, path, was, now)
    before = (moved / in_place.ROWS).read_bytes()
    with pytest.raises(CatalogueError) as told:
        checks.seal(folder=moved)
    assert (moved / in_place.ROWS).read_bytes() == before
    head, *lines = str(told.value).splitlines()
    assert head == f"{len(EDITS)} faults in the data; nothing was recorded:"
    for path, _, _, said in EDITS:
        assert [line for line in lines if re.match(f"- data/{path}.*: .*{said}", line)], path


def test_a_list_that_was_corrected_passes_once(data_copy: Path) -> None:
    edited(data_copy, "law/scopes/s301_list2.csv", "27101930,full,,,\n", "27101930,partial,,,\n")
    row = "2026-11-29,product_scopes,scope=s301_list2; code=27101930; entry_from=,coverage,full,partial,The note names a part,https://www.federalregister.gov/citation/83-FR-40823\n"
    listed(data_copy, row)
    corrections = data_copy / "reference/corrections.csv"
    checks.sort(["corrections"], folder=data_copy)
    assert "product_scopes" in corrections.read_text(encoding="utf-8")
    assert "product_scopes" in checks.seal(folder=data_copy)
    edited(data_copy, "law/scopes/s301_list2.csv", "27101930,partial,,,\n", "27101930,full,,,\n")
    lawbook.build(data_copy)
    (fault,) = in_place.faults(data_copy)
    assert fault.found.startswith("the list is not what it was")


def test_a_code_may_join_or_leave_a_list_by_a_law_of_these_days(data_copy: Path) -> None:
    edited(data_copy, "law/scopes/s301_list2.csv", "27101930,full,,,\n", "27101930,full,,2026-11-10,\n8471,partial,2026-11-10,,\n")
    lawbook.build(data_copy)
    assert in_place.faults(data_copy) == []


@pytest.mark.parametrize("content", [None, "", "events event_id\n"])
def test_without_what_was_recorded_nothing_is_sealed(moved: Path, content: str | None) -> None:
    known = {path for path, _ in integrity.each_recorded(moved)}
    (moved / in_place.ROWS).unlink()
    if content is not None:
        (moved / in_place.ROWS).write_text(content, encoding="utf-8")
    else:
        with pytest.raises(CatalogueError, match="data/ROWS: it holds no rows of claims, or is missing"):
            checks.seal(folder=moved)
    assert "data/ROWS: it holds no rows of claims, or is missing" in "\n".join(map(str, in_place.faults(moved, known=known)))
