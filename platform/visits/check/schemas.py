"""What goes over the wire: a ticket to the probe, what a page found, and what is made of it."""

from typing import Annotated

import msgspec
from msgspec import Meta

from visits.calls.service import IceServer
from visits.check.domain import Device, Facts, Network, Speaker
from visits.check.models import VisitCheck
from visits.history.domain import Path, Transport
from visits.history.schemas import Kbps, Milliseconds
from visits.schemas import Body, CheckOut


class CheckIn(Body):
    """What a check found. The figures are of a path that was found; null is what could not be measured."""

    camera: Device
    microphone: Device
    speaker: Speaker
    network: Network
    path: Path | None = None
    transport: Transport | None = None
    round_trip_ms: Milliseconds | None = None
    jitter_ms: Milliseconds | None = None
    loss: Annotated[float, Meta(ge=0, le=1)] | None = None
    up_kbps: Kbps | None = None
    down_kbps: Kbps | None = None

    def facts(self) -> Facts:
        return Facts(**msgspec.structs.asdict(self))


class ProbeOut(msgspec.Struct):
    """How to reach the peer to measure against: a ticket of one use, good for a minute."""

    ticket: str
    probe_url: str
    ice_servers: list[IceServer]


def check_out(found: VisitCheck) -> CheckOut:
    return CheckOut(found.verdict, found.troubles, found.at)
