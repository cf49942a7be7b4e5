"""Whom the embedded servers run as, and the folders that this account has to be able to pass through.

PostgreSQL refuses to run as root. Root therefore gives both servers an account of their own; everybody else
runs them as themselves.
"""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.home import private_folder
from app.process.progress import SetupError
from app.process.supervisor import account

ACCOUNT = "carethread-db"


@dataclass(frozen=True)
class Owner:
    """The account that owns the servers' files: its user id, and its name when that is not who we are."""

    uid: int
    user: str | None

    def folder(self, path: Path) -> Path:
        return private_folder(path, self.uid)

    def write(self, path: Path, text: str) -> None:
        """Write a file that only this account may read."""
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(text)
            os.fchown(handle, self.uid, -1)

    def run(self, *command: str) -> None:
        """Run a command as this account. Raises SetupError with the last line that it said if it fails."""
        done = subprocess.run(  # noqa: S603 - our own command, without a shell
            command, capture_output=True, text=True, check=False, cwd="/", **account(self.user)
        )
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines() or ["nothing said"]
            raise SetupError(f"{Path(command[0]).name} failed: {said[-1]}.")

    def let_pass(self, path: Path, say: Callable[[str], None]) -> None:
        """See that the account can reach `path`. Folders above it that are closed to others get the one
        permission that this needs, to pass through; what is in them stays unreadable."""
        if self.user is None:
            return
        for folder in path.resolve().parents:
            found = folder.stat()
            if found.st_uid != self.uid and not found.st_mode & stat.S_IXOTH:
                folder.chmod(stat.S_IMODE(found.st_mode) | stat.S_IXOTH)
                say(f"  {folder} may now be passed through (not read) by others: {self.user} needs it.")


def server_account() -> Owner:
    """Ourselves, or, for root, an account made for this."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), None)
    try:
        return Owner(pwd.getpwnam(ACCOUNT).pw_uid, ACCOUNT)
    except KeyError:
        return _make_account()


def _make_account() -> Owner:
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None:
        raise SetupError(
            f"PostgreSQL does not run as root, and there is no useradd to make the account {ACCOUNT} with: "
            "run this as an ordinary user, or set DATABASE_URL and REDIS_URL."
        )
    done = subprocess.run(  # noqa: S603 - a system tool with fixed arguments
        [program, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return Owner(pwd.getpwnam(ACCOUNT).pw_uid, ACCOUNT)
    except KeyError:
        raise SetupError(f"The account {ACCOUNT} could not be made: {done.stderr.strip()}.") from None
