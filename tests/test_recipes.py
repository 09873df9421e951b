"""The recipes of the documentation: each is run, and shows what the page says."""

import doctest
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [*sorted((ROOT / "docs" / "recipes").glob("*.md")), ROOT / "docs" / "data-tools.md"]
# A block of code that is run, and the text that follows it, if it is to print something.
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_recipe_prints_what_its_page_says(page: Path, tmp_path: Path) -> None:
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    assert any(expected for *_, expected in blocks), "a recipe shows what it gives"
    for form, code, expected in blocks:
        if not all(find_spec(name) for name in re.findall(r"^import (duckdb|polars)$", code, re.MULTILINE)):
            continue  # `make check-data` has both
        done = run(form, code, tmp_path)
        assert done.returncode == 0, done.stderr
        assert doctest.OutputChecker().check_output(expected, done.stdout, doctest.ELLIPSIS), f"{code}gives\n{done.stdout}"


def run(form: str, code: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a block as a reader would: in a folder of their own, with the package installed."""
    bin_folder = folder / ".bin"
    if not bin_folder.exists():
        bin_folder.mkdir()
        command = bin_folder / "tradelib"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tradelib "$@"\n')
        command.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(bin_folder), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "TRADELIB_DATA": "edition",
        "COLUMNS": "100",
    }
    words = [shutil.which("bash") or "bash", "-e", "-c", code] if form == "sh" else [sys.executable, "-c", code]
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_every_recipe_stands_in_the_list_of_pages() -> None:
    listed = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for page in PAGES:
        assert f" {page.relative_to(ROOT / 'docs').as_posix()}\n" in listed


def test_the_dictionary_has_every_table_and_every_column(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "docs" / "hooks")
    import pages

    package = json.loads(pages.PACKAGE.read_text(encoding="utf-8"))
    lines = list(pages.dictionary(package))
    for resource in package["resources"]:
        assert f"\n## {resource['name']}\n" in lines
        for field in resource["schema"]["fields"]:
            assert any(line.startswith(f"| `{field['name']}` | {field['type']} |") for line in lines)


def test_the_page_for_a_wrong_address_leads_on_wherever_the_documentation_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "docs" / "hooks")
    import pages

    held = '<link href="/a.css"><script src="/b.js"></script><a href="https://example.org/">x</a><a href="//c">y</a>{"base": "/"}'
    found = '<link href="./a.css"><script src="./b.js"></script><a href="https://example.org/">x</a><a href="//c">y</a>{"base": "./"}'
    assert pages.on_post_template(held, template_name="404.html", config=None) == found
    assert pages.on_post_template(held, template_name="main.html", config=None) == held
