"""Names of holidays that are known in both languages. Pure.

A name is kept as it was written. One that is known here is shown to each reader in their own language.
"""

from identity.schemas import InBoth

_TYPED_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
OBSERVED = ("{} (observed)", "{} (trasladado)")
KNOWN = [
    ("New Year's Day", "Año Nuevo"),
    ("Martin Luther King Jr. Day", "Día de Martin Luther King Jr."),
    ("Washington's Birthday", "Natalicio de Washington"),
    ("Presidents' Day", "Día de los Presidentes"),
    ("Memorial Day", "Día de los Caídos"),
    ("Juneteenth", "Juneteenth"),
    ("Independence Day", "Día de la Independencia"),
    ("Labor Day", "Día del Trabajo"),
    ("Columbus Day", "Día de Colón"),
    ("Indigenous Peoples' Day", "Día de los Pueblos Indígenas"),
    ("Veterans Day", "Día de los Veteranos"),
    ("Thanksgiving Day", "Día de Acción de Gracias"),
    ("Day after Thanksgiving", "Día después de Acción de Gracias"),
    ("Christmas Eve", "Nochebuena"),
    ("Christmas Day", "Navidad"),
    ("New Year's Eve", "Nochevieja"),
    ("Good Friday", "Viernes Santo"),
]


def in_both(name: str) -> InBoth:
    """A holiday's name in English and Spanish; one that is not known is the same in both."""
    return _KNOWN.get(_folded(name)) or InBoth(name, name)


def _folded(name: str) -> str:
    return " ".join(name.replace(_TYPED_APOSTROPHE, "'").casefold().split())


def _pairs() -> list[InBoth]:
    observed = [tuple(form.format(name) for form, name in zip(OBSERVED, pair, strict=True)) for pair in KNOWN]
    return [InBoth(en, es) for en, es in [*KNOWN, *observed]]


_KNOWN = {_folded(name): pair for pair in _pairs() for name in (pair.en, pair.es)}
