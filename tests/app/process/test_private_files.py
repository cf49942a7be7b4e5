"""What a clinic keeps on its machine is for nobody else on that machine."""

import os
import stat
from pathlib import Path

from app.home import Home
from chart.prescribing.simulator.store import Store
from core.ids import new_id
from core.services import Services


def open_to_others(root: Path) -> list[str]:
    """What another account of this machine could read: itself readable, and every folder on the way passable."""

    def walk(folder: Path) -> list[Path]:
        found = []
        for path in folder.iterdir():
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                found += [path] if mode & stat.S_IROTH else []
                found += walk(path) if mode & stat.S_IXOTH else []
            elif mode & (stat.S_IROTH | stat.S_IWOTH):
                found.append(path)
        return found

    return [str(path.relative_to(root)) for path in walk(root)]


async def test_nobody_else_reads_keys_database_sockets_files_or_prescriptions(
    home: Home, services: Services
) -> None:
    await services.files.write(new_id(), new_id(), b"a summary")
    Store(home.root / "pharmacy" / "messages.jsonl")
    kept = set(os.listdir(home.root))
    assert {"secrets", "postgres", "sockets", "blobs", "pharmacy", "lock"} <= kept
    assert open_to_others(home.root) == []
