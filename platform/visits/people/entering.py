"""Coming in by a guest's link: one link is one person in one browser.

A browser that opens a link gets a secret of its own, in a cookie that no page can read. The first to come in by a link
binds it to that secret: the same browser may come in again (a reload, a reply that was lost, another tab), any other is
told that the link was used.
"""

from sqlalchemy import select

from core.actor import Role
from core.database.session import WriteSession
from core.errors import Conflict, Invalid
from core.ids import new_id
from identity.clinic import clinics
from identity.domain import AccountStatus, Method
from identity.limits import GUEST_LINKS_FROM_ADDRESS, Limiter
from identity.models import Account
from identity.sessions import service as sessions
from identity.sessions.service import Browser, NewSession
from identity.sessions.tokens import digest, same
from visits.domain import OPEN_STATUSES
from visits.models import Visit
from visits.people import repository
from visits.people.access import held_visit
from visits.people.domain import LIVING, GuestStatus, plain_name
from visits.people.models import VisitGuest
from visits.people.schemas import EnterByLink, GuestLinkOut, OpenLink
from visits.people.service import announce_guest


async def look(write: WriteSession, data: OpenLink, secret: str, address: str) -> GuestLinkOut:
    """What a link leads to, without using it. Raises TooMany, and Conflict as `enter` does."""
    await Limiter(write.services).spend(GUEST_LINKS_FROM_ADDRESS, write.clinic_id, address)
    guest, _ = await _usable(write, data, secret)
    clinic = await clinics.current(write)
    return GuestLinkOut(
        clinic=clinic.name,
        invited_by=await repository.name_of_account(write, guest.invited_by) or "",
        kind=guest.kind,
        name=guest.name,
        language=guest.language,
        entered=guest.account_id is not None,
    )


async def enter(write: WriteSession, data: EnterByLink, secret: str, browser: Browser) -> NewSession:
    """Come in by a link, or come in again by the same browser: a session that is good for this visit alone.

    Raises TooMany, Invalid for `name` and `agrees`, Conflict `guest_link_wrong`, `guest_link_used`,
    `guest_link_expired`, `guest_link_over` (`status`: what became of the invitation).
    """
    await Limiter(write.services).spend(GUEST_LINKS_FROM_ADDRESS, write.clinic_id, browser.address)
    guest, visit = await _usable(write, data, secret)
    if guest.account_id is not None:
        account: Account = await write.one_or_none(select(Account).where(Account.id == guest.account_id))
        return await sessions.begin(write, account, Method.LINK, browser)
    name = plain_name(data.name)
    if missing := [field for field, given in (("name", name), ("agrees", data.agrees)) if not given]:
        raise Invalid(dict.fromkeys(missing, "required"))
    begun = await _first_time(write, guest, name, browser)
    guest.browser_hash = digest(secret)
    await announce_guest(write, visit, guest, "guest.entered")
    return begun


async def _first_time(write: WriteSession, guest: VisitGuest, name: str, browser: Browser) -> NewSession:
    account = Account(
        id=new_id(),
        name=name,
        roles=[str(Role.GUEST)],
        locale=guest.language,
        status=AccountStatus.ACTIVE,
    )
    write.add(account)
    await write.flush()
    guest.move(GuestStatus.WAITING)
    guest.account_id, guest.name, guest.entered_at = account.id, name, write.now()
    guest.sealed = None
    return await sessions.begin(write, account, Method.LINK, browser)


async def _usable(write: WriteSession, data: OpenLink, secret: str) -> tuple[VisitGuest, Visit]:
    """The guest whose link this is, with the visit, both locked."""
    found = await repository.by_token(write, digest(data.token))
    if found is None:
        raise Conflict("guest_link_wrong")
    visit = await held_visit(write, found.visit_id)
    await write.refresh(found)
    if found.browser_hash is not None and not same(found.browser_hash, digest(secret)):
        raise Conflict("guest_link_used")
    if found.status not in LIVING:
        raise Conflict("guest_link_over", status=found.status.value)
    if visit.status not in OPEN_STATUSES:
        raise Conflict("guest_link_over", status=GuestStatus.VISIT_OVER.value)
    if found.account_id is None and found.expires_at <= write.now():
        raise Conflict("guest_link_expired")
    return found, visit
