"""Says how each of the demo's people signs in, with the codes that are good right now."""

from dataclasses import dataclass

from sqlalchemy import select, text

from app.demo.people import PASSWORD, SLUG, STAFF, patients
from core.actor import system_actor
from core.config import Settings
from core.db import ReadSession, open_unit
from core.services import open_services
from identity.models import Account, Authenticator
from identity.second_factor import secret_context
from identity.totp import unused_code

_CLINIC = text("SELECT id FROM clinic WHERE slug = :slug")
_SHOWN_PATIENTS = 2


@dataclass(frozen=True, slots=True)
class SignIn:
    """One member of staff: their six digits change every half minute and are good once.

    `good_in` is in seconds: more than 0 when the codes up to now have been used.
    """

    name: str
    role: str
    email: str
    code: str
    good_in: int


async def sign_ins(read: ReadSession) -> list[SignIn]:
    """The demo's staff with the authenticator codes to use next. The read session stands in the demo's clinic."""
    rows = await read.execute(
        select(Account.id, Account.email, Authenticator.secret, Authenticator.last_step).join(
            Authenticator, Authenticator.account_id == Account.id
        )
    )
    codes = {}
    for account_id, email, sealed, last_step in rows.all():
        if sealed is None or email is None:
            continue
        secret = read.services.keyring.open(sealed, secret_context(account_id)).decode()
        codes[email] = unused_code(secret, after=last_step, at=read.now())
    return [
        SignIn(person.name, person.roles[0], person.email, *codes[person.email])
        for person in STAFF
        if person.email in codes
    ]


async def welcome(settings: Settings) -> str:
    """The lines that `carethread run` ends with; empty if there is no demo clinic."""
    base = settings.public_url.rstrip("/")
    async with open_services(settings) as services:
        async with services.system.connect() as connection:
            clinic_id = await connection.scalar(_CLINIC, {"slug": SLUG})
        if clinic_id is None:
            return f"Carethread is at {base}"
        async with open_unit(services, system_actor(clinic_id)) as unit:
            staff = await sign_ins(unit.read)
    lines = [
        "",
        f"  Patients start here   {base}/c/{SLUG}",
        f"  Staff sign in here    {base}/c/{SLUG}/staff",
        f"  Codes and messages    {base}/demo/outbox   (what would go out by SMS and e-mail)",
        "",
        "  Staff: password for all of them:  " + PASSWORD,
        *(f"    {each.role:<12} {each.email:<30} code now {each.code}" for each in staff),
        "    (codes change every 30 seconds; the current ones stand on the outbox page)",
        "",
        "  Patients: a telephone number, then the code from the outbox page:",
        *(
            f"    {person.given} {person.family:<12} {person.phone}   {'Spanish' if person.language == 'es' else ''}"
            for person in patients()[:_SHOWN_PATIENTS]
        ),
        "",
    ]
    return "\n".join(line.rstrip() for line in lines)
