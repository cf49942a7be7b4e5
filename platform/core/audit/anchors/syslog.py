"""Syslog as a target: RFC 5424 messages, as datagrams (RFC 5426, `/dev/log`) or over TCP (RFC 6587, octet counting).

The standard library's handler writes the older format, and nothing between two messages of a TCP connection.
"""

import os
import re
import socket
from collections.abc import Sequence
from datetime import UTC, datetime

from core.audit.anchors.anchor import Anchors, Head
from core.crypto import Signer

_PRIORITY = 13 * 8 + 5  # facility 'log audit', severity 'notice'
_SECONDS = 5.0
_LAST_WORD_SECONDS = 2.0


class SyslogTarget:
    """``kind`` is 'udp', 'tcp' or 'unix'; ``address`` a host and port, or a socket's path."""

    def __init__(self, name: str, kind: str, address: tuple[str, int] | str) -> None:
        self._name = name
        self._kind = kind
        self._address = address

    @property
    def name(self) -> str:
        return self._name

    @property
    def reads_back(self) -> bool:
        return False

    def publish(self, heads: Sequence[Head], now: datetime) -> None:
        messages = [message(head, now) for head in heads]
        if isinstance(self._address, str):
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as way:
                way.settimeout(_SECONDS)
                way.connect(self._address)
                _send_each(way, messages)
        elif self._kind == "tcp":
            with socket.create_connection(self._address, _SECONDS) as way:
                way.sendall(b"".join(b"%d %s" % (len(each), each) for each in messages))
                _wait_for_end(way)
        else:
            family, kind, protocol, _, address = socket.getaddrinfo(*self._address, type=socket.SOCK_DGRAM)[0]
            with socket.socket(family, kind, protocol) as way:
                way.settimeout(_SECONDS)
                way.connect(address)
                _send_each(way, messages)

    def read(self, newest: int, signer: Signer) -> Anchors | None:
        return None


def message(head: Head, now: datetime) -> bytes:
    """One RFC 5424 message."""
    at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    host = re.sub(r"[^!-~]", "", socket.gethostname())[:255] or "-"
    return f"<{_PRIORITY}>1 {at} {host} carethread {os.getpid()} audit-anchor - {head.line(now)}".encode()


def _send_each(way: socket.socket, messages: Sequence[bytes]) -> None:
    for each in messages:
        way.send(each)


def _wait_for_end(way: socket.socket) -> None:
    """TCP says nothing of what was read. A receiver that is gone resets the connection, one that is there ends it."""
    way.shutdown(socket.SHUT_WR)
    way.settimeout(_LAST_WORD_SECONDS)
    try:
        while way.recv(4096):
            pass
    except TimeoutError:
        return
