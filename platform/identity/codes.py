"""One-time codes and links: asked for, guessed at, and accepted once.

Asking does the same work and gives the same answer for every contact: a code is sent there in any case. Who is
a patient here is learned only by whoever reads that phone or mailbox.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, select, text, update

from core import audit, outbox
from core.crypto import derive
from core.db import WriteSession
from core.errors import FieldError, Forbidden, Invalid
from core.ids import new_id
from core.logs import Log
from identity import limits, patients, sessions
from identity.contacts import Channel, Contact, has_carrier, may_text
from identity.domain import (
    CODE_LIFETIME,
    CODE_TRIES,
    REGISTRATION_LIFETIME,
    AccountStatus,
    CodeState,
    Method,
    Verdict,
    judge,
)
from identity.events import CodeRequested
from identity.models import OneTimeCode
from identity.sessions import Browser, NewSession
from identity.tokens import code_context, digest, keyed_digest, new_token, same

log = Log("codes")


class Secrets(msgspec.Struct):
    """What is sealed until delivery."""

    code: str
    link: str


@dataclass(frozen=True)
class Proven:
    """Somebody reads this phone or mailbox, and nobody of this clinic is known by it: they may register."""

    contact: Contact
    registration: str
    until: datetime


async def request(
    write: WriteSession, contact: Contact, *, locale: str, address: str, account_id: UUID | None = None
) -> OneTimeCode:
    """Make a code, to be sent by whoever delivers; earlier ones for the contact are void.

    Raises TooMany, and Invalid for a contact where nothing would arrive: no carrier, or a country too dear to text to.
    """
    if not has_carrier(contact.channel, write.services.settings):
        raise Invalid({"contact": f"{contact.channel}_unavailable"})
    if not may_text(contact, write.services.settings.sms_countries):
        raise Invalid({"contact": "phone_country"})
    limiter = limits.Limiter(write.services)
    # The asker's own limit first: who has reached it must not use up the tries of other people's contacts.
    await limiter.spend(limits.CODES_FROM_ADDRESS, write.clinic_id, address)
    await limiter.spend(limits.CODES_TO_CONTACT, write.clinic_id, contact.value)
    known = await patients.account_with(write, contact) is not None
    of_clinic = limits.CODES_TO_PATIENTS if known else limits.CODES_TO_STRANGERS
    sent = await limiter.allows(of_clinic, write.clinic_id)
    await _void_earlier(write, contact)
    code_id = new_id()
    code, link = f"{secrets.randbelow(10**6):06}", new_token()
    sealed = write.services.keyring.seal(msgspec.json.encode(Secrets(code, link)), code_context(code_id))
    row = OneTimeCode(
        id=code_id,
        channel=contact.channel,
        contact=contact.value,
        locale=locale,
        code_hash=_hash(write, code_id, code),
        link_hash=digest(link),
        sealed=sealed,
        tries_left=CODE_TRIES,
        expires_at=write.now() + CODE_LIFETIME,
        account_id=account_id,
    )
    write.add(row)
    await write.flush()
    if sent:
        await outbox.add(write, CodeRequested(code_id=code_id))
    else:
        log.warning("codes_held_back", clinic_id=write.clinic_id, kind=of_clinic.name)
    return row


async def check_code(write: WriteSession, code_id: UUID, typed: str, browser: Browser) -> NewSession | Proven:
    """Sign in by the six digits. Raises Invalid for `code`, with the tries that are left; Forbidden."""
    row = await _locked(write, OneTimeCode.id == code_id, for_account=None)
    accepted = accept(write, row, proven=row is not None and matches(write, row, typed))
    return await _enter(write, accepted, Method.CODE, browser)


async def check_link(write: WriteSession, token: str, browser: Browser) -> NewSession | Proven:
    """Sign in by the link, once somebody pressed the button on its page. Raises Invalid, Forbidden."""
    row = await _locked(write, OneTimeCode.link_hash == digest(token), for_account=None)
    accepted = accept(write, row, proven=True)
    return await _enter(write, accepted, Method.LINK, browser)


async def check_contact(write: WriteSession, code_id: UUID, typed: str) -> Contact:
    """A new contact that the person signed in now has proven to be theirs. Raises Invalid."""
    row = await _locked(write, OneTimeCode.id == code_id, for_account=write.actor.account_id)
    return contact_of(accept(write, row, proven=row is not None and matches(write, row, typed)))


def accept(write: WriteSession, row: OneTimeCode | None, *, proven: bool) -> OneTimeCode:
    """Use the code up, or one of its tries, and keep that whatever the answer is. Raises Invalid."""
    if row is None:
        raise Invalid({"code": "code_spent"})
    state = CodeState(row.tries_left, row.expires_at, row.used_at, row.voided_at)
    verdict, after = judge(state, proven=proven, at=write.now())
    row.tries_left, row.used_at = after.tries_left, after.used_at
    if verdict is Verdict.ACCEPTED:
        return row
    write.keep_on_error()
    if verdict is Verdict.SPENT or after.tries_left == 0:
        raise Invalid({"code": "code_spent"})
    raise Invalid([FieldError("code", "code_wrong", {"left": after.tries_left})])


def matches(write: WriteSession, row: OneTimeCode, typed: str) -> bool:
    """Whether these are the code's digits, spaces and dashes aside."""
    digits = "".join(letter for letter in typed if letter in "0123456789")
    return same(row.code_hash, _hash(write, row.id, digits))


def contact_of(row: OneTimeCode) -> Contact:
    return Contact(Channel(row.channel), row.contact)


async def _enter(
    write: WriteSession, row: OneTimeCode, method: Method, browser: Browser
) -> NewSession | Proven:
    """Sign in whom the contact belongs to, or let them register."""
    contact = contact_of(row)
    account = await patients.account_with(write, contact)
    if account is None:
        token = new_token()
        row.registration_hash = digest(token)
        return Proven(contact, token, write.now() + REGISTRATION_LIFETIME)
    if account.status != AccountStatus.ACTIVE:
        write.keep_on_error()
        await audit.record(write, "sign_in.refused", entity=("account", account.id))
        raise Forbidden("account_disabled")
    return await sessions.begin(write, account, method, browser)


async def _locked(
    write: WriteSession, condition: ColumnElement[bool], *, for_account: UUID | None
) -> OneTimeCode | None:
    """The row, held until the end of the transaction: of parallel attempts each waits for the one before."""
    owner = OneTimeCode.account_id.is_(None) if for_account is None else OneTimeCode.account_id == for_account
    found: OneTimeCode | None = await write.one_or_none(
        select(OneTimeCode)
        .where(condition, owner, OneTimeCode.clinic_id == write.clinic_id)
        .with_for_update()
    )
    return found


async def _void_earlier(write: WriteSession, contact: Contact) -> None:
    """Of two requests at once the second waits, and voids the first's code."""
    await write.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:who, 2))"),
        {"who": f"{write.clinic_id}:{contact.value}"},
    )
    await write.execute(
        update(OneTimeCode)
        .where(
            OneTimeCode.clinic_id == write.clinic_id,
            OneTimeCode.contact == contact.value,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.voided_at.is_(None),
        )
        .values(voided_at=write.now(), sealed=None)
    )


def _hash(write: WriteSession, code_id: UUID, code: str) -> bytes:
    key = derive(write.services.settings.secret_key, "carethread/one-time-code")
    return keyed_digest(key, code_context(code_id), code)
