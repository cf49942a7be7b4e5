"""Codes, invitations and resets that are waiting to be sent; the messaging slice sends them.

An invitation is sealed until it is taken, and deleted here once the transaction that took it is committed. A code
stays sealed as long as it may be asked for again.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select

from core.database.session import WriteSession
from identity.clinic import clinics
from identity.codes.service import Secrets
from identity.models import Account, Invite, OneTimeCode
from identity.person.contacts import Channel
from identity.sessions.tokens import code_context, invite_context


@dataclass(frozen=True)
class Delivery:
    """One message: `kind` is `code`, `invite` or `reset`, `to` an E.164 number or an e-mail address.

    `link` carries its secret after the `#`, so that no server, log or Referer sees it. `name` is empty for codes,
    which must not tell whether anyone is known by the contact.
    """

    kind: str
    channel: Channel
    to: str
    locale: str
    clinic_name: str
    name: str
    code: str | None
    link: str
    expires_at: datetime


async def take_code(write: WriteSession, code_id: UUID) -> Delivery | None:
    """The code to send; None when it was used, voided, or is too old to be of use. It stays sealed until then."""
    row: OneTimeCode | None = await write.one_or_none(
        select(OneTimeCode).where(OneTimeCode.id == code_id).with_for_update()
    )
    if row is None or row.sealed is None or row.used_at or row.voided_at or row.expires_at <= write.now():
        return None
    opened = write.services.keyring.open(row.sealed, code_context(row.id))
    found = msgspec.json.decode(opened, type=Secrets)
    clinic = await clinics.current(write)
    return Delivery(
        kind="code",
        channel=Channel(row.channel),
        to=row.contact,
        locale=row.locale,
        clinic_name=clinic.name,
        name="",
        code=found.code,
        link=_link(write, clinic.slug, "link", found.link),
        expires_at=row.expires_at,
    )


async def take_invite(write: WriteSession, invite_id: UUID) -> Delivery | None:
    """The invitation or password reset to send, once; None when there is nothing to send any more."""
    row: Invite | None = await write.one_or_none(
        select(Invite).where(Invite.id == invite_id).with_for_update()
    )
    if row is None or row.sealed is None or row.used_at or row.voided_at or row.expires_at <= write.now():
        return None
    token = write.services.keyring.open(row.sealed, invite_context(row.id)).decode()
    row.sealed = None
    account: Account = await write.one_or_none(select(Account).where(Account.id == row.account_id))
    clinic = await clinics.current(write)
    return Delivery(
        kind=row.purpose,
        channel=Channel.EMAIL,
        to=account.email or "",
        locale=account.locale,
        clinic_name=clinic.name,
        name=account.name,
        code=None,
        link=_link(write, clinic.slug, "invite", token),
        expires_at=row.expires_at,
    )


def _link(write: WriteSession, slug: str, page: str, secret: str) -> str:
    return f"{write.services.settings.public_url.rstrip('/')}/c/{slug}/{page}#{secret}"
