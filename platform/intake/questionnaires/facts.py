"""What is known of the patient apart from the answers: age and sex, which questions and rules look at. Pure."""

from __future__ import annotations

import datetime as dt

import msgspec

from identity.person.age import months_old, years_old


class Facts(msgspec.Struct, frozen=True):
    """Age in whole years, in whole months and in days, and the sex for clinical use: female, male, unknown."""

    years: int
    months: int
    days: int
    sex: str = "unknown"

    def age(self, unit: str) -> int:
        """The age in `years`, `months` or `days`."""
        found: int = getattr(self, unit)
        return found


def facts_on(birth_date: dt.date, sex: str, today: dt.date) -> Facts:
    """The facts on a day where the patient is."""
    return Facts(
        years=years_old(birth_date, today),
        months=months_old(birth_date, today),
        days=(today - birth_date).days,
        sex=sex,
    )
