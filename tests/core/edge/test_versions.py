"""ETag and If-Match: what carries a version says it, and a write for another version is a 412."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
from litestar import Litestar

from core.actor import Role, system_actor
from core.database.session import open_unit
from core.edge.versions import IfMatch, if_match
from core.errors import Problem
from core.services import Services
from tests.conftest import new_browser
from tests.people import make_patient, make_staff, session_for, sign_in

PROBLEM = {"display": "Eczema", "code": None}


@pytest.fixture
async def clinician(
    app: Litestar, services: Services, clinic_id: UUID
) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """A clinician's browser, and the address of a patient's problem that has one version."""
    async with open_unit(services, system_actor(clinic_id)) as unit:
        patient = await make_patient(unit.write)
        token = await session_for(unit.write, await make_staff(unit.write, Role.CLINICIAN))
    async with new_browser(app) as browser:
        sign_in(browser, token)
        base = f"/api/patients/{patient.id}/problems"
        made = (await browser.post(base, json={"display": "Rash"})).json()
        yield browser, f"{base}/{made['id']}"


async def test_a_change_names_its_new_version_and_the_next_one_is_made_on_it(
    clinician: tuple[httpx.AsyncClient, str],
) -> None:
    browser, path = clinician
    first = await browser.put(path, json=PROBLEM, headers={"if-match": '"1"'})
    assert (first.status_code, first.headers["etag"]) == (200, '"2"'), first.text
    # FHIR's clients write their tags as weak ones.
    second = await browser.put(path, json={"display": "Hives"}, headers={"if-match": 'W/"2"'})
    assert (second.status_code, second.headers["etag"]) == (200, '"3"'), second.text


async def test_a_change_of_an_older_version_is_a_412_with_the_newer_one(
    clinician: tuple[httpx.AsyncClient, str],
) -> None:
    browser, path = clinician
    await browser.put(path, json=PROBLEM)
    by_header = await browser.put(path, json={"display": "Hives"}, headers={"if-match": '"1"'})
    assert by_header.status_code == by_header.json()["status"] == 412
    assert by_header.json()["data"]["version"] == 2
    # Our own pages say the version in the body, and are told as ever.
    by_body = await browser.put(path, json={"display": "Hives", "version": 1})
    assert (by_body.status_code, by_body.json()["code"]) == (409, "record_stale")
    differing = await browser.put(path, json={"display": "Hives", "version": 2}, headers={"if-match": '"1"'})
    assert (differing.status_code, differing.json()["code"]) == (412, "precondition_failed")
    assert (await browser.put(path, json={"display": "Hives"}, headers={"if-match": "*"})).status_code == 200
    assert (await browser.put(path, json={"display": "Rash"}, headers={"if-match": ""})).status_code == 200


@pytest.mark.parametrize("said", ['"x"', "1", '"1", "2"', '"-1"'])
async def test_what_is_no_tag_of_ours_is_refused(clinician: tuple[httpx.AsyncClient, str], said: str) -> None:
    browser, path = clinician
    answer = await browser.put(path, json=PROBLEM, headers={"if-match": said})
    assert (answer.status_code, answer.json()["code"]) == (400, "if_match_malformed")


async def test_the_header_and_the_body_have_to_agree() -> None:
    assert await if_match(None) == await if_match("*") == IfMatch(None)
    named = await if_match('"3"')
    assert (named.on(None), named.on(3), IfMatch(None).on(4), IfMatch(None).on(None)) == (3, 3, 4, None)
    with pytest.raises(Problem) as refused:
        named.on(4)
    assert refused.value.status == 412
