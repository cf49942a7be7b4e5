"""The vocabulary of directions: how often, for what, and what else to heed, in English and Spanish."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from chart.prescribing.medicines.forms import Words


class Frequency(NamedTuple):
    """How often: the words, and how many doses that makes in a day (None where it cannot be said)."""

    words: Words
    per_day: float | None


FREQUENCIES: Mapping[str, Frequency] = MappingProxyType(
    {
        "once": Frequency(Words("once", "una sola vez"), None),
        "qd": Frequency(Words("once a day", "una vez al día"), 1),
        "qam": Frequency(Words("every morning", "cada mañana"), 1),
        "qpm": Frequency(Words("every evening", "cada noche"), 1),
        "qhs": Frequency(Words("at bedtime", "al acostarse"), 1),
        "bid": Frequency(Words("twice a day", "dos veces al día"), 2),
        "tid": Frequency(Words("three times a day", "tres veces al día"), 3),
        "qid": Frequency(Words("four times a day", "cuatro veces al día"), 4),
        "five_daily": Frequency(Words("five times a day", "cinco veces al día"), 5),
        "q4h": Frequency(Words("every 4 hours", "cada 4 horas"), 6),
        "q6h": Frequency(Words("every 6 hours", "cada 6 horas"), 4),
        "q8h": Frequency(Words("every 8 hours", "cada 8 horas"), 3),
        "q12h": Frequency(Words("every 12 hours", "cada 12 horas"), 2),
        "q5m": Frequency(Words("every 5 minutes, up to 3 doses", "cada 5 minutos, hasta 3 dosis"), None),
        "qod": Frequency(Words("every other day", "un día sí y otro no"), 0.5),
        "weekly": Frequency(Words("once a week", "una vez por semana"), 1 / 7),
        "twice_weekly": Frequency(Words("twice a week", "dos veces por semana"), 2 / 7),
        "monthly": Frequency(Words("once a month", "una vez al mes"), 1 / 30),
        "as_directed": Frequency(Words("as the package says", "como indica el paquete"), None),
    }
)

REASONS: Mapping[str, Words] = MappingProxyType(
    {
        "pain": Words("pain", "dolor"),
        "fever": Words("fever", "fiebre"),
        "nausea": Words("nausea", "náuseas"),
        "cough": Words("cough", "tos"),
        "wheezing": Words("wheezing or shortness of breath", "silbidos o falta de aire"),
        "congestion": Words("congestion", "congestión"),
        "itching": Words("itching", "picazón"),
        "anxiety": Words("anxiety", "ansiedad"),
        "insomnia": Words("trouble sleeping", "dificultad para dormir"),
        "migraine": Words("migraine", "migraña"),
        "spasm": Words("muscle spasm", "espasmo muscular"),
        "cramps": Words("stomach cramps", "cólicos"),
        "diarrhea": Words("diarrhea", "diarrea"),
        "constipation": Words("constipation", "estreñimiento"),
        "dizziness": Words("dizziness", "mareo"),
        "heartburn": Words("heartburn", "acidez"),
        "chest_pain": Words("chest pain", "dolor en el pecho"),
        "urinary_pain": Words("pain when urinating", "dolor al orinar"),
        "erectile": Words("sexual activity", "actividad sexual"),
        "anaphylaxis": Words("severe allergic reaction", "reacción alérgica grave"),
        "overdose": Words("suspected overdose", "sospecha de sobredosis"),
    }
)
"""Why a medicine is taken 'as needed'."""

NOTES: Mapping[str, Words] = MappingProxyType(
    {
        "finish_all": Words(
            "Finish all of it, even when you feel better", "Termínelo todo, aunque se sienta mejor"
        ),
        "with_food": Words("Take with food", "Con comida"),
        "empty_stomach": Words("Take on an empty stomach", "Con el estómago vacío"),
        "before_meals": Words("Take before a meal", "Antes de comer"),
        "water": Words("Drink plenty of water", "Beba bastante agua"),
        "mix_water": Words("Mix in a glass of water", "Mézclelo en un vaso de agua"),
        "upright": Words("Stay upright for 30 minutes after", "Quédese de pie o sentado 30 minutos después"),
        "whole": Words("Swallow whole", "Tráguelo entero"),
        "dissolve": Words("Let it dissolve, do not chew", "Deje que se disuelva, no lo mastique"),
        "shake": Words("Shake well", "Agite bien"),
        "no_alcohol": Words(
            "No alcohol until 3 days after the last dose",
            "Sin alcohol hasta 3 días después de la última dosis",
        ),
        "drowsy": Words("May make you sleepy: do not drive", "Puede dar sueño: no conduzca"),
        "rinse_mouth": Words("Rinse your mouth after", "Enjuáguese la boca después"),
        "each_nostril": Words("In each nostril", "En cada fosa nasal"),
        "same_time": Words("At the same time every day", "A la misma hora todos los días"),
        "repeat_2h": Words(
            "May be repeated once after 2 hours if the pain comes back",
            "Puede repetirse una vez a las 2 horas si vuelve el dolor",
        ),
        "hour_before": Words(
            "About 1 hour before, not more than once a day", "Cerca de 1 hora antes, no más de una vez al día"
        ),
        "patch_12h": Words(
            "Leave on for 12 hours, then 12 hours without", "Déjelo 12 horas y luego 12 horas sin él"
        ),
        "urine_orange": Words(
            "Urine turns orange, which is harmless", "La orina se pone naranja; es inofensivo"
        ),
        "sunscreen": Words("Use sunscreen", "Use protector solar"),
        "wash_off": Words(
            "From the neck down; wash off after 8 hours", "Del cuello para abajo; lave a las 8 horas"
        ),
        "call_911": Words("Call 911", "Llame al 911"),
        "as_directed": Words("Follow the package", "Siga el paquete"),
        "weekly_warning": Words(
            "Only once a week: taking it every day is dangerous",
            "Solo una vez por semana: tomarlo cada día es peligroso",
        ),
    }
)
"""What else to heed. Their keys are what a sig stores."""
