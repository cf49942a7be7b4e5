"""Sections of the chart: a record of each type added, found, shown to both sides, taken back, in the history."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chart.domain import Resource, Source
from chart.record import bindings, store
from chart.record.building import Asserter
from chart.record.registry import SPECS
from chart.record.search.params import Coded, Date, Token, Words
from chart.record.search.repository import search
from chart.record.sections.domain import built, changes, edited, shown_in
from chart.record.sections.service import sections
from chart.record.types import condition
from core.clock import SystemClock
from core.errors import Stale
from core.ids import new_id
from core.services import Services
from tests.chart.conftest import Scene
from tests.chart.record.fhir_resources import resources
from tests.chart.record.test_us_core import EXAMPLES
from tests.conftest import ActAs
from tests.statements import counted

BY = Asserter(Source.CLINICIAN, new_id(), new_id(), SystemClock().now())

# What is filled in, and what a screen says of it in English and Spanish; then a search that finds it.
ADDED: dict[str, tuple[dict[str, str], dict[str, Any], Token | Date | Words]] = {
    "CarePlan": (
        {"title": "Asthma plan", "words": "Peak flow each morning"},
        {"title": "Asthma plan", "facts": [("Under way", "En curso"), ("Peak flow each morning",) * 2]},
        Words("title", "asthma"),
    ),
    "Coverage": (
        {"payor": "Bay State Health", "member": "A-77", "since": "2024"},
        {
            "title": "Bay State Health",
            "facts": [("In force", "Vigente"), ("Member number A-77", "Número de afiliado A-77")],
            "when": "2024",
        },
        Token("subscriber-id", (Coded("A-77"),)),
    ),
    "Device": (
        {"name": "Insulin pump", "maker": "Acme", "model": "P1", "serial": "9"},
        {
            "title": "Insulin pump",
            "facts": [("In use", "En uso"), ("Acme", "Acme"), ("Serial number 9", "Número de serie 9")],
        },
        Words("device-name", "insulin"),
    ),
    "FamilyMemberHistory": (
        {"relative": "MTH", "condition": "Diabetes"},
        {"title": ("Mother", "Madre"), "facts": [("Diabetes", "Diabetes")], "when": None},
        Token("relationship", (Coded("MTH"),)),
    ),
    "Goal": (
        {"goal": "Walk a mile a day", "due": "2030-05"},
        {"title": "Walk a mile a day", "facts": [("Being worked on", "En curso")], "due": "2030-05"},
        Date("target-date", "2030"),
    ),
    "Immunization": (
        {"vaccine": "Tetanus", "date": "2019-03", "lot": "L2"},
        {"title": "Tetanus", "facts": [("Given", "Aplicada"), ("Lot L2", "Lote L2")], "when": "2019-03"},
        Date("date", "2019-03"),
    ),
    "Procedure": (
        {"name": "Appendectomy", "date": "2001"},
        {"title": "Appendectomy", "facts": [], "when": "2001"},
        Words("code", "append"),
    ),
}


# What is changed of it, and the elements of the resource that alone say another thing then.
CHANGED: dict[str, tuple[dict[str, str], set[str]]] = {
    "CarePlan": ({"words": "", "status": "completed"}, {"description", "status"}),
    "Coverage": (
        {"payor": "Ocean Health", "until": "2025-12", "status": "cancelled"},
        {"payor", "period", "status"},
    ),
    "Device": ({"serial": "10", "status": "inactive"}, {"serialNumber", "status"}),
    "FamilyMemberHistory": (
        {"relative": "FTH", "condition": "Diabetes, type 2"},
        {"relationship", "condition"},
    ),
    "Goal": ({"due": "", "status": "on-hold"}, {"target", "lifecycleStatus"}),
    "Immunization": ({"date": "", "lot": "L3"}, {"occurrenceDateTime", "occurrenceString", "lotNumber"}),
    "Procedure": ({"name": "Appendix removed", "date": "2001-04"}, {"code", "performedDateTime"}),
}


def both(words: object) -> dict[str, str]:
    en, es = words if isinstance(words, tuple) else (words, words)
    return {"en": str(en), "es": str(es)}


def test_every_section_is_tried_here() -> None:
    assert set(ADDED) == set(CHANGED) == set(sections())


@pytest.mark.parametrize("kind", sorted(ADDED))
async def test_what_is_added_is_shown_found_taken_back_and_in_the_history(
    act_as: ActAs, scene: Scene, clinician: httpx.AsyncClient, patient: httpx.AsyncClient, kind: str
) -> None:
    values, shown, param = ADDED[kind]
    base = f"/api/patients/{scene.patient.id}"
    body = {"values": values, "visit_id": str(scene.visit.id)}
    added = await clinician.post(
        f"{base}/sections/{kind}", json=body, headers={"Idempotency-Key": "key-of-the-first-press"}
    )
    again = await clinician.post(
        f"{base}/sections/{kind}", json=body, headers={"Idempotency-Key": "key-of-the-first-press"}
    )
    assert added.status_code == 201, added.text
    assert again.json() == added.json()
    line = added.json()
    assert line["title"] == both(shown["title"])
    assert line["facts"] == [both(each) for each in shown["facts"]]
    assert {name: value for name, value in line["values"].items() if name in values} == values
    assert (line["due"], line["source"]) == (shown.get("due"), "clinician")
    assert line["when"] == shown["when"] if "when" in shown else True
    for who, path in ((clinician, f"{base}/sections"), (patient, "/api/me/sections")):
        assert _items(await who.get(path), kind) == [line]
    async with act_as(scene.actor) as unit:
        found = (await search(unit.read, kind, [param], patient_id=scene.patient.id)).records
        assert [str(each.id) for each in found] == [line["id"]]
        assert found[0].visit_id == scene.visit.id
    taken_back = await clinician.post(
        f"{base}/records/{line['id']}/in-error", json={"reason": "Another patient's"}
    )
    assert taken_back.json()["in_error"] is True
    assert _items(await clinician.get(f"{base}/sections"), kind) == []
    history = (await clinician.get(f"{base}/records/{line['id']}/history")).json()
    assert [each["reason"] for each in history] == [None, "Another patient's"]


def _items(answer: httpx.Response, kind: str) -> list[Any]:
    [section] = [each for each in answer.json() if each["type"] == kind]
    items: list[Any] = section["items"]
    return items


async def test_what_is_empty_says_so_and_what_it_asks(
    clinician: httpx.AsyncClient, patient: httpx.AsyncClient, scene: Scene
) -> None:
    shown = (await clinician.get(f"/api/patients/{scene.patient.id}/sections")).json()
    own = (await patient.get("/api/me/sections")).json()
    assert [each["type"] for each in shown] == [each["type"] for each in own] == sorted(ADDED)
    for each in [*shown, *own]:
        assert each["none"]["en"] != each["none"]["es"]
        assert each["items"] == []
    [family] = [each for each in shown if each["type"] == "FamilyMemberHistory"]
    assert [(each["name"], each["kind"], each["required"]) for each in family["fields"]] == [
        ("relative", "choice", True),
        ("condition", "text", True),
    ]
    assert {"value": "MTH", "label": {"en": "Mother", "es": "Madre"}} in family["fields"][0]["choices"]


@pytest.mark.parametrize(
    ("kind", "values", "wrong"),
    [
        ("Immunization", {}, {"vaccine": "required"}),
        ("Immunization", {"vaccine": " ", "date": "soon"}, {"vaccine": "required", "date": "not_a_date"}),
        ("Immunization", {"vaccine": "x", "date": "2199"}, {"date": "in_the_future"}),
        (
            "Immunization",
            {"vaccine": "x" * 301, "colour": "red"},
            {"vaccine": "too_long", "colour": "unknown_field"},
        ),
        ("FamilyMemberHistory", {"relative": "PET", "condition": "x"}, {"relative": "unknown_code"}),
        ("Goal", {"goal": "x", "due": "2024-02-29T10:00:00Z"}, {"due": "not_a_date"}),
        ("Procedure", {"name": "x", "date": "2024-1"}, {"date": "not_a_date"}),
        ("Procedure", {"name": "x\x00"}, {"name": "unsupported_character"}),
    ],
)
async def test_what_is_filled_in_wrong_is_said_beside_its_field(
    clinician: httpx.AsyncClient, scene: Scene, kind: str, values: dict[str, str], wrong: dict[str, str]
) -> None:
    path = f"/api/patients/{scene.patient.id}/sections/{kind}"
    answer = await clinician.post(path, json={"values": values})
    assert answer.status_code == 422, answer.text
    assert {each["path"]: each["code"] for each in answer.json()["fields"]} == wrong


@pytest.mark.parametrize("kind", ["Condition", "Patient", "no-such"])
async def test_a_type_without_a_section_has_no_form(
    clinician: httpx.AsyncClient, scene: Scene, kind: str
) -> None:
    path = f"/api/patients/{scene.patient.id}/sections/{kind}"
    assert (await clinician.post(path, json={"values": {}})).status_code == 404


async def test_others_see_no_section_of_this_patient(stranger: httpx.AsyncClient, scene: Scene) -> None:
    assert (await stranger.get(f"/api/patients/{scene.patient.id}/sections")).status_code == 404
    answer = await stranger.post(
        f"/api/patients/{scene.patient.id}/sections/Goal", json={"values": ADDED["Goal"][0]}
    )
    assert answer.status_code == 404


async def test_all_sections_are_one_statement_and_one_row_of_the_audit(
    services: Services, clinician: httpx.AsyncClient, scene: Scene
) -> None:
    with counted(services) as sent:
        answer = await clinician.get(f"/api/patients/{scene.patient.id}/sections")
    assert answer.status_code == 200
    assert sum("record_search" in each for each in sent) == 1
    assert sum("INSERT INTO audit_event" in each for each in sent) == 1


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each['resourceType']}-{each['id']}")
def test_the_lines_of_what_others_wrote_have_a_name(example: Resource) -> None:
    section = SPECS[example["resourceType"]].section
    if section is not None:
        assert section.line(example).title.en not in ("", "Without a name")


@pytest.mark.parametrize("kind", sorted(ADDED))
def test_what_is_required_is_enough(kind: str) -> None:
    section = sections()[kind]
    values = {each.name: ADDED[kind][0][each.name] for each in section.fields if each.required and each.asked}
    now = SystemClock().now()
    resource = built(section, values, Asserter(Source.CLINICIAN, new_id(), new_id(), now))
    bindings.check(store.stamped(resource, new_id(), 1, new_id(), now))


async def _added(clinician: httpx.AsyncClient, scene: Scene, kind: str) -> dict[str, Any]:
    path = f"/api/patients/{scene.patient.id}/sections/{kind}"
    added = await clinician.post(path, json={"values": ADDED[kind][0]})
    assert added.status_code == 201, added.text
    line: dict[str, Any] = added.json()
    return line


@pytest.mark.parametrize("kind", sorted(CHANGED))
async def test_a_change_touches_what_was_changed_and_nothing_else(
    act_as: ActAs, scene: Scene, clinician: httpx.AsyncClient, kind: str
) -> None:
    values, elements = CHANGED[kind]
    line = await _added(clinician, scene, kind)
    path = f"/api/patients/{scene.patient.id}/sections/{kind}/{line['id']}"
    told = [{"url": "http://example.org/told", "valueDecimal": Decimal("1.10")}]
    async with act_as(scene.actor) as unit:
        # What others wrote into it, and we do not know.
        record = await store.edit(
            unit.write, scene.patient.id, UUID(line["id"]), lambda held: {**held.resource, "extension": told}
        )
        before = record.resource
    stale = await clinician.put(path, json={"values": values, "version": 1})
    assert (stale.status_code, stale.json()["code"], stale.json()["data"]["version"]) == (
        409,
        "record_stale",
        2,
    )
    assert (
        await clinician.put(path, json={"values": values}, headers={"If-Match": '"1"'})
    ).status_code == 412
    changed = await clinician.put(path, json={"values": values, "version": 2})
    assert changed.status_code == 200, changed.text
    assert changed.headers["etag"] == '"3"'
    assert changed.json()["values"] == {**line["values"], **values}
    # The answer was lost and the change is sent again; or it is what stands already.
    for again in (values, {**line["values"], **values}, {}):
        answer = await clinician.put(path, json={"values": again, "version": 2})
        assert answer.json() == changed.json()
    async with act_as(scene.actor) as unit:
        after = (await store.get(unit.read, scene.patient.id, UUID(line["id"]))).resource
    assert {name for name in before | after if before.get(name) != after.get(name)} - {"meta"} == elements
    assert after["extension"] == told
    history = (await clinician.get(f"/api/patients/{scene.patient.id}/records/{line['id']}/history")).json()
    assert len(history) == 3
    assert all(each["known"] for each in history[2]["changes"])


async def test_a_new_name_leaves_no_code_of_the_old_thing(
    act_as: ActAs, scene: Scene, clinician: httpx.AsyncClient
) -> None:
    coded = {
        "resourceType": "Immunization",
        "status": "completed",
        "patient": {"reference": "Patient/x"},
        "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "115"}], "text": "Tdap"},
        "occurrenceDateTime": "2019-03-15T10:00:00-05:00",
    }
    async with act_as(scene.actor) as unit:
        record = await store.put(unit.write, scene.patient.id, coded, source=Source.IMPORT)
    path = f"/api/patients/{scene.patient.id}/sections/Immunization/{record.id}"
    changed = await clinician.put(
        path, json={"values": {"vaccine": "Influenza", "date": "2019-03-15"}, "version": 1}
    )
    assert changed.json()["title"]["en"] == "Influenza"
    async with act_as(scene.actor) as unit:
        after = (await store.get(unit.read, scene.patient.id, record.id)).resource
    assert after["vaccineCode"] == {"text": "Influenza"}
    assert after["occurrenceDateTime"] == coded["occurrenceDateTime"], "its day was not changed"


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"vaccine": " "}, {"vaccine": "required"}),
        ({"date": "2199"}, {"date": "in_the_future"}),
        ({"status": "entered-in-error"}, {"status": "unknown_code"}),
        ({"colour": "red"}, {"colour": "unknown_field"}),
    ],
)
async def test_what_is_changed_to_something_wrong_is_said_beside_its_field(
    clinician: httpx.AsyncClient, scene: Scene, values: dict[str, str], wrong: dict[str, str]
) -> None:
    line = await _added(clinician, scene, "Immunization")
    path = f"/api/patients/{scene.patient.id}/sections/Immunization/{line['id']}"
    answer = await clinician.put(path, json={"values": values, "version": 1})
    assert answer.status_code == 422, answer.text
    assert {each["path"]: each["code"] for each in answer.json()["fields"]} == wrong


async def test_what_is_in_error_of_another_type_or_another_patients_is_not_changed(
    clinician: httpx.AsyncClient, stranger: httpx.AsyncClient, scene: Scene
) -> None:
    line = await _added(clinician, scene, "Goal")
    base = f"/api/patients/{scene.patient.id}"
    body = {"values": {"goal": "Run"}, "version": 1}
    assert (await clinician.put(f"{base}/sections/Device/{line['id']}", json=body)).status_code == 404
    assert (await clinician.put(f"{base}/sections/Observation/{line['id']}", json=body)).status_code == 404
    assert (await clinician.put(f"{base}/sections/Goal/{new_id()}", json=body)).status_code == 404
    assert (await stranger.put(f"{base}/sections/Goal/{line['id']}", json=body)).status_code == 404
    await clinician.post(f"{base}/records/{line['id']}/in-error", json={"reason": "x"})
    answer = await clinician.put(f"{base}/sections/Goal/{line['id']}", json={**body, "version": 2})
    assert (answer.status_code, answer.json()["code"]) == (409, "record_in_error")
    await clinician.post(f"{base}/records/{line['id']}/in-error/undo", json={"version": 2})
    assert (
        await clinician.put(f"{base}/sections/Goal/{line['id']}", json={**body, "version": 3})
    ).status_code == 200


@given(resources(), st.data())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_form_sent_as_it_was_shown_changes_nothing_of_any_resource(
    resource: Resource, data: st.DataObject
) -> None:
    section = SPECS[resource["resourceType"]].section
    if section is None:
        return
    today = SystemClock().now().date()
    shown = shown_in(section, resource)
    assert changes(section, resource, shown, today) == {}
    assert edited(section, resource, shown) is resource
    # And one that is changed says the new thing, and is still valid.
    field = data.draw(st.sampled_from(section.fields))
    other = {"text": "Another", "date": "2001-02", "choice": next(iter(field.choices or {""}))}[field.kind]
    after = edited(section, resource, changes(section, resource, {field.name: other}, today))
    assert field.at.read(after) == other
    bindings.check(store.stamped(after, new_id(), 1, new_id(), SystemClock().now()))


async def test_who_waited_for_the_lock_sees_the_newer_version(act_as: ActAs, scene: Scene) -> None:
    of = scene.patient.id
    async with act_as(scene.actor) as unit:
        record = await store.put(unit.write, of, condition.build("Asthma", BY))
    async with act_as(scene.actor) as first:
        await store.get(first.read, of, record.id)
        async with act_as(scene.actor) as second:
            await store.edit(second.write, of, record.id, lambda held: {**held.resource, "language": "es"})
        with pytest.raises(Stale):
            await store.edit(first.write, of, record.id, lambda held: held.resource, expected_version=1)
