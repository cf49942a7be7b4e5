"""Prepares a checkout: packages, Node, the built web pages, a browser, a proxy and a pooler for the tests.

Standard library only, because it runs before anything is installed. Each step is skipped while its inputs are
what they were.

    python -m scripts.setup run     what `make run` needs
    python -m scripts.setup dev     that, with what lint, types and development need, without built pages
    python -m scripts.setup test    all of it, a Chromium, an HAProxy and a PgBouncer
"""

import os
import shutil
import subprocess
import sys
import venv
from importlib.util import find_spec

from app.process.progress import Progress, SetupError
from scripts.chromium import ensure_chromium
from scripts.haproxy import ensure_haproxy
from scripts.pgbouncer import ensure_pgbouncer
from scripts.stamps import Stamp
from scripts.tools import BIN, LOGS, ROOT, VENV, WEB, is_recent, node_version, npm, pip, quick_pip

LOCKS = ROOT / "requirements"
# Everything in web/ that has a say in the built pages.
WEB_SOURCES = (
    "src",
    "public",
    "index.html",
    "package-lock.json",
    "package.json",
    "vite.config.ts",
    "tsconfig.json",
)
LOCKED = ("--require-hashes", "--only-binary", ":all:", "-r")


def packages(progress: Progress, lock: str) -> None:
    """The virtual environment with everything in requirements/<lock>.lock, and Carethread itself."""
    with progress.step("Python packages") as step:
        stamps = {name: _package_stamp(name) for name in ("run", "dev")}
        # All of run.lock is in dev.lock too, at the same versions.
        enough = {"run": ("run", "dev"), "dev": ("dev",)}[lock]
        if (BIN / "carethread").exists() and any(stamps[name].is_current() for name in enough):
            step.skip()
            return
        _make_venv()
        pip(step, *LOCKED, str(LOCKS / "uv.lock"))
        quick_pip(step, *LOCKED, str(LOCKS / f"{lock}.lock"))
        quick_pip(step, "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
        stamps[lock].write()


def node(progress: Progress) -> None:
    """A Node that Vite can use: the machine's own, or else one from a wheel."""
    with progress.step("Node") as step:
        if not is_recent(node_version()):
            quick_pip(step, *LOCKED, str(LOCKS / "node.lock"))
        found = node_version()
        if found is None or not is_recent(found):
            raise SetupError("The Node that was installed does not run here: install Node 22 or newer.")
        step.skip(".".join(map(str, found)))


def _package_stamp(lock: str) -> Stamp:
    return Stamp(VENV / f"{lock}.stamp", sys.version, LOCKS / f"{lock}.lock", ROOT / "pyproject.toml")


def web_packages(progress: Progress) -> None:
    with progress.step("Web packages") as step:
        stamp = Stamp(WEB / "node_modules" / ".carethread", node_version(), WEB / "package-lock.json")
        if stamp.is_current():
            step.skip()
            return
        # No package's own install script runs: none of ours needs one.
        npm(step, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        stamp.write()


def web_pages(progress: Progress) -> None:
    with progress.step("Web pages") as step:
        sources = [WEB / name for name in WEB_SOURCES if (WEB / name).exists()]
        stamp = Stamp(WEB / "dist" / ".carethread", *sources)
        if stamp.is_current():
            step.skip()
            return
        npm(step, "run", "build")
        stamp.write()


def chromium(progress: Progress) -> None:
    with progress.step("Chromium") as step:
        step.skip(str(ensure_chromium(step)))


def haproxy(progress: Progress) -> None:
    with progress.step("HAProxy") as step:
        step.skip(str(ensure_haproxy(step)))


def pgbouncer(progress: Progress) -> None:
    with progress.step("PgBouncer") as step:
        step.skip(str(ensure_pgbouncer(step)))


def _make_venv() -> None:
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SetupError(
            "This Python has no venv module: install it first "
            f"(on Debian and Ubuntu: apt install python{version}-venv)."
        )
    if _venv_python() == sys.version:
        return
    try:
        venv.create(VENV, with_pip=True, clear=VENV.exists(), symlinks=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupError(f"The virtual environment {VENV} could not be made: {error}.") from error


def _venv_python() -> str | None:
    """The version of the virtual environment's Python, if that still runs and has pip."""
    asked = "import sys, pip; print(sys.version)"
    try:
        answer = subprocess.run([BIN / "python", "-c", asked], capture_output=True, text=True, check=False)  # noqa: S603 - our own
    except OSError:
        return None
    return answer.stdout.strip()


def main(goal: str) -> None:
    # Root's servers run as another account, which has to be able to read their programs.
    os.umask(0o022)
    shutil.rmtree(LOGS, ignore_errors=True)
    progress = Progress()
    packages(progress, "run" if goal == "run" else "dev")
    node(progress)
    web_packages(progress)
    if goal != "dev":
        web_pages(progress)
    if goal == "test":
        chromium(progress)
        haproxy(progress)
        pgbouncer(progress)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except SetupError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit("\nStopped; run it again to go on from here.")
