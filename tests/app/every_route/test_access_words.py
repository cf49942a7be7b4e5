"""What the patient reads on 'Who looked at my record' has words, in both languages, for all that the platform
writes down about a patient, and for nothing else."""

import json
from collections.abc import Mapping
from typing import Any

from core.actor import Role
from tests.app.every_route.recorded import ONE, ROOT, SEVERAL, flat, recorded

MESSAGES = ROOT / "web/src/features/home/messages"
LANGUAGES = ("en", "es")

LISTED_IN_SQL = {"task.list", "queue.read"}
"""Lists whose statement names the patients in its audit row by itself."""


def _words(language: str) -> Mapping[str, Any]:
    access: Mapping[str, Any] = json.loads((MESSAGES / f"{language}.json").read_text())["access"]
    return access


def test_all_that_is_written_about_a_patient_has_words() -> None:
    written = recorded(ONE) - {"queue.read"}
    assert {"chart.read", "visit.admitted", "prescription.signed", "task.done"} <= written
    for language in LANGUAGES:
        words = set(flat(_words(language)["what"])) - {"other"}
        assert written - words == set(), language
        assert words - written == set(), language


def test_every_list_that_shows_a_patient_among_others_has_words() -> None:
    written = recorded(SEVERAL) | LISTED_IN_SQL
    assert {"queue.read", "patient.search", "thread.list", "audit.search"} <= written
    for language in LANGUAGES:
        words = set(flat(_words(language)["listed"])) - {"other"}
        assert written == words, language


def test_whoever_looked_is_named_by_role() -> None:
    for language in LANGUAGES:
        # "none" is who had not signed in yet.
        assert set(_words(language)["role"]) == {"none", *(str(role) for role in Role)}
