"""Finds a Chromium for the browser tests, or installs one.

In this order: the one that CARETHREAD_CHROMIUM names, the system's, Debian's package (as root), Playwright's
own. The tests are never run without a browser: when none can be had, that is an error.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from app.process.progress import SetupError, Step
from scripts.tools import BIN, ToolFailed, run

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find_chromium() -> Path | None:
    """The Chromium to drive, if one is installed."""
    named = os.environ.get("CARETHREAD_CHROMIUM")
    if named:
        if not os.access(named, os.X_OK):
            raise SetupError(f"CARETHREAD_CHROMIUM is {named}, which is no program.")
        return Path(named)
    system = next((Path(path) for name in NAMES if (path := shutil.which(name))), None)
    return system or (MAC if MAC.exists() else None) or _playwrights_own()


def ensure_chromium(step: Step) -> Path:
    """The Chromium to drive, installed first where that is possible. Raises SetupError otherwise."""
    found = find_chromium() or _install_debian(step) or _install_playwright(step)
    if found is None:
        raise SetupError(
            "The browser tests need Chromium, and it could not be installed (build/logs says why): "
            "install it, or set CARETHREAD_CHROMIUM to one."
        )
    return found


def _install_debian(step: Step) -> Path | None:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return None
    try:
        run(step, "apt", [apt, "update"])
        run(step, "apt", [apt, "install", "--yes", "--no-install-recommends", "chromium"])
    except ToolFailed:
        return None
    return find_chromium()


def _install_playwright(step: Step) -> Path | None:
    try:
        run(
            step, "playwright", [str(BIN / "python"), "-m", "playwright", "install", "--no-shell", "chromium"]
        )
    except ToolFailed:
        return None
    return _playwrights_own()


def _playwrights_own() -> Path | None:
    """Where Playwright would have put its Chromium, if it has."""
    asked = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
    )
    python = BIN / "python" if (BIN / "python").exists() else Path(sys.executable)
    answer = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=False)  # noqa: S603 - our own
    path = Path(answer.stdout.strip() or "-")
    return path if path.exists() else None
