"""Keys of publishers: from the environment only, and in no text."""

import logging
from collections.abc import Mapping
from typing import NoReturn

_SHOWN = "***"


class Secret:
    """A key that does not show itself; `reveal` is called where a request is made, and nowhere else."""

    __slots__ = ("_value", "variable")

    def __init__(self, value: str, variable: str) -> None:
        self._value = value
        self.variable = variable
        _HIDER.values.add(value)

    def reveal(self) -> str:
        """The key itself."""
        return self._value

    def __repr__(self) -> str:
        return _SHOWN

    __str__ = __repr__

    def __format__(self, _form: str) -> str:
        return _SHOWN

    def __reduce__(self) -> NoReturn:
        message = "A key is not written anywhere."
        raise TypeError(message)


def secret(variable: str, environment: Mapping[str, str]) -> Secret | None:
    """The key that a variable of the environment holds, or None where it is not set."""
    value = environment.get(variable, "").strip()
    return Secret(value, variable) if value else None


def hide(text: str) -> str:
    """A text with every key that is known to this process taken out."""
    for value in _HIDER.values:
        text = text.replace(value, _SHOWN)
    return text


class _Hider(logging.Filter):
    """Takes keys out of what libraries log: urllib3 writes whole addresses at the level of debugging."""

    def __init__(self) -> None:
        super().__init__()
        self.values: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        if self.values:
            text = record.getMessage()
            if any(value in text for value in self.values):
                record.msg, record.args = hide(text), ()
        return True


_HIDER = _Hider()
for _name in ("urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry", "requests"):
    logging.getLogger(_name).addFilter(_HIDER)
