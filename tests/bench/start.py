"""How long a person waits for `make run` when everything is installed and the clinic has its data.

The ceiling is the part that is not ours: PostgreSQL and Valkey of the same home, until both answer.
"""

import time
from statistics import median

from app.home import Home
from app.process.servers import running
from tests.bench.demo import make_run, seeded_home
from tests.bench.figures import Figure, duration

ROUNDS = 3


async def warm_start() -> Figure:
    """Medians of both, taken in turn."""
    home = await seeded_home.path()
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        async with running(Home(home), lambda line: None):
            bare.append(time.perf_counter() - began)
        async with make_run(home) as started:
            ours.append(started.took)
    return duration("warm_start", median(ours), 15, median(bare))
