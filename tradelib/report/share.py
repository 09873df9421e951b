"""What makes a page easy to find, to share and to cite: the lines of its head, a card, a citation, key dates for a calendar."""

import io
import json
import textwrap
import uuid
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import urljoin

from tradelib import wording
from tradelib.report.listing import Entry
from tradelib.report.render import SITE_NAME, day_html, without_control
from tradelib.show.display import first_address

CARD = "card.png"
# Two bars, one a side, in the colours of the two.
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect x='2' y='5' width='5' height='9' "
    "fill='%231f5fa8'/%3E%3Crect x='9' y='2' width='5' height='12' fill='%23b3262e'/%3E%3C/svg%3E"
)
_AUTHORS = "The tradelib authors"
_FEW_FACTS, _LONG = 3, 9
_TEX = str.maketrans({
    **{letter: f"\\{letter}" for letter in "%&$#_{}"},
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\n": " ", "\r": " ",
})  # fmt: skip
_LONGEST_LINE = 73
_COLOURS = {"us": "#1f5fa8", "cn": "#b3262e"}
_INK, _SOFT, _WASH = "#1d2430", "#5b6470", "#f6f4ee"


def head(entry: Entry, *, address: str, data: Sequence[str], card: str) -> str:
    """Lines of the head of a page: its own address, what others show of it, and what it is in the words of schema.org.

    Parameters
    ----------
    address : where the site stands; without it nothing that has to be whole is said.
    data : names of the data files beside the page.
    card : the picture to show of it, from the folder of the site; empty where there is none.
    """
    own = urljoin(address, entry.folder.as_posix() + "/") if address else ""
    named = {"og:type": "article", "og:site_name": SITE_NAME, "og:title": entry.title, "og:description": entry.description}
    if own:
        named |= {"og:url": own, **({"og:image": urljoin(address, card)} if card else {})}
    lines = [f'<link rel="canonical" href="{escape(own)}">'] if own else []
    lines += [f'<link rel="icon" href="{ICON}">']
    lines += [f'<meta property="{name}" content="{escape(words)}">' for name, words in named.items()]
    lines += [f'<meta name="twitter:card" content="{"summary_large_image" if "og:image" in named else "summary"}">']
    # The beginning of any element or comment could change where the script ends.
    described = json.dumps(_described(entry, own, data), ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    return "\n" + "\n".join([*lines, f'<script type="application/ld+json">{described}</script>']) + "\n"


def _described(entry: Entry, own: str, data: Sequence[str]) -> dict[str, Any]:
    author = {"@type": "Organization", "name": _AUTHORS}
    about = {"author": author, "inLanguage": "en-GB", "isAccessibleForFree": True, **_licence(entry.licence)}
    files = [
        {"@type": "DataDownload", "encodingFormat": "text/csv", "name": name, **({"contentUrl": f"{own}data/{name}"} if own else {})}
        for name in data
    ]
    dataset = {
        "@type": "Dataset",
        "name": f"Data of “{entry.title}”",
        "description": f"Data of the figures and tables. {entry.description}",
        "temporalCoverage": f"../{entry.as_of.isoformat()}",
        "distribution": files,
        **about,
    }
    return {
        "@context": "https://schema.org",
        "@type": "Report",
        "name": entry.title,
        "description": entry.description,
        "dateModified": entry.evidence_to.isoformat(),
        "version": entry.edition,
        **({"url": own} if own else {}),
        **({"hasPart": dataset} if files else {}),
        **about,
    }


def _licence(words: str) -> dict[str, Any]:
    """A licence by its address, or by its name."""
    if not words:
        return {}
    return {"license": words if words.startswith("https://") else {"@type": "CreativeWork", "name": words}}


def citation(entry: Entry, *, address: str) -> str:
    """How to cite a page, with its address and as BibTeX."""
    own = urljoin(address, entry.folder.as_posix() + "/")
    fields = {
        "author": f"{{{_AUTHORS}}}",
        "title": f"{{{entry.title.translate(_TEX)}}}",
        "year": entry.edition.partition(".")[0],
        "note": f"As known on {wording.day(entry.as_of)}, edition {entry.edition}",
        "howpublished": SITE_NAME,
        "url": own,
    }
    body = "".join(f",\n  {name} = {{{value}}}" for name, value in fields.items())
    place = f'<a class="address" href="{escape(own)}">{escape(own)}</a>' if address else f"<code>{escape(own)}</code>, in the site"
    return (
        f"<p>Permanent address: {place}; {day_html(entry.as_of)} stays as it is.</p>\n"
        f"<pre><code>@misc{{tradelib-{entry.notebook}-{entry.slug}{escape(body)}\n}}</code></pre>"
    )


def dates_ics(rows: Sequence[Mapping[str, Any]], known_on: str) -> str:
    """Key dates as a calendar for other programs (RFC 5545), whole days.

    Parameters
    ----------
    rows : for each key (words that stay the same), day (date), title, detail (in words) and url.
    known_on : ISO day up to which they were known.
    """
    stamp = f"{known_on.replace('-', '')}T000000Z"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tradelib//key dates//EN", f"NAME:{SITE_NAME}"]
    for row in rows:
        identity = uuid.uuid5(uuid.NAMESPACE_URL, f"tradelib/date/{row['key']}")
        lines += ["BEGIN:VEVENT", f"UID:{identity}", f"DTSTAMP:{stamp}", f"DTSTART;VALUE=DATE:{row['day']:%Y%m%d}"]
        lines += [f"SUMMARY:{_ics(row['title'])}", f"DESCRIPTION:{_ics(row['detail'])}"]
        lines += [*([f"URL:{address}"] if (address := first_address(row["url"])) else []), "END:VEVENT"]
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line))


def _ics(words: str) -> str:
    for letter in "\\;,":
        words = words.replace(letter, f"\\{letter}")
    return " ".join(without_control(words).split())


def _folded(line: str) -> list[str]:
    """A line in parts of at most 75 octets, the later ones after a space; no letter is cut."""
    parts, held = [], ""
    for letter in line:
        if len((held + letter).encode()) > _LONGEST_LINE:
            parts, held = [*parts, held], ""
        held += letter
    parts.append(held)
    return [part if not number else f" {part}" for number, part in enumerate(parts)]


def card_png(header: Mapping[str, Any], as_of_words: str) -> bytes:
    """Picture of a page for those who share it, 1200 by 630: its title, its day, and up to three key numbers.

    Parameters
    ----------
    header : payload of the header, with title and facts.
    as_of_words : the day in words.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 6.3), dpi=100, facecolor=_WASH)
    canvas = FigureCanvasAgg(figure)
    figure.text(0.05, 0.88, f"{SITE_NAME.upper()} · AS KNOWN ON {as_of_words.upper()}", fontsize=16, color=_SOFT)
    title = "\n".join(textwrap.wrap(header["title"], 38, max_lines=3, placeholder=" …"))
    figure.text(0.05, 0.83, title, fontsize=36, fontweight="bold", family="serif", color=_INK, va="top", parse_math=False)
    for place, fact in enumerate(header.get("facts", [])[:_FEW_FACTS]):
        left = 0.05 + 0.31 * place
        size = 44 if len(fact["value"]) < _LONG else 34
        figure.text(left, 0.3, fact["value"], fontsize=size, fontweight="bold", color=_COLOURS.get(fact["actor"], _INK), parse_math=False)
        words = "\n".join(textwrap.wrap(fact["words"].split(";")[0], 26, max_lines=3, placeholder=" …"))
        figure.text(left, 0.26, words, fontsize=17, color=_SOFT, va="top", parse_math=False)
    target = io.BytesIO()
    canvas.print_png(target, metadata={"Software": None})
    return target.getvalue()
