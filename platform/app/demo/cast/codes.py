"""Shows the demo's one-time codes at the terminal as they are made, for whoever has no phone to get them on."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx

EVERY_SECONDS = 1.5
SHOWN = {"code", "invite", "reset"}


async def follow(base_url: str, say: Callable[[str], None]) -> None:
    """Ask the demo's outbox for ever, and say what is new in it. A missed answer is asked for again."""
    async with httpx.AsyncClient(base_url=base_url, timeout=5, trust_env=False) as client:
        seen: set[str] | None = None
        while True:
            notices = await _notices(client)
            if notices is not None:
                if seen is not None:
                    for notice in reversed(notices):
                        if notice["id"] not in seen and notice["kind"] in SHOWN:
                            say(f"  → {notice['channel']} to {notice['to']}: {notice['text']}")
                seen = {notice["id"] for notice in notices}
            await asyncio.sleep(EVERY_SECONDS)


async def _notices(client: httpx.AsyncClient) -> list[dict[str, Any]] | None:
    """The newest notices, newest first; None when there is no answer, or no demo."""
    try:
        answer = await client.get("/api/demo/outbox")
    except httpx.HTTPError:
        return None
    return answer.json() if answer.status_code == 200 else None
