"""One request on its way through the edge, counted and logged; and its headers."""

import time
from dataclasses import dataclass, field
from typing import Any

from litestar.types import HTTPScope, Scope

from core import metrics
from core.actor import Actor
from core.errors import Problem
from core.ids import new_id
from core.logs import Log

log = Log("edge")


@dataclass(slots=True)
class Exchange:
    """One request on its way through the edge."""

    scope: HTTPScope
    request_id: str = field(default_factory=lambda: str(new_id()))
    started: float = field(default_factory=time.perf_counter)

    @property
    def opt(self) -> dict[str, Any]:
        """What the route says of itself (``core.edge.web.route_opt``)."""
        opt: dict[str, Any] = self.scope["route_handler"].opt
        return opt

    @property
    def route(self) -> str:
        return self.scope["path_template"]

    @property
    def actor(self) -> Actor | None:
        return self.scope["state"].get("actor")

    @property
    def problem(self) -> Problem | None:
        """What was answered instead of what was asked for."""
        return self.scope["state"].get("problem")

    def note(self, status: int) -> None:
        """Count the request, and log it."""
        seconds = time.perf_counter() - self.started
        metrics.observe(self.scope["method"], self.route, status, seconds)
        if self.opt["polled"] and status < 400:
            return
        fields = {"method": self.scope["method"], "route": self.route, "status": status}
        if status >= 400:
            fields |= self._trouble()
        log.info("request", **fields, ms=round(seconds * 1000, 1), request_id=self.request_id)

    def _trouble(self) -> dict[str, object]:
        """What went wrong, and for whom: ids only."""
        found: dict[str, object] = {"code": self.problem.code} if self.problem else {}
        if self.actor is not None:
            found |= {"account_id": self.actor.account_id, "session_id": self.actor.session_id}
        return found


def header(scope: Scope, name: bytes) -> str:
    """A request header's value, or ''."""
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return ""
