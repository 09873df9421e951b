"""Lists of product codes, a CSV file a scope; the table `product_scopes` is built from them.

A file `data/law/scopes/<scope>.csv` has the columns code, coverage, entry_from, entry_to, source. An empty source is the one that the scope
has in the column `codes_source` of data/law/scopes.csv: most lists have one.
"""

import re
from pathlib import Path

import pandas as pd

from tradelib import hs
from tradelib.catalogue import csv_files
from tradelib.errors import CatalogueError, ParameterError

COLUMNS = ["scope", "code", "coverage", "entry_from", "entry_to", "source"]
_OWN = COLUMNS[1:]
_KEY = ["scope", "code", "entry_from"]
_FOLDER = Path("law") / "scopes"
COVERAGES = ("full", "partial", "use")


def read(folder: Path) -> pd.DataFrame:
    """Rows of every list of a data package.

    Returns
    -------
    The columns of the table `product_scopes`, with its types, sorted by key.

    Raises
    ------
    CatalogueError : a list that cannot be read; the message names file and line.
    """
    usual = _usual_sources(folder)
    frames = []
    for path in sorted((folder / _FOLDER).glob("*.csv")):
        head, *rows = _rows(path)
        if head != _OWN or any(len(row) != len(_OWN) for row in rows):
            number = next((place for place, row in enumerate(rows, start=2) if len(row) != len(_OWN)), 1)
            message = f"data/{(_FOLDER / path.name).as_posix()}, row {number}: the columns are {', '.join(_OWN)}."
            raise CatalogueError(message)
        frames.append(pd.DataFrame(rows, columns=_OWN, dtype="str").assign(scope=path.stem))
    table = pd.concat(frames, ignore_index=True)[COLUMNS] if frames else pd.DataFrame(columns=COLUMNS, dtype="str")
    table["source"] = table["source"].where(table["source"].ne(""), table["scope"].map(usual))
    for name in ("entry_from", "entry_to"):
        days = pd.to_datetime(table[name].replace("", None), format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")
        strange = (days.isna() & table[name].ne("")).to_numpy()
        if strange.any():
            row = table.iloc[strange.argmax()]
            file = f"data/{(_FOLDER / row['scope']).as_posix()}.csv"
            message = f"{file}: {name} of code {row['code']} is {row[name]!r}, and a day is written 2026-12-01."
            raise CatalogueError(message)
        table[name] = days
    return table.sort_values(_KEY, kind="stable", ignore_index=True)


def write(table: pd.DataFrame, folder: Path) -> None:
    """Write every list of a table of scopes, and the usual source of each; for moving a table into lists."""
    target = folder / _FOLDER
    target.mkdir(parents=True, exist_ok=True)
    usual = {scope: rows["source"].mode().iloc[0] for scope, rows in table.groupby("scope")}
    for scope, rows in table.groupby("scope"):
        _write_list(target / f"{scope}.csv", rows.assign(source=rows["source"].where(rows["source"].ne(usual[scope]), "")))
    path = folder / "law" / "scopes.csv"
    head, *lines = _rows(path)
    if "codes_source" not in head:
        head, lines = [*head, "codes_source"], [[*line, ""] for line in lines]
    place = head.index("codes_source")
    for line in lines:
        line[place] = usual.get(line[0], line[place])
    _write_rows(path, head, lines)


def add(scope: str, content: str, *, folder: Path, source: str, coverage: str = "full", entry_from: str = "", what: str = "") -> int:
    """Add codes to the list of a scope, and the scope itself where it is new.

    Parameters
    ----------
    scope : its name.
    content : any text that holds the codes, such as an annex copied from a notice: everything that looks like a code of 4 to 10 digits,
        with or without dots, is taken; a four-digit number needs to stand alone on its line.
    source : the text the list stands in.
    coverage : `full`, `partial` (goods described) or `use`.
    entry_from : first day of entry; empty: from the beginning of the measures that name the scope.
    what : what the scope covers, in words; needed for a new one.

    Returns
    -------
    How many codes were new.

    Raises
    ------
    CatalogueError : no code in the text, a code that is none, a coverage that is none, a new scope without words.
    """
    if coverage not in COVERAGES:
        message = f"coverage must be one of {', '.join(COVERAGES)}, not {coverage!r}."
        raise CatalogueError(message)
    codes = codes_of(content)
    if not codes:
        message = "The text holds no product code: codes have 6, 8 or 10 digits, such as 8507.60.0020, or stand alone on a line."
        raise CatalogueError(message)
    _declare(scope, what, source, folder)
    path = folder / _FOLDER / f"{scope}.csv"
    held = _rows(path)[1:] if path.exists() else []
    keys = {(row[0], row[2]) for row in held}
    usual = _usual_sources(folder).get(scope, "")
    new = [[code, coverage, entry_from, "", "" if source == usual else source] for code in codes if (code, entry_from) not in keys]
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_rows(path, _OWN, sorted([*held, *new], key=lambda row: (row[0], row[2])))
    return len(new)


def codes_of(content: str) -> list[str]:
    r"""Product codes in a text, as digits, each once, in order.

    Examples
    --------
    >>> codes_of("(iii) 8507.60.00 20; 8471.30\n9903.01.25 of 2025\n8703")
    ['847130', '8507600020', '8703']
    """
    found = re.findall(r"\b\d{4}\.\d{2}(?:\.\d{2}(?:\.?\s?\d{2}\b(?!\.))?(?:\d{2})?)?\b|^\s*\d{4,10}\s*$", content, flags=re.MULTILINE)
    codes = []
    for item in found:
        digits = re.sub(r"\D", "", item)
        if digits.startswith(("98", "99")):
            continue
        try:
            codes.append(hs.parse_code(digits))
        except ParameterError as error:
            raise CatalogueError(str(error)) from None
    return sorted(set(codes))


def _declare(scope: str, what: str, source: str, folder: Path) -> None:
    path = folder / "law" / "scopes.csv"
    head, *lines = _rows(path)
    if any(line[0] == scope for line in lines):
        return
    if not what or not re.fullmatch(r"[a-z0-9_]+", scope):
        message = (
            f"There is no scope {scope!r}: for a new one give a name of small letters, digits and _, and say what it covers with --what."
        )
        raise CatalogueError(message)
    row = dict.fromkeys(head, "") | {"scope": scope, "what": what, "held": "codes", "source": source, "codes_source": source}
    _write_rows(path, head, sorted([*lines, [row[name] for name in head]], key=lambda line: (line[0] != "all", line[0])))


def _rows(path: Path) -> list[list[str]]:
    """Rows of a list, or of the table of scopes."""
    place = "law/scopes.csv" if path.name == "scopes.csv" and path.parent.name == "law" else (_FOLDER / path.name).as_posix()
    try:
        return csv_files.rows(path.read_bytes())
    except (OSError, ValueError) as error:
        message = f"data/{place}: {getattr(error, 'strerror', None) or error}."
        raise CatalogueError(message) from None


def _usual_sources(folder: Path) -> dict[str, str]:
    head, *lines = _rows(folder / "law" / "scopes.csv")
    place = head.index("codes_source") if "codes_source" in head else None
    return {line[0]: line[place] if place is not None else "" for line in lines}


def _write_list(path: Path, rows: pd.DataFrame) -> None:
    days = {name: rows[name].dt.strftime("%Y-%m-%d").fillna("") for name in ("entry_from", "entry_to")}
    _write_rows(path, _OWN, rows.assign(**days).sort_values(["code", "entry_from"], kind="stable")[_OWN].to_numpy().tolist())


def _write_rows(path: Path, head: list[str], rows: list[list[str]]) -> None:
    path.write_bytes(csv_files.written([head, *rows]))
