"""Publishing: notebooks and days to a site, and notebooks in git to their own outputs."""

import contextlib
import os
import pickle
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from tradelib import extras, wording
from tradelib.errors import LeakError, ReportError
from tradelib.report import calendar, execute, figures, keys, listing, pool, private, share, site, swap, taken
from tradelib.report import products as product_pages
from tradelib.report.notebooks import begin_early, find_notebooks, imports
from tradelib.report.parameters import declared
from tradelib.report.plan import Job, Judge, kin, plan_jobs
from tradelib.report.pool import run_jobs


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
class DataPage:
    """The tables of a site's page of data: what describes them (see `companions.data_html`), their folder, and the edition.

    With the words of the glossary and the corrections of the tables, which have pages of their own (see `reference`).
    """

    tables: Sequence[Mapping[str, Any]]
    folder: Path
    edition: str
    terms: Sequence[Mapping[str, Any]] = ()
    corrections: Sequence[Mapping[str, Any]] = ()


class _OnData(NamedTuple):
    """What a site shows of the data, with its pages: written while other processes get ready."""

    data: DataPage
    pages: dict[str, str]


def _on_data(data: DataPage) -> _OnData:
    return _OnData(data, site.data_pages(data.tables, data.terms, data.corrections, data.edition))


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
    card: bytes = b""
    figures: Mapping[str, bytes] = field(default_factory=dict)


def publish(  # noqa: PLR0913, all but the first are named
    notebooks: Sequence[str],
    *,
    days: Sequence[str],
    out: str | Path,
    notebooks_dir: str | Path,
    resolve_as_of: Callable[[str], date],
    parameters: Mapping[str, Any] | None = None,
    data_hashes: Callable[[], Mapping[str, str]] | None = None,
    verify_data: Callable[[], object] | None = None,
    data: Callable[[], DataPage] | None = None,
    news: site.News | None = None,
    named_days: Callable[[], Mapping[date, str]] | None = None,
    between: calendar.Between | None = None,
    products: product_pages.Products | None = None,
    key_dates: site.Dates | None = None,
    address: str = "",
    again: bool = False,
    check: bool = False,
    take_from: str | Path | None = None,
    workers: int | None = None,
    timeout: int = execute.TIMEOUT,
    shared_imports: bool = True,
    prepare: Sequence[str] = (),
    judge: Judge | None = None,
    stream: TextIO | None = None,
) -> list[Published]:
    """Pages of notebooks for days, added to a site that is replaced whole or stays as it was.

    Names, parameters, days and the target are checked before any notebook runs. Pages that the site holds already stay; of those asked
    for, only the ones are made again whose notebook, parameters, data, package, libraries or Python have changed since.

    Parameters
    ----------
    notebooks : names such as "01_briefing"; none means all.
    days : ISO days or "latest".
    out : folder of the site.
    notebooks_dir : folder of the notebooks.
    resolve_as_of : from "latest" or an ISO day to the day; raises DayError for a day outside the edition.
    parameters : other parameters, as text from a command line or as values; each must be declared by every notebook chosen.
    data_hashes : gives file name to sha256 of the data that the reports read, for build.json.
    verify_data : holds the data against their description, where a page is to be made; raises for the first fault.
    data : gives the tables for the page of data; without it the site has none.
    news : gives what became known up to the newest of the published days, for the feed (see `companions.feed_xml`).
    named_days : gives the days that have a name, for the calendar.
    between : gives what became known after one day and up to another, for the pages of days (rows as of `news`).
    products : what is told of products on each of the days; without it no such pages are made.
    key_dates : gives the days ahead as known on the newest of the published days, for a calendar (see `share.dates_ics`).
    address : where the site will stand, for the feed and the list of addresses.
    again : make every page asked for again, whether it is up to date or not.
    check : make the pages again, compare them with those of the site byte by byte, and change nothing.
    take_from : folder of another site, such as one made by CI; a page of it that was made from the same is taken over.
    workers : processes at most.
    timeout : seconds one cell may take.
    shared_imports : fork processes from one that has imported what notebooks need, where the system can; the pages are the same.
    prepare : functions that the process with the imports calls, as "module:function" (see `pool.preload`).
    judge : holds the parameters against what they ask for, before any notebook runs (see `plan_jobs`).
    stream : where progress and the summary go; stderr without it.

    Returns
    -------
    One item a page, by notebook and day in the order given.

    Raises
    ------
    ParameterError, DayError : an unknown notebook or parameter, or a value that is not allowed.
    ReportError : the target or the address cannot be used, a notebook failed, or a page would fail its checks; the executed copy of a
        notebook that failed is kept in the folder ``<out>.failed``. With `check`, a page that the site does not hold or that differs.
    """
    extras.need("report")
    stream, begun = stream or sys.stderr, time.perf_counter()
    paths = find_notebooks(notebooks, notebooks_dir)
    target, address = site.check_target(out), site.checked_address(address)
    failed = target.with_name(f"{target.name}.failed")
    other = None if take_from is None or again or check else taken.checked_source(take_from)
    with contextlib.ExitStack() as held:
        if shared_imports:
            begin_early(notebooks, notebooks_dir, target, prepare, again=again or check)
        jobs = plan_jobs(paths, days, dict(parameters or {}), resolve_as_of, timeout, failed, judge)

        def planned(name: str, values: Mapping[str, Any]) -> list[Job]:
            return plan_jobs(find_notebooks([name], notebooks_dir), days, dict(values), resolve_as_of, timeout, failed, judge)

        more, links = product_pages.named_jobs(products, planned) if products else ([], {})
        jobs += [job for job in more if (job.notebook, job.slug) not in {(other.notebook, other.slug) for other in jobs}]
        held.enter_context(swap.locked(target))
        _forget_failures(jobs, failed)
        hashes = dict(data_hashes()) if data_hashes else {}
        common = keys.common(hashes)
        current = [
            job for job in ([] if again or check else jobs)
            if keys.recorded(target, job) == keys.key(job, common) and taken.is_whole(target, job.page_folder)
        ]  # fmt: skip
        found = _takeable([job for job in jobs if job not in current], other, common)
        wanted = [job for job in jobs if job not in current and job not in found]
        day_keys = {job.as_of: keys.day_key(job.as_of, links.get(job.as_of, {}), common) for job in jobs if products}
        stale = {day: key for day, key in day_keys.items() if again or check or product_pages.recorded(target, day) != key}
        shown, commit = None, ""
        if wanted or stale:
            shown = _begin(imports(paths) if shared_imports else None, prepare, verify_data, None if check else data)
            commit = keys.commit(Path(notebooks_dir))
        how = {**_how(jobs, workers, stream), "shared_imports": shared_imports}
        beside = site.Beside(news, named_days, between, key_dates)
        made, beside = _run_all(wanted, beside, set() if check else _days_of(target, jobs), how)
        told = product_pages.made(products, stale, links, lambda parts: run_jobs(product_pages.make, parts, **how)) if products else []
        pages = [site_page(job, result, hashes, keys.key(job, common), commit) for job, result in zip(wanted, made, strict=True)]
        if check:
            _compare(target, pages, told)
        elif wanted or found or told or not site.assembled_for(target, address):
            with swap.staged(target) as folder:
                for page in pages:
                    site.write_page(folder, page)
                taken.take_over(folder, other, [job.page_folder for job in found])
                for one in told:
                    product_pages.write(folder, one, {"as_of": one.day, "data_sha256": hashes, "commit": commit})
                if data is not None:
                    shown = shown or _on_data(data())
                    site.write_data(folder, shown.data.tables, shown.data.folder, shown.pages)
                site.assemble(folder, address=address, beside=beside)
    published = [_published(job, result, target) for job, result in zip(wanted, made, strict=True)]
    seconds = time.perf_counter() - begun
    if check:
        print(f"{seconds:6.1f} s  {_counted(len(wanted))} made again: no byte differs", file=stream)
        return published
    _tell({"up to date": len(current), "taken over": len(found)}, told, target, stream)
    if wanted:
        _summarise(wanted, made, published, target, seconds, stream)
    return published


def _begin(
    modules: list[str] | None, prepare: Sequence[str], verify_data: Callable[[], object] | None, data: Callable[[], DataPage] | None
) -> _OnData | None:
    """Once there is work: prepare the process that others are forked from, and meanwhile hold the data against their description."""
    if modules is not None:
        pool.preload(modules, prepare)
    if verify_data is not None:
        verify_data()
    return None if data is None else _on_data(data())


@dataclass(frozen=True)
class _Aside:
    """A job beside those of notebooks: to tell what stands beside the pages, in a process that has made some, and remembers."""

    beside: site.Beside
    days: tuple[date, ...]
    words = "what stands beside the pages"
    has_no_steps = True

    def answers(self) -> site.Answers | None:
        """What it tells, where that can travel back; whatever goes wrong here is told where this was asked for, which asks again."""
        try:
            told = self.beside.answers(self.days)
            pickle.dumps(told)
        except BaseException:  # SystemExit among them
            return None
        return told


def _run_all(wanted: list[Job], beside: site.Beside, days: set[date], how: Mapping[str, Any]) -> tuple[list[_Made], site.Beside]:
    """Pages, and what the site tells beside them, worked out for some days where it can be called in another process."""
    aside = [_Aside(beside, tuple(sorted(days)))] if wanted and days and beside != site.NOTHING and _can_travel(beside) else []
    # Reports go from the brief to the deep: the last begin first, so that none of the long ones is left at the end.
    done = run_jobs(_do, [*wanted[::-1], *aside], **how, kin=_kin)
    for told in filter(None, done[len(wanted) :]):
        beside = beside.knowing(told)
    return done[: len(wanted)][::-1], beside


def _can_travel(value: object) -> bool:
    """Whether another process can load a value; what stands in `__main__` it cannot, which there is that of a notebook."""
    try:
        return b"__main__" not in pickle.dumps(value)
    except (pickle.PicklingError, AttributeError, TypeError):
        return False


def _do(job: Job | _Aside) -> Any:
    """Do a job of `publish`; runs in a process of its own, or one that has done others."""
    return job.answers() if isinstance(job, _Aside) else make(job)


def _kin(job: Job | _Aside) -> str | None:
    return job.days[-1].isoformat() if isinstance(job, _Aside) else kin(job)


def _days_of(target: Path, jobs: list[Job]) -> set[date]:
    """Days of the pages that a site will have."""
    return {*(entry.as_of for entry in listing.entries(target)), *(date.fromisoformat(job.as_of) for job in jobs)}


def _tell(counts: Mapping[str, int], told: list[product_pages.ProductDay], target: Path, stream: TextIO) -> None:
    """Say how many pages were not made again, and what was made of products."""
    for words, number in counts.items():
        if number:
            print(f"{_counted(number)} {words}, not made again; open {_shown(target / 'index.html')}", file=stream)
    for one in told:
        size = sum(len(text.encode()) for text in one.files().values()) / 1e6
        print(f"{one.seconds:6.1f} s {size:6.1f} MB  products as of {one.day}: {_counted(len(one.pages))}", file=stream)


def _takeable(jobs: list[Job], other: Path | None, common: Mapping[str, Any]) -> list[Job]:
    """Jobs whose pages another site holds, made from the same; one that is damaged is refused."""
    if other is None:
        return []
    same = [job for job in jobs if keys.recorded(other, job) == keys.key(job, common)]
    for job in same:
        taken.whole(other, job.page_folder)
    return same


def _how(jobs: list[Job], workers: int | None, stream: TextIO) -> dict[str, Any]:
    """How notebooks are run, for `run_jobs`."""
    seconds = max((job.timeout for job in jobs), default=0) + execute.GRACE_SECONDS
    return {"workers": workers, "describe": lambda job: job.words, "stream": stream, "step_seconds": seconds}


def _counted(pages: int) -> str:
    return "1 page" if pages == 1 else f"{pages} pages"


def _compare(target: Path, pages: list[site.SitePage], told: list[product_pages.ProductDay]) -> None:
    """Refuse pages that are not what the site holds, byte by byte; the commit they were made from may be another."""
    wrong = [name for one in told for name in product_pages.differing(target, one)]
    for page in pages:
        place, files = target / page.folder, page.files()
        held = {name: (place / name).read_bytes() for name in files if (place / name).is_file()}
        if taken.content(held) != taken.content(files):
            wrong.append(page.folder.as_posix())
    if wrong:
        message = f"These pages of {target.name} differ from what is made now, or are not there: {', '.join(wrong)}. Publish them again."
        raise ReportError(message)


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
    extras.need("report")
    paths = find_notebooks(notebooks, notebooks_dir)
    jobs = []
    for path in paths:
        declared(path)
        kept = Path(keep_failed) / path.name if keep_failed else None
        jobs.append(Job(path, "its default day", {}, {}, timeout, kept, path.resolve().parent))
    made = run_jobs(_make_in_place, jobs, **_how(jobs, workers, stream or sys.stderr))
    _warn(jobs, made, stream or sys.stderr)
    return [InPlace(job.notebook, _write_if_changed(job.path, item.executed), item.seconds) for job, item in zip(jobs, made, strict=True)]


def make(job: Job) -> _Made:
    """Execute and render one page; runs in a process of its own."""
    from tradelib.report.render import render
    from tradelib.show import drawing, pictures  # with what draws, which the process that assembles a site does without

    begun, warnings = time.perf_counter(), []
    kept = f" Its executed copy is {job.keep_failed.parent.name}/{job.keep_failed.name}." if job.keep_failed else ""
    try:
        asked = {"timeout": job.timeout, "folder": job.folder, "keep_failed": job.keep_failed, "on_warning": warnings.append}
        with pictures.wide_as(pictures.SITE_PX), drawing.drawn_once():
            notebook = execute.execute(job.path, job.values, **asked)
    except ReportError as error:
        has_copy = job.keep_failed is not None and job.keep_failed.exists()
        message = f"{error}{kept if has_copy else ''}"
        raise ReportError(message) from None
    try:
        private.cleaned(notebook, job.values, job.folder)
        page = render(notebook, slug=job.slug)
        _check_echo(job, page.header)
        pieces = figures.files(page.figures, page.header, page.label)
    except (ReportError, LeakError) as error:
        if job.keep_failed is not None:
            execute.keep(notebook, job.keep_failed)
        message = f"{job.words}: {error}{kept}"
        raise type(error)(message) from None
    card = share.card_png(page.header, wording.day(date.fromisoformat(job.as_of))) if page.header.get("front") else b""
    return _Made(execute.to_text(notebook), page, time.perf_counter() - begun, warnings, card, pieces)


def _check_echo(job: Job, header: Mapping[str, Any]) -> None:
    """Refuse a page that was computed for something else than was asked."""
    asked = {**private.shown(job.values, job.folder), "notebook": job.notebook}
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


def site_page(job: Job, made: _Made, hashes: dict[str, str], key: str, commit: str) -> site.SitePage:
    """A page that was made, ready for its folder, with what it was made from and what it states."""
    page, header = made.page, made.page.header
    build = {
        "notebook": job.notebook,
        "label": page.label,
        "title": page.title,
        "description": page.description,
        "as_of": job.as_of,
        "evidence_through": header["evidence_through"],
        "edition": header["edition"],
        "front": bool(header.get("front")),
        "licence": header.get("licence") or "",
        "standfirst": header.get("standfirst") or "",
        "messages": header.get("messages", []),
        "facts": header.get("facts", []),
        "parameters": private.shown(job.values, job.folder),
        "changed": private.marked(job.changed, job.folder),
        "sources_known_on": sorted(row["known_on"] for row in page.sources if row.get("known_on")),
        "data_sha256": hashes,
        "python": keys.python_version(),
        "packages": keys.versions(),
        "commit": commit,
        "key": key,
    }
    return site.SitePage(job.notebook, job.slug, page.html, page.data, made.executed, build, made.card, made.figures)


def _forget_failures(jobs: list[Job], failed: Path) -> None:
    for job in jobs:
        if job.keep_failed is not None:
            job.keep_failed.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        failed.rmdir()


def _published(job: Job, made: _Made, target: Path) -> Published:
    page = target / job.page_folder / "index.html"
    return Published(job.notebook, date.fromisoformat(job.as_of), made.page.title, page, page.stat().st_size, made.seconds)


def _warn(jobs: list[Job], made: list[_Made], stream: TextIO) -> None:
    for job, item in zip(jobs, made, strict=True):
        for text in item.warnings:
            print(f"{job.words} warned: {' '.join(text.split())[:200]}", file=stream)


def _summarise(jobs: list[Job], made: list[_Made], published: list[Published], target: Path, seconds: float, stream: TextIO) -> None:
    _warn(jobs, made, stream)
    for item, job in zip(published, jobs, strict=True):
        print(f"{item.seconds:6.1f} s {item.bytes / 1000:6.0f} kB  {job.words}: {item.title}", file=stream)
    # The first page of a site leads to pages with every parameter at its default; to none of these.
    place = published[0].page if all(job.changed for job in jobs) else target / "index.html"
    print(f"{seconds:6.1f} s  {_counted(len(jobs))} published; open {_shown(place)}", file=stream)


def _shown(path: Path) -> str:
    """Path from where the person stands, if it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
