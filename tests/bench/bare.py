"""The ceiling: a handler of the same framework on the same server that does one asyncpg select and nothing else."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import uvicorn
from litestar import Litestar, Response, get


@asynccontextmanager
async def _pool(app: Litestar) -> AsyncIterator[None]:
    # The owner's connection: no row-level security, nothing of ours in the way.
    async with asyncpg.create_pool(
        os.environ["CARETHREAD_OWNER_DATABASE_URL"], min_size=10, max_size=10
    ) as pool:
        app.state.pool = pool
        yield


@get("/bare/{patient_id:uuid}")
async def one_select(patient_id: UUID) -> Response[bytes]:
    body = await app.state.pool.fetchval("SELECT body FROM chart_summary WHERE patient_id = $1", patient_id)
    return Response(body, media_type="application/json")


app = Litestar([one_select], lifespan=[_pool], openapi_config=None)

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)
