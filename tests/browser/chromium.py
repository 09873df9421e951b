"""Where Chromium is, and how it is started: headless, without a network of its own."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def find() -> str | None:
    """Path of Chromium; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)
