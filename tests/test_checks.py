"""Mistakes of an honest editor: each is refused with its table, its row and what to do; the facts as they are pass."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import REPOSITORY

from tradelib import catalogue, checks
from tradelib.catalogue import csv_files, home, parquet
from tradelib.checks import files, schema
from tradelib.checks.rule import Fault, Tables, run
from tradelib.cli import main
from tradelib.errors import CatalogueError

Edit = Callable[[pd.DataFrame], pd.DataFrame | None]


@pytest.fixture(scope="module")
def tables() -> Tables:
    package = json.loads((catalogue.data_folder() / "datapackage.json").read_text(encoding="utf-8"))
    resources = {resource["name"]: resource for resource in package["resources"]}
    return Tables({name: catalogue.load(name) for name in resources}, resources, package)


def faults_after(tables: Tables, name: str, edit: Edit) -> list[Fault]:
    """What is found when one table is edited."""
    table = tables[name].copy()
    edited = edit(table)
    changed = Tables(tables.frames | {name: table if edited is None else edited}, tables.resources, tables.package)
    return [*schema.faults(changed, names={name}), *run(changed, about=name)]


def first(table: pd.DataFrame, **cells: object) -> int:
    """Index of the first row with these cells."""
    mask = pd.Series(True, index=table.index)
    for column, value in cells.items():
        mask &= table[column].eq(value)
    assert mask.any(), cells
    return mask.idxmax()


def put(column: str, new: object, /, **cells: object) -> Edit:
    """An edit of one cell: of the first row with some cells."""

    def edit(table: pd.DataFrame) -> None:
        table.loc[first(table, **cells), column] = pd.Timestamp(new) if column.endswith("_on") or column == "period" else new

    return edit


def times(factor: float, column: str, **cells: object) -> Edit:
    """An edit that multiplies one number."""

    def edit(table: pd.DataFrame) -> None:
        table.loc[first(table, **cells), column] *= factor

    return edit


def swapped(first_series: str, second_series: str) -> Edit:
    """Values of one month of two series, each in the row of the other."""

    def edit(table: pd.DataFrame) -> None:
        rows = [first(table, series_id=name, period=pd.Timestamp("2024-03-01")) for name in (first_series, second_series)]
        table.loc[rows, "value"] = table.loc[rows[::-1], "value"].to_numpy()

    return edit


def with_row(**cells: object) -> Edit:
    """The last row again, with other cells."""

    def edit(table: pd.DataFrame) -> pd.DataFrame:
        row = table.iloc[[-1]].assign(**{name: pd.Timestamp(value) if name.endswith("_on") else value for name, value in cells.items()})
        return pd.concat([table, row], ignore_index=True)

    return edit


def without(column: str, value: str) -> Edit:
    """The table without the rows of one name."""
    return lambda table: table[table[column].ne(value)].reset_index(drop=True)


RECIP = {"measure_id": "us_ieepa_reciprocal", "rate_frac": 1.25}
LIST_3 = {"measure_id": "us_301_list3", "rate_frac": 0.25}
FL = {"measure_id": "us_301_fl", "rate_frac": 0.125}
YOY = {"series_id": "china_exports_yoy_frac", "period": pd.Timestamp("2024-05-01")}


def _lost_zero(table: pd.DataFrame) -> None:
    row = table[table["code"].str.startswith("03") & table["code"].str.len().eq(8)].index[0]
    table.loc[row, "code"] = table.loc[row, "code"][1:]


def _other_party(table: pd.DataFrame) -> None:
    twice = table["commitment_id"].value_counts().loc[lambda counts: counts > 1].index[0]
    table.loc[table[table["commitment_id"].eq(twice)].index[-1], "party"] = "CN" if "-US-" in twice else "US"


def _other_item_party(table: pd.DataFrame) -> None:
    twice = table["item_id"].value_counts().loc[lambda counts: counts > 1].index[0]
    rows = table[table["item_id"].eq(twice)]
    table.loc[rows.index[-1], "party"] = "US" if rows["party"].iloc[0] == "CN" else "CN"


MISTAKES: dict[str, tuple[str, Edit]] = {
    "rate as per cent": ("tariff_steps", put("rate_frac", 15.0, **LIST_3)),
    "rate with the wrong sign": ("tariff_steps", put("rate_frac", -0.15, **LIST_3)),
    "decimal slip": ("tariff_steps", put("rate_frac", 0.015, **LIST_3)),
    "day and month swapped": ("tariff_steps", put("effective_on", "2026-05-07", **FL)),
    "year typed 2062": ("tariff_steps", put("effective_on", "2062-07-24", **FL)),
    "a remark entered as law": ("tariff_steps", put("standing", "instrument", instrument="White House fact sheet (1 Nov 2025)")),
    "full value without a rate": ("tariff_steps", put("rate_frac", np.nan, **LIST_3)),
    "suspended with a rate": ("tariff_steps", put("rate_frac", 0.15, basis="suspended")),
    "exclusion with a rate": ("tariff_steps", put("rate_frac", 0.15, basis="exclusion")),
    "end with a rate": ("tariff_steps", put("rate_frac", 0.15, basis="ended")),
    "end with a scope": ("tariff_steps", put("scope", "all", basis="ended")),
    "snap-back on the day of the announcement": ("tariff_steps", put("is_snap_back", True, basis="exclusion")),
    "unknown scope": ("tariff_steps", put("scope", "s301_list4c", **LIST_3)),
    "unknown exempt scope": ("tariff_steps", put("exempt", "s301_list4c", **LIST_3)),
    "scopes separated by a semicolon": ("tariff_steps", put("scope", "s301_list1;s301_list2", **LIST_3)),
    "no scope": ("tariff_steps", put("scope", "", **LIST_3)),
    "unknown measure": ("tariff_steps", put("measure_id", "us_301_list9", **LIST_3)),
    "address is none": ("tariff_steps", put("url", "see USTR website", **LIST_3)),
    "address with a blank": ("tariff_steps", put("url", "https://ustr.gov/a b", **LIST_3)),
    "later knowledge in the instrument": ("tariff_steps", put("instrument", "USTR notice, superseded on 1 November 2026", **FL)),
    "row appended at the end": ("tariff_steps", with_row(announced_on="2020-01-01", effective_on="2020-01-01")),
    "duty that excludes": ("tariff_steps", put("basis", "exclusion", **LIST_3)),
    "end before the beginning": ("tariff_steps", put("effective_on", "2018-01-02", basis="ended", measure_id="us_122")),
    "importer against itself": ("tariff_measures", put("exporter", "US", importer="US")),
    "unknown family": ("tariff_measures", put("family", "s301_list", family="s301_lists")),
    "family of the other side": ("tariff_measures", put("family", "cn_exclusions", family="s301_lists")),
    "displaced by no family": ("tariff_measures", put("yields_to", "s323", yields_to="s232")),
    "family that adds in one row": ("tariff_measures", put("within_family", "add", family="s301_lists")),
    "measure without a step": ("tariff_measures", with_row(measure_id="us_zzz_new")),
    "measure known a year early": ("tariff_measures", put("announced_on", "2017-08-01", measure_id="us_301_list3")),
    "scope of codes without codes": ("scopes", put("held", "codes", held="none")),
    "count of another list": ("scopes", put("official_count", 7.0, scope="cn301_l1")),
    "code without its zero": ("product_scopes", _lost_zero),
    "code of a scope that is none": ("product_scopes", put("scope", "s301_list4c", scope="s301_list1")),
    "growth as per cent": ("statistics", times(100, "value", **YOY)),
    "growth with the wrong sign": ("statistics", put("value", -0.354, series_id="china_exports_to_us_yoy_frac", value=0.3541)),
    "exports and imports swapped": ("statistics", swapped("us_exports_to_china_usd", "us_imports_from_china_usd")),
    "thousands for millions": (
        "statistics",
        times(1e-3, "value", series_id="us_imports_from_china_usd", period=pd.Timestamp("2024-03-01")),
    ),
    "vintage before publication": ("statistics", put("vintage_on", "2024-01-01", **YOY)),
    "published before the month ended": ("statistics", put("published_on", "2024-05-09", **YOY)),
    "last day of the month": ("statistics", put("period", "2024-05-31", **YOY)),
    "unknown series": ("statistics", put("series_id", "china_export_yoy_frac", **YOY)),
    "source without letters": ("statistics", put("source", "-", **YOY)),
    "share as per cent": ("rare_earths", put("value", 69.0, unit="fraction")),
    "share in tonnes": ("rare_earths", put("unit", "tonnes", unit="fraction")),
    "a country above the world": ("rare_earths", times(10, "value", country="China", quantity="mine_production", period="2024")),
    "clock that ends before it is announced": ("deadlines", put("expires_on", "2025-01-01", clock="US-RECIP")),
    "a statement that becomes law": ("deadlines", put("basis", "legal", source="Trump on Truth Social")),
    "misspelt clock": ("deadlines", put("clock", "TRUSE", clock="TRUCE")),
    "event that ends before it starts": ("events", put("ends_on", "2018-01-01", kind="talks")),
    "ruling a year ahead": ("events", put("published_on", "2025-02-20", kind="ruling", starts_on=pd.Timestamp("2026-02-20"))),
    "participants with commas": ("events", put("participants", "Scott Bessent, He Lifeng", kind="talks")),
    "page of another text": (
        "tariff_steps",
        put("url", "https://www.federalregister.gov/citation/89-FR-46948", instrument="USTR notice, 85 FR 85831"),
    ),
    "front page of a site": ("statistics", put("url", "http://english.customs.gov.cn/", **YOY)),
    "front page of a repository": (
        "evidence",
        put("url", "https://github.com/calvincj/us-china-relation-tracker", commitment_id="GEN-CN-3"),
    ),
    "a search for the text": ("events", put("url", "https://www.thompsonhinesmartrade.com/?s=primeSource", kind="talks")),
    "a topic as a further source": ("events", put("other_sources", "https://internationaltradetoday.com/topic/customs_duty", kind="talks")),
    "site that was taken over": ("tariff_steps", put("url", "http://www.qiqingliuyu.cn/n2292747.htm", measure_id="cn_301_ex2_2")),
    "misspelt scheme": ("events", put("url", "htps://www.mofcom.gov.cn/a", kind="talks")),
    "a billion without its space": ("events", put("title", "US deficit of USD 105.6bn", kind="talks")),
    "a fall with a hyphen": ("events", put("detail", "exports to the US -34.5%", kind="talks")),
    "a percentage with a space": ("events", put("detail", "a duty of 25 %", kind="talks")),
    "promise due before it was made": ("commitments", put("due_on", "2018-01-01", agreement="Geneva")),
    "misspelt agreement": ("commitments", put("agreement", "Washingtn", agreement="Washington")),
    "another party in a later version": ("commitments", _other_party),
    "evidence on no promise": ("evidence", put("commitment_id", "GEN-CN-99", commitment_id="GEN-CN-3")),
    "evidence before the promise": ("evidence", put("observed_on", "2019-01-01", commitment_id="GEN-CN-3")),
    "measure in effect a year before": ("nontariff_steps", put("effective_on", "2024-01-01", item_id="F02")),
    "another party of one item": ("nontariff_steps", _other_item_party),
    "proposal as per cent": ("proposals", put("rate_frac", 100.0, proposal_id="US-EXTRA-100")),
    "adopted before proposed": ("proposals", put("announced_on", "2018-01-01", proposal_id="US-301-50BN", state="adopted")),
    "claim of another form": ("claims", put("claimed", "69%", figure="rare_earth_share")),
    "claimed day in words": ("claims", put("claimed", "5 June 2025", figure="call_on")),
    "published figure as per cent": ("benchmarks", times(100, "value_frac", measure="weighted_frac")),
    "figure that rests on later law": ("benchmarks", put("law_known_on", "2026-10-01", measure="weighted_frac")),
    "code of seven digits": ("baskets", put("code", "8507600", importer="US")),
    "pattern that is none": ("glossary", put("pattern", "(de minimis", term="APEC")),
    "pattern that fits nothing": ("glossary", put("pattern", ".*", term="APEC")),
    "default outside its bounds": ("model_parameters", put("default", 30.0, parameter="elasticity")),
    "low above high": ("model_parameters", put("low", 9.0, parameter="elasticity")),
    "general rate as per cent": ("us_lines", put("mfn_frac", 2.5, mfn_text="2.5%")),
    "duty above the value": ("duties_china", times(1e3, "calculated_duty_usd", naics3="334")),
    "rate of goods on their way as per cent": ("in_transit", lambda table: table.assign(rate_frac=10.0)),
    "goods entered before they are loaded": ("in_transit", lambda table: table.assign(entered_before=pd.Timestamp("2018-01-05"))),
    "goods on their way under no measure": ("in_transit", lambda table: table.assign(measure_id="us_ieepa_reciprocl")),
    "heading of a rate of 25": ("headings", lambda table: table.assign(rate_frac=25.0)),
    "heading of no measure": ("headings", lambda table: table.assign(measure_id="us_301_lst3")),
    "heading that ends before it begins": ("headings", lambda table: table.assign(entry_to=pd.Timestamp("2017-01-01"))),
    "ruling known before it is given": ("legal_status", lambda table: table.assign(decided_on=table["decided_on"] + pd.Timedelta(days=9))),
    "ruling on no family": ("legal_status", lambda table: table.assign(families="ieepa_fentanil")),
    "ruling by no event": ("legal_status", lambda table: table.assign(event_id="EV20990101z")),
    "claimed share as per cent": ("exclusion_claims", lambda table: table.assign(claimed_frac=table["claimed_frac"] * 100)),
    "claims of no list": ("exclusion_claims", lambda table: table.assign(scope="s301_excl_20vv")),
    "claims published before their months": ("exclusion_claims", lambda table: table.assign(published_on=pd.Timestamp("2025-09-15"))),
    "interim rate as per cent": ("cn_interim_rates", lambda table: table.assign(rate_frac=1.5)),
    "interim rate above the general one": ("cn_interim_rates", lambda table: table.assign(rate_frac=0.9)),
    "quota rates swapped": (
        "cn_tariff_quotas",
        lambda table: table.assign(within_frac=table["outside_frac"], outside_frac=table["within_frac"]),
    ),
    "share of metal outside its interval": ("metal_shares", lambda table: table.assign(low_frac=table["high_frac"] + 0.1)),
    "a code that is its own heir": ("hts_successions", lambda table: table.assign(successor=table["code"])),
    "a release due before its month": ("release_days", lambda table: table.assign(due_on=table["period"])),
    "a share of exclusions as per cent": ("wto_exclusions", times(100, "share_frac")),
    "a list of the other side": ("tariff_steps", put("scope", "cn301_l1", **LIST_3)),
    "a list twice": ("tariff_steps", put("scope", "s301_list3|s301_list3", **LIST_3)),
    "a list that is left out as well": ("tariff_steps", put("exempt", "s301_list3", **LIST_3)),
    "a duty that knows its exclusions": ("tariff_steps", put("exempt", "s301_excl_352", **LIST_3)),
    "a duty that excludes from another": ("tariff_measures", put("excludes_from", "us_301_list1", measure_id="us_301_list3")),
    "an exclusion from an exclusion": ("tariff_measures", put("excludes_from", "us_301_excl_352", measure_id="us_301_excl_178p")),
    "a measure that gives way to itself": ("tariff_measures", put("yields_to", "s232", family="s232")),
    "a cause of 53 points": ("benchmark_causes", lambda table: table.assign(effect_frac=0.533)),
    "negative value": ("duties_china", times(-1, "customs_value_usd", naics3="334")),
}


_FOUND: dict[str, list[Fault]] = {}


def _found(tables: Tables, mistake: str) -> list[Fault]:
    """What is found of a mistake; found once for all tests."""
    if mistake not in _FOUND:
        _FOUND[mistake] = faults_after(tables, *MISTAKES[mistake])
    return _FOUND[mistake]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_table_row_and_remedy(tables: Tables, mistake: str) -> None:
    name, _ = MISTAKES[mistake]
    found = _found(tables, mistake)
    assert found, f"{mistake} passes"
    own = [fault for fault in found if fault.path == tables.path(name)]
    assert own or any(tables.path(name) in str(fault) or fault.found for fault in found)
    assert all(fault.found and fault.asked.endswith((".", "?")) for fault in found)


def test_the_facts_pass() -> None:
    assert checks.faults() == []


@pytest.mark.parametrize(
    ("rule", "name", "edit"),
    [
        ("nothing_is_known_after_the_evidence_ends", "events", put("published_on", "2026-12-01", kind="call")),
        ("the_steps_can_be_replayed", "tariff_steps", lambda table: pd.concat([table, table.tail(1)], ignore_index=True)),
        ("the_list_of_days_ahead_holds_what_is_needed", "days_ahead", with_row(day="1 January 2031")),
        ("a_code_joins_before_it_leaves", "product_scopes", lambda table: table.assign(entry_from=pd.Timestamp("2030-01-01"))),
        ("a_proposal_stays_on_one_side", "proposals", put("importer", "CN", proposal_id="US-EXTRA-100")),
        ("a_basket_is_of_one_side", "baskets", put("title", "Other", basket="semiconductors_from_china")),
        ("a_gdp_is_of_a_recent_year", "economies", put("gdp_year", 2031.0, iso3="CHN")),
        ("the_name_of_a_promise_says_its_party", "commitments", put("party", "US", party="CN")),
        ("an_end_ends_something", "tariff_steps", put("effective_on", "2018-01-02", basis="ended", measure_id="us_122")),
        ("a_measure_is_of_one_side", "tariff_measures", put("exporter", "US", importer="US")),
    ],
)
def test_single_rules(tables: Tables, rule: str, name: str, edit: Edit) -> None:
    assert rule in {fault.rule for fault in faults_after(tables, name, edit)}


def test_an_edition_does_not_end_long_after_its_evidence(tables: Tables) -> None:
    later = Tables(tables.frames, tables.resources, tables.package | {"tradelib:evidence_through": "2026-12-31"})
    assert {fault.rule for fault in run(later)} == {"the_edition_ends_where_its_evidence_does"}


def test_a_revision_of_a_third_is_looked_at(tables: Tables) -> None:
    def edit(table: pd.DataFrame) -> pd.DataFrame:
        row = table[table["series_id"].eq("us_imports_from_china_usd")].tail(1)
        revised = row.assign(value=row["value"] * 1.33, vintage_on=row["vintage_on"] + pd.Timedelta(days=30))
        both = pd.concat([table, revised], ignore_index=True)
        return both.sort_values(["series_id", "period", "vintage_on"], ignore_index=True)

    assert "vintages_of_a_value_agree" in {fault.rule for fault in faults_after(tables, "statistics", edit)}


# A rate of 12.5 per cent, as a fraction.
RATE_TEXT = "2026-07-23-ustr-notice-of-actions.yaml"


def in_place_of(old: str, new: str, *, times: int = 1) -> Callable[[bytes], bytes]:
    """An edit of a file that puts some words in place of others: once, or wherever they stand (-1)."""

    def edit(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode(), times)

    return edit


def below_zero(content: bytes) -> bytes:
    """The lines of the schedule with a rate that a bound in our own words forbids."""
    table = parquet.read(content)
    table.loc[3, "mfn_frac"] = -0.01
    return parquet.content(table)


def turned(content: bytes) -> bytes:
    """A table whose first rows stand behind the last."""
    head, *rows = content.splitlines(keepends=True)
    return b"".join([head, *rows[5:], *rows[:5]])


# What a person or a program did to a file, and what `seal` says of which one. All in one package, for the faults are told at once.
DAMAGE: list[tuple[str, Callable[[bytes], bytes], str]] = [
    (f"law/texts/{RATE_TEXT}", in_place_of("rate: 0.125", "rate: 2.5"),
     r"law/tariff_steps.csv, row \d+: rate_frac 2.5 is above 2\. .*0.25 is 25 per cent"),
    ("law/texts/2025-04-02-executive-order-14257.yaml", in_place_of(", s232_auto_parts", ", s232_autoparts"),
     r"law/tariff_steps.csv, row \d+: .*'s232_autoparts' is not held by data/law/scopes.csv"),
    ("law/texts/2025-04-02-executive-order-14257.yaml", in_place_of("measure: us_ieepa_reciprocal", "measure: us_ieepa_reciprocol"),
     r"law/tariff_steps.csv, row \d+: .*'us_ieepa_reciprocol' is not held by data/law/tariff_measures.csv"),
    ("reference/us_lines.parquet", below_zero, r"reference/us_lines.parquet, row 4: mfn_frac -0.01 is below 0"),
    ("truce/claims.csv", turned, r"truce/claims.csv, row \d+: .*does not stand in its place.*tradelib data sort claims"),
    ("truce/events.csv", in_place_of("https://", "htps://"), r"truce/events.csv, row \d+: .*htps://"),
    ("truce/deadlines.csv", in_place_of("\n", "\r\n", times=-1), "truce/deadlines.csv, row 1: .*carriage return"),
    ("truce/commitments.csv", lambda text: text[:-1], r"truce/commitments.csv, row \d+: the last line is not ended"),
    ("truce/evidence.csv", lambda text: b"\xef\xbb\xbf" + text, "truce/evidence.csv, row 1: .*byte order mark"),
    ("law/proposals.csv", lambda text: text[: text.rindex(b",20")] + b"\n", r"law/proposals.csv: row \d+ has 2 cells and should have 11"),
    (f"law/texts/{RATE_TEXT}", in_place_of("\n", "\r\n"), f"law/texts/{RATE_TEXT}, row 1: .*carriage return"),
    ("truce/events.csv", in_place_of("leaders' meeting", "leaders\u00e2\u20ac\u2122 meeting"), "truce/events.csv, row .*lost on its way"),
]  # fmt: skip


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Lines that `seal` says of a package with every damage; nothing is built or recorded then."""
    folder = Path(shutil.copytree(catalogue.data_folder(), tmp_path_factory.mktemp("damaged") / "data"))
    for path, done, _ in DAMAGE:
        (folder / path).write_bytes(done((folder / path).read_bytes()))
    before = contents(folder)
    with pytest.raises(CatalogueError) as caught:
        checks.seal(folder=folder)
    assert contents(folder) == before
    return str(caught.value).splitlines()


@pytest.mark.parametrize("said", [said for _, _, said in DAMAGE])
def test_seal_refuses_names_every_damage_at_once_and_records_nothing(refused: list[str], said: str) -> None:
    assert refused[0].endswith("faults in the data; nothing was recorded:")
    assert [line for line in refused if re.match(f"- data/{said}", line)] != []


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda text: text.replace("\n", "\r"), "row 1: the line holds a carriage return"),
        (lambda text: text.replace(",A,", ",\r,"), "row 2: the line holds a carriage return"),
        (lambda text: text.replace("A", "A\x00"), r"row 2: it holds '\\x00', which is no letter"),
        (lambda text: text[: text.rindex('"')], ": row 3 is no row of CSV: a quotation mark is not closed"),
        (lambda text: text.replace('",', '"x,'), ": row 3 is no row of CSV: something follows a closed quotation mark"),
        (lambda text: text.replace(",A,", ',A",'), ", row 2: its quotation marks are not those of CSV"),
        (lambda text: text.replace(",A,", ',"A",'), ", row 2: its quotation marks are not those of CSV"),
        (lambda _: "", ": the file is empty"),
    ],
)
def test_what_a_program_did_to_a_file_is_named_with_its_row(tmp_path: Path, edit: Callable[[str], str], words: str) -> None:
    path = tmp_path / "some.csv"
    path.write_bytes(edit('id,name,n\n1,A,2\n2,"B, C",3\n').encode())
    said = [str(fault) for fault in files.as_written(path, "data/some.csv")]
    try:
        csv_files.rows(path.read_bytes())
    except ValueError as error:
        said.append(f"data/some.csv: {error}")
    assert [line for line in said if re.search(words, line)], said


def test_a_row_put_anywhere_is_sorted_into_its_place(data_copy: Path) -> None:
    """Before, `seal` refuses the table (see above); after, the package is again the one that was sealed."""
    before = contents(data_copy)
    path = data_copy / "truce" / "deadlines.csv"
    path.write_bytes(turned(path.read_bytes()))
    assert checks.sort(["deadlines"], folder=data_copy) == ["deadlines"]
    assert contents(data_copy) == before


def test_sort_refuses_a_table_that_is_none(data_copy: Path) -> None:
    with pytest.raises(CatalogueError, match="no table of text named 'product_scopes'"):
        checks.sort(["product_scopes"], folder=data_copy)


def test_the_command_tells_faults_in_lines(monkeypatch: pytest.MonkeyPatch, data_copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(home, "data_folder", lambda: data_copy)
    path = data_copy / "law" / "proposals.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",threatened,", ",adopted,", 1), encoding="utf-8")
    assert main(["data", "seal"]) == 2
    assert "data/law/proposals.csv, row " in capsys.readouterr().err


def test_every_column_is_described() -> None:
    package = json.loads((REPOSITORY / "data" / "datapackage.json").read_text(encoding="utf-8"))
    bare = [(r["name"], f["name"]) for r in package["resources"] for f in r["schema"]["fields"] if len(f.get("description", "")) < 5]
    assert not bare


@pytest.mark.parametrize(("name", "column"), [("us_lines", "mfn_frac"), ("us_lines", "mfn_text"), ("hts_codes", "ended_on")])
def test_a_column_of_parquet_that_lost_all_its_values_is_named(tables: Tables, name: str, column: str) -> None:
    held = tables[name][column]
    empty = held.shift(len(held), fill_value="") if held.dtype == "str" else held.shift(len(held))
    lost = faults_after(tables, name, lambda table: table.assign(**{column: empty}))
    (emptied,) = [fault for fault in lost if fault.rule == "emptied"]
    assert f"{emptied}".startswith(f"data/{tables.resources[name]['path']}: {column} holds no value in any row. Restore the file; or")
