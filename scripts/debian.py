"""Programs that the tests need from the machine: found where Debian puts them, or installed from its packages."""

import os
import shutil
from pathlib import Path

from app.process.progress import Step
from scripts.tools import ToolFailed, run

# Debian puts servers where only root's PATH leads.
_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))


def find_program(name: str) -> Path | None:
    """The program, if it is installed."""
    found = shutil.which(name, path=_PATH)
    return Path(found) if found else None


def install(step: Step, name: str) -> Path | None:
    """The program from Debian's package of the same name; None where that cannot be had."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return None
    try:
        run(step, f"apt-{name}", [apt, "update"])
        run(step, f"apt-{name}", [apt, "install", "--yes", "--no-install-recommends", name])
    except ToolFailed:
        return None
    return find_program(name)
