"""The refresh stands outside the stack: nothing but the command line knows it, and reading a table opens no connection."""

import ast
import subprocess
import sys
from pathlib import Path

import tradelib

PACKAGE = Path(tradelib.__file__).parent


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def test_only_the_command_line_imports_the_refresh() -> None:
    users = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if path.parts[len(PACKAGE.parts)] != "refresh" and any(name.startswith("tradelib.refresh") for name in imports(path))
    }
    assert users == {"cli/data.py"}


def test_only_one_module_opens_connections() -> None:
    network = {"requests", "urllib3", "socket", "http.client", "urllib.request"}
    users = {
        path.relative_to(PACKAGE / "refresh").as_posix()
        for path in (PACKAGE / "refresh").rglob("*.py")
        if network & {name.split(".")[0] if name.split(".")[0] in network else name for name in imports(path)}
    }
    assert users == {"http.py", "lock.py"}  # the lock asks for the name of this machine


def test_other_commands_load_nothing_of_it() -> None:
    code = (
        "import sys, tradelib.cli; tradelib.cli.main(['data', 'cite', 'statistics']); "
        "print([name for name in sys.modules if name.startswith('tradelib.refresh')])"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout.splitlines()[-1] == "[]"


def test_files_are_short() -> None:
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in (PACKAGE / "refresh").rglob("*.py")}
    assert max(lengths.values()) < 350, lengths
