"""The chart's figures: how many summaries a second, how long a note's save takes."""

import json

from tests.bench import http_load
from tests.bench.figures import Figure, latency, p95, rate
from tests.bench.http_load import Load, Request
from tests.bench.world import world

CONNECTIONS = 64
CLIENTS = 16
# The first meets processes that have not yet prepared their statements, and does not count.
ROUNDS = (2.0, 4.0, 4.0)


async def chart_summary_rps() -> Figure:
    """A patient's chart summary over HTTP, signed in and audited, beside one bare asyncpg select."""
    async with world(notes=0) as clinic:
        ours = http_load.get(f"/api/patients/{clinic.patient_id}/summary", clinic.token)
        theirs = http_load.get(f"/bare/{clinic.patient_id}", clinic.token)
        requests: dict[int, Request] = {clinic.api: lambda *_: ours, clinic.bare: lambda *_: theirs}
        loads = await by_turns(requests, CONNECTIONS)
    rates = {port: sum(load.rate for load in found) / len(found) for port, found in loads.items()}
    return rate("chart_summary_rps", rates[clinic.api], rates[clinic.bare], 0.5)


async def note_save_p95() -> Figure:
    """Saves of notes by 16 clients at once, each its own note of a real length, beside one bare statement."""
    async with world(notes=CLIENTS) as clinic:
        versions = [1] * CLIENTS

        def content(worker: int, turn: int) -> dict[str, object]:
            return {**clinic.notes[worker][1], "plan": f"Rest, fluids, and word {turn} of the plan. " * 10}

        def save(worker: int, turn: int) -> bytes:
            body = json.dumps({"version": versions[worker], "content": content(worker, turn)}).encode()
            versions[worker] += 1
            path = f"/api/notes/{clinic.notes[worker][0]}"
            return http_load.send("PUT", path, clinic.token, clinic.origin, body)

        def store(worker: int, turn: int) -> bytes:
            body = json.dumps(content(worker, turn)).encode()
            path = f"/bare/notes/{clinic.notes[worker][0]}"
            return http_load.send("PUT", path, clinic.token, clinic.origin, body)

        loads = await by_turns({clinic.api: save, clinic.bare: store}, CLIENTS)
    samples = {port: [each for load in found for each in load.milliseconds] for port, found in loads.items()}
    return latency("note_save_p95", p95(samples[clinic.api]), 50, p95(samples[clinic.bare]))


async def by_turns(requests: dict[int, Request], workers: int) -> dict[int, list[Load]]:
    """Load the servers in turn, so that a change of the machine's mood meets both; each port's counted rounds."""
    loads: dict[int, list[Load]] = {port: [] for port in requests}
    for seconds in ROUNDS:
        for port, request in requests.items():
            loads[port].append(await http_load.run(port, request, workers=workers, seconds=seconds))
    return {port: found[1:] for port, found in loads.items()}
