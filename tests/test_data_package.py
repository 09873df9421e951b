"""The data package as other tools meet it: words of the standard where it has them, ours marked, days that are days, hashes in one list."""

import io
import json
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tradelib import catalogue, checks, scenarios
from tradelib.catalogue import home, integrity, parquet
from tradelib.errors import CatalogueError

PACKAGE = json.loads((catalogue.data_folder() / "datapackage.json").read_text(encoding="utf-8"))
TABLES = {resource["name"]: resource for resource in PACKAGE["resources"]}
FIELDS = [(name, field) for name, resource in TABLES.items() for field in resource["schema"]["fields"]]
SEMVER = r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(\+[0-9A-Za-z.-]+)?"
# Data Package 2.0 and Table Schema 2.0.
STANDARD = {
    "package": {"$schema", "name", "id", "title", "version", "description", "licenses", "resources"},
    "table": {"name", "path", "title", "description", "type", "format", "mediatype", "encoding", "schema", "sources"},
    "schema": {"fields", "primaryKey", "uniqueKeys", "foreignKeys"},
    "field": {"name", "type", "description", "constraints"},
    "constraints": {"required", "minimum", "maximum", "pattern", "enum"},
}


def test_every_word_that_is_not_of_the_standard_is_marked_as_ours() -> None:
    found = {("package", word) for word in PACKAGE}
    for resource in TABLES.values():
        found |= {("table", word) for word in resource} | {("schema", word) for word in resource["schema"]}
    for _, field in FIELDS:
        found |= {("field", word) for word in field} | {("constraints", word) for word in field.get("constraints", {})}
    assert {f"{level}: {word}" for level, word in found if word not in STANDARD[level] and not word.startswith("tradelib:")} == set()


def test_the_package_is_named_and_versioned_as_the_standard_asks() -> None:
    assert PACKAGE["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", PACKAGE["id"])
    assert re.fullmatch(SEMVER, PACKAGE["version"])
    assert PACKAGE["version"].startswith(f"{PACKAGE['tradelib:edition']}.")


def test_a_primary_key_is_never_empty_and_a_key_that_may_be_is_a_unique_key() -> None:
    for name, resource in TABLES.items():
        table = catalogue.load(name)[catalogue.key_of(resource)]
        empty = bool((table.isna() | table.eq("")).any(axis=None))
        assert ("primaryKey" in resource["schema"]) != empty, name


def test_days_are_dates_in_every_parquet_file() -> None:
    kinds = {"date": {pa.date32()}, "number": {pa.float64()}, "boolean": {pa.bool_()}, "string": {pa.string(), pa.large_string()}}
    for name, field in FIELDS:
        if TABLES[name]["format"] == "parquet":
            stored = pq.read_schema(catalogue.data_folder() / TABLES[name]["path"]).field(field["name"])
            assert stored.type in kinds[field["type"]], (name, stored)


def test_patterns_of_cells_that_may_be_empty_and_bounds_of_days_are_in_our_words() -> None:
    """Written into SQL, a pattern is tried on NULL, and a bound of days is a difference of numbers: 2032-12-31 is 1989."""
    for name, field in FIELDS:
        given = field.get("constraints", {})
        assert "pattern" not in given or given.get("required"), (name, field["name"])
        assert field["type"] != "date" or not {"minimum", "maximum"} & set(given), (name, field["name"])


def test_patterns_are_such_as_every_reader_takes() -> None:
    """Written into SQL `(?:us` is a parameter named us; and a flag is refused by those who put a pattern between ^( and )$."""
    patterns = {field.get("constraints", {}).get("pattern", field.get("tradelib:pattern")) for _, field in FIELDS} - {None}
    assert patterns
    assert not [pattern for pattern in patterns if re.search(r":\w|\(\?[a-z:]", pattern)]


def test_numbers_of_parquet_that_may_be_missing_are_bounded_in_our_words() -> None:
    """A reader by way of pandas takes a missing number for NaN, which is below every bound."""
    for name, field in FIELDS:
        if TABLES[name]["format"] == "parquet" and field["type"] == "number" and catalogue.load(name)[field["name"]].isna().any():
            assert not {"minimum", "maximum"} & set(field.get("constraints", {})), (name, field["name"])


def test_a_column_whose_name_ends_in_its_unit_is_described_with_it() -> None:
    for name, field in FIELDS:
        for end, unit in (("_usd", "USD"), ("_frac", "fraction")):
            assert not field["name"].endswith(end) or field.get("tradelib:unit") == unit, (name, field["name"])


def test_a_key_into_another_table_that_holds_several_values_is_in_our_words() -> None:
    several = {(name, field["name"]) for name, field in FIELDS if "tradelib:separator" in field}
    named = {word: {(name, key["fields"][0]) for name, item in TABLES.items() for key in item["schema"].get(word, [])} for word in
             ("foreignKeys", "tradelib:foreignKeys")}  # fmt: skip
    assert named["foreignKeys"]
    assert not named["foreignKeys"] & several
    assert named["tradelib:foreignKeys"] <= several


def test_a_parquet_file_with_moments_in_place_of_days_is_refused(data_copy: Path) -> None:
    path = data_copy / "trade" / "duties_china.parquet"
    pq.write_table(pa.Table.from_pandas(parquet.read(path)), path)
    catalogue.seal(folder=data_copy)
    with pytest.raises(CatalogueError, match=r"duties_china.parquet: column period holds moments, and days are stored as dates"):
        catalogue.load("duties_china", folder=data_copy)


def test_every_parquet_file_is_read_as_pyarrow_reads_it() -> None:
    for resource in TABLES.values():
        if resource["format"] == "parquet":
            path = catalogue.data_folder() / resource["path"]
            theirs = pq.read_table(path).to_pandas(date_as_object=False)
            days = theirs.select_dtypes("datetime").columns
            pd.testing.assert_frame_equal(parquet.read(path), theirs.astype(dict.fromkeys(days, "datetime64[us]")))


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (pa.array([1, 2]), "column x holds .*Int64.*, and tables hold texts, days, numbers"),
        (pa.array(["a", "b"]).dictionary_encode(), "column x holds .*Dictionary"),
    ],
)
def test_what_no_table_holds_is_refused_by_its_column(column: pa.Array, words: str) -> None:
    file = io.BytesIO()
    pq.write_table(pa.table({"x": column}), file)
    with pytest.raises(ValueError, match=words):
        parquet.read(file.getvalue())


@pytest.mark.parametrize("content", [b"", b"PAR1 and no more", b"code,on\n"])
def test_a_file_that_is_no_parquet_is_refused(content: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="it is no Parquet file, or is damaged"):
        parquet.read(content)
    capfd.readouterr()  # the reader's own words, which nobody can keep it from saying


def test_days_beyond_nanoseconds_empty_texts_and_missing_values_are_kept() -> None:
    frame = pd.DataFrame(
        {
            "on": pd.Series(["2999-12-31", None, "0001-01-01"], dtype="datetime64[us]"),
            "frac": [0.1, None, 0.0],
            "code": pd.Series(["", "0203", ""], dtype="str"),
            "is_line": [True, False, True],
        }
    )
    pd.testing.assert_frame_equal(parquet.read(parquet.content(frame)), frame)
    pd.testing.assert_frame_equal(parquet.read(parquet.content(frame.iloc[:0])), frame.iloc[:0])


def test_days_survive_parquet_and_a_moment_is_never_cut_to_a_day() -> None:
    frame = pd.DataFrame({"on": pd.Series(["2025-06-09", None], dtype="datetime64[us]"), "frac": [0.3, None], "code": ["0203", ""]})
    pd.testing.assert_frame_equal(parquet.read(parquet.content(frame)), frame.astype({"code": "str"}))
    with pytest.raises(ValueError, match="a moment that is no day"):
        parquet.content(frame.assign(on=pd.Timestamp("2025-06-09 12:00")))


def test_hashes_stand_in_one_list_and_nowhere_else() -> None:
    assert not [name for name, resource in TABLES.items() if {"hash", "bytes"} & set(resource)]
    lines = (catalogue.data_folder() / integrity.SUMS).read_text(encoding="utf-8").splitlines()
    assert lines == [f"{digest}  {path}" for path, digest in sorted(catalogue.hashes().items())]
    named = {f"scenarios/{name}.yaml" for name in scenarios.names()}
    assert set(catalogue.hashes()) == {"datapackage.json", *named, *(resource["path"] for resource in TABLES.values())}


def test_a_scenario_that_was_edited_is_refused_under_its_name(data_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = data_copy / "scenarios/april_2025.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("2025-04-12", "2025-04-02"), encoding="utf-8", newline="\n")
    monkeypatch.setattr(home, "data_folder", lambda: data_copy)
    for ask in (lambda: scenarios.load("april_2025"), catalogue.verify, checks.verify):
        with pytest.raises(CatalogueError, match=r"scenarios/april_2025\.yaml: its content is not what the package recorded"):
            ask()
    assert scenarios.load(file).country_wide_of == date(2025, 4, 2)
    catalogue.seal(folder=data_copy)
    assert scenarios.load("april_2025").country_wide_of == date(2025, 4, 2)
    file.unlink()
    with pytest.raises(CatalogueError, match=r"scenarios/april_2025\.yaml: the file is missing"):
        catalogue.verify()


def test_a_list_of_two_branches_is_refused_and_sealing_writes_it_anew(data_copy: Path) -> None:
    path = data_copy / integrity.SUMS
    before = path.read_bytes()
    twice, joined = f"{'0' * 64}  law/families.csv\n", "<<<<<<< HEAD\n"
    for lines, words in (
        (twice, r"SHA256SUMS: line \d+ names law/families.csv a second time"),
        (joined + twice, r"SHA256SUMS: line \d+ is no sha256 and path"),
    ):
        path.write_bytes(before + lines.encode())
        with pytest.raises(CatalogueError, match=words + r".*`tradelib data seal` writes it anew"):
            catalogue.verify(folder=data_copy)
    assert checks.seal(folder=data_copy) == []
    assert path.read_bytes() == before


def test_a_package_without_its_list_is_refused(data_copy: Path) -> None:
    (data_copy / integrity.SUMS).unlink()
    with pytest.raises(CatalogueError, match=r"data/SHA256SUMS is missing. Restore it with: git checkout"):
        catalogue.load("families", folder=data_copy)
