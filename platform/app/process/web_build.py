"""The built web application in memory: each file with its packed copies, taken up again when it was built anew."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PACKED = {"br": ".br", "gzip": ".gz"}
"""Content codings that the build leaves copies for, the smallest first."""

_PAGE = "/index.html"
_HASHED = "/assets/"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mp3": "audio/mpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is served. ``bodies`` by content coding, '' for the plain one; ``etag`` is of the plain one."""

    media_type: str
    cache: str
    etag: str
    bodies: Mapping[str, bytes]

    def best(self, accepted: frozenset[str]) -> tuple[str, bytes]:
        """The coding that serves this browser best, and the body in it."""
        coding = next((each for each in PACKED if each in accepted and each in self.bodies), "")
        return coding, self.bodies[coding]


Stamp = tuple[int, ...]
Files = dict[str, File]


class WebBuild:
    """``find(path)`` among the newest build; files with hashed names of the build before are still found, because
    pages that were opened before the change ask for them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp: Stamp = ()
        self._files: Files = {}
        self._before: Files = {}

    def find(self, path: str) -> File | None:
        """The file at this path of the address, as it was read from disk; no path leads out of the build."""
        self._refresh()
        return self._files.get(path) or self._before.get(path)

    def page(self) -> File | None:
        """The page itself, None if nothing was ever built."""
        return self.find(_PAGE)

    def _refresh(self) -> None:
        """A few looks at the disk. In the middle of a build, without a page, what was there before goes on."""
        stamp = _stamp(self._folder)
        if stamp == self._stamp or not (files := _read(self._folder)):
            return
        if _PAGE in self._files and files[_PAGE].etag != self._files[_PAGE].etag:
            self._before = {path: file for path, file in self._files.items() if path.startswith(_HASHED)}
        self._stamp, self._files = stamp, files


def _stamp(folder: Path) -> Stamp:
    """What changes with every build: when the page was written, and when files came to the folders or went."""
    try:
        seen = [each.stat() for each in (folder / _PAGE[1:], folder)]
        assets = folder / _HASHED.strip("/")
        if assets.is_dir():
            seen.append(assets.stat())
    except OSError:
        return ()
    return tuple(number for each in seen for number in (each.st_mtime_ns, each.st_ino, each.st_size))


def _read(folder: Path) -> Files:
    """Every file by its path, or nothing while there is no page. Hidden ones and those behind links that lead out
    are not part of it."""
    root, packed = folder.resolve(), tuple(PACKED.values())
    files: Files = {}
    try:
        for path in folder.rglob("*"):
            name = path.relative_to(folder).as_posix()
            hidden = any(part.startswith(".") for part in name.split("/"))
            if hidden or name.endswith(packed) or not path.resolve().is_relative_to(root):
                continue
            if path.is_file():
                files[f"/{name}"] = _file(f"/{name}", path)
    except FileNotFoundError:  # it is being built this moment
        return {}
    return files if _PAGE in files else {}


def _file(name: str, path: Path) -> File:
    copies = {coding: path.with_name(path.name + suffix) for coding, suffix in PACKED.items()}
    plain = path.read_bytes()
    return File(
        media_type=_TYPES.get(path.suffix, "application/octet-stream"),
        cache="public, max-age=31536000, immutable" if name.startswith(_HASHED) else "no-cache",
        etag=hashlib.sha256(plain).hexdigest()[:32],
        bodies={"": plain} | {coding: copy.read_bytes() for coding, copy in copies.items() if copy.is_file()},
    )
