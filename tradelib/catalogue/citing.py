"""Cite a table, and the sources of rows."""

from pathlib import Path

import numpy as np
import pandas as pd

from tradelib import strings
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


@strings.alike
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
    pairs: list[tuple[str, str]] = []
    known = [np.empty(0, dtype="datetime64[us]")]
    for frame in frames:
        name = "instrument" if "instrument" in frame else "source"
        missing = {name, "url", "known_on"} - set(frame.columns)
        if missing:
            message = f"A frame with the columns {list(frame.columns)} does not say where its rows come from: {sorted(missing)} missing."
            raise CatalogueError(message)
        if len(frame):  # the columns of a frame without rows may be of no kind
            pairs += zip(frame[name].tolist(), frame["url"].tolist(), strict=True)
            known.append(frame["known_on"].to_numpy())
    # A page asks this of dozens of outputs: one pass takes a fraction of what pandas does for groups.
    first: dict[tuple[str, str], int] = {}
    groups = [first.setdefault(pair, len(first)) for pair in pairs]
    newest = np.full(len(first), np.datetime64("NaT"), dtype="datetime64[us]")
    np.fmax.at(newest, groups, np.concatenate(known).astype("datetime64[us]"))
    named = {"source": [source for source, _ in first], "url": [url for _, url in first]}
    return pd.DataFrame({name: pd.Series(told, dtype="str") for name, told in named.items()} | {"known_on": newest})
