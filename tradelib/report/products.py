"""Pages of a day that no notebook makes: a story tells their cells, and they become pages as the cells of a notebook do.

They stand below `products/<day>/` in the folder of a site, at addresses that do not change; `products/index.html` is the newest front.
"""

import json
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradelib.days import parse_day
from tradelib.report import companions, ways
from tradelib.report.notebook_format import nbformat
from tradelib.report.values import Value

if TYPE_CHECKING:
    from tradelib.report.plan import Job

FOLDER = "products"
# Gives the pages of one part of a day, and the front of a day from what they say of themselves: functions of a module, for other processes.
Sheets = Callable[[str, date], Iterable[Any]]
Front = Callable[[date, list[dict[str, Any]], Mapping[str, str]], Any]


@dataclass(frozen=True)
class Products:
    """What is told of products.

    Attributes
    ----------
    parts
        names of the parts of a day, which are made beside one another.
    sheets, front
        a sheet has `folder` (below that of the day), `label`, `cells` (given a page, in order: Markdown or an output) and `about` (what it
        says of itself to the front).
    named
        notebooks with values of parameters whose pages belong to a day as well, by the names under which the front links to them.
    """

    parts: Sequence[str]
    sheets: Sheets
    front: Front
    named: Mapping[str, tuple[str, Mapping[str, Value]]] = field(default_factory=dict)


Run = Callable[[list["Part"]], list[tuple[list["ProductPage"], float]]]


@dataclass(frozen=True)
class Part:
    """One part of a day to make; the front where it has no name."""

    day: str
    name: str
    sheets: Sheets
    front: Front
    abouts: list[dict[str, Any]] = field(default_factory=list)
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What is made, for a line on the terminal."""
        return f"products as of {self.day}, {self.name or 'front'}"


@dataclass(frozen=True)
class ProductPage:
    """A page ready for its folder below that of its day."""

    folder: str
    html: str
    data: dict[str, str]
    about: dict[str, Any]


@dataclass(frozen=True)
class ProductDay:
    """The products of a day, ready for the site."""

    day: str
    key: str
    pages: list[ProductPage]
    seconds: float

    def files(self) -> dict[str, str]:
        """Every file of the pages, by its path below the folder of the day."""
        found = {}
        for page in self.pages:
            lead = f"{page.folder}/" if page.folder else ""
            found[f"{lead}index.html"] = page.html
            found |= {f"{lead}data/{name}": text for name, text in page.data.items()}
        return found


def named_jobs(
    products: Products, plan: Callable[[str, Mapping[str, Value]], list["Job"]]
) -> tuple[list["Job"], dict[str, dict[str, str]]]:
    """Jobs of the notebooks that belong to the products; and by day, for each name, the way to its page from the folder of the day.

    Parameters
    ----------
    plan : gives the jobs of a notebook with values of its parameters, one a day.
    """
    jobs: list[Job] = []
    links: dict[str, dict[str, str]] = {}
    for name, (notebook, values) in products.named.items():
        for job in plan(notebook, values):
            jobs.append(job)
            links.setdefault(job.as_of, {})[name] = f"../../{job.page_folder.as_posix()}/index.html"
    return jobs, links


def made(products: Products, days: Mapping[str, str], links: Mapping[str, Mapping[str, str]], run: Run) -> list[ProductDay]:
    """The products of some days: the parts of all beside one another, then the fronts.

    Parameters
    ----------
    days : the key of each day.
    links : of each day, as `named_jobs` gives them.
    run : results of `make` on parts, in their order.
    """
    parts = [Part(day, name, products.sheets, products.front) for day in days for name in products.parts]
    results = list(zip(parts, run(parts), strict=True))
    by_day = {day: [page for part, (pages, _) in results if part.day == day for page in pages] for day in days}
    fronts = [Part(day, "", products.sheets, products.front, [page.about for page in by_day[day]], links.get(day, {})) for day in days]
    seconds = {day: sum(took for part, (_, took) in results if part.day == day) for day in days}
    ends = zip(days.items(), run(fronts), strict=True)
    return [ProductDay(day, key, [*front, *by_day[day]], seconds[day] + took) for (day, key), (front, took) in ends]


def make(part: Part) -> tuple[list[ProductPage], float]:
    """(pages of one part, seconds they took); runs in a process of its own."""
    begun, day = time.perf_counter(), parse_day(part.day)
    sheets = part.sheets(part.name, day) if part.name else [part.front(day, part.abouts, part.links)]
    return [_page(sheet, part.day) for sheet in sheets], time.perf_counter() - begun


def _page(sheet: Any, day: str) -> ProductPage:
    from tradelib.report.page import Page
    from tradelib.report.render import render

    folder = "/".join(filter(None, (FOLDER, day, sheet.folder)))
    notebook = as_executed(sheet.label, sheet.cells(Page(FOLDER, as_of=day)))
    root = "/".join([".."] * (folder.count("/") + 1))
    page = render(notebook, slug=folder, site_root=root, made_by=f"tradelib publish --products --as-of {day}")
    return ProductPage(sheet.folder, page.html, page.data, sheet.about)


def as_executed(label: str, cells: Sequence[Any]) -> Any:
    """Cells as the executed notebook that shows them: Markdown as it is, an output as the output of a cell."""
    shown: list[dict[str, Any]] = []
    for number, cell in enumerate([f"# {label}", *cells]):
        about = {"id": f"cell-{number}", "metadata": {}}
        if isinstance(cell, str):
            shown.append({**about, "cell_type": "markdown", "source": cell})
        else:
            output = {"output_type": "display_data", "metadata": {}, "data": cell._repr_mimebundle_()}
            shown.append({**about, "cell_type": "code", "source": "", "execution_count": None, "outputs": [output]})
    return nbformat().from_dict({"cells": shown, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def recorded(target: Path, day: str) -> str:
    """Key that the products of a day of a site were made with; empty where it holds none."""
    folder = target / FOLDER / day
    try:
        return str(json.loads((folder / "build.json").read_text(encoding="utf-8"))["key"]) if (folder / "index.html").is_file() else ""
    except (OSError, ValueError, KeyError):
        return ""


def write(folder: Path, told: ProductDay, build: Mapping[str, Any]) -> None:
    """Write the pages of a day below the staging folder, in place of earlier ones."""
    place = folder / FOLDER / told.day
    shutil.rmtree(place, ignore_errors=True)
    for name, text in {**told.files(), "build.json": json.dumps({**build, "key": told.key}, indent=1, sort_keys=True) + "\n"}.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(text.encode())


def differing(target: Path, told: ProductDay) -> list[str]:
    """Pages of a day that the site does not hold as they are made now, but for their ways through the site."""
    place, wrong = target / FOLDER / told.day, []
    for name, text in told.files().items():
        held = (place / name).read_bytes().decode() if (place / name).is_file() else ""
        if ways.without(held) != ways.without(text):
            wrong.append(f"{FOLDER}/{told.day}/{name}")
    return wrong


def days(folder: Path) -> list[str]:
    """Days of which a site holds products, the newest first."""
    return sorted((path.parent.name for path in folder.glob(f"{FOLDER}/*/build.json")), reverse=True)


def addresses(folder: Path) -> list[str]:
    """Every page of products below its day, from the folder of the site, in order."""
    return sorted(path.relative_to(folder).as_posix() for day in days(folder) for path in (folder / FOLDER / day).rglob("index.html"))


def put_newest(folder: Path) -> None:
    """Copy the newest front to `products/index.html`, which names the dated page as the original."""
    newest = days(folder)[:1]
    for day in newest:
        html = (folder / FOLDER / day / "index.html").read_bytes().decode()
        (folder / FOLDER / "index.html").write_bytes(companions.moved(html, day).encode())


def link(folder: Path, site: ways.Site) -> None:
    """Give every page of products its ways through the site: the bar of its day, and the same page of other days."""
    held = days(folder)
    for path in map(folder.joinpath, addresses(folder)):
        day, *own = path.parent.relative_to(folder / FOLDER).parts
        tail = "/".join(own) or "."
        others = [parse_day(other) for other in held if (folder / FOLDER / other / tail / "index.html").is_file()]
        before = path.read_bytes().decode()
        after = ways.of_place(before, site, parse_day(day), others, FOLDER, tail)
        if after != before:
            path.write_bytes(after.encode())
