"""How the tests share the cores when pytest is called with `-n`: which of them stay in one process, and which begin first."""

import json
import os
import re
from pathlib import Path

import pytest

os.environ["TRADELIB_DATA"] = "edition"  # and not what a user of this machine has refreshed; processes that tests start inherit it

DRAWN = "tests/test_reports.py"
OF_DRAWN = (DRAWN, "tests/test_days_told.py", "tests/test_later_revised.py", "tests/test_page_data.py")
# Files whose tests ask the same, which is answered once in a process.
TOGETHER = {
    "tests/test_rules.py": "tests/test_checks.py",
    "tests/test_docstrings.py": "tests/test_doors.py",
    "tests/test_hostile_rows.py": "tests/test_hostile.py",
    "tests/test_hostile_sweeps.py": "tests/test_hostile.py",
}
LONG = ("notebooks/", "tests/browser/", DRAWN)
DAY = re.compile(r"\[.*?\b(\d{4}-\d{2}-\d{2}|latest)\b")
ROOT = Path(__file__).parent
NEWEST = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))["tradelib:evidence_through"]
# The notebook that runs in a kernel; the outputs of all are held against the cells that tests/test_reports.py runs anyway.
IN_A_KERNEL = "01_briefing.ipynb"

# What `make test FAST=1` leaves out: pages, browsers, kernels, processes, other languages, and files of tests that take many seconds.
SLOW = {
    "notebooks", "tradelib", "tests/browser", "tests/refresh", "tests/report",
    *(f"tests/test_{name}.py" for name in (
        "answers_law", "averages", "catalogue", "causes", "charts", "checks", "chinese_lines", "cli", "data_package", "day_news",
        "days_told", "deletion", "docstrings", "doors", "effects", "engine", "every_line", "export", "in_place", "installed",
        "later_revised", "lawbook", "ledger", "list_doubts", "machine_output", "open_exclusions", "page_data", "pair_law", "price",
        "product_pages", "recipes", "reports", "rules", "standing", "streams", "surface", "sweep", "sweep_cluster", "tariffs",
        "today", "trade", "truce", "truce_ledgers", "twins", "validation_rules",
    )),
}  # fmt: skip


def group(nodeid: str) -> str:
    """The file, for cells of a notebook share a kernel and tests of a module what they have read; where reports are drawn, their day.

    The groups of pytest-xdist itself are not used: it hangs them on node ids in a way that pytest 9.2 does not know, so that they are lost.
    """
    path = nodeid.split("::", maxsplit=1)[0]
    day = DAY.search(nodeid) if path in OF_DRAWN else None
    return f"{DRAWN} {day[1].replace('latest', NEWEST)}" if day else TOGETHER.get(path, path)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the notebooks that need no kernel, and with FAST what is slow; not what is named on the command line.

    Where the outputs of notebooks are not held, all of them run.
    """
    if os.environ.get("FAST") and collection_path.is_relative_to(ROOT) and collection_path.relative_to(ROOT).as_posix() in SLOW:
        return True
    others = collection_path.parent == ROOT / "notebooks" and collection_path.suffix == ".ipynb" and collection_path.name != IN_A_KERNEL
    return True if others and config.option.nbval else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Groups are handed out in order of collection: what takes long begins early, so that all processes end at about the same time."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: [not item.nodeid.startswith(path) for path in LONG])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """A group is handed to one process, as a whole."""
    from xdist.scheduler import LoadScopeScheduling

    class GroupScheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group(nodeid)

    config.option.loadscopereorder = False  # else it counts tests, and a report takes longer than a hundred small tests
    return GroupScheduling(config, log)
