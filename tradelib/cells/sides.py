"""The importer that a cell names."""

from tradelib.cells.base import Cell, cleaned, is_blank, shown

_NAMES = {
    "US": ("us", "usa", "united states", "united states of america", "u.s.", "u.s.a.", "america"),
    "CN": ("cn", "chn", "china", "prc", "p.r. china", "pr china", "p.r.c.", "people's republic of china", "mainland china"),
}
_SIDES = {name: side for side, names in _NAMES.items() for name in names}


def side(cell: object) -> Cell[str]:
    """`US` or `CN`, by its name or a code in any case.

    Examples
    --------
    >>> side("us").value, side("China").marks, side("DE").reason
    ('US', ('importer read as CN',), "the importer must be US or CN, not 'DE'")
    """
    if is_blank(cell):
        return Cell()
    text, marks = cleaned(str(cell))
    found = _SIDES.get(" ".join(text.lower().split()))
    if found is None:
        return Cell(reason=f"the importer must be US or CN, not {shown(cell)}")
    return Cell(found, marks if text.upper() == found else (*marks, f"importer read as {found}"))
