"""How long the backup and the restore of a large clinic take: `python -m tests.bench.backup [PATIENTS]`.

Apart from `make bench`, because it takes minutes: the demo, and beside its patients so many more (100,000), each with
ten observations and five records of the audit. Prints each command as a person sees it.
"""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from app.embedded import postgres
from app.home import Home
from app.process.servers import running
from core.audit.seal import seal
from core.config import load_settings
from core.services import open_services

BATCHES = 20
# Copies of what the demo has, so that rows are as large as real ones. Triggers and references are left out of it.
PATIENTS = """
INSERT INTO patient (clinic_id, family, given, birth_date, mrn)
SELECT clinic.id, 'Family ' || i, 'Given', date '1950-01-01' + i % 20000, 'B' || i
  FROM generate_series(1, $1::int) i, (SELECT id FROM clinic LIMIT 1) clinic
"""
RECORDS = """
WITH shapes AS (SELECT * FROM record WHERE resource_type = 'Observation' LIMIT 10)
INSERT INTO record (id, clinic_id, patient_id, resource_type, version, code, code_system, display, effective_at, source,
                    updated_at, resource)
SELECT uuidv7(), p.clinic_id, p.id, s.resource_type, 1, s.code, s.code_system, s.display, s.effective_at, s.source,
       s.updated_at, s.resource
  FROM patient p, shapes s WHERE p.mrn LIKE 'B%'
"""
AUDIT = """
INSERT INTO audit_event (clinic_id, at, roles, request_id, action, entity_type, entity_id, patient_id)
SELECT clinic_id, now(), '{clinician}', 'bench', 'chart.read', 'patient', id, id
  FROM patient WHERE mrn LIKE 'B%' LIMIT $1
"""


async def _fill(home: Home, patients: int) -> None:
    async with running(home, print) as environment:
        owner = await asyncpg.connect(postgres.url(home, postgres.SUPERUSER, "carethread"))
        await owner.execute("SET session_replication_role = replica")
        await owner.execute(PATIENTS, patients)
        await owner.execute(RECORDS)
        async with open_services(load_settings({**os.environ, **environment})) as services:
            for _ in range(BATCHES):
                await owner.execute(AUDIT, patients * 5 // BATCHES)
                await seal(services)
        size = await owner.fetchval("SELECT pg_size_pretty(pg_database_size('carethread'))")
        await owner.close()
    print(f"{patients} patients, {size} on the disk")


def _carethread(home: Path, *arguments: str | Path) -> None:
    command = [sys.executable, "-m", "app.cli", *map(str, arguments)]
    print("$ carethread", *arguments, flush=True)
    began = time.perf_counter()
    subprocess.run(command, env={**os.environ, "CARETHREAD_HOME": str(home)}, check=True)
    print(f"  {time.perf_counter() - began:.1f} s\n", flush=True)


def main(patients: int) -> None:
    with TemporaryDirectory(prefix="ct-") as folder:
        there, here, file = Path(folder) / "there", Path(folder) / "here", Path(folder) / "clinic.backup"
        for each in (Path(folder), there, here):
            each.mkdir(exist_ok=True)
            each.chmod(0o755)
        for command in ("migrate", "seed"):
            _carethread(there, command)
        asyncio.run(_fill(Home(there), patients))
        _carethread(there, "backup", "--to", file)
        _carethread(here, "restore", file, "--keys", there / "secrets")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
