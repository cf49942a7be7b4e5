"""The clinic that is backed up or brought back: its home, its database, its keys."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from obstore.store import ObjectStore

from app.home import KEYS, ROTATED, Home, read_pairs
from app.process.progress import SetupError
from app.process.servers import Servers
from core.config import decode_key
from core.crypto import Keyring, Signer, derive
from core.files.store import FOLDER, object_store

SECRET, AUDIT = "CARETHREAD_SECRET_KEY", "CARETHREAD_AUDIT_KEY"
FILES_URL, FILES_CREDENTIALS = "CARETHREAD_FILES_URL", "CARETHREAD_FILES_CREDENTIALS"
URLS = ("CARETHREAD_OWNER_DATABASE_URL", "DATABASE_URL", "CARETHREAD_SYSTEM_DATABASE_URL")


@dataclass(frozen=True)
class Keys:
    """The clinic's keys as the environment names them, and where they came from."""

    values: dict[str, str]
    source: str

    @cached_property
    def ring(self) -> Keyring:
        """Raises SettingsError for one that is no key."""
        (earlier,) = ROTATED
        previous = [key.strip() for key in self.values.get(earlier, "").split(",") if key.strip()]
        return Keyring(
            decode_key(SECRET, self.values[SECRET]), *(decode_key(earlier, key) for key in previous)
        )

    @property
    def audit_id(self) -> str:
        """What tells the audit's key from others; '' without one."""
        if not self.values.get(AUDIT):
            return ""
        return derive(decode_key(AUDIT, self.values[AUDIT]), "carethread/key-id")[:4].hex()

    @property
    def audit_signer(self) -> Signer:
        if not self.values.get(AUDIT):
            raise SetupError(f"Set {AUDIT}: without it nobody can tell whether the audit is whole.")
        return Signer(decode_key(AUDIT, self.values[AUDIT]))


def keys_at_hand(home: Home, file: Path | None = None) -> Keys:
    """The keys of the environment, of `file` (a home's `secrets`), or of the home. None is made: keys made now open
    nothing. Raises SetupError saying where they were looked for."""
    names = (*KEYS, *ROTATED)
    given = {name: os.environ[name] for name in names if os.environ.get(name)}
    if SECRET in given:
        if file is not None:
            raise SetupError(f"{SECRET} is set in the environment: unset it, or leave --keys out.")
        return Keys(given, "the environment")
    source = file or home.secrets_file
    try:
        pairs = read_pairs(source)
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{source} cannot be read: {error}.") from error
    if SECRET not in pairs:
        raise SetupError(
            f"The clinic's keys are not here: {source} has no {SECRET}. Give the file in which they were kept with "
            "--keys FILE, or set them in the environment. Without them no backup opens."
        )
    return Keys({**{name: pairs[name] for name in names if pairs.get(name)}, **given}, str(source))


@dataclass(frozen=True)
class Place:
    """`urls` are the owner's, the application's and the system's; `admin_url` names a role that may make databases,
    where there is one."""

    home: Home
    urls: tuple[str, str, str]
    given_admin_url: str | None
    keys: Keys
    bucket: tuple[str, str] = ("", "")
    """Address and credentials of the object store of files, where there is one."""

    @classmethod
    def of(cls, home: Home, environment: dict[str, str], keys: Keys) -> "Place":
        """Raises SetupError for an address that is not set."""
        if missing := [name for name in URLS if not environment.get(name)]:
            raise SetupError(f"Set {', '.join(missing)} in the environment (see docs/production.md).")
        owner, app, system = (environment[name] for name in URLS)
        bucket = (os.environ.get(FILES_URL, ""), os.environ.get(FILES_CREDENTIALS, ""))
        return cls(home, (owner, app, system), Servers(home).admin_url(), keys, bucket)

    @property
    def owner_url(self) -> str:
        return self.urls[0]

    @property
    def database(self) -> str:
        return unquote(urlsplit(self.owner_url).path.lstrip("/"))

    @property
    def admin_url(self) -> str:
        """Raises SetupError where none is given."""
        if self.given_admin_url is None:
            raise SetupError(
                "Set CARETHREAD_ADMIN_DATABASE_URL to a role that may make databases: this needs a fresh one."
            )
        return self.given_admin_url

    @property
    def anchors(self) -> Path:
        return self.home.anchors

    @property
    def files(self) -> ObjectStore:
        """The sealed files of patients. Raises SettingsError."""
        return object_store(*self.bucket, self.home.root / FOLDER)

    def within(self, name: str) -> tuple[str, str, str]:
        """The URLs for another database of the same server."""
        owner, app, system = (within(url, name) for url in self.urls)
        return owner, app, system


def within(url: str, name: str) -> str:
    """The same server and role, another database."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()
