"""Two medicines of one kind: how grave that is, and what is no mistake."""

import pytest

from chart.prescribing.knowledge.reading import read_medicine
from chart.prescribing.medicines.tables import read_table
from chart.prescribing.safety.rules import Alert, Kind, Medicine, Severity, check

HIGH, MODERATE = Severity.HIGH, Severity.MODERATE


def medicine(name: str, route: str = "oral") -> Medicine:
    return Medicine(id=name, label=name, terms=read_medicine(name).terms, route=route)


def only(new: Medicine, taken: Medicine) -> Alert:
    [alert] = check(new, [taken], [])
    return alert


PAIRS = [
    ("sertraline", "escitalopram", HIGH),
    ("Zoloft", "Prozac", HIGH),
    ("fluvoxamine", "paroxetine", HIGH),
    ("citalopram", "escitalopram", HIGH),
    ("sertraline", "venlafaxine", HIGH),
    ("Cymbalta", "Lexapro", HIGH),
    ("duloxetine", "desvenlafaxine", HIGH),
    ("sertraline", "phenelzine", HIGH),
    ("phenelzine", "tranylcypromine", HIGH),
    ("sertraline", "amitriptyline", MODERATE),
    ("venlafaxine", "nortriptyline", MODERATE),
    ("amitriptyline", "nortriptyline", HIGH),
    ("lisinopril", "enalapril", HIGH),
    ("lisinopril / hydrochlorothiazide", "ramipril", HIGH),
    ("lisinopril", "losartan", HIGH),
    ("lisinopril / hydrochlorothiazide", "losartan / hydrochlorothiazide", HIGH),
    ("losartan", "valsartan", HIGH),
    ("lisinopril", "aliskiren", HIGH),
    ("Tekturna", "losartan", HIGH),
    ("ibuprofen", "naproxen", HIGH),
    ("Advil", "Aleve", HIGH),
    ("ketorolac", "aspirin", HIGH),
    ("alprazolam", "lorazepam", HIGH),
    ("diazepam", "temazepam", HIGH),
    ("zolpidem", "eszopiclone", HIGH),
    ("oxycodone", "tramadol", HIGH),
    ("Percocet", "Norco", HIGH),
    ("acetaminophen / codeine", "hydrocodone / acetaminophen", HIGH),
    ("warfarin", "apixaban", HIGH),
    ("apixaban", "rivaroxaban", HIGH),
    ("warfarin", "enoxaparin", HIGH),
    ("Eliquis", "dabigatran etexilate", HIGH),
    ("clopidogrel", "ticagrelor", HIGH),
    ("atorvastatin", "simvastatin", HIGH),
    ("Crestor", "Lipitor", HIGH),
    ("metoprolol", "atenolol", HIGH),
    ("propranolol", "nadolol", HIGH),
    ("diltiazem", "verapamil", HIGH),
    ("amlodipine", "nifedipine", MODERATE),
    ("omeprazole", "pantoprazole", MODERATE),
    ("Nexium", "Prevacid", MODERATE),
    ("loratadine", "cetirizine", MODERATE),
    ("cetirizine", "diphenhydramine", MODERATE),
    ("diphenhydramine", "hydroxyzine", MODERATE),
    ("sumatriptan", "rizatriptan", HIGH),
    ("Imitrex", "zolmitriptan", HIGH),
    ("sildenafil", "tadalafil", HIGH),
    ("glipizide", "glimepiride", HIGH),
    ("insulin glargine", "insulin detemir", HIGH),
    ("Lantus", "Tresiba", HIGH),
    ("insulin lispro", "insulin aspart", HIGH),
    ("spironolactone", "eplerenone", HIGH),
    ("azathioprine", "mercaptopurine", HIGH),
    ("semaglutide", "liraglutide", MODERATE),
    ("semaglutide", "sitagliptin", MODERATE),
    ("prednisone", "dexamethasone", MODERATE),
    ("cyclobenzaprine", "methocarbamol", MODERATE),
    ("fexofenadine", "levocetirizine", MODERATE),
]


@pytest.mark.parametrize(("a", "b", "severity"), PAIRS, ids=lambda each: str(each))
def test_two_of_one_kind(a: str, b: str, severity: Severity) -> None:
    for new, taken in ((a, b), (b, a)):
        alert = only(medicine(new), medicine(taken))
        assert alert.kind in {Kind.DUPLICATE, Kind.INTERACTION}
        assert (alert.severity, alert.other) == (severity, taken), alert.rule
        assert all(alert.effect.values()) and all(alert.action.values()) and alert.source


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("insulin glargine", "insulin lispro"),
        ("Tresiba", "Novolog"),
        ("isosorbide mononitrate", "nitroglycerin"),
        ("levetiracetam", "lamotrigine"),
        ("aspirin", "acetaminophen"),
        ("lisinopril", "amlodipine"),
        ("metformin", "empagliflozin"),
    ],
)
def test_what_belongs_together_is_silent(a: str, b: str) -> None:
    for new, taken in ((a, b), (b, a)):
        assert check(medicine(new), [medicine(taken)], []) == []


@pytest.mark.parametrize(
    ("a", "b", "named"),
    [
        ("sertraline", "Zoloft", "sertraline"),
        ("oxycodone", "Percocet", "oxycodone"),
        ("acetaminophen", "hydrocodone / acetaminophen", "acetaminophen"),
        ("insulin glargine", "Basaglar", "insulin glargine"),
        ("hydrochlorothiazide", "lisinopril / hydrochlorothiazide", "hydrochlorothiazide"),
        ("citalopram", "Celexa", "citalopram"),
    ],
)
def test_the_same_ingredient_is_named_and_its_class_is_not_counted_against_itself(
    a: str, b: str, named: str
) -> None:
    for new, taken in ((a, b), (b, a)):
        alert = only(medicine(new), medicine(taken))
        assert (alert.kind, alert.rule, alert.severity) == (Kind.DUPLICATE, named, MODERATE)


@pytest.mark.parametrize(
    ("a", "route_a", "b", "route_b"),
    [
        ("timolol", "ophthalmic", "metoprolol", "oral"),
        ("diclofenac sodium", "topical", "ibuprofen", "oral"),
        ("ketorolac", "ophthalmic", "diclofenac sodium", "topical"),
        ("olopatadine", "ophthalmic", "azelastine", "nasal"),
    ],
)
def test_what_acts_at_another_place_is_no_second_one(a: str, route_a: str, b: str, route_b: str) -> None:
    one, other = medicine(a, route_a), medicine(b, route_b)
    assert check(one, [other], []) == []
    assert check(other, [one], []) == []


def test_an_inhaler_that_the_patient_named_without_its_route_is_the_same_inhaler() -> None:
    named = medicine("albuterol inhaler", route="")
    assert only(medicine("albuterol", "inhalation"), named).rule == "albuterol"


def test_a_class_named_by_the_patient_counts() -> None:
    assert only(medicine("lorazepam"), medicine("benzodiazepines")).severity is HIGH


def test_each_row_names_classes_that_some_medicine_has_and_its_source() -> None:
    used = {name for row in read_table("classes") for name in [row["class"]]}
    used |= {name for row in read_table("drugs") for name in row["classes"].split()}
    for row in read_table("duplicates"):
        assert set(row["classes"].split(";")) <= used, row
        assert Severity(row["severity"]) and row["source"], row
