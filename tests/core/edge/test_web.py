"""What the edge is told of a route, and that none starts that it does not know enough of. By itself."""

from typing import Any

import litestar
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.types import Receive, Scope, Send

from core.edge.surfaces import OURS
from core.edge.web import PUBLIC, check_labelled, delete, get, patch, post, put, routes_of
from core.guard.bodies import SMALL, USUAL

KNOWN = ("test.known",)


async def handler() -> None:
    """Nothing is asked of it."""


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    """The edge sees nothing of what comes here."""


def made(make: Any, path: str, permission: str, **options: Any) -> HTTPRouteHandler:
    found: HTTPRouteHandler = make(path, permission=permission, **options)(handler)
    return found


@pytest.mark.parametrize("make", [get, post, put, patch, delete])
def test_a_route_that_says_no_more_than_its_permission_is_held_to_everything(make: Any) -> None:
    assert made(make, "/a", "test.known").opt == {
        "permission": "test.known",
        "idempotent": False,
        "stream": False,
        "webhook": False,
        "hot": None,
        "polled": False,
        "reads": False,
        "spare": False,
        "most": USUAL,
        "surface": OURS,
    }


@pytest.mark.parametrize("make", [get, post, put, patch, delete])
def test_what_a_route_says_reaches_the_edge_and_litestar(make: Any) -> None:
    told = made(make, "/a", "test.known", idempotent=True, polled=True, status_code=203, tags=["a"])
    assert (told.opt["idempotent"], told.opt["polled"], told.opt["stream"]) == (True, True, False)
    assert (told.status_code, list(told.tags or [])) == (203, ["a"])


def test_what_strangers_send_is_small_unless_the_route_says_otherwise() -> None:
    sizes = [
        made(post, "/a", PUBLIC),
        made(post, "/a", PUBLIC, most=7),
        made(post, "/a", "test.known", most=7),
    ]
    assert [each.opt["most"] for each in sizes] == [SMALL, 7, 7]


def test_every_route_is_listed_with_its_method_and_none_that_litestar_adds() -> None:
    routes = [made(make, "/b/{at:int}", "test.known") for make in (put, patch, delete, get)]
    app = Litestar([*routes, made(post, "/a", PUBLIC)], openapi_config=None)
    listed = [(method, path, found.opt["permission"]) for method, path, found in routes_of(app)]
    assert sorted(listed) == [
        ("DELETE", "/b/{at}", "test.known"),
        ("GET", "/b/{at}", "test.known"),
        ("PATCH", "/b/{at}", "test.known"),
        ("POST", "/a", "public"),
        ("PUT", "/b/{at}", "test.known"),
    ]
    assert [method for method, path, _ in listed if path != "/a"] == ["DELETE", "GET", "PATCH", "PUT"]
    check_labelled(app, KNOWN)


@pytest.mark.parametrize(
    ("route", "why"),
    [
        (litestar.get("/a", status_code=204)(handler), "GET /a declares no known permission"),
        (made(post, "/a", "test.unknown"), "POST /a declares no known permission"),
        (litestar.asgi("/a", copy_scope=True)(bare), "/a is no HTTP route, and the edge guards no other"),
    ],
    ids=["no permission", "an unknown one", "not of HTTP"],
)
def test_no_application_starts_with_a_route_that_is_not_guarded(route: Any, why: str) -> None:
    app = Litestar([route, made(get, "/b", "test.known")], openapi_config=None)
    with pytest.raises(RuntimeError) as refused:
        check_labelled(app, KNOWN)
    assert str(refused.value) == why
