"""The notebooks that came with the package: where they are, and a copy of them to work in."""

import shutil
from pathlib import Path

from tradelib.errors import ReportError

_INSTALLED = "_notebooks"


def folder() -> Path:
    """Folder of the notebooks: the copy inside an installed package, else the `notebooks/` of the checkout."""
    package = Path(__file__).parent.parent
    installed = package / _INSTALLED
    return installed if installed.is_dir() else package.parent / "notebooks"


def own_folder() -> Path:
    """Folder of the notebooks of a checkout, which may be written.

    Raises
    ------
    ReportError : the notebooks are those of an installed package.
    """
    if folder().name == _INSTALLED:
        message = "Notebooks run in place in a folder of your own: `tradelib notebooks copy`, then `tradelib run --notebooks notebooks`."
        raise ReportError(message)
    return folder()


def copy(target: Path) -> list[Path]:
    """Copies of all notebooks in a folder, which is made where it is missing; a file that is there already is never written over.

    Raises
    ------
    ReportError : a file of the name of a notebook is there, or the folder cannot be written; nothing was copied then.
    """
    sources = sorted(folder().glob("*.ipynb"))
    if not sources:
        message = f"The package holds no notebooks in {folder()}. Install tradelib again, or work in a full checkout."
        raise ReportError(message)
    there = [source.name for source in sources if (target / source.name).exists()]
    if there:
        message = f"{target} holds {', '.join(there)} already; name another folder, or move what is there away. Nothing was copied."
        raise ReportError(message)
    try:
        target.mkdir(parents=True, exist_ok=True)
        # The text alone: an installed file may be read-only, and the copy is to be worked in.
        return [Path(shutil.copyfile(source, target / source.name)) for source in sources]
    except OSError as error:
        message = f"The notebooks cannot be copied to {target}: {error.strerror}."
        raise ReportError(message) from None
