"""What a run knows of its machine stays out of what it publishes: a file is named by its name and its content, never by its place."""

import contextlib
import hashlib
import json
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tradelib.report.values import Value


def shown(values: Mapping[str, Value], folder: Path) -> dict[str, Value]:
    """Values of parameters as they may be published: the name of a file in place of its path.

    Parameters
    ----------
    folder : where a relative path begins.
    """
    return {**values, **{name: path.name for name, path in files(values, folder).items()}}


def marked(values: Mapping[str, Value], folder: Path) -> dict[str, Value]:
    """As `shown`, the name of a file with a digest of its content: two files of one name are two pages."""
    digests = {name: hashlib.sha256(path.read_bytes()).hexdigest()[:8] for name, path in files(values, folder).items()}
    return {name: f"{value}-{digests[name]}" if name in digests else value for name, value in shown(values, folder).items()}


def cleaned(node: Any, values: Mapping[str, Value], folder: Path) -> Any:
    """A notebook, or a part of it, in which the name of each file that a value names stands in place of its path; changed in place."""
    places: dict[str, str] = {}
    for name, path in files(values, folder).items():
        for place in (str(path.resolve()), str(path), str(values[name])):
            places |= {text: path.name for text in _written(place) if text != path.name}
    return _replaced(node, sorted(places.items(), key=lambda item: -len(item[0]))) if places else node


def _written(place: str) -> set[str]:
    """A path in every form in which a cell or an output may hold it: as Python, papermill, JSON, an address and HTML write it."""
    found = {form(text) for text in (place, Path(place).as_posix()) for form in _FORMS}
    return found | {escape(text) for text in found} | {escape(text, quote=False) for text in found}


_FORMS: tuple[Callable[[str], str], ...] = (
    str,
    quote,
    lambda text: repr(text)[1:-1],
    lambda text: ascii(text)[1:-1],
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: text.encode("unicode_escape").decode().replace('"', r"\""),  # papermill
)


def files(values: Mapping[str, Value], folder: Path) -> dict[str, Path]:
    """Files that values name, by the names of the parameters."""
    named = {name: folder / value for name, value in values.items() if isinstance(value, str) and Path(value).suffix}
    return {name: path for name, path in named.items() if _is_file(path)}


def _is_file(path: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):  # a name that no system has
        return path.is_file()
    return False


def _replaced(node: Any, places: list[tuple[str, str]]) -> Any:
    if isinstance(node, str):
        for place, name in places:
            node = node.replace(place, name)
    elif isinstance(node, dict):
        for key, value in node.items():
            node[key] = _replaced(value, places)
    elif isinstance(node, list):
        node[:] = [_replaced(value, places) for value in node]
    return node
