"""Pages of a site that explain it: what its words mean, and what was wrong in its tables."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from tradelib.report.first_uses import anchor
from tradelib.report.listing import environment
from tradelib.report.render import SITE_NAME, style_sheet

GLOSSARY, CORRECTIONS = "glossary/index.html", "corrections/index.html"

# More corrections for one reason are folded.
_MOST = 4


def glossary_html(terms: Sequence[Mapping[str, str]]) -> str:
    """Page of the words that reports define.

    Parameters
    ----------
    terms : for each term, definition and source; in the order of the page.
    """
    return _page("glossary.html.j2", terms=[{**term, "anchor": anchor(term["term"])} for term in terms])


def corrections_html(rows: Sequence[Mapping[str, Any]], edition: str) -> str:
    """Page of what was wrong in the tables, the newest day first; corrections of a day for one reason stand together.

    Parameters
    ----------
    rows : corrected_on (date), table, row, column, was, now, why and url, as the table `corrections`.
    edition : of the data.
    """
    numbered = [{**row, "anchor": f"correction-{number}"} for number, row in enumerate(rows, start=1)]
    days = [
        (day, [_group(list(part)) for _, part in groupby(sorted(own, key=_reason), key=_reason)])
        for day, own in groupby(sorted(numbered, key=lambda row: row["corrected_on"], reverse=True), key=lambda row: row["corrected_on"])
    ]
    return _page("corrections.html.j2", days=days, edition=edition, most=_MOST)


def _reason(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["table"], row["column"], row["why"]


def _group(rows: list[Mapping[str, Any]]) -> dict[str, Any]:
    table, column, why = _reason(rows[0])
    return {"table": table, "column": column, "why": why, "rows": rows}


def _page(template: str, **values: Any) -> str:
    return environment().get_template(template).render(site_name=SITE_NAME, style=style_sheet(), **values)
