"""The wire to the pharmacies: one SCRIPT message out, its answer back."""

import httpx

from chart.prescribing.script.messages import Error, Message, NewRx
from chart.prescribing.script.parse import from_xml
from chart.prescribing.script.schema import NotScript
from core.config import Settings

XML = "application/xml"
TIMEOUT = httpx.Timeout(8, connect=3)
"""Well within domain.LEASE, so that two workers never talk about one prescription at a time."""


class Unclear(Exception):
    """No answer that could be trusted: whether the pharmacy has the message is not known."""


async def send(
    http: httpx.AsyncClient, settings: Settings, data: bytes, message_id: str
) -> tuple[Message, bytes]:
    """Hand the message over; the answer, parsed and as it came. Raises Unclear."""
    return await _exchange(http, settings, "POST", "/script", message_id, data)


async def ask(http: httpx.AsyncClient, settings: Settings, message_id: str) -> tuple[Message, bytes] | None:
    """What was answered to a message before; None if it never arrived. Raises Unclear."""
    try:
        return await _exchange(http, settings, "GET", f"/script/{message_id}", message_id, None)
    except _NeverArrived:
        return None


class _NeverArrived(Exception):
    pass


async def _exchange(
    http: httpx.AsyncClient, settings: Settings, method: str, path: str, message_id: str, data: bytes | None
) -> tuple[Message, bytes]:
    headers = {"authorization": f"Bearer {settings.pharmacy_secret}", "content-type": XML}
    url = settings.pharmacy_url.rstrip("/") + path
    try:
        response = await http.request(method, url, content=data, headers=headers, timeout=TIMEOUT)
    except httpx.HTTPError as error:
        raise Unclear(type(error).__name__) from None
    if method == "GET" and response.status_code in {404, 405}:
        raise _NeverArrived
    if response.status_code not in {200, 400}:
        raise Unclear(f"HTTP {response.status_code}")
    try:
        message = from_xml(response.content)
    except NotScript:
        raise Unclear("the answer is not SCRIPT") from None
    if isinstance(message, NewRx):
        raise Unclear("the answer is a NewRx")
    if not isinstance(message, Error) and message.header.relates_to != message_id:
        raise Unclear("the answer is about another message")
    return message, response.content
