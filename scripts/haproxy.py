"""Finds an HAProxy for the tests of deploy/haproxy.cfg, or installs Debian's (as root).

The tests are never run without one: when none can be had, that is an error.
"""

import os
import shutil
from pathlib import Path

from app.process.progress import SetupError, Step
from scripts.tools import ToolFailed, run

# Debian puts it where only root's PATH leads.
_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))


def find_haproxy() -> Path | None:
    """The HAProxy to run, if one is installed."""
    found = shutil.which("haproxy", path=_PATH)
    return Path(found) if found else None


def ensure_haproxy(step: Step) -> Path:
    """The HAProxy to run, installed first where that is possible. Raises SetupError otherwise."""
    found = find_haproxy() or _install_debian(step)
    if found is None:
        raise SetupError(
            "The tests of the proxy's configuration need HAProxy 2.6 or newer, and it could not be installed "
            "(build/logs says why): install it (on Debian and Ubuntu: apt install haproxy)."
        )
    return found


def _install_debian(step: Step) -> Path | None:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return None
    try:
        run(step, "apt-haproxy", [apt, "update"])
        run(step, "apt-haproxy", [apt, "install", "--yes", "--no-install-recommends", "haproxy"])
    except ToolFailed:
        return None
    return find_haproxy()
