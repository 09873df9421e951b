"""What courts have said of the duties of an entry, as known on a day.

Rates are those collected. A ruling that came later changes no rate of the past: it is told beside it.
"""

from datetime import date

import pandas as pd

from tradelib import catalogue, wording
from tradelib.tariffs.law import family_titles

# What a court decided on the law itself; what comes after is a stay or a refund.
_DECIDED = frozenset({"held_unlawful", "set_aside", "remanded", "upheld"})
COLUMNS = [
    "status_id", "families", "measures", "status", "decided_on", "words", "is_told", "event_id", "instrument", "url", "known_on",
]  # fmt: skip


def rulings(layers: pd.DataFrame, *, on: date, as_of: date) -> pd.DataFrame:
    """Rulings and orders about the duties that a good pays.

    Parameters
    ----------
    layers : as `rates.Stack.layers`.
    on : day of entry.
    as_of : day of knowledge.

    Returns
    -------
    In order of the day of decision, as the table `legal_status`: families and measures (of these, those that the good pays), words, and
    is_told: the newest decision on the law and all that came after it, unless it upheld the duty.
    """
    paid = layers[layers["rate_frac"].gt(0)]
    rows = catalogue.load("legal_status", as_of=as_of)
    day = pd.Timestamp(on)
    rows = rows[(rows["entry_from"].isna() | (rows["entry_from"] <= day)) & (rows["entry_to"].isna() | (day < rows["entry_to"]))]
    rows = rows.assign(
        families=[_among(cell, paid["family"]) for cell in rows["families"]],
        measures=[_among(cell, paid["measure_id"]) for cell in rows["measures"]],
        words=[text.replace("{day}", wording.day(told_on)) for text, told_on in zip(rows["words"], rows["decided_on"], strict=True)],
    )
    rows = rows[rows["families"].ne("") | rows["measures"].ne("")].sort_values(["decided_on", "status_id"], kind="stable")
    newest = pd.Series(False, index=rows.index)
    for _, about in rows.groupby(["families", "measures"]):
        decisions = about.index[about["status"].isin(_DECIDED)]
        if len(decisions) and about.loc[decisions[-1], "status"] != "upheld":
            newest[about.index[about.index.get_loc(decisions[-1]) :]] = True
    return rows.assign(is_told=newest)[COLUMNS].reset_index(drop=True)


def told(rows: pd.DataFrame, layers: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What is told of each group of duties: a sentence, and the rulings behind it; see `rulings`."""
    if rows.empty:
        return {}
    titles, programmes = family_titles(), layers.drop_duplicates("measure_id").set_index("measure_id")
    said = {}
    for (families, measures), about in rows[rows["is_told"]].groupby(["families", "measures"], sort=False):
        names = [titles[family] for family in families.split("|") if family]
        names += [f"{programmes.loc[item, 'authority']}, {programmes.loc[item, 'programme']}" for item in measures.split("|") if item]
        events = "; see events" if about["event_id"].ne("").any() else ""
        said[f"Legal status of {wording.listing(names)}: {'; '.join(about['words'])}{events}. The rate is what was collected."] = about
    return said


def _among(cell: str, paid: pd.Series) -> str:
    """Those names of a cell that the good pays."""
    return "|".join(name for name in cell.split("|") if name and name in set(paid))
