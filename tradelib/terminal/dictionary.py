"""What a table holds, column by column."""

import textwrap
from typing import Any

from tradelib import catalogue
from tradelib.catalogue.dictionary import COLUMNS, columns
from tradelib.terminal import forms

_WIDTH = 100


def answer(name: str, form: str) -> str:
    """A table and its columns, as `tradelib data describe` prints them: `table`, `json` or `csv`.

    Returns
    -------
    JSON: name, title, description, path, kind, known_by (the column of knowledge time, or null), rows, first, last (days on which rows
    became known), publishers, key, columns (as `columns` gives them), edition. CSV: one row a column.
    """
    rows: list[dict[str, Any]] = [{str(word): value for word, value in row.items()} for row in columns(name).to_dict("records")]
    resource = catalogue.description(name)
    about = next(item for item in catalogue.tables() if item["name"] == name)
    shown = {word: about[word] for word in ("name", "title", "description", "path")}
    shown |= {"kind": resource["tradelib:kind"], "known_by": resource.get("tradelib:known_on")}
    shown |= {word: about[word] or None for word in ("rows", "first", "last", "publishers")} | {"key": catalogue.key_of(resource)}
    record = shown | {"columns": rows, "edition": catalogue.edition().version}
    return forms.answer(form, table=_table(shown, rows), record=record, rows=rows, columns=COLUMNS)


def _table(about: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    reach = f", known from {about['first']} to {about['last']} ({about['known_by']})" if about["first"] else ""
    lines = [f"{about['name']}: {about['title']}", *textwrap.wrap(about["description"], _WIDTH), ""]
    lines += [f"data/{about['path']}: {about['rows']:,} rows{reach}", f"Key: {', '.join(about['key'])}"]
    lines += [*textwrap.wrap(f"From: {about['publishers']}", _WIDTH), ""]
    wide = max(len(row["column"]) for row in rows)
    for row in rows:
        head = f"{row['column']:<{wide}}  {row['type']:<7}  "
        lines += textwrap.wrap(_words(row), _WIDTH, initial_indent=head, subsequent_indent=" " * len(head))
    return forms.plain(lines)


def _words(row: dict[str, Any]) -> str:
    empty = "" if row["required"] or row["type"] == "boolean" else "may be empty"
    more = [row["unit"], row["allowed"], f"in {row['refers_to']}" if row["refers_to"] else "", empty]
    return f"{row['description']} [{'; '.join(word for word in more if word)}]" if any(more) else row["description"]
