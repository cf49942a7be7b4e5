"""An administrator's home: people, the clinic's settings, the audit."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import Parameter

from core.database.session import ReadSession, WriteSession
from core.edge.versions import IfMatch, tagged
from core.edge.web import get, post, put
from core.errors import Invalid
from identity.admin import alerts, audit_entry, audit_export, audit_search
from identity.admin.schemas import (
    AuditEntryDetail,
    AuditFilter,
    AuditPage,
    AuditSearch,
    ClinicForm,
    ClinicOut,
    ConsentForm,
    ConsentOut,
    InvitedOut,
    PeoplePage,
    PersonChange,
    PersonForm,
    PersonOut,
    RefusalAlert,
    StaffRole,
)
from identity.clinic import administration as clinic_admin
from identity.clinic import clinics
from identity.clinic import settings as clinic_settings
from identity.domain import AccountStatus
from identity.models import Clinic, ConsentText
from identity.permissions import Permission
from identity.person.address import address_in
from identity.person.name import name_in
from identity.staff import invites, people
from identity.staff.people import Person

Text = Annotated[str, Parameter(max_length=200)]


@get("/api/admin/people", permission=Permission.ADMIN_PEOPLE)
async def list_people(
    read: ReadSession, q: Text = "", role: StaffRole | None = None, status: Text = "", after: Text = ""
) -> PeoplePage:
    """Staff by name; `q` is looked for in name and address."""
    found, more = await people.search(read, text=q.strip(), role=role, status=status, after=after)
    return PeoplePage([_person(read, each) for each in found], more)


@post("/api/admin/people", permission=Permission.ADMIN_PEOPLE, idempotent=True)
async def invite_person(write: WriteSession, data: PersonForm) -> InvitedOut:
    """Add somebody, and send them a link. 422 by field."""
    return await _invited(write, await people.invite(write, _form(data)))


@get("/api/admin/people/{account_id:uuid}", permission=Permission.ADMIN_PEOPLE)
async def get_person(read: ReadSession, account_id: UUID) -> Response[PersonOut]:
    """One member of staff."""
    return _tagged(_person(read, await people.get(read, account_id)))


@put("/api/admin/people/{account_id:uuid}", permission=Permission.ADMIN_PEOPLE)
async def change_person(
    write: WriteSession, account_id: UUID, data: PersonChange, match: IfMatch
) -> Response[PersonOut]:
    """Change somebody's particulars and roles. 422 by field, 409 `person_changed`, `not_yourself` for own roles."""
    changed = await people.change(write, account_id, match.on(data.version), _form(data))
    return _tagged(_person(write, changed))


@post("/api/admin/people/{account_id:uuid}/disable", permission=Permission.ADMIN_PEOPLE, status_code=200)
async def disable_person(write: WriteSession, account_id: UUID) -> PersonOut:
    """Let somebody in no more, from this moment. 409 `not_yourself`, `last_admin`."""
    return _person(write, await people.disable(write, account_id))


@post("/api/admin/people/{account_id:uuid}/enable", permission=Permission.ADMIN_PEOPLE, status_code=200)
async def enable_person(write: WriteSession, account_id: UUID) -> InvitedOut:
    """Let somebody in again."""
    return await _invited(write, await people.enable(write, account_id))


@post("/api/admin/people/{account_id:uuid}/invite", permission=Permission.ADMIN_PEOPLE, status_code=200)
async def invite_person_again(write: WriteSession, account_id: UUID) -> InvitedOut:
    """Send a new link. 409 `not_invited`."""
    return await _invited(write, await people.invite_again(write, account_id))


@post(
    "/api/admin/people/{account_id:uuid}/reset-second-factor",
    permission=Permission.ADMIN_PEOPLE,
    status_code=200,
)
async def reset_person_second_factor(write: WriteSession, account_id: UUID) -> PersonOut:
    """For somebody who lost phone and recovery codes. 409 `not_yourself`."""
    return _person(write, await people.reset_second_factor(write, account_id))


@get("/api/admin/clinic", permission=Permission.ADMIN_CLINIC)
async def get_clinic_settings(read: ReadSession) -> ClinicOut:
    """The clinic's settings."""
    return _clinic(await clinics.current(read), await clinics.consent_text(read))


@put("/api/admin/clinic", permission=Permission.ADMIN_CLINIC)
async def change_clinic_settings(write: WriteSession, data: ClinicForm) -> ClinicOut:
    """Change them. 422 by field."""
    form = clinic_admin.Form(
        name=data.name,
        time_zone=data.time_zone,
        languages=list(data.languages),
        hours=data.hours,
        emergency_number=data.emergency_number.strip(),
        phone=data.phone.strip(),
        address=data.address,
        settings=data.settings,
    )
    return _clinic(await clinic_admin.change(write, form), await clinics.consent_text(write))


@get("/api/admin/consent", permission=Permission.ADMIN_CLINIC)
async def list_consent_texts(read: ReadSession) -> list[ConsentOut]:
    """Every published version, the newest first."""
    return [_consent(row) for row in await clinics.consent_texts(read)]


@post("/api/admin/consent", permission=Permission.ADMIN_CLINIC, idempotent=True)
async def publish_consent_text(write: WriteSession, data: ConsentForm) -> list[ConsentOut]:
    """Publish the next version, in both languages. 422 by field."""
    await clinic_admin.publish_consent(write, data.body_en, data.body_es)
    return [_consent(row) for row in await clinics.consent_texts(write)]


@get("/api/admin/alerts", permission=Permission.ADMIN_AUDIT)
async def list_alerts(read: ReadSession) -> list[RefusalAlert]:
    """Who was refused again and again in the last 30 days, the newest first."""
    return await alerts.newest(read)


@post("/api/admin/audit/search", permission=Permission.ADMIN_AUDIT, status_code=200, reads=True)
async def search_audit(read: ReadSession, data: AuditSearch) -> AuditPage:
    """Who did or saw what, of whom, and when. A POST, because nobody's name may stand in an address."""
    found, more = await audit_search.search(read, _filter(data), before=data.before)
    return AuditPage(found, more)


@post("/api/admin/audit/export", permission=Permission.ADMIN_AUDIT, status_code=200, media_type="text/csv")
async def export_audit(read: ReadSession, data: AuditFilter) -> Response[str]:
    """What the search finds, as CSV."""
    text = await audit_export.export(read, _filter(data))
    headers = {"content-disposition": 'attachment; filename="audit.csv"'}
    return Response(text, media_type="text/csv", headers=headers)


@get("/api/admin/audit/{entry_seq:int}", permission=Permission.ADMIN_AUDIT)
async def get_audit_entry(read: ReadSession, entry_seq: int) -> AuditEntryDetail:
    """One entry with everybody whom it showed, and what was looked for."""
    return await audit_entry.get(read, entry_seq)


def _filter(data: AuditFilter) -> audit_search.Filter:
    times = {"since": data.since, "until": data.until}
    wrong = {name: "zone_missing" for name, at in times.items() if at and at.tzinfo is None}
    if wrong:
        raise Invalid(wrong)
    return audit_search.Filter(
        who=data.who, patient=data.patient, action=data.action, since=data.since, until=data.until
    )


def _form(data: PersonForm) -> people.Form:
    return people.Form(
        name=name_in(data),
        email=data.email,
        roles=list(data.roles),
        locale=data.locale,
        title=data.title,
        credentials=data.credentials,
        npi=data.npi.strip(),
        dea=data.dea.strip().upper(),
        licences=data.licences,
    )


async def _invited(write: WriteSession, person: Person) -> InvitedOut:
    link = None
    if person.account.status == AccountStatus.INVITED:
        link = await invites.link_to_hand_over(write, person.account.id)
    return InvitedOut(**msgspec.structs.asdict(_person(write, person)), link=link)


def _tagged(person: PersonOut) -> Response[PersonOut]:
    return tagged(person, person.version)


def _person(read: ReadSession, person: Person) -> PersonOut:
    account, staff = person.account, person.staff
    second_factor = ["totp"] if person.has_app else []
    return PersonOut(
        id=account.id,
        name=account.name,
        **msgspec.structs.asdict(staff.name),
        email=account.email or "",
        roles=account.roles,
        status=account.status,
        locale=account.locale,
        title=staff.title or "",
        credentials=staff.credentials or "",
        npi=staff.npi or "",
        dea=staff.dea or "",
        licences=staff.licences,
        second_factor=[*second_factor, "passkey"] if person.passkeys else second_factor,
        last_seen_at=person.last_seen_at,
        myself=account.id == read.actor.account_id,
        version=staff.version,
        frozen=staff.frozen_at is not None,
        name_guessed=staff.name_guessed,
        waits_for=person.waits_for,
    )


def _clinic(clinic: Clinic, consent: ConsentText | None) -> ClinicOut:
    return ClinicOut(
        slug=clinic.slug,
        name=clinic.name,
        time_zone=clinic.time_zone,
        languages=clinic.languages,
        hours=clinic.hours,
        emergency_number=clinic.emergency_number,
        phone=clinic.phone or "",
        address=address_in(clinic.address),
        settings=clinic_settings.full(clinic.settings),
        consent=_consent(consent) if consent else None,
    )


def _consent(row: ConsentText) -> ConsentOut:
    return ConsentOut(row.version, row.body_en, row.body_es, row.created_at)
