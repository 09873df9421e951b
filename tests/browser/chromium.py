"""Where Chromium is, how it is started (headless, without a network of its own), and pages as tabs of its windows."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def find() -> str | None:
    """Path of Chromium; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def launched() -> Iterator[Any]:
    """A browser, closed at the end; the caller has seen to it that playwright and Chromium are there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=find(), args=ARGUMENTS)
        yield running
        running.close()


class Windows:
    """Two windows of a browser that stay open, one with scripts and one without; each page is a tab.

    A window for each page would take Chromium a second of processor, for it draws the bars of each in a process of its own.
    """

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._open: dict[bool, Any] = {}

    def tab(self, size: tuple[int, int] = (1280, 720), *, has_scripts: bool = True) -> Any:
        """An empty page of a size in pixels; the caller closes it."""
        if has_scripts not in self._open:
            self._open[has_scripts] = self._browser.new_context(java_script_enabled=has_scripts)
            self._open[has_scripts].new_page()  # a window ends with its last tab
        page = self._open[has_scripts].new_page()
        page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        return page


@contextmanager
def tabs(windows: Windows) -> Iterator[Callable[..., Any]]:
    """The same function `tab`; what it opened is closed at the end."""
    opened: list[Any] = []

    def tab(*size: tuple[int, int], **options: bool) -> Any:
        opened.append(windows.tab(*size, **options))
        return opened[-1]

    yield tab
    for page in opened:
        page.close()
