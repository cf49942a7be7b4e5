"""Which modules have mutants, in order of importance, and which tests can see each: the narrowest first.

A test that starts processes is of no use here: they import the module as it is.
"""

from collections.abc import Iterator
from pathlib import Path

SOURCE = Path("platform")
ROOTS = frozenset(each.name for each in SOURCE.iterdir() if each.is_dir())

_SHARED = ("tests/app/test_readable.py", "tests/app/test_sensitive.py")
_RESTRICTED = ("tests/app/test_restricted.py", "tests/app/test_restricted_opening.py")
_WORDS = "tests/app/test_words_kept.py"
_DIRECTORY = "tests/directory/test_domain.py"
_EDGE = ("tests/core/edge",)
_WAITING = ("tests/visits/test_life.py", "tests/visits/test_waiting.py", "tests/visits/test_queue.py")

SEEN_BY: dict[str, tuple[str, ...]] = {
    "chart/access.py": (*_SHARED, "tests/chart/record/test_store.py", "tests/chart/record/test_sections.py"),
    "chart/aftervisit/access.py": _SHARED,
    "chart/record/history/domain.py": (
        "tests/chart/record/test_differences.py",
        "tests/chart/record/test_any_difference.py",
        "tests/chart/record/test_history.py",
    ),
    "directory/access.py": ("tests/directory/test_whose.py",),
    "directory/contact_points/domain.py": (
        _DIRECTORY,
        "tests/directory/test_contacts.py",
    ),
    "directory/identifiers/domain.py": (_DIRECTORY, "tests/directory/test_identifiers.py"),
    "directory/locations/domain.py": (
        _DIRECTORY,
        "tests/directory/test_locations.py",
        "tests/directory/test_fhir_location.py",
    ),
    "chart/notes/access.py": (*_SHARED, *_RESTRICTED),
    "chart/prescribing/access.py": (
        "tests/chart/prescribing/test_access.py",
        *_SHARED,
        *_RESTRICTED,
    ),
    "followup/access.py": (*_SHARED, "tests/followup/test_tasks.py"),
    "intake/access.py": (
        "tests/intake/test_access.py",
        "tests/intake/test_intake_strangers.py",
    ),
    "messaging/access.py": (*_SHARED, "tests/messaging/test_threads.py"),
    "visits/access.py": (
        *_SHARED,
        "tests/visits/test_life.py",
        "tests/visits/test_calls.py",
    ),
    "visits/history/access.py": ("tests/visits/history",),
    "visits/history/domain.py": (
        "tests/visits/history/test_words_and_thinning.py",
        _WORDS,
        "tests/visits/history",
    ),
    "visits/check/domain.py": ("tests/visits/check/test_verdict.py", "tests/visits/check"),
    "visits/phone/domain.py": ("tests/visits/phone/test_domain.py", "tests/visits/phone"),
    "visits/people/access.py": ("tests/visits/people/test_attackers.py", "tests/visits/people"),
    "visits/people/domain.py": ("tests/visits/people/test_domain.py", "tests/visits/people"),
    "identity/readable.py": (*_SHARED, *_RESTRICTED, "tests/identity/related"),
    "core/edge/idempotency.py": ("tests/core/edge/test_idempotency.py", *_EDGE),
    "core/edge/exchange.py": ("tests/core/edge/test_exchange.py", *_EDGE),
    "core/edge/held_answer.py": (
        "tests/core/edge/test_held_answer.py",
        *_EDGE,
        "tests/core/guard/test_bodies.py",
        "tests/core/files/test_files.py",
    ),
    "core/edge/http_json.py": ("tests/core/edge/test_http_json.py", *_EDGE),
    "core/edge/openapi.py": (
        "tests/core/edge/test_openapi.py",
        *_EDGE,
        "tests/app/every_route/test_declared.py",
    ),
    "core/edge/problems.py": ("tests/core/edge/test_problems.py", *_EDGE),
    "core/edge/surfaces.py": ("tests/core/edge/test_surfaces.py", *_EDGE),
    "core/edge/versions.py": ("tests/core/edge/test_versions.py", *_EDGE),
    "core/edge/web.py": (
        "tests/core/edge/test_web.py",
        *_EDGE,
        "tests/core/guard",
        "tests/app/every_route/test_declared.py",
    ),
    "core/edge/middleware.py": (
        "tests/core/edge/test_transaction.py",
        "tests/core/edge/test_origin.py",
        *_EDGE,
        "tests/core/guard",
        "tests/identity/related/test_acting.py",
    ),
    "visits/domain.py": ("tests/visits/test_domain.py", _WORDS, *_WAITING),
    "visits/appointments/domain.py": (
        "tests/visits/test_appointment_steps.py",
        _WORDS,
        "tests/visits/test_appointments.py",
    ),
    "visits/visit_types/domain.py": ("tests/visits/test_type_rules.py", "tests/visits/test_visit_types.py"),
    "identity/domain.py": (
        "tests/identity/test_limits.py",
        "tests/identity/test_domain.py",
        _WORDS,
        "tests/app/every_route/test_audit_words.py",
        "tests/identity/test_policy.py",
        "tests/identity/sessions",
    ),
    "identity/clinic/holidays/domain.py": ("tests/identity/clinic/test_holidays.py",),
    "identity/patient_account/new_device/domain.py": ("tests/identity/test_limits.py",),
    "identity/privacy/domain.py": ("tests/identity/test_limits.py", _WORDS, *_RESTRICTED),
    "identity/related/domain.py": ("tests/identity/test_limits.py", _WORDS, "tests/identity/related"),
    "intake/domain.py": (
        "tests/intake/test_domain.py",
        "tests/intake/test_vectors.py",
        "tests/intake/test_intake_api.py",
    ),
    "chart/domain.py": (
        "tests/chart/test_domain.py",
        _WORDS,
        "tests/chart/record/test_store.py",
        "tests/chart/record/test_sections.py",
    ),
    "chart/notes/domain.py": ("tests/chart/notes/test_domain.py", _WORDS, "tests/chart/notes/test_notes.py"),
    "chart/prescribing/domain.py": (
        "tests/chart/prescribing/test_domain.py",
        "tests/chart/prescribing/transmission/test_sendable.py",
        _WORDS,
    ),
    "chart/record/sections/domain.py": (
        "tests/chart/record/test_section_form.py",
        "tests/chart/record/test_sections.py",
    ),
    "followup/domain.py": (
        "tests/followup/test_domain.py",
        "tests/followup/test_due.py",
        _WORDS,
        "tests/followup/test_tasks.py",
    ),
    "messaging/domain.py": ("tests/messaging/test_domain.py", _WORDS, "tests/messaging/test_threads.py"),
}


def modules() -> Iterator[str]:
    """Every module that decides whose things are whose, what a request has to pass, or what a state allows."""
    for file in sorted(SOURCE.rglob("*.py")):
        name = file.relative_to(SOURCE).as_posix()
        is_edge = name.startswith("core/edge/") and file.name != "__init__.py"
        if file.name in ("access.py", "domain.py") or is_edge or name == "identity/readable.py":
            yield name
