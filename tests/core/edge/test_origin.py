"""Which writes come from our own pages, by their headers alone."""

from types import SimpleNamespace
from typing import Any

import pytest

from core.edge.middleware import check_origin, has_bearer
from core.errors import Problem

OURS = "https://clinic.example"
SETTINGS: Any = SimpleNamespace(origins=frozenset({OURS}))


def scope(**headers: str) -> Any:
    named = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {"headers": named}


@pytest.mark.parametrize("origin", [None, "", "null", "https://clinic.example.evil", "http://clinic.example"])
def test_a_write_from_elsewhere_is_refused(origin: str | None) -> None:
    asked = scope() if origin is None else scope(origin=origin)
    with pytest.raises(Problem) as refused:
        check_origin(asked, SETTINGS)
    assert (refused.value.status, refused.value.code) == (403, "origin_refused")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content_length": "0"},
        {"content_length": "0", "content_type": "text/plain"},
        {"content_length": "2", "content_type": "application/json"},
        {"content_length": "2", "content_type": " Application/JSON ; charset=utf-8"},
        {"content_length": "9", "content_type": "multipart/form-data; boundary=x"},
        {"transfer_encoding": "chunked", "content_type": "application/json"},
    ],
)
def test_our_own_pages_write_json_and_forms_with_files(headers: dict[str, str]) -> None:
    check_origin(scope(origin=OURS, **headers), SETTINGS)


@pytest.mark.parametrize(
    "headers",
    [
        {"content_length": "2"},
        {"content_length": "2", "content_type": "text/plain"},
        {"content_length": "2", "content_type": "text/plain; application/json"},
        {"content_length": "2", "content_type": "application/x-www-form-urlencoded"},
        {"transfer_encoding": "chunked"},
        {"transfer_encoding": "chunked", "content_length": "0", "content_type": "text/plain"},
    ],
)
def test_what_a_form_of_another_site_can_send_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(Problem) as refused:
        check_origin(scope(origin=OURS, **headers), SETTINGS)
    assert (refused.value.status, refused.value.code) == (403, "content_type_refused")


def test_a_bearer_token_is_one_by_its_scheme() -> None:
    assert has_bearer(scope(authorization="Bearer abc"))
    assert has_bearer(scope(authorization="bearer abc"))
    for other in ("Basic abc", "Bearer", "Bearerabc", "token Bearer abc", ""):
        assert not has_bearer(scope(authorization=other)), other
    assert not has_bearer(scope())
