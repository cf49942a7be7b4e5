"""The lock files: every package pinned and hashed, from no address in particular."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_each_package_has_one_version_and_its_hashes(lock: Path) -> None:
    entries = re.sub(r"\\\n", " ", lock.read_text()).splitlines()
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==\S+ (; [^\\]*? )?(\s*--hash=sha256:[0-9a-f]{64})+$", entry), entry[
            :80
        ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_no_address_is_named(lock: Path) -> None:
    assert not re.search(r"://|@|--(index|extra-index|find-links|trusted)", lock.read_text())


def test_tests_run_on_the_very_versions_that_are_served() -> None:
    run, dev = (_versions(name) for name in ("run", "dev"))
    assert run.items() <= dev.items()


def test_the_web_lock_is_complete_on_every_platform_and_names_no_address() -> None:
    """`npm ci` refuses a lock that lacks an optional package, even one for another platform."""
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]

    for path, package in packages.items():
        for name in package.get("optionalDependencies", {}):
            assert f"node_modules/{name}" in packages or f"{path}/node_modules/{name}" in packages, name
        assert "resolved" not in package, path


def _versions(name: str) -> dict[str, str]:
    lock = next(lock for lock in LOCKS if lock.stem == name)
    return dict(re.findall(r"^([a-z0-9._-]+==\S+)( ;.*)?", lock.read_text(), re.MULTILINE))
