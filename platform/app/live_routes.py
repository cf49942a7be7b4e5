"""``GET /api/live``: the browser's stream of live events (server-sent events)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

from litestar import Request
from litestar.datastructures import State
from litestar.response import ServerSentEvent, ServerSentEventMessage

from core import json
from core.actor import Actor
from core.edge.web import get
from core.live.hub import LiveHub
from core.live.push import LiveMessage
from identity.permissions import Permission

RETRY_MILLISECONDS = 1000
_PING_SECONDS = 15.0


def _last_seen(request: Request[object, object, State]) -> int | None:
    """The last number the browser heard: its own header on reconnecting, or ``?after=`` at the first try."""
    text = str(request.headers.get("last-event-id") or request.query_params.get("after") or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


async def _messages(
    hub: LiveHub, actor: Actor, last_seen: int | None
) -> AsyncIterator[ServerSentEventMessage]:
    """The actor's messages, with a comment now and then that keeps proxies from closing a quiet stream."""
    async with aclosing(hub.listen(actor, last_seen)) as messages:
        waiting: asyncio.Task[LiveMessage] = asyncio.ensure_future(anext(messages))
        try:
            while True:
                done, _ = await asyncio.wait({waiting}, timeout=_PING_SECONDS)
                if not done:
                    yield ServerSentEventMessage(comment="still here", data=None)
                    continue
                try:
                    message = waiting.result()
                except StopAsyncIteration:
                    return
                yield ServerSentEventMessage(
                    id=message.seq, data=json.encode_text(message), retry=RETRY_MILLISECONDS
                )
                waiting = asyncio.ensure_future(anext(messages))
        finally:
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)


@get("/api/live", permission=Permission.LIVE, stream=True, include_in_schema=False)
async def live(request: Request[object, object, State], state: State, actor: Actor) -> ServerSentEvent:
    """What happens in this clinic that this person may know of, as it happens; resumes by Last-Event-ID."""
    return ServerSentEvent(_messages(state.hub, actor, _last_seen(request)))
