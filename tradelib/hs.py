"""Codes of the Harmonized System: reading them, finding what stands under a prefix, naming the section.

A code is a string of digits without dots: 2 digits name a chapter, 4 a heading, 6 a subheading, 8 a tariff line, 10 a statistical
line. A code holds every longer code that begins with it, and no other: `8517` holds `8517130000`, and the tariff line `85171300` is
not the statistical line `8517130000`.
"""

import difflib
import re

import numpy as np

from tradelib.errors import ParameterError

TARIFF_LINE = 8
STATISTICAL_LINE = 10
LENGTHS = (2, 4, 6, TARIFF_LINE, STATISTICAL_LINE)

# Last chapter and subject of each section of the Harmonized System.
_SECTIONS = (
    (5, "I", "Animals"),
    (14, "II", "Plants"),
    (15, "III", "Fats and oils"),
    (24, "IV", "Food, drink, tobacco"),
    (27, "V", "Minerals and fuels"),
    (38, "VI", "Chemicals"),
    (40, "VII", "Plastics, rubber"),
    (43, "VIII", "Leather, bags"),
    (46, "IX", "Wood"),
    (49, "X", "Paper, print"),
    (63, "XI", "Textiles, clothing"),
    (67, "XII", "Footwear, headgear"),
    (70, "XIII", "Stone, ceramics, glass"),
    (71, "XIV", "Precious metals, jewellery"),
    (83, "XV", "Base metals"),
    (85, "XVI", "Machinery, electronics"),
    (89, "XVII", "Vehicles, aircraft, ships"),
    (92, "XVIII", "Instruments, optics, watches"),
    (93, "XIX", "Arms"),
    (96, "XX", "Furniture, toys, other"),
    (97, "XXI", "Works of art"),
    (99, "special", "Special provisions (chapters 98 and 99)"),
)


def parse_code(code: str) -> str:
    """Digits of a code that may be written with dots or spaces.

    Parameters
    ----------
    code : such as `7326.90.8688`, `8517 13` or `87`.

    Raises
    ------
    ParameterError : anything but 2, 4, 6, 8 or 10 digits; a chapter that does not exist.

    Examples
    --------
    >>> parse_code("7326.90.86.88")
    '7326908688'
    """
    digits = re.sub(r"[.\s]", "", code) if isinstance(code, str) else ""
    if not re.fullmatch(r"[0-9]+", digits) or len(digits) not in LENGTHS:
        message = f"A product code has 2, 4, 6, 8 or 10 digits, with or without dots, such as 7326.90.8688; {code!r} is none."
        raise ParameterError(message)
    if digits[:2] in ("00", "77"):
        message = f"Chapter {digits[:2]} does not exist in the Harmonized System (they run from 01 to 99, without 77)."
        raise ParameterError(message)
    return digits


def dotted(code: str) -> str:
    """A code as tariff schedules print it: `7326908688` becomes `7326.90.8688`."""
    parts = [code[:4], code[4:6], code[6:]]
    return ".".join(part for part in parts if part)


def ranges(prefixes: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the codes that begin with each prefix stand in a sorted array.

    Parameters
    ----------
    prefixes : array of str, any length of digits.
    codes : sorted array of str without duplicates; lengths may differ.

    Returns
    -------
    (first, past) : int arrays as long as `prefixes`; the codes under prefix i are `codes[first[i]:past[i]]`, none if they are equal.
    """
    # ':' is the character after '9': nothing that begins with the prefix sorts behind prefix + ':'.
    width = max(codes.dtype.itemsize // 4, prefixes.dtype.itemsize // 4 + 1)
    sorted_codes = codes.astype(f"U{width}", copy=False)
    first = np.searchsorted(sorted_codes, prefixes.astype(f"U{width}"), side="left")
    past = np.searchsorted(sorted_codes, np.char.add(prefixes, ":"), side="left")
    return first, past


def under(prefix: str, codes: np.ndarray) -> slice:
    """The slice of a sorted array of codes that begin with one prefix; see `ranges`."""
    first, past = ranges(np.array([prefix]), codes)
    return slice(int(first[0]), int(past[0]))


def nearest(code: str, codes: np.ndarray, count: int = 3) -> list[str]:
    """Codes of a sorted array that share the longest beginning with a code; those closest in spelling, in order, first."""
    for length in range(len(code), 1, -1):
        siblings = codes[under(code[:length], codes)]
        if len(siblings):
            return difflib.get_close_matches(code, list(siblings), n=count, cutoff=0) or list(siblings[:count])
    return []


def sections(codes: np.ndarray) -> np.ndarray:
    """Section of each code as `XVI Machinery, electronics`; in the order of the codes."""
    last = np.array([chapter for chapter, _, _ in _SECTIONS])
    names = np.array([f"{numeral} {subject}" for _, numeral, subject in _SECTIONS])
    chapters = np.asarray(codes).astype("U2").astype(int)
    return names[np.searchsorted(last, chapters, side="left")]


def section_order() -> list[str]:
    """Names of all sections as `sections` gives them, in the order of the Harmonized System."""
    return [f"{numeral} {subject}" for _, numeral, subject in _SECTIONS]
