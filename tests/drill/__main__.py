"""`python -m tests.drill [KILLS] [SEED]`: the drill, and its table; 1 if a promise was not kept."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from random import SystemRandom

from tests.drill.drill import drill

KILLS = 200
VISITS = 3


def main(kills: int = KILLS, seed: int | None = None) -> int:
    seed = SystemRandom().randrange(2**32) if seed is None else seed
    print(f"Seed {seed}: `make drill KILLS={kills} SEED={seed}` does the same again.", flush=True)
    with tempfile.TemporaryDirectory(prefix="ct-drill-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        os.environ["SSL_CERT_FILE"] = str(folder / "clinic.pem")
        report = asyncio.run(drill(folder, seed, kills, VISITS, lambda line: print(line, flush=True)))
    print()
    for line in report.lines():
        print(line)
    return 0 if report.kept_its_promises() else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
