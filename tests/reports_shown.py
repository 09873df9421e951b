"""The notebooks as their readers see them: cells run in this process, without a kernel, each report once a day and a process."""

import ast
import base64
import html
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from functools import cache
from unittest.mock import patch
from xml.etree import ElementTree as ET

from conftest import REPOSITORY

from tradelib import catalogue, wording
from tradelib.show import drawing as base
from tradelib.show.display import MIME

# Days on which the drawings for a phone are laid out and written too. They say what the wide ones say, and take as long.
PHONE_DAYS = {"2018-01-01", "2025-06-09", "2026-11-23", "latest"}
NEWEST = catalogue.edition().evidence_through.isoformat()
# On the other days fewer draws do: they change digits, and neither words nor sources.
FEWER = {"07_scenarios": {"draws": 40}}
DRAWN = base._drawn


def _drawn_on_most_days(draw: Callable[..., None], name: str, size: tuple[float, float], *, narrow: bool) -> tuple[str, None]:
    """The wide drawing; the one for a phone is drawn, so that no day is untried, and not written."""
    if not narrow:
        return _drawn(draw, name, size, narrow=False)
    with base._theme(name):
        draw(base.Drawing(figsize=size), narrow=True)
    return "", None


def _drawn(draw: Callable[..., None], name: str, size: tuple[float, float], *, narrow: bool) -> tuple[str, None]:
    """A drawing of which no picture is made, but on the newest day, which is held against the notebooks in git."""
    return DRAWN(draw, name, size, narrow=narrow)[0], None


@cache
def shown(name: str, as_of: str, **parameters: object) -> tuple[dict, ...]:
    """MIME bundles of what the cells of a notebook show."""
    is_phone_day = as_of in PHONE_DAYS
    draw = DRAWN if as_of == "latest" else _drawn if is_phone_day else _drawn_on_most_days
    with patch.object(base, "_drawn", draw):
        return _bundles(name, as_of, **{**({} if is_phone_day else FEWER.get(name, {})), **parameters})


def _bundles(name: str, as_of: str, **parameters: object) -> tuple[dict, ...]:
    with redirect_stdout(io.StringIO()) as said:
        bundles = _run(name, as_of, **parameters)
    assert said.getvalue() == "", f"{name} prints"
    return bundles


def _run(name: str, as_of: str, **parameters: object) -> tuple[dict, ...]:
    cells = json.loads((REPOSITORY / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    names: dict[str, object] = {}
    bundles = []
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            bundles.append({"text/markdown": source, MIME: {"kind": "prose"}})
            continue
        tree = ast.parse(source)
        last = ast.Expression(tree.body.pop().value) if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, "exec"), names)  # noqa: S102 - our own notebooks
        if "parameters" in cell["metadata"].get("tags", []):
            names |= {"as_of": as_of, **parameters}
        if last is not None:
            piece = eval(compile(last, name, "eval"), names)  # noqa: S307
            # A cell that has nothing to show on a day gives None.
            bundles += [] if piece is None else [piece._repr_mimebundle_()]
    return tuple(bundles)


@cache
def words(name: str, as_of: str, **parameters: object) -> str:
    """Everything a reader reads, without links and markup."""
    return plain(shown(name, as_of, **parameters))


def plain(bundles: Iterable[dict]) -> str:
    """What a reader reads of some bundles, without links and markup."""
    parts = [bundle["text/html"] if "text/html" in bundle else bundle["text/markdown"] for bundle in bundles]
    text = re.sub(r'(src|srcset|href)="[^"]*"', "", "\n".join(parts))
    text = html.unescape(re.sub(r"\]\([^)]*\)", "]", re.sub(r"<[^>]*>", " ", text)))
    return text.replace(wording.THIN, " ").replace(wording.FIXED, " ").replace("\\", "")


def _drawn_texts(bundle: dict) -> list[ET.Element]:
    drawings = [base64.b64decode(code).decode() for code in re.findall(r'data:image/svg\+xml;base64,([^"]+)"', bundle["text/html"])]
    trees = [ET.fromstring(svg) for svg in drawings]  # noqa: S314 - drawn here
    return [text for tree in trees for text in tree.iter("{http://www.w3.org/2000/svg}text")]


def drawn_words(name: str, as_of: str) -> dict[str, str]:
    """What each figure says inside its drawings and to those who do not see them, a line for each text."""
    told = {}
    for bundle in shown(name, as_of):
        if bundle[MIME]["kind"] == "figure":
            alts = map(html.unescape, re.findall(r'alt="([^"]*)"', bundle["text/html"]))
            lines = [*("".join(text.itertext()) for text in _drawn_texts(bundle)), *alts]
            told[bundle[MIME]["name"]] = "\n".join(lines).replace(wording.THIN, " ").replace(wording.FIXED, " ")
    return told


def text_colours(name: str, as_of: str) -> set[tuple[str, str]]:
    """(figure, colour) of every text in the drawings of a page; black where a drawing names none."""
    found = set()
    for bundle in shown(name, as_of):
        if bundle[MIME]["kind"] == "figure":
            for text in _drawn_texts(bundle):
                colour = re.search(r"fill: (#[0-9a-f]{6})", text.get("style", ""))
                found.add((bundle[MIME]["name"], colour[1] if colour else "#000000"))
    return found


def payloads(name: str, as_of: str, kind: str) -> Iterator[dict]:
    for bundle in shown(name, as_of):
        if bundle[MIME]["kind"] == kind:
            yield bundle[MIME]
