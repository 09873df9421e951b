"""What the description of a package may say: its words, the values of each, and how they fit together.

The description steers what is known on a day, so that a word that nobody knows is a fault and never passed over: a damaged
`tradelib:later` would show what became known later.
"""

import difflib
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any, NoReturn

Json = dict[str, Any]
# A word, and what its value has to be: a test, and how a person is told of it.
Words = Mapping[str, tuple[Callable[[Any], bool], str]]


@dataclass(frozen=True)
class Flaw:
    """One fault of a description: where (empty for the package as a whole), what stands there, and what is allowed."""

    where: str
    found: str
    asked: str


def parsed(content: bytes) -> Json:
    """Description of a package from its file.

    Raises
    ------
    ValueError : it is no JSON object in UTF-8, names something twice, or holds a number that is none.
    """
    package = json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    if not isinstance(package, dict):
        message = "it holds no object"
        raise ValueError(message)  # noqa: TRY004, the content is wrong
    return package


def flaws(package: Json) -> Iterator[Flaw]:
    """Every fault of a description, in its order."""
    yield from _words("", package, _PACKAGE, _PACKAGE_ASKED)
    resources = [item for item in package.get("resources") or () if isinstance(item, dict)]
    named = {str(item.get("name")): item for item in resources}
    for word in ("name", "path"):
        yield from _twice("", [item.get(word) for item in resources], f"tables with the {word}")
    version, edition = str(package.get("version")), str(package.get("tradelib:edition"))
    if not version.startswith(f"{edition}."):
        yield Flaw("", f"version {version!r} is no release of tradelib:edition {edition!r}", "It begins with it, such as 2026.11.0.")
    for item in resources:
        yield from _table(item, named)


def _table(item: Json, named: Mapping[str, Json]) -> Iterator[Flaw]:
    where = f"table {item.get('name')}"
    yield from _words(where, item, _TABLE, _TABLE_ASKED)
    schema = item.get("schema")
    if not isinstance(schema, dict):
        return
    yield from _words(where, schema, _SCHEMA, ("fields",))
    fields = [field for field in schema.get("fields") or () if isinstance(field, dict)]
    yield from _twice(where, [field.get("name") for field in fields], "columns named")
    for field in fields:
        yield from _field(f"{where}, column {field.get('name')}", field)
    yield from _place(where, item)
    yield from _knowledge(where, item, {str(field.get("name")): field for field in fields})
    yield from _keys(where, schema, _columns(item), named)


def _place(where: str, item: Json) -> Iterator[Flaw]:
    """The file of a table has its name, so that neither can be damaged alone."""
    path, form = PurePosixPath(str(item.get("path"))), item.get("format")
    if path.stem != item.get("name") or path.suffix != f".{form}":
        yield Flaw(where, f"path {str(path)!r} does not fit its name and format", f"It ends in {item.get('name')}.{form}.")
    if item.get("mediatype", _MEDIA.get(str(form))) != _MEDIA.get(str(form)):
        yield Flaw(where, f"mediatype {item['mediatype']!r} does not fit its format", f"It is {_MEDIA.get(str(form))}.")


def _knowledge(where: str, item: Json, fields: Mapping[str, Json]) -> Iterator[Flaw]:
    """When a row became known is a day that every row has; of statistics also when its period was first published."""
    kind, by, key = item.get("tradelib:kind"), item.get("tradelib:known_on"), item.get("tradelib:key")
    if (by is None) != (kind == "reference"):
        yield Flaw(
            where, f"tradelib:known_on is {by!r} in a table of kind {kind}", "A ledger and statistics have it, a reference table none."
        )
    if (key is None) == (kind == "statistics"):
        yield Flaw(where, f"tradelib:key is {key!r} in a table of kind {kind}", "Statistics have it, and no other table.")
    days = [by, "published_on", "vintage_on"] if kind == "statistics" else [by]
    for name in days if kind in ("ledger", "statistics") else ():
        field = fields.get(str(name), {})
        if field.get("type") != "date" or not field.get("constraints", {}).get("required") or field.get("tradelib:later"):
            yield Flaw(
                where, f"no column {name!r} says when a row became known", "It is a column of days, required, and not `tradelib:later`."
            )
    yield from _unknown(where, "tradelib:key", key, fields)


def _keys(where: str, schema: Json, columns: Collection[str], named: Mapping[str, Json]) -> Iterator[Flaw]:
    primary, unique = schema.get("primaryKey"), schema.get("uniqueKeys")
    if (primary is None) == (unique is None):
        yield Flaw(where, "it has no key, or two", "It has a primaryKey, or uniqueKeys where one of its columns may be empty.")
    later = {str(field.get("name")) for field in schema.get("fields") or () if isinstance(field, dict) and field.get("tradelib:later")}
    for key in [primary, *(unique if isinstance(unique, list) else ())]:
        yield from _unknown(where, "its key", key, set(columns) - later)
    for word in ("foreignKeys", "tradelib:foreignKeys"):
        for item in schema.get(word) or ():
            if not _is_key(item):
                continue
            target = item["reference"]["resource"]
            yield from _unknown(where, word, item["fields"], columns)
            if target not in named:
                yield Flaw(where, f"{word} leads to {target!r}, which is no table", _near(str(target), named))
            else:
                yield from _unknown(where, f"{word} to {target}", item["reference"]["fields"], _columns(named[target]))


def _field(where: str, field: Json) -> Iterator[Flaw]:
    yield from _words(where, field, _FIELD, ("name", "type", "description"))
    given = field.get("constraints")
    if isinstance(given, dict):
        yield from _words(where, given, _CONSTRAINTS, ())
    rules = {
        **(given if isinstance(given, dict) else {}),
        **{word.removeprefix("tradelib:"): field[word] for word in _OURS if word in field},
    }
    kind = field.get("type")
    for word in rules.keys() & _FITS.keys():
        fits = _is_day(rules[word]) == (kind == "date") if word in ("minimum", "maximum") else True
        if kind not in _FITS[word] or not fits:
            found = f"{word} {rules[word]!r} does not fit the type {kind}"
            yield Flaw(where, found, f"It is for columns of {' and '.join(_FITS[word])}, with a value of it.")
    unit = next((unit for end, unit in _ENDS.items() if str(field.get("name")).endswith(end)), None)
    if unit is not None and field.get("tradelib:unit") != unit:
        yield Flaw(where, f"tradelib:unit is {field.get('tradelib:unit')!r}", f"A column with this name has the unit {unit}.")


def _words(where: str, given: Json, words: Words, asked: Sequence[str]) -> Iterator[Flaw]:
    for word, value in given.items():
        if word not in words:
            yield Flaw(where, f"{word!r} is no word of a description", _near(word, words))
        elif not words[word][0](value):
            yield Flaw(where, f"{word} is {_short(value)}", f"It is {words[word][1]}.")
    for word in asked:
        if word not in given:
            yield Flaw(where, f"{word} is missing", f"It is {words[word][1]}.")


def _unknown(where: str, word: str, names: object, columns: Collection[str]) -> Iterator[Flaw]:
    for name in names if isinstance(names, list) else ():
        if name not in columns:
            yield Flaw(where, f"{word} names {name!r}, which is no column that may stand there", _near(str(name), columns))


def _twice(where: str, names: Sequence[object], what: str) -> Iterator[Flaw]:
    for name in dict.fromkeys(name for name in names if isinstance(name, str) and names.count(name) > 1):
        yield Flaw(where, f"there are two {what} {name!r}", "Each is there once.")


def _near(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.5)
    return f"Is it {close[0]}?" if close else f"They are: {', '.join(sorted(known))}."


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _columns(item: Json) -> list[str]:
    schema = item.get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    return [str(field.get("name")) for field in fields or () if isinstance(field, dict)]


def _once(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        message = f"{next(name for name in names if names.count(name) > 1)!r} stands twice in one object"
        raise ValueError(message)
    return found


def _no_number(word: str) -> NoReturn:
    message = f"{word} is no number"
    raise ValueError(message)


def _one_of(*values: object) -> tuple[Callable[[Any], bool], str]:
    return lambda value: any(type(value) is type(one) and value == one for one in values), " or ".join(map(str, values))


def _like(pattern: str, words: str) -> tuple[Callable[[Any], bool], str]:
    form = re.compile(pattern)
    return lambda value: isinstance(value, str) and form.fullmatch(value) is not None, words


def _with(needed: set[str], more: set[str]) -> tuple[Callable[[Any], bool], str]:
    return lambda value: isinstance(value, dict) and needed <= value.keys() <= needed | more, f"an object with {', '.join(sorted(needed))}"


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and str(date.fromisoformat(value)) == value
    except ValueError:
        return False


def _is_pattern(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(re.compile(value))
    except re.error:
        return False


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_key(value: object) -> bool:
    if not isinstance(value, dict) or value.keys() != {"fields", "reference"}:
        return False
    reference = value["reference"]
    if not isinstance(reference, dict) or reference.keys() != {"resource", "fields"}:
        return False
    return _are_names(value["fields"], reference["fields"], [reference["resource"]])


def _are_names(*lists: object) -> bool:
    return all(isinstance(one, list) and one and all(isinstance(name, str) for name in one) for one in lists)


def _each(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and bool(value) and all(map(test, value))


def _titled(value: object) -> bool:
    """A licence or a source."""
    return (
        isinstance(value, dict) and bool(value.get("title")) and value.keys() <= {"name", "title", "path"} and _are_names([*value.values()])
    )


_TEXT = _like(r"\S(.*\S)?", "a text in one line")
_NAME = _like(r"[a-z][a-z0-9_]*", "a name in small letters, digits and _")
_DAY = (_is_day, "an ISO day such as 2026-10-09")
_OBJECT = (lambda value: isinstance(value, dict), "an object")
_NAMES = (_are_names, "a list of names of columns")
_PATTERN = (_is_pattern, "a regular expression")
_BOUND = (lambda value: _is_number(value) or _is_day(value), "a number, or an ISO day")
_FOREIGN = (_each(_is_key), "a list of keys, each with fields and a reference")
_MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
_ENDS = {"_usd": "USD", "_frac": "fraction"}
_OURS = ("tradelib:minimum", "tradelib:maximum", "tradelib:pattern", "tradelib:separator")
_LONGEST = 60
# For which types of a column a constraint is.
_FITS = {
    "minimum": ("number", "date"),
    "maximum": ("number", "date"),
    "pattern": ("string",),
    "enum": ("string",),
    "separator": ("string",),
}
_PACKAGE: Words = {
    "$schema": _one_of("https://datapackage.org/profiles/2.0/datapackage.json"),
    "name": _NAME, "id": _TEXT, "title": _TEXT, "description": _TEXT,
    "version": _like(r"\d+\.\d+\.\d+(\+[0-9A-Za-z.-]+)?", "a release such as 2026.11.0"),
    "licenses": (_each(_titled), "a list of licences, each with a title"),
    "resources": (_each(_OBJECT[0]), "a list of tables"),
    "tradelib:edition": _like(r"\d{4}\.\d{1,2}", "an edition such as 2026.11"),
    "tradelib:evidence_from": _DAY, "tradelib:evidence_through": _DAY, "tradelib:cite": _TEXT,
    "tradelib:base": _with({"sha256"}, {"edition"}), "tradelib:refresh": _with({"on", "tables"}, {"run"}),
}  # fmt: skip
_PACKAGE_ASKED = (
    "title", "version", "licenses", "resources", "tradelib:edition", "tradelib:evidence_from", "tradelib:evidence_through", "tradelib:cite",
)  # fmt: skip
_TABLE: Words = {
    "name": _NAME, "title": _TEXT, "description": _TEXT, "schema": _OBJECT,
    "path": _like(r"([a-z0-9_]+/)*[a-z0-9_]+\.[a-z]+", "a path inside the package"),
    "type": _one_of("table"), "format": _one_of(*_MEDIA), "mediatype": _one_of(*_MEDIA.values()), "encoding": _one_of("utf-8"),
    "sources": (_each(_titled), "a list of sources, each with a title"),
    "tradelib:kind": _one_of("ledger", "statistics", "reference"),
    "tradelib:known_on": _NAME, "tradelib:key": _NAMES, "tradelib:evidence_through": _DAY,
    "tradelib:refreshed": _one_of(True), "tradelib:order": _one_of("own"),
}  # fmt: skip
_TABLE_ASKED = ("name", "path", "title", "description", "format", "tradelib:kind", "schema")
_SCHEMA: Words = {
    "fields": (_each(_OBJECT[0]), "a list of columns"), "primaryKey": _NAMES,
    "uniqueKeys": (_each(_are_names), "a list of lists of columns"), "foreignKeys": _FOREIGN, "tradelib:foreignKeys": _FOREIGN,
}  # fmt: skip
_FIELD: Words = {
    "name": _NAME, "type": _one_of("string", "date", "number", "boolean"), "description": _TEXT, "constraints": _OBJECT,
    "tradelib:unit": _one_of("USD", "fraction"), "tradelib:later": _one_of(True), "tradelib:separator": _one_of("|"),
    "tradelib:minimum": _BOUND, "tradelib:maximum": _BOUND, "tradelib:pattern": _PATTERN,
}  # fmt: skip
_CONSTRAINTS: Words = {
    "required": _one_of(True), "minimum": _BOUND, "maximum": _BOUND, "pattern": _PATTERN,
    "enum": (lambda value: _are_names(value) and len(set(value)) == len(value), "a list of texts, each once"),
}  # fmt: skip
