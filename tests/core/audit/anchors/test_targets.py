"""CARETHREAD_AUDIT_ANCHORS: what it names, and what a mistake in it says."""

from pathlib import Path

import pytest

from core.audit.anchors.targets import named_targets
from core.config import Settings, SettingsError


def settings(anchors: str, credentials: str = "key:secret") -> Settings:
    return Settings(
        database_url="",
        redis_url="",
        secret_key=b"",
        audit_anchors=anchors,
        audit_bucket_credentials=credentials,
    )


def test_several_targets_are_named_by_commas_or_spaces() -> None:
    path = Path("/var/lib/anchors, of river/audit.jsonl")
    named = named_targets(
        settings(
            f"{path.as_uri()},syslog+tcp://logs.example:601 syslog+udp://[::1]\nsyslog+unix:///dev/log,"
            "s3+https://s3.us-east-1.amazonaws.com/river-audit/anchors?region=us-east-1&days=2200,"
        )
    )
    assert [target.name for target in named] == [
        path.as_uri(),
        "syslog+tcp://logs.example:601",
        "syslog+udp://[::1]",
        "syslog+unix:///dev/log",
        "s3+https://s3.us-east-1.amazonaws.com/river-audit/anchors",
    ]
    assert named_targets(settings(" ")) == ()


@pytest.mark.parametrize(
    ("anchors", "says"),
    [
        ("/var/log/anchors", "use file:///path"),
        ("file://host/anchors", "use file:///path"),
        ("file:anchors", "use file:///path"),
        ("syslog://logs.example", "use file:///path"),
        ("syslog+tls://logs.example", "use file:///path"),
        ("syslog+tcp://logs.example:port", "it is no address"),
        ("syslog+udp://", "use file:///path"),
        ("ftp://logs.example/x", "use file:///path"),
        ("s3+https://s3.example", "names no bucket"),
        ("s3+https://s3.example/b?days=0", "days a number from 1"),
        ("s3+https://s3.example/b?days=1e3", "days a number from 1"),
        ("s3+https://s3.example/b?mode=LEGAL", "mode is COMPLIANCE or GOVERNANCE"),
        ("s3+https://s3.example/b?retain=1", "retain is no option"),
        ("s3+https://AKID:hush@s3.example/b", "credentials belong in"),
        ("s3+https://AKID:hush/hush@s3.example/b", "credentials belong in"),
        ("s3+https://AKID:1/hush@s3.example/b", "credentials belong in"),
        ("s3+https://AKID:hush?hush@s3.example/b", "credentials belong in"),
        ("s3+https://AKID:hush,hush", "it is no address"),
        ("AKID:hush@s3.example/b", "use file:///path"),
        ("s3+https://s3.example/b?secret=hush", "secret is no option"),
        ("ftp://s3.example/b?secret=hush", "use file:///path"),
    ],
)
def test_a_mistake_is_told_in_a_sentence_without_a_secret(anchors: str, says: str) -> None:
    with pytest.raises(SettingsError, match="CARETHREAD_AUDIT_ANCHORS names") as told:
        named_targets(settings(anchors))
    assert says in str(told.value)
    assert "hush" not in str(told.value)


@pytest.mark.parametrize("credentials", ["", "key", "key:", ":secret"])
def test_an_object_store_wants_credentials(credentials: str) -> None:
    with pytest.raises(SettingsError, match="CARETHREAD_AUDIT_BUCKET_CREDENTIALS must be KEY_ID:SECRET"):
        named_targets(settings("s3+https://s3.example/b", credentials))
