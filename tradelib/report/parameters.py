"""Parameters of a notebook: what its tagged cell declares, and the values given for it."""

import ast
import io
import json
import tokenize
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tradelib.days import parse_day
from tradelib.errors import ParameterError
from tradelib.report.values import Value, typed
from tradelib.wording import nearest

LATEST = "latest"
_SCALARS = (str, bool, int, float)


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
    given : name to value; it becomes the type of the default, see `values`.
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
            raise ParameterError(unknown(name, list(parameters), notebook))
    values = {name: parameter.default for name, parameter in parameters.items()}
    for name, value in given.items():
        values[name] = typed(value, name, parameters[name].default, notebook)
    if "as_of" in values:
        values["as_of"] = _as_of(values["as_of"], check_as_of)
    return values


def unknown(name: str, allowed: list[str], notebook: str) -> str:
    """That a notebook has no such parameter, with those it has, as a sentence."""
    return f"{notebook} has no parameter {name!r}.{nearest(name, allowed)} Allowed: {', '.join(allowed) or 'none'}."


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


def _as_of(value: Any, check: Callable[[str], date] | None) -> str:
    if value != LATEST:
        value = parse_day(value).isoformat()
    if check is not None:
        check(value)
    return value
