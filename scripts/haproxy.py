"""Finds an HAProxy for the tests of deploy/haproxy.cfg, or installs Debian's (as root).

The tests are never run without one: when none can be had, that is an error.
"""

from pathlib import Path

from app.process.progress import SetupError, Step
from scripts.debian import find_program, install


def find_haproxy() -> Path | None:
    """The HAProxy to run, if one is installed."""
    return find_program("haproxy")


def ensure_haproxy(step: Step) -> Path:
    """The HAProxy to run, installed first where that is possible. Raises SetupError otherwise."""
    found = find_haproxy() or install(step, "haproxy")
    if found is None:
        raise SetupError(
            "The tests of the proxy's configuration need HAProxy 2.6 or newer, and it could not be installed "
            "(build/logs says why): install it (on Debian and Ubuntu: apt install haproxy)."
        )
    return found
