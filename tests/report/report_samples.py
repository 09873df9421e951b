"""Small notebooks for the tests of the report room: the payloads of the contract, without the library that makes them."""

import base64
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import tradelib
from tradelib.report.outputs import MIME

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="200pt" height="100pt" viewBox="0 0 200 100"/>'
SVG = f"data:image/svg+xml;base64,{base64.b64encode(DRAWING).decode()}"
# One white pixel.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC"


def header(**changed: Any) -> dict[str, Any]:
    payload = {
        "kind": "header",
        "notebook": "01_briefing",
        "title": "Talks open in London with 64 days of truce left",
        "description": "Where the truce stood on 9 June 2025.",
        "as_of": "2025-06-09",
        "evidence_through": "2026-10-09",
        "edition": "2026.10",
        "notice": None,
        "parameters": {"as_of": "2025-06-09", "window_days": 90},
        "facts": [{"value": "30%", "words": "US duty added since February 2025, down from 145%", "actor": "us"}],
        "cite": "The tradelib authors (2026).",
        "licence": "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
        **changed,
    }
    return {MIME: payload, "text/html": f"<p>{payload['title']}</p>", "text/plain": payload["title"]}


def figure(name: str = "headline_duties", *, alt: str = "Step chart of duties where the US rate falls to 30 per cent.") -> dict[str, Any]:
    html = (
        f'<figure class="tl-figure" id="figure-{name}" style="margin:0"><figcaption><strong class="tl-title">Duties fell</strong>'
        f'<span class="tl-subtitle">Per cent of customs value</span></figcaption><picture><source media="(max-width: 40rem)"'
        f' srcset="{SVG}"><img alt="{alt}" src="{SVG}"></picture><p class="tl-source">Source: orders. <!--data--></p></figure>'
    )
    said = {"title": "Duties fell", "subtitle": "Per cent of customs value", "alt": alt, "source": "Source: orders."}
    return {
        MIME: {"kind": "figure", "name": name, "csv": "day,rate_frac\n2025-06-09,0.3\n", **said},
        "text/html": html,
        "image/png": PNG,
        "text/plain": alt,
    }


def table(name: str = "commitments", *, caption: str = "Geneva commitments") -> dict[str, Any]:
    html = (
        f'<div class="tl-table" id="table-{name}"><div class="tl-scroll" role="region" tabindex="0" aria-label="{caption}">'
        f"<table><caption>{caption}</caption>"
        '<thead><tr><th scope="col">Party</th><th scope="col" class="num">Points</th></tr></thead>'
        '<tbody><tr><td>US</td><td class="num">24</td></tr></tbody></table></div>'
        '<p class="tl-source">As known. <!--data--></p></div>'
    )
    return {MIME: {"kind": "table", "name": name, "csv": "party,points\nUS,24\n"}, "text/html": html, "text/plain": caption}


def text(words: str) -> dict[str, Any]:
    return {MIME: {"kind": "text"}, "text/markdown": words, "text/plain": words}


def sources(*rows: dict[str, Any]) -> dict[str, Any]:
    order = {"source": "Executive Order 14298", "url": "https://example.org/a?b=1&c=2", "known_on": "2025-05-12"}
    release = {
        "source": "Customs release & <note>",
        "url": "https://example.org/1|https://example.org/2",
        "known_on": "2025-06-09",
    }
    return {MIME: {"kind": "sources", "rows": list(rows) or [order, release]}, "text/plain": "sources"}


def body(known: str = "2025-06-09") -> list[dict[str, Any] | str]:
    """Everything of a small report but its header, its newest source `known` on a day: text in the notebook as str, outputs as dict."""
    return [
        "## Where it stands",
        text("A *word* on 24 points.\n\n### In detail\n\nMore."),
        figure(),
        "## Who promised",
        table(),
        sources({"source": "An order", "url": "https://example.org/a", "known_on": "2025-05-12"}) if known < "2025-06-09" else sources(),
    ]


def executed(*parts: dict[str, Any] | str, heading: str = "# Briefing\n\nThis line is dropped.") -> Any:
    """Notebook as it is after a run, made without one."""
    cells = [
        new_markdown_cell(heading, id="top"),
        new_code_cell("as_of = 'latest'", id="given", metadata={"tags": ["parameters"]}),
    ]
    for number, part in enumerate(parts):
        if isinstance(part, str):
            cells.append(new_markdown_cell(part, id=f"cell-{number}"))
        else:
            cells.append(new_code_cell("show()", id=f"cell-{number}", outputs=[new_output("display_data", data=part)]))
    return new_notebook(cells=cells)


def report(**changed: Any) -> Any:
    """A whole small report after its run."""
    return executed(header(**changed), *body())


def write_report(folder: Path, name: str = "01_briefing", *, extra: str = "", parameters: str = "window_days = 90  # days shown") -> Path:
    """Notebook file that shows a whole small report when it runs; `extra` is code of a cell before the last."""
    given = f'as_of = "latest"  # day of knowledge\n{parameters}'
    names = [line.split(" = ")[0] for line in parameters.splitlines()]
    opened = (
        "from IPython.display import publish_display_data\n"
        'as_of = "2026-10-09" if as_of == "latest" else as_of\n'
        f"bundle = {header(notebook=name)!r}\n"
        f"used = dict(as_of=as_of, {', '.join(f'{name}={name}' for name in names)})\n"
        f"bundle[{MIME!r}].update(as_of=as_of, parameters=used, title=f'The truce on {{as_of}}')\n"
        "publish_display_data(bundle)"
    )
    cells = [new_markdown_cell("# Briefing\n\nDropped.", id="top"), _code(given, "given", ["parameters"]), _code(opened, "open")]
    for number, part in enumerate(body()):
        if isinstance(part, str):
            cells.append(new_markdown_cell(part, id=f"part-{number}"))
        else:
            cells.append(_code(f"publish_display_data({part!r})", f"part-{number}"))
    cells.insert(-1, _code(extra or "1 + 1;", "extra"))
    path = folder / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def write_parameters(folder: Path, *sources_of_cells: str, tags: tuple[str, ...] = ("parameters",)) -> Path:
    """Notebook file with only parameters cells."""
    cells = [_code(source, f"cell-{number}", list(tags)) for number, source in enumerate(sources_of_cells)]
    path = folder / "01_briefing.ipynb"
    path.write_text(json.dumps(new_notebook(cells=cells)), encoding="utf-8")
    return path


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, for comparing byte by byte."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def environment() -> dict[str, str]:
    """Environment in which a new process finds the same package as this one, installed or not."""
    root = str(Path(tradelib.__file__).parents[1])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}


def names(folder: Path) -> list[str]:
    """What lies in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


def _code(source: str, name: str, tags: list[str] | None = None) -> Any:
    return new_code_cell(source, id=name, metadata={"tags": tags} if tags else {})


def two_reports(folder: Path) -> Path:
    """Folder of two notebooks, one with parameters of its own."""
    folder.mkdir()
    write_report(folder)
    write_report(folder, "02_duties", parameters="window_days = 90\nhs_code = '8541'")
    return folder


def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds, a minute and a half at most."""
    deadline = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def running(process: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked about does not."""
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # gone since; or no /proc, and the signal went through
        return sys.platform != "linux"
