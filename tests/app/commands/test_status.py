"""`carethread status`: what a person reads of a clinic that runs, or does not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.commands import status
from app.home import Home
from app.process.progress import SetupError
from app.process.supervisor import State


def test_each_process_has_a_line_and_one_that_waits_says_for_how_long(tmp_path: Path) -> None:
    home = Home(tmp_path)
    soon = datetime.now(UTC) + timedelta(seconds=8.4)
    with home.owned():
        status.keep(
            home,
            [
                State("postgres", 41, 0, "", None),
                State("api", 42, 2, "ended by SIGKILL", None),
                State("worker", None, 6, "exit status 1", soon),
            ],
        )
        lines, all_run = status.told(home)

    assert lines == [
        "postgres  runs (process 41)",
        "api       runs (process 42); stopped 2 times in a row (ended by SIGKILL)",
        "worker    stopped 6 times in a row (exit status 1); starts again in 8 s",
    ]
    assert not all_run


def test_without_a_clinic_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=f"^No clinic runs from {tmp_path}.$"):
        status.told(Home(tmp_path))
