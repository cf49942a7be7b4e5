"""The table of permissions, read as a list of promises."""

import pytest

from core.actor import Role
from identity.permissions import GRANTS, Permission, held_by


def test_every_permission_has_its_line_and_nobody_is_the_system() -> None:
    assert set(GRANTS) == set(Permission)
    assert all(Role.SYSTEM not in roles for roles in GRANTS.values())
    assert all(roles for roles in GRANTS.values())


@pytest.mark.parametrize(
    "permission",
    [
        Permission.NOTE_WRITE,
        Permission.NOTE_SIGN,
        Permission.PRESCRIPTION_WRITE,
        Permission.PRESCRIPTION_SIGN,
        Permission.CHART_WRITE,
        Permission.VISIT_ADMIT,
        Permission.VISIT_FINISH,
    ],
)
def test_only_clinicians_treat(permission: Permission) -> None:
    assert GRANTS[permission] == {Role.CLINICIAN}


def test_an_administrator_sees_no_health_data() -> None:
    seen = {str(each).split(".")[0] for each in held_by([Role.ADMIN])}
    assert seen.isdisjoint(
        {"chart", "note", "patient", "prescription", "intake", "message", "task", "record"}
    )


def test_only_administrators_administer() -> None:
    for permission in (Permission.ADMIN_PEOPLE, Permission.ADMIN_CLINIC, Permission.ADMIN_AUDIT):
        assert GRANTS[permission] == {Role.ADMIN}


def test_a_guest_has_their_own_place_in_a_visit_and_nothing_else() -> None:
    assert held_by([Role.GUEST]) == [Permission.SESSION, Permission.LIVE, Permission.GUEST]
    assert GRANTS[Permission.GUEST] == {Role.GUEST}


def test_patients_hold_nothing_of_the_clinics() -> None:
    staff_only = {Permission.QUEUE_READ, Permission.CHART_READ, Permission.PATIENT_READ, Permission.TASK_READ}
    assert staff_only.isdisjoint(held_by([Role.PATIENT]))
    assert held_by([]) == []


def test_two_roles_hold_what_either_does() -> None:
    both = set(held_by([Role.CLINICIAN, Role.ADMIN]))
    assert both == set(held_by([Role.CLINICIAN])) | set(held_by([Role.ADMIN]))
