"""What a clinic decides for itself, kept as JSON in `clinic.settings`; every field has a safe default."""

from datetime import timedelta
from typing import Annotated

import msgspec

from core.actor import Role
from identity.domain import SessionTimes

Minutes = Annotated[int, msgspec.Meta(ge=5, le=60)]
Hours = Annotated[int, msgspec.Meta(ge=1, le=24)]
Notice = Annotated[str, msgspec.Meta(max_length=400)]


class ClinicSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`step_up_minutes` is how long a second factor that was shown is good for prescribing and administering,
    `note_step_up_minutes` for signing notes; `welcome` is shown on its page; below `age_of_majority`, in years, a
    patient is a child."""

    staff_idle_minutes: Minutes = 15
    staff_hours: Hours = 12
    patient_idle_minutes: Minutes = 30
    patient_hours: Hours = 12
    step_up_minutes: Minutes = 15
    note_step_up_minutes: Annotated[int, msgspec.Meta(ge=5, le=1440)] = 720
    crisis_number: str = "988"
    poison_number: str = "+18002221222"
    welcome_en: Notice = ""
    welcome_es: Notice = ""
    age_of_majority: Annotated[int, msgspec.Meta(ge=14, le=21)] = 18

    def times_for(self, roles: frozenset[Role]) -> SessionTimes:
        """Staff screens stand where others walk past, so theirs close sooner."""
        if Role.PATIENT in roles or Role.GUEST in roles:
            idle, hours = self.patient_idle_minutes, self.patient_hours
        else:
            idle, hours = self.staff_idle_minutes, self.staff_hours
        return SessionTimes(timedelta(minutes=idle), timedelta(hours=hours))


def parse(stored: object) -> ClinicSettings:
    """Settings from the database, with the defaults of today for what is not in them."""
    return msgspec.convert(stored, ClinicSettings)


def dump(settings: ClinicSettings) -> dict[str, object]:
    """Only what differs from the defaults, so that a better default reaches clinics that never chose."""
    plain: dict[str, object] = msgspec.to_builtins(settings)
    return plain


def full(stored: object) -> dict[str, object]:
    """Every setting with its value, for the page that changes them."""
    return msgspec.structs.asdict(parse(stored))
