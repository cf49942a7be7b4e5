"""The targets that the environment names: CARETHREAD_AUDIT_ANCHORS, several separated by commas or spaces.

file:///var/lib/carethread-anchors/audit.jsonl
syslog+udp://logs.example:514   syslog+tcp://logs.example:601   syslog+unix:///dev/log
s3+https://s3.us-east-1.amazonaws.com/BUCKET/PREFIX?region=us-east-1&mode=COMPLIANCE&days=365
"""

import re
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from core.audit.anchors.files import FileTarget
from core.audit.anchors.syslog import SyslogTarget
from core.audit.anchors.target import Target
from core.config import Settings, SettingsError

_PORTS = {"udp": 514, "tcp": 601}
_LOCKS = ("COMPLIANCE", "GOVERNANCE")
_S3_OPTIONS = {"region", "mode", "days"}
_CREDENTIALS = "credentials belong in CARETHREAD_AUDIT_BUCKET_CREDENTIALS"


def named_targets(settings: Settings) -> tuple[Target, ...]:
    """Every target of the settings, in their order, each once. Raises SettingsError."""
    addresses = dict.fromkeys(re.split(r"[\s,]+", settings.audit_anchors.strip()))
    return tuple(_target(address, settings) for address in addresses if address)


def _target(address: str, settings: Settings) -> Target:
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError:
        raise _unusable(address, _CREDENTIALS if "@" in address else "it is no address") from None
    scheme, _, way = url.scheme.partition("+")
    # A '/' in a secret ends what is parsed as the host: the rest of it, up to the '@', is in the path.
    if url.netloc and "@" in address:
        raise _unusable(address, _CREDENTIALS)
    if url.scheme == "file" and not url.netloc and url.path.startswith("/"):
        return FileTarget(Path(unquote(url.path)))
    if url.scheme == "syslog+unix" and not url.netloc and url.path.startswith("/"):
        return SyslogTarget(address, "unix", unquote(url.path))
    if scheme == "syslog" and way in _PORTS and url.hostname and url.path in ("", "/"):
        return SyslogTarget(address, way, (url.hostname, port or _PORTS[way]))
    if scheme == "s3" and way in ("https", "http") and url.hostname:
        return _bucket(address, url, settings)
    raise _unusable(
        address, "use file:///path, syslog+udp|tcp://host:port, syslog+unix:///path or s3+https://host/bucket"
    )


def _bucket(address: str, url: SplitResult, settings: Settings) -> Target:
    # Only where it is used: it takes a tenth of a second, and no other process needs it.
    from core.audit.anchors.buckets import BucketTarget

    bucket, _, prefix = unquote(url.path).strip("/").partition("/")
    options = {name: values[-1] for name, values in parse_qs(url.query).items()}
    mode, days = options.get("mode", _LOCKS[0]).upper(), options.get("days", "365")
    key_id, _, secret = settings.audit_bucket_credentials.partition(":")
    if not bucket:
        raise _unusable(address, "it names no bucket")
    if unknown := sorted(options.keys() - _S3_OPTIONS):
        raise _unusable(address, f"{unknown[0]} is no option of it")
    if mode not in _LOCKS or not re.fullmatch(r"[1-9][0-9]{0,4}", days):
        raise _unusable(address, "mode is COMPLIANCE or GOVERNANCE, days a number from 1")
    if not (key_id and secret):
        raise SettingsError(
            "CARETHREAD_AUDIT_BUCKET_CREDENTIALS must be KEY_ID:SECRET for the anchors in an object store."
        )
    return BucketTarget(
        address.partition("?")[0],
        secure=url.scheme.endswith("https"),
        host=url.netloc,
        bucket=bucket,
        prefix=prefix,
        region=options.get("region", "us-east-1"),
        credentials=(key_id, secret),
        mode=mode,
        days=int(days),
    )


def _unusable(address: str, why: str) -> SettingsError:
    """It names the scheme, and no more where the rest may hold a secret: logs and consoles are read by many."""
    shown, (scheme, separator, rest) = address.partition("?")[0], address.partition("://")
    if "@" in address or re.search(r":(?!\d*(/|$))", rest):
        shown = f"{scheme}://..." if separator else "an address"
    return SettingsError(f"CARETHREAD_AUDIT_ANCHORS names {shown}, which cannot be used: {why}.")
