"""How old somebody is. No database."""

from datetime import date


def months_old(born: date, today: date) -> int:
    """Whole months. Who is born on the 31st is a month older on the 1st of the month after a short one."""
    return (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)


def years_old(born: date, today: date) -> int:
    """Whole years. Who is born on 29 February is a year older on 1 March."""
    return months_old(born, today) // 12
