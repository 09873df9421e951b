"""A notebook in a running JupyterLab: opened, all cells run, its figures and tables seen, nothing said on stderr."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from chromium import find, launched

import tradelib

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: JupyterLab is not tried in a browser")
pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")

CHROMIUM = find()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium was not found: JupyterLab is not tried in a browser")

ROOT = Path(tradelib.__file__).parent.parent
NAME = "01_briefing.ipynb"
TOKEN = "tested"  # noqa: S105, the server listens on this machine for the time of a test
# No question to anybody else: no news, no update, no list of extensions.
QUIET = [
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address of a JupyterLab, and the folder it shows: a copy of the notebooks without outputs."""
    folder = tmp_path_factory.mktemp("lab")
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    source = json.loads((ROOT / "notebooks" / NAME).read_text(encoding="utf-8"))
    for cell in source["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    (notebooks / NAME).write_text(json.dumps(source))
    homes = {name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    log = (folder / "log").open("w")
    server = subprocess.Popen(
        [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", *QUIET,
            f"--IdentityProvider.token={TOKEN}", f"--notebook-dir={notebooks}",
        ],
        env={**os.environ, **homes, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, stderr=log,
    )  # fmt: skip
    try:
        yield _address(server, Path(homes["JUPYTER_RUNTIME_DIR"]), folder / "log"), notebooks
    finally:
        server.terminate()
        server.wait(30)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _address(server: subprocess.Popen, runtime: Path, log: Path) -> str:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and server.poll() is None:
        for path in runtime.glob("jpserver-*.json"):
            try:
                return str(json.loads(path.read_text())["url"])
            except ValueError:  # being written
                pass
        time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start: {log.read_text()[-2000:]}")


def test_a_notebook_runs_in_jupyterlab_and_shows_its_figures(lab: tuple[str, Path]) -> None:
    address, folder = lab
    with launched() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(120_000)
        elsewhere: list[str] = []
        page.on("request", lambda request: elsewhere.append(request.url) if _is_elsewhere(request.url, address) else None)
        page.goto(f"{address}lab/tree/{NAME}?token={TOKEN}")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()  # before that, cells that are run are dropped, or a kernel is asked for
        saved = _run_all(page, folder / NAME)
        assert not [output for output in _outputs(saved) if output["output_type"] == "error"]
        assert not [output for output in _outputs(saved) if output.get("name") == "stderr"]
        figures = [cell for cell in saved["cells"] if _holds(cell, "tl-figure")]
        tables = [cell for cell in saved["cells"] if _holds(cell, "tl-table")]
        assert len(figures) == 2
        assert len(tables) == 4
        # JupyterLab draws what is in sight: go to each figure and look whether its picture is there.
        for number in range(len(figures)):
            picture = page.locator(".jp-OutputArea-output .tl-figure img").nth(number)
            picture.scroll_into_view_if_needed()
            picture.wait_for()
            assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
        assert elsewhere == []


def _is_elsewhere(asked: str, address: str) -> bool:
    parts = urlsplit(asked)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != urlsplit(address).hostname


def _run_all(page: Any, path: Path) -> Any:
    """Run all cells, and give the notebook as JupyterLab saves it then. Cells out of sight are not in the page, but in the file."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        page.keyboard.press("Control+s")
        page.wait_for_timeout(1000)
        try:
            notebook = json.loads(path.read_text())
        except ValueError:  # being written
            continue
        if all(cell["execution_count"] for cell in notebook["cells"] if cell["cell_type"] == "code"):
            return notebook
    pytest.fail(f"JupyterLab did not run all cells; it shows: {page.locator('body').inner_text()[:2000]}")


def _outputs(notebook: Any) -> list[Any]:
    return [output for cell in notebook["cells"] for output in cell.get("outputs", [])]


def _holds(cell: Any, what: str) -> bool:
    return any(f'class="{what}"' in "".join(output.get("data", {}).get("text/html", "")) for output in cell.get("outputs", []))
