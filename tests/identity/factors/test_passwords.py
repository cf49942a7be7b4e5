"""Passwords: what is refused, and what matches."""

import pytest

from identity.factors import passwords


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("short", "password_too_short"),
        ("passwordpassword", "password_known"),
        ("qwertyuiop12", "password_known"),
        ("Chickenwing101", "password_known"),
        ("ghjcnjgfhjkm", "password_known"),
        ("correct horse battery staple", "password_known"),
        ("CorrectHorseBatteryStaple2026!", "password_known"),
        ("\uff23orrectHorseBatteryStaple", "password_known"),
        ("asdfjkl;asdfjkl;", "password_known"),
        ("MariaLopez1988", "password_too_common"),
        ("maria.lopez@harbor.example", "password_too_common"),
        ("Harbor-Clinic-2026", "password_too_common"),
        ("maria harbor albany", "password_too_common"),
        ("12ElmStreet2026", "password_too_common"),
        ("(312) 555-0100", "password_too_common"),
        ("tall green river 42", None),
        ("harbor lamp violet 47", None),
        ("el barco verde de mi tía", None),
        ("湖のほとりで青い鳥が三羽", None),
        ("x" * 129, "password_too_long"),
    ],
)
def test_passwords_are_long_and_not_what_people_choose(password: str, weakness: str | None) -> None:
    about = ["Maria Lopez", "maria.lopez@harbor.example", "Harbor Family Clinic", "harbor", "+13125550100"]
    assert passwords.weakness(password, [*about, "12 Elm Street, Albany, NY"]) == weakness


def test_a_password_is_the_same_however_the_keyboard_composes_its_letters() -> None:
    composed, apart = "el árbol de mi tía 9", "el a\u0301rbol de mi ti\u0301a 9"
    assert passwords.matches(passwords.hash_password(composed), apart)
    assert passwords.matches(passwords.hash_password(apart), composed)
    # A hash from before they were brought to one form.
    assert passwords.matches(passwords._hasher.hash(apart), apart)


def test_nobody_has_a_password_that_matches() -> None:
    stored = passwords.hash_password("tall green river 42")
    assert passwords.matches(stored, "tall green river 42")
    assert not passwords.matches(stored, "tall green river 43")
    assert not passwords.matches(None, "nobody has this password")
    assert not passwords.matches("not a hash", "x")
