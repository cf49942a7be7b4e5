"""Whether the time that an audit record bears can be when it was written.

A record is sealed with the first batch that is made after its transaction is over. Had it been written before the batch
before, it would be in that one. So it is no older than the seal before its own, but for the longest transaction, nor
than the records numbered before it. A day's grace is more than any transaction lives. An outage of the sealer needs
none: the seal before is then as old as the outage is long.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

GRACE = timedelta(days=1)
"""How far before the seal before its own, or the records before it, a record may be dated."""
AHEAD = timedelta(minutes=5)
"""How far the clocks of the servers may differ."""
_NAMED = 20
_EVER = datetime(1, 1, 2, tzinfo=UTC)


class Dates:
    """Looks at batch after batch, in their order, and collects a sentence for each record that is dated wrongly.

    ``since`` says when a clinic was made: it has no earlier records. It is None for the clinic of a demo, whose past is
    played before the first seal, in no order.
    """

    def __init__(self, since: Mapping[UUID, datetime | None]) -> None:
        self._since = since
        self._sealed_at = _EVER
        self._latest = _EVER
        self._count = 0
        self._named: list[str] = []

    def look_at(self, rows: Sequence[Row[Any]], batch: int, sealed_at: datetime) -> None:
        """The records of one batch, in the order of their numbers."""
        if sealed_at < self._sealed_at - AHEAD:
            self._name(f"Seal {batch} is dated {_told(sealed_at)}, before the seal before it.")
        where = f"in batch {batch}, sealed {_told(sealed_at)}"
        self._look_at(rows, where, sealed_at)
        self._sealed_at = sealed_at

    def look_at_waiting(self, rows: Sequence[Row[Any]], now: datetime) -> None:
        """The records that no batch holds yet."""
        self._look_at(rows, "not sealed yet", now)

    @property
    def sentences(self) -> list[str]:
        """The first of them, and how many more there are."""
        more = self._count - len(self._named)
        return [*self._named, f"And {more} more are dated wrongly."] if more else self._named

    def _look_at(self, rows: Sequence[Row[Any]], where: str, until: datetime) -> None:
        for row in rows:
            made = self._since.get(row.clinic_id, _EVER)
            if made is None and self._sealed_at == _EVER:
                continue
            earliest = max(self._sealed_at, self._latest, made or _EVER) - GRACE
            if row.at > until + AHEAD:
                self._name(f"Record {row.seq} ({where}) is dated {_told(row.at)}: in the future.")
                continue
            if row.at < earliest:
                self._name(f"Record {row.seq} ({where}) is dated {_told(row.at)}: backdated.")
            self._latest = max(self._latest, row.at)

    def _name(self, sentence: str) -> None:
        self._count += 1
        if len(self._named) < _NAMED:
            self._named.append(sentence)


def _told(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
