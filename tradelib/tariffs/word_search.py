"""Codes by words of their descriptions, with the duty on a day: a full-text index over the texts of the US tariff.

The index is SQLite's FTS5, in memory, built once a process; words are stemmed, so that `batteries` finds `battery`. A line of the tariff
stands for its statistical numbers where they owe the same.
"""

import difflib
import re
import sqlite3
from datetime import date

import numpy as np
import pandas as pd

from tradelib import catalogue, hs
from tradelib.doors import LATEST, Day, door, opened
from tradelib.errors import ParameterError
from tradelib.kept import kept
from tradelib.tariffs import codes, mixtures
from tradelib.tariffs.rates import line_rates
from tradelib.tariffs.stacking import DECIMALS
from tradelib.tariffs.tariff_lines import Lines, lines

COLUMNS = ["code", "description", "total_frac", "low_frac", "high_frac", "lines", "trade_2024_usd"]
_TRADE_YEAR = "2024"
# A text of a good itself tells more than the headings above it.
_WEIGHTS = "10.0, 3.0, 1.0"
_SUBHEADING = 6
# Of two lines that the words fit as well, the one with more trade is likelier meant: a thousandfold trade counts as so much of a rank.
_TRADE_COUNTS = 0.35
_POOL = 400
# A word of so many letters may be the beginning of another.
_PREFIX_LENGTH = 4
_ALIKE = 0.75
_OTHER = re.compile(r"others?[.:]?", re.IGNORECASE)


@door
def search(words: str, *, importer: str = "US", on: Day | None = None, as_of: Day = LATEST, limit: int = 10) -> pd.DataFrame:
    """Codes whose description holds words, or that begin with digits.

    Parameters
    ----------
    words
        such as `lithium battery`, in any order; or a code of 2 to 10 digits, such as `8507`.
    importer
        `US` or `CN`; China's lines have the texts of the US subheadings of the same six digits, and that is said.
    on
        day of entry; by default the day of knowledge.
    as_of
        day of knowledge.
    limit
        codes at most.

    Returns
    -------
    DataFrame
        One row a code, the best first: code (8 digits, or 10 where the numbers of a line differ; for China 6), description, total_frac (NaN
        where it is not known), low_frac and high_frac (what is due at least and at most: an amount a unit is in neither), lines (how many
        statistical numbers the row stands for), trade_2024_usd. In its `attrs`: note (what to know, as a sentence, or nothing) and more
        (how many codes more were found).

    Raises
    ------
    ParameterError
        no words; an SQLite without full-text search; a limit below 1.
    """
    if limit < 1:
        message = f"limit must be 1 or more, not {limit}."
        raise ParameterError(message)
    asked = words.strip()
    if not re.search(r"\w", asked):
        message = "Give words of a description, such as lithium battery, or the beginning of a code, such as 8507."
        raise ParameterError(message)
    digits = re.sub(r"[.\s]", "", asked)
    note = ""
    if digits.isdecimal() and digits.isascii():
        ranked = _by_code(digits)
    else:
        ranked, note = _by_words(asked)
    day = as_of if on is None else on
    if importer == "CN":
        return _of_china(ranked, opened(day), opened(as_of), limit, note)
    return _answer(_us_goods(ranked), lines("US", digits=hs.STATISTICAL_LINE), opened(day), opened(as_of), limit, note)


def _by_code(digits: str) -> list[str]:
    """Codes under the beginning of a code, in order."""
    found = codes.match(digits, "US", lenient=True)
    if found.how == codes.SPECIAL:
        table = _texts()
        return [code for code in table.index if code.startswith(digits)]
    return list(found.codes)


def _by_words(asked: str) -> tuple[list[str], str]:
    """(codes that the words fit, the best first; what to say)."""
    tokens = re.findall(r"\w+", asked)
    rows = _query(tokens, " AND ")
    if rows:
        return rows, ""
    rows = _query(tokens, " OR ") if len(tokens) > 1 else []
    if rows:
        return rows, f"No description holds all of these words: {', '.join(tokens)}. These hold some."
    meant = [difflib.get_close_matches(token.lower(), _vocabulary(), n=1, cutoff=_ALIKE) for token in tokens]
    hint = f" Did you mean {' '.join(word[0] for word in meant)}?" if all(meant) else ""
    return [], f"No description of the US tariff holds {' or '.join(repr(token) for token in tokens)}.{hint}"


def _query(tokens: list[str], join: str) -> list[str]:
    # Each word between quotes is a word and never an operator; the star lets it be the beginning of one.
    asked = join.join(f'"{token}"' + ("*" if len(token) >= _PREFIX_LENGTH else "") for token in tokens)
    statement = "SELECT code, rank FROM goods WHERE goods MATCH ? AND rank MATCH ? ORDER BY rank LIMIT ?"
    rows = _index().execute(statement, (asked, f"bm25({_WEIGHTS})", _POOL)).fetchall()
    if not rows:
        return []
    trade = _trade()
    score = [rank * (1 + _TRADE_COUNTS * np.log10(1 + trade.get(code, 0.0) / 1e3) / 6) for code, rank in rows]
    return [rows[at][0] for at in np.argsort(score, kind="stable")]


@kept()
def _index() -> sqlite3.Connection:
    """The texts of all lines that stand: of the good itself, of what stands above it, of the heading."""
    base = sqlite3.connect(":memory:", check_same_thread=False)
    try:
        base.execute("CREATE VIRTUAL TABLE goods USING fts5(own, above, heading, code UNINDEXED, tokenize='porter unicode61')")
    except sqlite3.OperationalError as error:
        message = "The SQLite of this Python has no full-text search (FTS5), which the search by words needs; search by a code instead."
        raise ParameterError(message) from error
    base.executemany("INSERT INTO goods VALUES (?, ?, ?, ?)", _documents())
    return base


def _documents() -> list[tuple[str, str, str, str]]:
    table = _texts()
    named = ((str(code), text) for code, text in table[table.ne("")].items())
    return [(*_parts(text), code) for code, text in named if code[:2] != "99"]


def _parts(text: str) -> tuple[str, str, str]:
    """(text of the good, texts between, text of the heading); an `Other` takes the text above it for its own."""
    steps = text.split(" > ")
    named = [step for step in steps if not _OTHER.fullmatch(step.strip())] or steps
    return named[-1], " ".join(named[1:-1]), named[0] if len(named) > 1 else ""


@kept()
def _texts() -> pd.Series:
    """Text of every code of the newest tariff under which goods are entered, by code."""
    table = catalogue.load("hts_codes")
    standing = table["ended_on"].isna() & table["is_line"]
    return table[standing].set_index("code")["description"]


@kept()
def _vocabulary() -> list[str]:
    return sorted({word for *texts, _ in _documents() for word in re.findall(r"[a-z]{3,}", " ".join(texts).lower())})


@kept()
def _trade() -> dict[str, float]:
    """Imports of 2024 by code; a number younger than that has those of its line."""
    held = lines("US")
    own = pd.Series(held.weights[_TRADE_YEAR], index=held.index)
    whole = own.groupby(own.index.str[:8]).sum()
    standing = _texts().index
    trade = own.reindex(standing).fillna(pd.Series(whole.reindex(standing.str[:8]).to_numpy(), index=standing))
    return {str(code): float(value) for code, value in trade.fillna(0.0).items()}


def _us_goods(ranked: list[str]) -> dict[str, list[str]]:
    """The numbers found, by their 8-digit line, in order of the best of each."""
    goods: dict[str, list[str]] = {}
    for code in ranked:
        goods.setdefault(code[:8], []).append(code)
    return goods


def _answer(goods: dict[str, list[str]], over: Lines, on: date, as_of: date, limit: int, note: str) -> pd.DataFrame:
    rates = line_rates(on=on, importer=over.importer, as_of=as_of, digits=hs.STATISTICAL_LINE if over.importer == "US" else None)
    rows = [row for line, names in goods.items() for row in _rows(line, names, over, rates)]
    return _frame(rows[:limit], max(0, len(rows) - limit), note)


def _frame(rows: list[dict[str, object]], more: int, note: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame.attrs.update(note=note, more=more)
    return frame


def _rows(line: str, names: list[str], over: Lines, rates: pd.DataFrame) -> list[dict[str, object]]:
    """One row where all numbers found of a line owe the same; else one a number."""
    if codes.is_special(line):
        return [_row(line, codes.text(line), np.full(1, np.nan), np.full(1, np.nan), 0.0)]
    at = over.index.get_indexer(pd.Index(names))
    at = at[at >= 0]
    total = rates["total_frac"].to_numpy()[at]
    low = total.copy()
    for place in np.flatnonzero(np.isnan(total)):
        low[place] = rates["additional_frac"].to_numpy()[at[place]] + mixtures.percentage(str(over.texts[at[place]]))
    trade = over.weights[_TRADE_YEAR][at]
    same = len(np.unique(np.round(np.nan_to_num(low, nan=-1.0), DECIMALS))) == 1
    if same and len(at) > 1:
        return [_row(line, _shared_text(names), total, low, float(trade.sum()))]
    return [_row(name, codes.text(name), total[[place]], low[[place]], float(trade[place])) for place, name in enumerate(over.codes[at])]


def _row(code: str, text: str, total: np.ndarray, low: np.ndarray, trade: float) -> dict[str, object]:
    return {
        "code": str(code),
        "description": text,
        "total_frac": round(float(total[0]), DECIMALS),
        "low_frac": round(float(low[0]), DECIMALS),
        "high_frac": round(float(total[0]), DECIMALS),
        "lines": len(total),
        "trade_2024_usd": trade,
    }


def _shared_text(names: list[str]) -> str:
    """The part of the texts of some numbers that they share; that of their line."""
    steps = [codes.text(name).split(" > ") for name in names]
    shared = []
    for parts in zip(*steps, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return " > ".join(shared)


def _of_china(ranked: list[str], on: date, as_of: date, limit: int, note: str) -> pd.DataFrame:
    """Chinese subheadings of the same six digits as the US lines found."""
    over = lines("CN")
    rates = line_rates(on=on, importer="CN", as_of=as_of)
    places = {str(code): at for at, code in enumerate(over.codes)}
    wanted = [six for six in dict.fromkeys(code[:_SUBHEADING] for code in ranked) if six in places]
    rows = []
    for six in wanted[:limit]:
        at = places[six]
        total = rates["total_frac"].to_numpy()[[at]]
        below = list(_texts().index[slice(*_texts().index.slice_locs(six, six + ":"))])
        rows.append(_row(six, _shared_text(below), total, total, float(over.weights[_TRADE_YEAR][at])))
    said = "China's own texts are not held: these are the texts of the US subheadings of the same six digits."
    return _frame(rows, max(0, len(wanted) - limit), f"{note} {said}".strip() if rows else note or said)
