"""The plan of a run: which notebooks, which days, which values; everything that can be refused before a kernel starts."""

import ast
import functools
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from tradelib.errors import ParameterError
from tradelib.report import private, site
from tradelib.report.parameters import LATEST, Parameter, declared, resolve
from tradelib.report.values import Value, spelled

# Builtins by which a cell could change what is not its own.
_CHANGERS = {"__import__", "delattr", "eval", "exec", "getattr", "globals", "locals", "open", "setattr", "vars"}

# Holds values that are not the default against what they ask for: all values, those changed, the day of knowledge.
Judge = Callable[[Mapping[str, Value], Collection[str], date], None]


@dataclass(frozen=True)
class Job:
    """One notebook to run: its values, which of them differ from the default, where a failing copy goes, and in which folder.

    A file that a value names is that of this folder, the one where the command runs: for its key, for who judges it, and for the cells.
    """

    path: Path
    as_of: str
    values: dict[str, Value]
    changed: dict[str, Value]
    timeout: int
    keep_failed: Path | None
    folder: Path

    @property
    def notebook(self) -> str:
        """Name of the notebook."""
        return self.path.stem

    @property
    def slug(self) -> str:
        """Folder name of the page."""
        return site.slug(self.as_of, private.marked(self.changed, self.folder))

    @property
    def page_folder(self) -> Path:
        """Folder of the page, from the folder of the site."""
        return Path("reports", self.notebook, self.slug)

    @property
    def words(self) -> str:
        """What is run, for a line on the terminal."""
        given = [f"{name}={spelled(value)}" for name, value in sorted(self.changed.items())]
        return ", ".join([f"{self.notebook} as of {self.as_of}", *given])


def plan_jobs(
    paths: list[Path],
    days: Sequence[str],
    given: dict[str, Any],
    resolve_as_of: Callable[[str], date],
    timeout: int,
    failed: Path | None,
    judge: Judge | None = None,
) -> list[Job]:
    """Runs of notebooks for days, by notebook and day in the order given; equal days count once.

    Parameters
    ----------
    paths : the notebooks.
    days : ISO days or "latest"; none means "latest".
    given : other parameters; each must be declared by every notebook.
    resolve_as_of : from "latest" or an ISO day to the day; raises DayError for a day outside the edition.
    timeout : seconds one cell may take.
    failed : folder for the executed copies of notebooks that fail; None keeps none.
    judge : holds values against what they ask for, where they differ from the defaults.

    Raises
    ------
    ParameterError, DayError : a parameter that is not declared, or a value that is not allowed.
    """
    declarations = {path: declared(path) for path in paths}
    _check_names(declarations, given)
    resolved = list(dict.fromkeys(resolve_as_of(day).isoformat() for day in days or [LATEST]))
    jobs = []
    for path, parameters in declarations.items():
        for day in resolved:
            values = resolve(parameters, {**given, "as_of": day}, notebook=path.stem)
            changed = {name: value for name, value in values.items() if name != "as_of" and value != parameters[name].default}
            if judge is not None and changed:
                judge(values, changed, resolve_as_of(day))
            job = Job(path, day, values, changed, timeout, None, Path.cwd())
            jobs.append(job if failed is None else replace(job, keep_failed=failed / f"{job.notebook}-{job.slug}.ipynb"))
    return jobs


def _check_names(declarations: dict[Path, dict[str, Parameter]], given: dict[str, Any]) -> None:
    if "as_of" in given:
        message = "as_of is the day of the report; give it as the day (--as-of), not as a parameter."
        raise ParameterError(message)
    without = [path.stem for path, parameters in declarations.items() if "as_of" not in parameters]
    if without:
        message = f"{', '.join(without)} declares no parameter as_of, so it cannot be published for a day."
        raise ParameterError(message)
    for name in given:
        lacking = [path.stem for path, parameters in declarations.items() if name not in parameters]
        if lacking and len(lacking) < len(declarations):
            having = [path.stem for path in declarations if path.stem not in lacking]
            message = (
                f"The parameter {name} is declared by {', '.join(having)} but not by {', '.join(lacking)}; with several notebooks"
                " every parameter must be declared by each of them, so publish these notebooks in separate runs."
            )
            raise ParameterError(message)


@functools.cache
def leaves_nothing(path: Path) -> bool:
    """Whether a notebook only calls tradelib and gives names to what it says: others may follow it in one process, and change no byte."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    try:
        trees = [ast.parse("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]
    except SyntaxError:  # a line for IPython alone
        return False
    nodes = [node for tree in trees for node in ast.walk(tree)]
    origins = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    bare = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return (
        all(isinstance(statement, ast.ImportFrom | ast.Assign | ast.Expr) for tree in trees for statement in tree.body)
        and all(origin.split(".")[0] in ("tradelib", "datetime") for origin in origins)
        and all(isinstance(node.ctx, ast.Load) for node in nodes if isinstance(node, ast.Attribute | ast.Subscript))
        and not bare & _CHANGERS
    )


def kin(job: Job) -> str | None:
    """What a job has in common with those that may share its process (see `pool.run_jobs`): its day; None where it needs one of its own."""
    return job.as_of if leaves_nothing(job.path) else None
