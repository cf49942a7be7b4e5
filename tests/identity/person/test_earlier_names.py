"""Names of an earlier version, after the upgrade: nothing is lost, and guesses are marked."""

from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from app.home import Home
from app.process.roles import ensure_roles
from app.process.servers import Servers
from core.config import Settings
from core.database.engine import make_engine
from core.ids import new_id
from identity.models import Patient
from identity.person.name import PARTS, shown
from tests.chart.record.test_earlier_entries import upgraded

BEFORE, AFTER = "0045_record_search", "0046_name_parts"
# The whole chain of migrations is run for it.
pytestmark = pytest.mark.whole

STAFF = {
    "Dana Reyes": ("", "Dana", "Reyes", "", False),
    "Cher": ("", "", "Cher", "", False),
    "Dr. Amara Okafor": ("Dr.", "Amara", "Okafor", "", False),
    "Dr. Ana Ruiz Soto, MD": ("Dr.", "Ana Ruiz", "Soto", "MD", True),
    "Juan de la Cruz": ("", "Juan de la", "Cruz", "", True),
    ", MD": ("", "", ", MD", "", True),
}


async def test_staff_have_their_names_in_parts_and_patients_keep_theirs(
    settings: Settings, home: Home
) -> None:
    urls = [settings.owner_database_url, settings.database_url, settings.system_database_url]
    owner, app, system = (urlsplit(url)._replace(path="/earlier_names").geturl() for url in urls)
    await ensure_roles(Servers(home).admin_url() or settings.owner_database_url, owner, app, system)
    engine = make_engine(owner, settings)
    try:
        async with engine.connect() as connection:
            await upgraded(connection, BEFORE)
            clinic, patient = new_id(), new_id()
            await connection.execute(
                text(
                    "INSERT INTO clinic (id, slug, name, time_zone, languages, demo) "
                    "VALUES (:id, 'earlier', 'Earlier', 'America/New_York', '{en,es}', true)"
                ),
                {"id": clinic},
            )
            await connection.execute(
                text(
                    "INSERT INTO patient (id, clinic_id, family, given, birth_date, mrn) "
                    "VALUES (:id, :clinic, 'López Vega', 'María José', '1988-02-29', 'M1')"
                ),
                {"id": patient, "clinic": clinic},
            )
            for number, name in enumerate(STAFF):
                values = {"id": new_id(), "clinic": clinic, "name": name, "email": f"{number}@x.example"}
                await connection.execute(
                    text(
                        "INSERT INTO account (id, clinic_id, name, email, roles, locale, status) "
                        "VALUES (:id, :clinic, :name, :email, '{clinician}', 'en', 'active')"
                    ),
                    values,
                )
                await connection.execute(
                    text("INSERT INTO staff (account_id, clinic_id, licences) VALUES (:id, :clinic, '{}')"),
                    {"id": values["id"], "clinic": clinic},
                )
            await connection.commit()
            await upgraded(connection, AFTER)
            rows = await connection.execute(
                text(
                    "SELECT a.name, s.prefix, s.given, s.family, s.suffix, s.name_guessed "
                    "FROM staff s JOIN account a ON a.id = s.account_id"
                )
            )
            assert {row[0]: tuple(row[1:]) for row in rows} == STAFF
            kept = (
                await connection.execute(text("SELECT * FROM patient WHERE id = :id"), {"id": patient})
            ).one()
            row = Patient(**{part: getattr(kept, part) for part in PARTS})
            assert (row.given, row.family, shown(row.name)) == (
                "María José",
                "López Vega",
                "María José López Vega",
            )
            assert kept.search_key.startswith("mariajoselopezvega")
    finally:
        await engine.dispose()
