"""What is known of the patient apart from the answers: age and sex, which questions and rules look at. Pure."""

from __future__ import annotations

import datetime as dt

import msgspec


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
    """The facts on a day where the patient is. Who is born on the 31st is a month older on the 1st of the month
    after a short one, and who is born on 29 February a year older on 1 March.
    """
    months = (today.year - birth_date.year) * 12 + today.month - birth_date.month
    months -= today.day < birth_date.day
    return Facts(years=months // 12, months=months, days=(today - birth_date).days, sex=sex)
