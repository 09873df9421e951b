"""Lists of goods as people keep them: files of CSV, Excel and Parquet, read without losing a row, and written."""

from tradelib.lists.columns import READ, Columns, find_columns, has_codes, has_days, has_semicolons, told_beside
from tradelib.lists.reading import INPUTS, Listed, read
from tradelib.lists.writing import OUTPUTS, check_output, csv_text, formula_words, is_formula, json_text, without_formulas, write

__all__ = [
    "INPUTS",
    "OUTPUTS",
    "READ",
    "Columns",
    "Listed",
    "check_output",
    "csv_text",
    "find_columns",
    "formula_words",
    "has_codes",
    "has_days",
    "has_semicolons",
    "is_formula",
    "json_text",
    "read",
    "told_beside",
    "without_formulas",
    "write",
]
