"""Makes up the patients' histories, in a process of its own: carebundle takes seconds to load and needs no database,
so it works on another core while the clinic is being furnished.

    python -m app.demo.story.bundles      one FHIR bundle a line, in the order of `people.patients`
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from app.demo.cast.people import patients
from core import json

Bundle = dict[str, Any]
# A history of many years is some hundred kilobytes.
_LONGEST_LINE = 1 << 24


@asynccontextmanager
async def being_made() -> AsyncIterator[AsyncIterator[Bundle]]:
    """The bundles, each as soon as it is made."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.demo.story.bundles"), stdout=asyncio.subprocess.PIPE, limit=_LONGEST_LINE
    )
    try:
        yield _read(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _read(process: asyncio.subprocess.Process) -> AsyncIterator[Bundle]:
    """Raises RuntimeError if they end early; why, the process has said itself."""
    assert process.stdout is not None  # noqa: S101 - it was asked for
    async for line in process.stdout:
        yield json.decode(line)
    if status := await process.wait():
        raise RuntimeError(f"the histories were not made: exit status {status}")


def _make(number: int, profile: str, sex: str) -> Bundle:
    """The same synthetic patient for the same number."""
    import carebundle

    bundle = carebundle.generate_history(
        profile=profile, seed=1000 + number, sex="F" if sex == "female" else "M", visits=3
    )
    # Its own writer: pydantic's turns the numbers of a panel's parts into text.
    made: Bundle = json.decode(carebundle.to_json(bundle))
    return made


if __name__ == "__main__":
    for number, person in enumerate(patients()):
        print(json.encode_text(_make(number, person.profile, person.sex)), flush=True)
