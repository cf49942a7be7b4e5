"""How much one socket may say."""

from signaling.limits import BURST, BYTES_PER_UNIT, PER_SECOND


class Allowance:
    """A token bucket: BURST units at first, PER_SECOND more each second. A message costs one unit, and one
    more for each 4 KB."""

    def __init__(self, now: float) -> None:
        self._units = BURST
        self._at = now

    def take(self, size: int, now: float) -> bool:
        """Whether a message of `size` bytes may still pass at `now` (seconds of a monotonic clock)."""
        self._units = min(BURST, self._units + max(0.0, now - self._at) * PER_SECOND)
        self._at = max(self._at, now)
        self._units -= 1 + size // BYTES_PER_UNIT
        return self._units >= 0
