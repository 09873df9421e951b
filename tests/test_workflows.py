"""The workflows for a public code host: what they may do, and their steps run here with stand-ins for the host and the publishers."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tradelib import cli

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TOOL = re.compile(r"\.venv/bin/tradelib ((?:(?!\d?[>|&]| \|\|).)*)")
ACTION = re.compile(r"[\w.-]+/[\w./-]+@(v\d+|[0-9a-f]{40})")
BASH, GIT = shutil.which("bash") or "bash", shutil.which("git") or "git"
BLOCK = re.compile(r"^### ", re.MULTILINE)


def workflow(name: str) -> dict[Any, Any]:
    return yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8"))


def jobs() -> list[tuple[str, dict[str, Any]]]:
    return [(f"{path.stem}/{name}", job) for path in FILES for name, job in workflow(path.stem)["jobs"].items()]


def steps() -> list[tuple[str, dict[str, Any]]]:
    return [(f"{name}/{number}", step) for name, job in jobs() for number, step in enumerate(job["steps"])]


def test_there_are_a_check_a_refresh_a_watch_and_pages() -> None:
    assert [path.stem for path in FILES] == ["ci", "pages", "refresh", "watch"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_workflow_is_granted_no_right_to_write_as_a_whole_and_does_not_run_twice_at_once(path: Path) -> None:
    read = workflow(path.stem)
    assert set(read["permissions"].values()) <= {"read"}
    assert "concurrency" in read
    assert "pull_request_target" not in read[True]  # YAML reads the key `on` as a truth value
    assert "workflow_dispatch" in read[True]
    assert "secrets." not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "job"), jobs())
def test_a_job_that_may_write_runs_no_code_of_the_project(name: str, job: dict[str, Any]) -> None:
    assert job["timeout-minutes"] <= 90, name
    may = {right for right, level in job.get("permissions", {}).items() if level == "write"}
    expected = {"refresh/propose": {"contents", "pull-requests"}, "watch/tell": {"issues"}, "pages/deploy": {"pages", "id-token"}}
    assert may == expected.get(name, set())
    runs = "\n".join(step.get("run", "") for step in job["steps"])
    if may:
        assert not re.search(r"make|python|tradelib", runs)
    else:
        assert not re.search(r"\bgh\b|git push", runs)


@pytest.mark.parametrize(("name", "step"), steps())
def test_a_step_is_pinned_and_takes_outside_words_from_variables_only(name: str, step: dict[str, Any]) -> None:
    assert "run" in step or ACTION.fullmatch(step["uses"]), name
    assert "${{" not in step.get("run", ""), "an expression in a script is run as script"
    checked = subprocess.run([BASH, "-n"], input=step.get("run", ""), text=True, capture_output=True, check=False)
    assert checked.stderr == ""


@pytest.mark.parametrize(("name", "step"), [(name, step) for name, step in steps() if TOOL.search(step.get("run", ""))])
def test_a_command_of_ours_is_one_that_there_is(name: str, step: dict[str, Any]) -> None:
    for match in TOOL.finditer(step["run"]):
        arguments = shlex.split(match.group(1))
        assert cli._parser().parse_args(arguments).command, name


def test_every_target_of_make_is_one_that_there_is() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(ready)", ".venv/.ready")
    asked = {target for _, step in steps() for target in re.findall(r"\bmake ([\w./-]+)", step.get("run", ""))}
    assert asked >= {"report", "notebooks", "test"}
    assert all(re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE) for target in asked)


def step_of(name: str, job: str, title: str) -> str:
    return next(step["run"] for step in workflow(name)["jobs"][job]["steps"] if step.get("name") == title)


def write_program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/usr/bin/env bash\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.org"]
    return subprocess.run([GIT, *who, *arguments], cwd=folder, capture_output=True, text=True, check=True, env=plain()).stdout


def plain() -> dict[str, str]:
    """The environment without what would steer git, or a host."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "GITHUB_", "GH_"))}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with one table and one notebook, and where it came from."""
    if shutil.which("git") is None:
        pytest.skip("git is not here")
    folder = tmp_path / "checkout"
    for name, text in {
        "data/trade/statistics.csv": "series_id,value\na,1\n",
        "data/datapackage.json": "{}\n",
        "data/SHA256SUMS": "",
        "notebooks/01.ipynb": "{}\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    git(tmp_path, "init", "--quiet", "--bare", "origin")
    git(tmp_path, "init", "--quiet", "-b", "main", "checkout")
    git(folder, "add", "-A")
    git(folder, "commit", "--quiet", "-m", "Begin")
    git(folder, "remote", "add", "origin", str(tmp_path / "origin"))
    git(folder, "push", "--quiet", "origin", "main")
    return folder


def play(script: str, folder: Path, **variables: str) -> tuple[int, dict[str, str], str]:
    """Run a step as the host does; gives its status, what it set for later steps, and what it said."""
    output, summary = folder.parent / "output.txt", folder.parent / "summary.md"
    for path in (output, summary):
        path.write_text("", encoding="utf-8")
    environment = plain() | {
        "GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary), "PROPOSAL": str(folder.parent / "proposal"),
        "REPORT": str(folder.parent / "report"), "PATH": f"{folder.parent / 'bin'}{os.pathsep}{os.environ['PATH']}", **variables,
    }  # fmt: skip
    run = subprocess.run(
        [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines()), run.stdout + run.stderr


PLAN = "census_pages 5 answers\n  + a  2026-05-01  2\nCommit: Add 1 rows of US Census Bureau, to 2026-07-07\n```\n@everyone"


def publishers(folder: Path, status: int, *, append: bool = True) -> None:
    appended = "echo b,2 >>data/trade/statistics.csv" if append else ":"
    write_program(
        folder / ".venv/bin/tradelib", f'echo "$*" >asked.txt\ncat <<"END"\n{PLAN}\nEND\necho usgs failed >&2\n{appended}\nexit {status}'
    )


@pytest.mark.parametrize(("status", "result"), [(0, 0), (1, 0), (3, 0), (2, 2)])
def test_rows_are_proposed_whenever_some_were_appended_and_an_error_ends_the_job(checkout: Path, status: int, result: int) -> None:
    publishers(checkout, status)
    ended, told, said = play(step_of("refresh", "ask", "Ask the publishers"), checkout, WHAT="census,usgs")
    assert ended == result
    assert told == ({} if result else {"rows": "yes"})
    assert "usgs failed" in said
    assert (checkout / "asked.txt").read_text(encoding="utf-8").split() == [
        "refresh",
        "--what",
        "census,usgs",
        "--into",
        "checkout",
        "--write",
    ]


def test_nothing_is_proposed_where_no_row_was_appended(checkout: Path) -> None:
    publishers(checkout, 0, append=False)
    assert play(step_of("refresh", "ask", "Ask the publishers"), checkout, WHAT="$(touch harm)")[:2] == (0, {})
    assert not (checkout / "harm").exists()


def test_every_lock_is_audited_and_one_that_has_a_fault_ends_the_job(checkout: Path) -> None:
    for name in ("requirements.lock", "requirements-docs.lock"):
        (checkout / name).write_text("", encoding="utf-8")
    log = checkout.parent / "asked.txt"
    write_program(checkout.parent / "bin" / "python", f'echo "$*" >>"{log}"; case "$*" in *docs*) exit 1;; esac')
    ended, _, said = play(step_of("ci", "audit", "Audit every lock"), checkout)
    assert ended == 1, said
    asked = log.read_text(encoding="utf-8").splitlines()
    assert [line.split()[3] for line in asked] == ["requirements-docs.lock", "requirements.lock"]
    # Without --strict a package that the service does not know is passed over, and the job ends well.
    assert all("--require-hashes --disable-pip --strict" in line for line in asked)
    (checkout / "requirements-docs.lock").unlink()
    assert play(step_of("ci", "audit", "Audit every lock"), checkout)[0] == 0


STAND_IN = 'printf "%s\\n" "$*" >>"{log}"\ncase "$1 $2" in *" list") {jq} ;; esac'


@pytest.mark.parametrize("is_open", [False, True])
def test_the_proposal_is_a_branch_with_the_rows_and_the_plan_as_its_text(checkout: Path, is_open: bool) -> None:
    publishers(checkout, 1)
    play(step_of("refresh", "ask", "Ask the publishers"), checkout, WHAT="statistics")
    (checkout / "notebooks/01.ipynb").write_text('{"cells": []}\n', encoding="utf-8")
    assert play(step_of("refresh", "ask", "Write the proposal"), checkout, TESTS="failure")[0] == 0
    body = (checkout.parent / "proposal/body.md").read_text(encoding="utf-8")
    assert "The tests: failure." in body
    assert "\n    +b,2\n" in body
    assert BLOCK.split(body)[1].count("\n    ") >= 5
    assert all(line.startswith("    ") for line in body.splitlines() if "@everyone" in line or "```" in line), (
        "words of others are shown, not read"
    )

    other = checkout.parent / "other"
    git(checkout.parent, "clone", "--quiet", "-b", "main", "origin", "other")
    log = checkout.parent / "gh.txt"
    write_program(checkout.parent / "bin/gh", STAND_IN.format(log=log, jq="echo 7" if is_open else ":"))
    for _ in range(2):  # a second week, with the first proposal still open
        ended, _, said = play(step_of("refresh", "propose", "Open the pull request, or renew it"), other, BASE="main")
        assert ended == 0, said
        git(other, "switch", "--quiet", "main")
    assert git(other, "log", "--format=%s", "main..origin/refresh").splitlines() == ["Add 1 rows of US Census Bureau, to 2026-07-07"]
    changed = git(other, "diff", "--name-only", "main", "origin/refresh").split()
    assert changed == ["data/trade/statistics.csv", "notebooks/01.ipynb"]
    asked = log.read_text(encoding="utf-8")
    assert ("pr edit 7" in asked, "pr create --base main --head refresh" in asked) == (is_open, not is_open)


def test_a_proposal_can_change_data_and_notebooks_only(checkout: Path) -> None:
    publishers(checkout, 0)
    play(step_of("refresh", "ask", "Ask the publishers"), checkout, WHAT="statistics")
    (checkout / "Makefile").write_text("all:\n", encoding="utf-8")
    git(checkout, "add", "-A")
    play(step_of("refresh", "ask", "Write the proposal"), checkout, TESTS="success")
    other = checkout.parent / "other"
    git(checkout.parent, "clone", "--quiet", "-b", "main", "origin", "other")
    write_program(checkout.parent / "bin/gh", ":")
    assert play(step_of("refresh", "propose", "Open the pull request, or renew it"), other, BASE="main")[0] == 0
    assert git(other, "diff", "--name-only", "main", "refresh").split() == ["data/trade/statistics.csv"]


@pytest.mark.parametrize(
    ("due", "live", "attention"), [(0, 0, False), (0, 1, False), (1, 1, True), (0, 2, True), (0, 3, True), (2, 0, True)]
)
def test_the_watch_calls_a_person_when_something_is_late_or_a_source_fails(checkout: Path, due: int, live: int, attention: bool) -> None:
    write_program(checkout / ".venv/bin/tradelib", f'echo "$*"; case "$*" in *--due*) exit {due};; *) exit {live};; esac')
    ended, told, said = play(step_of("watch", "look", "Look"), checkout)
    assert ended == 0, said
    assert told == ({"attention": "yes"} if attention else {})
    body = (checkout.parent / "report/body.md").read_text(encoding="utf-8")
    assert f"(status {due})" in body
    assert "    refresh --what all" in body
    assert git(checkout, "status", "--porcelain", "--", "data") == ""


@pytest.mark.parametrize("is_open", [False, True])
def test_an_issue_is_opened_once_and_renewed_after_that(tmp_path: Path, is_open: bool) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "here").mkdir()
    log = tmp_path / "gh.txt"
    write_program(tmp_path / "bin/gh", STAND_IN.format(log=log, jq="echo 12" if is_open else ":"))
    ended, _, said = play(step_of("watch", "tell", "Open the issue, or renew it"), tmp_path / "here", TITLE="A title; $(touch harm)")
    assert ended == 0, said
    assert ("issue edit 12" if is_open else "issue create --title A title; $(touch harm) --body-file") in log.read_text(encoding="utf-8")
    assert not (tmp_path / "here" / "harm").exists()
