"""Entries as patients write them, and what is read in them; whatever is not understood is named."""

import pytest

from chart.prescribing.knowledge.nothing import means_none
from chart.prescribing.knowledge.reading import Reaction, read_allergy, read_medicine
from chart.prescribing.knowledge.terms import Terms


def named(terms: Terms) -> set[str]:
    """The ingredients; where only a class was named, the class."""
    return set(terms.ingredients) or {f"class:{name}" for name in terms.classes}


MEDICINES = [
    # Codeine by its number, brands, and what is no number
    ("Tylenol #3", {"acetaminophen", "codeine"}),
    ("tylenol no. 3 prn", {"acetaminophen", "codeine"}),
    ("Tylenol-4", {"acetaminophen", "codeine"}),
    ("APAP #3", {"acetaminophen", "codeine"}),
    ("Fiorinal #3", {"aspirin", "butalbital", "caffeine", "codeine"}),
    ("Tylenol w/ codeine", {"acetaminophen", "codeine"}),
    ("Tylenol 3 tablets daily", {"acetaminophen"}),
    ("Tylenol #30", {"acetaminophen"}),
    # Combinations, however they are joined
    ("lisinopril-hctz", {"lisinopril", "hydrochlorothiazide"}),
    ("Lisinopril/HCTZ 20-12.5 mg", {"lisinopril", "hydrochlorothiazide"}),
    ("losartan + hctz", {"losartan", "hydrochlorothiazide"}),
    ("amlodipine and benazepril", {"amlodipine", "benazepril"}),
    ("amoxicilina y ácido clavulánico", {"amoxicillin", "clavulanate"}),
    ("amoxicillin-potassium clavulanate", {"amoxicillin", "clavulanate"}),
    ("oxycodone-acetaminophen 5-325", {"oxycodone", "acetaminophen"}),
    ("hydrocodone/apap", {"hydrocodone", "acetaminophen"}),
    ("TMP/SMX DS", {"sulfamethoxazole", "trimethoprim"}),
    ("loratadine-D", {"loratadine", "pseudoephedrine"}),
    # Brands, of combinations too
    ("Benicar HCT", {"olmesartan", "hydrochlorothiazide"}),
    ("Diovan HCT 160/25", {"valsartan", "hydrochlorothiazide"}),
    ("Percocet 5/325", {"oxycodone", "acetaminophen"}),
    ("VICODIN ES", {"hydrocodone", "acetaminophen"}),
    ("Septra DS", {"sulfamethoxazole", "trimethoprim"}),
    ("Macrobid", {"nitrofurantoin"}),
    ("Lipitor 40", {"atorvastatin"}),
    ("Caduet", {"amlodipine", "atorvastatin"}),
    ("Claritin-D 24 Hour", {"loratadine", "pseudoephedrine"}),
    ("Advil PM", {"ibuprofen", "diphenhydramine"}),
    ("Excedrin migraine", {"acetaminophen", "aspirin", "caffeine"}),
    ("Treximet", {"naproxen", "sumatriptan"}),
    ("Pradaxa 150", {"dabigatran etexilate"}),
    ("Z-Pak", {"azithromycin"}),
    ("Marplan", {"isocarboxazid"}),
    # Salts
    ("metoprolol", {"metoprolol"}),
    ("Metoprolol Succinate ER 50 mg once daily", {"metoprolol"}),
    ("metoprolol tart. 25mg bid", {"metoprolol"}),
    ("amlodipine besylate 5mg", {"amlodipine"}),
    ("atorvastatin calcium 40mg at bedtime", {"atorvastatin"}),
    ("losartan potassium", {"losartan"}),
    ("nitrofurantoin monohydrate/macrocrystals", {"nitrofurantoin"}),
    ("lithium carbonate 300 mg", {"lithium"}),
    ("isosorbide mononitrate", {"isosorbide mononitrate"}),
    ("divalproex sodium DR", {"valproate"}),
    ("Fexofenadine HCl", {"fexofenadine"}),
    # Spanish, by the ear
    ("metformina 500 mg dos veces al día", {"metformin"}),
    ("hidroclorotiazida 25 mg", {"hydrochlorothiazide"}),
    ("levotiroxina 50 mcg en ayunas", {"levothyroxine"}),
    ("ácido valproico", {"valproate"}),
    ("paracetamol para el dolor", {"acetaminophen"}),
    ("espironolactona", {"spironolactone"}),
    # Doses and directions around the name
    ("take 1 tab of lisinopril 10mg by mouth daily for blood pressure", {"lisinopril"}),
    ("Eliquis 5mg bid", {"apixaban"}),
    ("insulin pen 20 units every night", {"class:insulin"}),
    ("warfarin 5 mg, metformin 500 mg", {"warfarin", "metformin"}),
    ("vitamin D3 2000 IU", {"vitamin d"}),
    ("St. John's wort", {"st john s wort"}),
    ("birth control pills", {"class:contraceptive"}),
    ("K-Dur 20 mEq", {"potassium chloride"}),
    # Brands no longer sold, and misspellings that mean one thing
    ("Elavil 25 at bedtime", {"amitriptyline"}),
    ("subutex films", {"buprenorphine"}),
    ("Luvox", {"fluvoxamine"}),
    ("Rivotril 2 mg", {"clonazepam"}),
    ("BC powder", {"aspirin", "caffeine"}),
    ("metropolol 50", {"metoprolol"}),
    ("warafin", {"warfarin"}),
    ("St Johns Wart", {"st john s wort"}),
]


@pytest.mark.parametrize(("entry", "read"), MEDICINES)
def test_a_medicine_is_read_whole(entry: str, read: set[str]) -> None:
    found = read_medicine(entry)
    assert (named(found.terms), found.unread) == (read, ())


IN_PART = [
    ("warfarin and grandma's tea", {"warfarin"}, ("grandma", "tea")),
    ("lisinopril-xyzal-ish", {"lisinopril", "levocetirizine"}, ("ish",)),
    ("stopped warfarin in May", {"warfarin"}, ("stopped", "may")),
    ("blood thinner", {"class:anticoagulant"}, ("blood thinner",)),
    ("Sintrom 4mg", {"class:anticoagulant", "class:vitamin_k_antagonist"}, ("sintrom",)),
    ("metoprolol #3", {"metoprolol"}, ("#",)),
    ("loratadine, the purple pill", {"loratadine"}, ("purple",)),
    ("lisinoprl", {"lisinopril"}, ("lisinoprl",)),
    ("my heart pill", set(), ("heart",)),
    ("unknown", set(), ("unknown",)),
    ("no sé", set(), ("no", "se")),
    ("?", set(), ("?",)),
    ("🐝", set(), ("🐝",)),
    ("two in the morning", set(), ("two in the morning",)),
]


@pytest.mark.parametrize(("entry", "read", "unread"), IN_PART)
def test_what_is_not_understood_is_named(entry: str, read: set[str], unread: tuple[str, ...]) -> None:
    found = read_medicine(entry)
    assert (named(found.terms), found.unread) == (read, unread)


PENICILLIN, SULFA = {"class:penicillin"}, {"class:sulfonamide_antibiotic"}
ALLERGIES = [
    ("PCN", PENICILLIN, Reaction.UNSAID),
    ("PCN (hives, throat swelling)", PENICILLIN, Reaction.ALLERGIC),
    ("Penicilina: ronchas", PENICILLIN, Reaction.ALLERGIC),
    ("allergic to penicillin since childhood", PENICILLIN, Reaction.UNSAID),
    ("amoxicillin gave me hives as a kid", {"amoxicillin"}, Reaction.ALLERGIC),
    ("Sulfa drugs - rash", SULFA, Reaction.ALLERGIC),
    ("alergia a las sulfas", SULFA, Reaction.UNSAID),
    ("Septra", {"sulfamethoxazole", "trimethoprim"}, Reaction.UNSAID),
    ("Tylenol #3", {"acetaminophen", "codeine"}, Reaction.UNSAID),
    ("lisinopril cough", {"lisinopril"}, Reaction.INTOLERANCE),
    ("lisinopril: tos seca", {"lisinopril"}, Reaction.INTOLERANCE),
    ("lisinopril (cough, swelling of the lips)", {"lisinopril"}, Reaction.ALLERGIC),
    ("codeine makes me sick to my stomach", {"codeine"}, Reaction.INTOLERANCE),
    ("erythromycin (upset stomach)", {"erythromycin"}, Reaction.INTOLERANCE),
    ("does not tolerate codeine", {"codeine"}, Reaction.UNSAID),
    ("can't take aspirin", {"aspirin"}, Reaction.UNSAID),
    ("NKDA except PCN", PENICILLIN, Reaction.UNSAID),
    ("contrast dye", {"iodinated contrast"}, Reaction.UNSAID),
    ("Peanuts", set(), Reaction.UNSAID),
    ("látex", set(), Reaction.UNSAID),
    ("cats, dust and pollen", set(), Reaction.UNSAID),
    ("bee stings (anaphylaxis)", set(), Reaction.ALLERGIC),
    # Everyday words that are one letter from a medicine's name, and are none
    ("aspirin - asthma attack", {"aspirin"}, Reaction.ALLERGIC),
    ("Levaquin, tendon tear", {"levofloxacin"}, Reaction.ALLERGIC),
    ("penicillin, passed out", PENICILLIN, Reaction.ALLERGIC),
    ("vicodin makes me puke", {"acetaminophen", "hydrocodone"}, Reaction.INTOLERANCE),
    ("family history of penicillin allergy", PENICILLIN, Reaction.UNSAID),
    ("IV dye", {"iodinated contrast"}, Reaction.UNSAID),
]


@pytest.mark.parametrize(("entry", "read", "reaction"), ALLERGIES)
def test_an_allergy_is_read_whole(entry: str, read: set[str], reaction: Reaction) -> None:
    found = read_allergy(entry)
    assert (named(found.terms), found.reaction) == (read, reaction)
    assert found.unread == ()


DENIALS = [
    "not allergic to penicillin",
    "No known allergy to penicillin",
    "patient is not allergic to penicillin",
    "no penicillin allergy",
    "denies allergy to penicillin",
    "never had a reaction to penicillin",
    "Penicillin (not allergic)",
    "penicillin allergy ruled out",
    "tolerates penicillin",
    "no es alérgico a la penicilina",
    "no soy alérgica a la penicilina",
    "sin alergia a la penicilina",
    "niega alergia a penicilina",
    "PCN - no allergy",
    "I am not allergic to penicillin anymore",
    "no allergy to penicillin that I know of",
    "ya no soy alérgico a la penicilina",
]


@pytest.mark.parametrize("entry", DENIALS)
def test_what_is_said_not_to_be_so_counts_for_nothing(entry: str) -> None:
    found = read_allergy(entry)
    assert not found.terms and "penicillin" in found.denied.classes


@pytest.mark.parametrize(
    "entry",
    [
        "No penicillin",
        "not sure if allergic to penicillin",
        "does not tolerate penicillin",
        "no doubt allergic to penicillin",
        "not only allergic to penicillin",
        "allergic to penicillin, not to latex",
        "never take penicillin",
        "no penicillin: hives",
        "no tolera la penicilina",
        "not allergic to cats but allergic to penicillin",
        "no allergies other than penicillin",
        "NKDA but penicillin gives hives",
        "not allergic to penicillin, had hives from penicillin",
        # What cannot be tolerated, in whatever words
        "can't tolerate penicillin",
        "cant tolerate penicillin",
        "didn\u2019t tolerate penicillin",
        "unable to tolerate penicillin",
        "poorly tolerates penicillin",
        "never really tolerated penicillin",
        "apenas tolera la penicilina",
        "tampoco tolera penicilina",
        "no se puede tomar penicilina",
        "isn't ok with penicillin",
        "can take penicillin with benadryl",
        # A denial of one says nothing of another
        "tolerates cephalexin, not penicillin",
        "tolerates cephalexin and not penicillin",
        "tolerates Tylenol allergic to penicillin",
        "no sulfa allergy penicillin allergy",
        "not allergic to sulfa and allergic to penicillin",
        # A denial for a time, or one that a reaction follows
        "not allergic to penicillin until 2019",
        "never had a reaction to penicillin until last year (hives)",
        "no allergy to penicillin? got rash once",
        "no documented reaction to penicillin but told allergic",
        "penicillin - not a true allergy but anaphylaxis",
        "penicillin (hives). Latex (no allergy)",
        "penicillin. No known drug allergies",
        "no - penicillin allergy",
        "ok with penicillin? unsure",
    ],
)
def test_a_denial_that_is_none_takes_no_warning_away(entry: str) -> None:
    assert "penicillin" in read_allergy(entry).terms.classes


@pytest.mark.parametrize(
    "entry",
    ["NKDA", "nka", "None", "none known", "Ninguna", "ninguno", "-", "—", "N/A", "n.a.", "no", "No known allergies",
     "no known drug allergies", "no drug or food allergies", "denies allergies", "niega alergias", "sin alergias",
     "no tengo alergias", "not allergic to anything that I know of", "no tomo nada", "no tomo medicamentos", "nothing",
     "No meds", "not taking any medications at this time", "No current medications", "ninguna conocida"],
)  # fmt: skip
def test_there_are_none(entry: str) -> None:
    assert means_none(entry)
    assert read_allergy(entry).nothing and read_medicine(entry).nothing


@pytest.mark.parametrize(
    "entry",
    ["", "?", "unknown", "not sure", "no sé", "no recuerdo", "I don't remember", "no penicillin", "none except codeine",
     "NKDA except PCN", "No known food allergies", "nonoxynol", "nope, just aspirin", "🐝"],
)  # fmt: skip
def test_that_is_something_else_than_none(entry: str) -> None:
    assert not means_none(entry)


@pytest.mark.parametrize(
    "entry", ["", " ", "\x00", "(" * 5000, "a " * 5000, "penicillin " * 500, "ñ́" * 300, "1" * 9000]
)
def test_anything_is_read_in_no_time(entry: str) -> None:
    read_medicine(entry)
    read_allergy(entry, entry)
