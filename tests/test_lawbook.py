"""The law as files that people review: what is built from them is what the tables hold, and mistakes are named with their line."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from conftest import REPOSITORY

from tradelib import catalogue, checks, lawbook
from tradelib.catalogue import home, parquet
from tradelib.cli import main
from tradelib.errors import CatalogueError
from tradelib.lawbook import lists, texts

TEXT = """\
instrument: Executive Order 99999 (1 Oct 2026)
url: https://www.whitehouse.gov/presidential-actions/2026/10/an-order/
announced_on: 2026-10-01
steps:
  - measure: us_301_fl
    from: 2026-10-05
    rate: 0.15
    scope: all
    exempt: [s301fl_52b, informational_materials]
  - measure: us_301_list3
    from: 2026-10-01
    rate: ends
"""


def test_the_package_is_built_from_its_texts_and_lists() -> None:
    for path, table in lawbook.built(catalogue.data_folder()).items():
        assert lawbook.same(catalogue.data_folder() / path, table), path


def test_texts_written_from_the_table_give_the_table_again(tmp_path: Path) -> None:
    head, *rows = csv.reader(io.StringIO((REPOSITORY / "data" / lawbook.STEPS).read_text(encoding="utf-8")))
    table = pd.DataFrame(rows, columns=head, dtype=object)
    texts.write(table, tmp_path)
    again = texts.read(tmp_path)
    for frame in (table, again):
        frame["rate_frac"] = pd.to_numeric(frame["rate_frac"])
    pd.testing.assert_frame_equal(again, table)


def test_lists_written_from_the_table_give_the_table_again(tmp_path: Path) -> None:
    (tmp_path / "law").mkdir()
    (tmp_path / "law" / "scopes.csv").write_bytes((REPOSITORY / "data" / "law" / "scopes.csv").read_bytes())
    table = parquet.read(REPOSITORY / "data" / lawbook.SCOPES)
    lists.write(table, tmp_path)
    pd.testing.assert_frame_equal(lists.read(tmp_path), table)


def test_one_text_is_one_file_in_the_grammar_of_scenarios() -> None:
    first, second = texts.parse(TEXT, file="order.yaml")
    assert (first["rate_frac"], first["basis"], first["scope"], first["exempt"]) == (
        "0.15",
        "full_value",
        "all",
        "s301fl_52b|informational_materials",
    )
    assert (second["rate_frac"], second["basis"], second["scope"]) == ("", "ended", "")
    assert first["standing"] == "instrument"
    assert first["confidence"] == "high"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("rate: 0.15", "rate: 15", r"order.yaml, line 7: rate must be a fraction from 0 to 5, and 15 is none: write 0.30 for 30%"),
        ("rate: 0.15", "rate: 15%", "line 7: rate must be a fraction"),
        ("from: 2026-10-05", "from: 2026-13-05", "line 6"),
        ("from: 2026-10-05", "from: 5 Oct 2026", "line 6: a day is written as"),
        ("measure: us_301_fl", "mesure: us_301_fl", r"line 5: there is no field 'mesure'.*measure"),
        ("    scope: all\n", "    scope: all\n    scope: all\n", "line 9: the field 'scope' is given twice"),
        ("rate: ends", "rate: ends\n    scope: all", "line 10: what ends has neither"),
        ("announced_on: 2026-10-01\n", "", "the field `announced_on` is missing"),
        ("announced_on: 2026-10-01", "announced_on: 2026-10-01\nstanding: law", "'law' is not allowed here; write instrument or statement"),
        ("    rate: 0.15", "  rate: 0.15", "not valid YAML"),
    ],
)
def test_a_mistake_in_a_text_is_named_with_its_line(old: str, new: str, words: str) -> None:
    assert old in TEXT
    with pytest.raises(CatalogueError, match=words):
        texts.parse(TEXT.replace(old, new, 1), file="order.yaml")


def test_a_new_text_and_its_annex_are_sealed(law_copy: Path) -> None:
    added = lists.add("test_goods", "Annex\n8507.60.0020\n8471.30", folder=law_copy, source="Executive Order 99999", what="goods of a test")
    assert added == 2
    one = TEXT[: TEXT.index("  - measure: us_301_list3")].replace("scope: all", "scope: test_goods")
    (law_copy / "law" / "texts" / "2026-10-01-eo-99999.yaml").write_text(one, encoding="utf-8")
    assert set(checks.seal(folder=law_copy)) >= {"tariff_steps", "product_scopes", "scopes"}
    steps = catalogue.load("tariff_steps", folder=law_copy)
    assert steps.loc[steps["instrument"].str.contains("99999"), "scope"].tolist().count("test_goods") == 1
    assert catalogue.load("product_scopes", folder=law_copy)["scope"].eq("test_goods").sum() == 2


def test_a_built_table_is_not_edited_by_hand(law_copy: Path) -> None:
    path = law_copy / lawbook.STEPS
    path.write_text(path.read_text(encoding="utf-8").replace(",0.125,full_value", ",0.15,full_value"), encoding="utf-8")
    catalogue.seal(folder=law_copy)
    with pytest.raises(CatalogueError, match=r"tariff_steps\.csv: it is not what the files in data/law/texts"):
        checks.verify(folder=law_copy)
    # Sealed by force, it is no edit any more but an old build: built anew.
    checks.seal(folder=law_copy)
    assert ",0.125,full_value" in path.read_text(encoding="utf-8")


def test_an_edit_of_a_built_table_is_never_lost_in_silence(law_copy: Path) -> None:
    path = law_copy / lawbook.STEPS
    edited = path.read_text(encoding="utf-8").replace(",0.125,full_value", ",0.15,full_value")
    path.write_text(edited, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"tariff_steps\.csv: it was edited by hand.*data/law/texts.*git checkout"):
        checks.seal(folder=law_copy)
    assert path.read_text(encoding="utf-8") == edited


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ("8507.60.00 and 8507.60.0020", ["85076000", "8507600020"]),
        ("8507.60.00.20", ["8507600020"]),
        ("see 9903.01.25 and 90 FR 15041 of 2025", []),
        ("85076000\n8471\n0304.72.50", ["03047250", "8471", "85076000"]),
        ("7326.90.86 88", ["7326908688"]),
        ("2025\n", ["2025"]),
    ],
)
def test_codes_are_taken_from_an_annex_as_printed(content: str, codes: list[str]) -> None:
    assert lists.codes_of(content) == codes


def test_an_annex_without_codes_or_words_is_refused(law_copy: Path) -> None:
    with pytest.raises(CatalogueError, match="holds no product code"):
        lists.add("s301_list1", "no codes here", folder=law_copy, source="a notice")
    with pytest.raises(CatalogueError, match="say what it covers with --what"):
        lists.add("new_list", "8507.60", folder=law_copy, source="a notice")
    with pytest.raises(CatalogueError, match="coverage must be one of full, partial, use"):
        lists.add("s301_list1", "8507.60", folder=law_copy, source="a notice", coverage="whole")


def test_the_command_adds_an_annex(
    law_copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(home, "data_folder", lambda: law_copy)
    annex = tmp_path / "annex.txt"
    annex.write_text("0101.21.00\n", encoding="utf-8")
    assert main(["data", "annex", "s301_list1", str(annex), "--source", "a notice", "--from", "2026-10-05"]) == 0
    assert "1 codes are new" in capsys.readouterr().out


@pytest.fixture
def law_copy(data_copy: Path) -> Path:
    """A copy of the package with its law as texts and lists."""
    if not (data_copy / "law" / "texts").is_dir():
        head, *rows = csv.reader(io.StringIO((data_copy / lawbook.STEPS).read_text(encoding="utf-8")))
        texts.write(pd.DataFrame(rows, columns=head, dtype=object), data_copy)
        lists.write(parquet.read(data_copy / lawbook.SCOPES), data_copy)
        lawbook.build(data_copy)
        catalogue.seal(folder=data_copy)
    return data_copy
