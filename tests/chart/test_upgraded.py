"""An upgrade of a clinic that has prepared summaries and summaries of visits: what is served then is right."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.asgi import build_app
from app.home import Home
from app.process.roles import ensure_roles
from app.process.servers import Servers
from app.tables import bring_up
from chart.domain import LOINC, Source
from chart.record.building import Asserter
from chart.record.index import index
from chart.record.store import stamped
from chart.record.types import condition, document_reference
from core import json
from core.actor import Role, system_actor
from core.config import Settings
from core.crypto import NoSigner
from core.database.engine import make_engine, no_engine
from core.database.session import open_unit
from core.ids import new_id
from core.services import Services, open_services
from tests.chart.record.test_earlier_entries import upgraded
from tests.conftest import new_browser
from tests.people import make_staff, session_for, sign_in

# The whole chain of migrations is run for each.
pytestmark = pytest.mark.whole

SEEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
PDF = b"%PDF-1.7 the summary as it was rendered"
# The content of a summary as every release so far has written it.
CONTENT: dict[str, Any] = {
    "language": "es",
    "labels": {"title": "Resumen de su visita"},
    "clinic": {"name": "Earlier", "phone": None, "emergency_number": "911"},
    "patient": {"name": "Maria Lopez"},
    "visit": {"when": "1 de marzo de 2026", "with": "Dr. Before"},
    "talked": ["Usted tosía."],
    "diagnoses": [{"name": "Resfriado", "official": "Acute nasopharyngitis"}],
    "medicines": [{"name": "Té", "how": "Una taza"}],
    "next": [{"title": "Llamada", "when": None, "detail": None}],
    "instructions": ["Descanse."],
    "help": ["Llame al 911."],
}
PULSE: dict[str, Any] = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"coding": [{"code": "local"}, {"system": LOINC, "code": "8867-4"}]},
    "effectiveDateTime": "2026-03-01",
    "valueQuantity": {"value": 71, "unit": "/min"},
}
# How each release says that what it prepared is current.
PREPARED = {
    # It goes by the stamp alone.
    "0033_verbatim": "UPDATE chart_summary SET body = :body, built = stamp",
    # It goes by the key, of its own shape.
    "0045_record_search": "UPDATE chart_summary SET body = :body, built = stamp, "
    "key = concat_ws(':', 'earlier', stamp, (SELECT stamp FROM chart_reference))",
}


@dataclass(frozen=True)
class Upgraded:
    """A clinic of an earlier release, brought to this one; a clinician's browser on it."""

    services: Services
    browser: httpx.AsyncClient
    clinic_id: UUID
    patient_id: UUID
    visit_id: UUID
    problem_id: UUID


class _Earlier:
    """Writes as the earlier release did."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.clinic, self.doctor, self.patient, self.visit = (new_id() for _ in range(4))
        self.note, self.blob = new_id(), new_id()

    async def run(self, statement: str, **values: Any) -> None:
        ids = {"clinic": self.clinic, "doctor": self.doctor, "patient": self.patient, "visit": self.visit}
        every = {**ids, "note": self.note, "blob": self.blob, "at": SEEN, **values}
        used = {name: value for name, value in every.items() if f":{name}" in statement}
        await self.connection.execute(text(statement), used)

    async def record(self, built: dict[str, Any]) -> UUID:
        record = new_id()
        resource = stamped(built, record, 1, self.patient, SEEN)
        columns = index(resource)
        encoded = json.encode(resource).decode()
        await self.run(
            "INSERT INTO record (id, clinic_id, patient_id, visit_id, resource_type, version, status, code, "
            "code_system, display, category, effective_at, source, updated_at, resource) VALUES (:record, :clinic, "
            ":patient, :visit, :kind, 1, :status, :code, :system, :display, :category, :at, 'clinician', :at, "
            "cast(:resource AS jsonb))",
            record=record,
            kind=resource["resourceType"],
            status=columns.status,
            code=columns.code,
            system=columns.code_system,
            display=columns.display,
            category=columns.category,
            resource=encoded,
        )
        await self.run(
            "INSERT INTO record_history (record_id, version, clinic_id, patient_id, source, at, resource) "
            "VALUES (:record, 1, :clinic, :patient, 'clinician', :at, cast(:resource AS jsonb))",
            record=record,
            resource=encoded,
        )
        return record

    async def clinic_with_a_visit(self) -> UUID:
        """A visit whose note is signed, its summary with its PDF; the problem that it found."""
        await self.run(
            "INSERT INTO clinic (id, slug, name, time_zone, languages, demo) "
            "VALUES (:clinic, 'earlier', 'Earlier', 'America/New_York', '{en,es}', true)"
        )
        await self.run(
            "INSERT INTO account (id, clinic_id, name, email, roles) "
            "VALUES (:doctor, :clinic, 'Dr. Before', 'before@x.example', '{clinician}')"
        )
        await self.run(
            "INSERT INTO patient (id, clinic_id, family, given, birth_date, mrn, language) "
            "VALUES (:patient, :clinic, 'Lopez', 'Maria', '1988-02-29', 'E1', 'es')"
        )
        await self.run(
            "INSERT INTO visit (id, clinic_id, patient_id, clinician_id, kind, reason_code, status, requested_at, "
            "intake_done_at, ready_at, queued_at, admitted_at, finished_at) "
            "VALUES (:visit, :clinic, :patient, :doctor, 'on_demand', 'cough', 'finished', :at, :at, :at, :at, "
            ":at, :at)"
        )
        await self.run(
            "INSERT INTO note (id, clinic_id, visit_id, patient_id, author_id, version, status, content, saved_at, "
            "saved_by, document, sha256, signed_at, signed_by, signature) "
            "VALUES (:note, :clinic, :visit, :patient, :doctor, 2, 'signed', '{}', :at, :doctor, "
            "'\\x7b7d', encode(sha256('\\x7b7d'), 'hex'), :at, :doctor, '\\x00')"
        )
        by = Asserter(Source.CLINICIAN, self.patient, self.doctor, SEEN)
        problem = await self.record(condition.build("Asthma", by, code="J45.909"))
        # The column held the first of several codes.
        measured = await self.record(PULSE)
        await self.run(
            "UPDATE record SET code = 'local', code_system = NULL WHERE id = :measured", measured=measured
        )
        url = f"/api/visits/{self.visit}/summary.pdf"
        document = document_reference.after_visit_summary("Resumen", url, "x", len(PDF), "es", by)
        await self.run(
            "INSERT INTO after_visit_summary (visit_id, clinic_id, patient_id, note_id, record_id, blob_id, content, "
            "made_at) VALUES (:visit, :clinic, :patient, :note, :record, :blob, cast(:content AS jsonb), :at)",
            record=await self.record(document),
            content=json.encode(CONTENT).decode(),
        )
        return problem


@pytest.fixture(scope="module", params=sorted(PREPARED))
async def clinic(request: pytest.FixtureRequest, settings: Settings, home: Home) -> AsyncIterator[Upgraded]:
    before = str(request.param)
    urls = [settings.owner_database_url, settings.database_url, settings.system_database_url]
    owner, app, system = (urlsplit(url)._replace(path=f"/upgraded{before[:4]}").geturl() for url in urls)
    await ensure_roles(Servers(home).admin_url() or settings.owner_database_url, owner, app, system)
    engine = make_engine(owner, settings)
    async with engine.connect() as connection:
        await upgraded(connection, before)
        earlier = _Earlier(connection)
        problem = await earlier.clinic_with_a_visit()
        await earlier.run(PREPARED[before], body=b'{"problems": "of the release before"}')
        await connection.commit()
    await engine.dispose()
    ours = msgspec.structs.replace(
        settings, owner_database_url=owner, database_url=app, system_database_url=system
    )
    async with open_services(ours) as services:
        await services.files.write(earlier.clinic, earlier.blob, PDF)
        await bring_up(owner)
        async with open_unit(services, system_actor(earlier.clinic)) as unit:
            token = await session_for(unit.write, await make_staff(unit.write, Role.CLINICIAN))
        api = build_app(replace(services, system=no_engine("none"), audit_signer=NoSigner("none")))
        async with new_browser(api) as browser:
            sign_in(browser, token)
            yield Upgraded(services, browser, earlier.clinic, earlier.patient, earlier.visit, problem)


async def test_no_summary_of_the_release_before_is_served_and_the_new_one_is_kept(clinic: Upgraded) -> None:
    path = f"/api/patients/{clinic.patient_id}/summary"
    for _ in range(2):
        shown = (await clinic.browser.get(path)).json()
        assert shown["patient"]["name"] == "Maria Lopez"
        assert [(each["display"], each["code"]) for each in shown["problems"]] == [("Asthma", "J45.909")]
        assert [each["clinician"] for each in shown["visits"]] == ["Dr. Before"]
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        kept = text("SELECT body FROM chart_summary WHERE patient_id = :id AND key IS NOT NULL")
        body = await unit.read.scalar(kept, {"id": clinic.patient_id})
    assert msgspec.json.decode(body)["problems"] == shown["problems"]


async def test_a_change_after_the_upgrade_shows_at_once(clinic: Upgraded) -> None:
    path = f"/api/patients/{clinic.patient_id}"
    assert (await clinic.browser.get(f"{path}/summary")).json()["problems"][0]["status"] == "active"
    changed = await clinic.browser.put(
        f"{path}/problems/{clinic.problem_id}", json={"active": False, "version": 1}
    )
    assert changed.status_code == 200, changed.text
    assert (await clinic.browser.get(f"{path}/summary")).json()["problems"][0]["status"] == "resolved"
    history = (await clinic.browser.get(f"{path}/records/{clinic.problem_id}/history")).json()
    assert [each["version"] for each in history] == [1, 2]
    assert history[1]["changes"][0]["after"]["words"]["en"] == "Resolved"


async def test_the_summary_of_a_visit_is_read_and_downloaded_as_it_was_made(clinic: Upgraded) -> None:
    path = f"/api/visits/{clinic.visit_id}/summary"
    assert (await clinic.browser.get(path)).json()["summary"] == CONTENT
    downloaded = await clinic.browser.get(f"{path}.pdf")
    assert (downloaded.status_code, downloaded.content) == (200, PDF)


async def test_a_measurement_that_has_another_code_first_has_its_trend(clinic: Upgraded) -> None:
    shown = (await clinic.browser.get(f"/api/patients/{clinic.patient_id}/summary")).json()
    assert [(each["code"], each["points"][0]["typed"]) for each in shown["vitals"]] == [("8867-4", "71")]


async def test_what_was_there_is_found_by_the_search_index(clinic: Upgraded) -> None:
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        hot = text("SELECT count(*) FROM record_token WHERE record_id = :id")
        assert await unit.read.scalar(hot, {"id": clinic.problem_id})
