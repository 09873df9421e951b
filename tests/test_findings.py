"""The scripts in findings/ keep their form; they are not run here, since they need a package index."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "findings"
SCRIPTS = sorted(FOLDER.glob("*.sh"))
BASH = shutil.which("bash") or "bash"


def test_each_finding_has_its_line_and_each_line_its_finding() -> None:
    listed = re.findall(r"^\| `([\w.]+)` \|", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == [path.name for path in SCRIPTS]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_finding_is_short_pinned_tidy_and_without_us(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    head = text.split("\nset -euo pipefail\n")[0]
    assert len(text.splitlines()) < 60
    assert text.startswith("#!/usr/bin/env bash\n# ")
    assert re.search(r"^# Seen 20\d\d-\d\d-\d\d: \w+", head, re.MULTILINE)
    assert "mktemp -d" in text
    assert "trap 'rm -rf \"$folder\"' EXIT" in text
    assert "seen:" in text
    assert "Changed: " in text
    assert not re.search(r"tradelib|--(extra-)?index-url|-i http|/home/|/work/|TRADELIB", text)
    installed = " ".join(
        re.findall(r"(?:install --quiet --disable-pip-version-check|^install|pip install --quiet) (.*)", text, re.MULTILINE)
    )
    packages = [word.strip("'\"") for word in installed.split() if re.match(r"['\"]?[A-Za-z]", word)]
    assert packages
    assert all("==" in word or "<" in word for word in packages), packages
    assert subprocess.run([BASH, "-n", str(path)], check=False).returncode == 0
