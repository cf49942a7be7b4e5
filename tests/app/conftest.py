from collections.abc import AsyncIterator

import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncEngine

from core.services import Services
from tests.app.ward import Ward, make_ward


@pytest.fixture
async def ward(services: Services, owner: AsyncEngine, app: Litestar) -> AsyncIterator[Ward]:
    async with make_ward(services, owner, app) as made:
        yield made
