"""What a syslog server receives, as RFC 5424 and RFC 6587 have it."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import json
from core.audit.anchors.anchor import Head
from core.audit.anchors.syslog import SyslogTarget
from core.audit.anchors.target import Target
from core.audit.anchors.targets import named_targets
from core.config import Settings

NOW = datetime(2026, 11, 26, 18, 0, 0, 5, UTC)
HEADS = [Head(number, bytes([number]) * 32, NOW, bytes(64)) for number in (9, 10, 11)]
MESSAGE = re.compile(
    rb"<109>1 2026-11-26T18:00:00\.000005Z (\S+) carethread (\d+) audit-anchor - (\{.*\})", re.DOTALL
)


def target(address: str) -> Target:
    [only] = named_targets(Settings(database_url="", redis_url="", secret_key=b"", audit_anchors=address))
    return only


def batches(messages: list[bytes]) -> list[int]:
    """Strictly: nothing before, between or after."""
    found = [MESSAGE.fullmatch(each) for each in messages]
    assert all(found), messages
    return [json.decode(match[3])["batch"] for match in found if match]


def test_datagrams_are_one_message_each(tmp_path: Path) -> None:
    path = str(tmp_path / "log")
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as unix,
        socket.socket(type=socket.SOCK_DGRAM) as udp,
    ):
        unix.bind(path)
        udp.bind(("127.0.0.1", 0))
        for server, address in ((unix, f"unix://{path}"), (udp, f"udp://127.0.0.1:{udp.getsockname()[1]}")):
            server.settimeout(30)
            target(f"syslog+{address}").publish(HEADS, NOW)
            assert batches([server.recv(65536) for _ in HEADS]) == [9, 10, 11]


def test_a_connection_counts_the_octets_of_each_message() -> None:
    with listening(read_to_end) as (address, received):
        target(f"syslog+tcp://{address}").publish(HEADS, NOW)
    assert batches(frames(received[0])) == [9, 10, 11]


def frames(text: bytes) -> list[bytes]:
    found = []
    while text:
        count, _, text = text.partition(b" ")
        assert re.fullmatch(rb"[1-9][0-9]*", count)
        found.append(text[: int(count)])
        assert len(found[-1]) == int(count)
        text = text[int(count) :]
    return found


def test_a_server_that_is_away_or_throws_the_message_out_has_not_got_it() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(OSError):
            target(f"syslog+tcp://127.0.0.1:{unused.getsockname()[1]}").publish(HEADS, NOW)
    with listening(reset) as (address, _), pytest.raises(OSError):
        target(f"syslog+tcp://{address}").publish(HEADS, NOW)
    with pytest.raises(OSError):
        SyslogTarget("x", "unix", "/nowhere/log").publish(HEADS, NOW)


def read_to_end(peer: socket.socket) -> bytes:
    got = b""
    while more := peer.recv(65536):
        got += more
    return got


def reset(peer: socket.socket) -> bytes:
    """Closed with something unread, a connection is reset."""
    peer.recv(1)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    return b""


@contextmanager
def listening(hear: Callable[[socket.socket], bytes]) -> Iterator[tuple[str, list[bytes]]]:
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            peer, _ = server.accept()
            with peer:
                received.append(hear(peer))

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}", received
        thread.join()
