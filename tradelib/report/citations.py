"""What each output of a page rests on: numbers beside it, and the list of sources by the sections of the page."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

_SECTION = re.compile(r"^##[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_DATA = '<span class="tl-data">'
# What stands above the first section of a page.
HEAD = "At the head"


def key(words: str) -> str:
    """Name of an output, from its plain text: the same for the page that shows it and for the renderer that finds it.

    Examples
    --------
    >>> key("Duties fell.") == key("Duties fell."), len(key(""))
    (True, 12)
    """
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def refs_html(numbers: Sequence[int]) -> str:
    """Links to sources by number; three and more that follow one another as a range.

    Parameters
    ----------
    numbers : places in the list of sources, from 1, in order.

    Examples
    --------
    >>> import re
    >>> re.sub("<[^>]+>", "", refs_html([1, 2, 4, 5, 6, 9])), refs_html([])
    ('Sources 1, 2, 4–6, 9', '')
    """
    if not numbers:
        return ""
    parts = [f"{_link(run[0])}–{_link(run[-1])}" if len(run) > 2 else ", ".join(map(_link, run)) for run in _runs(numbers)]  # noqa: PLR2004
    return f"{'Source' if len(numbers) == 1 else 'Sources'} {', '.join(parts)}"


def placed(body: Any, shown: Mapping[str, Sequence[int]], head: Sequence[int] = ()) -> dict[int, str]:
    """Set the numbers beside every output of a notebook; and the section in which each source is named first.

    Parameters
    ----------
    body : notebook whose outputs are changed.
    shown : numbers by the key of an output.
    head : numbers of what stands above the outputs.
    """
    section, sections = HEAD, dict.fromkeys(head, HEAD)
    for cell in body.cells:
        if cell.cell_type == "markdown":
            section = [section, *_SECTION.findall(cell.source)][-1]
        for output in cell.get("outputs", []):
            numbers = shown.get(key(output.get("data", {}).get("text/plain", "")), ())
            for number in numbers:
                sections.setdefault(number, section)
            _set(output.get("data", {}), refs_html(numbers))
    return sections


def by_section(rows: Sequence[Any], sections: Mapping[int, str]) -> list[dict[str, Any]]:
    """The list of sources in groups of one section, each with `title`, the number it `starts` with and its `rows`.

    A source that no output names stands with the one before it; where none names any, the one group has no title.
    """
    groups: list[dict[str, Any]] = []
    for number, row in enumerate(rows, start=1):
        title = sections.get(number) or (groups[-1]["title"] if groups else HEAD * bool(sections))
        if not groups or groups[-1]["title"] != title:
            groups.append({"title": title, "starts": number, "rows": []})
        groups[-1]["rows"].append(row)
    return groups


def _set(data: dict[str, str], refs: str) -> None:
    """Put links to sources beside one output."""
    if not refs:
        return
    if _DATA in data.get("text/html", ""):
        data["text/html"] = data["text/html"].replace(_DATA, f"{refs}. {_DATA}", 1)
    elif "text/markdown" in data:
        data["text/markdown"] += f'\n\n<p class="tl-source">{refs}.</p>'


def _link(number: int) -> str:
    return f'<a href="#source-{number}">{number}</a>'


def _runs(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """Numbers in parts that follow one another."""
    cuts = [0, *(place for place, (one, other) in enumerate(pairwise(numbers), start=1) if other != one + 1), len(numbers)]
    return (numbers[start:end] for start, end in pairwise(cuts))
