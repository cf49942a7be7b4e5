"""One-time codes and links: asked for, guessed at, and accepted once.

Asking does the same work and gives the same answer for every contact. Who is a patient here is learned only by whoever
reads that phone or mailbox. Each request is a row with tries of its own, so nobody uses up another's; requests for
one contact within minutes share their digits, so whatever message arrives last, what is in it works.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, or_, select, text, update

from core.crypto import CannotOpen, derive
from core.database.session import ReadSession, WriteSession
from core.errors import FieldError, Invalid
from core.events import outbox
from core.ids import new_id
from core.logs import Log
from identity import limits
from identity.domain import (
    CODE_LIFETIME,
    CODE_TRIES,
    DIGITS_SHARED_FOR,
    IDENTIFY_TRIES,
    CodeState,
    Verdict,
    judge,
)
from identity.events import CodeRequested
from identity.limits import Limiter, TooMany
from identity.models import OneTimeCode
from identity.patients import service as patients
from identity.person.contacts import Channel, Contact, has_carrier, may_text
from identity.sessions.tokens import code_context, digest, keyed_digest, new_token, same

log = Log("codes")


class Purpose(StrEnum):
    """The one purpose of a code."""

    SIGN_IN = "sign_in"
    NEW_CONTACT = "new_contact"
    STEP_UP = "step_up"
    OTHER_CONTACT = "other_contact"


@dataclass(frozen=True)
class Asker:
    """Who asks: a device on which the contact's owner has signed in before, or else an address."""

    address: str
    known_device: UUID | None = None

    @property
    def name(self) -> str:
        """What is counted; a known device is not counted together with strangers at its address."""
        return f"device:{self.known_device}" if self.known_device else self.address


class Secrets(msgspec.Struct):
    """The secrets of a code that are sealed until delivery."""

    code: str
    link: str


async def request(
    write: WriteSession,
    contact: Contact,
    *,
    locale: str,
    asker: Asker,
    purpose: Purpose = Purpose.SIGN_IN,
    account_id: UUID | None = None,
) -> OneTimeCode:
    """Make a code, to be sent by whoever delivers. One that was sent before stays good.

    Raises TooMany for the asker alone, and Invalid for a contact where nothing would arrive: no carrier, or a country
    too expensive to text. That a contact has been sent enough is told to whom it belongs, and to nobody else.
    """
    check_reachable(write, contact)
    # The asker's own limit first: who has reached it must not use up the tries of other people's contacts.
    await Limiter(write.services).spend(limits.CODES_FROM_ADDRESS, write.clinic_id, asker.name)
    await one_at_a_time(write, contact)
    shared = await _digits_sent_lately(write, contact) if purpose is Purpose.SIGN_IN else None
    sent = await _may_send(write, contact, asker, already_sent=shared is not None)
    if not sent and account_id is not None:
        raise TooMany(60)
    code = shared.code if shared else f"{secrets.randbelow(10**6):06}"
    digits_at = shared.at if shared else write.now() if sent else None
    row = await _add(write, contact, locale, code, purpose, account_id, digits_at)
    if sent:
        await outbox.add(write, CodeRequested(code_id=row.id))
    return row


async def dead(
    write: WriteSession, beside: Contact, *, locale: str, asker: Asker, purpose: Purpose
) -> OneTimeCode:
    """A code that nobody gets, for whoever must not learn that there is nowhere to send one.

    It costs its asker what a real one costs. Its stand-in is always the same `beside` one contact, so guesses at it are
    counted over all requests, as guesses at a real one are. Raises TooMany for the asker.
    """
    await Limiter(write.services).spend(limits.CODES_FROM_ADDRESS, write.clinic_id, asker.name)
    key = derive(write.services.settings.secret_key, "carethread/stand-in")
    name = keyed_digest(key, str(write.clinic_id), beside.value).hex()[:32]
    nowhere = Contact(Channel.EMAIL, f"{name}@nowhere.invalid")
    await one_at_a_time(write, nowhere)
    return await _add(write, nowhere, locale, new_token(), purpose, None, None)


def check_reachable(read: ReadSession, contact: Contact) -> None:
    """Raises Invalid for `contact` where no message of ours would arrive."""
    if problem := unreachable(read, contact):
        raise Invalid({"contact": problem})


def unreachable(read: ReadSession, contact: Contact) -> str | None:
    """Why no message of ours would arrive at a contact: `sms_unavailable`, `email_unavailable`, `phone_country`."""
    if not has_carrier(contact.channel, read.services.settings):
        return f"{contact.channel}_unavailable"
    return None if may_text(contact, read.services.settings.sms_countries) else "phone_country"


async def check_code(
    write: WriteSession,
    code_id: UUID,
    typed: str,
    asker: Asker,
    *,
    purpose: Purpose = Purpose.SIGN_IN,
    account_id: UUID | None = None,
) -> OneTimeCode:
    """The code that these six digits prove. Raises Invalid for `code` with the tries that are left, TooMany."""
    row = await _locked(write, OneTimeCode.id == code_id, purpose, account_id)
    if row is None:
        raise Invalid({"code": "code_spent"})
    limiter = Limiter(write.services)
    # Others may use up the guesses at a contact that they know; whoever asks for the other one must not see that.
    apart = (purpose,) if purpose is Purpose.OTHER_CONTACT else ()
    contact: tuple[object, ...] = (write.clinic_id, row.contact, *apart)
    guesses: list[tuple[limits.Limit, tuple[object, ...]]] = [
        (limits.GUESSES_BY_ASKER, (asker.name, *contact))
    ]
    if asker.known_device is None:
        guesses.append((limits.GUESSES_AT_CONTACT, contact))
    for limit, who in guesses:
        if not await limiter.has_room(limit, *who):
            raise TooMany(3600)
    proven = matches(write, row, typed)
    if not proven and _state(row).open(write.now()):
        for limit, who in guesses:
            await limiter.allows(limit, *who)
    return await _accepted(write, row, proven=proven)


async def check_link(write: WriteSession, token: str) -> OneTimeCode:
    """The code whose link this is, once somebody pressed the button on its page. Raises Invalid."""
    row = await _locked(write, OneTimeCode.link_hash == digest(token), Purpose.SIGN_IN, None)
    if row is None:
        raise Invalid({"code": "code_spent"})
    return await _accepted(write, row, proven=True)


async def void_open(write: WriteSession, contact: Contact, *, keep: UUID | None = None) -> None:
    """Void the other codes for this contact: one was used."""
    await _void(write, *_open_for(write, contact), OneTimeCode.id != keep)


async def void_replaced(write: WriteSession, account_id: UUID, contact: Contact) -> None:
    """An account has this contact no more: no code that went there opens anything, nor does any that the account asked
    for, wherever it went."""
    there = and_(OneTimeCode.clinic_id == write.clinic_id, OneTimeCode.contact == contact.value)
    await _void(write, or_(there, OneTimeCode.account_id == account_id))


async def _void(write: WriteSession, *which: ColumnElement[bool]) -> None:
    still_open = (OneTimeCode.used_at.is_(None), OneTimeCode.voided_at.is_(None))
    await write.execute(
        update(OneTimeCode).where(*still_open, *which).values(voided_at=write.now(), sealed=None)
    )


async def _accepted(write: WriteSession, row: OneTimeCode, *, proven: bool) -> OneTimeCode:
    """Use the code up, or one of its tries, and keep that whatever the answer is. Raises Invalid."""
    verdict, after = judge(_state(row), proven=proven, at=write.now())
    row.tries_left, row.used_at = after.tries_left, after.used_at
    if verdict is Verdict.ACCEPTED:
        row.sealed = None
        if row.purpose == Purpose.SIGN_IN:
            await void_open(write, contact_of(row), keep=row.id)
        return row
    write.keep_on_error()
    if verdict is Verdict.SPENT or after.tries_left == 0:
        raise Invalid({"code": "code_spent"})
    raise Invalid([FieldError("code", "code_wrong", {"left": after.tries_left})])


def _state(row: OneTimeCode) -> CodeState:
    return CodeState(row.tries_left, row.expires_at, row.used_at, row.voided_at)


def matches(write: WriteSession, row: OneTimeCode, typed: str) -> bool:
    """Whether these are the code's digits, spaces and dashes aside."""
    digits = "".join(letter for letter in typed if letter in "0123456789")
    return same(row.code_hash, _hash(write, row.id, digits))


def contact_of(row: OneTimeCode) -> Contact:
    return Contact(Channel(row.channel), row.contact)


@dataclass(frozen=True)
class _Shared:
    code: str
    at: datetime


async def _digits_sent_lately(write: WriteSession, contact: Contact) -> _Shared | None:
    """The digits that are on their way to this contact, or lie there, and may be asked for again."""
    row: OneTimeCode | None = await write.one_or_none(
        select(OneTimeCode)
        .where(
            *_open_for(write, contact),
            OneTimeCode.purpose == Purpose.SIGN_IN,
            OneTimeCode.digits_at > write.now() - DIGITS_SHARED_FOR,
            OneTimeCode.sealed.is_not(None),
        )
        .order_by(OneTimeCode.digits_at.desc(), OneTimeCode.id.desc())
        .limit(1)
    )
    if row is None or row.sealed is None or row.digits_at is None:
        return None
    try:
        opened = write.services.keyring.open(row.sealed, code_context(row.id))
    except CannotOpen:  # Sealed under a key that was replaced: what was sent opens nothing any more either.
        return None
    return _Shared(msgspec.json.decode(opened, type=Secrets).code, row.digits_at)


async def _may_send(write: WriteSession, contact: Contact, asker: Asker, *, already_sent: bool) -> bool:
    """Whether a message goes out. Beyond the limits nobody is told: an answer would say who is a patient."""
    limiter, who = Limiter(write.services), (write.clinic_id, contact.value)
    within = await limiter.allows(limits.CODES_BY_ASKER, asker.name, *who)
    if within and asker.known_device is None:
        within = await limiter.allows(limits.CODES_TO_CONTACT, *who)
    if not within and (already_sent or not await limiter.allows(limits.CODES_DRIP, *who)):
        return False
    known = bool(await patients.accounts_with(write, contact))
    of_clinic = limits.CODES_TO_PATIENTS if known else limits.CODES_TO_STRANGERS
    if await limiter.allows(of_clinic, write.clinic_id):
        return True
    log.warning("codes_held_back", clinic_id=write.clinic_id, kind=of_clinic.name)
    return False


async def _add(
    write: WriteSession,
    contact: Contact,
    locale: str,
    code: str,
    purpose: Purpose,
    account_id: UUID | None,
    digits_at: datetime | None,
) -> OneTimeCode:
    code_id, link = new_id(), new_token()
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
        identify_tries=IDENTIFY_TRIES,
        expires_at=write.now() + CODE_LIFETIME,
        account_id=account_id,
        purpose=purpose,
        digits_at=digits_at,
    )
    write.add(row)
    await write.flush()
    return row


async def _locked(
    write: WriteSession, condition: ColumnElement[bool], purpose: Purpose, account_id: UUID | None
) -> OneTimeCode | None:
    """The row, held until the end of the transaction: of parallel attempts each waits for the one before.

    Requests that share their digits are used up together, so the contact is held before its row.
    """
    owner = OneTimeCode.account_id.is_(None) if account_id is None else OneTimeCode.account_id == account_id
    query = select(OneTimeCode).where(
        condition, owner, OneTimeCode.purpose == purpose, OneTimeCode.clinic_id == write.clinic_id
    )
    found: OneTimeCode | None = await write.one_or_none(query)
    if found is None:
        return None
    await one_at_a_time(write, contact_of(found))
    locked: OneTimeCode | None = await write.one_or_none(
        query.with_for_update().execution_options(populate_existing=True)
    )
    return locked


def _open_for(read: ReadSession, contact: Contact) -> list[ColumnElement[bool]]:
    return [
        OneTimeCode.clinic_id == read.clinic_id,
        OneTimeCode.contact == contact.value,
        OneTimeCode.account_id.is_(None),
        OneTimeCode.used_at.is_(None),
        OneTimeCode.voided_at.is_(None),
    ]


async def one_at_a_time(write: WriteSession, *contacts: Contact) -> None:
    """Of two requests for one contact the second waits, and finds what the first has done.

    Several are locked in one order. Locked before the codes that went there and before the accounts that have it.
    """
    for value in sorted({each.value for each in contacts}):
        await write.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:who, 2))"),
            {"who": f"{write.clinic_id}:{value}"},
        )


def _hash(write: WriteSession, code_id: UUID, code: str) -> bytes:
    key = derive(write.services.settings.secret_key, "carethread/one-time-code")
    return keyed_digest(key, code_context(code_id), code)
