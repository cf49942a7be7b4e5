"""An upgrade of a clinic with many patients: rows are filled some at a time, and nobody waits for all of them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.home import Home
from app.process.roles import ensure_roles
from app.process.servers import Servers
from core.config import Settings
from core.database.engine import make_engine
from core.database.migrate import current, migrate
from core.migrations import head
from core.migrations.helpers import BATCH
from tests.chart.record.test_earlier_entries import upgraded
from tests.patience import PATIENCE

# The whole chain of migrations is run for it.
pytestmark = pytest.mark.whole

BEFORE = "0048_restricted_charts"
PEOPLE = 3 * BATCH

CLINIC = """
INSERT INTO clinic (id, slug, name, time_zone) VALUES (md5('clinic')::uuid, 'earlier', 'Earlier', 'America/New_York');
INSERT INTO account (id, clinic_id, name, roles, email)
VALUES (md5('clinician')::uuid, md5('clinic')::uuid, 'Amara Okafor', '{clinician}', 'amara@example.org');
INSERT INTO account (id, clinic_id, name, roles, email)
SELECT md5('account' || n)::uuid, md5('clinic')::uuid, 'Ana ' || n, '{patient}', 'ana' || n || '@example.org'
  FROM generate_series(1, :people) AS n;
INSERT INTO patient (id, clinic_id, account_id, family, given, birth_date, sex, mrn, address)
SELECT md5('patient' || n)::uuid, md5('clinic')::uuid, md5('account' || n)::uuid, 'L' || n, 'Ana', '1988-02-29',
       CASE WHEN n % 2 = 0 THEN 'female' ELSE 'other' END, 'M' || n, jsonb_build_object('text', n || ' Elm St, Albany')
  FROM generate_series(1, :people) AS n;
INSERT INTO auth_session (id, clinic_id, account_id, token_hash, method, device, idle, last_seen_at, expires_at)
SELECT md5('session' || n)::uuid, md5('clinic')::uuid, md5('account' || n)::uuid, sha256(n::text::bytea), 'code', '',
       interval '1 hour', now(), now() + interval '1 day'
  FROM generate_series(1, :people) AS n;
INSERT INTO slot (id, clinic_id, clinician_id, starts_at, ends_at)
SELECT md5('slot' || n)::uuid, md5('clinic')::uuid, md5('clinician')::uuid,
       timestamptz '2026-01-01' + n * interval '20 minutes', timestamptz '2026-01-01' + (n + 1) * interval '20 minutes'
  FROM generate_series(1, :people) AS n;
INSERT INTO visit (id, clinic_id, patient_id, slot_id, kind, reason_code, status, requested_at, finished_at)
SELECT md5('visit' || n)::uuid, md5('clinic')::uuid, md5('patient' || n)::uuid, md5('slot' || n)::uuid, 'booked',
       'cough', CASE WHEN n % 2 = 0 THEN 'finished' ELSE 'intake' END, '2026-01-01',
       CASE WHEN n % 2 = 0 THEN now() END
  FROM generate_series(1, :people) AS n;
INSERT INTO visit_step (clinic_id, visit_id, kind, at)
SELECT clinic_id, id, 'visit.requested', requested_at FROM visit
"""

FILLED = {
    "0049_person_facts": ("0049_person_facts_filled", "patient"),
    "0051_appointments": ("0051_appointments_filled", "visit"),
    "0052_related_persons": ("0052_related_persons_filled", "patient"),
    "0054_sex_and_gender": ("0054_sex_and_gender_filled", "patient"),
    "0062_visits_at_location": ("0063_locations_filled", "visit"),
}
"""After which revision which fills rows, and a table of which it wants each row, if only to name it."""

TOUCHED = {"patient": "sex = 'female'", "visit": "status = 'finished'"}
"""The half of the rows that each of them has something to do with."""

MILD = {"AccessShareLock", "RowShareLock", "RowExclusiveLock"}
"""Locks of a table under which everybody reads and writes it."""

WAITS = text("""
    SELECT held.relation::regclass::text, held.mode FROM pg_locks held
     WHERE held.locktype = 'relation' AND held.granted
       AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND held.pid IN (SELECT pid FROM pg_locks WHERE NOT granted)
""")
"""The tables that somebody has locked who waits for a row."""

RESULT = """
SELECT (SELECT count(*) FROM patient WHERE address @> '{"city": "", "country": "US"}'
           AND address -> 'line' ->> 0 LIKE '% Elm St, Albany'),
       (SELECT count(*) FROM appointment a JOIN appointment_step s ON s.appointment_id = a.id AND s.kind = 'booked'
         WHERE a.status = 'booked'),
       (SELECT count(*) FROM appointment WHERE status = 'fulfilled'),
       (SELECT count(*) FROM related_person r JOIN patient p ON p.id = r.patient_id AND p.account_id = r.account_id
         WHERE r.relationship = 'ONESELF'),
       (SELECT count(*) FROM auth_session s JOIN patient p ON p.id = s.patient_id AND p.account_id = s.account_id),
       (SELECT count(*) FROM patient WHERE clinical_sex = 'female'),
       (SELECT count(*) FROM patient WHERE clinical_sex = 'unknown')
"""


@pytest.fixture
async def earlier(settings: Settings, home: Home) -> AsyncIterator[AsyncEngine]:
    """A clinic of the earlier version, with more people than are filled at a time, each signed in, with a visit."""
    urls = [settings.owner_database_url, settings.database_url, settings.system_database_url]
    owner, app, system = (urlsplit(url)._replace(path="/earlier_filling").geturl() for url in urls)
    await ensure_roles(Servers(home).admin_url() or settings.owner_database_url, owner, app, system)
    engine = make_engine(owner, settings)
    async with engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
        await connection.execute(text("GRANT USAGE ON SCHEMA public TO PUBLIC"))
    async with engine.connect() as connection:
        await upgraded(connection, BEFORE)
        for statement in CLINIC.split(";\n"):
            await connection.execute(text(statement), {"people": PEOPLE} if ":people" in statement else {})
        await connection.commit()
    yield engine
    await engine.dispose()


async def rows_locked(connection: AsyncConnection, table: str) -> int:
    """How many rows of a table nobody else may change now."""
    found = await connection.execute(text(f"SELECT id FROM {table} FOR NO KEY UPDATE SKIP LOCKED"))  # noqa: S608
    free = len(found.all())
    await connection.rollback()
    return PEOPLE - free


async def test_nobody_waits_for_more_than_a_batch(earlier: AsyncEngine) -> None:
    async with earlier.connect() as migrating, earlier.connect() as working, earlier.connect() as looking:
        for revision, (filling, table) in FILLED.items():
            await upgraded(migrating, revision)
            # Somebody works at a row in the second batch, and the upgrade waits for them in the middle of its work.
            which = text(
                f"SELECT id FROM {table} WHERE {TOUCHED[table]} ORDER BY id OFFSET {BATCH // 2 + 50} LIMIT 1"  # noqa: S608
            )
            row_id = await working.scalar(which)
            await working.execute(text(f"SELECT 1 FROM {table} WHERE id = :id FOR UPDATE"), {"id": row_id})  # noqa: S608
            upgrade = asyncio.create_task(upgraded(migrating, filling))
            locks = await locks_of_who_waits(looking, upgrade)
            assert {mode for _, mode in locks} <= MILD, f"{filling}: {locks}"
            assert await rows_locked(looking, table) <= BATCH, filling
            await working.rollback()
            await upgrade
        await upgraded(migrating, head())
        half = PEOPLE // 2
        row = (await looking.execute(text(RESULT))).one()
        assert tuple(row) == (PEOPLE, half, half, PEOPLE, PEOPLE, half, half)
        left = await looking.scalars(
            text("SELECT relname FROM pg_class WHERE relname LIKE 'unfilled%' AND relkind = 'r'")
        )
        assert left.all() == []


async def test_each_revision_is_committed_by_itself(earlier: AsyncEngine) -> None:
    """What holds up one of them does not keep the locks of those before it."""
    async with earlier.connect() as working, earlier.connect() as looking:
        await working.execute(text("SELECT id FROM patient ORDER BY id LIMIT 1 FOR UPDATE"))
        upgrade = asyncio.create_task(migrate(earlier.url.render_as_string(hide_password=False)))
        locks = await locks_of_who_waits(looking, upgrade)
        assert {mode for _, mode in locks} <= MILD, locks
        assert await current(looking) == "0049_person_facts"
        await looking.rollback()
        await working.rollback()
        assert await upgrade == head()


async def test_a_row_that_is_held_for_long_holds_up_the_upgrade_and_does_not_end_it(
    earlier: AsyncEngine,
) -> None:
    """It gives the rows of its batch back, time and again, and goes on once it can have them all."""
    tries = text("SELECT min(query_start) FROM pg_stat_activity JOIN pg_locks USING (pid) WHERE NOT granted")
    async with earlier.connect() as migrating, earlier.connect() as working, earlier.connect() as looking:
        await upgraded(migrating, "0049_person_facts")
        await working.execute(text("SELECT id FROM patient ORDER BY id LIMIT 1 FOR UPDATE"))
        upgrade = asyncio.create_task(upgraded(migrating, "0049_person_facts_filled"))
        seen: set[object] = set()
        async with asyncio.timeout(PATIENCE):
            while len(seen) < 3:
                seen |= {await looking.scalar(tries)} - {None}
                await looking.rollback()
        await working.rollback()
        await upgrade
        assert await current(looking) == "0049_person_facts_filled"


async def locks_of_who_waits(looking: AsyncConnection, upgrade: asyncio.Task[Any]) -> list[tuple[str, str]]:
    async with asyncio.timeout(PATIENCE):
        while not upgrade.done():
            rows = [(row[0], row[1]) for row in await looking.execute(WAITS)]
            await looking.rollback()
            if rows:
                return rows
    await upgrade
    raise AssertionError("it never came to the row that is held")


async def test_an_upgrade_that_was_interrupted_goes_on(earlier: AsyncEngine) -> None:
    """Half of the patients are filled already: the others follow, and nobody acts for themselves twice."""
    async with earlier.connect() as connection:
        await upgraded(connection, "0052_related_persons")
        await connection.execute(
            text(
                "INSERT INTO related_person (id, clinic_id, created_at, patient_id, account_id, name, relationship, "
                "scope, starts_at, verified_at) SELECT gen_random_uuid(), clinic_id, now(), id, account_id, 'A', "
                "'ONESELF', 'full', now(), now() FROM patient ORDER BY id LIMIT 700"
            )
        )
        await connection.commit()
        await upgraded(connection, head())
        count = await connection.scalar(text("SELECT count(*) FROM related_person"))
        assert count == PEOPLE


async def test_what_was_filled_by_one_revision_stays_as_people_have_left_it(earlier: AsyncEngine) -> None:
    """Where these revisions were installed as one each, what was recorded since is nobody's to fill."""
    since = """
        UPDATE patient SET clinical_sex = 'unknown', address = '{"line": [], "city": "Quito"}';
        UPDATE auth_session SET patient_id = NULL;
        DELETE FROM appointment_step; DELETE FROM appointment; DELETE FROM related_person
    """
    told = text(
        "SELECT (SELECT count(*) FROM patient WHERE clinical_sex = 'unknown' AND NOT address ? 'country'), "
        "(SELECT count(*) FROM auth_session WHERE patient_id IS NULL), "
        "(SELECT count(*) FROM appointment), (SELECT count(*) FROM related_person)"
    )
    async with earlier.connect() as connection:
        await upgraded(connection, head())
        for statement in since.split(";"):
            await connection.execute(text(statement))
        for installed in FILLED:
            await connection.execute(
                text("UPDATE alembic_version SET version_num = :installed"), {"installed": installed}
            )
            await connection.commit()
            await upgraded(connection, FILLED[installed][0])
        assert tuple((await connection.execute(told)).one()) == (PEOPLE, PEOPLE, 0, 0)
