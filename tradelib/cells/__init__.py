"""Cells of a list as people have them: codes, days, amounts and sides, repaired only where one reading is possible.

Every reader takes one cell, of text or of any type that a table holds, and gives what it says, how it was repaired (`marks`), or why it
cannot be read (`reason`). None of them knows a tariff: which of several possible codes exists is for their caller to find.
"""

from tradelib.cells.amounts import MOST_USD, amount, has_decimal_comma, signs_in_doubt
from tradelib.cells.base import Cell, is_blank, shown
from tradelib.cells.codes import Code, code
from tradelib.cells.days import day
from tradelib.cells.sides import side

__all__ = ["MOST_USD", "Cell", "Code", "amount", "code", "day", "has_decimal_comma", "is_blank", "shown", "side", "signs_in_doubt"]
