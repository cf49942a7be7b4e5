"""uvicorn's HTTP with the deadlines that it lacks: for headers that come slowly, and for answers that nobody reads."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from core.config import Settings


class Punctual(HttpToolsProtocol):
    """One connection. It is cut off when the client keeps us waiting for longer than the settings allow."""

    def __init__(self, settings: Settings, **options: Any) -> None:
        super().__init__(**options)
        self._settings = settings
        self._headers_due: asyncio.TimerHandle | None = None
        self._reader_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._expect_headers()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        # Between two requests uvicorn waits anew at each byte, whatever it is.
        between = self.cycle is None or self.cycle.response_complete
        if between and self._headers_due is None:
            self._expect_headers()

    def on_headers_complete(self) -> None:
        self._stop_expecting_headers()
        super().on_headers_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._reader_due = self.loop.call_later(self._settings.answer_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        self._stop_expecting_reader()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_expecting_headers()
        self._stop_expecting_reader()
        super().connection_lost(exc)

    def _expect_headers(self) -> None:
        self._headers_due = self.loop.call_later(self._settings.request_seconds, self.transport.abort)

    def _stop_expecting_headers(self) -> None:
        if self._headers_due is not None:
            self._headers_due.cancel()
            self._headers_due = None

    def _stop_expecting_reader(self) -> None:
        if self._reader_due is not None:
            self._reader_due.cancel()
            self._reader_due = None
