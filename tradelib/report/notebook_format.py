"""nbformat, imported once it is asked for, without what takes long there and is of no use to a notebook."""

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

# What jsonschema takes where it is there, to hold texts against formats that the schema of notebooks does not name. One of them, which
# comes with JupyterLab, compiles grammars for most of a second (jsonschema 4.26; their issue 1428).
_FORMATS = ("rfc3987_syntax", "rfc3986_validator", "isoduration")


def nbformat() -> Any:
    """The module. If it is the first to ask for jsonschema, it keeps one that knows few formats; whoever asks later gets a whole one."""
    if "nbformat" not in sys.modules and "jsonschema" not in sys.modules:
        with _without(*_FORMATS):
            import nbformat
        for name in [name for name in sys.modules if name.split(".")[0] == "jsonschema"]:
            del sys.modules[name]
    import nbformat

    return nbformat


@contextlib.contextmanager
def _without(*names: str) -> Iterator[None]:
    """Import as if some modules were not there; what holds them already keeps them."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            sys.modules.pop(name, None)
