"""The data package: what it holds agrees with its description, and damage is named with its place and its remedy."""

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from conftest import DAYS, REPOSITORY

from tradelib import catalogue, checks, wording
from tradelib.catalogue import parquet, verifying
from tradelib.errors import CatalogueError, DayError

STEPS = Path("law") / "tariff_steps.csv"


def change(folder: Path, path: Path, edit: Callable[[str], str]) -> None:
    """Rewrite one file of a copy of the package."""
    (folder / path).write_text(edit((folder / path).read_text(encoding="utf-8")), encoding="utf-8")


def test_shipped_package_verifies_and_holds_what_the_reports_need() -> None:
    report = catalogue.verify().set_index("name")
    assert set(report.index) == {
        "tariff_measures", "tariff_steps", "proposals", "families", "scopes", "product_scopes", "exclusion_claims", "headings",
        "in_transit", "legal_status", "events", "commitments", "evidence", "nontariff_steps", "claims", "deadlines", "series",
        "release_days", "statistics", "hts_codes", "hts_successions", "duties_china", "duties_by_partner", "us_china_goods_by_heading",
        "rare_earths", "us_lines", "us_imports_2017", "us_imports_2024_by_partner", "cn_lines", "cn_tariff_2019", "wto_china_rates",
        "benchmarks", "baskets", "named_days", "benchmark_causes", "glossary", "hosts", "model_parameters", "days_ahead", "metal_shares",
        "us_industries", "world_trade_2023", "economies", "equilibrium_targets", "cn_interim_rates", "cn_line_trade",
        "cn_tariff_quotas", "cn_waivers", "wto_exclusions", "corrections", "report_notes",
    }  # fmt: skip
    assert report["rows"].gt(0).all()
    assert report["last_known_on"].dropna().max() <= pd.Timestamp(catalogue.edition().evidence_through)


def test_descriptor_describes_every_field_and_every_file() -> None:
    folder = catalogue.data_folder()
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    described = {resource["path"] for resource in package["resources"]}
    built_from = folder / "law" / "scopes"
    files = [path for path in (*folder.rglob("*.csv"), *folder.rglob("*.parquet")) if built_from not in path.parents]
    assert described == {path.relative_to(folder).as_posix() for path in files}
    for resource in package["resources"]:
        assert resource["sources"]
        assert resource["title"]
        fields = {field["name"] for field in resource["schema"]["fields"]}
        assert set(catalogue.key_of(resource)) <= fields
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert package["tradelib:evidence_through"] == "2026-10-09"


@pytest.mark.parametrize("as_of", DAYS)
def test_load_as_of_a_day_returns_nothing_that_became_known_later(as_of: date) -> None:
    for name in catalogue.names():
        table = catalogue.load(name, as_of=as_of)
        assert "later_note" not in table
        if "known_on" in table:
            assert (table["known_on"] <= pd.Timestamp(as_of)).all(), name


def test_knowledge_of_every_table_only_grows() -> None:
    sizes = pd.DataFrame({day: {name: len(catalogue.load(name, as_of=day)) for name in catalogue.names()} for day in sorted(DAYS)})
    assert (sizes.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    assert (sizes.iloc[:, -1] > sizes.iloc[:, 0]).sum() >= 6


def test_latest_is_the_end_of_the_evidence_and_never_the_clock() -> None:
    assert catalogue.resolve_as_of("latest") == date(2026, 10, 9)


@pytest.mark.parametrize("text", ["2025-6-9", "9 June 2025", "2025-02-30", "", "LATEST", "2025-06-09T00:00"])
def test_a_day_that_is_none_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(DayError, match=r"as_of must be (an ISO day such as 2025-06-09|a day of the calendar)"):
        catalogue.resolve_as_of(text)


def test_a_day_before_the_edition_is_refused_with_its_first_day() -> None:
    with pytest.raises(DayError, match="as_of must be 2018-01-01 or later"):
        catalogue.resolve_as_of("2017-01-01")


def test_an_unknown_table_is_refused_with_the_names_of_the_known_ones() -> None:
    with pytest.raises(CatalogueError, match=r"no table 'tarifs'. The tables are: tariff_measures, tariff_steps"):
        catalogue.load("tarifs")


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda text: text.replace("2025-05-14,0.1", "2025-05-14,0.2", 1), "not what the package recorded"),
        (lambda text: text.replace(",2025-05-14,", ",2025-05-41,", 1), r"row \d+, column effective_on: '2025-05-41' is no date"),
        (lambda text: text.replace(",0.125,full_value", ",twelve,full_value", 1), r"column rate_frac: 'twelve' is no number"),
        (lambda text: text.replace(",0.125,full_value", ",nan,full_value", 1), r"column rate_frac: 'nan' is no number"),
        (lambda text: text.replace(",full_value,", ",fullvalue,", 1), r"column basis: 'fullvalue' is none of full_value"),
        (lambda text: text.replace("measure_id,announced_on,", "measure_id,", 1), r"columns missing: \['announced_on'\]"),
        (lambda text: text + text.splitlines()[-1] + "\n", r"row \d+ repeats the key measure_id"),
        (lambda text: text + "one,cell,too,few\n", r"row \d+ has 4 cells and should have 13"),
        (lambda text: text.replace(",false,instrument,", ",maybe,instrument,", 1), "'maybe' is no boolean"),
    ],
)
def test_damage_is_named_with_file_row_and_remedy(data_copy: Path, edit: Callable[[str], str], words: str) -> None:
    change(data_copy, STEPS, edit)
    with pytest.raises(CatalogueError, match=words) as caught:
        catalogue.load("tariff_steps", folder=data_copy)
    assert str(caught.value).startswith("data/law/tariff_steps.csv: ")
    assert "git checkout -- data/law/tariff_steps.csv" in str(caught.value)
    assert "tradelib data seal" in str(caught.value)


def test_a_missing_file_and_a_broken_descriptor_are_named(data_copy: Path) -> None:
    (data_copy / STEPS).unlink()
    with pytest.raises(CatalogueError, match=r"data/law/tariff_steps.csv: the file is missing"):
        catalogue.load("tariff_steps", folder=data_copy)
    (data_copy / "datapackage.json").write_text("{", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"data/datapackage\.json: it is no valid JSON .*git checkout"):
        catalogue.names(folder=data_copy)


def test_bytes_that_are_no_text_are_named(data_copy: Path) -> None:
    content = (data_copy / STEPS).read_bytes()
    (data_copy / STEPS).write_bytes(content[:500] + b"\xff\xfe" + content[502:])
    with pytest.raises(CatalogueError, match="byte 500 is not UTF-8"):
        catalogue.load("tariff_steps", folder=data_copy)


def test_files_are_held_against_their_hashes_without_reading_a_table(data_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as held:
        held.setattr(verifying, "read", lambda *_, **__: pytest.fail("a table was read"))
        assert catalogue.whole(folder=data_copy) == catalogue.hashes(folder=data_copy)
    path = data_copy / catalogue.description("events", folder=data_copy)["path"]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("2025", "2024", 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=path.name):
        catalogue.whole(folder=data_copy)
    path.unlink()
    with pytest.raises(CatalogueError, match="missing"):
        catalogue.whole(folder=data_copy)
    path.write_text(text, encoding="utf-8")
    scenario = next((data_copy / "scenarios").glob("*.yaml"))
    scenario.write_text(scenario.read_text(encoding="utf-8") + "# later\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=scenario.name):
        catalogue.whole(folder=data_copy)


def test_verify_finds_what_only_the_ledger_rules_forbid(data_copy: Path) -> None:
    def edit(text: str) -> str:
        text = text.replace("us_301_fl,", "us_301_unknown,").replace(",,ended,", ",0.1,ended,", 1)
        return text.replace("2026-07-23,2026-07-24", "2026-10-23,2026-10-24")

    change(data_copy, STEPS, edit)
    catalogue.seal(folder=data_copy)
    with pytest.raises(CatalogueError) as caught:
        checks.verify(folder=data_copy)
    for words in (
        "us_301_unknown",
        "announced_on 2026-10-23. No row became known after the day",
        "an end, or a rate still to be named, has none",
    ):
        assert words in str(caught.value)


def test_a_row_without_a_source_fails_verification(data_copy: Path) -> None:
    change(data_copy, Path("minerals") / "rare_earths.csv", lambda text: text.replace('"USGS, Mineral Commodity Summaries 2025"', "", 1))
    with pytest.raises(CatalogueError, match="column source: empty, and a value is required"):
        catalogue.verify(folder=data_copy)


def test_seal_records_a_meant_change(data_copy: Path) -> None:
    change(data_copy, STEPS, lambda text: text.replace("2025-05-14,0.1,", "2025-05-14,0.11,", 1))
    assert catalogue.seal(folder=data_copy) == ["tariff_steps"]
    catalogue.verify(folder=data_copy)
    assert catalogue.seal(folder=data_copy) == []


def test_loading_gives_a_copy_that_may_be_changed() -> None:
    table = catalogue.load("series")
    table.loc[0, "title"] = "changed"
    assert catalogue.load("series").loc[0, "title"] != "changed"


def test_sources_are_distinct_and_keep_the_newest_day() -> None:
    frame = pd.DataFrame(
        {"source": ["a", "a", "b"], "url": ["u", "u", "v"], "known_on": pd.to_datetime(["2025-02-01", "2025-01-01", "2025-03-01"])}
    )
    rows = catalogue.sources(frame, frame)[["source", "url", "known_on"]]
    assert rows.to_dict("list") == {"source": ["a", "b"], "url": ["u", "v"], "known_on": list(pd.to_datetime(["2025-02-01", "2025-03-01"]))}


def test_a_frame_without_rows_has_no_sources() -> None:
    """Of whatever kind its columns are."""
    rows = pd.DataFrame({"source": ["a", "a"], "url": ["u", "u"], "known_on": pd.to_datetime(["2025-01-01", "2025-01-02"])})
    nothing = pd.DataFrame(columns=list(rows))
    assert catalogue.sources(nothing, rows, nothing).to_dict("list") == catalogue.sources(rows).to_dict("list")
    assert len(catalogue.sources(nothing)) == len(catalogue.sources()) == 0


def test_a_frame_that_hides_its_sources_is_refused() -> None:
    with pytest.raises(CatalogueError, match="does not say where its rows come from"):
        catalogue.sources(pd.DataFrame({"value": [1]}))


def test_cite_names_publisher_edition_and_licence() -> None:
    words = catalogue.cite("rare_earths")
    assert "US Geological Survey" in words
    assert f"edition {catalogue.edition().version}" in words
    assert "Creative Commons Attribution 4.0" in words


def test_readme_names_the_edition_and_types_no_count_that_goes_stale() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    edition = catalogue.edition()
    assert f"Edition {edition.version}; **the evidence ends on {wording.day(edition.evidence_through)}.**" in text
    assert edition.version in edition.cite
    covered = text.partition("## What the data cover")[2].partition("\n## ")[0]
    counted = (
        r"\b\d[\d,]* (?:\w+ )?(?:measures|steps|versions|events|commitments|promises|pieces|clocks|claims|scenarios|figures|economies|"
        r"partners|rows|tables)\b"
    )
    assert not re.findall(counted, covered)


def test_a_damaged_parquet_file_is_named_before_it_is_opened(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(catalogue.data_folder(), folder)
    path = folder / "reference" / "us_lines.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(CatalogueError, match=r"data/reference/us_lines\.parquet: its content is not what the package recorded"):
        catalogue.load("us_lines", folder=folder)


def test_every_family_and_every_scope_of_the_ledger_is_described() -> None:
    families = set(catalogue.load("families")["family"])
    assert set(catalogue.load("tariff_measures")["family"]) == families
    steps = catalogue.load("tariff_steps")
    named = {scope for column in ("scope", "exempt") for cell in steps[column] for scope in cell.split("|") if scope}
    scopes = catalogue.load("scopes").set_index("scope")["held"]
    assert named == set(scopes.index)
    assert set(catalogue.load("product_scopes")["scope"]) == set(scopes.index[scopes.eq("codes")])


def test_what_a_caller_does_to_a_table_stays_with_the_caller() -> None:
    before = catalogue.load("deadlines")
    mine = catalogue.load("deadlines")
    mine.loc[:, "clock"] = "changed"
    mine["source"] = "changed"
    mine.iloc[0, 0] = mine.iloc[1, 0]
    with pytest.raises(ValueError, match="read-only"):
        catalogue.load("deadlines")["expires_on"].to_numpy()[0] = pd.NaT
    pd.testing.assert_frame_equal(catalogue.load("deadlines"), before)


def test_some_columns_of_a_table_are_those_of_the_whole_and_damage_is_refused(data_copy: Path) -> None:
    for name, columns in (("hts_codes", ("ended_on", "code")), ("hts_codes", ("code",)), ("tariff_steps", ("rate_frac", "measure_id"))):
        pd.testing.assert_frame_equal(catalogue.read_columns(name, columns), catalogue.load(name)[list(columns)])
    file = data_copy / "reference" / "hts_codes.parquet"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(CatalogueError, match="its content is not what the package recorded"):
        catalogue.read_columns("hts_codes", ("code",), folder=data_copy)


def test_a_file_is_the_same_however_pandas_holds_texts() -> None:
    """Some tables hold them as Python's own, what is made of them as Arrow's, and either may be set as an option."""
    pytest.importorskip("pyarrow")
    contents = set()
    for storage in ("pyarrow", "python"):
        with pd.option_context("mode.string_storage", storage):
            frame = pd.DataFrame({"words": ["a text", ""], "on": pd.to_datetime(["2025-06-09", None]), "rate_frac": [0.3, None]})
            assert frame["words"].dtype.storage == storage
            contents.add(parquet.content(frame))
    assert len(contents) == 1
