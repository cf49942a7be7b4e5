"""What the summary says, composed from the signed note and what was prescribed. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from chart.aftervisit import words
from chart.notes.domain import NoteContent
from identity.clinic.hours import Opening


class Lay(msgspec.Struct, frozen=True):
    """A diagnosis in plain words, in each language."""

    en: str
    es: str


class Medicine(msgspec.Struct, frozen=True):
    """A prescribed medicine and how to take it, in the patient's language."""

    name: str
    how: str


class Diagnosis(msgspec.Struct, frozen=True):
    """`official` is the code's own description, when `name` is a plainer one; when there is no plainer one in the
    patient's language, what to make of the name."""

    name: str
    official: str | None


class NextStep(msgspec.Struct, frozen=True):
    title: str
    when: str | None
    detail: str | None


class Clinic(msgspec.Struct, frozen=True):
    name: str
    phone: str | None
    emergency_number: str


class Patient(msgspec.Struct, frozen=True):
    name: str


class When(msgspec.Struct, frozen=True):
    """`when` is a date in words, `with` the clinician."""

    when: str
    with_: str = msgspec.field(name="with")


class Facts(msgspec.Struct, frozen=True):
    """All that the summary is made from, numbers as people dial them. `at` is the visit's time in the patient's own
    zone; `signed_on` the clinic's day on which the note was signed, and `opening` when the clinic opens."""

    language: str
    clinic: Clinic
    crisis_number: str
    patient_name: str
    clinician_name: str
    at: datetime
    complaint: str | None
    note: NoteContent
    medicines: Sequence[Medicine]
    lay: Mapping[str, Lay]
    signed_on: date
    opening: Opening


class Summary(msgspec.Struct, frozen=True):
    """The summary as shown: every string is ready to read, in `language`."""

    language: str
    labels: Mapping[str, str]
    clinic: Clinic
    patient: Patient
    visit: When
    talked: list[str]
    diagnoses: list[Diagnosis]
    medicines: list[Medicine]
    next: list[NextStep]
    instructions: list[str]
    help: list[str]


def compose(facts: Facts) -> Summary:
    """The summary of one visit in the patient's language."""
    lang = words.language(facts.language)
    said = words.complaint(facts.complaint, lang) if facts.complaint else words.no_complaint(lang)
    return Summary(
        language=lang,
        labels=words.LABELS[lang],
        clinic=facts.clinic,
        patient=Patient(facts.patient_name),
        visit=When(words.long_date(facts.at, lang), words.seen_by(facts.clinician_name, lang)),
        talked=[said],
        diagnoses=[_diagnosis(line.code, line.display, facts.lay, lang) for line in facts.note.diagnoses],
        medicines=list(facts.medicines),
        next=[
            NextStep(
                item.title.strip() or words.PLAN_TITLES[lang][item.kind],
                _due(item.due_in_days, facts, lang),
                item.detail.strip() or None,
            )
            for item in facts.note.plan_items
        ],
        instructions=[line for line in facts.note.plan.splitlines() if line.strip()],
        help=words.help_lines(facts.clinic.emergency_number, facts.crisis_number, facts.clinic.phone, lang),
    )


def _due(days: int | None, facts: Facts, lang: str) -> str | None:
    """The day of the task that the item becomes: one on which the clinic opens."""
    if days is None:
        return None
    wanted = facts.signed_on + timedelta(days=days)
    return words.due(facts.opening.open_day(wanted) or wanted, lang)


def _diagnosis(code: str, display: str, lay: Mapping[str, Lay], lang: str) -> Diagnosis:
    plain = lay.get(code)
    if plain is None:
        return Diagnosis(display, words.medical_name(lang))
    return Diagnosis(_upper_first(plain.es if lang == "es" else plain.en), display)


def _upper_first(text: str) -> str:
    """The first letter upper case and the rest as it is: "COVID-19", "Crohn's disease"."""
    return text[:1].upper() + text[1:]
