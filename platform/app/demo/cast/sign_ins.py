"""How each of the demo's staff signs in, with the codes that are good right now."""

from dataclasses import dataclass

from sqlalchemy import select

from app.demo.cast.people import STAFF
from core.database.session import ReadSession
from identity.factors.second_factor import secret_context
from identity.factors.totp import unused_code
from identity.models import Account, Authenticator


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
