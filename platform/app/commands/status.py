"""`carethread status`: how each process of the clinic that runs from this home is."""

from contextlib import suppress
from datetime import UTC, datetime

import msgspec

from app.home import Home, HomeBusy
from app.process.progress import SetupError
from app.process.supervisor import State


def keep(home: Home, states: list[State]) -> None:
    """Write the states down for `told`. A full disk is no reason to end the clinic."""
    fresh = home.parts.with_suffix(".new")
    with suppress(OSError):
        fresh.write_bytes(msgspec.json.encode(states))
        fresh.replace(home.parts)


def told(home: Home) -> tuple[list[str], bool]:
    """One line a process, and whether all of them run. Raises SetupError when no clinic runs from this home."""
    try:
        with home.owned():
            raise SetupError(f"No clinic runs from {home.root}.")
    except HomeBusy:
        pass
    try:
        states = msgspec.json.decode(home.parts.read_bytes(), type=list[State])
    except FileNotFoundError:
        raise SetupError(f"The clinic in {home.root} has not started any process yet.") from None
    now = datetime.now(UTC)
    width = max((len(state.name) for state in states), default=0)
    lines = [f"{state.name:<{width}}  {_words(state, now)}" for state in states]
    return lines, all(state.pid is not None for state in states)


def _words(state: State, now: datetime) -> str:
    often = "once" if state.deaths == 1 else f"{state.deaths} times in a row"
    stops = f"stopped {often} ({state.last})" if state.deaths else ""
    if state.pid is not None:
        return f"runs (process {state.pid})" + (f"; {stops}" if stops else "")
    if state.next_try is None:
        return stops or "starting"
    seconds = max(0, round((state.next_try - now).total_seconds()))
    return f"{stops}; starts again in {seconds} s"
