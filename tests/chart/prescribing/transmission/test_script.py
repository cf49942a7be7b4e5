"""SCRIPT: what is built is valid and reads back the same; what is hostile or wrong is refused without harm."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from chart.prescribing.script.build import to_xml
from chart.prescribing.script.messages import Error, Header, Message, Party, Status, Verify
from chart.prescribing.script.parse import from_xml
from chart.prescribing.script.schema import NotScript
from tests.chart.prescribing.samples import new_rx

HEADER = Header(
    to=Party("C", "harbor"),
    sender=Party("P", "9910001"),
    message_id="answer-1",
    relates_to="m1",
    sent_at=datetime(2026, 11, 5, 14, 3, 9, tzinfo=UTC),
)


@pytest.mark.parametrize(
    "message",
    [
        new_rx(),
        new_rx(rxcui="308191", ndc="00093310905", diagnosis="J02.0", note="Label in Spanish"),
        new_rx(days_supply=None, quantity="0.5", refills=11, substitutions_allowed=False),
        Status(header=HEADER, code="010"),
        Verify(header=HEADER, code="000", description="Received"),
        Error(header=HEADER, code="900", description_code="000", description="No such pharmacy"),
    ],
)
def test_every_message_reads_back_as_it_was_written(message: Message) -> None:
    assert from_xml(to_xml(message)) == message


def test_a_new_rx_has_the_elements_of_the_standard_in_their_order() -> None:
    root = etree.fromstring(to_xml(new_rx(rxcui="308191", ndc="00093310905", diagnosis="J02.0")))
    medication = root.find("Body/NewRx/MedicationPrescribed")
    assert root.get("TransactionVersion") == "20170715"
    assert root.find("Header/To").get("Qualifier") == "P"
    assert [child.tag for child in root.find("Body/NewRx")] == [
        "Patient",
        "Pharmacy",
        "Prescriber",
        "MedicationPrescribed",
    ]
    assert [child.tag for child in medication] == [
        "DrugDescription",
        "DrugCoded",
        "Quantity",
        "DaysSupply",
        "WrittenDate",
        "Substitutions",
        "NumberOfRefills",
        "Diagnosis",
        "Sig",
    ]
    assert medication.findtext("DrugCoded/DrugDBCode/Qualifier") == "SCD"
    assert medication.findtext("DrugCoded/ProductCode/Qualifier") == "ND"
    assert medication.findtext("DrugCoded/DEASchedule/Code") == "C38046"
    assert medication.findtext("Quantity/CodeListQualifier") == "38"


def test_a_medicine_without_a_confirmed_code_carries_none() -> None:
    assert b"DrugDBCode" not in to_xml(new_rx())


@pytest.mark.parametrize("wrong", [{"quantity": "0"}, {"quantity": "10000"}, {"refills": 100}, {"sig": ""}])
def test_what_the_schema_refuses_never_leaves(wrong: dict[str, object]) -> None:
    with pytest.raises(NotScript):
        to_xml(new_rx("m1", **wrong))


BOMB = b"""<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><Message>&d;</Message>"""
EXTERNAL = (
    b"""<?xml version="1.0"?><!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><Message>&x;</Message>"""
)
INCLUDE = (
    b'<Message xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd"/></Message>'
)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"not xml",
        b"<Message/>",
        b"<Message><Header/><Body/></Message>",
        b'<?xml version="1.0" encoding="utf-99"?><Message/>',
        b'<!DOCTYPE Message SYSTEM "http://127.0.0.1:1/x.dtd"><Message/>',
        b"\xff\xfe<\x00M\x00",
        BOMB,
        EXTERNAL,
        INCLUDE,
        b"<a>" * 20_000,
        b"<Message>" + b"x" * 70_000 + b"</Message>",
        to_xml(new_rx())[:-40],
        to_xml(new_rx()).replace(b"<Gender>F", b"<Gender>X"),
        to_xml(new_rx()).replace(b"C38046", b"C48675"),
        to_xml(new_rx()).replace(b"1988-02-29", b"1989-02-29"),
        to_xml(new_rx()).replace(b"SCRIPT", b"OTHER"),
    ],
)
def test_hostile_and_broken_input_is_refused(data: bytes) -> None:
    with pytest.raises(NotScript) as refused:
        from_xml(data)
    assert "passwd" not in str(refused.value) and "López" not in str(refused.value)


@given(st.binary(max_size=2000))
def test_any_bytes_are_refused_politely(data: bytes) -> None:
    with pytest.raises(NotScript):
        from_xml(data)


plain = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=35)


@given(sig=plain, note=plain, quantity=st.decimals(Decimal("0.001"), Decimal(9999), places=3))
def test_words_and_numbers_survive_the_wire(sig: str, note: str, quantity: Decimal) -> None:
    message = new_rx("m1", sig=sig, note=note, quantity=str(quantity))
    assert from_xml(to_xml(message)) == message


@pytest.mark.parametrize("moment", ["2026-11-05T24:00:00Z", "12026-11-05T14:03:09Z", "-2026-11-05T14:03:09Z"])
def test_a_time_that_the_schema_knows_and_we_do_not_is_refused(moment: str) -> None:
    message = to_xml(Status(header=HEADER, code="000")).replace(b"2026-11-05T14:03:09Z", moment.encode())
    assert moment.encode() in message
    with pytest.raises(NotScript):
        from_xml(message)
