"""Parameters of a notebook: what its tagged cell declares, and the values given for it."""

import ast
import io
import json
import math
import tokenize
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tradelib.days import parse_day
from tradelib.errors import ParameterError
from tradelib.wording import nearest

Value = str | int | float | bool | list[Any]

LATEST = "latest"
_SCALARS = (str, bool, int, float)
_TYPE_WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text", list: "a list separated by commas"}


@dataclass(frozen=True)
class Parameter:
    """One parameter that a notebook declares: its name, default value and what its comment says about it."""

    name: str
    default: Value
    description: str = ""


def declared(path: str | Path) -> dict[str, Parameter]:
    """Parameters that a notebook declares, in the order of its cell.

    The one code cell tagged ``parameters`` is read, never run. It holds assignments of plain literals (text, numbers,
    true or false, lists of these), each with its description as the comment behind it.

    Parameters
    ----------
    path : the notebook.

    Raises
    ------
    ParameterError : the notebook cannot be read, has no such cell or several, or the cell holds anything but plain assignments.
    """
    path = Path(path)
    source = _tagged_source(path)
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        message = f"The parameters cell of {path.name} is not valid Python: {error.msg} in its line {error.lineno}."
        raise ParameterError(message) from None
    comments = _comments(source)
    found: dict[str, Parameter] = {}
    for statement in tree.body:
        name, value = _assignment(statement, path.name)
        if name in found:
            message = f"The parameters cell of {path.name} gives {name} twice; keep one."
            raise ParameterError(message)
        found[name] = Parameter(name, value, comments.get(statement.end_lineno or 0, ""))
    return found


def resolve(
    parameters: Mapping[str, Parameter],
    given: Mapping[str, Any],
    *,
    notebook: str,
    check_as_of: Callable[[str], date] | None = None,
) -> dict[str, Value]:
    """Values a notebook will run with: its defaults, replaced by what is given.

    Parameters
    ----------
    parameters : what the notebook declares.
    given : name to value; text, as a command line gives it, becomes the type of the default.
    notebook : name for the error messages.
    check_as_of : called with the text of ``as_of``, also with "latest", and returns the day; raises DayError for a day outside
        the edition. Without it only the form is checked.

    Raises
    ------
    ParameterError : an unknown name, or a value that does not become the type of the default.
    DayError : ``as_of`` is neither "latest" nor an ISO day, or is refused by `check_as_of`.
    """
    for name in given:
        if name not in parameters:
            raise ParameterError(_unknown(name, parameters, notebook))
    values = {name: parameter.default for name, parameter in parameters.items()}
    for name, value in given.items():
        values[name] = _typed(value, parameters[name], notebook)
    if "as_of" in values:
        values["as_of"] = _as_of(values["as_of"], check_as_of)
    return values


def spelled(value: Value) -> str:
    """Value as it is written after ``-p name=`` on the command line; `resolve` reads it back.

    Examples
    --------
    >>> spelled(True), spelled([10, 34]), spelled("steel")
    ('true', '10,34', 'steel')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(spelled(item) for item in value)
    return str(value)


def _tagged_source(path: Path) -> str:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        tagged = [
            "".join(cell["source"])
            for cell in cells
            if cell["cell_type"] == "code" and "parameters" in cell.get("metadata", {}).get("tags", [])
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{path.name} cannot be read as a notebook ({type(error).__name__}); it must be an .ipynb file of format 4."
        raise ParameterError(message) from None
    if len(tagged) != 1:
        met = f"{len(tagged)} cells" if tagged else "no cell"
        message = f"{path.name} has {met} tagged `parameters`; exactly one code cell must carry this tag."
        raise ParameterError(message)
    return tagged[0]


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("# ").rstrip() for token in tokens if token.type == tokenize.COMMENT}


def _assignment(statement: ast.stmt, notebook: str) -> tuple[str, Value]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, expression = statement.targets[0], statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target, expression = statement.target, statement.value
    else:
        target, expression = None, None
    if not isinstance(target, ast.Name) or expression is None:
        message = (
            f"Line {statement.lineno} of the parameters cell of {notebook} is `{ast.unparse(statement)}`;"
            " only assignments such as window_days = 90 are allowed there."
        )
        raise ParameterError(message)
    try:
        value = ast.literal_eval(expression)
    except (ValueError, TypeError):
        value = None
    if not (isinstance(value, _SCALARS) or (isinstance(value, list) and all(isinstance(item, _SCALARS) for item in value))):
        message = (
            f"The default of {target.id} in {notebook} is `{ast.unparse(expression)}`;"
            " it must be a plain literal: text, a number, True or False, or a list of these."
        )
        raise ParameterError(message)
    return target.id, value


def _unknown(name: str, parameters: Mapping[str, Parameter], notebook: str) -> str:
    allowed = list(parameters)
    return f"{notebook} has no parameter {name!r}.{nearest(name, allowed)} Allowed: {', '.join(allowed) or 'none'}."


def _typed(value: Any, parameter: Parameter, notebook: str) -> Value:
    kind = type(parameter.default)
    try:
        if kind is list:
            return _typed_list(value, parameter.default)
        return _typed_scalar(value, kind)
    except (ValueError, TypeError):
        message = f"{parameter.name} of {notebook} must be {_TYPE_WORDS[kind]} such as {spelled(parameter.default)}, not {value!r}."
        raise ParameterError(message) from None


def _typed_list(value: Any, default: Any) -> list[Any]:
    kind = type(default[0]) if default else str
    if isinstance(value, str):
        value = [item.strip() for item in value.split(",")] if value.strip() else []
    if not isinstance(value, (list, tuple)):
        raise TypeError
    return [_typed_scalar(item, kind) for item in value]


def _typed_scalar(value: Any, kind: type) -> Value:
    if isinstance(value, date) and kind is str:
        return value.isoformat()
    if isinstance(value, str) and kind is not str:
        return _parsed(value.strip(), kind)
    if kind is float and type(value) in (int, float) and math.isfinite(value):
        return float(value)
    if type(value) is not kind or kind is float:
        raise TypeError
    return value


def _parsed(text: str, kind: type) -> Value:
    if kind is bool:
        return {"true": True, "false": False}[text.lower()] if text.lower() in ("true", "false") else _refuse(text)
    number = kind(text)
    return number if math.isfinite(number) else _refuse(text)


def _refuse(text: str) -> Value:
    raise ValueError(text)


def _as_of(value: Any, check: Callable[[str], date] | None) -> str:
    if value != LATEST:
        value = parse_day(value).isoformat()
    if check is not None:
        check(value)
    return value
