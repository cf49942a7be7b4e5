"""A demo shows everybody the codes to sign in with, so that it is never one by mistake."""

from pathlib import Path

import pytest

from app.home import Home
from app.process.progress import SetupError
from app.process.run import Clinic, check_demo_is_private, check_demo_is_whole
from app.process.servers import Servers


@pytest.mark.parametrize(
    ("name", "value", "demo"),
    [
        ("CARETHREAD_PUBLIC_URL", "https://clinic.example", "0"),
        ("CARETHREAD_TWILIO_ACCOUNT_SID", "AC1", "0"),
        ("CARETHREAD_SMTP_URL", "smtp://mail.example", "0"),
        ("CARETHREAD_EXTRA_ORIGINS", "HTTPS://clinic.example", "0"),
        ("CARETHREAD_PUBLIC_URL", "http://localhost:9000", "1"),
        ("CARETHREAD_DEMO", "0", "0"),
    ],
)
def test_run_makes_a_demo_of_this_machine_only(
    home: Home, monkeypatch: pytest.MonkeyPatch, name: str, value: str, demo: str
) -> None:
    monkeypatch.setenv(name, value)
    clinic = Clinic(home, 8000, dev=False)
    assert clinic._environment["CARETHREAD_DEMO"] == demo


def test_no_demo_is_started_where_the_world_comes_in() -> None:
    with pytest.raises(SetupError, match="CARETHREAD_PUBLIC_URL"):
        check_demo_is_private({"CARETHREAD_DEMO": "1", "CARETHREAD_PUBLIC_URL": "https://clinic.example"})
    check_demo_is_private({"CARETHREAD_DEMO": "0", "CARETHREAD_PUBLIC_URL": "https://clinic.example"})
    check_demo_is_private({"CARETHREAD_DEMO": "1", "CARETHREAD_PUBLIC_URL": "http://localhost:8000"})


def test_half_a_demo_is_not_taken_for_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    home = Home(tmp_path)
    check_demo_is_whole(Servers(home))
    home.unfinished_demo.touch()
    with pytest.raises(SetupError, match=r"half made.*make demo-reset"):
        check_demo_is_whole(Servers(home))
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@elsewhere/clinic")
    with pytest.raises(SetupError, match=r"half made.*an empty database"):
        check_demo_is_whole(Servers(home))
