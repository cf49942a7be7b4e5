"""Settings that would harm are refused at the start, by name."""

import pytest

from core.config import SettingsError, load_settings

KEY = "A" * 43 + "="
ENVIRONMENT = {
    "DATABASE_URL": "postgresql://a@b/c",
    "REDIS_URL": "redis://r",
    "CARETHREAD_SYSTEM_DATABASE_URL": "postgresql://a@b/c",
    "CARETHREAD_OWNER_DATABASE_URL": "postgresql://a@b/c",
    "CARETHREAD_SECRET_KEY": KEY,
    "CARETHREAD_TICKET_KEY": KEY,
    "CARETHREAD_AUDIT_KEY": KEY,
    "CARETHREAD_PHARMACY_SECRET": "long and random",
}


@pytest.mark.parametrize("carrier", ["CARETHREAD_TWILIO_ACCOUNT_SID", "CARETHREAD_SMTP_URL"])
def test_codes_are_never_shown_to_everybody_where_real_messages_are_sent(carrier: str) -> None:
    sends = {**ENVIRONMENT, carrier: "smtp://mail.example"}
    assert load_settings({**sends, "CARETHREAD_DEMO": "0"}).demo is False
    with pytest.raises(SettingsError, match="CARETHREAD_DEMO"):
        load_settings({**sends, "CARETHREAD_DEMO": "1"})


@pytest.mark.parametrize("name", sorted(ENVIRONMENT))
def test_what_has_no_safe_default_has_to_be_set(name: str) -> None:
    for environment in (
        {**ENVIRONMENT, name: ""},
        {key: ENVIRONMENT[key] for key in ENVIRONMENT.keys() - {name}},
    ):
        with pytest.raises(SettingsError, match=name):
            load_settings(environment)
