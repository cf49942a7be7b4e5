"""Structured logs by allow-list: a line can hold only the fields named here, so health data cannot slip in.

Messages of libraries are not trusted: of those only the logger, the place and the exception's type are kept.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

ALLOWED = frozenset(
    {
        "account_id", "action", "attempt_id", "attempts", "batch", "cause", "clinic_id", "close_code", "code",
        "count", "event", "event_id", "job", "kind", "method", "ms", "name", "node", "peers", "port",
        "prescription_id", "process", "reason", "request_id", "route", "rows", "seconds", "seq", "session_id",
        "sockets", "source", "status", "subscriber", "topic", "visit_id",
    }
)  # fmt: skip


class Log:
    """A logger whose every call is an event's name and allowed fields. Others are dropped, and said so."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(f"carethread.{name}")

    def info(self, event: str, **fields: object) -> None:
        self._logger.info(event, extra={"fields": fields})

    def warning(self, event: str, **fields: object) -> None:
        self._logger.warning(event, extra={"fields": fields})

    def error(self, event: str, error: BaseException | None = None, **fields: object) -> None:
        self._logger.error(event, extra={"fields": fields}, exc_info=error)


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name.startswith("carethread."):
            line["event"] = record.msg
            fields: dict[str, object] = getattr(record, "fields", {})
            line.update((name, _plain(value)) for name, value in fields.items() if name in ALLOWED)
            if dropped := sorted(fields.keys() - ALLOWED):
                line["dropped"] = dropped
        else:
            line["place"] = f"{record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = _frames(record.exc_info[1])
        return json.dumps(line)


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def _frames(error: BaseException | None) -> list[str]:
    """Where it happened, without the message: messages of database errors quote the row."""
    if error is None:
        return []
    frames = traceback.extract_tb(error.__traceback__)
    return [
        f"{'/'.join(frame.filename.rsplit('/', 2)[-2:])}:{frame.lineno} {frame.name}"
        for frame in frames[-12:]
    ]


def setup(level: str = "INFO") -> None:
    """Send every log line of this process to standard error, in our form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("carethread").setLevel(level)
    for noisy in ("uvicorn", "uvicorn.error", "uvicorn.access", "arq", "litestar"):
        logger = logging.getLogger(noisy)
        logger.handlers[:] = []
        logger.propagate = True
        logger.setLevel(logging.WARNING)
