"""`carethread confirm-staff`: the operator as the second person, where a clinic has nobody else."""

from sqlalchemy import text

from app.process.progress import SetupError
from core.config import Settings
from core.database.session import operator_unit
from core.errors import NotFound
from core.services import open_services
from identity.staff import confirmations

_FOUND = text(
    "SELECT c.id AS clinic_id, a.id AS account_id FROM clinic c "
    "LEFT JOIN account a ON a.clinic_id = c.id AND a.email = :email AND a.roles <@ '{clinician,coordinator,admin}' "
    "WHERE c.slug = :slug"
)


async def confirm_staff(settings: Settings, slug: str, email: str) -> list[str]:
    """Confirm all changes that wait of somebody; which those were. Raises SetupError."""
    async with open_services(settings) as services:
        async with services.system.connect() as connection:
            found = (
                await connection.execute(_FOUND, {"slug": slug, "email": email.strip().lower()})
            ).one_or_none()
        if found is None:
            raise SetupError(f"There is no clinic {slug}.")
        if found.account_id is None:
            raise SetupError(f"Nobody on the staff of {slug} has the address {email}.")
        async with operator_unit(services, found.clinic_id) as unit:
            try:
                return await confirmations.confirm_as_operator(unit.write, found.account_id)
            except NotFound:
                raise SetupError(f"Nothing waits to be confirmed of {email}.") from None
