"""What an earlier version wrote, after the upgrade: it belongs to its clinic's one location."""

from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from app.home import Home
from app.process.roles import ensure_roles
from app.process.servers import Servers
from core.config import Settings
from core.database.engine import make_engine
from core.ids import new_id
from tests.chart.record.test_earlier_entries import upgraded

BEFORE, AFTER = "0054_sex_and_gender_filled", "0063_locations_filled"
# The whole chain of migrations is run for it.
pytestmark = pytest.mark.whole

EARLIER = """
INSERT INTO clinic (id, slug, name, time_zone, languages)
VALUES (:clinic, :slug, 'Earlier', 'America/New_York', '{en}');
INSERT INTO account (id, clinic_id, name, email, roles, locale, status)
VALUES (:clinic, :clinic, 'Ruth Adler', :slug || '@clinic.example', '{clinician}', 'en', 'active');
INSERT INTO patient (id, clinic_id, family, birth_date, mrn)
VALUES (:clinic, :clinic, 'López', '1988-02-29', 'M1');
INSERT INTO working_hours (clinic_id, clinician_id, weekday, starts, ends, slot_minutes)
VALUES (:clinic, :clinic, 1, '09:00', '12:00', 20);
INSERT INTO availability_exception (clinic_id, clinician_id, kind, starts_at, ends_at, slot_minutes)
VALUES (:clinic, :clinic, 'extra', now(), now() + interval '1 hour', 20),
       (:clinic, :clinic, 'away', now(), now() + interval '1 hour', NULL);
INSERT INTO visit (clinic_id, patient_id, kind, reason_code, status, requested_at)
SELECT :clinic, :clinic, 'on_demand', 'rash', 'cancelled', now() FROM generate_series(1, 6000);
"""
AT = """
SELECT of.clinic_id, of.kind, of.location_id, l.clinic_id AS theirs FROM (
    SELECT clinic_id, 'visit' AS kind, location_id FROM visit
    UNION ALL SELECT clinic_id, 'hours', location_id FROM working_hours
    UNION ALL SELECT clinic_id, kind, location_id FROM availability_exception) AS of
  LEFT JOIN location l ON l.id = of.location_id
"""


async def test_what_there_was_belongs_to_the_one_location_of_its_clinic(
    settings: Settings, home: Home
) -> None:
    urls = [settings.owner_database_url, settings.database_url, settings.system_database_url]
    owner, app, system = (urlsplit(url)._replace(path="/earlier_visits").geturl() for url in urls)
    await ensure_roles(Servers(home).admin_url() or settings.owner_database_url, owner, app, system)
    engine = make_engine(owner, settings)
    try:
        async with engine.connect() as connection:
            await upgraded(connection, BEFORE)
            for slug in ("one", "two"):
                values = {"clinic": new_id(), "slug": slug}
                for statement in filter(str.strip, EARLIER.split(";")):
                    named = {name: value for name, value in values.items() if f":{name}" in statement}
                    await connection.execute(text(statement), named)
            await connection.commit()
            await upgraded(connection, AFTER)
            rows = (await connection.execute(text(AT))).all()
            assert len(rows) == 2 * (6000 + 3)
            assert all(row.clinic_id == row.theirs for row in rows if row.kind != "away")
            assert all(row.location_id is None for row in rows if row.kind == "away")
    finally:
        await engine.dispose()
