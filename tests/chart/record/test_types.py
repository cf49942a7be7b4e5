"""What the record knows of each resource type; and that a new type is its spec and nothing else."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import httpx
import pytest
from fhir.resources.R4B import get_fhir_model_class

from chart.domain import RecordType, Resource
from chart.record import store, types
from chart.record.importing import import_bundle
from chart.record.index import index
from chart.record.registry import SPECS
from chart.record.search.params import Coded, Date, Param, Token
from chart.record.search.repository import search
from chart.record.spec import ENTERED_IN_ERROR, ResourceSpec
from core import json
from core.errors import Invalid
from tests.chart.conftest import Scene
from tests.chart.record.fhir_resources import fields_of
from tests.conftest import ActAs

FILES = [each.name for each in iter_modules(types.__path__)]


def test_each_file_is_one_type_and_is_called_so() -> None:
    named = {name: import_module(f"{types.__name__}.{name}").SPEC.type for name in FILES}
    assert {name: re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower() for name, kind in named.items()} == {
        name: name for name in FILES
    }
    assert set(named.values()) == set(SPECS)
    assert set(RecordType) <= set(SPECS)


@pytest.mark.parametrize("kind", sorted(SPECS))
def test_what_it_says_of_a_type_is_so_in_fhir(kind: str) -> None:
    spec, fields = SPECS[kind], {each.name: each for each in fields_of(kind)}
    assert spec.patient is None or spec.patient in fields
    assert spec.about in fields or spec.type in ("Encounter", "FamilyMemberHistory", "QuestionnaireResponse")
    for path in [*spec.codes, *spec.concepts]:
        within, _, element = path.rpartition(".")
        of = fields[within].of if within else kind
        assert element in {each.name for each in fields_of(of)}, path
    if spec.status is None:
        assert spec.verification is None
    elif spec.verification is None:
        assert ENTERED_IN_ERROR in spec.codes[spec.status]
        assert spec.status_required == fields[spec.status].required
    else:
        assert spec.concepts["verificationStatus"][0] == spec.verification
        assert ENTERED_IN_ERROR in spec.concepts["verificationStatus"][1]
    assert get_fhir_model_class(kind).model_fields


@pytest.mark.parametrize("kind", sorted(SPECS))
def test_what_a_type_is_searched_by_are_elements_of_it(kind: str) -> None:
    searched = SPECS[kind].searched
    assert len({each.name for each in searched}) == len(searched)
    for each in searched:
        for path in each.paths:
            assert path == "identifier" or _exists(kind, path), path


def _exists(kind: str, path: str) -> bool:
    name, _, below = path.partition(".")
    of = {each.name: each.of for each in fields_of(kind)}.get(name)
    return of is not None and (not below or _exists(of, below))


def described() -> ResourceSpec:
    """The type that the guide adds."""
    guide = (Path(__file__).parents[3] / "docs/add-a-resource-type.md").read_text()
    [example] = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    module: dict[str, Any] = {}
    exec(example, module)  # noqa: S102 - what the guide says, as a reader would write it to a file
    spec: ResourceSpec = module["SPEC"]
    return spec


DIET: Resource = {
    "resourceType": "NutritionOrder",
    "status": "active",
    "intent": "plan",
    "dateTime": "2024-03",
    "oralDiet": {
        "instruction": "Little salt",
        "type": [{"coding": [{"system": "urn:diets", "code": "salt"}]}],
    },
    "enteralFormula": {"maxVolumeToDeliver": {"value": json.decode("1.0"), "unit": "mL"}},
}


async def test_a_new_type_is_stored_imported_found_changed_taken_back_and_read_by_its_spec_alone(
    act_as: ActAs, scene: Scene, clinician: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Invalid):
        async with act_as(scene.actor) as unit:
            await store.put(unit.write, scene.patient.id, DIET)
    monkeypatch.setitem(SPECS, "NutritionOrder", described())
    async with act_as(scene.actor) as unit:
        await import_bundle(unit.write, scene.patient, {"entry": [{"resource": DIET}]})
        [record] = await store.list(unit.read, scene.patient.id, "NutritionOrder")
        assert (record.status, record.display, record.source) == ("active", "Little salt", "import")
        asked: list[Param] = [Token("oraldiet", (Coded("salt", "urn:diets"),)), Date("datetime", "2024")]
        found = await search(unit.read, "NutritionOrder", asked, patient_id=scene.patient.id)
        assert [each.id for each in found.records] == [record.id]
        await store.edit(
            unit.write,
            scene.patient.id,
            record.id,
            lambda current: {**current.resource, "status": "on-hold"},
        )
    with pytest.raises(Invalid):
        async with act_as(scene.actor) as unit:
            await store.put(unit.write, scene.patient.id, {**DIET, "status": "bogus"})
    base = f"/api/patients/{scene.patient.id}/records/{record.id}"
    taken_back = await clinician.post(f"{base}/in-error", json={"reason": "another patient's"})
    assert taken_back.json()["in_error"] is True
    history = json.decode((await clinician.get(f"{base}/history")).content)
    assert [index(each["resource"]).status for each in history] == ["active", "on-hold", ENTERED_IN_ERROR]
    assert json.canonical(history[-1]["resource"]["enteralFormula"]) == json.canonical(DIET["enteralFormula"])
    body = {"values": {"diet": "Much fruit"}}
    added = await clinician.post(f"/api/patients/{scene.patient.id}/sections/NutritionOrder", json=body)
    assert added.json()["title"] == {"en": "Much fruit", "es": "Much fruit"}
    [diets] = [
        each
        for each in (await clinician.get(f"/api/patients/{scene.patient.id}/sections")).json()
        if each["type"] == "NutritionOrder"
    ]
    assert (diets["title"], diets["items"]) == ({"en": "Diets", "es": "Dietas"}, [added.json()])
    path = f"/api/patients/{scene.patient.id}/sections/NutritionOrder/{added.json()['id']}"
    changed = await clinician.put(
        path, json={"values": {"diet": "Little salt", "status": "completed"}, "version": 1}
    )
    assert (changed.json()["title"]["en"], changed.json()["facts"][0]["es"]) == ("Little salt", "Terminada")
    versions = (await clinician.get(f"{path.replace('sections/NutritionOrder', 'records')}/history")).json()
    assert [(each["label"]["en"], each["after"]["words"]["en"]) for each in versions[1]["changes"]] == [
        ("Status", "Over"),
        ("Diet", "Little salt"),
    ]
