"""What cannot be sent cannot be signed: whatever would make a NewRx fail is refused at the draft, with its reason."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from chart.prescribing.medicines import sig as directions
from chart.prescribing.medicines.formulary import Product, products
from chart.prescribing.medicines.sig import Sig
from chart.prescribing.medicines.sig_words import NOTES
from chart.prescribing.script.build import to_xml
from chart.prescribing.script.parse import from_xml
from chart.prescribing.transmission.newrx import can_be_sent, new_rx
from chart.prescribing.writing.composing import Parties, document, missing, supply_problems
from core import json as core_json
from core.ids import new_id
from directory.locations.domain import ClinicLocation
from identity.models import Patient, Staff
from identity.person.name import PARTS
from tests.chart.conftest import Scene
from tests.chart.prescribing.conftest import Json, begin, sign
from tests.chart.prescribing.medicines.test_sig import writable
from tests.chart.prescribing.test_drafts import put

TODAY = date(2026, 11, 5)
ID = UUID(int=1)
HARBOR = {"line": ["1 Harbor Way"], "city": "Boston", "state": "MA", "postalCode": "02116"}
ALBANY = {"line": ["12 Elm St"], "city": "Albany", "state": "NY", "postalCode": "12207"}
NAMELESS = dict.fromkeys(PARTS, "")


def parties(product: Product, **changes: Any) -> Parties:
    """Everyone whom a prescription names, as rows have them, without a database."""
    plain: Any = SimpleNamespace
    parts: dict[str, Any] = {
        "patient": Patient(
            id=ID,
            **NAMELESS | {"given": "María", "family": "López"},
            sex="female",
            clinical_sex="female",
            birth_date=date(1988, 2, 29),
            phone="+12125550100",
            language="es",
            address=ALBANY,
        ),
        "visit": plain(location=None, callback_phone=None),
        "prescriber": plain(id=ID),
        "staff": Staff(npi="1234567893", **NAMELESS | {"given": "Dana", "family": "Reyes", "suffix": "MD"}),
        "clinic": plain(slug="harbor", phone="+16175550100", address=HARBOR),
        "pharmacy": plain(
            id=ID,
            ncpdp_id="9910001",
            npi="1234567893",
            name="Elm Street Pharmacy",
            line="12 Elm St",
            city="Springfield",
            state="MA",
            zip="01103",
            phone="+14135550100",
        ),
        "drug": plain(
            **{
                name: getattr(product, name)
                for name in ("id", "title", "strength", "form", "route", "rxcui", "ndc")
            },
            pack=product.pack,
        ),
    }
    for path, value in changes.items():
        part, name = path.split("__")
        setattr(parts[part], name, value)
    return Parties(place=ClinicLocation(parts.pop("clinic"), None), **parts)


part = st.text(st.characters(codec="utf-8"), max_size=80).map(lambda each: " ".join(each.split()))


@given(st.fixed_dictionaries({name: part for name in NAMELESS}))
def test_a_name_of_any_length_reaches_the_pharmacy_in_its_parts(parts: dict[str, str]) -> None:
    of = parties(products()[0], **{f"patient__{name}": text for name, text in parts.items()})
    if missing(of, TODAY):
        return
    written = document(draft(products()[0].usual[0]), of, TODAY)
    assert can_be_sent(written)
    message = new_rx(written, "m1", datetime.now(UTC))
    sent, name = message.patient, written.patient
    assert sent.second == name.second[:35].strip()
    assert (sent.prefix in ("", name.prefix)) and (sent.suffix in ("", name.suffix))
    single = not (name.given and name.family)
    assert sent.given == ("FNU" if single else name.given[:35].strip())
    assert sent.family == (name.family or name.given)[:35].strip()


def draft(sig: Sig, **fields: Any) -> Any:
    stored: dict[str, Any] = {
        "clinic_id": ID,
        "id": ID,
        "visit_id": ID,
        "version": 1,
        "prescriber_id": ID,
        "quantity": None,
        "days_supply": None,
        "unread": [],
        "refills": 0,
        "substitutions_allowed": True,
        "note": "",
        "diagnosis": None,
    }
    return SimpleNamespace(**stored | {"sig": msgspec.to_builtins(sig)} | fields)


@given(
    writable(),
    st.none() | st.decimals(0, 10_000, places=4) | st.floats(-1, 1e6).map(lambda each: Decimal(repr(each))),
    st.none() | st.integers(-1, 400),
    st.integers(-1, 13),
)
def test_whatever_a_draft_lets_through_can_be_sent(
    case: tuple[Product, Sig], quantity: Decimal | None, days: int | None, refills: int
) -> None:
    product, sig = case
    of = parties(product)
    if supply_problems(sig, of.drug, quantity, days, refills):
        return
    written = document(draft(sig, quantity=quantity, days_supply=days, refills=refills), of, TODAY)
    assert can_be_sent(written)
    assert float(written.quantity) > 0


@given(st.floats(), st.none() | st.floats(), st.sampled_from(products()))
def test_a_dose_that_passes_is_said_exactly(dose: float, most: float | None, product: Product) -> None:
    usual = product.usual[0]
    sig = msgspec.structs.replace(usual, dose=dose, dose_max=most)
    if directions.problems(sig, product.form, product.route):
        return
    assert float(directions.number(dose)) == dose
    assert most is None or float(directions.number(most)) == most > dose


def test_every_medicine_with_its_usual_directions_can_be_sent() -> None:
    for product in products():
        of = parties(product)
        for sig in product.usual:
            assert supply_problems(sig, of.drug, None, None, 0) == {}, (product.id, sig)
            assert can_be_sent(document(draft(sig), of, TODAY)), (product.id, sig)


def test_the_longest_directions_reach_the_pharmacy_whole() -> None:
    product = next(each for each in products() if each.form == "tablet")
    longest = Sig(dose=1, dose_max=2, unit="tablet", frequency="q5m", notes=tuple(NOTES), extra="w" * 140)
    written = document(draft(longest), parties(product), TODAY)
    read = from_xml(to_xml(new_rx(written, "m1", datetime.now(UTC))))
    assert can_be_sent(written) and read.medication.sig == written.sig_en  # type: ignore[union-attr]  # a NewRx


def test_a_year_of_many_tablets_is_more_than_a_message_carries() -> None:
    product = next(each for each in products() if each.form == "tablet" and not each.pack)
    sig = Sig(dose=20, unit="tablet", frequency="q4h", days=365)
    assert supply_problems(sig, parties(product).drug, None, None, 0) == {"quantity": "quantity_out_of_range"}
    assert supply_problems(sig, parties(product).drug, Decimal(90), None, 0) == {}


def test_extensions_reach_the_pharmacy_apart_from_their_numbers() -> None:
    of = parties(
        products()[0],
        patient__phone=None,
        visit__callback_phone="+12125550100;ext=204",
        clinic__phone="+16175550100;ext=9",
        pharmacy__phone="+14135550100;ext=12345678",
    )
    assert missing(of, TODAY) == []
    written = document(draft(products()[0].usual[0]), of, TODAY)
    assert can_be_sent(written)
    sent = to_xml(new_rx(written, "m1", datetime.now(UTC))).decode()
    for number, extension in (("2125550100", "204"), ("6175550100", "9"), ("4135550100", "12345678")):
        assert f"<Number>{number}</Number><Extension>{extension}</Extension>" in re.sub(r">\s+<", "><", sent)


WHOLE = ["line", "city", "state", "postalCode"]


@pytest.mark.parametrize(
    ("address", "missing_parts"),
    [
        (None, WHOLE),
        # As an earlier version kept it: nothing is read out of it by a pattern.
        ({"line": ["1 Harbor Way, Boston, MA 02116"], "city": "", "state": "", "postalCode": ""}, WHOLE[1:]),
        (
            {"line": ["Calle 5"], "city": "Puebla", "state": "PUE", "postalCode": "72000", "country": "MX"},
            WHOLE,
        ),
    ],
)
def test_each_missing_part_of_an_address_is_named(
    address: dict[str, Any] | None, missing_parts: list[str]
) -> None:
    for who in ("clinic", "patient"):
        of = parties(products()[0], **{f"{who}__address": address})
        assert missing(of, TODAY) == [f"{who}.address.{part}" for part in missing_parts]


@pytest.mark.parametrize(
    ("clinical", "sent"),
    [("female", "F"), ("male", "M"), ("specified", "U"), ("declined", "U"), ("unknown", "U")],
)
def test_a_pharmacy_is_told_the_sex_for_clinical_use(clinical: str, sent: str) -> None:
    of = parties(products()[0], patient__sex="other", patient__clinical_sex=clinical)
    assert document(draft(products()[0].usual[0]), of, TODAY).patient.gender == sent


def test_all_lines_of_an_address_reach_the_pharmacy() -> None:
    address = HARBOR | {"line": ["1 Harbor Way", "Suite 3", "Box 7"]}
    of = parties(products()[0], clinic__address=address)
    written = document(draft(products()[0].usual[0]), of, TODAY)
    sent = new_rx(written, "m1", datetime.now(UTC)).prescriber.address
    assert (sent.line1, sent.line2, sent.city) == ("1 Harbor Way", "Suite 3, Box 7", "Boston")


LONG = "1200 North Whispering Saint Cloud Boulevard, Apartment 1405-B"


@pytest.mark.parametrize("who", ["clinic", "patient"])
def test_a_street_of_more_than_forty_letters_reaches_the_pharmacy_in_two_lines(who: str) -> None:
    of = parties(products()[0], **{f"{who}__address": HARBOR | {"line": [LONG]}})
    assert missing(of, TODAY) == []
    message = new_rx(document(draft(products()[0].usual[0]), of, TODAY), "m1", datetime.now(UTC))
    sent = message.patient.address if who == "patient" else message.prescriber.address
    assert (sent.line1, sent.line2) == ("1200 North Whispering Saint Cloud", "Boulevard, Apartment 1405-B")


@pytest.mark.parametrize("lines", [["A" * 41], [LONG, LONG], ["1 Elm St", "A" * 41], ["word " * 17]])
def test_a_street_that_no_message_carries_is_said_before_signing(lines: list[str]) -> None:
    for who in ("clinic", "patient"):
        of = parties(products()[0], **{f"{who}__address": HARBOR | {"line": lines}})
        assert missing(of, TODAY) == [f"{who}.address.line_too_long"]
    of = parties(products()[0], pharmacy__line="A" * 41)
    assert missing(of, TODAY) == ["pharmacy.address.line_too_long"]


@given(st.lists(part.filter(str.isprintable).filter(bool), min_size=1, max_size=3))
def test_no_letter_of_a_street_is_lost(lines: list[str]) -> None:
    of = parties(products()[0], clinic__address=HARBOR | {"line": lines})
    if missing(of, TODAY):
        return
    sent = new_rx(document(draft(products()[0].usual[0]), of, TODAY), "m1", datetime.now(UTC)).prescriber
    told = f"{sent.address.line1} {sent.address.line2 or ''}"
    assert max(len(sent.address.line1), len(sent.address.line2 or "")) <= 40
    assert re.sub("[ ,]", "", told) == re.sub("[ ,]", "", "".join(lines))


async def test_who_signs_is_told_of_a_street_that_is_too_long(
    clinician: httpx.AsyncClient, ready: Scene, owner: AsyncEngine
) -> None:
    drafted: Json = await begin(clinician, ready.visit.id)
    async with owner.begin() as connection:
        values = {"address": core_json.encode_text(HARBOR | {"line": ["A" * 90]}), "id": ready.patient.id}
        await connection.execute(
            text("UPDATE patient SET address = cast(:address AS jsonb) WHERE id = :id"), values
        )
    shown = (await clinician.get(f"/api/prescriptions/{drafted['line']['id']}")).json()
    assert (shown["missing"], shown["sha256"]) == (["patient.address.line_too_long"], None)
    refused = await sign(clinician, drafted)
    assert refused.status_code == 409, refused.text


@pytest.mark.parametrize(
    ("path", "value", "name"),
    [
        ("patient__given", "\x01", "patient.name"),
        ("patient__family", "\x01", "patient.name"),
        ("patient__birth_date", date(2026, 11, 6), "patient.birth_date"),
        ("patient__phone", "+442071838750", "patient.phone"),
        ("clinic__address", HARBOR | {"postalCode": "٠٢١١٦"}, "clinic.address.postalCode"),
        ("clinic__address", HARBOR | {"state": "XX"}, "clinic.address.state"),
        ("clinic__address", HARBOR | {"city": "\x02"}, "clinic.address.city"),
        ("clinic__address", HARBOR | {"line": [" "]}, "clinic.address.line"),
        ("patient__address", ALBANY | {"postalCode": "1220"}, "patient.address.postalCode"),
        ("pharmacy__phone", "+442071838750", "pharmacy.phone"),
        ("pharmacy__state", "Massachusetts", "pharmacy.address.state"),
        ("pharmacy__zip", "0110", "pharmacy.address.postalCode"),
        ("pharmacy__line", "\x02", "pharmacy.address.line"),
        ("pharmacy__name", "\x02", "pharmacy.name"),
        ("pharmacy__ncpdp_id", "٩٩١٠٠٠١", "pharmacy.ncpdp_id"),
        ("patient__suffix", "\x01", "patient.name"),
        ("staff__npi", "1234567890", "prescriber.npi"),
        ("staff__family", "\x02", "prescriber.name"),
    ],
)
def test_what_a_pharmacy_could_not_read_counts_as_missing(path: str, value: object, name: str) -> None:
    assert missing(parties(products()[0], **{path: value}), TODAY) == [name]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("patient__given", "Ana\x0b\ufffe" + "Lu" * 40),
        ("patient__family", "A" * 34 + " B"),
        ("staff__family", "\x07Dana\u202eReyes"),
        ("patient__suffix", "Supernumerary"),
        ("patient__used_name", "\x01"),
        ("staff__prefix", "Assoc. Prof."),
        ("pharmacy__zip", "01103-1234"),
        ("pharmacy__npi", "none"),
        ("pharmacy__name", "P" * 69 + " & \x1f sons"),
        ("pharmacy__city", "Llanfair" * 9),
    ],
)
def test_what_a_message_has_no_place_for_does_not_hold_it_back(path: str, value: object) -> None:
    of = parties(products()[0], **{path: value})
    assert missing(of, TODAY) == []
    assert can_be_sent(document(draft(products()[0].usual[0]), of, TODAY))


def test_a_document_that_no_message_can_hold_is_not_to_be_signed() -> None:
    written = document(draft(products()[0].usual[0]), parties(products()[0]), TODAY)
    for broken in (
        {"quantity": "0"},
        {"sig_en": ""},
        {"sig_en": "a\x00"},
        {"refills": 100},
        {"unit_code": "tablet"},
    ):
        assert not can_be_sent(msgspec.structs.replace(written, **broken)), broken


@pytest.mark.parametrize("dose", [1e-9, 5e-324, 0.1, 0.3, 1.0000001, -0.0, 1e9])
async def test_a_dose_that_cannot_be_meant_is_refused_at_every_door(
    clinician: httpx.AsyncClient, ready: Scene, dose: float
) -> None:
    drafted = await begin(clinician, ready.visit.id, "lisinopril-10-mg-tablet")
    sig = drafted["sig"] | {"dose": dose}
    begun = await clinician.post(
        f"/api/visits/{ready.visit.id}/prescriptions",
        json={"drug_id": "lisinopril-10-mg-tablet", "sig": sig},
        headers={"idempotency-key": str(new_id())},
    )
    for answer in (begun, await put(clinician, drafted, sig=sig)):
        assert answer.status_code == 422, answer.text
        assert [each["path"] for each in answer.json()["fields"]] == ["sig.dose"]


STORED_BEFORE = [
    ("""sig = jsonb_set(sig, '{dose}', '1e-9')""", "sig.dose", "sig_dose_not_divisible"),
    ("""sig = jsonb_set(sig, '{dose_max}', '0.5')""", "sig.dose_max", "sig_dose_max_wrong"),
    ("quantity = 0.0001", "quantity", "quantity_too_fine"),
]


@pytest.mark.parametrize(("change", "path", "code"), STORED_BEFORE)
async def test_a_draft_older_than_a_rule_is_shown_with_its_fault_and_not_signed(
    clinician: httpx.AsyncClient, ready: Scene, owner: AsyncEngine, change: str, path: str, code: str
) -> None:
    drafted: Json = await begin(clinician, ready.visit.id)
    rx = drafted["line"]["id"]
    async with owner.begin() as connection:
        await connection.execute(text(f"UPDATE prescription SET {change} WHERE id = :id"), {"id": rx})  # noqa: S608  the table's
    shown = (await clinician.get(f"/api/prescriptions/{rx}")).json()
    assert (shown["wrong"], shown["sha256"]) == ({path: code}, None)
    assert (shown["line"]["sig_text"]["en"] == "") is path.startswith("sig.")
    refused = await sign(clinician, drafted)
    assert refused.status_code == 422, refused.text
    assert [(each["path"], each["code"]) for each in refused.json()["fields"]] == [(path, code)]


@pytest.mark.parametrize("path", ["sig.dose", "sig.days", "quantity", "days_supply", "refills"])
async def test_a_field_that_holds_no_number_keeps_nothing_that_could_be_signed(
    clinician: httpx.AsyncClient, ready: Scene, path: str
) -> None:
    drafted = await begin(clinician, ready.visit.id)
    answer = await put(clinician, drafted, unread=[path], note="Kept all the same")
    assert answer.status_code == 200, answer.text
    shown = (await clinician.get(f"/api/prescriptions/{drafted['line']['id']}")).json()
    assert (shown["wrong"], shown["sha256"]) == ({path: "number_unreadable"}, None)
    assert shown["note"] == "Kept all the same"
    assert (shown["line"]["sig_text"]["en"] == "") is path.startswith("sig.")
    refused = await sign(clinician, drafted)
    assert [(each["path"], each["code"]) for each in refused.json()["fields"]] == [
        (path, "number_unreadable")
    ]
    mended = (await put(clinician, shown)).json()
    assert (mended["wrong"], bool(mended["sha256"])) == ({}, True)


async def test_only_a_field_of_a_number_can_be_unread(clinician: httpx.AsyncClient, ready: Scene) -> None:
    answer = await put(clinician, await begin(clinician, ready.visit.id), unread=["note"])
    assert [(each["path"], each["code"]) for each in answer.json()["fields"]] == [("unread", "unknown_field")]
