"""The backup's list of sealed columns against the tables and against the code that seals."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.backup.sealed import COLUMNS
from chart.prescribing.transmission import receiving
from core.audit import trail
from core.edge import idempotency
from core.ids import new_id
from identity.factors.second_factor import secret_context
from identity.sessions.tokens import code_context, invite_context
from messaging.notices import notify
from visits.people import links
from visits.phone import numbers

# Digests, keys that are public, signatures, and what is signed: bytes, and none of them sealed.
PLAIN = (
    "body browser_hash digest digests chain code_hash credential_id document link_hash public_key registration_hash "
    "sha256 signature token_hash webauthn"
).split()
ID, CLINIC, ACCOUNT = new_id(), new_id(), new_id()
SESSION = cast(Any, SimpleNamespace(clinic_id=CLINIC))
CONTEXTS = {
    "authenticator.secret": secret_context(ACCOUNT),
    "authenticator.pending": secret_context(ACCOUNT),
    "one_time_code.sealed": code_context(ID),
    "invite.sealed": invite_context(ID),
    "notification.sealed": notify._context(ID),
    "visit_guest.sealed": links.sealing_context(ID),
    "phone_leg.number": numbers._context(ID),
    "script_message.sealed": receiving._context(ID),
    "idempotency_key.sealed_body": idempotency._place_of({"clinic": CLINIC, "account": ACCOUNT, "key": "k"}),
    "audit_event.sought": trail._place(SESSION, "r"),
}


async def test_every_column_of_bytes_is_known_to_be_sealed_or_not(owner: AsyncEngine) -> None:
    async with owner.connect() as connection:
        rows = await connection.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns "
                "WHERE table_schema = 'public' AND data_type = 'bytea'"
            )
        )
    found = {(row.table_name, row.column_name) for row in rows if row.column_name not in PLAIN}

    assert found == {(table, column) for table, column, _ in COLUMNS}


@pytest.mark.parametrize(("table", "column", "context"), COLUMNS)
async def test_a_value_is_opened_with_the_context_it_was_sealed_with(
    owner: AsyncEngine, table: str, column: str, context: str
) -> None:
    ids = f"'{ID}'::uuid AS id, '{CLINIC}'::uuid AS clinic_id, '{ACCOUNT}'::uuid AS account_id"
    row = f"SELECT {ids}, 'k' AS key, 'r' AS request_id"
    async with owner.connect() as connection:
        # As it is: SQLAlchemy would read ':totp' as a parameter.
        told = (await connection.exec_driver_sql(f"SELECT {context} FROM ({row}) AS row")).scalar_one()  # noqa: S608

    assert told == CONTEXTS[f"{table}.{column}"]
