"""Every fixed word of the summary in both languages, and how days and reasons are said.

The English aims at a sixth-grade reader; the Spanish addresses the patient as usted.
"""

from collections.abc import Mapping
from datetime import date

LABELS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Your visit summary",
        "page": "Page",
        "talked": "What we talked about",
        "diagnoses": "What we think it is",
        "medicines": "Medicines we prescribed",
        "no_medicines": "No new medicines were prescribed at this visit.",
        "next": "What happens next",
        "nothing_next": "No follow-up is planned. Write to us if something changes.",
        "instructions": "In your clinician's words:",
        "help": "When to get help",
    },
    "es": {
        "title": "Resumen de su consulta",
        "page": "Página",
        "talked": "De qué hablamos",
        "diagnoses": "Lo que creemos que tiene",
        "medicines": "Medicamentos que le recetamos",
        "no_medicines": "No le recetamos medicamentos nuevos en esta consulta.",
        "next": "Qué sigue ahora",
        "nothing_next": "No hay seguimiento planeado. Escríbanos si algo cambia.",
        "instructions": "En palabras de su profesional de salud:",
        "help": "Cuándo buscar ayuda",
    },
}

PLAN_TITLES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "call": "We will call you",
        "lab": "Lab test",
        "recheck": "Check-up visit",
        "referral": "Visit with a specialist",
        "other": "Follow-up",
    },
    "es": {
        "call": "Le llamaremos",
        "lab": "Prueba de laboratorio",
        "recheck": "Consulta de control",
        "referral": "Consulta con un especialista",
        "other": "Seguimiento",
    },
}

_MONTHS_ES = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
)
_WEEKDAYS_ES = "lunes martes miércoles jueves viernes sábado domingo".split()


def language(tag: str) -> str:
    """The language we have for a BCP 47 tag: Spanish for any kind of Spanish, otherwise English."""
    return "es" if tag.lower().split("-")[0] == "es" else "en"


def long_date(local: date, lang: str) -> str:
    """The date as a person says it; `local` is already in the reader's time zone."""
    if lang == "es":
        return f"{local.day} de {_MONTHS_ES[local.month - 1]} de {local.year}"
    return f"{local:%B} {local.day}, {local.year}"


def due(day: date, lang: str) -> str:
    """By when something of the plan happens. Paper is read on other days than it was written: it says no 'tomorrow'."""
    if lang == "es":
        return f"a más tardar el {_WEEKDAYS_ES[day.weekday()]} {long_date(day, lang)}"
    return f"by {day:%A}, {long_date(day, lang)}"


def complaint(text: str, lang: str) -> str:
    """The patient's own reason, quoted: it is in whatever language they wrote."""
    return f"Usted nos dijo: «{text}»" if lang == "es" else f"You told us: “{text}”"


def medical_name(lang: str) -> str | None:
    """Said beside a diagnosis that has no plain name: the code's description is in English."""
    return "Es el nombre médico, en inglés. Si quiere, le explicamos qué es." if lang == "es" else None


def seen_by(name: str, lang: str) -> str:
    return f"con {name}" if lang == "es" else f"with {name}"


def no_complaint(lang: str) -> str:
    return "Hablamos de su salud por video." if lang == "es" else "We talked about your health by video."


def help_lines(emergency_number: str, crisis_number: str, clinic_phone: str | None, lang: str) -> list[str]:
    """When to seek help, mild to urgent last: the numbers are the clinic's own settings."""
    # Of crisis lines only the American one is known to take text messages (988lifeline.org).
    texts = crisis_number == "988"
    if lang == "es":
        ask = f"o llame al {clinic_phone}" if clinic_phone else "desde su página de inicio"
        return [
            f"Escríbanos {ask} si se siente peor, si no mejora o si un medicamento le cae mal.",
            f"Llame al {emergency_number} o vaya a una sala de emergencias de inmediato si tiene dolor de pecho, "
            "mucha dificultad para respirar, debilidad de un lado del cuerpo, dificultad para hablar, un desmayo "
            "o un sangrado que no para.",
            f"Si piensa en hacerse daño, llame{' o mande un mensaje de texto' if texts else ''} al {crisis_number} "
            "a cualquier hora.",
        ]
    ask = f"or call {clinic_phone}" if clinic_phone else "from your home page"
    return [
        f"Write to us {ask} if you feel worse, if you do not get better, or if a medicine does not agree with you.",
        f"Call {emergency_number} or go to an emergency room right away for chest pain, a lot of trouble breathing, "
        "weakness on one side of the body, trouble speaking, fainting, or bleeding that does not stop.",
        f"If you think about hurting yourself, call{' or text' if texts else ''} {crisis_number} at any hour.",
    ]
