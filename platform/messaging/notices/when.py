"""A time as it stands in a notice: the day, the time of day and the zone, in the reader's language. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

REGIONS = {"en": "en_US", "es": "es_US"}
"""Spanish readers of these clinics live by the American clock: 3:30 p.m., and not 15:30."""


def in_words(at: datetime, zone: ZoneInfo, locale: str) -> str:
    """'Tuesday, December 1, 2026, 3:30 PM EST': the instant `at` on the clock of `zone`."""
    # Loading the calendars takes a moment, which every process would spend at its start.
    from babel.dates import format_date, format_time, get_timezone_name

    local, region = at.astimezone(zone), REGIONS.get(locale, "en_US")
    short = get_timezone_name(local, "short", locale=region)
    # Where there is no short name it would be '-0300'.
    name = short if short.isalpha() else get_timezone_name(local, "long", locale=region)
    day = format_date(local, "full", locale=region)
    text = f"{day}, {format_time(local, 'short', tzinfo=zone, locale=region)} {name}"
    # A single character that SMS' own alphabet lacks would double the price of the whole message.
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ")
