"""An object store with object lock, as much of S3 as anchors use, and as strict as S3 is about it.

It refuses what is not signed (Signature Version 4, every `x-amz-` header within it), what has no lock or an unproven
body, and keeps every version: a deletion lays a mark on top.
"""

import base64
import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.saxutils import escape

KEY_ID, SECRET, REGION, BUCKET = (
    "AKIDEXAMPLE",
    "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "eu-south-2",
    "audit",
)


@dataclass
class Version:
    key: str
    body: bytes
    mode: str = ""
    until: datetime | None = None
    deleted: bool = False


@dataclass
class Store:
    versions: list[Version] = field(default_factory=list)
    locks: bool = True
    refuses: str = ""
    port: int = 0

    @property
    def address(self) -> str:
        return f"s3+http://127.0.0.1:{self.port}/{BUCKET}/river?region={REGION}"


class Refused(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@contextmanager
def running() -> Iterator[Store]:
    store = Store()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.answer(lambda: put(store, self, body))

        def do_GET(self) -> None:
            self.answer(lambda: listed(store, self))

        def answer(self, act: object) -> None:
            try:
                status, text = 200, act()  # type: ignore[operator]  # one of the two above
            except Refused as refused:
                status, text = (
                    refused.status,
                    f"<Error><Code>{refused.code}</Code><Message>no</Message></Error>",
                )
            self.send_response(status)
            self.send_header("content-type", "application/xml")
            self.send_header("content-length", str(len(text)))
            self.send_header("etag", '"0"')
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        store.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield store
        server.shutdown()


def put(store: Store, request: BaseHTTPRequestHandler, body: bytes) -> str:
    check_signature(request, body)
    headers = request.headers
    mode, until = headers["x-amz-object-lock-mode"], headers["x-amz-object-lock-retain-until-date"]
    if store.refuses:
        raise Refused(403, store.refuses)
    if not store.locks:
        raise Refused(400, "InvalidRequest")  # 'Bucket is missing Object Lock Configuration'
    if mode not in ("COMPLIANCE", "GOVERNANCE"):
        raise Refused(400, "InvalidArgument")
    at = datetime.strptime(until, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    store.versions.append(Version(key_of(request), body, mode, at))
    return ""


def listed(store: Store, request: BaseHTTPRequestHandler) -> str:
    check_signature(request, b"")
    asked = dict(parse_qsl(urlsplit(request.path).query, keep_blank_values=True))
    if "versions" not in asked:
        raise Refused(403, "AccessDenied")
    page = int(asked["max-keys"])
    after, prefix = asked.get("key-marker", ""), asked["prefix"]
    found = sorted(
        (each for each in store.versions if each.key > after and each.key.startswith(prefix)),
        key=lambda each: each.key,
    )
    shown = found[:page]
    lines = "".join(
        f"<{tag}><Key>{escape(each.key)}</Key><VersionId>v</VersionId><IsLatest>true</IsLatest>"
        f"<LastModified>2026-11-26T18:00:00.000Z</LastModified></{tag}>"
        for each in shown
        for tag in ["DeleteMarker" if each.deleted else "Version"]
    )
    more = len(found) > page
    marker = f"<NextKeyMarker>{escape(shown[-1].key)}</NextKeyMarker>" if more else ""
    return (
        '<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"<Name>{BUCKET}</Name><IsTruncated>{str(more).lower()}</IsTruncated>{marker}{lines}</ListVersionsResult>"
    )


def key_of(request: BaseHTTPRequestHandler) -> str:
    bucket, _, key = unquote(urlsplit(request.path).path).lstrip("/").partition("/")
    if bucket != BUCKET:
        raise Refused(404, "NoSuchBucket")
    return key


def check_signature(request: BaseHTTPRequestHandler, body: bytes) -> None:
    """As 'Authenticating Requests (AWS Signature Version 4)' tells it."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    algorithm, _, rest = headers["authorization"].partition(" ")
    given = dict(part.strip().split("=", 1) for part in rest.split(","))
    day, region, service, end = given["Credential"].split("/")[1:]
    signed = given["SignedHeaders"].split(";")
    if {name for name in headers if name.startswith("x-amz-")} - set(signed) or "host" not in signed:
        raise Refused(
            403, "AccessDenied"
        )  # 'There were headers present in the request which were not signed'
    if headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
        raise Refused(400, "XAmzContentSHA256Mismatch")
    url = urlsplit(request.path)
    query = "&".join(sorted(part if "=" in part else f"{part}=" for part in url.query.split("&") if part))
    canonical = "\n".join(
        [
            request.command,
            url.path,
            query,
            *(f"{name}:{' '.join(headers[name].split())}" for name in signed),
            "",
            ";".join(signed),
            headers["x-amz-content-sha256"],
        ]
    )
    scope = f"{day}/{region}/{service}/{end}"
    to_sign = "\n".join(
        [algorithm, headers["x-amz-date"], scope, hashlib.sha256(canonical.encode()).hexdigest()]
    )
    key = f"AWS4{SECRET}".encode()
    for word in (day, region, service, end):
        key = hmac.new(key, word.encode(), hashlib.sha256).digest()
    right = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    if (algorithm, scope, given["Credential"].split("/")[0]) != (
        "AWS4-HMAC-SHA256",
        f"{headers['x-amz-date'][:8]}/{REGION}/s3/aws4_request",
        KEY_ID,
    ) or not hmac.compare_digest(right, given["Signature"]):
        raise Refused(403, "SignatureDoesNotMatch")
    if md5 := headers.get("content-md5"):
        assert base64.b64decode(md5) == hashlib.md5(body, usedforsecurity=False).digest()
