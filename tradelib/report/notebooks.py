"""Notebooks as files: which there are, and what their cells import. Nothing that takes long to import is needed for it."""

import ast
import contextlib
import functools
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from tradelib.errors import ParameterError
from tradelib.report import pool, swap
from tradelib.wording import nearest


def begin_early(names: Sequence[str], notebooks_dir: str | Path, site: str | Path, prepare: Sequence[str], *, again: bool = False) -> None:
    """Begin to prepare the process from which those of notebooks are forked, where there is work for sure (see `pool.preload`).

    That takes as long as to import what plans a run and assembles a site, and so is begun before.

    Parameters
    ----------
    names, notebooks_dir : as for `find_notebooks`.
    site : folder of the site; one that is not there yet lacks every page.
    prepare : as for `pool.preload`.
    again : pages are made whether they are up to date or not.

    Raises
    ------
    ParameterError : a name that the folder does not hold.
    """
    paths = find_notebooks(names, notebooks_dir)
    with contextlib.suppress(OSError, RuntimeError, ValueError):  # no folder can have that name, as is said later
        if again or not (Path(site).expanduser() / swap.MARKER).is_file():
            pool.preload(imports(paths), prepare)


def find_notebooks(names: Sequence[str], notebooks_dir: str | Path) -> list[Path]:
    """Paths of notebooks by name, each once; all of the folder, by name, when no name is given.

    Raises
    ------
    ParameterError : a name that the folder does not hold; says which it holds.
    """
    folder = Path(notebooks_dir)
    known = {path.stem: path for path in sorted(folder.glob("*.ipynb")) if not path.name.startswith((".", "_"))}
    if not known:
        message = f"The folder {folder.name} holds no notebooks."
        raise ParameterError(message)
    for name in names:
        if name.removesuffix(".ipynb") not in known:
            message = f"There is no notebook {name!r}.{nearest(name, list(known))} Known: {', '.join(known)}."
            raise ParameterError(message)
    return [known[name] for name in dict.fromkeys(name.removesuffix(".ipynb") for name in names or known)]


def imports(notebooks: Iterable[str | Path]) -> list[str]:
    """Names of the modules that the cells of some notebooks import, sorted; a name imported from a module may be a module itself."""
    return sorted(set().union(*(_imports_of(Path(path), Path(path).stat().st_mtime_ns) for path in notebooks)))


@functools.lru_cache(maxsize=256)
def _imports_of(path: Path, _stamp: int) -> frozenset[str]:
    found: set[str] = set()
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and "import" in source:
            found.update(_imported(source))
    return frozenset(found)


def _imported(source: str) -> set[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a line for IPython alone
        return set()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.update([node.module, *(f"{node.module}.{alias.name}" for alias in node.names)])
    return found
