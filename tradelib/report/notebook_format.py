"""nbformat, imported once it is asked for, without what takes long there and is of no use to a notebook."""

import importlib
import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any

# What jsonschema imports where it is there, to hold texts against formats that the schema of notebooks does not name. The first, which
# comes with JupyterLab, compiles grammars for most of a second (jsonschema 4.26; their issue 1428).
_FORMATS = {"rfc3987_syntax": "is_valid_syntax", "rfc3986_validator": "validate_rfc3986"}


def nbformat() -> Any:
    """The module. If jsonschema is imported for it, some of its checks of formats import what they need when they are first called."""
    if "nbformat" not in sys.modules and "jsonschema" not in sys.modules:
        later = [_Later(name, check) for name, check in _FORMATS.items() if name not in sys.modules and find_spec(name)]
        sys.modules.update({module.__name__: module for module in later})
        try:
            import nbformat
        finally:
            for module in later:
                module.leave()
    import nbformat

    return nbformat


class _Later(ModuleType):
    """Stands in for a module, of which one function is asked for, and imports it when that is called or anything else is asked for."""

    def __init__(self, name: str, check: str) -> None:
        super().__init__(name)

        def called(*given: Any, **named: Any) -> Any:
            return getattr(self.itself(), check)(*given, **named)

        setattr(self, check, called)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.itself(), name)

    def itself(self) -> ModuleType:
        """The module that it stands in for."""
        self.leave()
        return importlib.import_module(self.__name__)

    def leave(self) -> None:
        """Stand in no longer."""
        if sys.modules.get(self.__name__) is self:
            sys.modules.pop(self.__name__, None)
