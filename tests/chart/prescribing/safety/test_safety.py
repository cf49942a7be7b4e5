"""The safety check warns of what can harm, tells the graver from the lesser, and stays quiet otherwise."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart.prescribing.knowledge.reading import read_allergy, read_medicine
from chart.prescribing.medicines.formulary import products
from chart.prescribing.safety.rules import Alert, Allergy, Kind, Medicine, Severity, check


def medicine(name: str, route: str = "oral", **more: object) -> Medicine:
    return Medicine(id=name, label=name, terms=read_medicine(name).terms, route=route, **more)  # type: ignore[arg-type]  # fields


def allergy(words: str) -> Allergy:
    read = read_allergy(words)
    return Allergy(id=words, label=words, terms=read.terms, reaction=read.reaction)


def one(alerts: list[Alert], kind: Kind) -> Alert:
    found = [alert for alert in alerts if alert.kind is kind]
    assert len(found) == 1, found
    return found[0]


REQUIRED_PAIRS = [
    ("warfarin", "ibuprofen"),
    ("warfarin", "metronidazole"),
    ("warfarin", "fluconazole"),
    ("warfarin", "sulfamethoxazole / trimethoprim"),
    ("sildenafil", "nitroglycerin"),
    ("sildenafil", "isosorbide mononitrate"),
    ("sertraline", "phenelzine"),
    ("sertraline", "tramadol"),
    ("simvastatin", "clarithromycin"),
    ("methotrexate", "sulfamethoxazole / trimethoprim"),
    ("lisinopril", "spironolactone"),
    ("lithium carbonate", "naproxen"),
    ("lithium carbonate", "hydrochlorothiazide"),
    ("clopidogrel", "omeprazole"),
    ("citalopram", "amiodarone"),
    ("ondansetron", "escitalopram"),
    ("azithromycin", "haloperidol"),
    ("oxycodone", "alprazolam"),
    ("digoxin", "amiodarone"),
    ("allopurinol", "azathioprine"),
    ("tizanidine", "ciprofloxacin"),
    ("sumatriptan", "ergotamine / caffeine"),
    ("sertraline", "St. John's wort"),
    ("venlafaxine", "hierba de San Juan"),
    ("clarithromycin", "fentanyl patch"),
    ("ketoconazole", "Percocet"),
    ("erythromycin", "oxycodone"),
    ("ciprofloxacin", "clozapine"),
    ("fluconazole", "Dilantin"),
    ("clarithromycin", "Seroquel"),
    ("quetiapine", "Paxlovid"),
    ("ketoconazole", "Xanax"),
    ("itraconazole", "Halcion"),
    ("tramadol", "St. John's wort"),
    ("nortriptyline", "hierba de San Juan"),
    ("doxycycline monohydrate", "Accutane"),
    ("minocycline", "isotretinoin"),
    ("clarithromycin", "Ranexa"),
    ("clarithromycin", "Brilinta"),
    ("lisinopril", "Entresto"),
    ("amiodarone", "Coumadin"),
    ("metronidazole", "Sintrom"),
    ("sulfamethoxazole / trimethoprim", "acenocumarol"),
    ("naproxen", "acenocoumarol"),
    ("fluconazole", "sintrom"),
]

SHOWN_PAIRS = [
    ("fenofibrate", "warfarin"),
    ("prednisone", "warfarin"),
    ("levothyroxine", "Sintrom"),
    ("sulfamethoxazole / trimethoprim", "phenytoin"),
    ("simvastatin", "Ranexa"),
    ("sumatriptan", "St. John's wort"),
    ("azithromycin", "Sintrom"),
]


@pytest.mark.parametrize(("a", "b"), SHOWN_PAIRS)
def test_a_pair_to_watch_is_shown(a: str, b: str) -> None:
    alerts = [each for each in check(medicine(a), [medicine(b)], []) if each.kind is Kind.INTERACTION]
    assert [(each.other, each.severity) for each in alerts] == [(b, Severity.MODERATE)]


@pytest.mark.parametrize(("a", "b"), REQUIRED_PAIRS)
def test_a_dangerous_pair_is_a_high_alert_whichever_comes_first(a: str, b: str) -> None:
    for new, taken in ((a, b), (b, a)):
        alerts = [
            each for each in check(medicine(new), [medicine(taken)], []) if each.kind is Kind.INTERACTION
        ]
        assert alerts, (new, taken)
        alert = alerts[0]
        assert alert.severity is Severity.HIGH
        assert alert.other == taken
        assert alert.effect["en"] and alert.effect["es"] and alert.action["es"] and alert.source


@pytest.mark.parametrize(
    ("words", "new", "severity"),
    [
        ("Penicillin", "amoxicillin", Severity.HIGH),
        ("penicilina", "amoxicillin / clavulanate", Severity.HIGH),
        ("Penicillin", "cephalexin", Severity.MODERATE),
        ("ampicillin", "cephalexin", Severity.HIGH),
        ("amoxicillin", "cefadroxil", Severity.HIGH),
        ("amoxicillin", "cefdinir", Severity.MODERATE),
        ("sulfa drugs", "sulfamethoxazole / trimethoprim", Severity.HIGH),
        ("aspirin", "naproxen", Severity.HIGH),
        ("codeína", "hydrocodone / acetaminophen", Severity.MODERATE),
        ("lisinopril", "lisinopril", Severity.HIGH),
        ("lisinopril (face swelled)", "Entresto", Severity.HIGH),
        ("enalapril", "Entresto", Severity.HIGH),
    ],
)
def test_an_allergy_reaches_what_shares_its_structure(words: str, new: str, severity: Severity) -> None:
    alert = one(check(medicine(new), [], [allergy(words)]), Kind.ALLERGY)
    assert (alert.severity, alert.other) == (severity, words)


@pytest.mark.parametrize(
    ("words", "new"), [("Penicillin", "azithromycin"), ("sulfa", "sumatriptan"), ("latex", "amoxicillin")]
)
def test_an_unrelated_allergy_is_silent(words: str, new: str) -> None:
    assert check(medicine(new), [], [allergy(words)]) == []


def test_an_allergy_counts_for_creams_and_drops_too() -> None:
    drops = medicine("ofloxacin", route="ophthalmic")
    assert one(check(drops, [], [allergy("ciprofloxacin")]), Kind.ALLERGY)


def test_a_cream_does_not_interact_with_a_tablet() -> None:
    gel = medicine("diclofenac sodium", route="topical")
    assert check(gel, [medicine("warfarin")], []) == []


@pytest.mark.parametrize(
    ("new", "taken", "severity"),
    [
        ("lisinopril", "lisinopril", Severity.MODERATE),
        ("ibuprofen", "naproxen", Severity.HIGH),
        ("atorvastatin", "simvastatin", Severity.HIGH),
        ("acetaminophen", "hydrocodone / acetaminophen", Severity.MODERATE),
    ],
)
def test_the_same_thing_twice(new: str, taken: str, severity: Severity) -> None:
    assert one(check(medicine(new), [medicine(taken)], []), Kind.DUPLICATE).severity is severity


def test_too_much_in_a_day() -> None:
    alerts = check(medicine("acetaminophen", daily_mg={"acetaminophen": 6000.0}), [], [])
    assert one(alerts, Kind.DOSE).severity is Severity.HIGH
    assert check(medicine("acetaminophen", daily_mg={"acetaminophen": 4000.0}), [], []) == []


def test_methotrexate_every_day_is_stopped() -> None:
    assert one(check(medicine("methotrexate", frequency="qd"), [], []), Kind.DOSE).severity is Severity.HIGH
    assert check(medicine("methotrexate", frequency="weekly"), [], []) == []


def test_the_gravest_comes_first() -> None:
    taken = [medicine("hydrochlorothiazide"), medicine("warfarin"), medicine("sertraline")]
    severities = [alert.severity for alert in check(medicine("ibuprofen"), taken, [])]
    assert severities == sorted(severities, key=[Severity.HIGH, Severity.MODERATE, Severity.LOW].index)


@pytest.mark.parametrize("iron", ["iron pills", "hierro", "ferrous sulfate"])
def test_iron_by_any_name_binds_an_antibiotic(iron: str) -> None:
    for new, taken in (("doxycycline", iron), (iron, "doxycycline")):
        alert = one(check(medicine(new), [medicine(taken)], []), Kind.INTERACTION)
        assert alert.severity is Severity.MODERATE


def test_an_antidote_of_opioids_is_no_opioid() -> None:
    assert check(medicine("alprazolam"), [medicine("Narcan")], []) == []
    assert check(medicine("oxycodone"), [], [allergy("naloxone")]) == []


def test_common_pairs_that_are_fine_stay_silent() -> None:
    quiet = ["lisinopril", "atorvastatin", "metformin", "levothyroxine"]
    for a, b in combinations(quiet, 2):
        assert check(medicine(a), [medicine(b)], []) == [], (a, b)


names = st.sampled_from(sorted({product.name for product in products()}))


@given(new=names, taken=st.lists(names, max_size=20), allergies=st.lists(names, max_size=5))
def test_any_mixture_is_answered_with_distinct_keys(new: str, taken: list[str], allergies: list[str]) -> None:
    alerts = check(medicine(new), [medicine(name) for name in taken], [allergy(name) for name in allergies])
    assert len({alert.key for alert in alerts}) == len(alerts)
    assert any(alert.kind is Kind.ALLERGY for alert in alerts) or new not in allergies


@given(a=names, b=names)
def test_a_pair_is_warned_of_whichever_was_there_first(a: str, b: str) -> None:
    def heard(new: str, taken: str) -> set[tuple[Kind, Severity]]:
        return {(alert.kind, alert.severity) for alert in check(medicine(new), [medicine(taken)], [])}

    assert heard(a, b) == heard(b, a)
