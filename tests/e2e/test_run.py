"""`carethread run` as a person meets it: it starts, says what is wrong, brings back what dies, and ends whole."""

import asyncio
import os
import re
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import pytest

from app.process.processes import PARTS
from tests.patience import PATIENCE
from tests.ports import free_ports
from tests.processes import is_over, parts

READY_SECONDS = 300
READY = {"database": "ok", "redis": "ok", "migrations": "ok"}
ADMIN = (
    "--clinic",
    "river",
    "--clinic-name",
    "River Clinic",
    "--given-name",
    "Ana",
    "--family-name",
    "Ruiz",
    "--email",
)


@dataclass
class Run:
    """A `carethread run` under way, and everything that it has said."""

    process: asyncio.subprocess.Process
    home: Path
    port: int
    said: list[str] = field(default_factory=list)

    async def until(self, pattern: str) -> str:
        """Read on until a line matches; that line."""
        assert self.process.stdout is not None
        async with asyncio.timeout(READY_SECONDS):
            async for line in self.process.stdout:
                self.said.append(line.decode().rstrip())
                if re.search(pattern, self.said[-1]):
                    return self.said[-1]
        raise AssertionError("\n".join(self.said))

    def part(self, name: str) -> psutil.Process:
        """The process that is `carethread <name>`."""
        (part,) = parts(self.process.pid, name)
        return part


@pytest.fixture(scope="module")
async def run() -> AsyncIterator[Run]:
    """A clinic without demo data, in a home of its own."""
    with tempfile.TemporaryDirectory(prefix="ct-") as folder:
        port = free_ports(5)
        started = Run(await _start(Path(folder), port), Path(folder), port)
        try:
            await started.until(r"^Ready in ")
            yield started
        finally:
            if started.process.returncode is None:
                started.process.kill()
            await started.process.wait()


async def test_it_serves(run: Run) -> None:
    async with httpx.AsyncClient(base_url=f"http://localhost:{run.port}", timeout=PATIENCE) as client:
        ready = await client.get("/health/ready")

    assert ready.json() == READY
    assert any("PostgreSQL and Valkey" in line for line in run.said)


async def test_each_process_holds_its_own_secrets_and_no_others(run: Run) -> None:
    """Read where whoever breaks into one would: in its environment."""
    for part in PARTS:
        environment = run.part(part.name).environ()
        held = {name for name in environment if re.match("CARETHREAD_|(DATABASE|REDIS)_URL$", name)}
        assert part.needs <= held <= part.needs | part.takes, part.name
    assert not {"CARETHREAD_AUDIT_KEY", "CARETHREAD_SYSTEM_DATABASE_URL"} & run.part("api").environ().keys()


async def test_a_second_one_in_the_same_home_says_so_in_one_sentence(run: Run) -> None:
    second = await _start(run.home, run.port)
    said, _ = await second.communicate()

    assert second.returncode == 1
    assert said.decode().strip() == (
        f"Error: Carethread is already running from {run.home} (process {run.process.pid}): "
        "stop that one first, or set CARETHREAD_HOME to another folder."
    )


async def test_a_busy_port_is_said_in_one_sentence(run: Run) -> None:
    with tempfile.TemporaryDirectory(prefix="ct-") as folder:
        other = await _start(Path(folder), run.port)
        said, _ = await other.communicate()

    assert other.returncode == 1
    assert said.decode().strip() == (
        f"Error: Port {run.port}, which api needs, is in use by another program: "
        "stop that program, or choose another port with `make run PORT=9000`."
    )


@pytest.mark.parametrize("name", [part.name for part in PARTS])
async def test_what_is_killed_comes_back(run: Run, name: str) -> None:
    killed = run.part(name)
    killed.kill()

    await run.until(rf"^{name} +stopped \(ended by SIGKILL\); starting it again")
    async with asyncio.timeout(PATIENCE):
        while not any(child.pid != killed.pid for child in parts(run.process.pid, name)):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)


async def _served(client: httpx.AsyncClient) -> None:
    """Wait until the API says that it can serve: what it answers then holds."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(httpx.HTTPError):
                if (await client.get("/health/ready")).json() == READY:
                    return
            await asyncio.sleep(0.05)


async def _sealed(client: httpx.AsyncClient) -> None:
    """Wait until the worker has sealed what there is to seal."""
    async with asyncio.timeout(PATIENCE):
        while "\ncarethread_audit_unsealed_seconds 0.0\n" not in (await client.get("/metrics")).text:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("name", ["postgres", "valkey"])
async def test_a_server_that_is_killed_comes_back_and_the_clinic_goes_on(run: Run, name: str) -> None:
    (killed,) = [each for each in psutil.Process(run.process.pid).children() if name in Path(each.exe()).name]
    killed.kill()

    await run.until(
        rf"^{name} +stopped \(ended by SIGKILL\); starting it again .*logs/{name}.log has its words"
    )
    async with httpx.AsyncClient(base_url=f"http://localhost:{run.port}", timeout=PATIENCE) as client:
        await _served(client)
        answers = [await client.get("/api/clinics/river") for _ in range(20)]
        assert {answer.status_code for answer in answers} <= {200, 404}, "reads go on"
        assert await _carethread(run.home, "create-admin", *ADMIN, f"{name}@river.example") == 0, (
            "writes go on"
        )
        await _sealed(client)


async def test_a_worker_that_dies_over_and_over_leaves_the_rest_working(run: Run) -> None:
    line = ""
    while not re.search(r"[3-9] times in a row; starting it again in \d", line):
        async with asyncio.timeout(PATIENCE):
            while not (workers := parts(run.process.pid, "worker")):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.05)
        workers[0].kill()
        line = await run.until(r"^worker +stopped \(ended by SIGKILL\)")

    async with httpx.AsyncClient(base_url=f"http://localhost:{run.port}", timeout=PATIENCE) as client:
        assert (await client.get("/health/ready")).json() == READY
        assert (await client.get("/api/clinics/river")).status_code == 200
        await _sealed(client)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("CARETHREAD_AUDIT_KEY", "short", "CARETHREAD_AUDIT_KEY must be base64 of exactly 32 bytes."),
        (
            "CARETHREAD_AUDIT_ANCHORS",
            "s3+https://s3.example",
            "CARETHREAD_AUDIT_ANCHORS names s3+https://s3.example",
        ),
    ],
)
async def test_a_worker_whose_settings_cannot_be_used_stops_the_start_in_one_sentence(
    name: str, value: str, says: str
) -> None:
    with tempfile.TemporaryDirectory(prefix="ct-") as folder:
        broken = await _start(Path(folder), free_ports(5), **{name: value})
        said, _ = await broken.communicate()

    assert broken.returncode == os.EX_CONFIG
    assert said.decode().strip().startswith(f"Error: {says}")
    assert said.decode().count("\n") == 1


async def test_the_audit_is_anchored_in_the_home_and_verified_against_it(run: Run) -> None:
    async with httpx.AsyncClient(base_url=f"http://localhost:{run.port}", timeout=PATIENCE) as client:
        assert await _carethread(run.home, "create-admin", *ADMIN, "anchored@river.example") == 0
        await _sealed(client)
    anchors = run.home / "audit-anchors.jsonl"
    async with asyncio.timeout(PATIENCE):
        while not _is_there(anchors):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)
    assert await _carethread(run.home, "verify-audit") == 0
    assert await _carethread(run.home, "verify-audit", "--expect", f"999999:{'0' * 64}") == 1
    assert await _carethread(run.home, "verify-audit", "--expect", "999999") == 2
    # A file that is gone would be there again with the worker's next seal.
    kept = anchors.read_text()
    anchors.write_text(re.sub(r"[0-9a-f]{64}", "0" * 64, kept, count=1))
    assert await _carethread(run.home, "verify-audit") == 1
    anchors.write_text(kept)


def _is_there(anchors: Path) -> bool:
    """Whether the worker has told of a seal."""
    return anchors.exists()


async def test_ctrl_c_ends_everything(run: Run) -> None:
    children = psutil.Process(run.process.pid).children(recursive=True)
    run.process.send_signal(signal.SIGINT)

    async with asyncio.timeout(PATIENCE):
        await run.process.communicate()

    assert run.process.returncode == 0
    assert not [child for child in children if not is_over(child)]


def _environment(home: Path) -> dict[str, str]:
    ours = ("DATABASE_URL", "REDIS_URL")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith("CARETHREAD_")
    }
    return {**kept, "CARETHREAD_HOME": str(home), "CARETHREAD_DEMO": "0"}


async def _carethread(home: Path, *arguments: str) -> int:
    """Run a command beside the clinic; its exit status."""
    command = (sys.executable, "-m", "app.cli", *arguments)
    done = await asyncio.create_subprocess_exec(*command, env=_environment(home))
    return await done.wait()


async def _start(home: Path, port: int, **more: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.cli", "run", "--port", str(port)),
        env={**_environment(home), **more},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
