"""The processes that make up a running Carethread, in one table: what each is, and all that it is told.

The supervisor starts these on one machine and docker-compose.yml starts the same ones in containers; a test
holds the two against each other. A process is given what it needs and no more: whoever breaks into the API finds
neither the key that seals the audit nor a way into all clinics at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# Each process listens on the base port plus its own offset; the base comes from `carethread run --port`.
DEFAULT_PORT = 8000


@dataclass(frozen=True)
class Part:
    """One process: its name, the `carethread` command that is it, and where it listens (None: nowhere).

    `needs` are the variables without which it does not start, `takes` those that it also reads.
    """

    name: str
    command: tuple[str, ...]
    port_offset: int | None
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()

    def port(self, base: int) -> int | None:
        return None if self.port_offset is None else base + self.port_offset

    def environment(self, whole: Mapping[str, str]) -> dict[str, str]:
        """What of an environment the process gets: of ours only its own, of the machine's all."""
        own = self.needs | self.takes
        return {name: value for name, value in whole.items() if name in own or not _is_ours(name)}


def _is_ours(name: str) -> bool:
    return name.startswith("CARETHREAD_") or name in ("DATABASE_URL", "REDIS_URL")


def _names(names: str) -> frozenset[str]:
    """Variables by what follows CARETHREAD_, but for the two with usual names."""
    usual = {"DATABASE_URL", "REDIS_URL"}
    return frozenset(name if name in usual else f"CARETHREAD_{name}" for name in names.split())


_ALL = "PUBLIC_URL DEMO LOG_LEVEL"
_DATA = (
    "PREVIOUS_SECRET_KEYS HOME FILES_URL FILES_CREDENTIALS FILE_BYTES "
    "POOL_SIZE POOL_WAIT_SECONDS TRANSACTION_POOLING"
)

PARTS = (
    Part(
        "api",
        ("carethread", "api"),
        0,
        needs=_names("DATABASE_URL REDIS_URL SECRET_KEY TICKET_KEY PHARMACY_SECRET"),
        # Of the carriers it only knows whether there are any; twilio signs what it tells us with the account's token.
        takes=_names(
            f"{_ALL} {_DATA} EXTRA_ORIGINS TRUSTED_PROXIES SIGNALING_URL PROBE_URL PROBE_KEY ICE_URLS TURN_URLS "
            "TURN_SECRET WEB_DIST "
            "REQUEST_SECONDS ANSWER_SECONDS WRITES_PER_MINUTE SMS_COUNTRIES TWILIO_ACCOUNT_SID "
            "TWILIO_AUTH_TOKEN SMTP_URL"
        ),
    ),
    Part(
        "worker",
        ("carethread", "worker"),
        None,
        needs=_names("DATABASE_URL SYSTEM_DATABASE_URL REDIS_URL SECRET_KEY AUDIT_KEY PHARMACY_SECRET"),
        takes=_names(
            f"{_ALL} {_DATA} AUDIT_ANCHORS AUDIT_BUCKET_CREDENTIALS PHARMACY_URL SMTP_URL MAIL_FROM "
            "EVENT_TRIES NOTICE_TRIES PRESCRIPTION_TRIES RETRY_PAUSE_SECONDS "
            "TWILIO_ACCOUNT_SID TWILIO_AUTH_TOKEN TWILIO_FROM TWILIO_VOICE_FROM TWILIO_API_URL"
        ),
    ),
    Part(
        "signaling",
        ("carethread", "signaling"),
        1,
        needs=_names("REDIS_URL TICKET_KEY"),
        takes=_names(f"{_ALL} EXTRA_ORIGINS ALLOW_LOOPBACK SIGNALING_PORT"),
    ),
    Part(
        "pharmacy",
        ("carethread", "pharmacy"),
        2,
        needs=_names("PHARMACY_SECRET"),
        takes=_names("PUBLIC_URL HOME PHARMACY_CALLBACK_URL PHARMACY_PORT"),
    ),
    # Reads what strangers send over UDP: it is told nothing that opens anything else.
    Part(
        "probe",
        ("carethread", "probe"),
        3,
        needs=_names("PROBE_KEY"),
        takes=_names(f"{_ALL} EXTRA_ORIGINS ALLOW_LOOPBACK PROBE_PORT ICE_URLS TURN_URLS TURN_SECRET"),
    ),
)
DEMO_PARTS = (Part("telephone", ("carethread", "telephone"), 4, needs=_names("TWILIO_AUTH_TOKEN")),)
"""What runs in a demo alone: nobody's telephone is rung there, a double of twilio answers."""

BY_NAME = {part.name: part for part in PARTS}
