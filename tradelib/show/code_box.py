"""A box that takes a product code to the place of its line: the one script of the site. A page is whole without it."""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from tradelib.show.display import MIME, no_sources

# The text of the element, to the letter: a page may hold this script and no other.
SCRIPT = (Path(__file__).parent / "code_box.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class CodeBox:
    """The box; it stands on a page that links to chapters as `us/85/index.html`, and is seen only where scripts run."""

    sources: pd.DataFrame = field(default_factory=no_sources)

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        page = f'<p id="code-box" class="code-box" hidden></p><script>{SCRIPT}</script>'
        return {"text/html": page, "text/plain": "", MIME: {"kind": "text"}}
