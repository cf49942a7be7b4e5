"""Patients of one name: they are counted, and every list tells them apart."""

from core.actor import Actor, Role
from tests.chart.conftest import Browser, Scene
from tests.conftest import ActAs
from tests.people import make_patient, make_staff


async def test_who_else_has_the_name_is_counted_however_it_is_written(
    scene: Scene, act_as: ActAs, system: Actor, browser: Browser
) -> None:
    async with act_as(system) as unit:
        given, family = scene.patient.given, scene.patient.family
        for twin in ((given, family), (given.upper(), family.lower()), (given, f"{family}son")):
            await make_patient(unit.write, given=twin[0], family=twin[1])
    client = await browser(scene.clinician)
    answer = await client.get(f"/api/patients/{scene.patient.id}/namesakes")
    assert answer.json() == {"others": 2}


async def test_queue_search_tasks_and_threads_say_more_than_the_name(
    scene: Scene, act_as: ActAs, system: Actor, browser: Browser
) -> None:
    async with act_as(system) as unit:
        coordinator = await make_staff(unit.write, Role.COORDINATOR)
    client = await browser(coordinator)
    patient = str(scene.patient.id)
    new = {"patient_id": patient, "title": "Call", "due_at": "2030-01-01T12:00:00Z"}
    task = (await client.post("/api/tasks", json=new)).json()["task"]
    first = {"patient_id": patient, "subject": "Hello", "body": "Hello", "client_id": patient}
    thread = (await client.post("/api/threads", json=first)).json()
    row = (await client.get("/api/queue")).json()["entries"][0]["patient"]
    listed = (await client.get("/api/threads")).json()["threads"][0]
    born, mrn = scene.patient.birth_date.isoformat(), scene.patient.mrn
    assert (row["birth_date"], row["mrn"], row["phone"]) == (born, mrn, scene.patient.phone)
    for each in (task, thread, listed):
        assert (each["patient_birth_date"], each["patient_mrn"]) == (born, mrn)
        assert each["patient_phone"] == scene.patient.phone
