"""The command line: bad input ends with status 2 and one clear sentence; good input says what is known."""

import gc
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPOSITORY

from tradelib import catalogue, cli

BASH = shutil.which("bash") or "bash"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Status, output and error output of one command."""
    status = cli.main(arguments)
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["status", "--as-of", "2025-6-9"], "as_of must be an ISO day such as 2025-06-09, not '2025-6-9'."),
        (["publish", "--as-of", "2025-6-9"], "as_of must be an ISO day such as 2025-06-09, not '2025-6-9'."),
        (["publish", "--as-of", "2017-01-01"], "as_of must be 2018-01-01 or later"),
        (["publish", "-p", "as_off=2025-06-09"], "as_off"),
        (["publish", "-p", "window_days"], "-p takes NAME=VALUE"),
        (["publish", "-p", "as_of=2025-06-09"], "Give the day with --as-of"),
        (["publish", "01_briefing", "-p", "window_days=many"], "window_days"),
        (["publish", "01_briefing", "-p", "window_days=1", "-p", "window_days=2"], "given twice"),
        (["publish", "01_brefing"], "01_brefing"),
        (["run", "01_brefing"], "01_brefing"),
        (["data", "cite", "tarifs"], "There is no table 'tarifs'"),
        (["rate", "8517.13.00.99"], "Under 8517.13.00 stand 8517.13.0000"),
        (["rate", "851"], "2, 4, 6, 8 or 10 digits"),
        (["rate", "8517.13.0000", "--importer", "CN"], "ask for 8517.13"),
        (["rate", "8517.13", "--on", "2017-12-31"], "must be 2018-01-01 or later"),
        (["rate", "8517.13", "--on", "9 June 2025"], "on must be an ISO day"),
        (["average", "--weights", "2019"], "weights must be 2024 or 2017 for the importer US, not '2019'"),
        (["changes", "--from", "2025-05-15", "--to", "2025-05-11"], "The days are reversed: 2025-05-11 lies before 2025-05-15."),
        (["average", "--as-of", "2017-01-01"], "as_of must be 2018-01-01 or later"),
        (["scenario", "lapse"], "There is no scenario 'lapse'. The scenarios are as_scheduled"),
        (["scenario", "april_2025", "--as-of", "2024-01-01"], "rests on what became known on 12 April 2025"),
        (["scenario", "nowhere.yaml"], "The scenario file nowhere.yaml cannot be read"),
    ],
)
def test_bad_input_ends_with_one_sentence_and_leaves_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], words: str
) -> None:
    out = ["--out", str(tmp_path / "site")] if arguments[0] == "publish" else []
    status, _, said = run(capsys, *arguments, *out)
    assert status == 2
    assert words in said
    assert said.startswith("tradelib: ")
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_refused_before_anything_runs(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here first", encoding="utf-8")
    status, _, said = run(capsys, "publish", "--out", str(tmp_path / "file" / "site"))
    assert status == 2
    assert said.count("\n") == 1
    assert (tmp_path / "file").read_text(encoding="utf-8") == "here first"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_damaged_table_stops_publishing_and_leaves_the_old_site_whole(tmp_path: Path) -> None:
    """In a checkout of its own, found through the installed command and before a kernel starts."""
    for folder in ("tradelib", "data", "notebooks"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    steps = tmp_path / "data" / "law" / "tariff_steps.csv"
    steps.write_text(steps.read_text(encoding="utf-8").replace("2025-05-14,0.1,", "2025-05-14,0.2,", 1), encoding="utf-8")
    old = tmp_path / "site" / ".tradelib-site"
    old.parent.mkdir()
    old.touch()
    (tmp_path / "site" / "index.html").write_text("the old site", encoding="utf-8")
    command = [sys.executable, "-m", "tradelib", "publish", "01_briefing"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 2
    assert done.stderr.startswith("tradelib: data/law/tariff_steps.csv: ")
    assert done.stderr.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "notebooks", "site", "tradelib"]
    assert sorted(path.name for path in (tmp_path / "site").iterdir()) == [".tradelib-site", "index.html"]
    assert (tmp_path / "site" / "index.html").read_text(encoding="utf-8") == "the old site"


def test_status_is_ten_lines_of_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    for day in ("2018-01-01", "2025-06-09", "latest", "2026-11-23"):
        status, said, _ = run(capsys, "status", "--as-of", day)
        assert status == 0
        assert len(said.splitlines()) == 10
        assert max(map(len, said.splitlines())) <= 80


def test_status_of_9_june_2025(capsys: pytest.CaptureFixture[str]) -> None:
    _, said, _ = run(capsys, "status", "--as-of", "2025-06-09")
    for part in ("64 days left", "30% (peak 145%)", "10% (peak 125%)", "exports +4.8%, imports −3.4%", "69%", "London"):
        assert part in said
    assert "2026" not in said.replace(catalogue.edition().version, "")


def test_status_after_the_evidence_says_where_it_ends(capsys: pytest.CaptureFixture[str]) -> None:
    _, said, _ = run(capsys, "status", "--as-of", "2026-11-23")
    assert "information up to 9 October 2026" in said


def test_data_actions(capsys: pytest.CaptureFixture[str]) -> None:
    assert "tariff_steps" in run(capsys, "data", "list")[1].split()
    status, said, _ = run(capsys, "data", "verify")
    assert (status, f"\n{len(catalogue.names())} tables agree" in said) == (0, True)
    assert "Geological Survey" in run(capsys, "data", "cite", "rare_earths")[1]


def test_help_needs_no_heavy_package() -> None:
    """Else `tradelib --help` would take seconds."""
    code = "import sys, tradelib.cli; print(sorted({'pandas', 'seaborn', 'matplotlib', 'papermill', 'nbconvert'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert json.loads(done.stdout.replace("'", '"')) == []


@pytest.mark.parametrize(("code", "importer"), [("7326.90.8688", "US"), ("8507.60.0020", "US"), ("02032900", "CN"), ("120190", "CN")])
def test_rate_as_json_holds_layers_that_add_up(capsys: pytest.CaptureFixture[str], code: str, importer: str) -> None:
    status, out, _ = run(capsys, "rate", code, "--on", "2025-09-01", "--as-of", "2026-10-09", "--importer", importer, "--format", "json")
    answer = json.loads(out)
    assert status == 0
    assert (answer["on"], answer["as_of"], answer["importer"]) == ("2025-09-01", "2026-10-09", importer)
    assert answer["layers"][0]["family"] == "mfn"
    assert sum(layer["rate_frac"] for layer in answer["layers"]) == pytest.approx(answer["total_frac"])
    assert all(layer["url"].startswith("http") and layer["known_on"] <= "2026-10-09" for layer in answer["layers"][1:])


def test_rate_says_what_displaced_what(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "rate", "7326.90.8688", "--on", "2026-07-25")
    assert "77.9%  in total, of customs value" in out
    assert "Forced labour (12.5%), displaced" in out
    assert "gives way to Section 232, Metals annex I-A" in out
    assert "Some goods of this line are excluded from the list and owe none of its duty" in out


def test_rate_as_csv_has_a_row_a_layer(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "rate", "8517.13", "--on", "2025-05-20", "--format", "csv")
    lines = out.splitlines()
    assert lines[0].startswith("on,as_of,importer,code,family,rate_frac,measure_id")
    assert [line.split(",")[4] for line in lines[1:]] == ["mfn", "s301_lists", "ieepa_fentanyl", "ieepa_reciprocal"]


@pytest.mark.parametrize("by", ["family", "section"])
def test_average_as_json_holds_parts_that_add_up(capsys: pytest.CaptureFixture[str], by: str) -> None:
    status, out, _ = run(capsys, "average", "--importer", "US", "--on", "2025-06-09", "--by", by, "--format", "json")
    answer = json.loads(out)
    assert status == 0
    parts = answer[{"family": "families", "section": "sections"}[by]]
    assert sum(part["rate_frac"] for part in parts) == pytest.approx(answer["total_frac"])
    assert answer["headline_frac"] == pytest.approx(0.30)


def test_average_without_parts_is_one_row(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "average", "--importer", "CN", "--on", "2025-06-09", "--by", "none", "--format", "csv")
    header, row = out.splitlines()
    assert header.startswith("on,as_of,importer,weights,total_frac,headline_frac")
    assert row.startswith("2025-06-09,2026-10-09,CN,2024,0.31")
    _, table, _ = run(capsys, "average", "--importer", "CN", "--on", "2025-06-09", "--by", "none")
    assert "Parts of" not in table


def test_a_rate_that_is_not_held_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "rate", "8541.10.0080", "--on", "2027-06-23")
    assert "not known  in total" in out
    _, out, _ = run(capsys, "rate", "8541.10.0080", "--on", "2027-06-23", "--format", "json")
    assert json.loads(out)["total_frac"] is None


def test_a_scenario_prints_duties_and_differences_in_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    status, said, _ = run(capsys, "scenario", "truce_lapses", "--compare-with", "status_quo", "--as-of", "2025-06-09", "--on", "2025-08-12")
    assert status == 0
    assert max(map(len, said.splitlines())) <= 80
    assert "country-wide 54%, against 30%" in " ".join(said.split())
    assert "country-wide 34%, against 10%" in " ".join(said.split())
    assert "12 Aug 2025  China  Reciprocal retaliation" in said
    status, said, _ = run(capsys, "scenario", "as_scheduled", "--compare-with", "status_quo", "--as-of", "2026-10-09")
    said = " ".join(said.split())
    # On 23 June 2027 these rise by an amount that no text names yet; that a duty begins is another thing.
    assert "semiconductors: 50% -> not named" in said
    assert "ship-to-shore cranes: none -> 100%" in said
    assert "-> none" not in said
    status, said, _ = run(capsys, "scenario", "--as-of", "2025-06-09")
    assert "excess_capacity rests on what became known on 24 August 2026" in " ".join(said.split())


def test_a_rate_is_sourced_to_the_text_that_set_it_and_every_link_is_printed_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """The 125% of April 2025 had the memorandum that exempted electronics; links were broken at hyphens, and only the first was there."""
    day = ["--on", "2025-04-20", "--as-of", "2025-04-20"]
    _, said, _ = run(capsys, "rate", "8507.60.0020", *day)
    lines = [line.strip() for line in said.splitlines()]
    links = [line for line in lines[lines.index("125%  IEEPA reciprocal: Reciprocal tariff on China") :] if line.startswith("https://")]
    memorandum = "clarification-of-exceptions-under-executive-order-14257-of-april-2-2025-as-amended/"
    assert links[0] == "https://www.federalregister.gov/citation/90-FR-15625"
    assert links[1].endswith(memorandum)
    _, said, _ = run(capsys, "changes", "--from", "2025-06-02", "--to", "2025-06-03")
    steel = next(
        url for url in catalogue.load("tariff_steps")["url"] if url.startswith("https://www.federalregister.gov/citation/90-FR-24199|")
    )
    assert set(steel.split("|")) <= set(said.split())


def test_a_scenario_file_of_ones_own_is_read_and_a_wrong_one_named_by_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    text = "title: T\nquestion: Q?\nsteps:\n  - {measure: cn_2025_rec, from: start, rate: 0.5}\n"
    file.write_text(text, encoding="utf-8")
    status, said, _ = run(capsys, "scenario", str(file))
    assert (status, "10% -> 50%" in said) == (0, True)
    file.write_text(text.replace("0.5", "50"), encoding="utf-8")
    status, _, said = run(capsys, "scenario", str(file))
    assert status == 2
    assert "mine.yaml, line 4: rate must be a fraction from 0 to 5, and 50 is none: write 0.30 for 30%." in said


@pytest.mark.skipif(os.name == "nt", reason="closes streams as a POSIX shell does")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_lead_nowhere(closed: str) -> None:
    command = f"{sys.executable} -m tradelib publish no_such_notebook {closed}"
    assert subprocess.run([BASH, "-c", command], cwd=REPOSITORY, capture_output=True, check=False).returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="a folder in use cannot be removed")
def test_a_start_in_a_folder_that_is_gone_is_refused_in_a_sentence(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    command = f"mkdir {gone} && cd {gone} && rmdir {gone} && {sys.executable} -m tradelib publish --out {tmp_path / 'site'}"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run([BASH, "-c", command], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 2
    assert "tradelib: The folder in which this was started is gone" in done.stderr


def test_a_reader_who_leaves_early_ends_the_command_in_silence() -> None:
    command = f"'{sys.executable}' -m tradelib changes --from 2026-06-01 | head -1"
    done = subprocess.run([BASH, "-c", command], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert done.stdout.startswith("Known between")
    assert done.stderr == ""


@pytest.mark.parametrize(
    "command", [["rate", "9503.00.0073"], ["average"], ["average", "--from", "2026-12-30"], ["find", "9503"], ["scenario", "truce_lapses"]]
)
def test_an_answer_as_of_a_day_after_the_evidence_says_where_that_ends(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    said = " ".join(run(capsys, *command, "--as-of", "2027-01-01")[1].split())
    assert "The evidence of edition 2026.11 ends on 9 October 2026: what happened after it is not known here." in said
    assert "The evidence of edition" not in run(capsys, *command, *(["--to", "2026-12-31"] if "--from" in command else []))[1]


def test_a_command_leaves_the_collector_of_garbage_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    before = gc.get_threshold()
    assert run(capsys, "rate", "8517.13.00.00", "--on", "2025-06-09")[0] == 0
    assert run(capsys, "rate", "851")[0] == 2
    assert gc.get_threshold() == before
