"""Requests as somebody sends them who wants to see the application fall over, made from the OpenAPI schema.

A body begins as one of the right shape, so that it gets past the first check, and then one or two of its values are
exchanged for something that nobody reckoned with.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

JSON = Any

DEEP = 60_000
WORDS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\u202egnp.exe",  # right-to-left override
    "\u200b\ufeff",
    "e\u0301" * 50,
    "\U0001f9d1\u200d\u2695\ufe0f",
    "x" * 70_000,
    "'; DROP TABLE visit; --",
    "%s%n{0}{{7*7}}${7*7}",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "not-a-uuid",
    "00000000-0000-0000-0000-000000000000",
    "{00000000-0000-0000-0000-000000000000}",
    "2023-02-29",
    "0001-01-01T00:00:00-14:00",
    "9999-12-31T23:59:59+14:00",
    "10000-01-01T00:00:00Z",
    "2024-06-30T23:59:60Z",
    "2024-01-01T00:00:00",
    "24:00",
    "America/Nowhere",
    "../../../etc/localtime",
    "٣",
    "1e400",
    "-0",
    "null",
)
NUMBERS = (0, -1, 1.5, -0.0, 2**31, 2**53 + 1, 2**63, 2**64, -(2**63) - 1, 10**400, 1e308, 5e-324)
OTHERS: tuple[JSON, ...] = (None, True, False, [], {}, [[]], {"": {}}, ["x"] * 3000, {"$ne": None}, "\ud800")

hostile_values = (
    st.sampled_from(WORDS)
    | st.sampled_from(NUMBERS)
    | st.sampled_from(OTHERS)
    | st.text(max_size=40)
    | st.integers()
    | st.floats()
)
# In an address nothing may be so long that the server before us refuses it.
hostile_text = st.sampled_from([*(word[:4000] for word in WORDS), *map(str, NUMBERS)]) | st.text(max_size=40)

RAW_BODIES = (
    b"",
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"0",
    b"\xff\xfe{\x00}\x00",
    b'{"a": "\xff\xc0\xaf"}',
    b'\xef\xbb\xbf{"a": 1}',
    b"[" * DEEP,
    b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    b'{"version": NaN, "title": Infinity}',
    b'{"version": ' + b"9" * 5000 + b"}",
    b'{"a": "\\ud800"}',
    b'{"a": "\\u0000"}',
    b" " * (1024 * 1024 + 1),
    b"--x\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n{}\r\n--x--\r\n",
)  # fmt: skip

HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"idempotency-key": "12345678"},
    {"idempotency-key": "x"},
    {"idempotency-key": "y" * 5000},
    {"idempotency-key": "k\u00e9y-k\u00e9y-k\u00e9y"},
    {"content-type": "application/json; charset=utf-16"},
    {"content-type": "multipart/form-data; boundary=x"},
    {"content-type": "multipart/form-data"},
    {"content-encoding": "gzip"},
    {"accept": "application/xml;q=x"},
    {"accept-language": "\u00ff" * 200},
    {"last-event-id": "-1"},
    {"range": "bytes=9-1"},
    {"if-none-match": '"\u00e9'},
    {"user-agent": "\u00ff" * 2000},
)


@dataclass(frozen=True)
class Operation:
    """A route of the schema: what it is called with."""

    method: str
    path: str
    example: JSON = None
    queries: tuple[str, ...] = ()

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"\{([a-z_]+)\}", self.path)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Attack:
    """One request, before it is known who sends it."""

    path: dict[str, str] = field(default_factory=dict)
    query: list[tuple[str, str | int | float | bool | None]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None


def encoded(body: JSON) -> bytes:
    """JSON as a hostile client writes it: NaN, numbers without end and lone surrogates included."""
    return json.dumps(body).encode()


def _leaves(value: JSON, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where in a body a value can be exchanged: every key and every place, outer ones too."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([at] if at else []), *(path for key, each in inner for path in _leaves(each, (*at, key)))]


def _exchanged(value: JSON, at: tuple[str | int, ...], new: JSON) -> JSON:
    if not at:
        return new
    head, *rest = at
    if isinstance(value, dict):
        return {
            key: _exchanged(each, tuple(rest), new) if key == head else each for key, each in value.items()
        }
    if isinstance(value, list):
        return [_exchanged(each, tuple(rest), new) if key == head else each for key, each in enumerate(value)]
    return value


@st.composite
def bodies(draw: st.DrawFn, example: JSON) -> bytes:
    """The example with one to three of its values exchanged, sometimes with keys that nobody asked for."""
    body = example
    places = _leaves(example)
    for _ in range(draw(st.integers(1, 3))):
        if places:
            body = _exchanged(body, draw(st.sampled_from(places)), draw(hostile_values))
    if isinstance(body, dict) and draw(st.booleans()):
        extra = draw(st.sampled_from(["clinic_id", "role", "__proto__", "signed_at", "\x00", ""]))
        body = {**body, extra: draw(hostile_values)}
    content = encoded(body)
    return _doubled(content) if draw(st.integers(0, 9)) == 0 else content


def with_words(example: JSON, word: str) -> JSON:
    """The example with this word wherever it has free text (which the factory of examples fills with letters)."""
    if isinstance(example, dict):
        return {key: with_words(each, word) for key, each in example.items()}
    if isinstance(example, list):
        return [with_words(each, word) for each in example]
    return word if isinstance(example, str) and example.isalpha() and len(example) >= 15 else example


def _doubled(content: bytes) -> bytes:
    """Every key twice."""
    return content[:-1] + b", " + content[1:] if content.startswith(b"{") and len(content) > 2 else content


@st.composite
def attacks(draw: st.DrawFn, operation: Operation) -> Attack:
    """A request to this operation with something hostile in its path, query, headers or body."""
    content = None
    if operation.method in ("POST", "PUT", "PATCH"):
        content = draw(bodies(operation.example) | st.sampled_from(RAW_BODIES))
    path = {name: draw(hostile_text) for name in operation.parameters if draw(st.integers(0, 4)) == 0}
    query: list[tuple[str, str | int | float | bool | None]] = [
        (name, draw(hostile_text))
        for name in operation.queries
        for _ in range(draw(st.sampled_from([0, 1, 1, 2])))
    ]
    return Attack(path, query, draw(st.just({}) | st.sampled_from(HEADERS)), content)
