"""Setting a checkout up: skipped when nothing changed, and one clear sentence when it cannot be done."""

import os
import stat
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from app.process.progress import Progress, SetupError
from scripts import chromium, setup, tools
from scripts.stamps import Stamp

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shown() -> StringIO:
    return StringIO()


@pytest.fixture
def progress(shown: StringIO) -> Progress:
    return Progress(shown)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty checkout whose tools are those that the test lays into .venv/bin."""
    monkeypatch.setattr(tools, "ROOT", tmp_path)
    monkeypatch.setattr(tools, "LOGS", tmp_path / "build" / "logs")
    monkeypatch.setattr(tools, "BIN", tmp_path / ".venv" / "bin")
    monkeypatch.setattr(tools, "WEB", tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    return tmp_path


def lay(checkout: Path, name: str, script: str) -> None:
    """Lay a tool into the checkout."""
    program = checkout / ".venv" / "bin" / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_a_stamp_knows_what_changed(tmp_path: Path) -> None:
    sources = tmp_path / "src"
    sources.mkdir()
    (sources / "a.ts").write_text("one")
    stamp = tmp_path / "stamp"
    assert not Stamp(stamp, sources, "node 24").is_current()
    Stamp(stamp, sources, "node 24").write()

    assert Stamp(stamp, sources, "node 24").is_current()
    assert not Stamp(stamp, sources, "node 22").is_current()
    (sources / "a.ts").rename(sources / "b.ts")
    assert not Stamp(stamp, sources, "node 24").is_current()
    (sources / "b.ts").rename(sources / "a.ts")
    (sources / "a.ts").write_text("two")
    assert not Stamp(stamp, sources, "node 24").is_current()


def test_a_python_without_venv_is_said_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, progress: Progress, tmp_path: Path
) -> None:
    monkeypatch.setattr(setup, "find_spec", lambda name: None)
    monkeypatch.setattr(setup, "BIN", tmp_path)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"

    with pytest.raises(SetupError) as said:
        setup.packages(progress, "run")

    assert str(said.value) == (
        "This Python has no venv module: install it first "
        f"(on Debian and Ubuntu: apt install python{version}-venv)."
    )


def test_packages_that_cannot_be_downloaded_are_said_in_one_sentence(
    checkout: Path, progress: Progress
) -> None:
    lay(checkout, "python", "echo 'ERROR: No matching distribution found for click==8.5.1'; exit 1")

    with progress.step("Python packages") as step, pytest.raises(SetupError) as said:
        tools.pip(step, "-r", "run.lock")

    assert str(said.value) == (
        "The Python packages could not be installed: No matching distribution found for click==8.5.1. Check the "
        "connection, or pip's settings for a mirror or proxy, and run this again; "
        "what pip said is in build/logs/pip.log."
    )


def test_where_uv_cannot_it_is_pip(checkout: Path, progress: Progress, tmp_path: Path) -> None:
    lay(checkout, "uv", "echo 'invalid peer certificate'; exit 2")
    lay(checkout, "python", f'echo "$@" >> {tmp_path}/pip-was-asked')

    with progress.step("Python packages") as step:
        tools.quick_pip(step, "-r", "run.lock")

    assert "install" in (tmp_path / "pip-was-asked").read_text()


def test_where_pip_has_a_mirror_it_is_pip(checkout: Path, progress: Progress, tmp_path: Path) -> None:
    lay(checkout, "uv", "echo 'uv does not know of the mirror'; exit 99")
    lay(checkout, "python", "echo \"global.index-url='https://mirror.example/simple'\"; exit 0")

    with progress.step("Python packages") as step:
        tools.quick_pip(step, "-r", "run.lock")

    assert not (tmp_path / "build" / "logs" / "uv.log").exists()


def test_web_packages_that_cannot_be_downloaded_are_said_in_one_sentence(
    checkout: Path, progress: Progress
) -> None:
    lay(checkout, "npm", "echo 'npm error code ENOTFOUND'; echo 'npm error syscall getaddrinfo'; "
        "echo 'npm error request to the registry failed, reason: getaddrinfo'; exit 1")  # fmt: skip

    with progress.step("Web packages") as step, pytest.raises(SetupError) as said:
        tools.npm(step, "ci", "--ignore-scripts")

    assert str(said.value).startswith(
        "`npm ci --ignore-scripts` failed: request to the registry failed, reason: getaddrinfo. Check the connection"
    )


@pytest.mark.parametrize(
    ("version", "recent"),
    [((18, 20, 0), False), ((20, 18, 3), False), ((20, 19, 0), True), ((21, 7, 0), False), ((22, 11, 0), False),
     ((22, 12, 0), True), ((24, 1, 0), True)],
)  # fmt: skip
def test_a_node_is_recent_when_vite_says_so(version: tuple[int, int, int], recent: bool) -> None:
    assert tools.is_recent(version) is recent


def test_a_node_without_npm_is_none(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(checkout))
    lay(checkout, "node", "echo v24.1.0")
    assert tools.node_version() is None
    lay(checkout, "npm", "true")
    assert tools.node_version() == (24, 1, 0)


def test_without_any_chromium_the_tests_do_not_run(
    monkeypatch: pytest.MonkeyPatch, progress: Progress
) -> None:
    monkeypatch.setattr(chromium, "find_chromium", lambda: None)
    monkeypatch.setattr(chromium, "_install_debian", lambda step: None)
    monkeypatch.setattr(chromium, "_install_playwright", lambda step: None)

    with pytest.raises(SetupError, match=r"^The browser tests need Chromium, and it could not be installed"):
        setup.chromium(progress)


def test_a_named_chromium_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARETHREAD_CHROMIUM", "/nowhere/chromium")

    with pytest.raises(
        SetupError, match=r"^CARETHREAD_CHROMIUM is /nowhere/chromium, which is no program\.$"
    ):
        chromium.find_chromium()


def test_each_step_is_shown_with_its_outcome(progress: Progress, shown: StringIO) -> None:
    with progress.step("Web pages") as step:
        step.skip()
    with pytest.raises(SetupError), progress.step("Node"):
        raise SetupError("no")

    assert [line.split() for line in shown.getvalue().splitlines()] == [
        ["…", "Web", "pages"],
        ["✓", "Web", "pages", "unchanged"],
        ["…", "Node"],
        ["✗", "Node", "failed"],
    ]


def test_an_old_python_is_said_by_make(tmp_path: Path) -> None:
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        lay_at = tmp_path / name
        lay_at.write_text("#!/bin/sh\nexit 1\n")
        lay_at.chmod(0o755)
    make = subprocess.run(
        ["make", "run"],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHON": str(tmp_path / "python3")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert make.returncode != 0
    assert "Carethread needs Python 3.11 or newer: " in make.stderr


def test_make_help_lists_every_target() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    for target in ("run", "dev", "test", "lint", "types", "bench", "demo-reset", "api", "help"):
        assert f"make {target} " in listed


def test_the_platform_folder_is_no_package() -> None:
    """With an __init__.py in it, `import platform` would find our folder and the standard library would break."""
    assert not (ROOT / "platform" / "__init__.py").exists()
