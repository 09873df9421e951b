"""The description of the package guards all else, so that it is guarded itself: no damage to it changes in silence what is known on a day.

`FLIPS=2000 python -m pytest tests/test_description.py` turns that many bytes; the suite turns a few.
"""

import copy
import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tradelib import catalogue, checks
from tradelib.catalogue import description_rules, integrity
from tradelib.errors import CatalogueError

SOURCE = catalogue.data_folder()
CONTENT = (SOURCE / catalogue.DESCRIPTOR).read_bytes()
PACKAGE = description_rules.parsed(CONTENT)
FLIPS = int(os.environ.get("FLIPS", "40"))
DAYS = (date(2019, 6, 1), date(2025, 6, 9), date(2026, 10, 9))


def table(package: dict, name: str) -> dict:
    return next(item for item in package["resources"] if item["name"] == name)


def column(package: dict, name: str, field: str) -> dict:
    return next(item for item in table(package, name)["schema"]["fields"] if item["name"] == field)


def flipped(seed: int, number: int) -> Iterator[bytes]:
    """The description with one byte turned into another, again and again."""
    draw = random.Random(seed)  # noqa: S311, draws damage
    for _ in range(number):
        place = draw.randrange(len(CONTENT))
        other = draw.choice([CONTENT[place] ^ 1 << draw.randrange(8), draw.choice(b'abcxyz_-0189 "{}[]:,\n\r\x00\xff')])
        if other != CONTENT[place]:
            yield CONTENT[:place] + bytes([other]) + CONTENT[place + 1 :]


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """A package whose tables are those of the edition, and whose description is its own."""
    for path in (*SOURCE.glob("*"), *SOURCE.glob("*/*")):
        place = tmp_path / path.relative_to(SOURCE)
        if path.is_dir():
            place.mkdir(exist_ok=True)
        elif path.name not in (catalogue.DESCRIPTOR, integrity.SUMS):
            place.symlink_to(path)
    shutil.copy(SOURCE / integrity.SUMS, tmp_path)
    (tmp_path / catalogue.DESCRIPTOR).write_bytes(CONTENT)
    return tmp_path


def test_a_byte_that_was_turned_is_refused_with_the_remedy(beside: Path) -> None:
    for content in flipped(19, FLIPS):
        (beside / catalogue.DESCRIPTOR).write_bytes(content)
        with pytest.raises(CatalogueError, match=r"^data/datapackage\.json: .* Restore it with `git checkout -- data/datapackage\.json`"):
            catalogue.load("tariff_steps", as_of=DAYS[1], folder=beside)


def test_a_byte_that_was_turned_and_recorded_is_refused_or_changes_nothing_that_is_known(beside: Path) -> None:
    """What is not refused is held against the edition: the same rows on every day, the same days, the same columns."""
    (beside / catalogue.DESCRIPTOR).unlink()
    for moment, content in enumerate(flipped(91, FLIPS), start=1):
        (beside / catalogue.DESCRIPTOR).write_bytes(content)
        os.utime(beside / catalogue.DESCRIPTOR, ns=(moment, moment))
        try:
            catalogue.seal(folder=beside)
            changed = differing(catalogue.package(folder=beside))
        except (CatalogueError, FileNotFoundError):
            continue
        assert not changed & {"tradelib:evidence_from"}
        for name in changed & set(catalogue.names()):
            assert refused(beside, name) or all(known(beside, name, day) == known(SOURCE, name, day) for day in DAYS), name


def differing(package: dict) -> set[str]:
    """Words of the package that say something else than the edition's, and tables that do."""
    words = {word for word in PACKAGE if word != "resources" and package.get(word) != PACKAGE[word]}
    return words | {item["name"] for item, other in zip(PACKAGE["resources"], package["resources"], strict=True) if item != other}


def refused(folder: Path, name: str) -> bool:
    try:
        held = checks.schema.faults(tables_of(folder, name), names={name})
        return any(True for _ in held)
    except CatalogueError:
        return True


def tables_of(folder: Path, name: str) -> checks.rule.Tables:
    package = catalogue.package(folder=folder)
    frame = {name: catalogue.load(name, folder=folder)}
    return checks.rule.Tables(frame, {item["name"]: item for item in package["resources"]}, package)


def known(folder: Path, name: str, day: date) -> tuple[list[str], int]:
    frame = catalogue.load(name, as_of=day, folder=folder)
    return list(frame.columns), int(pd.util.hash_pandas_object(frame).sum())


MISTAKES: list[tuple[str, Callable[[dict], object], str]] = [
    (
        "an unknown word",
        lambda p: column(p, "deadlines", "later_note").update({"tradelib:lader": True}),
        "deadlines, column later_note: 'tradelib:lader' is no word of a description. Is it tradelib:later?",
    ),
    (
        "a word that lost its value",
        lambda p: column(p, "deadlines", "later_note").update({"tradelib:later": "yes"}),
        "tradelib:later is 'yes'. It is True.",
    ),
    (
        "a kind that is none",
        lambda p: table(p, "events").update({"tradelib:kind": "ledgar"}),
        "table events: tradelib:kind is 'ledgar'. It is ledger or statistics or reference.",
    ),
    (
        "a ledger without its day",
        lambda p: table(p, "events").pop("tradelib:known_on"),
        "table events: tradelib:known_on is None in a table of kind ledger",
    ),
    (
        "a day that is no column",
        lambda p: table(p, "events").update({"tradelib:known_on": "announced"}),
        "table events: no column 'announced' says when a row became known",
    ),
    ("statistics made a ledger", lambda p: table(p, "statistics").update({"tradelib:kind": "ledger"}), "table statistics: tradelib:key is"),
    (
        "a table by another name",
        lambda p: table(p, "events").update(name="evemts"),
        "table evemts: path 'truce/events.csv' does not fit its name",
    ),
    (
        "a file elsewhere",
        lambda p: table(p, "events").update(path="../events.csv"),
        "path is '../events.csv'. It is a path inside the package",
    ),
    ("two tables of one name", lambda p: p["resources"].append(table(p, "events")), "there are two tables with the name 'events'"),
    (
        "two columns of one name",
        lambda p: table(p, "events")["schema"]["fields"].append(column(p, "events", "url")),
        "table events: there are two columns named 'url'",
    ),
    (
        "a key that is no column",
        lambda p: table(p, "events")["schema"].update(primaryKey=["event"]),
        "table events: its key names 'event', which is no column",
    ),
    (
        "a key that is known later",
        lambda p: column(p, "events", table(p, "events")["schema"]["primaryKey"][0]).update({"tradelib:later": True}),
        "its key names",
    ),
    ("no key", lambda p: table(p, "events")["schema"].pop("primaryKey"), "table events: it has no key, or two"),
    (
        "a key into no table",
        lambda p: table(p, "tariff_steps")["schema"]["foreignKeys"][0]["reference"].update(resource="measures"),
        "which is no table. Is it",
    ),
    (
        "a bound of another type",
        lambda p: column(p, "tariff_steps", "rate_frac")["constraints"].update(maximum="2026-10-09"),
        "maximum '2026-10-09' does not fit the type number",
    ),
    (
        "a pattern that is none",
        lambda p: column(p, "events", "url").update({"tradelib:pattern": "(a"}),
        "tradelib:pattern is '(a'. It is a regular expression.",
    ),
    (
        "a unit that its name denies",
        lambda p: column(p, "tariff_steps", "rate_frac").update({"tradelib:unit": "USD"}),
        "tradelib:unit is 'USD'. A column with this name has the unit fraction.",
    ),
    (
        "a day that no calendar holds",
        lambda p: p.update({"tradelib:evidence_through": "2026-11-31"}),
        "tradelib:evidence_through is '2026-11-31'. It is an ISO day such as",
    ),
    (
        "a release of another edition",
        lambda p: p.update(version="2025.11.0"),
        "version '2025.11.0' is no release of tradelib:edition '2026.11'",
    ),
    ("a word that is missing", lambda p: p.pop("tradelib:cite"), "tradelib:cite is missing. It is a text in one line."),
]


@pytest.mark.parametrize(("edit", "words"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_a_mistake_in_the_description_is_refused_with_its_place_and_what_is_allowed(edit: Callable[[dict], object], words: str) -> None:
    package = copy.deepcopy(PACKAGE)
    edit(package)
    said = [f"{flaw.where}: {flaw.found}. {flaw.asked}" for flaw in description_rules.flaws(package)]
    assert [line for line in said if words in line], said


def test_every_fault_of_a_description_is_told_at_once_and_nothing_is_recorded(beside: Path) -> None:
    package = copy.deepcopy(PACKAGE)
    table(package, "events")["tradelib:knd"] = "ledger"
    column(package, "deadlines", "later_note")["tradelib:later"] = False
    (beside / catalogue.DESCRIPTOR).write_text(json.dumps(package), encoding="utf-8")
    recorded = (beside / integrity.SUMS).read_bytes()
    with pytest.raises(CatalogueError) as caught:
        checks.seal(folder=beside)
    for words in ("data/datapackage.json, table events: 'tradelib:knd'", "table deadlines, column later_note: tradelib:later is False",
                  "the last line is not ended"):  # fmt: skip
        assert words in str(caught.value)
    assert (beside / integrity.SUMS).read_bytes() == recorded


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[]", "it holds no object"),
        (b'{"a": 1, "a": 2}', "'a' stands twice in one object"),
        (b'{"a": NaN}', "NaN is no number"),
        (b"\xff", "can't decode"),
        (b'{"a": ', "line 1"),
    ],
)
def test_what_is_no_description_is_refused(beside: Path, content: bytes, words: str) -> None:
    (beside / catalogue.DESCRIPTOR).write_bytes(content)
    with pytest.raises(CatalogueError, match=r"^data/datapackage\.json: it is no valid JSON") as caught:
        catalogue.names(folder=beside)
    assert words in str(caught.value)
    assert [fault.rule for fault in checks.faults(folder=beside)] == ["readable"]


def test_sorting_and_recording_refuse_a_description_with_a_fault(beside: Path) -> None:
    package = copy.deepcopy(PACKAGE)
    events = table(package, "events")
    events["nale"] = events.pop("name")
    (beside / catalogue.DESCRIPTOR).write_text(json.dumps(package), encoding="utf-8")
    for refusing in (catalogue.seal, lambda folder: checks.sort([], folder=folder), lambda folder: checks.seal(folder=folder)):
        with pytest.raises(CatalogueError, match="'nale' is no word of a description"):
            refusing(folder=beside)


def test_what_the_description_says_of_a_table_counts_at_once(beside: Path) -> None:
    assert "later_note" not in catalogue.load("deadlines", as_of=DAYS[1], folder=beside)
    package = copy.deepcopy(PACKAGE)
    del column(package, "deadlines", "later_note")["tradelib:later"]
    (beside / catalogue.DESCRIPTOR).write_text(json.dumps(package), encoding="utf-8")
    os.utime(beside / catalogue.DESCRIPTOR, ns=(1, 1))
    catalogue.seal(folder=beside)
    assert "later_note" in catalogue.load("deadlines", as_of=DAYS[1], folder=beside)


def test_the_description_of_the_edition_has_no_fault_and_is_recorded() -> None:
    assert list(description_rules.flaws(PACKAGE)) == []
    assert catalogue.hashes()[catalogue.DESCRIPTOR] == integrity.digest(CONTENT)
