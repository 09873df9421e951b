"""When a page is up to date: one key for everything that could change its bytes."""

import contextlib
import functools
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradelib.report import private

if TYPE_CHECKING:
    from packaging.requirements import Requirement

    from tradelib.report.plan import Job  # which would bring what pages need, and sweeps of calculations do not

PACKAGES = ("tradelib", "pandas", "numpy", "matplotlib", "seaborn", "papermill", "nbclient", "nbconvert", "ipykernel")


def common(data_hashes: Mapping[str, str]) -> dict[str, Any]:
    """What all pages of a run rest on: the data, the package, the libraries that it requires for reports, and Python."""
    return {"data": dict(data_hashes), "package": _package(), "libraries": _libraries(), "python": python_version()}


def key(job: "Job", shared: Mapping[str, Any]) -> str:
    """Key of one page: `common`, its notebook without outputs, its parameters, and the content of files that they name."""
    notebook = json.loads(job.path.read_text(encoding="utf-8"))
    cells = [[cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags", [])] for cell in notebook["cells"]]
    values, files = private.shown(job.values, job.folder), _files(job)
    return _digest({**shared, "cells": cells, "notebook": job.notebook, "values": values, "files": files})


def day_key(day: str, links: Mapping[str, str], shared: Mapping[str, Any]) -> str:
    """Key of the products of a day: `common`, and where their names lead."""
    return _digest({**shared, "products": day, "links": dict(links)})


def _files(job: "Job") -> dict[str, str]:
    """Digest of every file that a parameter names: a page is made again when its content changes."""
    named = private.files(job.values, job.folder)
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in named.items()}


def recorded(target: Path, job: "Job") -> str:
    """Key that the page of a site was made with; empty where it holds none."""
    folder = target / job.page_folder
    try:
        build = json.loads((folder / "build.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(build.get("key", "")) if (folder / "index.html").is_file() else ""


def python_version() -> str:
    """Version of the running Python."""
    return ".".join(str(part) for part in sys.version_info[:3])


@functools.cache
def versions() -> dict[str, str]:
    """Versions of the packages that make a page; not to be changed."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for package in PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def commit(folder: Path) -> str:
    """Commit of the checkout that a folder belongs to, with `, modified` where files differ from it; empty outside a checkout."""
    git = shutil.which("git")
    if git is None:
        return ""
    asked = {"cwd": folder, "capture_output": True, "text": True}
    head = subprocess.run([git, "rev-parse", "HEAD"], check=False, **asked)  # noqa: S603, a fixed command
    if head.returncode:
        return ""
    status = subprocess.run([git, "status", "--porcelain", "--untracked-files=no"], check=False, **asked)  # noqa: S603, a fixed command
    return head.stdout.strip() + (", modified" if status.stdout.strip() else "")


@functools.cache
def _package() -> str:
    """Digest of the files of this package: code, templates, styles; its data are counted by their own hashes."""
    root = Path(__file__).parent.parent
    files = [path for path in root.rglob("*") if path.suffix in (".py", ".j2", ".css", ".js", ".json") and "_data" not in path.parts]
    return _digest(sorted([path.relative_to(root).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()] for path in files))


@functools.cache
def _libraries() -> str:
    return _digest(sorted(closure("tradelib", "report").items()))


def closure(package: str, extra: str) -> dict[str, str]:
    """Versions of all distributions that a package requires with an extra, itself apart; what else is installed is no part of them."""
    from importlib.metadata import PackageNotFoundError

    from packaging.utils import canonicalize_name

    found: dict[str, str] = {}
    asked_once = functools.cache(_distribution)  # metadata are parsed anew at each question
    # Those that make a page are named by themselves too, for a package that lies on the path and is not installed.
    waiting: list[tuple[str, tuple[str, ...]]] = [(package, (extra,)), *((name, ()) for name in PACKAGES)]
    seen = set()
    while waiting:
        name, extras = asked = waiting.pop()
        if asked in seen:
            continue
        seen.add(asked)
        try:
            version, requirements = asked_once(name)
        except PackageNotFoundError:  # optional to it, or for another system
            continue
        found[canonicalize_name(name)] = version
        for needed in requirements:
            if needed.marker is None or any(needed.marker.evaluate({"extra": each}) for each in ("", *extras)):
                waiting.append((canonicalize_name(needed.name), tuple(sorted(needed.extras))))
    found.pop(canonicalize_name(package), None)
    return found


def _distribution(name: str) -> "tuple[str, list[Requirement]]":
    """Version of a distribution that is installed, and what it requires."""
    from importlib.metadata import distribution

    from packaging.requirements import Requirement

    held = distribution(name)
    return held.version, [Requirement(needed) for needed in held.requires or ()]


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
