"""Days ahead as plain rows, for a calendar of other programs."""

from datetime import date
from typing import Any

from tradelib import today, wording
from tradelib.stories.today.tables import comes

_MANY = 200


def key_dates(as_of: date) -> list[dict[str, Any]]:
    """Every day ahead that was known on a day, in order.

    Returns
    -------
    For each key, day, title, detail (its standing, its source and when that became known) and url.
    """
    rows = today.coming(as_of=as_of, most=_MANY)
    return [
        {
            "key": f"{row.on:%Y-%m-%d}/{row.kind}/{row.standing}",
            "day": row.on.date(),
            "title": comes(row).replace(wording.FIXED, " ").replace(wording.THIN, " "),
            "detail": f"{wording.upper(row.standing)}. {row.source}, {wording.day(row.known_on)}.",
            "url": str(row.url).split("|")[0].strip(),
        }
        for row in rows[rows["on"].notna()].itertuples(index=False)
    ]
