"""Connections through a pooler that lends a server for one transaction at a time, such as PgBouncer in that mode.

Nothing of a session lasts there: statements are not kept parsed, and a setting for the session would be somebody
else's next. What a connection is otherwise told at its start is said in each transaction, along with its BEGIN.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import asyncpg


def through_pooler(name: str, limits: Mapping[str, str]) -> dict[str, Any]:
    """The arguments of ``asyncpg.connect``. The pooler knows ``application_name``; it would refuse the limits."""
    return {
        "timeout": 5,
        "statement_cache_size": 0,
        "server_settings": {"application_name": name},
        "connection_class": _bounded(tuple(limits.items())),
    }


@cache
def _bounded(limits: tuple[tuple[str, str], ...]) -> type[asyncpg.Connection]:
    """A connection whose transactions begin with these settings, in the same round trip."""
    settings = " ".join(f"SET LOCAL {name} = '{value}';" for name, value in limits)

    class Bounded(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
        __slots__ = ()

        async def execute(self, query: str, *values: object, **options: Any) -> str:
            if query.startswith("BEGIN"):
                query = f"{query} {settings}"
            done: str = await super().execute(query, *values, **options)
            return done

    return Bounded
