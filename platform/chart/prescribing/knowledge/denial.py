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
_NAMES = rf"{NAMED}(?: (?:or|and|o|y|u|e|nor|ni|to|a|al|la|el|las|los|the|{NAMED})(?!\w))*"
_STILL = r"(?: (?:anymore|any more|now|currently|actualmente|that i know(?: of)?|que yo sepa)\b)?"

_FORMS = tuple(
    re.compile(form)
    for form in (
        # not allergic to @; no known allergy to @; sin alergia a la @
        rf"\b{_NOT}(?: {_ABOUT_IT})* {_ALLERGY}(?: {_LINK})* {_NAMES}{_STILL}",
        # no @ allergy; not a @ allergy; not @ allergic. But 'no @ allergic' may be two things said.
        rf"\b{_NOT}(?: {_ABOUT_IT})* {_NAMES} (?:allergy|allergies|reactions?){_STILL}",
        rf"\b(?:not|isn ?t) {_NAMES} allergic{_STILL}",
        # tolerates @, puede tomar @
        rf"\b(?:tolerates?|tolerated|tolera|tolero|toleraba|can take|puede tomar|ok with|okay with|fine with)"
        rf"(?: {_LINK})* {_NAMES}{_STILL}",
        # @ is not an allergy; @ no allergy; @ tolerated
        rf"{_NAMES}(?: (?:is|was|es|fue))? {_NOT}(?: {_ABOUT_IT})* {_ALLERGY}{_STILL}$",
        rf"{_NAMES}(?: {_ALLERGY})?(?: (?:is|was|has|been|fue))* (?:tolerated|tolerada|ruled out|descartada)$",
        rf"^(?:denies|niega|denied) {_NAMES}$",
    )
)
_TURNS = frozenset(
    "not no never nunca jamas nor ni neither tampoco sin without t isn cant cannot couldnt didnt doesnt dont wont "
    "wasnt unable poorly barely hardly scarcely rarely seldom longer less little only apenas mal poco solo always "
    "siempre until hasta before antes yet once with con severe severa severo grave unclear unsure sure doubt".split()
)
"""Words that turn what is said, or leave it open: 'can't tolerate @', 'not allergic to @ until'."""
_CANNOT = re.compile(
    r"\b(?:does|do|did|could|should|must|can)?(?: not|not| ?n ?t|n ?t) (?:tolerate|take|have|use)\b"
    rf"|\bno (?:tolera|tolero|puede|puedo|debe|debo)(?: tomar| usar)?(?: {_LINK})* {NAMED}"
)
_OTHER = (
    r"(?:food|foods|seasonal|environmental|latex|pet|alimento|alimentos|ambiental|ambientales|or|and|o|y|a)"
)
_NO_MEDICINE = re.compile(rf"^{_NOT}(?: {_ABOUT_IT}| {_OTHER})* {_ALLERGY}(?: {_LINK}| {_OTHER})*$")
_ONE_ALLERGY = r"(?:allergy|allergic|alergia|alergic[oa]|reaction|reaccion)"
_ALONE = re.compile(
    rf"^{_NOT}(?: {_ABOUT_IT})* {_ONE_ALLERGY}{_STILL}$|^(?:tolerated|tolerada|ruled out|descartada)$"
)
"""'Allergies' are none: 'penicillin. No known allergies' says it of everything else."""


def denied(clause: str) -> range:
    """The places of the words that deny an allergy to the names among them; empty if there are none.

    In the clause each name is NAMED. A word elsewhere in it that turns what is said takes the denial away.
    """
    words = clause.split(" ")
    for form in _FORMS:
        for found in form.finditer(clause):
            said = range(clause[: found.start()].count(" "), clause[: found.end()].count(" ") + 1)
            if not any(word in _TURNS for place, word in enumerate(words) if place not in said):
                return said
    return range(0)


def denies_the_last(clause: str) -> bool:
    """Whether the clause is a denial and nothing else, about the names before it: 'penicillin (not allergic)'."""
    return bool(_ALONE.match(clause))


def says_cannot_take(clause: str) -> bool:
    """'Cannot take @', 'does not tolerate @': a 'not' that takes nothing away."""
    return bool(_CANNOT.search(clause))


def about_no_medicine(clause: str) -> bool:
    """'No known food allergies': a denial about what no medicine is."""
    return bool(_NO_MEDICINE.match(clause))
