"""What docs/data-tools.md says that each tool reads, from a run; `make check-data` installs the tools, and elsewhere they are skipped."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tradelib import catalogue
from tradelib.catalogue import export

FOLDER = catalogue.data_folder()
TABLES = {item["name"]: item for item in json.loads((FOLDER / "datapackage.json").read_text(encoding="utf-8"))["resources"]}
CSV = [name for name, item in TABLES.items() if item["format"] == "csv"]
PARQUET = [name for name, item in TABLES.items() if item["format"] == "parquet"]
DUCKDB = {"string": "VARCHAR", "date": "DATE", "number": "DOUBLE", "boolean": "BOOLEAN"}
POLARS = {"string": "String", "date": "Date", "number": "Float64", "boolean": "Boolean"}


def kinds(name: str) -> dict[str, str]:
    return {field["name"]: field["type"] for field in TABLES[name]["schema"]["fields"]}


def path(name: str) -> str:
    return str(FOLDER / TABLES[name]["path"])


def command(name: str) -> str:
    """A command that came with a package, beside the Python that runs."""
    found = shutil.which(name, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if found is None:
        pytest.skip(f"{name} is not here")
    return found


def run(*words: str, folder: Path | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


def test_duckdb_reads_every_type_as_it_is_meant() -> None:
    duckdb = pytest.importorskip("duckdb")
    for name in PARQUET:
        found = duckdb.read_parquet(path(name))
        assert dict(zip(found.columns, map(str, found.types), strict=True)) == {key: DUCKDB[kind] for key, kind in kinds(name).items()}
    for name in CSV:
        meant = {key: DUCKDB[kind] for key, kind in kinds(name).items()}
        found = duckdb.read_csv(path(name), header=True, columns=meant)
        assert [str(kind) for kind in found.types] == list(meant.values()), name
        assert len(found) == len(catalogue.load(name)), name


def test_duckdb_left_to_guess_takes_days_beside_headings_for_moments_and_codes_for_numbers() -> None:
    duckdb = pytest.importorskip("duckdb")
    guessed = {name: duckdb.read_csv(path(name)) for name in ("headings", "us_industries")}
    types = {name: dict(zip(table.columns, map(str, table.types), strict=True)) for name, table in guessed.items()}
    assert (types["headings"]["heading"], types["headings"]["known_on"]) == ("VARCHAR", "TIMESTAMP")
    assert types["us_industries"]["naics3"] == "BIGINT"


def test_polars_reads_every_type_as_it_is_meant() -> None:
    polars = pytest.importorskip("polars")
    for name in PARQUET:
        found = polars.read_parquet(path(name)).schema
        assert {key: str(kind) for key, kind in found.items()} == {key: POLARS[kind] for key, kind in kinds(name).items()}, name
    for name in CSV:
        found = polars.read_csv(path(name), schema={key: getattr(polars, POLARS[kind]) for key, kind in kinds(name).items()})
        assert len(found) == len(catalogue.load(name)), name
        days = [key for key, kind in kinds(name).items() if kind == "date"]
        missing = catalogue.load(name)[days].isna().sum()
        assert {key: found[key].null_count() for key in days} == missing.to_dict(), name


def test_polars_left_to_guess_loses_the_zeros_of_codes() -> None:
    polars = pytest.importorskip("polars")
    assert polars.read_csv(path("baskets"))["code"].dtype == polars.Int64


def test_frictionless_finds_the_package_valid() -> None:
    pytest.importorskip("frictionless")
    done = run(sys.executable, "-m", "frictionless", "validate", str(FOLDER / "datapackage.json"), "--json")
    report = json.loads(done.stdout)
    wrong = {task["name"]: task["errors"][:2] for task in report["tasks"] if not task["valid"]}
    assert (report["valid"], wrong, len(report["tasks"])) == (True, {}, len(TABLES))


@pytest.mark.parametrize("as_of", [None, "2025-06-09"])
def test_check_datapackage_passes_the_description_of_the_package_and_of_an_export(tmp_path: Path, as_of: str | None) -> None:
    check = command("check-datapackage")
    export.export("csv", tmp_path / "out", as_of=as_of)
    for folder in (FOLDER, tmp_path / "out"):
        done = run(check, "check", "--strict", str(folder / "datapackage.json"))
        assert done.returncode == 0, done.stdout + done.stderr


def test_frictionless_finds_a_folder_as_of_a_day_valid(tmp_path: Path) -> None:
    pytest.importorskip("frictionless")
    names = ["headings", "product_scopes", "tariff_steps", "events", "economies", "exclusion_claims"]
    export.export("csv", tmp_path / "out", names=names, as_of="2025-06-09")
    done = run(sys.executable, "-m", "frictionless", "validate", str(tmp_path / "out" / "datapackage.json"))
    assert done.returncode == 0, done.stdout


def test_datapackage_to_datasette_loads_every_table(tmp_path: Path) -> None:
    done = run(command("datapackage-to-datasette"), "truce", str(FOLDER / "datapackage.json"), "metadata.json", folder=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads((tmp_path / "metadata.json").read_text(encoding="utf-8"))["databases"]["truce"]["license"] == "CC-BY-4.0"
    base = sqlite3.connect(tmp_path / "truce")
    try:
        held = {name: base.execute(f'select count(*) from "{name}"').fetchone()[0] for name in TABLES}  # noqa: S608, names of ours
        assert held == {name: len(catalogue.load(name)) for name in TABLES}
        assert base.execute("select count(*), count(entry_from) from product_scopes").fetchone() == (
            len(catalogue.load("product_scopes")),
            int(catalogue.load("product_scopes")["entry_from"].notna().sum()),
        )
        assert base.execute("select typeof(code), code from baskets where code like '0%' limit 1").fetchone()[0] == "text"
        assert base.execute("select typeof(known_on), known_on from headings limit 1").fetchone() == ("text", "2026-02-20")
    finally:
        base.close()
