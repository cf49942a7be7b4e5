"""What a second person does: confirms a change to a colleague's account, or freezes the account; by link, one's own."""

from uuid import UUID

from core.database.session import ReadSession, WriteSession
from core.edge.web import PUBLIC, get, post
from identity.admin.schemas import ChangeOut, ConfirmationOut, ConfirmChanges, FreezeOut
from identity.clinic import clinics
from identity.permissions import Permission
from identity.person.names import names_of
from identity.schemas import LinkToken
from identity.staff import confirmations, freezing, people
from identity.staff.confirmations import Waiting


@get("/api/confirmations", permission=Permission.STAFF_CONFIRM)
async def list_confirmations(read: ReadSession) -> list[ConfirmationOut]:
    """Colleagues whose accounts were changed, and who sign nothing until a second person has confirmed it."""
    return await _out(read)


@post("/api/confirmations/{account_id:uuid}/confirm", permission=Permission.STAFF_CONFIRM, status_code=200)
async def confirm_changes(
    write: WriteSession, account_id: UUID, data: ConfirmChanges
) -> list[ConfirmationOut]:
    """Confirm what was shown. 403 `made_it_yourself`, `not_yourself`, `ask_your_admin`; 409 `confirmation_changed`,
    `not_set_up_yet`."""
    await confirmations.confirm(write, account_id, data.changes)
    return await _out(write)


@post("/api/confirmations/{account_id:uuid}/freeze", permission=Permission.STAFF_CONFIRM, status_code=200)
async def freeze_colleague(write: WriteSession, account_id: UUID) -> list[ConfirmationOut]:
    """The change is wrong: nobody signs in with the account any more. 403 as for confirming."""
    await confirmations.require_may_judge(write, account_id)
    await freezing.freeze(write, (await people.held(write, account_id)).account)
    return await _out(write)


@post("/api/clinics/{slug:str}/freeze/open", permission=PUBLIC, status_code=200)
async def open_freeze_link(write: WriteSession, slug: str, data: LinkToken) -> FreezeOut:
    """Whose account a link freezes, without using it. 409 `link_over`."""
    await clinics.enter(write, slug)
    account = await freezing.opened(write, data.token)
    return FreezeOut(account.name)


@post("/api/clinics/{slug:str}/freeze", permission=PUBLIC, status_code=204)
async def freeze_by_link(write: WriteSession, slug: str, data: LinkToken) -> None:
    """Freeze the account of the link, once. 409 `link_over`."""
    await clinics.enter(write, slug)
    await freezing.use_link(write, data.token)


async def _out(read: ReadSession) -> list[ConfirmationOut]:
    waiting = await confirmations.everybody(read)
    names = await names_of(read, {row.made_by for each in waiting for row in each.changes})
    return [_waiting(each, names) for each in waiting]


def _waiting(waiting: Waiting, names: dict[UUID, str]) -> ConfirmationOut:
    account, staff = waiting.account, waiting.staff
    return ConfirmationOut(
        account_id=account.id,
        name=account.name,
        credentials=staff.credentials or "",
        email=account.email or "",
        roles=account.roles,
        npi=staff.npi or "",
        dea=staff.dea or "",
        licences=staff.licences,
        changes=[
            ChangeOut(row.id, row.change, names.get(row.made_by, ""), row.created_at, row.was, row.becomes)
            for row in waiting.changes
        ],
        set_up=waiting.set_up,
        frozen=staff.frozen_at is not None,
        refusal=waiting.refusal,
    )
