"""After the code: in, on a device that is known; else who one is, or becoming a patient."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from core import audit
from core.database.session import ReadSession, WriteSession
from core.errors import FieldError, Forbidden, Invalid
from identity.codes import service as codes
from identity.codes.service import Purpose, contact_of
from identity.domain import REGISTRATION_LIFETIME, Method
from identity.models import Account, OneTimeCode, Patient
from identity.patient_account import holding, security_events
from identity.patient_account.new_device import tokens, trusted_devices
from identity.patient_account.new_device.answer_limits import Answers
from identity.patient_account.new_device.domain import Known, is_person
from identity.patients import service as patients
from identity.person.address import address_in
from identity.person.contacts import Contact
from identity.person.name import single
from identity.related.models import RelatedPerson, acts
from identity.sessions import service as sessions
from identity.sessions.service import Browser, NewSession
from identity.sessions.tokens import digest, new_token


@dataclass(frozen=True)
class Proven:
    """Somebody reads this phone or mailbox, and this browser is not known: they say who they are.

    `known` tells whether anybody signs in by this contact; if not, there is only registering.
    """

    contact: Contact
    token: str
    until: datetime
    known: bool


async def enter(
    write: WriteSession, row: OneTimeCode, method: Method, browser: Browser, *, somebody_else: bool = False
) -> NewSession | Proven:
    """Sign in on a device that is known, or ask on. Raises Forbidden `account_disabled` on a device that is known.

    `somebody_else` is for whoever shares the device: then nobody is recognised.
    """
    contact = contact_of(row)
    accounts = await patients.accounts_with(write, contact)
    if not somebody_else:
        known = await trusted_devices.of_browser(write, browser, [each.id for each in accounts])
        # Of two people who are known here, the device alone does not say which one it is.
        if len(known) == 1:
            account = next(each for each in accounts if each.id == known[0].account_id)
            begun = await _begin(write, account, method, browser, contact)
            return await trusted_devices.recognise(write, begun, known[0], browser)
        vouched = [each for each in accounts if each.vouched_until and each.vouched_until > write.now()]
        if len(vouched) == 1:
            begun = await _on_new_device(write, vouched[0], method, browser, contact, remember=True)
            vouched[0].vouched_until = None
            return begun
    token = new_token()
    row.registration_hash = digest(token)
    anybody = any(not patients.disputed(each, contact.channel) for each in accounts)
    return Proven(contact, token, write.now() + REGISTRATION_LIFETIME, anybody)


async def identify(
    write: WriteSession, token: str, birth_date: date, answer: str, browser: Browser, *, remember: bool
) -> NewSession:
    """Sign in whoever of the contact's people this is.

    Raises Invalid `identity_refused` with the tries left whatever was wrong, Forbidden `identity_locked`, and
    `account_disabled` only to whoever answered right; Conflict `registration_over`.
    """
    row = await tokens.locked(write, token)
    contact = contact_of(row)
    answers = Answers(write, contact, browser)
    if row.identify_tries == 0 or not await answers.may_answer():
        raise Forbidden("identity_locked")
    found = [
        each for each, known in await _candidates(write, contact) if is_person(known, birth_date, answer)
    ]
    # Twins with one number and one last name are told apart by their record numbers.
    if len(found) != 1:
        row.identify_tries -= 1
        write.keep_on_error()
        await answers.was_wrong()
        await audit.log(write, "sign_in.identity_refused")
        if row.identify_tries == 0:
            raise Forbidden("identity_locked")
        raise Invalid([FieldError("answer", "identity_refused", {"left": row.identify_tries})])
    row.registered_at = write.now()
    return await _on_new_device(write, found[0], Method.CODE, browser, contact, remember=remember)


async def ask_other_contact(write: WriteSession, token: str, locale: str, browser: Browser) -> OneTimeCode:
    """A code to the other contact of whom this one belongs to; nobody learns whether there is one.

    Raises Conflict `registration_over`, TooMany for the asker.
    """
    contact = contact_of(await tokens.locked(write, token))
    asker, purpose = codes.Asker(browser.address), Purpose.OTHER_CONTACT
    others = [other for _, other in await _others(write, contact)]
    if len(others) != 1 or codes.unreachable(write, others[0]):
        return await codes.dead(write, contact, locale=locale, asker=asker, purpose=purpose)
    return await codes.request(write, others[0], locale=locale, asker=asker, purpose=purpose)


async def by_other_contact(
    write: WriteSession, token: str, code_id: UUID, typed: str, browser: Browser, *, remember: bool
) -> NewSession:
    """Sign in whoever reads both contacts of one account. Raises Invalid for `code`, Conflict, Forbidden."""
    row = await tokens.locked(write, token)
    contact = contact_of(row)
    asker = codes.Asker(browser.address)
    shown = await codes.check_code(write, code_id, typed, asker, purpose=Purpose.OTHER_CONTACT)
    others = [account for account, other in await _others(write, contact) if other == contact_of(shown)]
    if len(others) != 1:
        raise Invalid({"code": "code_spent"})
    row.registered_at = write.now()
    return await _on_new_device(write, others[0], Method.CODE, browser, contact, remember=remember)


async def _begin(
    write: WriteSession, account: Account, method: Method, browser: Browser, contact: Contact
) -> NewSession:
    try:
        held = await holding.held_to_enter(write, account.id, contact)
    except Forbidden:
        write.keep_on_error()
        await audit.log(write, "sign_in.refused", entity=("account", account.id))
        raise
    return await sessions.begin(write, held, method, browser)


async def _on_new_device(
    write: WriteSession,
    account: Account,
    method: Method,
    browser: Browser,
    contact: Contact,
    *,
    remember: bool,
) -> NewSession:
    """In; the account's other sessions and its other contact hear of it."""
    begun = await _begin(write, account, method, browser, contact)
    await security_events.happened(write, account.id, "new_device", spare=contact)
    return await trusted_devices.trust(write, begun, account, browser) if remember else begun


async def _candidates(read: ReadSession, contact: Contact) -> list[tuple[Account, Known]]:
    """Whom this contact may belong to: not those whose contact is in dispute."""
    accounts = {
        each.id: each
        for each in await patients.accounts_with(read, contact)
        if not patients.disputed(each, contact.channel)
    }
    rows = await read.scalars(select(Patient).where(Patient.account_id.in_(accounts)))
    patients_own = [
        (accounts[row.account_id], Known(single(row.name), row.birth_date, row.mrn, address_in(row.address)))
        for row in rows
        if row.account_id is not None
    ]
    others = accounts.keys() - {account.id for account, _ in patients_own}
    return patients_own + [(accounts[each], known) for each, known in await _related(read, others)]


async def _related(read: ReadSession, account_ids: Collection[UUID]) -> list[tuple[UUID, Known]]:
    """Those who only act for others: what staff wrote of them when they verified them, once for each account."""
    query = (
        select(RelatedPerson)
        .where(RelatedPerson.account_id.in_(account_ids), acts(read.now()))
        .order_by(RelatedPerson.verified_at)
    )
    newest = {row.account_id: row for row in await read.scalars(query)}
    return [
        (account_id, Known(row.family or row.name.split()[-1], row.birth_date, "", None))
        for account_id, row in newest.items()
        if account_id is not None and row.birth_date is not None
    ]


async def _others(read: ReadSession, contact: Contact) -> list[tuple[Account, Contact]]:
    """The other contacts of those whom this one may belong to."""
    return [
        (account, other)
        for account, _ in await _candidates(read, contact)
        for other in patients.contacts_of(account)
        if other != contact
    ]
