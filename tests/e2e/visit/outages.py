"""A part of a running clinic that is gone for a while."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import psutil

from tests.e2e.people import Clinic


@asynccontextmanager
async def without(
    clinic: Clinic,
    is_it: Callable[[psutil.Process], bool],
    answers: Callable[[Clinic], Awaitable[None]],
) -> AsyncIterator[None]:
    """Killed at the start, and brought back by the supervisor, which sleeps inside; done when it answers again."""
    supervisor = psutil.Process(clinic.supervisor)
    (part,) = [child for child in supervisor.children() if is_it(child)]
    supervisor.suspend()
    part.kill()
    try:
        yield
    finally:
        supervisor.resume()
        await answers(clinic)
