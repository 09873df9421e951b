"""Customs values as lists hold them: numbers, and text with thousands, currency signs or a decimal comma."""

import math
import re
from collections.abc import Iterable
from decimal import Decimal
from numbers import Real

from tradelib.cells.base import Cell, cleaned, is_blank, shown

_DOLLARS = re.compile(r"(?:US\$|USD|\$|U\.S\.\s?\$|US\s?dollars?)?\s*(.*?)\s*(?:USD|US\$|\$|(?:US\s)?dollars?)?", re.IGNORECASE | re.DOTALL)
_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_SCIENTIFIC = re.compile(r"\d+(?:\.\d*)?[eE][+-]?\d{1,2}")
_COMMAS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_SPACED = re.compile(r"\d{1,3}(?:[\s'’]\d{3})+(?:\.\d*)?")
_SPACED_COMMA = re.compile(r"\d{1,3}(?:[\s'’]\d{3})+,\d+")
_DECIMAL_COMMA = re.compile(r"\d+,(?:\d{1,2}|\d{4,})|0,\d+|\d{4,},\d+")
_DOTS = re.compile(r"\d{1,3}(?:\.\d{3}){2,}")
_DOTS_AND_COMMA = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+")
_EITHER = re.compile(r"\d{1,3}[.,]\d{3}")
_POINT = re.compile(
    r"\d+\.(?:\d{1,2}|\d{4,})|(?:0|\d{4,})?\.\d+|\d{1,3}(?:,\d{3})+\.\d*|\d{1,3}(?:[\s'’]\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}"
)
_COMMA_READ = "decimal comma read"
# More than any customs value: what stands there is another number, or a slip.
MOST_USD = 1e15


def has_decimal_comma(text: str) -> bool:
    """Whether a cell is written with a decimal comma and nothing else: in its column `1,234` may then be either."""
    body = _body(text)
    return any(pattern.fullmatch(body) for pattern in (_DECIMAL_COMMA, _SPACED_COMMA, _DOTS_AND_COMMA, _DOTS))


def signs_in_doubt(column: Iterable[object], *, has_semicolons: bool = False) -> str:
    """The signs that, before three digits, may mark thousands or decimals in a column.

    A cell such as `1234.5` or `1,234,567` settles it; one with a decimal comma puts both in doubt. Where nothing settles it, the dot
    is in doubt, as dollars have no third decimal; the comma is, where the file is of those that divide their cells by semicolons
    because the comma is their decimal sign.

    Parameters
    ----------
    has_semicolons : semicolons divide the cells of the file.

    Examples
    --------
    >>> signs_in_doubt(["1.234"]), signs_in_doubt(["1.234", "17.5"])
    ('.', '')
    """
    bodies = [_body(cell) for cell in column if isinstance(cell, str)]
    if any(has_decimal_comma(body) for body in bodies):
        return ".,"
    if any(_POINT.fullmatch(body) for body in bodies):
        return ""
    return ".," if has_semicolons else "."


def amount(cell: object, *, decimal_comma: bool = False, in_doubt: str = ".") -> Cell[float]:
    """The dollars that a cell names.

    Parameters
    ----------
    decimal_comma : other cells of its column are written with a decimal comma.
    in_doubt : signs of its column that before three digits may mark thousands or decimals, as `signs_in_doubt` finds them.

    Examples
    --------
    >>> amount("$1,234.50").value, amount("1.234,50").reason
    (1234.5, "the value '1.234,50' is written with a decimal comma, or its signs are mixed up; write 1234.50")
    """
    if is_blank(cell):
        return Cell()
    if isinstance(cell, bool) or type(cell).__name__ == "bool_":
        return Cell(reason=f"the value {shown(cell)} is no amount of dollars")
    if isinstance(cell, Real | Decimal):
        try:
            return _bounded(float(cell), cell, ())
        except (OverflowError, ValueError):
            return Cell(reason=f"the value {shown(cell)} is no amount of dollars")
    text, marks = cleaned(str(cell))
    body = _body(text)
    if body.startswith("-") or re.fullmatch(r"\(.*\)", body) or text.startswith(("-", "(", "\N{MINUS SIGN}")):
        return Cell(reason=f"the value {shown(cell)} is below zero")
    if body != text:
        marks = (*marks, "currency sign dropped")
    return _read(body, cell, marks, decimal_comma=decimal_comma, in_doubt=".," if decimal_comma else in_doubt)


def _body(text: str) -> str:
    found = _DOLLARS.fullmatch(text.strip())
    return found[1] if found else ""


def _read(body: str, cell: object, marks: tuple[str, ...], *, decimal_comma: bool, in_doubt: str) -> Cell[float]:
    if _EITHER.fullmatch(body) and not body.startswith("0") and any(sign in body for sign in in_doubt):
        why = "as others of its column have a decimal comma" if decimal_comma else "and nothing in its column says which"
        return Cell(reason=f"the value {shown(cell)} may be thousands or have decimals, {why}; write 1234.50")
    plain, mark = _plain(body, decimal_comma=decimal_comma)
    if plain:
        return _bounded(float(plain), cell, (*marks, mark) if mark else marks)
    if _DOTS_AND_COMMA.fullmatch(body):
        return Cell(reason=f"the value {shown(cell)} is written with a decimal comma, or its signs are mixed up; write 1234.50")
    return Cell(reason=f"the value {shown(cell)} is no amount of dollars; write 1234.50")


def _plain(body: str, *, decimal_comma: bool) -> tuple[str, str]:
    """(an amount as Python writes it, empty where none is read; what was done to it)."""
    plain, mark = "", ""
    if _PLAIN.fullmatch(body):
        plain = body
    elif _SCIENTIFIC.fullmatch(body):
        plain, mark = body, "scientific notation written out"
    elif _COMMAS.fullmatch(body):
        plain, mark = body.replace(",", ""), "thousands separators dropped"
    elif _SPACED.fullmatch(body):
        plain, mark = re.sub(r"[\s'’]", "", body), "thousands separators dropped"
    elif _DECIMAL_COMMA.fullmatch(body) or _SPACED_COMMA.fullmatch(body) or (decimal_comma and _DOTS_AND_COMMA.fullmatch(body)):
        plain, mark = re.sub(r"[\s'’.]", "", body).replace(",", "."), _COMMA_READ
    elif _DOTS.fullmatch(body):
        plain, mark = body.replace(".", ""), "thousands separators dropped"
    return plain, mark


def _bounded(value: float, cell: object, marks: tuple[str, ...]) -> Cell[float]:
    if not math.isfinite(value):
        return Cell(reason=f"the value {shown(cell)} is no amount of dollars")
    if value > MOST_USD:
        return Cell(reason=f"the value {shown(cell)} is above {MOST_USD:,.0f} dollars, which no goods are worth")
    return Cell(value, marks) if value >= 0 else Cell(reason=f"the value {shown(cell)} is below zero")
