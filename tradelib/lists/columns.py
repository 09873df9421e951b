"""Which columns of a list are whose: the four that are read, by the names that people give them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from tradelib import wording
from tradelib.errors import ParameterError

# Name of the attribute of a table that holds the sign which divided the cells of its file.
DIVIDED_BY = "divided_by"
READ = ("code", "on", "value_usd", "importer")
_NAMES = {
    "code": [
        "code", "hts", "htsus", "htscode", "hscode", "htsno", "hts_no", "hts_nr", "hts_number", "hts_code", "hts10", "hts_10", "hts8",
        "hts_8", "hts6", "hts_us", "us_hts", "us_hts_code", "hts_us_code", "htsus_code", "hts_codes", "htsus_number",
        "hts_classification", "hs", "hs_code", "hs_codes", "hs_number", "hs_no", "hs6", "hs_6", "hs8", "hs10", "tariff_code",
        "tariff_number", "tariff_no", "tariff_line", "tariff_item", "commodity_code", "customs_code", "customs_tariff_number",
        "product_code", "harmonized_code", "harmonised_code", "harmonized_tariff_code", "harmonized_system_code",
        "tariff_classification", "hs编码", "商品编码", "税号",
    ],
    "on": [
        "on", "entry_date", "date_of_entry", "entry_day", "day_of_entry", "entered", "entered_on", "entry_on", "date", "day",
        "import_date", "date_of_import", "importation_date", "entry_summary_date", "customs_date",
    ],
    "value_usd": [
        "value_usd", "value", "customs_value", "customs_value_usd", "entered_value", "entered_value_usd", "declared_value",
        "declared_value_usd", "value_in_usd", "value_us", "value_us_dollars", "value_dollars", "usd_value", "usd", "amount_usd",
        "customs_value_us", "line_value", "line_value_usd", "total_value", "total_value_usd",
    ],
    "importer": ["importer", "importing_country", "country_of_import", "import_country", "importing_side"],
}  # fmt: skip
# What a list may say beside these, and no duty follows: rows that say otherwise than the question are refused by `tariffs.list_claims`.
_BESIDE = {
    "origin": {"origin", "country_of_origin", "origin_country", "country_origin", "coo", "made_in", "goods_of", "原产国"},
    "currency": {"currency", "currency_code", "value_currency", "invoice_currency", "curr", "ccy", "币种"},
}
_SOUGHT = {name: {variant: place for place, variant in enumerate(variants)} for name, variants in _NAMES.items()}


@dataclass(frozen=True)
class Columns:
    """Where the columns that are read stand.

    Attributes
    ----------
    places : position of each of `READ` that is there.
    said : a sentence for each that goes by another name.
    """

    places: dict[str, int]
    said: tuple[str, ...]


def find_columns(names: Sequence[object]) -> Columns:
    """The columns of codes, days, values and importers.

    Parameters
    ----------
    names : all names of the list, in order; a name may stand there twice where it is none of these.

    Raises
    ------
    ParameterError : no column of codes, or several columns that may be the same one.

    Examples
    --------
    >>> find_columns(["SKU", "HTS code", "Entry date"]).places
    {'code': 1, 'on': 2}
    """
    places, said = {}, []
    for name in READ:
        found = _candidates(name, names)
        if len(found) > 1:
            listed = wording.listing(repr(str(names[place])) for place in found)
            message = f"The columns {listed} may each be the column {name}; name the right one {name}, and the others otherwise."
            raise ParameterError(message)
        if found:
            places[name] = found[0]
            if names[found[0]] != name:
                said.append(f"The column {str(names[found[0]])!r} is read as {name}.")
            others = [names[place] for place in _alike(name, names) if place != found[0]]
            if others:
                listed = wording.listing(repr(str(other)) for other in others)
                said.append(f"The column {name!r} is read, and not {listed}, which could be meant as well.")
    if "code" not in places:
        seen = ", ".join(repr(str(name)) for name in names) or "none"
        message = f"There is no column named code (or HTS, HS code, tariff code); the columns are {seen}."
        raise ParameterError(message)
    return Columns(places, tuple(said))


def has_codes(names: Sequence[object]) -> bool:
    """Whether a row of names holds one that a column of codes goes by."""
    return bool(_candidates("code", names))


def told_beside(names: Sequence[object]) -> dict[str, list[int]]:
    """Positions of the columns that say of which origin goods are, and in which currency values: `origin`, `currency`."""
    return {kind: [place for place, given in enumerate(names) if _plain(given) in words] for kind, words in _BESIDE.items()}


def has_days(frame: pd.DataFrame) -> bool:
    """Whether a list has a column of days of entry."""
    return bool(_candidates("on", list(frame.columns)))


def has_semicolons(frame: pd.DataFrame) -> bool:
    """Whether a list was read from a file whose cells semicolons divide, as where the comma is the decimal sign."""
    return frame.attrs.get(DIVIDED_BY) == ";"


def _candidates(name: str, names: Sequence[object]) -> list[int]:
    """Positions of columns that may be one that is read; one of exactly its name beats all others."""
    exact = [place for place, given in enumerate(names) if isinstance(given, str) and given == name]
    return exact or _alike(name, names)


def _alike(name: str, names: Sequence[object]) -> list[int]:
    return [place for place, given in enumerate(names) if _plain(given) in _SOUGHT[name]]


def _plain(given: object) -> str:
    return re.sub(r"[^0-9a-z\u4e00-\u9fff]+", "_", str(given).lower()).strip("_")
