"""How the tests share the cores when pytest is called with `-n`: which of them stay in one process, and which begin first."""

import os
import re

import pytest

os.environ["TRADELIB_DATA"] = "edition"  # and not what a user of this machine has refreshed; processes that tests start inherit it

DRAWN = "tests/test_reports.py"
LONG = ("notebooks/", "tests/browser/", DRAWN)
DAY = re.compile(r"\[.*?\b(\d{4}-\d{2}-\d{2}|latest)\b")


def group(nodeid: str) -> str:
    """The file, for cells of a notebook share a kernel and tests of a module what they have read; where reports are drawn, their day.

    The groups of pytest-xdist itself are not used: it hangs them on node ids in a way that pytest 9.2 does not know, so that they are lost.
    """
    path = nodeid.split("::", maxsplit=1)[0]
    day = DAY.search(nodeid) if path == DRAWN else None
    return f"{path} {day[1]}" if day else path


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
