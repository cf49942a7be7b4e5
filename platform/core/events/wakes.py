"""Wakes up by a message on a Redis channel, and by a slow poll in case that Redis loses one."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError


class Wakes:
    """``async with Wakes(redis, "channel") as wakes: await wakes.wait(1.0)``.

    ``wait`` returns the channels that were published on, or an empty set when the time is up. When Redis is away
    it waits out its time; when Redis is back it subscribes again. Channels may be patterns ('live:*').
    """

    def __init__(self, redis: Redis, *channels: str) -> None:
        self._redis = redis
        self._channels = channels
        self._pubsub: PubSub | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._drop()

    async def wait(self, seconds: float) -> set[str]:
        try:
            pubsub = await self._subscribed()
            message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=seconds)
            woken: set[str] = set()
            while message is not None:
                woken.add(message["channel"].decode())
                message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=0)
            return woken
        except (RedisError, OSError):
            await self._drop()
            await asyncio.sleep(min(seconds, 1.0))
            return set()

    async def _subscribed(self) -> PubSub:
        if self._pubsub is None:
            self._pubsub = self._redis.pubsub()
            await self._pubsub.psubscribe(*self._channels)
        return self._pubsub

    async def _drop(self) -> None:
        pubsub, self._pubsub = self._pubsub, None
        if pubsub is not None:
            with suppress(RedisError, OSError):
                await pubsub.aclose()  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
