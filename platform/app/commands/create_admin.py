"""`carethread create-admin`: a clinic's first administrator, and the clinic itself if it is new."""

import os
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.home import Home
from app.process.processes import DEFAULT_PORT
from app.process.progress import SetupError
from core.actor import Role
from core.config import Settings
from core.database.engine import make_engine
from core.database.session import WriteSession, system_unit
from core.errors import Invalid
from core.ids import new_id
from core.services import open_services
from identity.codes import deliveries
from identity.models import Clinic, Invite
from identity.person.name import Name
from identity.staff import people


@dataclass(frozen=True)
class Admin:
    """Who is to administer which clinic; `clinic_name` and `time_zone` are for a clinic that is new."""

    slug: str
    clinic_name: str
    time_zone: str
    name: Name
    email: str


def served_at(home: Home, port: int | None) -> str:
    """The clinic's address in the browser: what is set, or what `carethread run` serves, or last served."""
    set_address = os.environ.get("CARETHREAD_PUBLIC_URL")
    if set_address:
        return set_address
    if port is None and home.address.exists():
        return home.address.read_text().strip()
    return f"http://localhost:{port or DEFAULT_PORT}"


async def create_admin(settings: Settings, admin: Admin) -> str:
    """Invite the administrator; the link by which they set a password. Raises SetupError."""
    clinic_id = await _clinic(settings, admin)
    async with open_services(settings) as services, system_unit(services, clinic_id) as unit:
        form = people.Form(name=admin.name, email=admin.email, roles=[Role.ADMIN])
        try:
            person = await people.invite(unit.write, form)
        except Invalid as invalid:
            problems = ", ".join(sorted({problem.code for problem in invalid.fields}))
            raise SetupError(f"{admin.email} cannot be invited to {admin.slug}: {problems}.") from invalid
        return await _link(unit.write, person.account.id)


async def _link(write: WriteSession, account_id: UUID) -> str:
    """The invitation's link, taken instead of sent: the clinic may have no e-mail yet."""
    invite_id = await write.scalar(select(Invite.id).where(Invite.account_id == account_id))
    delivery = await deliveries.take_invite(write, invite_id)
    assert delivery is not None  # noqa: S101 - it was made in this transaction
    return delivery.link


async def _clinic(settings: Settings, admin: Admin) -> UUID:
    """The clinic's id. Clinics are made by the database's owner: the application itself cannot."""
    engine = make_engine(settings.owner_database_url, settings)
    try:
        async with AsyncSession(engine) as session, session.begin():
            found = await session.scalar(select(Clinic.id).where(Clinic.slug == admin.slug))
            if found is not None:
                return found
            if not admin.clinic_name:
                raise SetupError(f"There is no clinic {admin.slug}: give --clinic-name to make it.")
            clinic_id = new_id()
            session.add(
                Clinic(
                    id=clinic_id,
                    slug=admin.slug,
                    name=admin.clinic_name,
                    time_zone=admin.time_zone,
                    languages=["en", "es"],
                )
            )
            return clinic_id
    finally:
        await engine.dispose()
