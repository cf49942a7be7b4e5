"""Cursors of paged lists: the place of the last row, as text."""

from datetime import datetime
from uuid import UUID

from core.errors import Problem

Place = tuple[datetime, UUID]


def cursor(at: datetime, row_id: UUID) -> str:
    """The place after a row."""
    return f"{at.isoformat()}~{row_id}"


def parse_cursor(text: str | None) -> Place | None:
    """The place, None at the beginning. Raises Problem 400 if the text is none of ours."""
    if text is None:
        return None
    at, _, row_id = text.partition("~")
    try:
        moment = datetime.fromisoformat(at.replace(" ", "+"))  # a '+' in a query string arrives as a blank
        if moment.tzinfo is None:
            raise ValueError
        return moment, UUID(row_id)
    except ValueError:
        raise Problem(400, "cursor_malformed") from None
