"""The double of twilio as a server: its API of calls, and a page on which one answers the telephones that it rings.

It has a process of its own in the demo (`carethread telephone`). Environment: CARETHREAD_TWILIO_AUTH_TOKEN.
"""

import base64
import binascii
import hmac
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal, get_args

import httpx
import msgspec
import uvicorn
from litestar import Litestar, Request, Response, get, post
from litestar.exceptions import NotAuthorizedException, NotFoundException
from litestar.response import Redirect

from visits.phone.account import DEMO_SID
from visits.phone.simulator.calls import API, Call, Does, Wrong, call_of
from visits.phone.simulator.exchange import Exchange
from visits.phone.simulator.page import render

DEFAULT_PORT = 8004
DEMO_PACE = 0.7
"""How many seconds the demo's telephones take for each step, so that one can watch."""

_CALLS = f"/{API}/Accounts/{{account:str}}/Calls.json"
_CALL = f"/{API}/Accounts/{{account:str}}/Calls/{{name:str}}"

Fault = Literal["", "lost", "down"]
"""What the API does wrong: take a call and lose its own answer, or take nothing."""


class Double:
    """The exchange behind the API, what of it is broken now, and who may use it."""

    def __init__(self, exchange: Exchange, token: str) -> None:
        self.exchange = exchange
        self.fault: Fault = ""
        self._token = token

    def check(self, request: Request[Any, Any, Any], account: str) -> None:
        """Raise NotAuthorizedException unless the account and its token are shown."""
        value = request.headers.get("authorization", "").partition(" ")[2]
        try:
            shown = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            shown = b""
        if (
            not hmac.compare_digest(shown, f"{account}:{self._token}".encode())
            or account != self.exchange.sid
        ):
            raise NotAuthorizedException

    def call(self, name: str) -> Call:
        """Raises NotFoundException."""
        found = self.exchange.calls.get(name.removesuffix(".json"))
        if found is None:
            raise NotFoundException
        return found


def _double(request: Request[Any, Any, Any]) -> Double:
    double: Double = request.app.state.double
    return double


def _answer(status: int, body: dict[str, Any]) -> Response[bytes]:
    return Response(msgspec.json.encode(body), status_code=status, media_type="application/json")


@post(_CALLS, status_code=201)
async def place(request: Request[Any, Any, Any], account: str) -> Response[bytes]:
    """Ring a telephone."""
    double = _double(request)
    double.check(request, account)
    if double.fault == "down":
        return _answer(503, {"code": 20503, "message": "Service unavailable", "status": 503})
    try:
        call = call_of(account, await request.body())
    except Wrong as wrong:
        return _answer(400, {"code": wrong.code, "message": str(wrong), "status": 400})
    double.exchange.ring(call)
    if double.fault == "lost":
        double.fault = ""
        return _answer(502, {"code": 20502, "message": "Bad gateway", "status": 502})
    return _answer(201, call.resource())


@get(_CALLS)
async def listed(request: Request[Any, Any, Any], account: str) -> Response[bytes]:
    """The calls to and from these numbers, the newest first."""
    double = _double(request)
    double.check(request, account)
    asked = request.query_params
    return _answer(200, {"calls": double.exchange.listed(asked.get("To", ""), asked.get("From", ""))})


@get(_CALL)
async def fetched(request: Request[Any, Any, Any], account: str, name: str) -> Response[bytes]:
    """One call."""
    double = _double(request)
    double.check(request, account)
    return _answer(200, double.call(name).resource())


@post(_CALL, status_code=200)
async def updated(request: Request[Any, Any, Any], account: str, name: str) -> Response[bytes]:
    """Hang a call up: the one change that we ask for."""
    double = _double(request)
    double.check(request, account)
    call = double.call(name)
    if call.is_over:
        return _answer(400, {"code": 21220, "message": "Call is not in-progress", "status": 400})
    double.exchange.hang_up(call)
    return _answer(200, call.resource())


@get("/", media_type="text/html")
async def page(request: Request[Any, Any, Any]) -> str:
    """The telephones that ring, and those that did."""
    return render(list(reversed(_double(request).exchange.calls.values())))


@post("/telephones/{sid:str}/{does:str}", status_code=303)
async def act(request: Request[Any, Any, Any], sid: str, does: str) -> Redirect:
    """What the owner of a telephone does with it."""
    double = _double(request)
    call = double.call(sid)
    if does == "hang_up":
        double.exchange.hang_up(call)
    elif does in get_args(Does):
        call.acts.put_nowait(does)  # type: ignore[arg-type]  # looked up in the line above
    else:
        raise NotFoundException
    return Redirect("/", status_code=303)


def build(
    sid: str, token: str, *, pace: float = DEMO_PACE, http: httpx.AsyncClient | None = None
) -> Litestar:
    """The application. `http` posts its webhooks, where that is not a client of its own."""

    @asynccontextmanager
    async def working(app: Litestar) -> AsyncIterator[None]:
        async with httpx.AsyncClient(timeout=15) as own:
            exchange = Exchange(sid, token, http or own, pace)
            app.state.double = Double(exchange, token)
            yield
            await exchange.stop()

    return Litestar(
        [place, listed, fetched, updated, page, act],
        lifespan=[working],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=64 * 1024,
    )


def main(host: str = "127.0.0.1", port: int | None = None) -> None:
    """``carethread telephone``."""
    token = os.environ.get("CARETHREAD_TWILIO_AUTH_TOKEN")
    if not token:
        print("carethread telephone: Set CARETHREAD_TWILIO_AUTH_TOKEN in the environment.", file=sys.stderr)
        sys.exit(os.EX_CONFIG)
    uvicorn.run(
        build(DEMO_SID, token),
        host=host,
        port=port or DEFAULT_PORT,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
