"""The law as people review it: one file a legal text, one file a list of codes; the tables of the package are built from them.

`data seal` builds; what is built is committed beside its sources, so that other tools read the tables without this package, and `data
verify` refuses a table that is not what its sources give.
"""

import csv
import io
from pathlib import Path

from tradelib import parquet
from tradelib.lawbook import lists, texts

__all__ = ["build", "built", "lists", "texts"]

STEPS, SCOPES = Path("law") / "tariff_steps.csv", Path("law") / "product_scopes.parquet"


def built(folder: Path) -> dict[Path, bytes]:
    """The tables that texts and lists give, as bytes by their path in the package; empty for a package without texts."""
    if not (folder / "law" / "texts").is_dir():
        return {}
    steps = io.StringIO()
    rows = texts.read(folder)
    csv.writer(steps, lineterminator="\n").writerows([list(rows.columns), *rows.to_numpy().tolist()])
    return {STEPS: steps.getvalue().encode(), SCOPES: parquet.content(lists.read(folder))}


def build(folder: Path) -> list[str]:
    """Write the tables that texts and lists give, where they differ from those held.

    Returns
    -------
    Names of the tables that were written.
    """
    changed = []
    for path, content in built(folder).items():
        if not same(folder / path, content):
            (folder / path).write_bytes(content)
            changed.append(path.stem)
    return changed


def same(path: Path, content: bytes) -> bool:
    """Whether a file holds these rows; two writers of Parquet may give other bytes for them."""
    if not path.is_file():
        return False
    held = path.read_bytes()
    return parquet.same(held, content) if path.suffix == ".parquet" else held == content
