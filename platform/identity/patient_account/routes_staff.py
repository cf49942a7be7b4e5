"""A patient's account in a coordinator's hands. All of it wants a second factor shown just now, and proof."""

from uuid import UUID

from core.database.session import ReadSession, WriteSession
from core.edge.web import get, post
from identity.patient_account import administration
from identity.patient_account.schemas import (
    ConfirmContact,
    CorrectContact,
    CorrectPerson,
    PatientAccount,
    Proven,
)
from identity.permissions import Permission


@get("/api/patients/{patient_id:uuid}/account", permission=Permission.PATIENT_ACCOUNT)
async def get_patient_account(read: ReadSession, patient_id: UUID) -> PatientAccount:
    """Contacts, devices, and what staff have changed."""
    return await administration.read_account(read, patient_id)


@post(
    "/api/patients/{patient_id:uuid}/account/disable", permission=Permission.PATIENT_ACCOUNT, status_code=200
)
async def disable_patient_account(write: WriteSession, patient_id: UUID, data: Proven) -> PatientAccount:
    """Sessions, streams and calls end within seconds. 403 `step_up_required`, 422 for `note`."""
    await administration.disable(write, patient_id, data)
    return await administration.read_account(write, patient_id)


@post(
    "/api/patients/{patient_id:uuid}/account/enable", permission=Permission.PATIENT_ACCOUNT, status_code=200
)
async def enable_patient_account(write: WriteSession, patient_id: UUID, data: Proven) -> PatientAccount:
    """Let them sign in again. 403 `step_up_required`, 422 for `note`."""
    await administration.enable(write, patient_id, data)
    return await administration.read_account(write, patient_id)


@post(
    "/api/patients/{patient_id:uuid}/account/contact", permission=Permission.PATIENT_ACCOUNT, status_code=200
)
async def correct_patient_contact(
    write: WriteSession, patient_id: UUID, data: CorrectContact
) -> PatientAccount:
    """Another number or address; both are told, sessions end. 403, 409 `last_contact`, 422 by field."""
    await administration.correct_contact(write, patient_id, data)
    return await administration.read_account(write, patient_id)


@post(
    "/api/patients/{patient_id:uuid}/account/contact/confirm",
    permission=Permission.PATIENT_ACCOUNT,
    status_code=200,
)
async def confirm_patient_contact(
    write: WriteSession, patient_id: UUID, data: ConfirmContact
) -> PatientAccount:
    """The contact in dispute is the patient's. 403, 422 for `note`."""
    await administration.confirm_contact(write, patient_id, data.channel, data)
    return await administration.read_account(write, patient_id)


@post(
    "/api/patients/{patient_id:uuid}/account/person", permission=Permission.PATIENT_ACCOUNT, status_code=200
)
async def correct_patient_person(
    write: WriteSession, patient_id: UUID, data: CorrectPerson
) -> PatientAccount:
    """Name, birth date, sex, gender, address. 403, 422 by field."""
    await administration.correct_person(write, patient_id, data)
    return await administration.read_account(write, patient_id)


@post(
    "/api/patients/{patient_id:uuid}/account/let-in", permission=Permission.PATIENT_ACCOUNT, status_code=200
)
async def let_patient_in(write: WriteSession, patient_id: UUID, data: Proven) -> PatientAccount:
    """For half an hour the code alone lets them in on a new device. 403, 409 `account_disabled`, 422 for `note`."""
    await administration.let_in(write, patient_id, data)
    return await administration.read_account(write, patient_id)
