"""A sealed file is read as it was written, or not at all: not swapped, cut, extended, changed or moved."""

import os
from collections.abc import AsyncIterator, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crypto import CannotOpen, Keyring
from core.files.sealing import CHUNK, EARLIER, VERSION, seal, unseal

KEY, ANOTHER = bytes(range(32)), bytes(range(1, 33))
RING = Keyring(KEY)
PLACE = "clinic/file"
HEAD, SEALED = 1 + 4 + 32, CHUNK + 16


async def pieces(data: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def sealed(plain: bytes, size: int = 50_000, ring: Keyring = RING) -> bytes:
    return b"".join([piece async for piece in seal(pieces(plain, size), ring, PLACE)])


async def opened(data: bytes, size: int = 50_000, ring: Keyring = RING, place: str = PLACE) -> bytes:
    return b"".join([piece async for piece in unseal(pieces(data, size), ring, place)])


_NEAR_CHUNKS = st.integers(0, 3).flatmap(
    lambda count: st.integers(-2, 2).map(lambda off: max(count * CHUNK + off, 0))
)


@given(_NEAR_CHUNKS, st.integers(1, 3 * CHUNK), st.integers(1, 3 * CHUNK))
async def test_what_was_sealed_opens_however_it_was_cut_into_pieces(
    size: int, before: int, after: int
) -> None:
    plain = os.urandom(size)
    data = await sealed(plain, max(before, 1000))
    assert data[:1] == VERSION
    assert await opened(data, max(after, 1000)) == plain


def _chunks(data: bytes) -> list[bytes]:
    return [data[start : start + SEALED] for start in range(HEAD, len(data), SEALED)]


def _flip(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def _swapped(data: bytes) -> bytes:
    first, second, *rest = _chunks(data)
    return data[:HEAD] + b"".join([second, first, *rest])


def _without_the_second(data: bytes) -> bytes:
    first, _, *rest = _chunks(data)
    return data[:HEAD] + b"".join([first, *rest])


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "nothing at all": lambda data: b"",
    "another version": lambda data: b"\x07" + data[1:],
    "half a head": lambda data: data[: HEAD // 2],
    "the head alone": lambda data: data[:HEAD],
    "another key's id": lambda data: _flip(data, 2),
    "another salt": lambda data: _flip(data, HEAD - 1),
    "a bit in the first chunk": lambda data: _flip(data, HEAD + 100),
    "a bit in the last chunk": lambda data: _flip(data, len(data) - 1),
    "cut within a chunk": lambda data: data[:-1],
    "cut between chunks": lambda data: data[: HEAD + SEALED],
    "the last chunk gone": lambda data: data[: HEAD + 2 * SEALED],
    "two chunks swapped": _swapped,
    "a chunk left out": _without_the_second,
    "the last chunk twice": lambda data: data + _chunks(data)[-1],
    "something added": lambda data: data + b"x",
}


@pytest.mark.parametrize("damage", DAMAGE)
async def test_what_was_damaged_does_not_open(damage: str) -> None:
    data = await sealed(os.urandom(2 * CHUNK + 500))
    with pytest.raises(CannotOpen):
        await opened(DAMAGE[damage](data))


async def test_a_file_opens_only_where_it_belongs_and_with_its_key() -> None:
    data = await sealed(b"a summary")
    with pytest.raises(CannotOpen):
        await opened(data, place="clinic/another")
    with pytest.raises(CannotOpen):
        await opened(data, ring=Keyring(ANOTHER))
    assert await opened(data, ring=Keyring(ANOTHER, KEY)) == b"a summary", "a rotated key still opens"
    assert await sealed(b"a summary") != data, "each file has a key of its own"


async def test_what_an_earlier_release_sealed_in_one_piece_still_opens() -> None:
    plain = os.urandom(2 * CHUNK)
    data = RING.seal(plain, PLACE)
    assert data[:1] == EARLIER
    assert await opened(data) == plain
    with pytest.raises(CannotOpen):
        await opened(data[:-1])
