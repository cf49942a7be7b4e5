"""What the application's role may do to which table: whatever goes wrong in it, this is the most that is lost."""

import pytest
from sqlalchemy import text

from core.services import Services

_MAY = text("""
    SELECT c.relname FROM pg_class c
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
       AND has_table_privilege(current_user, c.oid, :privilege)
""")
_ANY_COLUMN = text("""
    SELECT c.relname FROM pg_class c
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
       AND has_any_column_privilege(current_user, c.oid, 'UPDATE')
""")

FORGOTTEN = {
    # what proves who somebody is, for as long as it does
    "auth_session", "authenticator", "challenge", "credential", "freeze_link", "invite", "one_time_code", "password",
    "recovery_code",
    "security_event", "trusted_device",
    # what is written anew, or was delivered
    "availability_exception",
    "chart_summary", "holiday", "idempotency_key", "inbox", "live_event", "outbox", "refusal_window", "working_hours",
}  # fmt: skip
SAID_FOR_GOOD = {
    "appointment_step",
    "audit_event", "call_drop", "call_failure", "call_sample", "visit_check",
    "consent_record", "consent_text", "message", "note_addendum", "note_version", "outreach",
    "patient_account_change", "plan_item", "record_history", "script_message", "visit_step",
}  # fmt: skip


async def named(services: Services, privilege: str) -> set[str]:
    async with services.engine.connect() as connection:
        return set(await connection.scalars(_MAY, {"privilege": privilege}))


async def test_only_what_is_meant_to_be_forgotten_can_be_deleted(services: Services) -> None:
    assert await named(services, "DELETE") == FORGOTTEN
    assert await named(services, "TRUNCATE") == set()


async def test_what_was_said_stays_said(services: Services) -> None:
    async with services.engine.connect() as connection:
        changeable = set(await connection.scalars(_ANY_COLUMN))
    assert SAID_FOR_GOOD & changeable == set()


@pytest.mark.parametrize("privilege", ["INSERT", "DELETE", "UPDATE"])
async def test_a_clinic_is_made_renamed_in_addresses_and_removed_by_the_owner_alone(
    services: Services, privilege: str
) -> None:
    assert "clinic" not in await named(services, privilege)
    slug = text("SELECT has_column_privilege(current_user, 'clinic', 'slug', 'UPDATE')")
    async with services.engine.connect() as connection:
        assert await connection.scalar(slug) is False


async def test_every_table_of_a_clinic_is_under_row_level_security(services: Services) -> None:
    unguarded = text("""
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'clinic_id'
         WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
           AND (NOT c.relrowsecurity OR NOT EXISTS (
               SELECT FROM pg_policy p WHERE p.polrelid = c.oid
                  AND pg_get_expr(p.polqual, p.polrelid) = '(clinic_id = current_clinic())'
                  AND pg_get_expr(p.polwithcheck, p.polrelid) = '(clinic_id = current_clinic())'))
    """)
    async with services.engine.connect() as connection:
        assert set(await connection.scalars(unguarded)) == set()


async def test_a_row_refers_only_to_rows_of_its_own_clinic(services: Services) -> None:
    """Foreign keys are checked around row-level security, so each between two tables of clinics names the clinic."""
    across = text("""
        SELECT k.conrelid::regclass || ' ' || pg_get_constraintdef(k.oid) FROM pg_constraint k
          JOIN pg_attribute here ON here.attrelid = k.conrelid AND here.attname = 'clinic_id'
          JOIN pg_attribute there ON there.attrelid = k.confrelid AND there.attname = 'clinic_id'
         WHERE k.contype = 'f' AND NOT EXISTS (
               SELECT FROM unnest(k.conkey, k.confkey) AS pair (own, other)
                WHERE pair.own = here.attnum AND pair.other = there.attnum)
    """)
    async with services.engine.connect() as connection:
        assert set(await connection.scalars(across)) == set()
