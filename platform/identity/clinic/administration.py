"""Changing a clinic's settings: all of them are checked, and the change is on record."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from core import audit
from core.database.session import WriteSession
from core.errors import Invalid
from identity.clinic import clinics, hours
from identity.clinic import settings as clinic_settings
from identity.clinic.settings import ClinicSettings
from identity.models import Clinic
from identity.patients import service as patients
from identity.person.address import Address, change_problems, typed
from identity.person.contacts import parse_dialed
from identity.person.names import name_problem

_SHORT_NUMBER = 6


@dataclass(frozen=True)
class Form:
    """What an administrator typed."""

    name: str
    time_zone: str
    languages: list[str]
    hours: dict[str, list[list[str]]]
    emergency_number: str
    phone: str
    address: Address | msgspec.UnsetType | None
    settings: ClinicSettings


def problems(form: Form, clinic: Clinic) -> dict[str, str]:
    """What is wrong with the form, by field."""
    found: dict[str, str | None] = {
        "name": name_problem(form.name),
        "time_zone": patients.time_zone_problem(form.time_zone),
        "languages": None if form.languages else "required",
        "emergency_number": number_problem(form.emergency_number),
        "phone": None if not form.phone or parse_dialed(form.phone) else "phone_invalid",
        "settings.crisis_number": number_problem(form.settings.crisis_number),
        "settings.poison_number": number_problem(form.settings.poison_number),
        **_address_problems(form, clinic),
        **hours.problems(form.hours),
    }
    return {path: code for path, code in found.items() if code}


def _address_problems(form: Form, clinic: Clinic) -> dict[str, str]:
    if form.address is msgspec.UNSET:
        return {}
    return change_problems(typed(form.address), clinic.address)


def number_problem(text: str) -> str | None:
    """A number to dial: short as 911 and 988 are, or a whole phone number."""
    if not text.strip():
        return "required"
    short = text.isascii() and text.isdigit() and 2 <= len(text) <= _SHORT_NUMBER
    return None if short or parse_dialed(text) else "phone_invalid"


async def change(write: WriteSession, form: Form) -> Clinic:
    """Take new settings into use. Raises Invalid by field."""
    clinic = await clinics.current(write)
    wrong = problems(form, clinic)
    if wrong:
        raise Invalid(wrong)
    before = _changeable(clinic)
    clinic.name, clinic.time_zone = form.name.strip(), form.time_zone
    clinic.languages = sorted(set(form.languages))
    clinic.hours = {day: spans for day, spans in form.hours.items() if spans}
    clinic.emergency_number = dialed(form.emergency_number)
    clinic.phone = parse_dialed(form.phone)
    if form.address is not msgspec.UNSET:
        clinic.address = msgspec.to_builtins(typed(form.address))
    chosen = clinic_settings.dump(
        msgspec.structs.replace(
            form.settings,
            crisis_number=dialed(form.settings.crisis_number),
            poison_number=dialed(form.settings.poison_number),
        )
    )
    clinic.settings = _of_other_releases(clinic.settings) | chosen
    await write.flush()
    changed = [name for name, value in _changeable(clinic).items() if before[name] != value]
    await audit.log(
        write, "clinic.change", entity=("clinic", clinic.id), detail={"fields": ",".join(changed)}
    )
    return clinic


def _of_other_releases(stored: Mapping[str, object]) -> dict[str, object]:
    """Settings that this release does not know stay: another may serve beside it, or again after it."""
    known = ClinicSettings.__struct_fields__
    return {name: value for name, value in stored.items() if name not in known}


async def publish_consent(write: WriteSession, body_en: str, body_es: str) -> None:
    """Publish the next version in both languages. Raises Invalid by field."""
    wrong = {
        field: "required" for field, body in (("body_en", body_en), ("body_es", body_es)) if not body.strip()
    }
    if wrong:
        raise Invalid(wrong)
    text = await clinics.publish_consent(write, body_en=body_en.strip(), body_es=body_es.strip())
    await audit.log(
        write, "consent.publish", entity=("consent_text", text.id), detail={"version": text.version}
    )


def dialed(text: str) -> str:
    """A number that has no problem, in one form: short as it is, whole as `parse_dialed` has it."""
    return text if len(text) <= _SHORT_NUMBER else parse_dialed(text) or text


def _changeable(clinic: Clinic) -> dict[str, object]:
    return {
        name: getattr(clinic, name)
        for name in (
            "name",
            "time_zone",
            "languages",
            "hours",
            "emergency_number",
            "phone",
            "address",
            "settings",
        )
    }
