"""The commands by which whoever runs an installation gives a clinic its first administrator and its pharmacies."""

from pathlib import Path
from uuid import UUID

import httpx
import pytest

from app.commands.confirm_staff import confirm_staff
from app.commands.create_admin import Admin, create_admin, served_at
from app.commands.load_pharmacies import load_pharmacies
from app.home import Home
from app.process.progress import SetupError
from core.actor import Role, system_actor
from core.config import Settings
from core.database.session import open_unit
from core.ids import new_id
from core.services import Services
from identity.person.name import Name
from identity.staff import confirmations
from identity.staff.standing import Change
from tests.people import actor_of, make_staff, session_for, sign_in

HEAD = "ncpdp_id,npi,name,line,city,state,zip,phone,fax"
ELM = "9910001,1999001005,Elm Street Pharmacy,12 Elm St,Albany,NY,12207,(518) 555-0100,"
CEDAR = "9910015,1999001740,Cedar & Main Drugs,3 Main St,Worcester,MA,01608-1234,+15085550102,508-555-0152"
PASSWORD = "six grey herons at dawn"


@pytest.fixture
def slug() -> str:
    return f"river-{new_id()}"


async def test_a_new_clinics_administrator_comes_in_by_the_link_that_is_printed(
    settings: Settings, client: httpx.AsyncClient, slug: str
) -> None:
    wanted = Admin(
        slug, "River Clinic", "America/Chicago", Name(given="Ana", family="Ruiz"), "Ana@River.example"
    )
    page, _, token = (await create_admin(settings, wanted)).partition("#")
    assert page == f"{settings.public_url}/c/{slug}/invite"
    shown = (await client.get(f"/api/clinics/{slug}")).json()
    assert (shown["name"], shown["time_zone"]) == ("River Clinic", "America/Chicago")
    path = f"/api/clinics/{slug}/invites/accept"
    accepted = await client.post(path, json={"token": token, "password": PASSWORD})
    assert (accepted.status_code, accepted.json()["step"]) == (200, "enrol")
    again = await client.post(path, json={"token": token, "password": PASSWORD})
    assert again.status_code == 409
    with pytest.raises(SetupError, match="email_taken"):
        await create_admin(settings, wanted)


def test_the_link_is_at_the_address_that_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CARETHREAD_PUBLIC_URL", raising=False)
    home = Home(tmp_path)
    assert served_at(home, None) == "http://localhost:8000"
    home.address.write_text("http://localhost:9000")
    assert served_at(home, None) == "http://localhost:9000", "where `carethread run --port 9000` said so"
    assert served_at(home, 9100) == "http://localhost:9100"
    monkeypatch.setenv("CARETHREAD_PUBLIC_URL", "https://clinic.example")
    assert served_at(home, 9100) == "https://clinic.example"


async def test_no_clinic_is_made_by_mistyping_its_name(settings: Settings, slug: str) -> None:
    with pytest.raises(SetupError, match="--clinic-name"):
        await create_admin(
            settings,
            Admin(slug, "", "America/Chicago", Name(family="Ruiz"), "ana@river.example"),
        )


async def test_the_operator_is_the_second_person_where_there_is_no_other(
    settings: Settings, services: Services, clinic_id: UUID
) -> None:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        admin = await make_staff(unit.write, Role.ADMIN)
        doctor = await make_staff(unit.write, email="dana@river.example")
    async with open_unit(services, actor_of(admin)) as unit:
        await confirmations.want(unit.write, doctor, Change.INVITED, Change.NPI)
    slug = f"test-{clinic_id}"
    assert await confirm_staff(settings, slug, " Dana@River.example ") == ["invited", "npi"]
    async with open_unit(services, actor_of(doctor)) as unit:
        await confirmations.require_to_sign(unit.read)
    for where, who, said in (
        (slug, "dana@river.example", "Nothing waits"),
        (slug, "nobody@river.example", "Nobody on the staff"),
        ("nowhere", "dana@river.example", "There is no clinic"),
    ):
        with pytest.raises(SetupError, match=said):
            await confirm_staff(settings, where, who)


@pytest.fixture
async def clinician(client: httpx.AsyncClient, services: Services, clinic_id: UUID) -> httpx.AsyncClient:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        sign_in(client, await session_for(unit.write, await make_staff(unit.write, Role.CLINICIAN)))
    return client


def csv_file(folder: Path, *lines: str) -> Path:
    file = folder / "pharmacies.csv"
    file.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8-sig")
    return file


async def test_the_directory_is_loaded_and_brought_up_to_date(
    settings: Settings, clinician: httpx.AsyncClient, clinic_id: UUID, tmp_path: Path
) -> None:
    slug = f"test-{clinic_id}"
    assert await load_pharmacies(settings, slug, csv_file(tmp_path, ELM, CEDAR)) == 2
    [elm] = (await clinician.get("/api/pharmacies", params={"q": "elm"})).json()["items"]
    assert (elm["name"], elm["phone"], elm["state"]) == ("Elm Street Pharmacy", "+15185550100", "NY")

    moved = ELM.replace("12 Elm St", "14 Oak Ave")
    assert await load_pharmacies(settings, slug, csv_file(tmp_path, moved)) == 1
    found = (await clinician.get("/api/pharmacies", params={"q": "albany"})).json()["items"]
    assert [(each["id"], each["line"]) for each in found] == [(elm["id"], "14 Oak Ave")]
    kept = (await clinician.get("/api/pharmacies", params={"q": "cedar"})).json()["items"]
    assert len(kept) == 1, "prescriptions may name it"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([ELM, CEDAR.replace("9910015", "99")], r"line 3: ncpdp_id\."),
        ([ELM.replace("1999001005", "1999001006").replace(",NY,", ",ZZ,")], r"line 2: npi, state\."),
        ([ELM.replace("(518) 555-0100", "call us")], r"line 2: phone\."),
        ([ELM.replace("Elm Street Pharmacy", "")] * 7, r"and 2 more lines\."),
        ([], "no pharmacies"),
    ],
)
async def test_a_directory_with_a_mistake_is_refused_as_a_whole(
    settings: Settings,
    clinician: httpx.AsyncClient,
    clinic_id: UUID,
    tmp_path: Path,
    lines: list[str],
    says: str,
) -> None:
    with pytest.raises(SetupError, match=says):
        await load_pharmacies(settings, f"test-{clinic_id}", csv_file(tmp_path, *lines))
    assert (await clinician.get("/api/pharmacies", params={"q": "elm"})).json()["items"] == []


async def test_what_is_no_directory_is_said_in_a_sentence(
    settings: Settings, clinic_id: UUID, tmp_path: Path
) -> None:
    file = tmp_path / "other.csv"
    file.write_text("name,phone\nElm,1\n")
    with pytest.raises(SetupError, match="no column ncpdp_id"):
        await load_pharmacies(settings, f"test-{clinic_id}", file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SetupError, match="cannot be read"):
        await load_pharmacies(settings, f"test-{clinic_id}", file)
    with pytest.raises(SetupError, match="There is no clinic nowhere"):
        await load_pharmacies(settings, "nowhere", csv_file(tmp_path, ELM))
