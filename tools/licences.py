"""LICENSES.md: under what what we ship stands, and under what the packages stand that `make` installs, as their own metadata say.

.venv/bin/python tools/licences.py > LICENSES.md
"""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
OWN = "License :: OSI Approved :: "
LONGEST = 60
HEAD = """\
# Licences

Made by `make licences` from `requirements.lock` and the metadata of the packages; a test holds it against both.

## What we ship
The wheel holds the code of `tradelib`, the tables of `data/` and the notebooks, and no file of anybody else.

| part | licence |
| --- | --- |
| code, templates, styles, scripts and notebooks | MIT (`LICENSE`) |
| tables of `data/` | CC BY 4.0 (`LICENSE-DATA.md`, which names every publisher) |

## What it asks for
Nothing of these is copied; pip installs them beside it. Those in **bold** are what a rate needs; all others belong to extras, to
tests, or to what builds the package.

| package | version | licence |
| --- | --- | --- |
"""
MISSING = "not installed where this list was made: it belongs to another system or version of Python"


def locked() -> list[tuple[str, str]]:
    """Name and version of every package of the lock."""
    return sorted(set(PIN.findall((ROOT / "requirements.lock").read_text(encoding="utf-8"))))


def core() -> set[str]:
    """Names of what the package always asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {re.split(r"[<>=!~;\[ ]", text)[0].lower() for text in project["dependencies"]}


def licence(about: PackageMetadata) -> str:
    """Licence as a package says it: as an expression, by its classifiers, or in words of its own."""
    named = [text.rpartition(" :: ")[2] for text in about.get_all("Classifier", []) if text.startswith(OWN)]
    words = str(about.get("License") or "").strip().removeprefix("UNKNOWN")
    short = words if words and "\n" not in words and len(words) <= LONGEST else ""
    return str(about.get("License-Expression") or short or "; ".join(named) or "said in a file of the package")


def lines() -> Iterator[str]:
    """Rows of the list."""
    needed = core()
    for name, version in locked():
        try:
            about = metadata(name)
        except PackageNotFoundError:
            about = None
        said = MISSING if about is None or about["Version"] != version else licence(about).replace("|", "\\|")
        yield f"| {f'**{name}**' if name in needed else name} | {version} | {said} |\n"


def text() -> str:
    """The whole file."""
    return HEAD + "".join(lines())


if __name__ == "__main__":
    print(text(), end="")
