"""What several tests need: a private copy of the data package, and the days at which reports are tried."""

import functools
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tradelib import catalogue
from tradelib.catalogue import home

REPOSITORY = Path(__file__).parent.parent

# A day in each kind of situation: before everything, list duties only, escalation, just before and after an announcement, truce,
# threat, stated but not enacted, after the ruling, the end of the evidence, and after it.
DAYS = [
    date(2018, 1, 1), date(2018, 6, 1), date(2019, 12, 20), date(2024, 3, 15), date(2025, 2, 3), date(2025, 3, 20), date(2025, 4, 11),
    date(2025, 5, 12), date(2025, 5, 13), date(2025, 6, 9), date(2025, 6, 10), date(2025, 8, 11), date(2025, 8, 13), date(2025, 10, 11),
    date(2025, 10, 31), date(2025, 11, 2), date(2025, 11, 6), date(2026, 2, 21), date(2026, 7, 25), date(2026, 9, 25),
    date(2026, 10, 9), date(2026, 11, 23),
]  # fmt: skip


@pytest.fixture
def data_copy(tmp_path: Path) -> Path:
    """A copy of the data package that a test may damage."""
    return Path(shutil.copytree(catalogue.data_folder(), tmp_path / "data"))


@pytest.fixture
def read(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """A function that makes the library read a made-up edition: `read(tariff_steps=[...], through="2025-12-31")`; see `made_up`.

    Tests that ask for the same tables share the folder: none may change it.
    """
    from made_up import edition

    def reading(*, through: str = "2025-12-31", **tables: list[dict[str, object]]) -> Path:
        asked = json.dumps([through, tables], sort_keys=True, default=str)
        if asked not in _EDITIONS:
            _EDITIONS[asked] = edition(tmp_path_factory.mktemp("edition"), tables, through=through)
        monkeypatch.setattr(home, "data_folder", lambda: _EDITIONS[asked])
        return _EDITIONS[asked]

    return reading


_EDITIONS: dict[str, Path] = {}


@pytest.fixture(scope="session")
def fork_server() -> None:
    """The process that those of notebooks are forked from has imported what ours need, whichever test asks for it first."""
    from tradelib.report import notebooks, pool

    pool.preload(notebooks.imports((REPOSITORY / "notebooks").glob("*.ipynb")))


@pytest.fixture
def forked(fork_server: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001, fixtures are asked for by name
    """Notebooks run in forks, as where sites are published: to start a process takes seconds, and shows the same (test_shell.py)."""
    from tradelib.report import pool

    monkeypatch.setattr(pool, "run_jobs", functools.partial(pool.run_jobs, shared_imports=True))
