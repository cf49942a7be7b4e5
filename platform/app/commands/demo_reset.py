"""`carethread demo-reset`: throws the embedded database and the stored files away, and makes the demo anew."""

import os
import shutil
import subprocess
import sys

from app.home import Home
from app.process.progress import Progress, SetupError


def reset() -> None:
    """Raises SetupError when the database is not ours to drop, or the clinic is running."""
    if os.environ.get("DATABASE_URL"):
        raise SetupError("DATABASE_URL is set: demo-reset only resets the database under CARETHREAD_HOME.")
    home, progress = Home.from_environment(), Progress()
    with home.owned(), progress.step("Old demo removed"):
        for folder in (home.data, home.root / "postgres.new", home.root / "blobs"):
            if folder.exists():
                shutil.rmtree(folder)
        home.anchors.unlink(missing_ok=True)
    for command, name in (("migrate", "Database tables"), ("seed", "Demo clinic")):
        with progress.step(name):
            _run(command)


def _run(command: str) -> None:
    done = subprocess.run(  # noqa: S603 - this program itself
        [sys.executable, "-m", "app.cli", command], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SetupError(done.stderr.strip() or f"carethread {command} failed.")
