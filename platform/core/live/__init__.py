"""Live push: what happened, told to the open screens that may know."""

from core.live.numbering import LiveEvent
from core.live.push import KEEP, LiveMessage, account, audiences_of, newest, patient, publish, role

__all__ = [
    "KEEP",
    "LiveEvent",
    "LiveMessage",
    "account",
    "audiences_of",
    "newest",
    "patient",
    "publish",
    "role",
]
