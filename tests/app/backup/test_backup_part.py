"""The file that a backup is written to: nobody else's is touched, and two backups do not meet in one."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from app.backup.part import part_of
from app.process.progress import SetupError

HELD = """
import sys, time
from pathlib import Path
from app.backup.part import part_of
with part_of(Path(sys.argv[1])) as part:
    part.write(b"half")
    part.sync()
    print("held", flush=True)
    time.sleep(600)
"""


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def held(file: Path) -> subprocess.Popen[str]:
    """Another process in the middle of its backup."""
    child = subprocess.Popen([sys.executable, "-c", HELD, str(file)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def ended(child: subprocess.Popen[str]) -> None:
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert child.stdout is not None
    child.stdout.close()


@pytest.mark.parametrize(
    "name",
    [
        "clinic.backup.part",
        "clinic.backup.0123.part",
        "notes.0123456789abcdef.part",
        "carethread-20260101T000000Z.backup.part",
        "carethread-notes.backup.0123456789abcdef.part",
        "mine.part",
    ],
)
def test_a_file_of_somebody_else_stays(tmp_path: Path, name: str) -> None:
    foreign = tmp_path / name
    foreign.write_text("mine")

    with part_of(tmp_path / "clinic.backup") as part:
        part.write(b"whole")
        part.finish()

    assert foreign.read_text() == "mine"
    assert names(tmp_path) == sorted(["clinic.backup", name])


@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_what_only_has_such_a_name_stays(tmp_path: Path, kind: str) -> None:
    odd = tmp_path / "clinic.backup.0123456789abcdef.part"
    if kind == "link":
        (tmp_path / "mine").write_text("mine")
        odd.symlink_to(tmp_path / "mine")
    elif kind == "folder":
        odd.mkdir()
    else:
        os.mkfifo(odd)

    with part_of(tmp_path / "clinic.backup") as part:
        part.finish()

    assert odd.name in names(tmp_path)


def test_a_second_backup_to_the_same_file_waits_for_the_first(tmp_path: Path) -> None:
    file = tmp_path / "clinic.backup"
    child = held(file)
    before = names(tmp_path)
    with pytest.raises(SetupError, match="Another backup is being written to"), part_of(file):
        pass
    assert names(tmp_path) == before
    with part_of(tmp_path / "other.backup") as part:
        part.finish()
    assert names(tmp_path) == sorted([*before, "other.backup"])

    ended(child)
    with part_of(file) as part:
        part.finish()
    assert names(tmp_path) == ["clinic.backup", "other.backup"]


def test_what_killed_backups_left_goes(tmp_path: Path) -> None:
    ended(held(tmp_path / "carethread-20260101T000000Z.backup"))
    assert len(names(tmp_path)) == 1
    with part_of(tmp_path / "clinic.backup"):
        pass
    assert names(tmp_path) == []


def test_of_many_at_once_one_writes_and_none_loses_its_part(tmp_path: Path) -> None:
    file, many = tmp_path / "clinic.backup", 16
    begin, end = Barrier(many), Barrier(many)

    def run(number: int) -> bool:
        begin.wait()
        try:
            with part_of(file) as part:
                part.write(b"%d" % number)
                end.wait()
                part.finish()
        except SetupError as error:
            assert "Another backup" in str(error)
            end.wait()
            return False
        return True

    with ThreadPoolExecutor(many) as pool:
        wrote = list(pool.map(run, range(many)))
    assert wrote.count(True) == 1
    assert file.read_bytes() == b"%d" % wrote.index(True)
    assert names(tmp_path) == ["clinic.backup"]
