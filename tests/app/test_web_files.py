"""The built pages as browsers get them: packed, remembered rightly, and the new ones as soon as they are built."""

import gzip
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from app.web_files import WebFiles
from core.services import Services

PAGE = "<!doctype html><title>Carethread {number}</title>"
SCRIPT = "console.log('a script that is worth packing, packing, packing, packing')\n" * 40

Build = Callable[[int], None]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Builds the pages, as Vite does: the folder is emptied, and every script has a new name."""
    dist = tmp_path / "dist"

    def build(number: int) -> None:
        for old in sorted(dist.rglob("*"), reverse=True):
            old.unlink() if not old.is_dir() else old.rmdir()
        (dist / "assets").mkdir(parents=True, exist_ok=True)
        (dist / ".vite").mkdir(exist_ok=True)
        (dist / ".vite" / "manifest.json").write_text("{}")
        script = dist / "assets" / f"app-{number}.js"
        script.write_text(SCRIPT)
        Path(f"{script}.gz").write_bytes(gzip.compress(SCRIPT.encode()))
        Path(f"{script}.br").write_bytes(b"packed by brotli")
        (dist / "assets" / "font.woff2").write_bytes(b"font")
        (dist / "index.html").write_text(PAGE.format(number=number))

    (tmp_path / "beside.txt").write_text("not for you")
    build(1)
    return build


@pytest.fixture
async def browser(services: Services, tmp_path: Path, build: Build) -> AsyncIterator[httpx.AsyncClient]:
    app = WebFiles(tmp_path / "dist", services.settings)
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]  # litestar's own ASGI types
    async with httpx.AsyncClient(transport=transport, base_url="http://clinic.test") as client:
        client.headers["accept-encoding"] = "identity"
        yield client


async def test_files_with_hashed_names_are_kept_for_ever_and_the_page_is_asked_for_each_time(
    browser: httpx.AsyncClient,
) -> None:
    script = await browser.get("/assets/app-1.js")
    assert script.text == SCRIPT
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    for path in ("/", "/c/harbor", "/index.html"):
        page = await browser.get(path)
        assert page.text == PAGE.format(number=1)
        assert page.headers["cache-control"] == "no-cache"
        again = await browser.get(path, headers={"if-none-match": page.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == "no-cache"
        other = await browser.get(path, headers={"if-none-match": '"something else"'})
        assert other.status_code == 200


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("gzip;q=0.0", None),
        ("identity", None),
        ("", None),
    ],
)
async def test_each_browser_gets_the_smallest_that_it_can_read(
    browser: httpx.AsyncClient, asked: str, given: str | None
) -> None:
    answer = await browser.head("/assets/app-1.js", headers={"accept-encoding": asked})
    assert answer.headers.get("content-encoding") == given
    assert answer.headers["vary"] == "accept-encoding"
    plain = await browser.get("/assets/font.woff2", headers={"accept-encoding": asked})
    assert "content-encoding" not in plain.headers and plain.content == b"font"


async def test_what_differs_by_coding_differs_by_etag(browser: httpx.AsyncClient) -> None:
    tags = {
        (await browser.head("/assets/app-1.js", headers={"accept-encoding": coding})).headers["etag"]
        for coding in ("identity", "gzip", "br")
    }
    assert len(tags) == 3


async def test_a_head_says_what_a_get_would(browser: httpx.AsyncClient) -> None:
    for path in ("/", "/assets/app-1.js"):
        head, whole = await browser.head(path), await browser.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers == whole.headers
        assert head.headers["content-length"] == str(len(whole.content))
    refused = await browser.post("/")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "path",
    [
        "/../beside.txt",
        "/%2e%2e/beside.txt",
        "/..%2fbeside.txt",
        "/assets/..%2f..%2fbeside.txt",
        "/assets/../../beside.txt",
        "/..%5cbeside.txt",
        "/link.txt",
        "/.vite/manifest.json",
        "/assets/app-1.js.gz",
        "/index.html%00.js",
    ],
)
async def test_nothing_but_the_build_is_served(browser: httpx.AsyncClient, tmp_path: Path, path: str) -> None:
    os.symlink(tmp_path / "beside.txt", tmp_path / "dist" / "link.txt")
    answer = await browser.get(path)
    assert answer.status_code == 404 and answer.content == b""


async def test_a_new_build_is_served_at_once_and_open_pages_keep_their_scripts(
    browser: httpx.AsyncClient, tmp_path: Path, build: Build
) -> None:
    before = await browser.get("/")
    build(2)
    after = await browser.get("/", headers={"if-none-match": before.headers["etag"]})
    assert (after.status_code, after.text) == (200, PAGE.format(number=2))
    assert (await browser.get("/assets/app-2.js")).text == SCRIPT
    assert (await browser.get("/assets/app-1.js")).text == SCRIPT, "lazy parts of a page opened before"
    build(3)
    await browser.get("/")
    assert (await browser.get("/assets/app-1.js")).status_code == 404, "but not for ever"

    (tmp_path / "dist" / "index.html").unlink()
    assert (await browser.get("/")).text == PAGE.format(number=3), "while it is being built"


async def test_without_a_build_it_says_so(services: Services, tmp_path: Path) -> None:
    app = WebFiles(tmp_path / "nowhere", services.settings)
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]  # litestar's own ASGI types
    async with httpx.AsyncClient(transport=transport, base_url="http://clinic.test") as client:
        answer = await client.get("/")
        assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")
