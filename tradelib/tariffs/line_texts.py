"""Whether a list that covers goods by their use covers a line whole: what the text of the line itself says.

Some lists of Section 232 name codes, and cover under them only goods of a kind: parts of road vehicles (U.S. notes 33(g) and 38(i); what
is listed and is no such part claims heading 9903.94.06 or 9903.74.11) or kitchen cabinets (note 37(f)). No table says how much of a line
that is. The rule, for each statistical line under a code of such a list:

1. its text names another article than those of the list (an agricultural tractor, a trailer): by use only;
2. its text names the articles of the list (motor vehicles): whole;
3. it stands under a heading of general use (pumps, bearings, electric motors): by use only;
4. else whole: the list names goods that hardly go anywhere else, such as starter motors.

`OVERRIDES` holds lines for which the rule is set aside, with the reason. The coverage in the table `product_scopes` is what this gives.
"""

import re
from dataclasses import dataclass

import pandas as pd

from tradelib import catalogue

FULL, USE, PARTIAL = "full", "use", "partial"


@dataclass(frozen=True)
class UseRule:
    """How the texts of lines are read for one list.

    Attributes
    ----------
    names
        pattern of the articles that the list is about.
    others
        pattern of other articles.
    general
        headings of general use (four digits).
    otherwise
        coverage of a line that is not covered whole.
    """

    names: re.Pattern[str]
    others: re.Pattern[str]
    general: frozenset[str]
    otherwise: str


_ROAD_VEHICLE = re.compile(r"motor[- ]+vehicle|automotive|vehicles of (?:chapter 87|(?:sub)?headings? 87)", re.IGNORECASE)
_NO_ROAD_VEHICLE = re.compile(
    r"tractors suitable for agricultural use|tractors \(except road tractors\)|^trailers|civil aircraft|traveling on snow|"
    r"> for motorcycles",
    re.IGNORECASE,
)
_GENERAL = frozenset(
    [
        "4016", "7320", "8413", "8414", "8421", "8425", "8426", "8431", "8471", "8482", "8483", "8501", "8507", "8519", "8525", "8536",
        "8537", "9015", "9029",
    ]
)  # fmt: skip
RULES = {
    "s232_auto_parts": UseRule(_ROAD_VEHICLE, _NO_ROAD_VEHICLE, _GENERAL, USE),
    "s232_mhdv_parts": UseRule(_ROAD_VEHICLE, _NO_ROAD_VEHICLE, _GENERAL, USE),
    "s232_wood_cabinets": UseRule(
        re.compile("cabinets designed for permanent installation", re.IGNORECASE), re.compile("(?!)"), frozenset({"9403"}), PARTIAL
    ),
}
OVERRIDES: dict[tuple[str, str], tuple[str, str]] = {}


def coverage(scope: str, code: str, path: str) -> str:
    """Coverage of one line under a list: `full`, or what the list's rule says otherwise.

    Parameters
    ----------
    scope
        a list of `RULES`.
    code
        digits of the line.
    path
        its descriptions from the heading down, separated by ` > `.

    Examples
    --------
    >>> coverage("s232_auto_parts", "8414308030", "Compressors > Other > For motor vehicles")
    'full'
    >>> coverage("s232_auto_parts", "8708292120", "Parts of motor vehicles > For tractors suitable for agricultural use > Of steel")
    'use'
    """
    if (scope, code) in OVERRIDES:
        return OVERRIDES[scope, code][0]
    rule = RULES[scope]
    if rule.others.search(path):
        return rule.otherwise
    # The heading of chapter 87 parts names motor vehicles for all of them: only what stands below it tells lines apart.
    below = path.partition(" > ")[2] or path
    if rule.names.search(below):
        return FULL
    return rule.otherwise if code[:4] in rule.general else FULL


def by_text(scope: str) -> pd.Series:
    """Coverage of every statistical line under the codes of a list, by its text: words indexed by `code`."""
    texts = catalogue.load("hts_codes")
    texts = texts[texts["evidence"].eq("schedule")]  # of the others the text of their own is not held
    rows = catalogue.load("product_scopes")
    listed = tuple(rows.loc[rows["scope"].eq(scope), "code"])
    lines = texts[texts["code"].str.len().eq(10) & texts["code"].str.startswith(listed)].drop_duplicates("code", keep="last")
    words = [coverage(scope, code, path) for code, path in zip(lines["code"], lines["description"], strict=True)]
    return pd.Series(words, index=pd.Index(lines["code"], name="code"), name="coverage", dtype=str)
