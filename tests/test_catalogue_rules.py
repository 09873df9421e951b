"""A package of four small tables: what is loaded, what is refused and with which place, what is recorded, and what is handed on."""

import contextlib
import copy
import hashlib
import io
import json
import math
import os
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tradelib import catalogue
from tradelib.catalogue import csv_files, dictionary, export, home, integrity, loading, parquet, typed
from tradelib.errors import CatalogueError, DayError, ParameterError


def field(name: str, kind: str = "string", *, required: bool = False, **more: object) -> dict[str, object]:
    rules = {word: more.pop(word) for word in ("enum", "minimum", "maximum") if word in more} | ({"required": True} if required else {})
    return {"name": name, "type": kind, "description": f"what {name} is"} | ({"constraints": rules} if rules else {}) | more


GOODS = """code,rate_frac,is_open,unit,source
01,0.5,true,kg,P
02,,false,,Q
03,-2,false,l,Q
"""
TEXTS = """announced_on,name,applies_on,later_note,instrument,url
2025-02-01,a,2025-03-01,of later,Order 1,https://example.org/1
2025-02-03,a,,,Order 2,https://example.org/2
2025-02-03,b,2025-02-02,,Order 3,https://example.org/3
"""
MONTHS = """period,value,published_on,vintage_on,source
2025-01-01,1,2025-02-05,2025-02-05,P
2025-01-01,2,2025-02-05,2025-03-05,P
2025-02-01,3,2025-03-05,2025-04-05,P
"""
ONE_DAY = pd.to_datetime(["2025-01-01", None]).astype("datetime64[us]")
BIG = pd.DataFrame({"code": ["01", "02"], "on": ONE_DAY, "share": [0.5, math.nan], "kind": ["x", ""]})


def resource(name: str, kind: str, fields: list[dict], key: dict[str, object], **more: object) -> dict[str, object]:
    form = {"path": f"some/{name}.csv", "format": "csv"} | more
    return {
        "name": name, "title": f"Table of {name}", "description": f"About {name}", "tradelib:kind": kind,
        "sources": [{"title": "Office P"}, {"title": "Office Q"}], "schema": {"fields": fields} | key,
    } | form  # fmt: skip


PACKAGE = {
    "title": "Small data",
    "version": "2025.6.1",
    "tradelib:edition": "2025.6",
    "tradelib:evidence_from": "2018-01-01",
    "tradelib:evidence_through": "2025-06-30",
    "tradelib:cite": "Small (2025)",
    "licenses": [{"name": "CC", "title": "Free to use"}],
    "resources": [
        resource(
            "goods", "reference",
            [
                field("code", required=True), field("rate_frac", "number", minimum=-2, **{"tradelib:unit": "fraction"}),
                field("is_open", "boolean"), field("unit", enum=["kg", "l"]), field("source", required=True),
            ],
            {"primaryKey": ["code"]},
        ),
        resource(
            "texts", "ledger",
            [
                field("announced_on", "date", required=True), field("name", required=True), field("applies_on", "date"),
                field("later_note", **{"tradelib:later": True}), field("instrument", required=True),
                field("url", **{"tradelib:separator": "|"}),
            ],
            {
                "uniqueKeys": [["announced_on", "name"], ["instrument"]],
                "tradelib:foreignKeys": [{"fields": ["name", "url"], "reference": {"resource": "goods", "fields": ["code", "unit"]}}],
            },
            **{"tradelib:known_on": "announced_on"},
        ),
        resource(
            "months", "statistics",
            [
                field("period", "date", required=True), field("value", "number"), field("published_on", "date", required=True),
                field("vintage_on", "date", required=True), field("source", required=True),
            ],
            {"primaryKey": ["period", "vintage_on"]},
            **{"tradelib:key": ["period"], "tradelib:known_on": "published_on"},
        ),
        resource(
            "big", "reference",
            [field("code", required=True), field("on", "date"), field("share", "number", maximum=1), field("kind", enum=["x", "y"])],
            {"primaryKey": ["code"]}, path="some/big.parquet", format="parquet",
        ),
    ],
}  # fmt: skip


def small(folder: Path, package: dict | None = None, **files: str | bytes | pd.DataFrame) -> Path:
    """The package in a folder, sealed; `files` take the place of its tables."""
    (folder / "some").mkdir(parents=True)
    given = {"goods": GOODS, "texts": TEXTS, "months": MONTHS, "big": BIG} | files
    (folder / "datapackage.json").write_text(json.dumps(package or PACKAGE), encoding="utf-8")
    for item in (package or PACKAGE)["resources"]:
        content = given[item["name"]]
        content = parquet.content(content) if isinstance(content, pd.DataFrame) else content
        (folder / item["path"]).write_bytes(content.encode() if isinstance(content, str) else content)
    catalogue.seal(folder=folder)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small(tmp_path / "data")


def said(column: pd.Series) -> list[object]:
    return column.astype(object).where(column.notna(), None).tolist()


def test_cells_come_with_the_types_of_the_description(folder: Path) -> None:
    goods = catalogue.load("goods", folder=folder)
    assert goods["code"].tolist() == ["01", "02", "03"]
    assert said(goods["rate_frac"]) == [0.5, None, -2]
    assert goods["is_open"].tolist() == [True, False, False]
    assert goods["unit"].tolist() == ["kg", "", "l"]
    assert [str(kind) for kind in goods.dtypes] == ["str", "float64", "bool", "str", "str"]
    texts = catalogue.load("texts", folder=folder)
    assert str(texts["applies_on"].dtype) == "datetime64[us]"
    assert said(texts["applies_on"]) == [pd.Timestamp("2025-03-01"), None, pd.Timestamp("2025-02-02")]
    assert texts["later_note"].tolist() == ["of later", "", ""]
    assert "known_on" not in texts
    big = catalogue.load("big", folder=folder)
    assert said(big["on"]) == [pd.Timestamp("2025-01-01"), None]
    assert big["kind"].tolist() == ["x", ""]
    empty = small(folder.parent / "empty", goods=GOODS.splitlines()[0] + "\n")
    assert [str(kind) for kind in catalogue.load("goods", folder=empty).dtypes] == ["str", "float64", "bool", "str", "str"]


@pytest.mark.parametrize(
    ("as_of", "texts", "months"),
    [
        ("2025-01-31", [], []),
        ("2025-02-01", ["Order 1"], []),
        ("2025-02-02", ["Order 1"], []),
        ("2025-02-03", ["Order 1", "Order 2", "Order 3"], []),
        ("2025-02-05", ["Order 1", "Order 2", "Order 3"], [1]),
        ("2025-03-04", ["Order 1", "Order 2", "Order 3"], [1]),
        ("2025-03-05", ["Order 1", "Order 2", "Order 3"], [2, 3]),
        ("latest", ["Order 1", "Order 2", "Order 3"], [2, 3]),
    ],
)
def test_as_of_a_day_a_table_holds_what_was_known_on_it(folder: Path, as_of: str, texts: list[str], months: list[float]) -> None:
    table = catalogue.load("texts", as_of=as_of, folder=folder)
    assert table["instrument"].tolist() == texts
    assert table["known_on"].tolist() == table["announced_on"].tolist()
    assert "later_note" not in table
    figures = catalogue.load("months", as_of=as_of, folder=folder)
    assert figures["value"].tolist() == months
    assert {"known_on", "is_first_release", "is_later_revised"} <= set(figures)
    assert len(catalogue.load("goods", as_of=as_of, folder=folder)) == 3
    assert "known_on" not in catalogue.load("goods", as_of=as_of, folder=folder)


BAD = {
    "goods": [
        ("01,0.5,true", "01,0.5,maybe", "row 2, column is_open: 'maybe' is no boolean"),
        ("01,0.5", "01,inf", "row 2, column rate_frac: 'inf' is no number"),
        ("03,-2", "03,two", "row 4, column rate_frac: 'two' is no number"),
        (",kg,", ",g,", "row 2, column unit: 'g' is none of kg, l"),
        (",kg,P", ",kg,", "row 2, column source: empty, and a value is required"),
        ("02,", "01,", "row 3 repeats the key code 01"),
        ("03,-2,false,l,Q", "03,-2,false,l", "row 4 has 4 cells and should have 5"),
        ("03,-2,false,l,Q", "03,-2,false,l,Q,R", "row 4 has 6 cells and should have 5"),
        ("code,rate_frac", "rate_frac,code", r"row 1, the header, disagrees with the description \(its columns are in another order\)"),
        ("code,rate_frac", "number,rate_frac", r"columns missing: \['code'\]; not described: \['number'\]"),
    ],
    "texts": [
        ("2025-02-01,a", "2025-02-31,a", "row 2, column announced_on: '2025-02-31' is no date"),
        ("2025-02-01,a", ",a", "row 2, column announced_on: empty, and a value is required"),
        ("2025-02-03,b", "2025-02-03,a", "row 4 repeats the key announced_on 2025-02-03, name a"),
    ],
}


@pytest.mark.parametrize(("table", "old", "new", "words"), [(name, *case) for name, cases in BAD.items() for case in cases])
def test_a_fault_is_told_with_its_row_and_column(folder: Path, table: str, old: str, new: str, words: str) -> None:
    path = folder / "some" / f"{table}.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    for _ in ("with the old sum", "with a new one"):
        with pytest.raises(CatalogueError, match=words) as caught:
            catalogue.load(table, folder=folder)
        assert str(caught.value).startswith(f"data/some/{table}.csv: ")
        assert f"git checkout -- data/some/{table}.csv" in str(caught.value)
        catalogue.seal(folder=folder)


def test_a_file_without_a_line_or_that_is_not_there_or_no_text_is_refused(folder: Path) -> None:
    path = folder / "some" / "goods.csv"
    path.write_bytes(b"")
    with pytest.raises(CatalogueError, match=r"data/some/goods\.csv: the file is empty\. Restore it"):
        catalogue.load("goods", folder=folder)
    path.write_bytes(GOODS.encode()[:40] + b"\xff")
    with pytest.raises(CatalogueError, match="byte 40 is not UTF-8"):
        catalogue.load("goods", folder=folder)
    path.unlink()
    with pytest.raises(CatalogueError, match=r"data/some/goods\.csv: the file is missing"):
        catalogue.load("goods", folder=folder)
    path.write_text(GOODS.replace("0.5", "0.6"), encoding="utf-8")
    with pytest.raises(CatalogueError, match="its content is not what the package recorded, although every row can be read"):
        catalogue.load("goods", folder=folder)
    catalogue.seal(folder=folder)
    assert catalogue.load("goods", folder=folder)["rate_frac"].iloc[0] == 0.6


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda big: big[["on", "code", "share", "kind"]], "its columns disagree with the description"),
        (lambda big: big.drop(columns="kind"), "its columns disagree with the description"),
        (lambda big: big.assign(share=["a", "b"]), "column share holds str, and the description says number"),
        (lambda big: big.assign(code=["01", ""]), "row 2, column code: empty, and a value is required"),
        (lambda big: big.assign(code=["", "02"]), "row 1, column code: empty, and a value is required"),
        (lambda big: big.assign(code=["01", None]), "row 2, column code: no text, and one that is empty is a text without a letter"),
        (lambda big: big.assign(kind=pd.Series([None, None], dtype="str")), "row 1, column kind: no text"),
        (lambda big: big.assign(kind=["x", "z"]), "row 2, column kind: 'z' is not allowed"),
        (lambda big: big.assign(kind=["w", "z"]), "row 1, column kind: 'w' is not allowed"),
        (lambda big: big.assign(code=["01", "01"]), "row 3 repeats the key code 01"),
        (lambda big: big.assign(share=[0.5, -math.inf]), "row 2, column share: -inf is no number of a table"),
        (lambda _: b"no parquet at all", "it is no Parquet file, or is damaged"),
    ],
)
def test_a_table_that_came_with_types_is_held_against_its_description(tmp_path: Path, change: Callable, words: str) -> None:
    held = small(tmp_path / "data", big=change(BIG))
    with pytest.raises(CatalogueError, match=words):
        catalogue.load("big", folder=held)


def written(frame: pd.DataFrame, change: Callable = lambda table: table, **how: object) -> bytes:
    """A Parquet file of a frame as another program might write it."""
    import pyarrow.parquet as pq

    file = io.BytesIO()
    pq.write_table(change(parquet.arrow(frame)), file, **how)
    return file.getvalue()


@pytest.mark.parametrize(
    "how",
    [{"compression": "gzip"}, {"use_dictionary": False}, {"row_group_size": 1}, {"data_page_version": "2.0"}, {"version": "1.0"}],
    ids=str,
)
def test_parquet_of_another_writer_is_read_alike(tmp_path: Path, how: dict[str, object]) -> None:
    held = small(tmp_path / "data", big=written(BIG, **how))
    pd.testing.assert_frame_equal(catalogue.load("big", folder=held), catalogue.load("big", folder=small(tmp_path / "own")))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.append_column("__index_level_0__", t["share"]), "its columns disagree with the description"),
        (lambda t: t.append_column("code", t["code"]), "two columns are called code"),
        (lambda t: t.set_column(1, "on", t["on"].cast("timestamp[ms]")), "column on holds moments, and days are stored as dates"),
        (lambda t: t.set_column(1, "on", t["on"].cast("string")), "column on holds str, and the description says date"),
        (lambda t: t.set_column(2, "share", t["share"].cast("float32")), "column share holds .*, and tables hold texts, days, numbers"),
        (lambda t: t.set_column(0, "code", t["code"].cast("binary")), "column code holds .*, and tables hold"),
        (lambda t: t.set_column(3, "kind", t["kind"].dictionary_encode()), "column kind holds .*, and tables hold"),
    ],
)
def test_parquet_of_another_writer_with_other_types_is_refused_by_its_column(tmp_path: Path, change: Callable, words: str) -> None:
    held = small(tmp_path / "data", big=written(BIG, change))
    with pytest.raises(CatalogueError, match=rf"^data/some/big\.parquet: {words}"):
        catalogue.load("big", folder=held)


def test_a_parquet_file_that_was_not_recorded_is_not_opened(folder: Path) -> None:
    (folder / "some" / "big.parquet").write_bytes(parquet.content(BIG.assign(share=0.25)))
    with pytest.raises(CatalogueError, match="its content is not what the package recorded\\. "):
        catalogue.load("big", folder=folder)
    catalogue.seal(folder=folder)
    assert catalogue.load("big", folder=folder)["share"].tolist() == [0.25, 0.25]


def test_a_table_is_kept_until_its_file_changes(folder: Path) -> None:
    one = loading.read("goods", folder=folder)
    assert loading.read("goods", folder=folder) is one
    mine = catalogue.load("goods", folder=folder)
    mine["unit"] = "changed"
    assert catalogue.load("goods", folder=folder)["unit"].tolist() == ["kg", "", "l"]
    loading.read_all(folder=folder)
    assert loading.read("goods", folder=folder) is one
    (folder / "some" / "texts.csv").unlink()
    with pytest.raises(CatalogueError, match="the file is missing"):
        loading.read_all(folder=folder)


def test_every_table_is_told_with_its_rows_days_publishers_and_sum(folder: Path) -> None:
    goods, texts, months, big = catalogue.tables(folder=folder)
    assert [item["name"] for item in (goods, texts, months, big)] == catalogue.names(folder=folder) == ["goods", "texts", "months", "big"]
    assert (goods["title"], goods["description"], goods["path"]) == ("Table of goods", "About goods", "some/goods.csv")
    assert (goods["rows"], goods["first"], goods["last"], goods["publishers"]) == (3, "", "", "Office P; Office Q")
    assert (texts["first"], texts["last"]) == ("2025-02-01", "2025-02-03")
    assert (months["first"], months["last"]) == ("2025-02-05", "2025-03-05")
    assert (big["rows"], goods["sha256"]) == (2, hashlib.sha256(GOODS.encode()).hexdigest())
    report = catalogue.verify(folder=folder)
    assert report.columns.tolist() == ["name", "path", "rows", "first_known_on", "last_known_on"]
    assert report["rows"].tolist() == [3, 3, 3, 2]
    assert catalogue.hashes(folder=folder)["some/goods.csv"] == goods["sha256"]
    assert len(catalogue.hashes(folder=folder)) == 5


def test_a_row_without_a_source_is_refused_and_so_is_a_table_without_any(tmp_path: Path) -> None:
    package = copy.deepcopy(PACKAGE)
    del package["resources"][0]["schema"]["fields"][4]["constraints"]
    held = small(tmp_path / "row", package, goods=GOODS.replace("l,Q", "l,"))
    with pytest.raises(CatalogueError, match=r"data/some/goods\.csv: row 4 has no source"):
        catalogue.verify(folder=held)
    del package["resources"][1]["schema"]["fields"][4]["constraints"]
    held = small(tmp_path / "text", package, texts=TEXTS.replace("Order 2", ""))
    with pytest.raises(CatalogueError, match="row 3 has no instrument"):
        catalogue.verify(folder=held)
    del package["resources"][3]["sources"]
    held = small(tmp_path / "table", package)
    with pytest.raises(CatalogueError, match="neither its rows nor its description name a source"):
        catalogue.verify(folder=held)


def test_sealing_names_what_changed_and_mends_a_list_that_names_a_file_twice(folder: Path) -> None:
    assert catalogue.seal(folder=folder) == []
    (folder / "some" / "goods.csv").write_text(GOODS.replace("0.5", "0.6"), encoding="utf-8")
    (folder / "some" / "months.csv").write_text(MONTHS.replace(",3,", ",4,"), encoding="utf-8")
    assert catalogue.seal(folder=folder) == ["goods", "months"]
    sums = folder / integrity.SUMS
    lines = sums.read_text(encoding="utf-8").splitlines()
    tables = ("big.parquet", "goods.csv", "months.csv", "texts.csv")
    assert [line.split("  ")[1] for line in lines] == ["datapackage.json", *(f"some/{name}" for name in tables)]
    for text, words in (
        ("\n".join([*lines, lines[1]]) + "\n", r"line 6 names some/big\.parquet a second time"),
        ("\n".join([lines[0], "<<<<<<<", *lines[1:]]) + "\n", "line 2 is no sha256 and path"),
        (lines[0].upper() + "\n", "line 1 is no sha256 and path"),
    ):
        sums.write_text(text, encoding="utf-8")
        integrity._recorded_at.cache_clear()
        with pytest.raises(CatalogueError, match=words):
            catalogue.hashes(folder=folder)
        catalogue.seal(folder=folder)
        assert sums.read_text(encoding="utf-8").splitlines() == lines
    sums.unlink()
    with pytest.raises(CatalogueError, match="data/SHA256SUMS is missing"):
        catalogue.hashes(folder=folder)
    assert catalogue.seal(folder=folder) == catalogue.names(folder=folder)


def test_what_was_just_recorded_counts_though_the_clock_has_not_moved(folder: Path) -> None:
    sums = folder / integrity.SUMS
    before = catalogue.hashes(folder=folder)
    moment = sums.stat().st_mtime_ns
    integrity.record(folder, before | {"some/goods.csv": "0" * 64})
    os.utime(sums, ns=(moment, moment))
    assert catalogue.hashes(folder=folder)["some/goods.csv"] == "0" * 64


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "one.txt"
    integrity.replace_text(path, "é\n")
    assert path.read_bytes() == "é\n".encode()
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        integrity.replace_file(path, b"other")
    assert path.read_bytes() == "é\n".encode()
    assert [item.name for item in tmp_path.iterdir()] == ["one.txt"]


def test_a_description_is_found_by_name_and_read_anew_when_it_changes(folder: Path) -> None:
    assert catalogue.description("texts", folder=folder)["title"] == "Table of texts"
    assert catalogue.key_of(catalogue.description("texts", folder=folder)) == ["announced_on", "name"]
    assert catalogue.key_of(catalogue.description("months", folder=folder)) == ["period", "vintage_on"]
    for name in ("text", 3, None, ["goods"]):
        with pytest.raises(CatalogueError, match=r"There is no table .*\. The tables are: goods, texts, months, big\."):
            catalogue.description(name, folder=folder)
    path = folder / "datapackage.json"
    text = path.read_text(encoding="utf-8").replace("Small data", "Other data")
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(1, 1))
    with pytest.raises(CatalogueError, match=r"data/datapackage\.json: its content is not what the package recorded\."):
        catalogue.names(folder=folder)
    catalogue.seal(folder=folder)
    assert catalogue.edition(folder=folder).title == "Other data"
    path.write_text(text[:-1], encoding="utf-8")
    os.utime(path, ns=(2, 2))
    with pytest.raises(CatalogueError, match=r"data/datapackage\.json: it is no valid JSON .*\. Restore it with `git checkout"):
        catalogue.names(folder=folder)


def refreshed(folder: Path) -> Path:
    """The package after a refresh on 5 August: two rows of months, to 31 July; none of texts."""
    package = copy.deepcopy(PACKAGE) | {"version": "2025.6.1+r3"}
    package["tradelib:refresh"] = {"on": "2025-08-05", "tables": {"months": {"counted": 2}, "texts": {"counted": 0}}}
    package["resources"][2] |= {"tradelib:evidence_through": "2025-07-31", "tradelib:refreshed": True}
    return small(folder, package)


def test_the_edition_and_the_days_that_it_covers(folder: Path, tmp_path: Path) -> None:
    held = catalogue.edition(folder=folder)
    assert (held.version, held.title, held.licence, held.cite) == ("2025.6", "Small data", "Free to use", "Small (2025)")
    assert (held.evidence_from, held.evidence_through) == (date(2018, 1, 1), date(2025, 6, 30))
    assert (held.refreshed_on, held.refreshed_rows, catalogue.refreshed(folder=folder)) == (None, 0, {})
    assert catalogue.evidence_through(folder=folder) == catalogue.evidence_through("months", folder=folder) == date(2025, 6, 30)
    new = refreshed(tmp_path / "new")
    held = catalogue.edition(folder=new)
    assert (held.version, held.refreshed_on, held.refreshed_rows) == ("2025.6+r3", date(2025, 8, 5), 2)
    assert held.evidence_through == date(2025, 6, 30)
    assert catalogue.refreshed(folder=new) == {"months": 2}
    days = [catalogue.evidence_through(name, folder=new) for name in (None, "months", "texts")]
    assert days == [date(2025, 7, 31), date(2025, 7, 31), date(2025, 6, 30)]
    assert catalogue.resolve_as_of("latest", folder=new) == date(2025, 7, 31)
    observed = [catalogue.observed_through("2025-07-15", table=name, folder=new) for name in (None, "months", "texts")]
    assert observed == [date(2025, 6, 30), date(2025, 7, 15), date(2025, 6, 30)]
    assert catalogue.observed_through("latest", folder=new) == date(2025, 6, 30)
    assert catalogue.observed_through("latest", table="months", folder=new) == date(2025, 7, 31)
    (new / "some" / "months.csv").unlink()
    with pytest.raises(CatalogueError, match=r"months\.csv of your refreshed data: the file is missing\. `tradelib refresh --write`"):
        catalogue.load("months", folder=new)


def test_a_day_of_knowledge_lies_in_the_edition_or_after_it(folder: Path) -> None:
    for text, day in (("2018-01-01", date(2018, 1, 1)), ("2025-06-30", date(2025, 6, 30)), ("2030-01-01", date(2030, 1, 1))):
        assert catalogue.resolve_as_of(text, folder=folder) == day
    assert catalogue.resolve_as_of("latest", folder=folder) == date(2025, 6, 30)
    with pytest.raises(DayError, match="as_of must be 2018-01-01 or later, the first day that this edition covers, not 2017-12-31"):
        catalogue.resolve_as_of("2017-12-31", folder=folder)
    observed = [catalogue.observed_through(day, folder=folder) for day in ("2025-06-29", "2025-06-30", "2025-07-01", "latest")]
    assert observed == [date(2025, 6, 29), *[date(2025, 6, 30)] * 3]


def test_a_table_is_cited_with_its_publishers_and_rows_with_their_newest_day(folder: Path) -> None:
    assert catalogue.cite("goods", folder=folder) == (
        "Table of goods, from Office P; Office Q. In: Small data, edition 2025.6, evidence to 2025-06-30. Free to use."
    )
    days = [pd.Timestamp(f"2025-01-0{number}") for number in (1, 2, 3, 4)]
    one = pd.DataFrame({"source": ["b", "a", "b"], "url": ["u", "u", "u"], "known_on": days[:3], "instrument": ["x", "a", "x"]})
    other = pd.DataFrame({"source": ["a", "x"], "url": ["u", "v"], "known_on": days[2:]})
    rows = catalogue.sources(one, other)
    assert rows.columns.tolist() == ["source", "url", "known_on"]
    # An instrument goes before a source; the same words with another link are another source.
    assert rows.to_numpy().tolist() == [["x", "u", days[2]], ["a", "u", days[2]], ["x", "v", days[3]]]
    assert catalogue.sources().columns.tolist() == ["source", "url", "known_on"]
    with pytest.raises(CatalogueError, match=r"does not say where its rows come from: \['known_on', 'source'\] missing"):
        catalogue.sources(one, pd.DataFrame({"url": ["u"]}))


def test_tables_in_csv_come_back_as_they_were(folder: Path) -> None:
    for name, text in (("goods", GOODS), ("texts", TEXTS), ("months", MONTHS)):
        kinds = {item["name"]: item["type"] for item in catalogue.description(name, folder=folder)["schema"]["fields"]}
        assert csv_files.content(catalogue.load(name, folder=folder), kinds).decode() == text
    assert csv_files.texts(pd.Series([0.1, 2.0, -3.0, math.nan, 1e20]), "number") == ["0.1", "2", "-3", "", "100000000000000000000"]
    assert csv_files.texts(pd.Series([True, False]), "boolean") == ["true", "false"]


def test_the_dictionary_of_a_table_says_what_each_column_is(folder: Path) -> None:
    rows = dictionary.columns("goods", folder=folder).set_index("column")
    assert rows.index.tolist() == ["code", "rate_frac", "is_open", "unit", "source"]
    assert rows["type"].tolist() == ["string", "number", "boolean", "string", "string"]
    assert rows["unit"].tolist() == ["", "fraction", "", "", ""]
    assert rows["in_key"].tolist() == [True, False, False, False, False]
    assert rows["required"].tolist() == [True, False, False, False, True]
    assert rows["allowed"].tolist() == ["", "from -2", "", "kg, l", ""]
    assert rows["description"].tolist() == [f"what {name} is" for name in rows.index]
    texts = dictionary.columns("texts", folder=folder).set_index("column")
    assert texts["refers_to"].tolist() == ["", "goods.code", "", "", "", ""]
    assert texts["in_key"].tolist() == [True, True, False, False, False, False]
    assert texts["allowed"].tolist() == ["", "", "", "", "", "several, separated by |"]
    assert dictionary.columns("big", folder=folder)["allowed"].tolist() == ["", "", "to 1", "x, y"]
    known = dictionary.columns("texts", as_of=date(2025, 2, 1), folder=folder)
    assert known["column"].tolist() == ["announced_on", "name", "applies_on", "instrument", "url", "known_on"]
    assert known["type"].tolist()[-1] == "date"
    assert not known["required"].iloc[-1]


# What is handed to other tools.


@pytest.fixture
def read_small(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "data_folder", lambda: folder)


@pytest.mark.usefixtures("read_small")
def test_a_database_holds_every_table_with_its_key_and_its_dictionary(tmp_path: Path) -> None:
    target = tmp_path / "new" / "deep" / "base.sqlite"
    assert export.export("sqlite", target) == (4, 11)
    with contextlib.closing(sqlite3.connect(target)) as base:
        assert base.execute("SELECT * FROM goods ORDER BY code").fetchall() == [
            ("01", 0.5, 1, "kg", "P"), ("02", None, 0, None, "Q"), ("03", -2.0, 0, "l", "Q"),
        ]  # fmt: skip
        days = base.execute("SELECT announced_on, applies_on FROM texts").fetchall()
        assert days[:2] == [("2025-02-01", "2025-03-01"), ("2025-02-03", None)]
        made = dict(base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())
        assert list(made) == ["about", "data_dictionary", "goods", "texts", "months", "big"]
        assert made["goods"] == (
            'CREATE TABLE "goods" ("code" TEXT NOT NULL, "rate_frac" REAL, "is_open" INTEGER, "unit" TEXT, "source" TEXT NOT NULL, '
            'PRIMARY KEY ("code"))'
        )
        assert "PRIMARY KEY" not in made["texts"]
        about = dict(base.execute("SELECT name, value FROM about").fetchall())
        assert about == {
            "title": "Small data", "edition": "2025.6", "holds": "every row, whenever it became known", "licence": "Free to use",
            "cite": "Small (2025)",
        }  # fmt: skip
        assert base.execute("SELECT count(*), sum(in_key) FROM data_dictionary WHERE table_name = 'texts'").fetchall() == [(6, 2)]
        assert len(base.execute("SELECT * FROM data_dictionary").fetchall()) == 5 + 6 + 5 + 4


@pytest.mark.usefixtures("read_small")
def test_as_of_a_day_a_database_holds_what_was_known_and_the_key_of_a_series(tmp_path: Path) -> None:
    assert export.export("sqlite", tmp_path / "base", names=["months", "texts"], as_of="2025-02-05") == (2, 4)
    with contextlib.closing(sqlite3.connect(tmp_path / "base")) as base:
        assert base.execute("SELECT period, value, is_first_release FROM months").fetchall() == [("2025-01-01", 1.0, 1)]
        made = dict(base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())
        assert 'PRIMARY KEY ("period")' in made["months"]
        assert "later_note" not in made["texts"]
        told = base.execute("SELECT value FROM about WHERE name = 'holds'").fetchall()[0][0]
        assert told.replace("\xa0", " ") == "as known on 5 February 2025"


@pytest.mark.usefixtures("read_small")
@pytest.mark.parametrize("as_of", [None, "2025-03-05", "2030-01-01"])
def test_a_folder_of_csv_is_a_package_with_the_same_frames(tmp_path: Path, as_of: str | None) -> None:
    target = tmp_path / "out"
    export.export("csv", target, names=["texts", "months", "big"], as_of=as_of)
    assert sorted(path.name for path in target.iterdir()) == ["SHA256SUMS", "big.csv", "datapackage.json", "months.csv", "texts.csv"]
    assert catalogue.names(folder=target) == ["texts", "months", "big"]
    for name in ("texts", "months", "big"):
        pd.testing.assert_frame_equal(catalogue.load(name, folder=target), catalogue.load(name, as_of=as_of), check_dtype=False)
    held = json.loads((target / "datapackage.json").read_text(encoding="utf-8"))
    assert held["tradelib:evidence_through"] == ("2025-03-05" if as_of == "2025-03-05" else "2025-06-30")
    assert ("as known on" in held["title"]) == (as_of is not None)
    described = {item["name"]: item for item in held["resources"]}
    # Keys into a table that is not handed out go; those into one that is stay.
    assert "tradelib:foreignKeys" not in described["texts"]["schema"]
    assert described["big"]["format"] == "csv"
    assert "primaryKey" not in described["texts"]["schema"]
    assert described["months"]["schema"]["primaryKey"] == (["period"] if as_of else ["period", "vintage_on"])
    export.export("csv", tmp_path / "both", names=["texts", "goods"])
    both = json.loads((tmp_path / "both" / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert [item["name"] for item in both] == ["texts", "goods"]
    assert both[0]["schema"]["tradelib:foreignKeys"][0]["reference"]["resource"] == "goods"


@pytest.mark.usefixtures("read_small")
def test_a_target_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("old", encoding="utf-8")
    for to, name, words in (
        ("csv", "full", "is there already, and is not empty; name a new folder"),
        ("csv", "file", "is there already, and is not empty; name a new folder"),
        ("sqlite", "empty", "is a folder; name a file"),
        ("sqlite", "file/base", "cannot be written"),
        ("json", "new", "--to must be one of sqlite, duckdb, xlsx, csv, not 'json'"),
    ):
        with pytest.raises(ParameterError, match=words):
            export.export(to, tmp_path / name, names=["goods"])
    assert (tmp_path / "full" / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "file").read_text(encoding="utf-8") == "old"
    assert export.export("csv", tmp_path / "empty", names=["goods"]) == (1, 3)
    assert export.export("sqlite", tmp_path / "file", names=["goods"]) == (1, 3)
    assert (tmp_path / "file").read_bytes().startswith(b"SQLite")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "empty", "file", "full"]


@pytest.mark.usefixtures("read_small")
def test_a_sheet_holds_a_table_with_days_as_days_and_codes_as_text(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    export.export("xlsx", tmp_path / "book.xlsx", names=["goods", "texts"])
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    assert book.sheetnames == ["about", "data_dictionary", "goods", "texts"]
    assert [[cell.value for cell in row] for row in book["goods"].iter_rows()] == [
        ["code", "rate_frac", "is_open", "unit", "source"], ["01", 0.5, True, "kg", "P"], ["02", None, False, None, "Q"],
        ["03", -2, False, "l", "Q"],
    ]  # fmt: skip
    assert book["texts"]["A2"].value.date() == date(2025, 2, 1)
    assert book["texts"]["C3"].value is None
    assert book["goods"]["A2"].data_type == "s"
    assert book["goods"].freeze_panes == "A2"


@pytest.mark.parametrize(("most", "allowed"), [(4, True), (3, False)])
@pytest.mark.usefixtures("read_small")
def test_a_table_of_more_rows_than_a_sheet_holds_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, allowed: bool
) -> None:
    """One row is that of the names of the columns."""
    pytest.importorskip("openpyxl")
    monkeypatch.setattr(export, "_MOST_ROWS", most)
    monkeypatch.setattr(export, "_described", lambda tables, _day: tables)
    if allowed:
        assert export.export("xlsx", tmp_path / "book.xlsx", names=["goods"]) == (1, 3)
        return
    with pytest.raises(ParameterError, match="A sheet of a workbook holds 2 rows, and goods has 3; leave it out"):
        export.export("xlsx", tmp_path / "book.xlsx", names=["goods"])
    assert not (tmp_path / "book.xlsx").exists()


def test_what_looks_like_a_formula_stays_text_in_a_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    held = small(tmp_path / "data", goods=GOODS.replace("kg,P", "kg,=1+1"))
    monkeypatch.setattr(home, "data_folder", lambda: held)
    export.export("xlsx", tmp_path / "book.xlsx", names=["goods"])
    cell = openpyxl.load_workbook(tmp_path / "book.xlsx")["goods"]["E2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.usefixtures("read_small")
def test_a_column_base_holds_days_as_days_and_nothing_as_nothing(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    assert export.export("duckdb", tmp_path / "base") == (4, 11)
    with duckdb.connect(str(tmp_path / "base")) as base:
        assert base.execute("SELECT * FROM goods ORDER BY code").fetchall() == [
            ("01", 0.5, True, "kg", "P"), ("02", None, False, None, "Q"), ("03", -2.0, False, "l", "Q"),
        ]  # fmt: skip
        assert base.execute("SELECT applies_on FROM texts ORDER BY announced_on, name").fetchall() == [
            (date(2025, 3, 1),), (None,), (date(2025, 2, 2),),
        ]  # fmt: skip
        kinds = dict(base.execute("SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'goods'").fetchall())
        assert kinds == {"code": "VARCHAR", "rate_frac": "DOUBLE", "is_open": "BOOLEAN", "unit": "VARCHAR", "source": "VARCHAR"}
        with pytest.raises(duckdb.ConstraintException):
            base.execute("INSERT INTO goods VALUES ('01', NULL, NULL, NULL, 'P')")


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (pd.Series(pd.to_datetime(["2025-01-01 12:00"])), "a column of days holds a moment that is no day"),
        (pd.Series(pd.to_datetime(["2025-01-01 00:00:00", "2025-01-01 00:00:01"])), "a column of days holds a moment that is no day"),
    ],
)
def test_a_moment_is_no_day_in_parquet(column: pd.Series, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parquet.content(pd.DataFrame({"on": column}))


def test_parquet_gives_back_texts_days_numbers_and_truth(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": ["x", ""], "on": BIG["on"], "n": [1.5, math.nan], "b": [True, False]})
    path = tmp_path / "one.parquet"
    path.write_bytes(parquet.content(frame))
    for source in (path, path.read_bytes()):
        pd.testing.assert_frame_equal(parquet.read(source), frame, check_dtype=False)
    none = parquet.read(parquet.content(frame.iloc[:0]))
    assert [str(kind) for kind in none.dtypes] == ["str", "datetime64[us]", "float64", "bool"]
    # Numbers of the rows are no column.
    assert parquet.read(parquet.content(frame.set_axis([5, 7]))).columns.tolist() == ["a", "on", "n", "b"]
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"b": [True, None]}), path)
    assert parquet.read(path)["b"].tolist() == [True, None]
    moments = pa.array([0, 1], pa.timestamp("us"))
    for column, words in ((pa.array([1, 2]), "column n holds .*Int64.*, and tables hold"), (moments, "column n holds moments")):
        pq.write_table(pa.table({"n": column}), path)
        with pytest.raises(ValueError, match=words):
            parquet.read(path)


# Where the data are read from.


def test_the_data_are_those_of_the_home_only_where_it_was_built_upon_this_edition(folder: Path, tmp_path: Path) -> None:
    home_ = tmp_path / "home"
    assert home.current(home_, folder) is None
    newest = home_ / "generations" / "g1"
    newest.parent.mkdir(parents=True)
    package = PACKAGE | {"tradelib:base": {"sha256": home.fingerprint(folder)}}
    small(newest, package)
    assert home.current(home_, folder) is None
    (home_ / "CURRENT").write_text("g1\n", encoding="ascii")
    assert home.current(home_, folder) == newest
    for pointer in ("", "g2", "../generations/g1/..", "../home"):
        (home_ / "CURRENT").write_text(pointer, encoding="ascii")
        assert home.current(home_, folder) is None, pointer
    (home_ / "CURRENT").write_text("g1", encoding="ascii")
    (folder / "SHA256SUMS").write_text("other", encoding="ascii")
    assert home.current(home_, folder) is None
    (newest / "datapackage.json").write_text(json.dumps(PACKAGE), encoding="utf-8")
    assert home.current(home_, folder) is None
    before = home.fingerprint(folder)
    (folder / "SHA256SUMS").unlink()
    assert home.fingerprint(folder) != before


def test_the_environment_says_which_data_are_read(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = home.data_folder.__wrapped__
    monkeypatch.setenv("TRADELIB_DATA_HOME", str(tmp_path / "home"))
    assert home.home_folder() == tmp_path / "home"
    with monkeypatch.context() as patch:
        patch.delenv("TRADELIB_DATA_HOME")
        assert home.home_folder().name == "tradelib"
    monkeypatch.setenv("TRADELIB_DATA", "edition")
    assert found() == home.edition_folder()
    assert (found() / "datapackage.json").is_file()
    monkeypatch.setenv("TRADELIB_DATA", str(folder))
    assert found() == folder
    monkeypatch.setenv("TRADELIB_DATA", str(tmp_path))
    with pytest.raises(CatalogueError, match=r"TRADELIB_DATA names .*, which holds no datapackage\.json"):
        found()
    monkeypatch.setattr(home, "edition_folder", lambda: folder)
    monkeypatch.setenv("TRADELIB_DATA", "")
    assert found() == folder
    assert os.environ["TRADELIB_DATA"] == "edition"
    newest = tmp_path / "home" / "generations" / "g1"
    newest.parent.mkdir(parents=True)
    small(newest, PACKAGE | {"tradelib:base": {"sha256": home.fingerprint(folder)}})
    (tmp_path / "home" / "CURRENT").write_text("g1", encoding="ascii")
    monkeypatch.setenv("TRADELIB_DATA", "")
    assert found() == newest
    assert os.environ["TRADELIB_DATA"] == str(newest)
    monkeypatch.setattr(home, "_ASKED", "")
    assert not home.waits()
    (folder / "SHA256SUMS").write_text("other", encoding="ascii")
    assert home.waits()
    monkeypatch.setattr(home, "_ASKED", "edition")
    assert not home.waits()
    monkeypatch.setattr(home, "_ASKED", "")
    (tmp_path / "home" / "CURRENT").unlink()
    assert not home.waits()
    monkeypatch.setenv("TRADELIB_DATA", "")
    assert found() == folder


def test_the_first_marked_row_is_told() -> None:
    assert typed.place(pd.Series([False, True, True], index=[5, 6, 7])) == 1
    assert typed.place(pd.Series(np.array([True]))) == 0


def test_a_day_that_is_required_may_not_be_missing_in_parquet(tmp_path: Path) -> None:
    package = copy.deepcopy(PACKAGE)
    package["resources"][3]["schema"]["fields"][1]["constraints"] = {"required": True}
    with pytest.raises(CatalogueError, match="row 2, column on: empty, and a value is required"):
        catalogue.load("big", folder=small(tmp_path / "one", package))
    whole = BIG.assign(on=ONE_DAY.fillna(pd.Timestamp("2025-01-02")))
    assert len(catalogue.load("big", folder=small(tmp_path / "two", package, big=whole))) == 2
