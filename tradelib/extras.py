"""Packages that only some commands need, by the extra that installs them: a missing one is a sentence, and no traceback."""

from importlib.util import find_spec

from tradelib.errors import ExtraError

# For one form of `data export`; in no extra.
DUCKDB = "duckdb"
# The modules of each extra of pyproject.toml, and what needs them. What a rate needs is always there.
MODULES = {
    DUCKDB: ("duckdb", "pyarrow"),
    "cluster": ("distributed", "pyarrow"),
    "files": ("openpyxl", "pyarrow"),
    "lab": ("jupyterlab",),
    "refresh": ("bs4", "defusedxml", "pyarrow", "requests", "tenacity"),
    "report": ("bs4", "ipykernel", "jinja2", "matplotlib", "nbconvert", "nbformat", "papermill", "seaborn", "tqdm"),
}
_FOR = {
    DUCKDB: "A DuckDB database needs",
    "cluster": "A Dask cluster needs",
    "files": "Excel workbooks, and Parquet files of one's own, such as those of a sweep, need",
    "lab": "The notebooks in JupyterLab need",
    "refresh": "Asking publishers needs",
    "report": "Figures and reports need",
}


def need(extra: str) -> None:
    """Nothing, where everything of an extra is installed.

    Raises
    ------
    ExtraError : something is missing; says what to install.
    """
    missing = [name for name in MODULES[extra] if find_spec(name) is None]
    if missing:
        install = " ".join(MODULES[extra]) if extra == DUCKDB else f'"tradelib[{extra}]"'
        message = f"{_FOR[extra]} packages that are not installed ({', '.join(missing)}): pip install {install}."
        raise ExtraError(message)
