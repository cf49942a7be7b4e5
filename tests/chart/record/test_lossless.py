"""Nothing that the record was given is lost: digits, extensions, contained resources, letters of any script."""

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from chart.domain import Resource, Source
from chart.record import store
from chart.record.storable import LONGEST_NUMBER
from core import json as our_json
from core.errors import Invalid
from tests.chart.conftest import Scene
from tests.conftest import ActAs

NUMBERS = (
    "1.10",
    "-0.0",
    "-0.10",
    "100",
    "1.000000000000000000000000000000",
    "12345678901234567.89",
    "18446744073709551616",
    "123456789012345678901234567890.123456789012345678901234567890",
    "0.000000000000000000000000000001",
    "1e3",
    "1.0E+2",
    "-6.0221e23",
    "1.50e-7",
    "0e5",
    "9" * 60,
)

OBSERVATION = """{
  "resourceType": "Observation", "status": "final", "code": {"text": "Glucosa ñ 血糖 \\ud83e\\ude78 \\u00e9 <script>"},
  "meta": {"profile": ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab|6.1.0"],
           "tag": [{"system": "urn:x", "code": "seen"}]},
  "implicitRules": "http://example.org/rules", "language": "es",
  "subject": {"reference": "Patient/elsewhere", "display": "Ana López", "identifier": {"value": "A-1"}},
  "effectiveDateTime": "2024-03", "_effectiveDateTime": {"id": "when", "extension": [
      {"url": "http://example.org/precision", "valueCode": "month"}]},
  "_status": {"extension": [{"url": "http://example.org/why", "valueString": "checked twice"}]},
  "text": {"status": "generated", "div": "<div xmlns=\\"http://www.w3.org/1999/xhtml\\"><b>7</b> &lt; 8</div>"},
  "contained": [{"resourceType": "Device", "id": "meter", "serialNumber": "00012",
                 "extension": [{"url": "http://example.org/drift", "valueDecimal": NUMBER}]}],
  "device": {"reference": "#meter"},
  "extension": [{"url": "http://example.org/unknown", "extension": [
      {"url": "depth", "valueDecimal": NUMBER}, {"url": "when", "valueDate": "2024"}]}],
  "modifierExtension": [{"url": "http://example.org/modifier", "valueBoolean": false}],
  "note": [{"text": " two  spaces and\\na line "}],
  "valueQuantity": {"value": NUMBER, "unit": "mg/dL", "comparator": "<"},
  "referenceRange": [{"low": {"value": NUMBER}, "high": {"value": 99.50}}],
  "component": [{"code": {"text": "x"}, "valueSampledData": {
      "origin": {"value": NUMBER}, "period": NUMBER, "dimensions": 1, "data": "1.10 E 2.0"}}]
}"""


def canonical(text: str | bytes) -> str:
    """JSON as text, its keys in order, each number with its own digits and exponent."""
    read = json.loads(
        text, parse_float=lambda digits: f"#{Decimal(digits)}", parse_int=lambda digits: f"#{digits}"
    )
    return json.dumps(read, sort_keys=True, ensure_ascii=False)


def without_ours(resource: Resource) -> Resource:
    """All but what is ours to say: the id, the version, its time, and whose it is."""
    meta = {k: v for k, v in resource["meta"].items() if k not in ("versionId", "lastUpdated")}
    kept = {k: v for k, v in resource.items() if k not in ("id", "meta", "subject", "patient")}
    named = resource.get("subject") or resource["patient"]
    whose = {k: v for k, v in named.items() if k != "reference"}
    return {**kept, **({"meta": meta} if meta else {}), **({"whose": whose} if whose else {})}


def kept(resource: Resource) -> str:
    return canonical(our_json.encode(without_ours(resource)))


def given(text: str) -> tuple[Resource, str]:
    resource: Resource = our_json.decode(text)
    whose = {k: v for k, v in resource["subject"].items() if k != "reference"}
    return resource, canonical(
        our_json.encode({k: v for k, v in resource.items() if k != "subject"} | {"whose": whose})
    )


@pytest.mark.parametrize("number", NUMBERS)
def test_reading_and_writing_json_keeps_every_digit(number: str) -> None:
    text = OBSERVATION.replace("NUMBER", number)
    assert canonical(our_json.encode(our_json.decode(text))) == canonical(text)
    assert canonical(our_json.canonical(our_json.decode(text))) == canonical(text)


async def test_a_resource_is_given_back_as_it_came(
    act_as: ActAs, scene: Scene, clinician: httpx.AsyncClient
) -> None:
    """Through the store, the history, an edit, and HTTP."""
    base = f"/api/patients/{scene.patient.id}/records"
    for number in NUMBERS:
        resource, expected = given(OBSERVATION.replace("NUMBER", number))
        async with act_as(scene.actor) as unit:
            put = await store.put(unit.write, scene.patient.id, resource, source=Source.IMPORT)
        async with act_as(scene.actor) as unit:
            assert kept((await store.get(unit.read, scene.patient.id, put.id)).resource) == expected
            assert [kept(each.resource) for each in await store.list(unit.read, scene.patient.id)] == [
                expected
            ]
        taken_back = await clinician.post(f"{base}/{put.id}/in-error", json={"reason": "x"})
        history = await clinician.get(f"{base}/{put.id}/history")
        in_error = our_json.encode(our_json.decode(expected) | {"status": "entered-in-error"})
        assert [kept(each["resource"]) for each in our_json.decode(history.content)] == [
            expected,
            canonical(in_error).replace('"##', '"#'),
        ]
        assert kept(our_json.decode(taken_back.content)["resource"]) == canonical(in_error)


@pytest.mark.parametrize("digits", ["37.0", "37.20", "36.60000000000000000001"])
async def test_a_measurement_keeps_the_digits_that_were_sent(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs, digits: str
) -> None:
    """A vital sign added to the chart, and one of a note that was signed."""
    base = f"/api/patients/{scene.patient.id}"
    header = {"content-type": "application/json"}
    sent = await clinician.post(
        f"{base}/vitals", content=f'{{"code": "8310-5", "value": {digits}}}', headers=header
    )
    assert sent.status_code == 201, sent.text
    assert our_json.decode(sent.content)["resource"]["valueQuantity"]["value"] == Decimal(digits)
    assert f'"value":{digits}' in sent.text
    summary = await clinician.get(f"{base}/summary")
    assert f'"value" : {digits},' in summary.text
    assert summary.json()["vitals"][0]["points"][0]["typed"] == digits
    line = f'{{"code": "8310-5", "unit": "Cel", "value": {digits}}}'
    note = (await clinician.post(f"/api/visits/{scene.visit.id}/note")).json()
    body = f'{{"version": 1, "content": {{"plan": "x", "assessment": "x", "vitals": [{line}]}}}}'
    saved = await clinician.put(f"/api/notes/{note['id']}", content=body, headers=header)
    assert saved.status_code == 200, saved.text
    ready = await clinician.post(f"/api/notes/{note['id']}/ready", json={"version": 2})
    assert f'"value":{digits}' in ready.json()["document"]
    signed = await clinician.post(f"/api/notes/{note['id']}/sign", json={"sha256": ready.json()["sha256"]})
    assert signed.status_code == 200, signed.text
    opened = await clinician.get(f"/api/visits/{scene.visit.id}/note")
    assert f'"value":{digits}' in opened.text
    async with act_as(scene.actor) as unit:
        stored = await store.list(unit.read, scene.patient.id, "Observation")
    assert [str(each.resource["valueQuantity"]["value"]) for each in stored] == [digits, digits]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (Decimal("1E+1001"), "number_too_long"),
        (Decimal("1E-1001"), "number_too_long"),
        (Decimal(f"0.{'1' * (LONGEST_NUMBER + 1)}"), "number_too_long"),
        (10**LONGEST_NUMBER, "number_too_long"),
        (float("nan"), "not_fhir"),
        (Decimal("Infinity"), "not_fhir"),
    ],
)
async def test_what_the_database_cannot_keep_is_refused_with_its_path(
    act_as: ActAs, scene: Scene, wrong: Any, code: str
) -> None:
    built = {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}
    with pytest.raises(Invalid) as caught:
        async with act_as(scene.actor) as unit:
            await store.put(unit.write, scene.patient.id, {**built, "valueQuantity": {"value": wrong}})
    assert [(each.path, each.code) for each in caught.value.fields] == [("valueQuantity.value", code)]


async def test_the_text_of_a_resource_ends_with_it(act_as: ActAs, scene: Scene) -> None:
    """The release before, or an operator, writes `resource` alone."""
    built = {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}
    quantity = {"value": Decimal("1E+3")}
    async with act_as(scene.actor) as unit:
        put = await store.put(unit.write, scene.patient.id, {**built, "valueQuantity": quantity})
        assert put.verbatim is not None
    async with act_as(scene.actor) as unit:
        change = text("UPDATE record SET resource = jsonb_set(resource, '{status}', '\"amended\"')")
        await unit.write.execute(change)
        read = await store.get(unit.read, scene.patient.id, put.id)
    assert (read.resource["status"], read.resource["valueQuantity"]["value"]) == ("amended", 1000)


@pytest.mark.parametrize("letter", ["\x00", "\ud800"])
async def test_a_letter_that_the_database_cannot_keep_is_refused(
    act_as: ActAs, scene: Scene, letter: str
) -> None:
    with pytest.raises(Invalid):
        async with act_as(scene.actor) as unit:
            concept = {"text": f"a{letter}b"}
            await store.put(
                unit.write,
                scene.patient.id,
                {"resourceType": "Observation", "status": "final", "code": concept},
            )


@pytest.mark.parametrize("wrong", ['"NaN"', '"Infinity"', "1e999999", "1E-999999", f"37.{'0' * 2000}"])
async def test_a_measurement_that_is_no_number_of_this_world_is_refused(
    clinician: httpx.AsyncClient, scene: Scene, wrong: str
) -> None:
    header = {"content-type": "application/json"}
    vital = f'{{"code": "8310-5", "value": {wrong}}}'
    sent = await clinician.post(f"/api/patients/{scene.patient.id}/vitals", content=vital, headers=header)
    assert sent.status_code in (400, 422), sent.text
    note = (await clinician.post(f"/api/visits/{scene.visit.id}/note")).json()
    line = f'{{"code": "8310-5", "unit": "Cel", "value": {wrong}}}'
    saved = await clinician.put(
        f"/api/notes/{note['id']}",
        content=f'{{"version": 1, "content": {{"vitals": [{line}]}}}}',
        headers=header,
    )
    assert saved.status_code == sent.status_code, saved.text
    assert saved.status_code == 400 or saved.json()["fields"][0]["path"] == "content.vitals.0.value"
