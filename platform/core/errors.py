"""What can go wrong, said once: each error has a status, a code and data, rendered as RFC 9457 problem details.

The text a person reads is made in the browser from the code, in the reader's language.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

import msgspec


class FieldError(msgspec.Struct, frozen=True, omit_defaults=True):
    """One field that is wrong: its dotted path in the body, a code, and numbers or names for the message."""

    path: str
    code: str
    params: dict[str, str | int | float] = {}


class ProblemBody(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of an error response, ``application/problem+json``."""

    type: str
    title: str
    status: int
    code: str
    request_id: str = ""
    fields: list[FieldError] = []
    data: dict[str, Any] = {}


class Problem(Exception):
    """An expected error. ``code`` is snake_case and stable; ``data`` holds what a client needs to go on."""

    def __init__(
        self, status: int, code: str, fields: list[FieldError] | None = None, /, **data: Any
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.fields = fields or []
        self.data = data

    def body(self, request_id: str = "") -> ProblemBody:
        return ProblemBody(
            type=f"/problems/{self.code}",
            title=HTTPStatus(self.status).phrase,
            status=self.status,
            code=self.code,
            request_id=request_id,
            fields=self.fields,
            data=self.data,
        )


class NotFound(Problem):
    """What was asked for is not there, or not for this person: the two look alike on purpose."""

    def __init__(self) -> None:
        super().__init__(404, "not_found")


class NotYet(NotFound):
    """A part of what this person may see is not made yet. It looks like `NotFound`, and is no refusal."""


class SignedOut(Problem):
    """Nobody is signed in, or the session has ended."""

    def __init__(self) -> None:
        super().__init__(401, "signed_out")


class Forbidden(Problem):
    """The person may see the thing but not do this with it."""

    def __init__(self, code: str = "not_permitted", /, **data: Any) -> None:
        super().__init__(403, code, **data)


class Restricted(Forbidden):
    """What is closed to this person, who may open it with a reason (`identity.privacy`): a restricted chart, or with
    `part="note"` the sensitive note of a visit."""

    def __init__(self, patient_id: UUID, **part: str) -> None:
        super().__init__("chart_restricted", patient_id=str(patient_id), **part)


class Conflict(Problem):
    """The state of things does not allow this now; ``data`` says what the state is."""

    def __init__(self, code: str, /, **data: Any) -> None:
        super().__init__(409, code, **data)


class Stale(Conflict):
    """What is to be changed has a newer version, or another state, than the writer saw.

    409, and 412 where the request says so with If-Match (RFC 9110, 13.1.1).
    """


class Invalid(Problem):
    """Fields that are wrong: ``Invalid({"phone": "phone_invalid"})``, or FieldErrors where numbers matter."""

    def __init__(self, fields: Mapping[str, str] | list[FieldError], **data: Any) -> None:
        errors = (
            fields if isinstance(fields, list) else [FieldError(path, code) for path, code in fields.items()]
        )
        super().__init__(422, "invalid", errors, **data)


class Unavailable(Problem):
    """Something we stand on is away for the moment; nothing was lost, try again."""

    def __init__(self) -> None:
        super().__init__(503, "temporarily_unavailable")
