"""The law as people review it: one file a legal text, one file a list of codes; the tables of the package are built from them.

`data seal` builds; what is built is committed beside its sources, so that other tools read the tables without this package, and `data
verify` refuses a table that is not what its sources give.
"""

from pathlib import Path

import pandas as pd

from tradelib.catalogue import csv_files, parquet
from tradelib.lawbook import lists, texts

__all__ = ["build", "built", "lists", "texts"]

STEPS, SCOPES = Path("law") / "tariff_steps.csv", Path("law") / "product_scopes.parquet"


def built(folder: Path) -> dict[Path, pd.DataFrame]:
    """The tables that texts and lists give, by their path in the package; empty for a package without texts."""
    if not (folder / "law" / "texts").is_dir():
        return {}
    return {STEPS: texts.read(folder), SCOPES: lists.read(folder)}


def build(folder: Path) -> list[str]:
    """Write the tables that texts and lists give, where they differ from those held.

    Returns
    -------
    Names of the tables that were written.
    """
    changed = []
    for path, table in built(folder).items():
        if not same(folder / path, table):
            (folder / path).write_bytes(parquet.content(table) if path == SCOPES else _csv(table))
            changed.append(path.stem)
    return changed


def same(path: Path, table: pd.DataFrame) -> bool:
    """Whether a file holds these rows; two writers of Parquet may give other bytes for them."""
    if not path.is_file():
        return False
    held = path.read_bytes()
    if path.suffix != ".parquet":
        return held == _csv(table)
    try:
        return parquet.read(held).equals(table)
    except ValueError:
        return False


def _csv(table: pd.DataFrame) -> bytes:
    return csv_files.written([list(table.columns), *table.to_numpy().tolist()])
