"""Numbers, days and lists as words: the one formatter.

Percentages stand with a narrow no-break space, a true minus sign and no more digits than they carry.
"""

import difflib
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

THIN = "\N{NARROW NO-BREAK SPACE}"
FIXED = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


def number(value: float, *, digits: int = 1, signed: bool = False, trim: bool = True) -> str:
    """A number with at most `digits` decimals and thousands set apart.

    Examples
    --------
    >>> number(12.50), number(-3.4), number(4.8, signed=True), number(270000.0)
    ('12.5', '−3.4', '+4.8', '270,000')
    """
    text = f"{abs(value):,.{digits}f}"
    if trim and "." in text:
        text = text.rstrip("0").rstrip(".")
    if text.strip("0.,") == "":
        return text
    return (MINUS if value < 0 else "+" if signed else "") + text


def percent(fraction: float, *, digits: int = 1, signed: bool = False, trim: bool = True) -> str:
    """A fraction as per cent.

    Examples
    --------
    >>> percent(0.3), percent(0.125), percent(-0.034, signed=True)
    ('30%', '12.5%', '−3.4%')
    """
    return f"{number(fraction * 100, digits=digits, signed=signed, trim=trim)}%"


def percents(*fractions: float) -> list[str]:
    """Fractions as per cent beside one another, all with the same decimals.

    Examples
    --------
    >>> percents(0.249, 0.25), percents(0.1, 0.34)
    (['24.9%', '25.0%'], ['10%', '34%'])
    """
    whole = all(round(100 * fraction, 1) == round(100 * fraction) for fraction in fractions)
    return [percent(fraction, trim=whole) for fraction in fractions]


def usd_bn(value: float, *, digits: int = 1, signed: bool = False) -> str:
    """US dollars as billions.

    Examples
    --------
    >>> usd_bn(103.22e9).replace(THIN, "_")
    'USD_103.2_billion'
    """
    return f"USD{THIN}{number(value / 1e9, digits=digits, trim=False, signed=signed)}{THIN}billion"


def usd(value: float, *, signed: bool = False) -> str:
    """US dollars in the unit that fits: billions, millions, thousands or dollars, with three digits or four.

    Examples
    --------
    >>> [usd(value).replace(THIN, "_") for value in (40.68e9, 110e6, 12.3e6, 4500.0, 12.5)]
    ['USD_40.7_billion', 'USD_110_million', 'USD_12.3_million', 'USD_4.5_thousand', 'USD_12.50']
    """
    size = abs(value)
    for least, unit, digits in ((1e9, "billion", 1), (1e8, "million", 0), (1e6, "million", 1), (1e3, "thousand", 1)):
        if size >= least:
            scale = {"billion": 1e9, "million": 1e6, "thousand": 1e3}[unit]
            return f"USD{THIN}{number(value / scale, digits=digits, trim=False, signed=signed)}{THIN}{unit}"
    return f"USD{THIN}{number(value, digits=2, trim=False, signed=signed)}"


def amount(value: float, unit: str, *, signed: bool = False) -> str:
    """A statistic in its unit; a change has a sign, a level has none.

    Examples
    --------
    >>> [amount(*of, signed=True).replace(THIN, "_") for of in ((0.048, "fraction"), (2626, "tonnes"), (25.4e9, "usd"))]
    ['+4.8%', '2,626 t', 'USD_25.4_billion']
    """
    if unit == "tonnes":
        return f"{number(value, digits=0)} t"
    return percent(value, signed=signed, trim=False) if unit == "fraction" else usd_bn(value)


def day(value: date) -> str:
    """A day in words.

    Examples
    --------
    >>> day(date(2025, 6, 9))
    '9 June 2025'
    """
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def short_day(value: date) -> str:
    """A day in few letters, for narrow cells and plots: ``9 Jun 2025``."""
    return f"{value.day} {_MONTHS[value.month - 1][:3]} {value.year}"


def month(value: date) -> str:
    """A month in words: ``May 2025``."""
    return f"{_MONTHS[value.month - 1]} {value.year}"


def span(first: date, last: date | None) -> str:
    """One day or several.

    Examples
    --------
    >>> span(date(2025, 5, 10), date(2025, 5, 11)), span(date(2025, 6, 30), date(2025, 7, 1)), span(date(2025, 6, 9), None)
    ('10-11 May 2025', '30 June to 1 July 2025', '9 June 2025')
    """
    if last is None or last == first:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}-{day(last)}"
    if first.year == last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} to {day(last)}"
    return f"{day(first)} to {day(last)}"


def months(days: Iterable[date]) -> str:
    """Months by their first days: three or more in a row as the first and the last, others one by one.

    Examples
    --------
    >>> months([date(2025, 9, 1), date(2025, 10, 1), date(2025, 11, 1)]), months([date(2025, 9, 1), date(2025, 12, 1)])
    ('September 2025 to November 2025', 'September 2025 and December 2025')
    """
    held = list(days)
    in_a_row = all(12 * (after.year - first.year) + after.month - first.month == 1 for first, after in pairwise(held))
    return f"{month(held[0])} to {month(held[-1])}" if in_a_row and held[2:] else listing(map(month, held))


def section(name: str) -> str:
    """The goods of a section of the tariff inside a sentence, without its numeral.

    Examples
    --------
    >>> section("XVI Machinery, electronics"), section("XX Furniture, toys, other"), section("XV Base metals")
    ('machinery and electronics', 'furniture, toys and other goods', 'base metals')
    """
    names = name.split(" ", maxsplit=1)[1].lower().split(", ")
    return listing("other goods" if goods == "other" else goods for goods in names)


def listing(words: Iterable[str]) -> str:
    """Words joined as a sentence joins them.

    Examples
    --------
    >>> listing(["a"]), listing(["a", "b"]), listing(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    parts = list(words)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def place(name: str) -> str:
    """A trading partner inside a sentence.

    Examples
    --------
    >>> place("European Union"), place("Japan")
    ('the European Union', 'Japan')
    """
    return f"the {name}" if name.startswith(("European ", "United ")) else name


def duty(authority: str, programme: str) -> str:
    """Name of a duty: authority and programme, said once where the one begins with the other.

    Examples
    --------
    >>> duty("Section 301", "List 1"), duty("Reciprocal retaliation", "Reciprocal retaliation Apr 2025")
    ('Section 301: List 1', 'Reciprocal retaliation Apr 2025')
    """
    return programme if programme.startswith(authority) else f"{authority}: {programme}"


def count(amount: int, noun: str) -> str:
    """An amount of things.

    Examples
    --------
    >>> count(1, "day"), count(64, "day"), count(2, "duty")
    ('1 day', '64 days', '2 duties')
    """
    many = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"
    return f"{amount:,} {noun if amount == 1 else many}"


def times(amount: int) -> str:
    """How often: once, twice, 3 times.

    Examples
    --------
    >>> times(1), times(2), times(3)
    ('once', 'twice', '3 times')
    """
    return {1: "once", 2: "twice"}.get(amount, f"{amount} times")


def rose(fraction: float) -> str:
    """What happened to a quantity: the verb follows the sign.

    Examples
    --------
    >>> rose(0.048), rose(-0.034), rose(0.0)
    ('rose 4.8%', 'fell 3.4%', 'did not change')
    """
    if round(fraction * 100, 1) == 0:
        return "did not change"
    return f"{'rose' if fraction > 0 else 'fell'} {percent(abs(fraction), trim=False)}"


_NAMES = ("China", "China's", "Chinese", "America", "American", "Section", "Beijing", "Washington", "Geneva", "Trump")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def revised(is_later: bool, *, goes_on: bool = False) -> str:
    """The mark behind a figure, or its month, of which only a later revision is in our data; nothing behind another.

    Parameters
    ----------
    is_later : whether the value was current only after the day of the page.
    goes_on : the sentence goes on after it.

    Examples
    --------
    >>> revised(True), revised(True, goes_on=True), revised(False)
    (', as later revised', ', as later revised,', '')
    """
    return f", as later revised{',' if goes_on else ''}" if is_later else ""


def later_revised(rows: "pd.DataFrame") -> str:
    """Which of some months are shown as later revised; nothing where none are.

    Parameters
    ----------
    rows : with period and is_later_revised.
    """
    later = rows.loc[rows["is_later_revised"].astype(bool), "period"]
    if later.empty:
        return ""
    first, last = later.min(), later.max()
    if first == last:
        return f"{month(last)} as later revised, because our data lack its first release"
    since = "months to" if first == rows["period"].min() else f"months from {month(first)} to"
    return f"{since} {month(last)} as later revised, because our data lack their first releases"


def inside(words: str) -> str:
    """Words that begin a line, as they stand inside a sentence: the first letter small, unless it begins a name.

    Examples
    --------
    >>> inside("The truce lapses"), inside("April 2025 again"), inside("US duties")
    ('the truce lapses', 'April 2025 again', 'US duties')
    """
    first = words.split(" ", maxsplit=1)[0]
    is_name = first in (*_MONTHS, *_NAMES) or first[1:2].isupper()
    return words if is_name else words[0].lower() + words[1:]


def upper(words: str) -> str:
    """Words with a capital first letter, to begin a sentence."""
    return words[0].upper() + words[1:]


def nearest(word: str, known: list[str]) -> str:
    """Question naming the known word most like a misspelt one, or nothing."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f" Did you mean {close[0]}?" if close else ""
