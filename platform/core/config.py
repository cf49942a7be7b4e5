"""Settings, read from the environment once, at the start of each process."""

import base64
import binascii
import os
from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec


class SettingsError(Exception):
    """The environment lacks something or holds something unusable; the message says what, in one sentence."""


class NotGiven(SettingsError):
    """Something is used that this process does without on purpose."""

    def __init__(self, name: str) -> None:
        super().__init__(f"This process is not given {name} (see app.process.processes).")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a process may be told from outside. Each process is told its part (`app.process.processes`).

    ``DATABASE_URL`` and ``REDIS_URL`` go by their usual names, all others by ``CARETHREAD_`` and the field's
    name in capitals. Keys are base64 of 32 bytes.
    """

    database_url: str
    redis_url: str
    secret_key: bytes
    system_database_url: str = ""
    owner_database_url: str = ""
    ticket_key: bytes = b""
    probe_key: bytes = b""
    """Signs the tickets of the check before a visit; without it there is no check of the network."""
    audit_key: bytes = b""
    audit_anchors: str = ""
    """Where the head of the audit's chain is kept outside of the database (`core.audit.anchors.targets`)."""
    audit_bucket_credentials: str = ""
    """KEY_ID:SECRET, for anchors in an object store."""
    pharmacy_secret: str = ""
    """What the pharmacies and we show each other. It has no default: a known one would let anybody answer for them."""
    previous_secret_keys: str = ""
    home: str = ".carethread"
    public_url: str = "http://127.0.0.1:8000"
    extra_origins: str = ""
    trusted_proxies: int = 0
    """How many reverse proxies of our own stand in front, each of which appends to X-Forwarded-For."""
    signaling_url: str = "ws://127.0.0.1:8001"
    probe_url: str = ""
    pharmacy_url: str = "http://127.0.0.1:8002"
    ice_urls: str = ""
    turn_urls: str = ""
    turn_secret: str = ""
    twilio_account_sid: str = ""
    twilio_auth_token: str = ""
    twilio_from: str = ""
    twilio_voice_from: str = ""
    """The clinic's number that telephone calls show, where it is not the one that text messages come from."""
    twilio_api_url: str = ""
    sms_countries: str = "US,CA,MX,PR,VI,GU,AS,MP"
    """Where text messages go, as ISO 3166 codes: numbers elsewhere can cost a fortune each."""
    smtp_url: str = ""
    mail_from: str = "clinic@carethread.invalid"
    demo: bool = False
    web_dist: str = "web/dist"
    files_url: str = ""
    """Where files are kept: a bucket that speaks S3 (`core.files.store`); without, a folder of the home."""
    files_credentials: str = ""
    """KEY_ID:SECRET of that bucket."""
    file_bytes: int = 50_000_000
    """How large one file may be."""
    pool_size: int = 10
    pool_wait_seconds: float = 5.0
    transaction_pooling: bool = False
    """Whether the databases' addresses lead to a pooler that lends a connection for one transaction at a time."""
    event_tries: int = 25
    notice_tries: int = 25
    prescription_tries: int = 8
    """After so many tries each is given up, and people take over (about three hours; eight minutes)."""
    retry_pause_seconds: float = 600.0
    """The longest pause between two tries of an event or a notice. The first is 2 s, and each twice the one before."""
    request_seconds: float = 10.0
    """How long a client may take to send its headers, and again until its body has to come at a minimum rate."""
    writes_per_minute: int = 1200
    """How much one account may write. A person at work stays below 60."""
    answer_seconds: float = 60.0
    """How long a client may leave an answer unread."""
    log_level: str = "INFO"

    def __repr__(self) -> str:
        return "Settings(...)"  # an error report quotes what it finds, and half of this is secret

    @property
    def home_path(self) -> Path:
        return Path(self.home).resolve()

    @property
    def earlier_secret_keys(self) -> list[bytes]:
        """What still opens and verifies, but no longer seals or signs. Raises SettingsError."""
        name, keys = "CARETHREAD_PREVIOUS_SECRET_KEYS", self.previous_secret_keys.split(",")
        return [decode_key(name, key.strip()) for key in keys if key.strip()]

    @property
    def secure(self) -> bool:
        """True where browsers reach us by https, so that cookies may be marked Secure."""
        return is_secure(self.public_url)

    @property
    def origins(self) -> frozenset[str]:
        """The origins whose pages may write: our own, and the development server's where named."""
        extra = (origin.strip() for origin in self.extra_origins.split(","))
        return frozenset({self.public_url.rstrip("/"), *(origin for origin in extra if origin)})


_USUAL_NAMES = {"database_url": "DATABASE_URL", "redis_url": "REDIS_URL"}


def env_name(field: str) -> str:
    """The environment variable of a settings field."""
    return _USUAL_NAMES.get(field, f"CARETHREAD_{field.upper()}")


def decode_key(name: str, text: str) -> bytes:
    """32 bytes from base64. Raises SettingsError naming the variable."""
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise SettingsError(f"{name} must be base64 of exactly 32 bytes.")
    return key


SECRETS = (
    "DATABASE_URL",
    "CARETHREAD_SYSTEM_DATABASE_URL",
    "CARETHREAD_OWNER_DATABASE_URL",
    "REDIS_URL",
    "CARETHREAD_SECRET_KEY",
    "CARETHREAD_TICKET_KEY",
    "CARETHREAD_AUDIT_KEY",
    "CARETHREAD_PHARMACY_SECRET",
)
"""What has no safe default. Each process needs some of it."""


def load_settings(environ: Mapping[str, str] | None = None, needs: Collection[str] = SECRETS) -> Settings:
    """Settings from the environment. Raises SettingsError naming every variable of `needs` that is missing."""
    environ = os.environ if environ is None else environ
    values: dict[str, object] = {}
    missing = [name for name in SECRETS if name in needs and not environ.get(name)]
    for field in msgspec.structs.fields(Settings):
        name = env_name(field.name)
        text = environ.get(name)
        if text:
            values[field.name] = decode_key(name, text) if field.type is bytes else text
    if missing:
        raise SettingsError(f"Set {', '.join(missing)} in the environment (see docs/production.md).")
    try:
        settings = msgspec.convert(values, Settings, strict=False, builtin_types=(bytes,))
    except msgspec.ValidationError as error:
        raise SettingsError(f"A setting cannot be used: {error}.") from None
    if settings.demo and (real := signs_of_real_use(environ)):
        raise SettingsError(
            "CARETHREAD_DEMO shows everybody the codes to sign in with: it cannot be set where the world comes in "
            f"by https or real messages are sent ({', '.join(real)})."
        )
    return settings


_ADDRESSES = (
    "CARETHREAD_PUBLIC_URL",
    "CARETHREAD_EXTRA_ORIGINS",
    "CARETHREAD_SIGNALING_URL",
    "CARETHREAD_PROBE_URL",
    "CARETHREAD_PHARMACY_URL",
)
_CARRIERS = ("CARETHREAD_TWILIO_ACCOUNT_SID", "CARETHREAD_SMTP_URL")


def signs_of_real_use(environ: Mapping[str, str]) -> list[str]:
    """The variables that say this is no demo: a secure address, or a carrier of real messages."""
    addresses = [name for name in _ADDRESSES if any(map(is_secure, environ.get(name, "").split(",")))]
    return addresses + [name for name in _CARRIERS if environ.get(name)]


def is_secure(address: str) -> bool:
    """Whether an address is one of https or wss. Schemes are the same in capitals (RFC 3986, 3.1)."""
    return address.strip().lower().startswith(("https:", "wss:"))
