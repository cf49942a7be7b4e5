"""Finds a PgBouncer for the tests of what stands behind one, or installs Debian's (as root).

The tests are never run without one: when none can be had, that is an error.
"""

from pathlib import Path

from app.process.progress import SetupError, Step
from scripts.debian import find_program, install


def find_pgbouncer() -> Path | None:
    """The PgBouncer to run, if one is installed."""
    return find_program("pgbouncer")


def ensure_pgbouncer(step: Step) -> Path:
    """The PgBouncer to run, installed first where that is possible. Raises SetupError otherwise."""
    found = find_pgbouncer() or install(step, "pgbouncer")
    if found is None:
        raise SetupError(
            "The drill and the tests behind a pooler need PgBouncer 1.18 or newer, and it could not be installed "
            "(build/logs says why): install it (on Debian and Ubuntu: apt install pgbouncer)."
        )
    return found
