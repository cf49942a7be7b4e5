"""Which carrier a channel has: twilio for SMS, SMTP for e-mail; none where neither is configured."""

from core.config import Settings
from messaging.notices.carrier import Carrier
from messaging.notices.smtp import Smtp


def has_carrier(channel: str, settings: Settings) -> bool:
    """Whether anything carries this channel's notices."""
    return bool(settings.twilio_account_sid if channel == "sms" else settings.smtp_url)


def carrier_for(channel: str, settings: Settings) -> Carrier | None:
    """The configured carrier of a channel, or None: then the notice is only shown in the demo's outbox."""
    if channel == "sms" and settings.twilio_account_sid:
        # Loading twilio's client takes a second, which every process would spend at its start.
        from messaging.notices.twilio_sms import TwilioSms

        return TwilioSms(settings)
    if channel == "email" and settings.smtp_url:
        return Smtp(settings)
    return None
