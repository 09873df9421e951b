"""Legal texts, a file each, in the grammar that scenarios have; the table `tariff_steps` is built from them.

A text says what it is, and what it does to which measure from which day::

    instrument: Executive Order 14298 (12 May 2025), 90 FR 21831
    url: https://www.federalregister.gov/citation/90-FR-21831
    announced_on: 2025-05-12
    standing: instrument        # or statement: somebody said so, and no text is known
    steps:
      - measure: us_ieepa_reciprocal   # a measure_id of data/law/tariff_measures.csv
        from: 2025-05-14
        rate: 0.10                     # a fraction of customs value; or `ends`; absent where the text names none
        scope: all                     # names of data/law/scopes.csv, one or several
        exempt: [ieepa_annex2_v1]
      - measure: us_ieepa_reciprocal
        from: 2025-08-12
        rate: 0.34
        returns: true                  # a suspended rate that comes back
        scope: all

A step may also say `basis` (on what the rate falls; `full_value` if absent), `confidence` (`high` if absent), `note` (what was learnt
later: it is never shown as known on the day), and `url` where its place in a long text has an address of its own. Several addresses are a
list.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from tradelib.errors import CatalogueError
from tradelib.yaml_nodes import Nodes

if TYPE_CHECKING:
    import yaml

COLUMNS = [
    "measure_id", "announced_on", "effective_on", "rate_frac", "basis", "scope", "exempt", "is_snap_back", "standing", "instrument", "url",
    "confidence", "later_note",
]  # fmt: skip
_KEY = ["measure_id", "announced_on", "effective_on"]
_HEAD = {"instrument", "url", "announced_on", "standing", "steps"}
_STEP = {"measure", "from", "rate", "basis", "scope", "exempt", "returns", "confidence", "note", "url"}
HIGHEST_RATE = 5.0
_FOLDER = Path("law") / "texts"


def read(folder: Path) -> pd.DataFrame:
    """Steps of every text of a data package.

    Returns
    -------
    The columns of the table `tariff_steps`, every cell as its CSV file writes it, sorted by key.

    Raises
    ------
    CatalogueError : a text that cannot be read; the message names file and line.
    """
    rows = []
    for path in sorted((folder / _FOLDER).glob("*.yaml")):
        steps = parse(_text(path), file=path.name)
        if any(not path.name.startswith(step["announced_on"]) for step in steps):
            message = f"data/law/texts/{path.name}: the name of a text begins with its day, and announced_on is {steps[0]['announced_on']}."
            raise CatalogueError(message)
        rows += steps
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object).sort_values(_KEY, kind="stable", ignore_index=True)


def parse(content: str, *, file: str) -> list[dict[str, str]]:
    """Steps of one text, as cells of the table."""
    return list(_Reader(f"data/law/texts/{file}", CatalogueError, "another text").steps(content))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"data/law/texts/{path.name}: byte {error.start} is not UTF-8."
        raise CatalogueError(message) from None


class _Reader(Nodes):
    def steps(self, content: str) -> Iterator[dict[str, str]]:
        head = self.fields(self.root(content), _HEAD, needed=_HEAD - {"url", "standing"})
        of_text = {
            "announced_on": f"{self.day(head['announced_on'])}",
            "standing": self.choice(head.get("standing"), ("instrument", "statement"), "instrument"),
            "instrument": self.word(head["instrument"]),
            "url": self.several(head.get("url")),
        }
        for node in self.items(head["steps"]):
            yield self.step(node, of_text)

    def step(self, node: "yaml.Node", of_text: dict[str, str]) -> dict[str, str]:
        fields = self.fields(node, _STEP, needed={"measure", "from"})
        ends = "rate" in fields and self.value(fields["rate"]) == "ends"
        if ends and fields.keys() & {"basis", "scope", "exempt", "returns"}:
            raise self.fail(node, "what ends has neither basis, scope, exempt nor returns: it ends as it was.")
        rate = "" if ends or "rate" not in fields else _number(self.fraction(fields["rate"], most=HIGHEST_RATE, other=", or `ends`"))
        basis = "ended" if ends else self.word(fields.get("basis")) or "full_value"
        return of_text | {
            "measure_id": self.word(fields["measure"]),
            "effective_on": f"{self.day(fields['from'])}",
            "rate_frac": rate,
            "basis": basis,
            "scope": self.several(fields.get("scope")),
            "exempt": self.several(fields.get("exempt")),
            "is_snap_back": self.choice(fields.get("returns"), ("true", "false"), "false"),
            "url": self.several(fields["url"]) if "url" in fields else of_text["url"],
            "confidence": self.choice(fields.get("confidence"), ("high", "medium", "low"), "high"),
            "later_note": self.word(fields.get("note")),
        }

    def several(self, node: "yaml.Node | None") -> str:
        return "|".join(self.word(item) for item in self.items(node))


def write(steps: pd.DataFrame, folder: Path) -> list[Path]:
    """Write the texts that a table of steps comes from, a file each; for moving a table into texts.

    Parameters
    ----------
    steps : cells of `tariff_steps` as text.
    """
    target = folder / _FOLDER
    target.mkdir(parents=True, exist_ok=True)
    paths = []
    for key, rows in steps.groupby(["announced_on", "instrument", "standing"], sort=True):
        announced_on, instrument, standing = map(str, key)
        name = f"{announced_on}-{slug(instrument)}"
        path = target / f"{name}.yaml"
        number = 2
        while path in paths:
            path, number = target / f"{name}-{number}.yaml", number + 1
        path.write_text(text(rows, announced_on, instrument, standing), encoding="utf-8", newline="\n")
        paths.append(path)
    return paths


def text(rows: pd.DataFrame, announced_on: str, instrument: str, standing: str) -> str:
    """One text as its file says it."""
    usual = rows["url"].mode().iloc[0]
    lines = [f"instrument: {_quoted(instrument)}"]
    lines += [f"url: {_listed(usual)}"] if usual else []
    lines += [f"announced_on: {announced_on}"] + ([f"standing: {standing}"] if standing != "instrument" else []) + ["steps:"]
    for row in rows.sort_values(_KEY).to_dict("records"):
        said = [("measure", row["measure_id"]), ("from", row["effective_on"])]
        said += [("rate", "ends" if row["basis"] == "ended" else row["rate_frac"])] if row["rate_frac"] or row["basis"] == "ended" else []
        said += [("basis", row["basis"])] if row["basis"] not in ("full_value", "ended") else []
        said += [(name, _listed(row[name])) for name in ("scope", "exempt") if row[name]]
        said += [("returns", "true")] if row["is_snap_back"] == "true" else []
        said += [("confidence", row["confidence"])] if row["confidence"] != "high" else []
        said += [("url", _listed(row["url"]))] if row["url"] != usual else []
        said += [("note", _quoted(row["later_note"]))] if row["later_note"] else []
        lines += [f"{'  - ' if place == 0 else '    '}{name}: {value}" for place, (name, value) in enumerate(said)]
    return "\n".join(lines) + "\n"


def slug(words: str) -> str:
    """A name for the file of a text, from its title: ASCII, at most six words.

    Examples
    --------
    >>> slug("Executive Order 14298 (12 May 2025), 90 FR 21831")
    'executive-order-14298'
    """
    plain = unicodedata.normalize("NFKD", re.split(r"[(,;]", words)[0]).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)[:6]) or "text"


def _number(value: float) -> str:
    return f"{value:.10g}"


def _listed(cell: str) -> str:
    parts = cell.split("|")
    return _quoted(parts[0]) if len(parts) == 1 else f"[{', '.join(_quoted(part) for part in parts)}]"


def _quoted(words: str) -> str:
    """A value as YAML needs it: in quotes where it would mean something else bare."""
    if (
        re.fullmatch(r"[A-Za-z][\w /.()'&–-]*(?:, [\w(][\w /.()'&–-]*)*|https?://[^\s,\[\]{}#]+", words)
        and ": " not in words
        and not words.endswith(" ")
    ):
        return words if words.lower() not in ("yes", "no", "true", "false", "null", "on", "off") else f'"{words}"'
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
