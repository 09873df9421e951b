"""The tables for other tools: what is written holds what the library holds, with its types, and nothing that became known later."""

import csv
import io
import json
import sqlite3
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from tradelib import catalogue, extras
from tradelib.catalogue import dictionary, export
from tradelib.cli import main
from tradelib.errors import CatalogueError, ParameterError

DAY = "2025-06-09"
# Empty days and numbers, codes with a zero in front, headings, Parquet and CSV, a ledger, statistics and reference data.
SOME = ["headings", "product_scopes", "us_lines", "baskets", "tariff_steps", "statistics", "economies"]


def rows(base: Path, words: str) -> list[tuple]:
    connection = sqlite3.connect(base)
    try:
        return connection.execute(words).fetchall()
    finally:
        connection.close()


def test_a_table_is_described_column_by_column(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "describe", "us_lines"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("us_lines: Tariff lines of the United States\n")
    assert "data/reference/us_lines.parquet: 17,098 rows\nKey: code\n" in said
    assert "\nimports_2024_usd     number   imports for consumption from China, customs value, 2024 [USD; from 0;\n" in said
    assert main(["data", "describe", "tariff_steps", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["known_by"], told["kind"], told["key"]) == ("announced_on", "ledger", ["measure_id", "announced_on", "effective_on"])
    assert told["columns"][3] == {
        "column": "rate_frac", "type": "number", "unit": "fraction", "in_key": False, "required": False, "allowed": "from 0 to 2",
        "refers_to": "", "description": "additional duty as a fraction of the customs value",
    }  # fmt: skip
    assert main(["data", "describe", "tariff_steps", "--format", "csv"]) == 0
    listed = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["column"] for row in listed] == list(catalogue.load("tariff_steps"))
    assert listed[5]["refers_to"] == "scopes.scope"


def test_a_table_that_is_not_there_is_refused_with_the_names_of_those_that_are(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["data", "describe", "tarifs"]) == 2
    assert "There is no table 'tarifs'. The tables are: tariff_measures, " in capsys.readouterr().err
    with pytest.raises(CatalogueError, match="no table 'tarifs'"):
        export.export("csv", tmp_path / "out", names=["tarifs"])


@pytest.mark.parametrize("as_of", [None, date(2025, 6, 9)])
def test_the_dictionary_names_the_columns_of_every_frame(as_of: date | None) -> None:
    for name in catalogue.names():
        assert list(dictionary.columns(name, as_of=as_of)["column"]) == list(catalogue.load(name, as_of=as_of)), name


@pytest.mark.parametrize("as_of", [None, DAY])
def test_a_folder_of_csv_is_a_data_package_that_gives_every_frame_again(tmp_path: Path, as_of: str | None) -> None:
    assert export.export("csv", tmp_path / "out", names=SOME, as_of=as_of)[0] == len(SOME)
    catalogue.verify(folder=tmp_path / "out")
    for name in SOME:
        again = catalogue.load(name, folder=tmp_path / "out", as_of=as_of)
        pd.testing.assert_frame_equal(again, catalogue.load(name, as_of=as_of), check_dtype=False, check_exact=True)
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8"))
    targets = {key["reference"]["resource"] for item in package["resources"] for key in item["schema"].get("foreignKeys", [])}
    assert targets <= set(SOME)
    assert package["title"].endswith(", as known on 9 June 2025") == (as_of is not None)


def test_as_of_a_day_nothing_is_handed_out_that_became_known_later(tmp_path: Path) -> None:
    export.export("csv", tmp_path / "out", as_of=DAY)
    assert catalogue.evidence_through(folder=tmp_path / "out") == date(2025, 6, 9)
    for name in catalogue.names(folder=tmp_path / "out"):
        head = (tmp_path / "out" / f"{name}.csv").read_text(encoding="utf-8").partition("\n")[0]
        assert "later_note" not in head
        frame = catalogue.load(name, folder=tmp_path / "out")
        if "known_on" in frame:
            assert (frame["known_on"] <= pd.Timestamp(DAY)).all(), name


def test_sqlite_holds_codes_as_text_days_as_iso_text_and_null_where_nothing_is_held(tmp_path: Path) -> None:
    base = tmp_path / "new" / "truce.db"
    assert main(["data", "export", "--to", "sqlite", str(base), *(word for name in SOME for word in ("--table", name))]) == 0
    assert rows(base, "select count(*), count(entry_from) from product_scopes") == [(33232, 65)]
    assert rows(base, "select max(entry_from) from product_scopes where typeof(entry_from) = 'text'")[0][0].startswith("20")
    assert rows(base, "select code from baskets where code like '0%' limit 1")
    assert rows(base, "select distinct typeof(rate_frac) from headings order by 1") == [("null",), ("real",)]
    assert rows(base, "select count(*) from headings where heading = '9903.01.20'")[0][0] >= 1
    assert rows(base, "select count(*) from headings where goods = ''") == [(0,)]
    assert "PRIMARY KEY" in rows(base, "select sql from sqlite_master where name = 'us_lines'")[0][0]
    assert "PRIMARY KEY" not in rows(base, "select sql from sqlite_master where name = 'headings'")[0][0]
    assert rows(base, "select value from about where name = 'edition'") == [(catalogue.edition().version,)]
    assert rows(base, "select unit from data_dictionary where table_name = 'us_lines' and column_name = 'mfn_frac'") == [("fraction",)]


def test_a_workbook_keeps_codes_as_text_and_days_as_days(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    export.export("xlsx", tmp_path / "truce.xlsx", names=["baskets", "tariff_steps"])
    book = openpyxl.load_workbook(tmp_path / "truce.xlsx", read_only=True)
    try:
        assert book.sheetnames == ["about", "data_dictionary", "baskets", "tariff_steps"]
        head, *lines = book["baskets"].iter_rows(values_only=True)
        codes = [line[head.index("code")] for line in lines]
        assert codes == list(catalogue.load("baskets")["code"])
        assert any(code.startswith("0") for code in codes)
        head, first, *_ = book["tariff_steps"].iter_rows(values_only=True)
        held = catalogue.load("tariff_steps").iloc[0]
        assert isinstance(first[head.index("announced_on")], datetime)
        assert first[head.index("announced_on")] == held["announced_on"]
        assert first[head.index("rate_frac")] == held["rate_frac"]
    finally:
        book.close()


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    frame = catalogue.load("baskets").assign(title="=1+1")
    monkeypatch.setattr(catalogue, "load", lambda *_args, **_given: frame)
    export.export("xlsx", tmp_path / "truce.xlsx", names=["baskets"])
    cell = openpyxl.load_workbook(tmp_path / "truce.xlsx")["baskets"].cell(2, list(frame).index("title") + 1)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_duckdb_holds_the_types_that_are_meant(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    export.export("duckdb", tmp_path / "truce.duckdb", names=SOME)
    with duckdb.connect(str(tmp_path / "truce.duckdb"), read_only=True) as base:
        kinds = dict(base.execute("select column_name, data_type from duckdb_columns() where table_name = 'headings'").fetchall())
        assert (kinds["heading"], kinds["rate_frac"], kinds["entry_from"]) == ("VARCHAR", "DOUBLE", "DATE")
        assert base.execute("select count(*), count(entry_from) from product_scopes").fetchall() == [(33232, 65)]
        assert base.execute("select count(*) from headings where goods = ''").fetchall() == [(0,)]


@pytest.mark.parametrize(("to", "module", "install"), [("duckdb", "duckdb", "duckdb pyarrow"), ("xlsx", "openpyxl", '"tradelib[files]"')])
def test_a_package_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], to: str, module: str, install: str
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == module else object())
    assert main(["data", "export", "--to", to, str(tmp_path / "out"), "--table", "baskets"]) == 2
    said = capsys.readouterr().err
    assert f"packages that are not installed ({module}): pip install {install}.\n" in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_written_over_whole_and_a_folder_that_holds_something_is_left(tmp_path: Path) -> None:
    base, folder = tmp_path / "truce.db", tmp_path / "out"
    base.write_text("old", encoding="utf-8")
    export.export("sqlite", base, names=["baskets"])
    assert rows(base, "select count(*) from baskets") == [(len(catalogue.load("baskets")),)]
    folder.mkdir()
    export.export("csv", folder, names=["baskets"])
    before = sorted(folder.iterdir())
    with pytest.raises(ParameterError, match="is there already, and is not empty; name a new folder"):
        export.export("csv", folder, names=["families"])
    with pytest.raises(ParameterError, match="is a folder; name a file"):
        export.export("sqlite", folder, names=["families"])
    assert sorted(folder.iterdir()) == before
    assert sorted(tmp_path.iterdir()) == [folder, base]
