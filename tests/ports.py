"""Ports for servers that tests start."""

import socket
from contextlib import ExitStack
from random import Random

# Below those that kernels hand out for connections: what is free now is not taken before a server has started.
LOWEST, HIGHEST = 20_000, 32_000


def free_ports(count: int = 1) -> int:
    """The first of so many ports in a row that nobody listens on, anywhere, so that suites may run side by side."""
    chance = Random()  # noqa: S311 - spreads suites, guards nothing
    for _ in range(1000):
        first = chance.randrange(LOWEST, HIGHEST - count)
        with ExitStack() as stack:
            try:
                for port in range(first, first + count):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise RuntimeError("no free ports")
