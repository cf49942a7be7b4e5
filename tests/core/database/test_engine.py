"""The application works under row-level security, or not at all."""

import pytest
from sqlalchemy import select, text

from core.config import Settings
from core.database.engine import Unbound, check_bound, make_bound_engine
from core.database.hot import HotPool
from core.services import Services
from identity.models import Clinic
from tests.statements import counted


async def test_a_role_that_sees_all_clinics_is_refused(settings: Settings) -> None:
    """The usual mistake: the owner's or the administrator's address where the application's belongs."""
    engine = make_bound_engine(settings.owner_database_url, settings)
    with pytest.raises(Unbound, match="carethread_app"):
        await check_bound(engine)
    with pytest.raises(Unbound):
        async with engine.connect() as connection:
            await connection.execute(text("SELECT count(*) FROM patient"))
    await engine.dispose()
    hot = HotPool(settings.owner_database_url, 1, 1.0)
    with pytest.raises(Unbound):
        await hot.value("SELECT count(*) FROM patient")
    await hot.close()


async def test_the_applications_own_role_is_bound(services: Services) -> None:
    await check_bound(services.engine)
    async with services.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM patient")) == 0


async def test_the_size_of_a_page_is_no_parameter(services: Services) -> None:
    """PostgreSQL would plan such a statement anew each time."""
    with counted(services) as sent:
        async with services.engine.connect() as connection:
            for size in (2, 3):
                await connection.execute(select(Clinic.id).limit(size).offset(1))
    assert [statement.split("LIMIT")[1].split() for statement in sent] == [
        ["2", "OFFSET", "1"],
        ["3", "OFFSET", "1"],
    ]
