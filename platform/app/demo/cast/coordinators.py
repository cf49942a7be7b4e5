"""What the demo's coordinators did in the past weeks: nearly all that was due is done, a little is left for today."""

from datetime import timedelta

from sqlalchemy import select

from app.demo.cast.crew import Crew
from core.clock import FrozenClock
from core.database.session import open_unit
from core.services import Services
from followup import service
from followup.domain import Channel, Outcome, TaskStatus
from followup.models import Task

_LEFT_OVERDUE = timedelta(days=1)


async def catch_up(services: Services, crew: Crew, clock: FrozenClock) -> None:
    """Close what was due before yesterday, each on the day when it was due."""
    now = clock.now()
    team = [crew.staff["cole"], crew.staff["ortega"]]
    async with open_unit(services, team[0]) as unit:
        due = select(Task).where(Task.due_at < now - _LEFT_OVERDUE).order_by(Task.due_at)
        tasks = (await unit.read.scalars(due)).all()
    for number, task in enumerate(tasks):
        clock.set(task.due_at - timedelta(hours=2))
        coordinator = team[number % len(team)]
        async with open_unit(services, coordinator) as unit:
            if number % 3 == 0:
                await service.log_outreach(
                    unit.write, task.id, Channel.PHONE, Outcome.NO_ANSWER, "Rang out.", None
                )
            await service.log_outreach(unit.write, task.id, Channel.PHONE, Outcome.REACHED, "", None)
            version = task.version + (2 if number % 3 == 0 else 1)
            await service.close(unit.write, task.id, TaskStatus.DONE, "Feels better, no questions.", version)
    clock.set(now)
