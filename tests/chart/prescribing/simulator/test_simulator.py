"""The pharmacy simulator over real HTTP: it answers as a pharmacy would, once for each message, and remembers."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from chart.prescribing.script.build import to_xml
from chart.prescribing.script.messages import Error, Status, Verify
from chart.prescribing.script.parse import from_xml
from chart.prescribing.simulator.store import Store
from tests.chart.prescribing.pharmacy import PharmacyProcess, running_pharmacy
from tests.chart.prescribing.samples import PHARMACY, new_rx


@pytest.fixture
async def pharmacy(tmp_path: Path) -> AsyncIterator[PharmacyProcess]:
    async with running_pharmacy(tmp_path) as process:
        yield process


async def test_the_pharmacys_manners(pharmacy: PharmacyProcess) -> None:
    """One process for all of it: starting one takes a second."""
    # A good prescription is taken, and what will be said of it can be asked for.
    answer = from_xml((await pharmacy.send(to_xml(new_rx("good")))).content)
    assert isinstance(answer, Status) and answer.code == "010"
    assert (answer.header.relates_to, answer.header.sender.id) == ("good", PHARMACY["ncpdp_id"])
    verify = from_xml((await pharmacy.http.get("/script/good")).content)
    assert isinstance(verify, Verify) and verify.header.relates_to == "good"

    # The same message again: the same bytes, and it is counted.
    again = from_xml((await pharmacy.send(to_xml(new_rx("good")))).content)
    assert again == answer
    counts = await pharmacy.counts()
    assert (counts["received"], counts["duplicates"], counts["times"]["good"]) == (1, 1, 2)

    # What it never got, it does not know.
    assert (await pharmacy.http.get("/script/never")).status_code == 404

    # Not a message; not a NewRx; somewhere else; not an NPI.
    assert (await pharmacy.send(b"<!DOCTYPE x [<!ENTITY y 'z'>]><x>&y;</x>")).status_code == 400
    refused = from_xml((await pharmacy.send(to_xml(answer))).content)
    assert isinstance(refused, Error) and refused.code == "900"
    elsewhere = to_xml(new_rx("elsewhere")).replace(PHARMACY["ncpdp_id"].encode(), b"0000000")
    refused = from_xml((await pharmacy.send(elsewhere)).content)
    assert isinstance(refused, Error) and refused.description == "No such pharmacy"
    wrong_npi = to_xml(new_rx("npi")).replace(b"1234567893", b"1234567890")
    refused = from_xml((await pharmacy.send(wrong_npi)).content)
    assert isinstance(refused, Error) and "NPI" in refused.description

    # Misbehaving when told to.
    await pharmacy.behave("down")
    assert (await pharmacy.send(to_xml(new_rx("down")))).status_code == 503
    await pharmacy.behave("lost")
    assert (await pharmacy.send(to_xml(new_rx("lost")))).status_code == 502
    assert "lost" in (await pharmacy.counts())["times"]
    await pharmacy.behave("wrong")
    astray = from_xml((await pharmacy.send(to_xml(new_rx("wrong")))).content)
    assert astray.header.relates_to != "wrong"
    await pharmacy.behave("error")
    refused = from_xml((await pharmacy.send(to_xml(new_rx("error")))).content)
    assert isinstance(refused, Error)
    await pharmacy.behave("silent")
    await pharmacy.send(to_xml(new_rx("silent")))
    assert isinstance(from_xml((await pharmacy.http.get("/script/silent")).content), Status)

    # Strangers learn nothing, by any door.
    async with httpx.AsyncClient(
        base_url=pharmacy.url, headers={"authorization": "Bearer wrong"}
    ) as stranger:
        for method, path in (("GET", "/"), ("GET", "/control"), ("GET", "/script/good"), ("POST", "/script")):
            assert (await stranger.request(method, path)).status_code == 401
    listing = (await pharmacy.http.get("/")).text
    assert "amoxicillin 500 mg capsule" in listing and "López" not in listing


@pytest.mark.whole
async def test_it_remembers_after_being_killed(tmp_path: Path) -> None:
    async with running_pharmacy(tmp_path) as first:
        answer = (await first.send(to_xml(new_rx("kept")))).content
        await first.kill()
    async with running_pharmacy(tmp_path) as second:
        assert (await second.send(to_xml(new_rx("kept")))).content == answer
        assert (await second.counts())["times"] == {"kept": 2}


def test_a_line_torn_by_a_crash_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_bytes(b'{"received":{"message_id":"m1","at"')
    assert Store(path).all() == []
    assert path.read_bytes() == b""
