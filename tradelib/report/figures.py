"""Figures as objects of a site: each with its drawing, its picture and a page of its own, below the page that shows it.

They stand in `figures/` beside `data/`; what depends on the site around them is filled in when the site is assembled.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from tradelib import wording
from tradelib.days import parse_day
from tradelib.errors import ReportError
from tradelib.report import page_checks, ways
from tradelib.report.listing import Entry, environment
from tradelib.report.outputs import Figure, figure_links
from tradelib.report.render import SITE_NAME, style_sheet, without_control
from tradelib.report.share import ICON
from tradelib.show import pictures

FOLDER = "figures"
_BREAKS = re.compile(r"[\t\r\n]+")


def files(figures: list[Figure], header: Mapping[str, Any], label: str) -> dict[str, bytes]:
    """Every file of the figures of a page, by its path below the folder of the page.

    Parameters
    ----------
    header, label : of the page that shows them.

    Raises
    ------
    ReportError : a page of a figure would not pass `page_checks.faults`, or its drawing is none of ours.
    """
    found = {}
    for figure in map(_in_lines, figures):
        html = _page(figure, header, label)
        faults = page_checks.faults(html)
        if faults:
            message = f"The page of the figure {figure.name} of {header['notebook']} cannot be published: {faults[0]}."
            raise ReportError(message)
        found[f"{FOLDER}/{figure.name}.html"] = html.encode()
        found[f"{FOLDER}/{figure.name}.svg"] = _svg(figure).encode()
        if figure.png:
            found[f"{FOLDER}/{figure.name}.png"] = figure.png
    return found


def _in_lines(figure: Figure) -> Figure:
    """A figure whose words hold nothing that a drawing cannot show: each is one line, without control characters."""
    words = {key: _BREAKS.sub(" ", without_control(getattr(figure, key))) for key in ("title", "subtitle", "alt", "source")}
    return replace(figure, **words)


def _page(figure: Figure, header: Mapping[str, Any], label: str) -> str:
    day = parse_day(header["as_of"])
    return environment().get_template("figure.html.j2").render(
        site_name=SITE_NAME, style=style_sheet(), icon=ICON, figure=figure, header=header, label=label, as_of=day,
        links=figure_links(figure.name, has_png=bool(figure.png), up="../", with_page=False),
        cite=f"{figure.title}. As of {wording.day(day)}. Figure in: {header.get('cite') or header['title']}",
    )  # fmt: skip


def _svg(figure: Figure) -> str:
    try:
        return pictures.framed_svg(figure.svg, pictures.Words(figure.title, figure.subtitle, figure.source), figure.alt)
    except ValueError as error:
        message = f"The figure {figure.name} cannot be published: {error}"
        raise ReportError(message) from None


def names(folder: Path) -> list[str]:
    """Names of the figures below the folder of a page."""
    return sorted(path.stem for path in (folder / FOLDER).glob("*.html"))


def link(folder: Path, site: ways.Site, address: str) -> None:
    """Give every page of a figure its ways through the site, the same figure of other days, its address and its code to embed.

    Parameters
    ----------
    folder : of the site.
    address : where the site stands; empty where that is not known.
    """
    held = {entry: names(folder / entry.folder) for entry in site.found}
    for entry, own in held.items():
        for name in own:
            days = [other for other in site.found if _same(other, entry) and name in held[other]]
            path = folder / entry.folder / FOLDER / f"{name}.html"
            before = path.read_bytes().decode()
            after = ways.of_figure(before, entry, site, [other for other in days if other != entry], name)
            after = ways.put(after, _shared(entry, name, _alt(after), address, has_png=path.with_suffix(".png").is_file()))
            if after != before:
                path.write_bytes(after.encode())


def _same(other: Entry, entry: Entry) -> bool:
    return (other.notebook, other.changed) == (entry.notebook, entry.changed)


def _alt(html: str) -> str:
    """Words for those who do not see a picture, as they stand in its page."""
    return html.partition('<img alt="')[2].partition('"')[0]


def _shared(entry: Entry, name: str, alt: str, address: str, *, has_png: bool) -> dict[str, str]:
    """Lines of the head, the permanent address, and the code that shows the figure elsewhere."""
    place = f"{entry.folder.as_posix()}/{FOLDER}/{name}"
    page, picture = (urljoin(address, f"{place}.{end}") for end in ("html", "png" if has_png else "svg"))
    image = f'<a href="{page}"><img src="{picture}" alt="{alt}" style="max-width:100%"></a>'
    frame = f'<iframe src="{page}" title="{alt}" width="100%" height="760" style="border:0"></iframe>'
    whole = "" if address else "<p>These addresses begin in the folder of the site: put its own before them.</p>\n"
    head = f'\n<link rel="canonical" href="{escape(page)}">\n<meta property="og:image" content="{escape(picture)}">\n' if address else ""
    where = f'<a class="address" href="{escape(page)}">{escape(page)}</a>' if address else f"<code>{escape(page)}</code>, in the site"
    code = "\n".join(f"<pre><code>{escape(text, quote=False)}</code></pre>" for text in (image, frame))
    return {"head": head, "embed": f"{whole}{code}\n", "cite": f"<p>Permanent address: {where}.</p>\n"}


def addresses(folder: Path, found: list[Entry]) -> list[str]:
    """Every page of a figure, from the folder of the site, in order."""
    return [f"{entry.folder.as_posix()}/{FOLDER}/{name}.html" for entry in found for name in names(folder / entry.folder)]
