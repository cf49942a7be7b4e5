"""The intake in a clinician's words, made by pure functions: kept on the visit, read by the note."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from chart.prescribing.knowledge.nothing import means_none
from core.rules.text import Language, Text
from intake.domain import only_none
from intake.draft import DraftAllergy, DraftMedicine, IntakeDraft
from intake.questionnaires.evaluation import enabled, values
from intake.questionnaires.questionnaire import Answer, Item, Questionnaire
from intake.red_flags.rules import RedFlag
from intake.summary.narrative import narrative


class FlagLine(msgspec.Struct, frozen=True):
    """One red flag as the clinic reads it."""

    id: str
    level: str
    title: str


class QuestionLine(msgspec.Struct, frozen=True):
    """One question as it was asked, with its answer in words."""

    group: str
    question: str
    answer: str


class Summary(msgspec.Struct, frozen=True):
    """What the intake says: `hpi_lines` and `ros` line by line for the screen, `narrative` as the note's paragraphs.

    The narrative is English whatever the language of the lines: it is the chart's.

    `changed_flags` were raised, and the patient changed the answers behind them later; their titles say when.
    """

    chief_complaint: str
    hpi_lines: list[str]
    ros: list[str]
    allergies: list[str]
    medicines: list[str]
    flags: list[FlagLine]
    changed_flags: list[FlagLine] = []
    narrative: list[str] = []


class Band(msgspec.Struct, frozen=True):
    """From this score on, this is what a score means."""

    at_least: int
    text: Text


MINIMAL = Band(0, Text("minimal", "mínima"))
MILD = Band(5, Text("mild", "leve"))
MODERATE = Band(10, Text("moderate", "moderada"))

# Kroenke et al. 2001 (PHQ-9), Kroenke et al. 2003 (PHQ-2), Spitzer et al. 2006 (GAD-7).
SCALES: dict[str, tuple[int, tuple[Band, ...]]] = {
    "phq2.total": (6, (Band(0, Text("negative", "negativo")), Band(3, Text("positive", "positivo")))),
    "phq9.total": (
        27,
        (
            MINIMAL,
            MILD,
            MODERATE,
            Band(15, Text("moderately severe", "moderadamente grave")),
            Band(20, Text("severe", "grave")),
        ),
    ),
    "gad7.total": (21, (MINIMAL, MILD, MODERATE, Band(15, Text("severe", "grave")))),
}

YES, NO = Text("yes", "sí"), Text("no", "no")
DENIES = Text("Denies", "Niega")
OF = Text("of", "de")
NO_ALLERGIES = Text("No known allergies (patient)", "Sin alergias conocidas (paciente)")
NO_MEDICINES = Text("Takes no medicines (patient)", "No toma medicamentos (paciente)")
CHANGED = Text("answer changed", "respuesta cambiada")
REMOVED = Text("patient says no longer", "el paciente dice que ya no")
NEW = Text("new, patient-reported", "nuevo, según el paciente")


def summary(
    questionnaire: Questionnaire,
    draft: IntakeDraft,
    flags: Sequence[RedFlag],
    language: Language,
    changed_flags: Sequence[FlagLine] = (),
) -> Summary:
    """The summary in one language. Questions that were not asked leave no trace in it."""
    counted = values(questionnaire, draft.answers)
    items = [item for item in enabled(questionnaire, draft.answers) if item.link_id in counted]
    hpi = [line for item in items for line in _hpi(item, counted, language)]
    return Summary(
        chief_complaint=_chief_complaint(questionnaire, items, counted, language),
        hpi_lines=hpi,
        ros=[line for item in items if item.note_section == "ros" for line in _ros(item, counted, language)],
        allergies=_allergies(draft, language),
        medicines=_medicines(draft, language),
        flags=[FlagLine(rule.id, rule.level.value, rule.title.in_(language)) for rule in flags],
        changed_flags=list(changed_flags),
        narrative=_narrative(questionnaire, draft, items, counted),
    )


def _narrative(
    questionnaire: Questionnaire, draft: IntakeDraft, items: Sequence[Item], counted: dict[str, Answer]
) -> list[str]:
    scores = [f"{line}." for item in items if item.hidden for line in _score(item, counted, "en")]
    medicines, allergies = draft.medicines, draft.allergies
    taken = "; ".join(_medicines(draft, "en")) if medicines else ""
    reacts = "; ".join(_allergies(draft, "en")) if allergies else ""
    return [
        *narrative(questionnaire, draft.answers, scores),
        f"Medicines, as reported by the patient: {taken}."
        if taken
        else "Takes no medicines."
        if draft.no_medicines
        else "Medicines were not reported.",
        f"Allergies, as reported by the patient: {reacts}."
        if reacts
        else "Has no known allergies."
        if draft.no_allergies
        else "Allergies were not reported.",
    ]


def question_lines(
    questionnaire: Questionnaire, draft: IntakeDraft, language: Language
) -> list[QuestionLine]:
    """Every question that was asked and answered, as the patient saw it."""
    counted = values(questionnaire, draft.answers)
    groups = {child.link_id: item.text for item in questionnaire.walk() for child in item.children}
    return [
        QuestionLine(
            groups[item.link_id].in_(language) if item.link_id in groups else "",
            item.text.in_(language),
            in_words(item, counted[item.link_id], language),
        )
        for item in enabled(questionnaire, draft.answers)
        if item.link_id in counted and not item.hidden
    ]


def in_words(item: Item, value: Answer, language: Language) -> str:
    """An answer as a person would say it."""
    if isinstance(value, bool):
        return (YES if value else NO).in_(language)
    if isinstance(value, list):
        return "; ".join(_option_text(item, code, language) for code in value)
    if item.type == "choice":
        return _option_text(item, str(value), language)
    return str(value).strip()


def _chief_complaint(
    questionnaire: Questionnaire, items: Sequence[Item], counted: dict[str, Answer], language: Language
) -> str:
    own = [in_words(item, counted[item.link_id], language) for item in items if item.note_section == "cc"]
    title = questionnaire.title.in_(language)
    return f"{title}: “{own[0]}”" if own else title


def _hpi(item: Item, counted: dict[str, Answer], language: Language) -> list[str]:
    if item.hidden:
        return _score(item, counted, language)
    if item.note_section != "hpi" or any(option.score is not None for option in item.options):
        return []
    return [f"{item.short.in_(language)}: {in_words(item, counted[item.link_id], language)}"]


def _score(item: Item, counted: dict[str, Answer], language: Language) -> list[str]:
    """A scale's total and what it means; nothing while questions of the scale are open."""
    if not all(source in counted for source in item.sum_of):
        return []
    total = counted[item.link_id]
    highest, bands = SCALES[item.link_id]
    meaning = [band for band in bands if isinstance(total, int) and total >= band.at_least][-1]
    name = item.short.in_(language)
    return [f"{name}: {total} {OF.in_(language)} {highest}, {meaning.text.in_(language)}"]


def _ros(item: Item, counted: dict[str, Answer], language: Language) -> list[str]:
    chosen = counted[item.link_id]
    codes = chosen if isinstance(chosen, list) else [str(chosen)]
    present = [o for o in item.options if o.code in codes and not o.exclusive]
    absent = [o for o in item.options if o.code not in codes and not o.exclusive]
    lines = []
    if present:
        words = "; ".join(option.text.in_(language) for option in present)
        lines.append(f"{item.short.in_(language)}: {words}")
    if absent:
        lines.append(f"{DENIES.in_(language)}: " + "; ".join(option.text.in_(language) for option in absent))
    return lines


def _allergies(draft: IntakeDraft, language: Language) -> list[str]:
    entries = [entry for entry in draft.allergies if not means_none(entry.substance)]
    lines = [_entry(entry, entry.substance, [entry.reaction], language) for entry in entries]
    none = draft.no_allergies or only_none(draft.allergies)
    return list(dict.fromkeys(lines)) or ([NO_ALLERGIES.in_(language)] if none else [])


def _medicines(draft: IntakeDraft, language: Language) -> list[str]:
    entries = [entry for entry in draft.medicines if not means_none(entry.name)]
    lines = [_entry(entry, entry.name, [entry.directions], language) for entry in entries]
    none = draft.no_medicines or only_none(draft.medicines)
    return list(dict.fromkeys(lines)) or ([NO_MEDICINES.in_(language)] if none else [])


def _entry(entry: DraftAllergy | DraftMedicine, name: str, details: list[str], language: Language) -> str:
    marks = {"removed": REMOVED, "new": NEW}
    notes = [detail.strip() for detail in details if detail.strip()]
    if entry.status in marks:
        notes.append(marks[entry.status].in_(language))
    return name.strip() + (f" ({'; '.join(notes)})" if notes else "")


def _option_text(item: Item, code: str, language: Language) -> str:
    option = item.option(code)
    return option.text.in_(language) if option is not None else code
