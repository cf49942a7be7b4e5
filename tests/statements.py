"""What the application asks its database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from core.services import Services


@contextmanager
def counted(services: Services) -> Iterator[list[str]]:
    """The statements that the application's engine sends meanwhile."""
    engine, sent = services.engine.sync_engine, []

    def note(*context: object) -> None:
        sent.append(str(context[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
