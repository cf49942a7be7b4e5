"""A log line holds what is on the list and nothing else, whoever writes it."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from core import logs
from core.logs import Log

SECRET = "Maria Lopez has a rash"


class Lines:
    """What a process would have written."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def raw(self) -> str:
        return self._stream.getvalue()

    def last(self) -> dict[str, Any]:
        line: dict[str, Any] = json.loads(self.raw.splitlines()[-1])
        return line


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """Logging set up as a process does it, into memory; put back afterwards."""
    root, ours = logging.getLogger(), logging.getLogger("carethread")
    before = root.handlers[:], root.level, ours.level
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logs.setup()
    yield Lines(stream)
    root.handlers[:], root.level, ours.level = before[0], before[1], before[2]


def test_fields_that_are_not_on_the_list_are_dropped_and_said_to_be(lines: Lines) -> None:
    Log("visits").info("admitted", visit_id="v1", status=200, patient=SECRET, note={"plan": SECRET})
    line = lines.last()
    assert (line["event"], line["visit_id"], line["status"]) == ("admitted", "v1", 200)
    assert line["dropped"] == ["note", "patient"]
    assert "Maria" not in lines.raw


def test_an_error_leaves_its_kind_and_place_but_not_its_words(lines: Lines) -> None:
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            raise KeyError(SECRET) from error
    except KeyError as error:
        Log("visits").error("failed", error, code="internal")
    line = lines.last()
    assert line["error"] == "KeyError"
    assert any("test_logs.py" in frame for frame in line["trace"])
    assert "Maria" not in lines.raw


@pytest.mark.parametrize(
    "name", ["sqlalchemy.engine", "uvicorn.error", "arq.worker", "websockets.server", ""]
)
def test_what_a_library_says_leaves_its_place_but_not_its_words(lines: Lines, name: str) -> None:
    try:
        raise RuntimeError(SECRET)
    except RuntimeError:
        logging.getLogger(name).exception("failed with %s", SECRET, extra={"fields": {"code": SECRET}})
    line = lines.last()
    assert line["error"] == "RuntimeError"
    assert line["place"].startswith("test_logs:")
    assert "Maria" not in lines.raw
