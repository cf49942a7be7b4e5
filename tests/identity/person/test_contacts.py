"""A phone number or a mailbox has one form, however it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.person.contacts import (
    contact_problem,
    parse_contact,
    parse_dialed,
    parse_email,
    parse_phone,
    readable_phone,
)


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("(415) 555-0142", "+14155550142"),
        ("+1 415 555 0142", "+14155550142"),
        ("+52 55 1234 5678", "+525512345678"),
        ("555-0142", None),
        ("12", None),
        ("", None),
        ("call me", None),
        ("+1 415 555 0142 ext. 3", None),
    ],
)
def test_a_phone_number_has_one_form(typed: str, phone: str | None) -> None:
    assert parse_phone(typed) == phone


@pytest.mark.parametrize(
    "typed",
    [
        "(415) 555-0142 ext. 204", "415-555-0142 x204", "4155550142 X 204", "415.555.0142 #204", "4155550142#204",
        "415 555 0142, ext 204", "415 555 0142 (ext. 204)", "415 555 0142 extension 204", "415 555 0142 Ext.: 204",
        "415 555 0142 ext no. 204", "415 555 0142 ext # 204", "415 555 0142 extension number 204", "415-555-0142,,204",
        "415 555 0142 extensión 204", "415 555 0142 extensio\u0301n 204", "415 555 0142 extensión número 204",
        "415 555 0142 interno 204", "415 555 0142 int. 204", "415 555 0142 anexo 204", "415 555 0142 ramal nº 204",
        "+1 415 555 0142 ext204", "+14155550142;ext=204", "tel:+1-415-555-0142;ext=204",
        "415 555 0142 ext. \u0662\u0660\u0664", "415 555 0142 ext. \uff12\uff10\uff14",
    ],
)  # fmt: skip
def test_a_number_to_dial_keeps_its_extension_however_it_is_typed(typed: str) -> None:
    assert parse_dialed(typed) == "+14155550142;ext=204"
    assert parse_phone(typed) is None, "no text message reaches an extension"
    assert contact_problem(typed) == "contact_extension"
    assert readable_phone("+14155550142;ext=204") == "(415) 555-0142 ext. 204"


@pytest.mark.parametrize(
    ("typed", "region", "dialed"),
    [
        ("(415) 555-0142", "US", "+14155550142"),
        ("951 516 0123 ext. 7", "MX", "+529515160123;ext=7"),
        ("415 555 0142 ext. 0012", "US", "+14155550142;ext=0012"),
        ("415 555 0142 ext. 123456789", "US", None),
        ("555-0142 ext. 204", "US", None),
        ("ext. 204", "US", None),
        ("415 555 0142 ext.", "US", None),
        ("", "US", None),
    ],
)
def test_an_extension_needs_a_whole_number_before_it(typed: str, region: str, dialed: str | None) -> None:
    assert parse_dialed(typed, region) == dialed


@given(st.text(max_size=60) | st.from_regex(r"[+(]?[0-9 ().-]{7,16} ?(ext|x|#|interno)?[. ]{0,2}[0-9]{0,10}"))
def test_a_number_to_dial_stays_itself(text: str) -> None:
    dialed = parse_dialed(text)
    if dialed is not None:
        assert parse_dialed(dialed) == dialed == parse_dialed(readable_phone(dialed))


@pytest.mark.parametrize(
    ("typed", "email"),
    [
        (" Ana.Ruiz+x@Example.ORG ", "ana.ruiz+x@example.org"),
        ("ana@example", None),
        ("@example.org", None),
        ("ana@@example.org", None),
        ("ana@example.org\nbcc: all", None),
        ("a" * 65 + "@example.org", None),
        ("ana@" + "e" * 260 + ".org", None),
    ],
)
def test_a_mailbox_has_one_form(typed: str, email: str | None) -> None:
    assert parse_email(typed) == email


@given(st.text(max_size=300))
def test_any_text_is_a_contact_or_none_and_a_contact_stays_itself(text: str) -> None:
    contact = parse_contact(text)
    if contact is not None:
        assert parse_contact(contact.value) == contact
        assert contact.value not in contact.masked
