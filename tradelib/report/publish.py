"""Publishing: notebooks and days to a site, and notebooks in git to their own outputs."""

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from tradelib.errors import LeakError, ReportError
from tradelib.report import execute, site
from tradelib.report.parameters import declared
from tradelib.report.plan import Job, find_notebooks, plan_jobs
from tradelib.report.pool import run_jobs

PACKAGES = ("tradelib", "pandas", "numpy", "matplotlib", "seaborn", "papermill", "nbclient", "nbconvert", "ipykernel")


@dataclass(frozen=True)
class Published:
    """One page that was published."""

    notebook: str
    as_of: date
    title: str
    page: Path
    bytes: int
    seconds: float


@dataclass(frozen=True)
class InPlace:
    """One notebook that was run in place, and whether its file changed."""

    notebook: str
    changed: bool
    seconds: float


@dataclass(frozen=True)
class _Made:
    executed: str
    page: Any
    seconds: float
    warnings: list[str] = field(default_factory=list)


def publish(  # noqa: PLR0913, all but the first are named
    notebooks: Sequence[str],
    *,
    days: Sequence[str],
    out: str | Path,
    notebooks_dir: str | Path,
    resolve_as_of: Callable[[str], date],
    parameters: Mapping[str, Any] | None = None,
    data_hashes: Callable[[], Mapping[str, str]] | None = None,
    workers: int | None = None,
    timeout: int = execute.TIMEOUT,
    stream: TextIO | None = None,
) -> list[Published]:
    """Pages of notebooks for days, added to a site that is replaced whole or stays as it was.

    Names, parameters, days and the target are checked before any notebook runs. Pages that the site holds already stay, unless
    they are made again.

    Parameters
    ----------
    notebooks : names such as "01_briefing"; none means all.
    days : ISO days or "latest".
    out : folder of the site.
    notebooks_dir : folder of the notebooks.
    resolve_as_of : from "latest" or an ISO day to the day; raises DayError for a day outside the edition.
    parameters : other parameters, as text from a command line or as values; each must be declared by every notebook chosen.
    data_hashes : gives file name to sha256 of the data that the reports read, for build.json.
    workers : processes at most.
    timeout : seconds one cell may take.
    stream : where progress and the summary go; stderr without it.

    Returns
    -------
    One item a page, by notebook and day in the order given.

    Raises
    ------
    ParameterError, DayError : an unknown notebook or parameter, or a value that is not allowed.
    ReportError : the target cannot be used, a notebook failed, or a page would break a gate; the executed copy of a notebook that
        failed is kept in the folder ``<out>.failed``.
    """
    stream, begun = stream or sys.stderr, time.perf_counter()
    paths = find_notebooks(notebooks, notebooks_dir)
    target = site.check_target(out)
    failed = target.with_name(f"{target.name}.failed")
    jobs = plan_jobs(paths, days, dict(parameters or {}), resolve_as_of, timeout, failed)
    with site.locked(target):
        _forget_failures(jobs, failed)
        hashes = dict(data_hashes()) if data_hashes else {}
        made = run_jobs(_make, jobs, workers=workers, describe=lambda job: job.words, stream=stream)
        with site.staged(target) as folder:
            for job, result in zip(jobs, made, strict=True):
                site.write_page(folder, _site_page(job, result, hashes))
            site.assemble(folder)
    published = [_published(job, result, target) for job, result in zip(jobs, made, strict=True)]
    _summarise(jobs, made, published, target, time.perf_counter() - begun, stream)
    return published


def run_in_place(
    notebooks: Sequence[str],
    *,
    notebooks_dir: str | Path,
    workers: int | None = None,
    timeout: int = execute.TIMEOUT,
    keep_failed: str | Path | None = None,
    stream: TextIO | None = None,
) -> list[InPlace]:
    """Notebooks executed with their default parameters and written back, each only if its bytes changed.

    Parameters
    ----------
    notebooks : names such as "01_briefing"; none means all.
    notebooks_dir : folder of the notebooks.
    workers : processes at most.
    timeout : seconds one cell may take.
    keep_failed : folder for the executed copy of a notebook that fails.
    stream : where progress goes; stderr without it.

    Raises
    ------
    ParameterError : an unknown notebook, or one without its parameters cell.
    ReportError : a notebook failed; no file is touched.
    """
    paths = find_notebooks(notebooks, notebooks_dir)
    jobs = []
    for path in paths:
        declared(path)
        kept = Path(keep_failed) / path.name if keep_failed else None
        jobs.append(Job(path, "its default day", {}, {}, timeout, kept))
    made = run_jobs(_make_in_place, jobs, workers=workers, describe=lambda job: job.notebook, stream=stream or sys.stderr)
    _warn(jobs, made, stream or sys.stderr)
    return [InPlace(job.notebook, _write_if_changed(job.path, item.executed), item.seconds) for job, item in zip(jobs, made, strict=True)]


def _make(job: Job) -> _Made:
    """Execute and render one page; runs in a process of its own."""
    from tradelib.report.render import render

    begun, warnings = time.perf_counter(), []
    kept = f" Its executed copy is {job.keep_failed.parent.name}/{job.keep_failed.name}." if job.keep_failed else ""
    try:
        notebook = execute.execute(job.path, job.values, timeout=job.timeout, keep_failed=job.keep_failed, on_warning=warnings.append)
    except ReportError as error:
        has_copy = job.keep_failed is not None and job.keep_failed.exists()
        message = f"{error}{kept if has_copy else ''}"
        raise ReportError(message) from None
    try:
        page = render(notebook, slug=job.slug)
        _check_echo(job, page.header)
    except (ReportError, LeakError) as error:
        if job.keep_failed is not None:
            execute.keep(notebook, job.keep_failed)
        message = f"{job.words}: {error}{kept}"
        raise type(error)(message) from None
    return _Made(execute.to_text(notebook), page, time.perf_counter() - begun, warnings)


def _check_echo(job: Job, header: Mapping[str, Any]) -> None:
    """Refuse a page that was computed for something else than was asked."""
    asked = {**job.values, "notebook": job.notebook}
    used = {**header["parameters"], "as_of": header["as_of"], "notebook": header["notebook"]}
    for name, value in asked.items():
        if name not in used:
            message = f"The notebook declares {name} but does not pass it to the page, so nobody can see that it was used."
            raise ReportError(message)
        if used[name] != value:
            message = f"The page was asked for with {name} = {value!r}, but its header says {used[name]!r}."
            raise ReportError(message)


def _make_in_place(job: Job) -> _Made:
    begun, warnings = time.perf_counter(), []
    notebook = execute.execute(job.path, timeout=job.timeout, in_place=True, keep_failed=job.keep_failed, on_warning=warnings.append)
    return _Made(execute.to_text(notebook), None, time.perf_counter() - begun, warnings)


def _write_if_changed(path: Path, text: str) -> bool:
    if path.read_bytes() == text.encode():
        return False
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
        Path(name).chmod(path.stat().st_mode & 0o777)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
    return True


def _site_page(job: Job, made: _Made, hashes: dict[str, str]) -> site.SitePage:
    page, header = made.page, made.page.header
    build = {
        "notebook": job.notebook,
        "label": page.label,
        "title": page.title,
        "description": page.description,
        "as_of": job.as_of,
        "evidence_through": header["evidence_through"],
        "edition": header["edition"],
        "parameters": job.values,
        "changed": job.changed,
        "data_sha256": hashes,
        "python": ".".join(str(part) for part in sys.version_info[:3]),
        "packages": _versions(),
    }
    return site.SitePage(job.notebook, job.slug, page.html, page.data, made.executed, build)


def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for package in PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def _forget_failures(jobs: list[Job], failed: Path) -> None:
    for job in jobs:
        if job.keep_failed is not None:
            job.keep_failed.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        failed.rmdir()


def _published(job: Job, made: _Made, target: Path) -> Published:
    page = target / "reports" / job.notebook / job.slug / "index.html"
    return Published(job.notebook, date.fromisoformat(job.as_of), made.page.title, page, page.stat().st_size, made.seconds)


def _warn(jobs: list[Job], made: list[_Made], stream: TextIO) -> None:
    for job, item in zip(jobs, made, strict=True):
        for text in item.warnings:
            print(f"{job.words} warned: {' '.join(text.split())[:200]}", file=stream)


def _summarise(jobs: list[Job], made: list[_Made], published: list[Published], target: Path, seconds: float, stream: TextIO) -> None:
    _warn(jobs, made, stream)
    for item, job in zip(published, jobs, strict=True):
        print(f"{item.seconds:6.1f} s {item.bytes / 1000:6.0f} kB  {job.words}: {item.title}", file=stream)
    pages = "1 page" if len(jobs) == 1 else f"{len(jobs)} pages"
    print(f"{seconds:6.1f} s  {pages} published; open {_shown(target / 'index.html')}", file=stream)


def _shown(path: Path) -> str:
    """Path from where the person stands, if it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
