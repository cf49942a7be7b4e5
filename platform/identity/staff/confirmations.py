"""Changes to staff that a second person confirms. Until then the account signs nothing (ADR 17).

Rows are `staff_change`; which changes, and who may confirm which, is `standing`. A change to somebody who neither signs
nor administers is on record too, and waits from the moment that they do.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import SQLCoreOperations

from core import audit, live
from core.actor import Role
from core.database.session import ReadSession, WriteSession
from core.errors import Conflict, Forbidden, NotFound
from core.ids import new_id
from identity.domain import AccountStatus
from identity.models import Account, Authenticator, Credential, Staff, StaffChange
from identity.person.accounts import hold
from identity.staff.standing import SIGNED, Change, Standing, may_confirm, to_confirm, watched

_holder = aliased(Account)
# What waits: nobody has confirmed it, and the account has a role for which it counts (`standing.watched`).
_OPEN = and_(
    StaffChange.confirmed_at.is_(None),
    exists().where(
        _holder.id == StaffChange.account_id,
        or_(
            _holder.roles.any_() == Role.CLINICIAN,
            and_(_holder.roles.any_() == Role.ADMIN, StaffChange.change.not_in(SIGNED)),
        ),
    ),
)

Values = tuple[str | None, str | None]
"""What stood there before and what stands there now, as people read it; None where there is nothing to read."""


@dataclass(frozen=True)
class Waiting:
    """Somebody's account and what of it waits. `refusal` is why who asks may not confirm it, None where they may."""

    account: Account
    staff: Staff
    changes: Sequence[StaffChange]
    set_up: bool
    refusal: str | None


def standing_of(account: Account, staff: Staff) -> Standing:
    return Standing(
        name=account.name,
        email=account.email or "",
        roles=frozenset(account.roles),
        credentials=staff.credentials or "",
        npi=staff.npi or "",
        dea=staff.dea or "",
        licences=frozenset(staff.licences),
    )


async def want(write: WriteSession, account: Account, *changes: Change) -> None:
    """Let these steps wait for a second person. What the operator does at the server needs none."""
    await _put(write, account, dict.fromkeys(changes, (None, None)))


async def want_changed(write: WriteSession, account: Account, staff: Staff, before: Standing) -> set[Change]:
    """Let wait what an account is or has that it was not or had not before; what of it waits now."""
    after = standing_of(account, staff)
    changes = to_confirm(before, after, by_oneself=write.actor.account_id == account.id)
    new = changes - (await _on_record(write, account.id) - after.gained(before))
    await _put(write, account, {each: _values(each, before, after) for each in sorted(new)})
    return changes & watched(account.roles)


def _values(change: Change, before: Standing, after: Standing) -> Values:
    """What was not changed now has nothing to be compared with."""
    was, now = before.value(change), after.value(change)
    return (None if was == now else was), now


async def _on_record(read: ReadSession, account_id: UUID) -> set[Change]:
    """Of what nobody has confirmed the last change, whether it counts with the roles of now or not."""
    unconfirmed = StaffChange.confirmed_at.is_(None)
    rows = await read.scalars(
        select(StaffChange.change).where(StaffChange.account_id == account_id, unconfirmed)
    )
    return set(map(Change, rows))


async def _put(write: WriteSession, account: Account, changes: Mapping[Change, Values]) -> None:
    made_by = write.actor.account_id
    if made_by is None:
        return
    write.add_all(
        StaffChange(
            id=new_id(), account_id=account.id, change=each, made_by=made_by, was=was, becomes=becomes
        )
        for each, (was, becomes) in changes.items()
    )
    await write.flush()
    if watched(account.roles).intersection(changes):
        _tell(write, account.id)


async def own_waiting(read: ReadSession, account_id: UUID) -> list[str]:
    """The changes to an account for which it signs nothing, oldest first."""
    rows = await read.scalars(
        select(StaffChange.change).where(StaffChange.account_id == account_id, _OPEN).order_by(StaffChange.id)
    )
    return list(dict.fromkeys(rows))


async def require_to_sign(read: ReadSession) -> None:
    """Raises Forbidden `not_confirmed` while anything about who signs waits for a second person."""
    if await read.scalar(select(exists().where(StaffChange.account_id == read.actor.own_account, _OPEN))):
        raise Forbidden("not_confirmed")


async def require_to_administer(read: ReadSession) -> None:
    """Raises Forbidden `not_confirmed` while it waits that somebody else changed who this is.

    Otherwise one administrator could make another, and be the second person to themselves.
    """
    if await read.scalar(select(_by_others(read.actor.own_account))):
        raise Forbidden("not_confirmed")


def waiting_of(account_id: SQLCoreOperations[UUID]) -> ColumnElement[list[str]]:
    """What waits of an account, as a column of a list of people."""
    changes = select(StaffChange.change).where(StaffChange.account_id == account_id, _OPEN).distinct()
    return func.array(changes.order_by(StaffChange.change).scalar_subquery(), type_=ARRAY(Text))


async def everybody(read: ReadSession) -> list[Waiting]:
    """Everybody of whom something waits, by name, as the person who asks may deal with it."""
    open_rows = list(await read.scalars(_open_changes().where(StaffChange.clinic_id == read.clinic_id)))
    if not open_rows:
        return []
    people = await read.execute(
        select(Account, Staff, _has_factor())
        .join(Staff, Staff.account_id == Account.id)
        .where(Account.id.in_({row.account_id for row in open_rows}))
        .order_by(func.lower(Account.name), Account.id)
    )
    admins = await _able_admins(read)
    return [
        Waiting(
            account,
            staff,
            changes := [row for row in open_rows if row.account_id == account.id],
            account.status == AccountStatus.ACTIVE and has_factor,
            _refusal(read, changes, admins),
        )
        for account, staff, has_factor in people
    ]


async def confirm(write: WriteSession, account_id: UUID, shown: Collection[UUID]) -> None:
    """Confirm the changes that were shown, as far as they are this person's to confirm. Again, it does nothing.

    Raises NotFound, Forbidden `not_yourself`, `made_it_yourself`, `ask_your_admin`, Conflict `confirmation_changed`
    where it is not these that wait any more, `not_set_up_yet` before the person has come.
    """
    if await _have_confirmed(write, account_id, shown):
        return
    changes = await _locked(write, account_id)
    if {row.id for row in changes} != set(shown):
        raise Conflict("confirmation_changed")
    admins = await _able_admins(write)
    mine = [row for row in changes if _refused(write, row, admins) is None]
    if not mine:
        raise Forbidden(_refusal(write, changes, admins) or "not_permitted")
    account, has_factor = (
        await write.execute(select(Account, _has_factor()).where(Account.id == account_id))
    ).one()
    # Before that it would be confirmed of whoever opens the link.
    if account.status != AccountStatus.ACTIVE or not has_factor:
        raise Conflict("not_set_up_yet")
    await _confirmed(write, account_id, mine, write.actor.account_id)


async def confirm_as_operator(write: WriteSession, account_id: UUID) -> list[str]:
    """The operator, at the server, confirms all that waits of an account; what that was."""
    changes = await _locked(write, account_id)
    await _confirmed(write, account_id, changes, None)
    return sorted({row.change for row in changes})


async def require_may_judge(write: WriteSession, account_id: UUID) -> None:
    """Raises NotFound, Forbidden: only who may confirm a change may say that it is wrong."""
    changes = await _locked(write, account_id)
    if refusal := _refusal(write, changes, await _able_admins(write)):
        raise Forbidden(refusal)


async def _have_confirmed(read: ReadSession, account_id: UUID, shown: Collection[UUID]) -> bool:
    """Whether this person has confirmed just these before, and the answer was lost."""
    done = await read.scalars(
        select(StaffChange.id).where(
            StaffChange.account_id == account_id,
            StaffChange.id.in_(shown),
            StaffChange.confirmed_by == read.actor.account_id,
        )
    )
    return set(done) == set(shown)


async def _confirmed(
    write: WriteSession, account_id: UUID, changes: Sequence[StaffChange], by: UUID | None
) -> None:
    await write.execute(
        update(StaffChange)
        .where(StaffChange.id.in_([row.id for row in changes]))
        .values(confirmed_by=by, confirmed_at=write.now())
    )
    detail = {"fields": ",".join(sorted({row.change for row in changes}))}
    await audit.log(write, "account.confirm", entity=("account", account_id), detail=detail)
    _tell(write, account_id)


async def _locked(write: WriteSession, account_id: UUID) -> list[StaffChange]:
    """What waits of an account, held: nothing joins it unseen. Raises NotFound."""
    await hold(write, account_id)
    query = _open_changes().where(StaffChange.account_id == account_id).with_for_update()
    changes = list(await write.scalars(query))
    if not changes:
        raise NotFound
    return changes


async def _able_admins(read: ReadSession) -> set[UUID]:
    """The administrators who could confirm something: active, and nothing waits of them."""
    rows = await read.scalars(
        select(Account.id).where(
            Account.roles.any_() == Role.ADMIN,
            Account.status == AccountStatus.ACTIVE,
            ~_by_others(Account.id),
        )
    )
    return set(rows.all())


def _refused(read: ReadSession, row: StaffChange, admins: set[UUID]) -> str | None:
    actor = read.actor
    return may_confirm(
        actor.own_account,
        is_admin=actor.has(Role.ADMIN),
        account_id=row.account_id,
        made_by=row.made_by,
        admins=admins,
    )


def _refusal(read: ReadSession, changes: Sequence[StaffChange], admins: set[UUID]) -> str | None:
    """None where at least one of the changes is this person's to confirm."""
    refusals = [_refused(read, row, admins) for row in changes]
    return None if None in refusals else refusals[0]


def _by_others(account_id: UUID | SQLCoreOperations[UUID]) -> ColumnElement[bool]:
    return exists().where(StaffChange.account_id == account_id, StaffChange.made_by != account_id, _OPEN)


def _open_changes() -> Select[StaffChange]:
    return select(StaffChange).where(_OPEN).order_by(StaffChange.id)


def _has_factor() -> ColumnElement[bool]:
    return or_(
        exists().where(Authenticator.account_id == Account.id, Authenticator.secret.is_not(None)),
        exists().where(Credential.account_id == Account.id),
    )


def _tell(write: WriteSession, account_id: UUID) -> None:
    to = [live.role(Role.ADMIN), live.role(Role.CLINICIAN)]
    live.publish(write, "confirmations.changed", to, account_id=str(account_id))
