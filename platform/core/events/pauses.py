"""How long to wait before what failed is tried again."""

from datetime import timedelta

_MOST_DOUBLINGS = 12


def pause_after(tries: int, longest_seconds: float) -> timedelta:
    """2 s after the first try, twice as long after each further one, up to the operator's longest pause
    (`Settings.retry_pause_seconds`)."""
    return timedelta(seconds=min(2 ** min(tries, _MOST_DOUBLINGS), longest_seconds))
