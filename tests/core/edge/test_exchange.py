"""What is counted and logged of a request, and how its headers are read. By itself."""

import logging
from types import SimpleNamespace
from typing import Any

import pytest

from core import metrics
from core.actor import Actor, Role
from core.edge.exchange import Exchange, header
from core.errors import Conflict
from core.ids import new_id

ROUTE = "/api/test-exchange/{visit_id}"


def exchange(*, polled: bool = False, **state: object) -> Exchange:
    handler = SimpleNamespace(opt={"polled": polled})
    scope: Any = {"method": "GET", "path_template": ROUTE, "route_handler": handler, "state": state}
    return Exchange(scope)


def told(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [each.fields for each in caplog.records if each.msg == "request"]  # type: ignore[attr-defined]  # our logs' own


def figure(name: str, **labels: str) -> float:
    return (
        metrics.REGISTRY.get_sample_value(f"carethread_{name}", {"method": "GET", "route": ROUTE, **labels})
        or 0
    )


def test_a_request_that_went_well_is_told_without_who_asked(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "carethread")
    one, other = exchange(actor=Actor(new_id(), frozenset({Role.PATIENT}))), exchange()
    assert one.request_id != other.request_id
    one.note(200)
    [line] = told(caplog)
    assert 0 <= line.pop("ms") < 60_000
    assert line == {"method": "GET", "route": ROUTE, "status": 200, "request_id": one.request_id}


@pytest.mark.parametrize("status", [400, 503])
def test_what_went_wrong_is_told_with_its_code_and_for_whom(
    caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level(logging.INFO, "carethread")
    actor = Actor(new_id(), frozenset({Role.PATIENT}), account_id=new_id(), session_id=new_id())
    exchange(actor=actor, problem=Conflict("slot_taken")).note(status)
    exchange().note(status)
    known, unknown = told(caplog)
    assert (known["code"], known["account_id"], known["session_id"]) == (
        "slot_taken",
        actor.account_id,
        actor.session_id,
    )
    assert unknown.keys() == {"method", "route", "status", "ms", "request_id"}


def test_what_is_asked_every_second_is_told_only_when_it_goes_wrong(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "carethread")
    for status in (200, 399, 400, 500):
        exchange(polled=True).note(status)
    assert [each["status"] for each in told(caplog)] == [400, 500]


def test_every_request_is_counted_with_its_time() -> None:
    before = figure("requests_total", status="204"), figure("request_seconds_sum")
    exchange(polled=True).note(204)
    assert figure("requests_total", status="204") == before[0] + 1
    assert 0 <= figure("request_seconds_sum") - before[1] < 60


def test_a_header_is_the_first_of_its_name() -> None:
    asked: Any = {"headers": [(b"a", b"1"), (b"b", b"\xe9"), (b"b", b"3")]}
    assert (header(asked, b"b"), header(asked, b"c")) == ("\xe9", "")
