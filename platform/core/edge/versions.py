"""ETag and If-Match (RFC 9110, 8.8.3 and 13.1.1) for what carries a version.

An answer is given its version with `tagged`. A write asks for `match: IfMatch`, and takes the version that it is made
on from `match.on(data.version)`; the slice compares it under its lock and raises `core.errors.Stale`, which is a 412
where the request had If-Match.
"""

import re
from dataclasses import dataclass
from typing import Annotated, TypeVar, overload

from litestar.params import HeaderParameter
from litestar.types import Scope

from core.edge.http_json import JsonAnswer
from core.errors import Problem

T = TypeVar("T")

# FHIR's clients send their tags as weak ones (R4, 3.1.0.5.1), although If-Match compares strongly.
_TAG = re.compile(r'(?:W/)?"(\d{1,18})"')


@dataclass(frozen=True, slots=True)
class IfMatch:
    """The version that the request's If-Match names; None without the header, and for `*`."""

    version: int | None

    @overload
    def on(self, said: int) -> int: ...
    @overload
    def on(self, said: int | None) -> int | None: ...
    def on(self, said: int | None) -> int | None:
        """The version that a write is made on: the body's, or the header's. Raises Problem 412 if they differ."""
        if self.version is None or said is None:
            return self.version if said is None else said
        if said != self.version:
            raise Problem(412, "precondition_failed")
        return said


def tagged(content: T, version: int) -> JsonAnswer[T]:
    """An answer that names its version, to be sent back as If-Match."""
    return JsonAnswer(content, headers={"etag": f'"{version}"'})


async def if_match(
    header: Annotated[str | None, HeaderParameter(name="If-Match", max_length=40)] = None,
) -> IfMatch:
    """The handlers' dependency `match`. Raises Problem 400 for what is neither one of our tags nor `*`."""
    said = (header or "*").strip()
    if said == "*":
        return IfMatch(None)
    if (found := _TAG.fullmatch(said)) is None:
        raise Problem(400, "if_match_malformed")
    return IfMatch(int(found[1]))


def has_if_match(scope: Scope) -> bool:
    """Whether the request says which version it is for."""
    return any(name == b"if-match" for name, _ in scope["headers"])
