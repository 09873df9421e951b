"""What the results of a sweep rest on beside what was asked: edition, data, code, and the libraries that compute and write."""

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from tradelib import catalogue
from tradelib.errors import SweepError
from tradelib.report import keys
from tradelib.sweep.grid import digest

# What can change a number or a byte of a calculation.
_LIBRARIES = ("numpy", "pandas", "pyarrow", "arro3-core")
# What each part of an identity is called.
_WORDS = {"edition": "edition of the data", "data": "data", "code": "code of tradelib", "libraries": "libraries", "pages": "libraries"}
_SHORT = 12


def of_calculations() -> dict[str, str]:
    """Edition, and digests of the data, of the code and of the libraries, on this machine."""
    shared = keys.common(catalogue.hashes())
    held = {name: _version(name) for name in _LIBRARIES} | {"python": platform.python_version()}
    return {
        "edition": catalogue.edition().version,
        "data": digest(shared["data"]),
        "code": shared["package"],
        "libraries": digest(held),
    }


def of_pages() -> dict[str, str]:
    """The same for pages, which rest on more libraries."""
    return {**of_calculations(), "pages": digest(keys.common(catalogue.hashes()))}


def check(expected: Mapping[str, str], found: Mapping[str, str], who: str) -> None:
    """Nothing, where two identities are the same.

    Raises
    ------
    SweepError
        they differ; says in what, and who has the other.
    """
    wrong = [name for name, value in expected.items() if found.get(name) != value]
    if wrong:
        name = wrong[0]
        theirs, ours = (str(value.get(name, "none"))[:_SHORT] for value in (found, expected))
        message = (
            f"{who} has another {_WORDS[name]} ({theirs} in place of {ours}): results would not be the same. "
            "Install the same release there, with the same edition and libraries."
        )
        raise SweepError(message)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
