"""The staff of a clinic, as its administrator sees and changes them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, exists, func, or_, select
from sqlalchemy.exc import IntegrityError

from core import audit, live
from core.actor import Role
from core.database.session import ReadSession, WriteSession
from core.errors import Conflict, Invalid, NotFound, Stale
from core.ids import new_id
from core.text.folding import containing
from core.text.search_key import search_key
from identity.clinic.states import US_STATES
from identity.domain import AccountStatus, EndReason, valid_staff_roles
from identity.factors import challenges, second_factor
from identity.models import Account, Authenticator, AuthSession, Credential, Staff
from identity.person.accounts import hold
from identity.person.check_digits import is_dea, is_npi
from identity.person.contacts import Channel, Contact, parse_email
from identity.person.name import Name, shown
from identity.person.name import problems as name_problems
from identity.person.names import line_problem
from identity.sessions import service as sessions
from identity.staff import confirmations, freezing, invites
from identity.staff.standing import Change, Standing

PAGE = 50


@dataclass(frozen=True)
class Form:
    """A member of staff as typed by an administrator; empty text means 'none'."""

    name: Name
    email: str
    roles: list[str]
    locale: str = "en"
    title: str = ""
    credentials: str = ""
    npi: str = ""
    dea: str = ""
    licences: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Person:
    """A member of staff with what an administrator needs beside the name."""

    account: Account
    staff: Staff
    has_app: bool
    passkeys: int
    last_seen_at: datetime | None
    waits_for: list[str]


def problems(form: Form) -> dict[str, str]:
    """What is wrong with the form, by field."""
    found: dict[str, str | None] = {
        "email": None if parse_email(form.email) else "email_invalid",
        "title": line_problem(form.title),
        "credentials": line_problem(form.credentials),
        "roles": None if valid_staff_roles(form.roles) else "roles_required",
        "npi": None if not form.npi or is_npi(form.npi) else "npi_invalid",
        "dea": None if not form.dea or is_dea(form.dea) else "dea_invalid",
        "licences": None if set(form.licences) <= US_STATES else "state_unknown",
    }
    return name_problems(form.name) | {field: code for field, code in found.items() if code}


async def search(
    read: ReadSession, *, text: str = "", role: str | None = None, status: str | None = None, after: str = ""
) -> tuple[list[Person], str | None]:
    """A page of people by name, and the cursor of the next one. `text` is looked for in name and address."""
    query = _people().order_by(func.lower(Account.name), Account.id).limit(PAGE + 1)
    if text:
        by_address = Account.email.like(containing(text.strip().lower()))
        key = search_key(text)
        by_name = func.search_key(Account.name).like(containing(key))
        query = query.where(or_(by_name, by_address) if key else by_address)
    if role:
        query = query.where(Account.roles.any_() == role)
    if status:
        query = query.where(Account.status == status)
    if after:
        name, _, last = after.rpartition("|")
        query = query.where(func.row(func.lower(Account.name), Account.id) > func.row(name, _uuid(last)))
    rows = [_person(row) for row in (await read.execute(query)).all()]
    page = rows[:PAGE]
    more = f"{page[-1].account.name.lower()}|{page[-1].account.id}" if len(rows) > PAGE else None
    return page, more


async def held(write: WriteSession, account_id: UUID) -> Person:
    """One member of staff, whom nobody else changes until this transaction is over. Raises NotFound.

    Locks are taken in one order, or two administrators wait for each other: the account, then what hangs from it.
    """
    await hold(write, account_id)
    return await get(write, account_id)


async def get(read: ReadSession, account_id: UUID) -> Person:
    """One member of staff. Raises NotFound."""
    row = (await read.execute(_people().where(Account.id == account_id))).one_or_none()
    if row is None:
        raise NotFound
    return _person(row)


async def invite(write: WriteSession, form: Form) -> Person:
    """Add somebody, and send them the link to set a password. Raises Invalid by field."""
    _check(form)
    await _check_free(write, form)
    account_id = new_id()
    account = Account(
        id=account_id, status=AccountStatus.INVITED, roles=sorted(set(form.roles)), name=shown(form.name)
    )
    account.email, account.locale = parse_email(form.email), form.locale
    try:
        async with write.savepoint():
            write.add(account)
            await write.flush()
    except IntegrityError:
        raise Invalid({"email": "email_taken"}) from None
    staff = Staff(account_id=account_id)
    await _keep(write, staff, form, None)
    await _record(write, "account.invite", account_id, roles=form.roles)
    await confirmations.want(write, account, Change.INVITED)
    await invites.send(write, account, "invite")
    return await get(write, account_id)


async def change(write: WriteSession, account_id: UUID, version: int, form: Form) -> Person:
    """Change somebody's particulars as they stood at `version`. Other roles end their sessions.

    What lets one act under another's name waits for a second person, and its owner hears of it where they were reached
    before. Another number than one's own is refused if a colleague has it.

    Raises Invalid, NotFound, Conflict `not_yourself`, `person_changed`.
    """
    _check(form)
    administered = await _administered_without(write, account_id)
    person = await _current(write, account_id, version)
    account, roles = person.account, sorted(set(form.roles))
    before = confirmations.standing_of(account, person.staff)
    await _check_free(write, form, before)
    if roles != sorted(account.roles):
        if account_id == write.actor.account_id:
            raise Conflict("not_yourself")
        if Role.ADMIN not in roles and not administered:
            raise Invalid({"roles": "last_admin"})
        account.roles = roles
        await sessions.end_all(write, account_id, EndReason.ROLES_CHANGED)
        await _record(write, "account.roles", account_id, roles=roles)
    try:
        async with write.savepoint():
            account.email, account.locale = parse_email(form.email), form.locale
            if form.name != person.staff.name:
                account.name = shown(form.name)
            await write.flush()
    except IntegrityError:
        raise Invalid({"email": "email_taken"}) from None
    person.staff.version = version + 1
    await _keep(write, person.staff, form, before)
    await _record(write, "account.change", account_id)
    waiting = await confirmations.want_changed(write, account, person.staff, before)
    readdressed = account.email != before.email
    if readdressed:
        await _readdressed(write, account)
    if account.status == AccountStatus.INVITED:
        return await get(write, account_id)
    if readdressed and before.email:
        await second_factor.changed(write, account_id, "email_changed", Contact(Channel.EMAIL, before.email))
    elif waiting:
        await second_factor.changed(write, account_id, "particulars_changed")
    return await get(write, account_id)


async def _readdressed(write: WriteSession, account: Account) -> None:
    """Links on their way to the former address open nothing any more; an invitation goes to the new one."""
    if account.status == AccountStatus.INVITED:
        await invites.send(write, account, "invite")
    else:
        await invites.void(write, account.id)


async def disable(write: WriteSession, account_id: UUID) -> Person:
    """Let somebody in no more, from this moment. Raises NotFound, Conflict `not_yourself`, `last_admin`."""
    administered = await _administered_without(write, account_id)
    person = await _other(write, account_id)
    if not administered:
        raise Conflict("last_admin")
    person.account.status = AccountStatus.DISABLED
    await sessions.end_all(write, account_id, EndReason.DISABLED)
    await invites.void(write, account_id)
    await challenges.void(write, account_id)
    await _record(write, "account.disable", account_id)
    await write.flush()
    return await get(write, account_id)


async def enable(write: WriteSession, account_id: UUID) -> Person:
    """Let somebody in again: with their password, or by a new invitation if they have none, as after a freeze."""
    person = await _other(write, account_id)
    if person.account.status != AccountStatus.DISABLED:
        return person
    if person.staff.frozen_at is not None:
        await freezing.thaw(write, person.staff)
    known = await invites.has_password(write, account_id)
    person.account.status = AccountStatus.ACTIVE if known else AccountStatus.INVITED
    # One that began at the moment of the disabling would come alive again.
    await sessions.end_all(write, account_id, EndReason.DISABLED)
    await write.flush()
    await _record(write, "account.enable", account_id)
    await confirmations.want(write, person.account, Change.ENABLED)
    if known:
        await second_factor.changed(write, account_id, "enabled")
    else:
        await invites.send(write, person.account, "invite")
    return await get(write, account_id)


async def invite_again(write: WriteSession, account_id: UUID) -> Person:
    """Send a new link; the earlier one is void. Raises Conflict `not_invited` once they have set a password."""
    person = await held(write, account_id)
    if person.account.status != AccountStatus.INVITED:
        raise Conflict("not_invited")
    await invites.send(write, person.account, "invite")
    await _record(write, "account.invite", account_id)
    await confirmations.want(write, person.account, Change.INVITED)
    return await get(write, account_id)


async def reset_second_factor(write: WriteSession, account_id: UUID) -> Person:
    """For somebody who lost phone and recovery codes: sessions end, and the next sign-in sets up a new one."""
    person = await _other(write, account_id)
    await second_factor.reset(write, account_id)
    await sessions.end_all(write, account_id, EndReason.FACTOR_RESET)
    await _record(write, "account.reset_second_factor", account_id)
    await confirmations.want(write, person.account, Change.SECOND_FACTOR)
    return await get(write, account_id)


def _people() -> Select[Account, Staff, bool, int, datetime | None, list[str]]:
    has_app = (
        select(Authenticator.account_id)
        .where(Authenticator.account_id == Account.id, Authenticator.secret.is_not(None))
        .exists()
    )
    passkeys = select(func.count()).where(Credential.account_id == Account.id).scalar_subquery()
    last_seen = (
        select(func.max(AuthSession.last_seen_at))
        .where(AuthSession.account_id == Account.id)
        .scalar_subquery()
    )
    waits_for = confirmations.waiting_of(Account.id)
    return select(Account, Staff, has_app, passkeys, last_seen, waits_for).join(
        Staff, Staff.account_id == Account.id
    )


def _person(row: Row[Account, Staff, bool, int, datetime | None, list[str]]) -> Person:
    return Person(row[0], row[1], row[2], row[3], row[4], row[5])


async def admins(read: ReadSession) -> list[UUID]:
    """The active administrators."""
    rows = await read.scalars(
        select(Account.id)
        .where(Account.roles.any_() == Role.ADMIN, Account.status == AccountStatus.ACTIVE)
        .order_by(Account.id)
    )
    return list(rows)


async def _administered_without(write: WriteSession, account_id: UUID) -> bool:
    """Whether the clinic is left with an active administrator when this person is none any more.

    Locks them all: of two who take it from each other at the same moment, the second sees that they are the last.
    """
    admins = await write.scalars(
        select(Account.id)
        .where(Account.roles.any_() == Role.ADMIN, Account.status == AccountStatus.ACTIVE)
        .order_by(Account.id)
        .with_for_update(key_share=True)
    )
    others = set(admins.all()) - {account_id}
    return bool(others)


async def _current(write: WriteSession, account_id: UUID, version: int) -> Person:
    """Somebody as they were on screen, held. Raises NotFound, Conflict `person_changed`."""
    await hold(write, account_id)
    locked = select(Staff.version).where(Staff.account_id == account_id).with_for_update(key_share=True)
    now = await write.scalar(locked)
    if now is not None and now != version:
        raise Stale("person_changed")
    return await get(write, account_id)


async def _other(write: WriteSession, account_id: UUID) -> Person:
    """Somebody else, held: nobody locks themselves out."""
    if account_id == write.actor.account_id:
        raise Conflict("not_yourself")
    return await held(write, account_id)


def _check(form: Form) -> None:
    wrong = problems(form)
    if wrong:
        raise Invalid(wrong)


async def _check_free(write: WriteSession, form: Form, before: Standing | None = None) -> None:
    """NPI and DEA number belong to one person. Raises Invalid by field for one that a colleague has, working or not.

    Whoever shared a number before this was asked keeps it. Two who ask at the same moment are told apart by unique
    indexes (`_keep`).
    """
    wrong = {}
    for name, column in (("npi", Staff.npi), ("dea", Staff.dea)):
        number = getattr(form, name)
        if number and (before is None or number != getattr(before, name)):
            taken = exists().where(column == number, Staff.clinic_id == write.clinic_id)
            if await write.scalar(select(taken)):
                wrong[name] = f"{name}_taken"
    if wrong:
        raise Invalid(wrong)


async def _keep(write: WriteSession, staff: Staff, form: Form, before: Standing | None) -> None:
    """Fill the staff row in. Raises Invalid by field where a colleague was given the number at this moment."""
    try:
        async with write.savepoint():
            write.add(staff)
            _fill(staff, form)
            await write.flush()
    except IntegrityError:
        # The other one is committed, so what is taken can be named.
        await _check_free(write, form, before)
        raise


def _fill(staff: Staff, form: Form) -> None:
    staff.rename(form.name)
    staff.name_guessed = False
    staff.title, staff.credentials = form.title.strip() or None, form.credentials.strip() or None
    npi, dea = form.npi or None, form.dea or None
    if npi != staff.npi:
        staff.npi, staff.npi_shared = npi, False
    if dea != staff.dea:
        staff.dea, staff.dea_shared = dea, False
    staff.licences = sorted(set(form.licences))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid({"after": "malformed"}) from None


async def _record(write: WriteSession, action: str, account_id: UUID, *, roles: Iterable[str] = ()) -> None:
    detail = {"roles": ",".join(sorted(set(roles)))} if roles else {}
    await audit.log(write, action, entity=("account", account_id), detail=detail)
    live.publish(write, "people.changed", [live.role(Role.ADMIN)], account_id=str(account_id))
