"""The house: every room stands on a floor, and imports only go down."""

import ast
import functools
import re
from pathlib import Path

import pytest

import tradelib

PACKAGE = Path(tradelib.__file__).parent
# From the ground up. Rooms of one floor do not know one another; `tradelib` is the package itself, which offers the subjects by name.
FLOORS = [
    {"errors", "rows", "shown", "strings", "wording"},
    {"days", "extras", "hs", "ledger", "sides", "yaml_nodes"},
    {"catalogue", "cells"},
    {"doors", "kept", "lawbook", "lists"},
    {"checks"},
    {"equilibrium", "minerals", "refresh", "show", "tariffs", "trade", "truce"},
    {"claims", "news", "own_weights", "scenarios"},
    {"exposure"},
    {"asked", "phrases", "today"},
    {"report", "stories"},
    {"charts", "narrate", "sweep", "tables", "terminal"},
    {"tradelib"},
    {"cli"},
    {"__main__"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def modules() -> dict[str, Path]:
    names = {path: ".".join(("tradelib", *path.relative_to(PACKAGE).with_suffix("").parts)) for path in PACKAGE.rglob("*.py")}
    return {name.removesuffix(".__init__"): path for path, name in names.items()}


@functools.cache
def imported(source: str, known: frozenset[str]) -> set[str]:
    """Modules of this package that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update(name if (name := f"{node.module}.{each.name}") in known else node.module for each in node.names)
    return {name for name in found if name.split(".")[0] == "tradelib"}


def climbs(sources: dict[str, str]) -> list[str]:
    """Imports that go up, or to another room of the same floor."""
    known = frozenset(sources)
    return [
        f"{name} imports {other}"
        for name, source in sources.items()
        for other in sorted(imported(source, known))
        if room(other) != room(name) and FLOOR[room(other)] >= FLOOR[room(name)]
    ]


SOURCES = {name: path.read_text(encoding="utf-8") for name, path in modules().items()}


def test_every_room_stands_on_a_floor_and_no_floor_names_one_that_is_gone() -> None:
    assert {room(name) for name in SOURCES} == FLOOR.keys()


def test_imports_only_go_down() -> None:
    # The version is the one thing of the package itself that a room below asks for.
    asks = {name: source.replace("from tradelib import __version__", "") for name, source in SOURCES.items()}
    assert climbs(asks) == []


@pytest.mark.parametrize(
    "source",
    [
        "from tradelib import stories",
        "import tradelib.stories.truce.text",
        "from tradelib.tariffs import law",
        "def f():\n    from tradelib import cli",
    ],
)
def test_an_import_that_climbs_is_found(source: str) -> None:
    assert climbs({**SOURCES, "tradelib.truce.clocks": source}) != []


def test_the_plan_names_every_room() -> None:
    plan = (PACKAGE.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    # What is private to a room beside it stands with that room.
    unnamed = [
        name for name in FLOOR if name not in ("__main__", "tradelib") and f"tradelib/{name}" not in plan and f"{name}.py" not in plan
    ]
    assert unnamed == []


def test_what_the_plan_points_to_is_there() -> None:
    plan = (PACKAGE.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:tradelib|data|notebooks|docs|tests|findings)/[\w./]*)`", plan))
    assert len(named) > 20
    assert [path for path in sorted(named) if not (PACKAGE.parent / path).exists()] == []
