"""Tells what an entry says is *not* so: 'not allergic to penicillin', 'sin alergia a la penicilina'.

A denial takes a warning away, so it counts only in these forms. 'No penicillin' in a list of allergies is none of them:
it may as well mean that none may be given.
"""

import re

NAMED = "@"
"""Stands for a name that was found, in the text that is looked at."""

_ABOUT_IT = (
    r"(?:known|to|be|been|really|actually|currently|ever|had|have|has|any|a|an|es|soy|esta|ser|he|ha|sido|tiene|tengo"
    r"|tenido|reported|documented|true|history|of|hx|ninguna|alguna|una|drug|medication)"
)
_NOT = r"(?:not|isn ?t|never|no longer|no|nunca|ya no|denies|denied|niega|sin|without)"
_ALLERGY = r"(?:allerg\w+|alergi\w+|reaction\w*|reaccion\w*)"
_LINK = r"(?:to|a|al|la|el|las|los|the|of|with|con|de|for|por)"
_NAMES = rf"{NAMED}(?: (?:or|and|o|y|u|e|nor|ni|{_LINK}|{NAMED}))*"

_FORMS = tuple(
    re.compile(form)
    for form in (
        # not allergic to @; no known allergy to @; sin alergia a la @
        rf"\b{_NOT}(?: {_ABOUT_IT})* {_ALLERGY}(?: {_LINK})* {_NAMES}",
        # no @ allergy; not a @ allergy
        rf"\b{_NOT}(?: {_ABOUT_IT})* {_NAMES} {_ALLERGY}",
        # tolerates @, puede tomar @, unless 'not' stands before
        rf"(?<!not )(?<!no )(?<!never )(?<!nunca )\b(?:tolerates?|tolerated|tolera|tolero|toleraba"
        rf"|(?<!not )can take|puede tomar|ok with|okay with|fine with)(?: {_LINK})* {_NAMES}",
        # @ is not an allergy; @ no allergy; @ tolerated
        rf"{_NAMES}(?: (?:is|was|es|fue))? {_NOT}(?: {_ABOUT_IT})* {_ALLERGY}$",
        rf"{_NAMES}(?: {_ALLERGY})?(?: (?:is|was|has|been|fue))* (?:tolerated|tolerada|ruled out|descartada)$",
        rf"^(?:denies|niega|denied) {_NAMES}$",
    )
)
_CANNOT = re.compile(
    r"\b(?:does|do|did|could|should|must|can)?(?: not|not| ?n ?t|n ?t) (?:tolerate|take|have|use)\b"
    rf"|\bno (?:tolera|tolero|puede|puedo|debe|debo)(?: tomar| usar)?(?: {_LINK})* {NAMED}"
)
_OTHER = (
    r"(?:food|foods|seasonal|environmental|latex|pet|alimento|alimentos|ambiental|ambientales|or|and|o|y|a)"
)
_NO_MEDICINE = re.compile(rf"^{_NOT}(?: {_ABOUT_IT}| {_OTHER})* {_ALLERGY}(?: {_LINK}| {_OTHER})*$")
_ALONE = re.compile(rf"^{_NOT}(?: {_ABOUT_IT})* {_ALLERGY}$|^(?:tolerated|tolerada|ruled out|descartada)$")


def denied(clause: str) -> bool:
    """Whether the clause, its names written as NAMED, denies an allergy to them."""
    return any(form.search(clause) for form in _FORMS)


def denies_the_last(clause: str) -> bool:
    """Whether the clause is a denial and nothing else, about the names before it: 'penicillin (not allergic)'."""
    return bool(_ALONE.match(clause))


def says_cannot_take(clause: str) -> bool:
    """'Cannot take @', 'does not tolerate @': a 'not' that takes nothing away."""
    return bool(_CANNOT.search(clause))


def about_no_medicine(clause: str) -> bool:
    """'No known food allergies': a denial about what no medicine is."""
    return bool(_NO_MEDICINE.match(clause))
