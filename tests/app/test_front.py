"""What every answer says to browsers and proxies, whichever part of the process it comes from."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest
from litestar import Litestar

from app.web_files import Front
from core.services import Services
from tests.conftest import ORIGIN

HTTPS = "https://clinic.example"


@pytest.fixture
async def outside(app: Litestar, services: Services, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at the front door, where pages and API meet, reached by https."""
    (tmp_path / "index.html").write_text("<!doctype html><title>Carethread</title>")
    (tmp_path.parent / "beside.txt").write_text("not for you")
    settings = msgspec.structs.replace(services.settings, public_url=HTTPS, web_dist=str(tmp_path))
    transport = httpx.ASGITransport(Front(app, settings), raise_app_exceptions=False)  # type: ignore[arg-type]  # litestar's own ASGI types
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


@pytest.mark.parametrize(
    "path",
    ["/", "/c/harbor", "/missing.js", "/api/session", "/api/nothing", "/api/clinics/none", "/health/live"],
)
async def test_no_answer_can_be_framed_sniffed_or_read_by_another_site(
    outside: httpx.AsyncClient, path: str
) -> None:
    headers = (await outside.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "max-age=63072000" in headers["strict-transport-security"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert "script-src 'unsafe" not in headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/api/session", "/api/nothing", "/api/clinics/none", "/health/live"])
async def test_nothing_of_the_api_is_kept_or_run(outside: httpx.AsyncClient, path: str) -> None:
    headers = (await outside.get(path)).headers
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'")


async def test_camera_and_microphone_are_for_our_own_page_only(outside: httpx.AsyncClient) -> None:
    allowed = (await outside.get("/")).headers["permissions-policy"]
    assert "camera=(self)" in allowed and "microphone=(self)" in allowed


@pytest.mark.parametrize(
    "path", ["/%2e%2e/beside.txt", "/..%2fbeside.txt", "//beside.txt", "/assets/..%2f..%2fbeside.txt"]
)
async def test_files_beside_the_build_are_not_served(outside: httpx.AsyncClient, path: str) -> None:
    answer = await outside.get(path)
    assert "not for you" not in answer.text


@pytest.mark.parametrize("path", ["/metrics", "/%6Detrics", "/metrics/", "/metrics?a=b"])
async def test_figures_are_for_the_inside_only(outside: httpx.AsyncClient, path: str) -> None:
    through_the_proxy = await outside.get(path, headers={"x-forwarded-for": "203.0.113.9"})
    assert through_the_proxy.status_code == 404
    assert "carethread_requests_total" in (await outside.get(path)).text


async def test_asking_for_a_paths_methods_is_no_error(outside: httpx.AsyncClient) -> None:
    for path in ("/api/session", "/api/live", "/metrics"):
        answer = await outside.options(path)
        assert answer.status_code == 204, answer.text
