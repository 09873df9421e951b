"""Cite a table, and the sources of rows."""

from pathlib import Path

import pandas as pd

from tradelib.catalogue.descriptor import description
from tradelib.catalogue.editions import edition
from tradelib.errors import CatalogueError

PROVENANCE = ["source", "url", "known_on"]


def cite(name: str, *, folder: Path | None = None) -> str:
    """How to cite one table: its title, publishers, edition and licence."""
    resource = description(name, folder=folder)
    publishers = "; ".join(source["title"] for source in resource["sources"])
    covered = edition(folder=folder)
    return (
        f"{resource['title']}, from {publishers}. In: {covered.title}, edition {covered.version}, "
        f"evidence to {covered.evidence_through}. {covered.licence}."
    )


def sources(*frames: pd.DataFrame) -> pd.DataFrame:
    """Distinct sources of the rows of frames: what a page made from them must list.

    Parameters
    ----------
    frames
        each with `url`, `known_on`, and `instrument` or `source`.

    Returns
    -------
    DataFrame
        Columns source, url (one link; several are separated by `|`), known_on (the newest day of its rows); in order of first appearance.

    Raises
    ------
    CatalogueError
        a frame that does not say where its rows come from.
    """
    parts = []
    for frame in frames:
        name = "instrument" if "instrument" in frame else "source"
        missing = {name, "url", "known_on"} - set(frame.columns)
        if missing:
            message = f"A frame with the columns {list(frame.columns)} does not say where its rows come from: {sorted(missing)} missing."
            raise CatalogueError(message)
        parts.append([frame[name], frame["url"], frame["known_on"]])
    if not parts:
        return pd.DataFrame(columns=PROVENANCE)
    rows = pd.DataFrame({name: pd.concat(held, ignore_index=True) for name, held in zip(PROVENANCE, zip(*parts, strict=True), strict=True)})
    again = rows.duplicated(["source", "url"])
    if again.any():  # most outputs name a source once, and a page asks this of dozens
        rows["known_on"] = rows.groupby(["source", "url"], sort=False)["known_on"].transform("max")
        rows = rows[~again].reset_index(drop=True)
    return rows
