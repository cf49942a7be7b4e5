"""An object store with object lock as a target: nobody, its owner included, removes an object before its time.

One object a seal. Its name holds batch and chain, so that a list of names is all that verifying reads, and writing
a name again changes nothing.
"""

import io
import itertools
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from minio import Minio
from minio.error import MinioException
from minio.retention import Retention
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from core.audit.anchors.anchor import Anchor, Anchors, Head
from core.audit.anchors.target import CannotAnchor
from core.crypto import Signer

_NAME = re.compile(r"(\d{12,})-([0-9a-f]{64})\.jsonl")
_BEFORE = 1000
"""How many batches before the newest one are compared. A chain that was changed anywhere differs at its end too."""
_MOST = 20_000


class BucketTarget:
    """``place`` is the address without the scheme's 's3+': https://host/bucket/prefix."""

    def __init__(
        self,
        place: str,
        *,
        secure: bool,
        host: str,
        bucket: str,
        prefix: str,
        region: str,
        credentials: tuple[str, str],
        mode: str,
        days: int,
    ) -> None:
        self._name = place
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._mode = mode
        self._kept = timedelta(days=days)
        self._client = Minio(
            host,
            *credentials,
            secure=secure,
            region=region,
            http_client=PoolManager(timeout=Timeout(connect=3, read=10), retries=False),
        )

    @property
    def name(self) -> str:
        return self._name

    @property
    def reads_back(self) -> bool:
        return True

    def publish(self, heads: Sequence[Head], now: datetime) -> None:
        """One object for all, under the name of the newest."""
        text = "".join(f"{head.line(now)}\n" for head in heads).encode()
        newest = heads[-1]
        name = f"{self._prefix}{newest.batch:012d}-{newest.chain.hex()}.jsonl"
        lock = Retention(self._mode, (now + self._kept).replace(microsecond=0))
        try:
            self._client.put_object(
                self._bucket, name, io.BytesIO(text), len(text), "application/x-ndjson", retention=lock
            )
        except (MinioException, HTTPError) as error:
            raise CannotAnchor(_code(error)) from error

    def read(self, newest: int, signer: Signer) -> Anchors | None:
        """The names of all versions: a deletion only lays a mark over an object that is locked."""
        anchors = Anchors()
        try:
            for name in itertools.islice(self._names(newest), _MOST):
                match = _NAME.fullmatch(name.removeprefix(self._prefix))
                source = f"{name} in {self._name}"
                if match is None:
                    anchors.unread.append(source)
                else:
                    anchors.found.append(Anchor(int(match[1]), bytes.fromhex(match[2]), source))
        except (MinioException, HTTPError) as error:
            raise CannotAnchor(_code(error)) from error
        return anchors

    def _names(self, newest: int) -> Iterator[str]:
        listed: Iterator[Any] = self._client.list_objects(
            self._bucket,
            prefix=self._prefix,
            recursive=True,
            include_version=True,
            start_after=f"{self._prefix}{max(newest - _BEFORE, 0):012d}",
        )
        return (str(each.object_name) for each in listed)


def _code(error: Exception) -> str:
    """The store's own word ('AccessDenied'), or the kind of failure on the way to it."""
    return str(getattr(error, "code", None) or type(error).__name__)
