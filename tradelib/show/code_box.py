"""A box that takes a product code to its line, or to the nearest there is: the one script of the site. A page is whole without it."""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from tradelib.show.display import MIME, no_sources

# The text of the element, to the letter: a page may hold this script and no other.
SCRIPT = (Path(__file__).parent / "code_box.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class CodeBox:
    """The box, which stands under the title of a page and is seen only where scripts run.

    Attributes
    ----------
    here
        the chapter that the page tells, such as `us/85`, two folders below the front; empty on the front, which links to all chapters.
    example
        a code of the page, with its dots.
    """

    here: str = ""
    example: str = "8507.60.0090"
    sources: pd.DataFrame = field(default_factory=no_sources)

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        page = f'<p id="code-box" data-here="{self.here}" data-example="{self.example}" hidden></p><script>{SCRIPT}</script>'
        return {"text/html": page, "text/plain": "", MIME: {"kind": "box", "html": page}}
