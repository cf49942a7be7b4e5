"""CARETHREAD_HOME: where one machine's clinic keeps its data, its sockets and its generated secrets.

postgres/   the database's files
sockets/    where PostgreSQL and Valkey listen; nobody else may enter
blobs/      files of patients (the summaries' PDFs), encrypted
logs/       what PostgreSQL and Valkey say
audit-anchors.jsonl  what the chain of the audit came to at each seal; it only grows
secrets     generated keys and passwords, mode 0600
parts.json  how each process of the running clinic is
lock        held by the one process that runs the servers
address     where the clinic was served last, as browsers reach it
demo.unfinished   there from when the demo's making has begun until it is done
"""

import base64
import fcntl
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.process.progress import SetupError

DEFAULT = ".carethread"
# sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing NUL among them.
SOCKET_PATH_LIMIT = 103
# The path goes into URLs and into PostgreSQL's list of folders, which every client splits in its own way.
PLAIN_PATH = re.compile(r"[\w./~-]+", re.ASCII)
LONGEST_SOCKET_NAME = ".s.PGSQL.5432"

KEYS = (
    "CARETHREAD_SECRET_KEY",
    "CARETHREAD_TICKET_KEY",
    "CARETHREAD_AUDIT_KEY",
    "CARETHREAD_PHARMACY_SECRET",
)
ROTATED = ("CARETHREAD_PREVIOUS_SECRET_KEYS",)
"""What is kept beside the keys once the secret key was changed."""
PASSWORDS = ("postgres", "carethread_owner", "carethread_app", "carethread_system", "valkey")


class HomeBusy(SetupError):
    """Another process runs the servers of this home."""


@dataclass(frozen=True)
class Home:
    """The folder, as an absolute path."""

    root: Path

    @classmethod
    def from_environment(cls) -> "Home":
        """CARETHREAD_HOME, or `.carethread` in the working directory; made if it is not there."""
        root = Path(os.environ.get("CARETHREAD_HOME") or DEFAULT).expanduser().absolute()
        try:
            # The account that root gives to the servers has to pass through to their own folders.
            root.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SetupError(f"Carethread cannot keep its data in {root}: {error.strerror}.") from error
        return cls(root)

    @property
    def unfinished_demo(self) -> Path:
        return self.root / "demo.unfinished"

    @property
    def address(self) -> Path:
        return self.root / "address"

    @property
    def parts(self) -> Path:
        return self.root / "parts.json"

    @property
    def anchors(self) -> Path:
        return self.root / "audit-anchors.jsonl"

    @property
    def data(self) -> Path:
        return self.root / "postgres"

    @property
    def sockets(self) -> Path:
        """A folder whose path leaves room for a socket's name and needs no quoting in a URL: under /tmp when
        the home's own does not."""
        inside = self.root / "sockets"
        short = len(os.fsencode(inside / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_LIMIT
        if short and PLAIN_PATH.fullmatch(str(inside)):
            return inside
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path("/tmp") / f"carethread-{os.getuid()}-{digest}"  # noqa: S108 - its owner is checked on use

    def log(self, name: str) -> Path:
        folder = self.root / "logs"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder / f"{name}.log"

    @property
    def secrets_file(self) -> Path:
        return self.root / "secrets"

    def keep_keys(self, keys: Mapping[str, str], aside: str) -> None:
        """Take over these keys, beside our own passwords. What was there before is kept as the file `aside`."""
        with self._guard("secrets.lock"):
            kept = read_pairs(self.secrets_file)
            _write_private(self.root / aside, kept)
            _write_private(self.secrets_file, {**kept, **keys})

    def secrets(self) -> dict[str, str]:
        """The generated keys and passwords; those that are missing are made and kept."""
        file = self.secrets_file
        kept = read_pairs(file)
        missing = [name for name in (*KEYS, *PASSWORDS) if name not in kept]
        if not missing:
            return kept
        with self._guard("secrets.lock"):
            kept = read_pairs(file)
            made = {name: _generate(name) for name in missing if name not in kept}
            _write_private(file, {**kept, **made})
            return {**kept, **made}

    @contextmanager
    def owned(self) -> Iterator[None]:
        """Be the one process that runs the servers of this home. The lock goes with the process, however
        it ends. Raises HomeBusy with a sentence that names the process that has it."""
        handle = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.pread(handle, 200, 0).decode().strip() or "another process"
                raise HomeBusy(
                    f"Carethread is already running from {self.root} ({holder}): "
                    "stop that one first, or set CARETHREAD_HOME to another folder."
                ) from None
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"process {os.getpid()}".encode(), 0)
            yield
        finally:
            os.close(handle)

    @contextmanager
    def _guard(self, name: str) -> Iterator[None]:
        handle = os.open(self.root / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def private_folder(path: Path, owner: int) -> Path:
    """Make `path` a folder that only user `owner` may enter, and refuse one that somebody else laid there."""
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    if found.st_uid == os.getuid() != owner and stat.S_ISDIR(found.st_mode):
        os.chown(path, owner, -1, follow_symlinks=False)
        found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
        raise SetupError(
            f"{path} belongs to somebody else: remove it, or set CARETHREAD_HOME to another folder."
        )
    path.chmod(0o700)
    return path


def _generate(name: str) -> str:
    if name in KEYS:
        return base64.b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_hex(24)


def read_pairs(file: Path) -> dict[str, str]:
    """The NAME=value lines of a file; none if it is not there."""
    if not file.exists():
        return {}
    lines = file.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _write_private(file: Path, pairs: dict[str, str]) -> None:
    """Whole or not at all: a key half written would lock the clinic out of its own data."""
    fresh = file.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        out.writelines(f"{name}={value}\n" for name, value in pairs.items())
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
