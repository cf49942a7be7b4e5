"""Whose account with twilio telephones are rung by: the clinic's, or in a demo one at the double of twilio."""

from core.config import Settings

DEMO_SID = f"AC{'0' * 32}"
DEMO_NUMBER = "+15185550100"


def sid(settings: Settings) -> str:
    """The account's SID, '' where there is none."""
    if settings.twilio_account_sid:
        return settings.twilio_account_sid
    return DEMO_SID if settings.demo and settings.twilio_auth_token else ""


def is_available(settings: Settings) -> bool:
    """Whether telephones can be rung here at all."""
    return bool(sid(settings) and settings.twilio_auth_token)


def caller_id(settings: Settings) -> str:
    """The clinic's number, which those who are rung see."""
    return settings.twilio_voice_from or settings.twilio_from or DEMO_NUMBER
