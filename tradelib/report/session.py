"""What papermill has put into the session that this code runs in.

papermill writes the values it is given into a cell of their own, behind the tagged one, and a misspelt name there runs without a word.
The session remembers the source of each cell that ran, so that the names can be read from it.
"""

import ast
import sys
from collections.abc import Iterable

# First line of the cell that papermill injects; part of its format since its first versions.
_HEAD = "# Parameters"


def injected(*, until: str) -> list[str]:
    """Names that papermill has put in, in order; none outside a notebook.

    Parameters
    ----------
    until : a parameter that the tagged cell declares. The cells are read backwards as far as the newest one that assigns it and was not
        injected: what was put in before that belongs to an earlier run of the notebook.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    history = getattr(shell, "history_manager", None)
    return names_injected(history.input_hist_raw if history is not None else [], until=until)


def names_injected(sources: Iterable[str], *, until: str) -> list[str]:
    r"""Names that injected cells assign, from the sources of all cells in the order they ran; see `injected`.

    Examples
    --------
    >>> names_injected(['as_of = "latest"', '# Parameters\nasof = "2025-06-09"\n'], until="as_of")
    ['asof']
    """
    names: list[str] = []
    for source in reversed(list(sources)):
        assigned = _assigned(source)
        if source.lstrip().startswith(f"{_HEAD}\n"):
            names = [*assigned, *names]
        elif until in assigned:
            break
    return list(dict.fromkeys(names))


def _assigned(source: str) -> list[str]:
    try:
        statements = ast.parse(source).body
    except SyntaxError:  # a cell that asks the notebook itself for something, such as %time
        return []
    targets = [target for statement in statements if isinstance(statement, ast.Assign) for target in statement.targets]
    targets += [statement.target for statement in statements if isinstance(statement, ast.AnnAssign)]
    return [target.id for target in targets if isinstance(target, ast.Name)]
