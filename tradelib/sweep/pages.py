"""A sweep over reports: a page a day and a value, made by the machinery that publishes, and a table of what each page states."""

import contextlib
import functools
import io
import itertools
import json
import multiprocessing.process
import shutil
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from tradelib import catalogue, extras
from tradelib.catalogue import integrity, parquet
from tradelib.errors import SweepError
from tradelib.report import execute, keys, plan, pool, publish, shipped, site, swap, taken
from tradelib.report.notebooks import find_notebooks, imports
from tradelib.report.plan import Job
from tradelib.report.values import spelled
from tradelib.sweep import calculations, days, engines, grid, identity, work
from tradelib.sweep.calculations import Swept
from tradelib.sweep.engines import Engine
from tradelib.sweep.progress import Progress
from tradelib.sweep.work import Failure

SITE, STATEMENTS = "site", "statements.parquet"
# A piece of work is so many pages at most, of one notebook and one value of every parameter.
_PAGES = 10
_COLUMNS = {"place": "int64", "kind": "str", "words": "str", "value": "str", "actor": "str", "page": "str"}


@dataclass(frozen=True)
class Batch:
    """Some pages of one notebook."""

    jobs: tuple[Job, ...]
    commit: str


@dataclass(frozen=True)
class Asked:
    """What was asked: the days of the table, the day of the page of each, the parameters that vary, and the pages."""

    days: tuple[date, ...]
    page_day: dict[date, date]
    varied: tuple[str, ...]
    jobs: tuple[Job, ...]


def reports(
    notebooks: Sequence[str],
    *,
    as_of: str,
    out: str | Path,
    every: str = "day",
    parameters: Mapping[str, str] | None = None,
    supply: Mapping[str, Any],
    workers: int | None = None,
    scheduler: object = None,
    cluster: int = 0,
    stream: TextIO | None = None,
) -> Swept:
    """Pages of notebooks for all days and values in `out`/site, and the table `out`/statements.parquet of what they state.

    A day has a page of its own where something became known on it, or something known begins or ends to hold; on another day the newest
    page counts, and the table says which in `page_as_of`. Pages that are up to date are not made again.

    Parameters
    ----------
    notebooks : names such as "01_briefing"; none means all.
    as_of, every, out, workers, scheduler, cluster, stream : as for `calculations.calculate`.
    parameters : values to vary, by name, as text separated by commas; see `grid.split`.
    supply : what `publish.publish` is handed beside days, parameters and folder: `notebooks_dir`, `resolve_as_of`, `judge`,
        `data_hashes`, `verify_data`, and what the site tells beside its pages.

    Raises
    ------
    ParameterError, DayError, SweepError, ReportError : as for `calculations.calculate`; nothing has begun.
    """
    extras.need("report")
    extras.need("files")
    folder = site.named(out)
    asked = planned(notebooks, as_of, every, parameters or {}, supply)
    target, notebooks_dir = site.check_target(folder / SITE), Path(supply["notebooks_dir"])
    common, expected = keys.common(dict(supply["data_hashes"]())), identity.of_pages()
    engine = calculations.chosen(workers, scheduler, cluster, expected, identity.of_pages)
    with contextlib.closing(engine), swap.locked(target):
        wanted = [
            job for job in asked.jobs if keys.recorded(target, job) != keys.key(job, common) or not taken.is_whole(target, job.page_folder)
        ]
        if wanted and "verify_data" in supply:
            supply["verify_data"]()
        _tidy(target)
        progress = Progress(len(asked.jobs), len(asked.jobs) - len(wanted), stream or sys.stderr)
        failed: list[Failure] = []
        with contextlib.closing(progress), contextlib.closing(_made(wanted, engine, common, keys.commit(notebooks_dir))) as pages:
            for each in pages:
                if isinstance(each, Failure):
                    failed.append(each)
                else:
                    _put(target, each)
                progress.step(1)
    wrong = {(each.as_of, each.part) for each in failed}
    there = [job for job in asked.jobs if (date.fromisoformat(job.as_of), job.words) not in wrong]
    if there:
        _assemble(target, there[0], supply)
    integrity.replace_file(folder / STATEMENTS, statements(asked, there, target))
    order = tuple(sorted(failed, key=lambda each: (each.as_of, each.part)))
    return Swept(folder, "page", len(asked.jobs), len(asked.jobs) - len(wanted), len(asked.days), order)


def planned(notebooks: Sequence[str], as_of: str, every: str, parameters: Mapping[str, str], supply: Mapping[str, Any]) -> Asked:
    """Days and pages of a sweep; everything that can be refused is refused here."""
    ranges = days.spans(as_of, "as_of", supply["resolve_as_of"])
    moves = days.moves(days.ledgers())
    asked = days.chosen(ranges, every, moves)
    page_day = {day: max(days.newest(moves, day), asked[0]) for day in asked}
    paths = find_notebooks(notebooks, supply["notebooks_dir"])
    values = {name: grid.split(text) for name, text in parameters.items()}
    jobs: list[Job] = []
    for chosen in itertools.product(*values.values()):
        given = dict(zip(values, chosen, strict=True))
        of_days = [day.isoformat() for day in dict.fromkeys(page_day.values())]
        jobs += plan.plan_jobs(paths, of_days, given, supply["resolve_as_of"], execute.TIMEOUT, None, supply.get("judge"))
    each = {(job.notebook, job.slug): job for job in jobs}
    return Asked(asked, page_day, tuple(sorted(values)), tuple(each.values()))


def _made(wanted: Sequence[Job], engine: Engine, common: Mapping[str, Any], commit: str) -> Generator[site.SitePage | Failure, None, None]:
    """Each page as it is made, or why there is none: beside this process, or in batches by an engine that is elsewhere."""
    if isinstance(engine, engines.Local):
        yield from made(wanted, common, commit, engine.workers)
        return
    for batch, outcome in engine.run(functools.partial(do, common=common), list(_batches(wanted, commit))):
        if isinstance(outcome, SweepError):
            yield from (_failure(job, str(outcome)) for job in batch.jobs)
        else:
            yield from outcome


def do(batch: Batch, common: Mapping[str, Any]) -> list[site.SitePage | Failure]:
    """Make the pages of a batch, on a worker."""
    with _children():
        return list(made(batch.jobs, common, batch.commit, workers=1))


def made(jobs: Sequence[Job], common: Mapping[str, Any], commit: str, workers: int) -> Iterator[site.SitePage | Failure]:
    """Each page as it is made, in processes beside this one; one that fails takes no other with it.

    One whose process has ended is tried once more, when no other is at work.
    """
    if not jobs:
        return
    at_hand = [_at_hand(job) for job in jobs]
    pool.preload(imports(dict.fromkeys(job.path for job in at_hand)), ["tradelib.catalogue:read_all"])
    again: list[Job] = []
    for job, outcome in _outcomes(jobs, at_hand, workers):
        if isinstance(outcome, Exception):
            again.append(job)
        else:
            yield _page(job, outcome, common, commit)
    for job, outcome in _outcomes(again, [_at_hand(job) for job in again], 1):
        yield _page(job, work.why(outcome) if isinstance(outcome, Exception) else outcome, common, commit)


def _outcomes(jobs: Sequence[Job], at_hand: Sequence[Job], workers: int) -> Iterator[tuple[Job, Any]]:
    how: dict[str, Any] = {"workers": workers, "step_seconds": execute.TIMEOUT + execute.GRACE_SECONDS, "shared_imports": True}
    with contextlib.closing(pool.finished(attempt, at_hand, describe=lambda job: job.words, kin=plan.kin, **how)) as outcomes:
        for place, outcome in outcomes:
            yield jobs[place], outcome


def _page(job: Job, outcome: Any, common: Mapping[str, Any], commit: str) -> site.SitePage | Failure:
    if isinstance(outcome, str):
        return _failure(job, outcome)
    return publish.site_page(job, outcome, common["data"], keys.key(job, common), commit)


def _failure(job: Job, why: str) -> Failure:
    return Failure(date.fromisoformat(job.as_of), job.words, why)


def attempt(job: Job) -> Any:
    """A page, or why there is none."""
    try:
        return publish.make(job)
    except Exception as error:  # whatever it is, it is one page's, and told at the end
        return work.why(error)


def statements(asked: Asked, jobs: Sequence[Job], target: Path) -> bytes:
    """The table of what pages state, as a Parquet file: one row a day, page and statement, in order.

    Columns: notebook, as_of, page_as_of (the day of the page: nothing became known between the two), a column a parameter that
    was given, place and kind (`title`, `standfirst`, `message`, `fact`), words, value and actor (of a fact), page (below the
    folder of the site).
    """
    rows = []
    for job in jobs:
        build = json.loads((target / job.page_folder / "build.json").read_text(encoding="utf-8"))
        given = {name: spelled(value) for name, value in (build["parameters"] | build["changed"]).items() if name in asked.varied}
        told = list(_stated(build))
        of_page = [day for day in asked.days if asked.page_day[day].isoformat() == job.as_of]
        for day in of_page:
            lead = {"notebook": job.notebook, "as_of": day, "page_as_of": job.as_of, **given}
            page = (job.page_folder / "index.html").as_posix()
            rows += [{**lead, "place": place, **said, "page": page} for place, said in enumerate(told, start=1)]
    names = {"notebook": "str", "as_of": "datetime64[us]", "page_as_of": "datetime64[us]", **dict.fromkeys(asked.varied, "str"), **_COLUMNS}
    table = pd.DataFrame(rows, columns=list(names)).astype(names)
    table = table.sort_values(["notebook", *asked.varied, "as_of", "place"], ignore_index=True)
    return parquet.content(table, notes={work.EDITION: catalogue.edition().version, work.CODE: identity.of_pages()["code"]})


def _stated(build: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    yield {"kind": "title", "words": build["title"], "value": "", "actor": ""}
    if build["standfirst"]:
        yield {"kind": "standfirst", "words": build["standfirst"], "value": "", "actor": ""}
    for message in build["messages"]:
        yield {"kind": "message", "words": message, "value": "", "actor": ""}
    for fact in build["facts"]:
        yield {"kind": "fact", "words": fact["words"], "value": fact["value"], "actor": fact["actor"] or ""}


def _batches(jobs: Sequence[Job], commit: str) -> Iterator[Batch]:
    for _, group in itertools.groupby(jobs, key=lambda job: (job.path, sorted(job.changed.items(), key=str))):
        of_one = list(group)
        for first in range(0, len(of_one), _PAGES):
            yield Batch(tuple(of_one[first : first + _PAGES]), commit)


def _at_hand(job: Job) -> Job:
    """A job whose notebook and folder are there: on another machine the notebook is that of the package."""
    path = job.path if job.path.is_file() else shipped.folder() / job.path.name
    if not path.is_file():
        message = f"The notebook {job.path.name} is not there for the worker; share its folder, or leave out --notebooks."
        raise SweepError(message)
    return replace(job, path=path, folder=job.folder if job.folder.is_dir() else Path.cwd())


@contextlib.contextmanager
def _children() -> Iterator[None]:
    """Let this process have processes of its own: a worker of Dask is a daemon, which multiprocessing forbids them.

    They end with it all the same (see `pool.end_with_parent`).
    """
    settings = multiprocessing.process.current_process()._config  # type: ignore[attr-defined]
    before = settings.get("daemon")
    settings["daemon"] = False
    try:
        yield
    finally:
        settings["daemon"] = before


def _put(target: Path, page: site.SitePage) -> None:
    """Put a page into the folder of the site, whole or not at all; what stands beside it is no longer up to date."""
    target.mkdir(parents=True, exist_ok=True)
    (target / swap.MARKER).touch()
    (target / "robots.txt").unlink(missing_ok=True)
    _tidy(target)
    began, place = swap.beside(target, "page"), target / page.folder
    site.write_page(began, page)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(place, ignore_errors=True)
    (began / page.folder).rename(place)
    _tidy(target)


def _tidy(target: Path) -> None:
    shutil.rmtree(swap.beside(target, "page"), ignore_errors=True)


def _assemble(target: Path, job: Job, supply: Mapping[str, Any]) -> None:
    """Have the site assembled around its pages, by asking to publish one that is up to date."""
    given = {name: spelled(value) for name, value in job.changed.items()}
    publish.publish([job.notebook], days=[job.as_of], out=target, parameters=given, stream=io.StringIO(), **supply)
