"""Who is in the demo. Every name, number and address is made up; phone numbers are of the 555-01xx range that
is kept for fiction, and e-mail addresses of domains that cannot exist (RFC 2606).
"""

from dataclasses import dataclass
from random import Random

from core.actor import Role

SLUG = "harbor"
PASSWORD = "harbor lamp violet 47"  # noqa: S105  the demo's, printed at every start
PATIENTS = 40


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """A member of staff; ``key`` names them within the seed."""

    key: str
    given: str
    family: str
    email: str
    roles: tuple[Role, ...]
    title: str
    credentials: str = ""
    npi: str | None = None
    licences: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"


STAFF = (
    DemoStaff(
        key="okafor",
        given="Amara",
        family="Okafor",
        email="amara.okafor@harbor.example",
        roles=(Role.CLINICIAN,),
        title="Family medicine",
        credentials="MD",
        npi="1234567893",
        licences=("NY", "NJ", "CT", "MA", "FL"),
    ),
    DemoStaff(
        key="reyes",
        given="Daniel",
        family="Reyes",
        email="daniel.reyes@harbor.example",
        roles=(Role.CLINICIAN,),
        title="Urgent care",
        credentials="NP",
        npi="1245319599",
        licences=("NY", "PA"),
    ),
    DemoStaff(
        key="cole",
        given="Kim",
        family="Cole",
        email="kim.cole@harbor.example",
        roles=(Role.COORDINATOR,),
        title="Care coordinator",
    ),
    DemoStaff(
        key="ortega",
        given="Luis",
        family="Ortega",
        email="luis.ortega@harbor.example",
        roles=(Role.COORDINATOR,),
        title="Care coordinator",
    ),
    DemoStaff(
        key="lin",
        given="Grace",
        family="Lin",
        email="grace.lin@harbor.example",
        roles=(Role.ADMIN,),
        title="Clinic manager",
    ),
    DemoStaff(
        key="feld",
        given="Nora",
        family="Feld",
        email="nora.feld@harbor.example",
        roles=(Role.PRIVACY,),
        title="Privacy officer",
    ),
)


@dataclass(frozen=True, slots=True)
class DemoPatient:
    """A patient to be; ``profile`` is carebundle's, ``number`` the last digits of the phone."""

    given: str
    family: str
    sex: str
    language: str
    city: str
    state: str
    zip: str
    street: str
    profile: str
    phone: str
    email: str


_GIVEN = {
    ("female", "en"): ("Maya", "Grace", "Olivia", "Priya", "Hannah", "Nadia", "Ruth", "Chloe", "Ada", "June"),
    ("male", "en"): ("Owen", "Samuel", "Kofi", "Arjun", "Peter", "Theo", "Walter", "Ben", "Isaac", "Noah"),
    ("female", "es"): (
        "Lucía",
        "Elena",
        "Carmen",
        "Rosa",
        "Valeria",
        "Inés",
        "Marisol",
        "Pilar",
        "Alba",
        "Noemí",
    ),
    ("male", "es"): (
        "Mateo",
        "Javier",
        "Tomás",
        "Andrés",
        "Diego",
        "Rubén",
        "Ignacio",
        "Hugo",
        "Óscar",
        "Félix",
    ),
}
_FAMILY = {
    "en": ("Bennett", "Hale", "Osei", "Nguyen", "Patel", "Fischer", "Quinn", "Marsh", "Dalton", "Whitaker"),
    "es": (
        "Rivera",
        "Morales",
        "Ibarra",
        "Castillo",
        "Vega",
        "Salazar",
        "Montoya",
        "Pineda",
        "Robles",
        "Fuentes",
    ),
}
_PLACES = (
    ("Albany", "NY", "12207"),
    ("Brooklyn", "NY", "11215"),
    ("Yonkers", "NY", "10701"),
    ("Newark", "NJ", "07102"),
    ("Hartford", "CT", "06103"),
    ("Boston", "MA", "02118"),
    ("Miami", "FL", "33130"),
)
_STREETS = ("Elm Street", "Harbor Road", "Maple Avenue", "Linden Lane", "Third Street", "Orchard Way")
_PROFILES = ("healthy", "healthy", "hypertension", "type2_diabetes", "ckd_stage3", "anaemia")


def patients() -> list[DemoPatient]:
    """The same forty people each time; the first two are those whom the welcome names."""
    chance = Random(20261121)  # noqa: S311  for variety, not for secrets
    made: list[DemoPatient] = []
    for number in range(PATIENTS):
        language = "es" if number % 4 == 1 else "en"
        sex = ("female", "male")[number % 2] if number > 1 else "female"
        city, state, zip_code = _PLACES[0] if number < 2 else chance.choice(_PLACES)
        given = _GIVEN[sex, language][(number // 4) % 10]
        family = _FAMILY[language][(number * 3 + number // 10) % 10]
        made.append(
            DemoPatient(
                given=given,
                family=family,
                sex=sex,
                language=language,
                city=city,
                state=state,
                zip=zip_code,
                street=f"{chance.randint(2, 240)} {chance.choice(_STREETS)}",
                profile=chance.choice(_PROFILES),
                phone=f"+15185550{100 + number}",
                email=f"patient{number + 1}@mail.example",
            )
        )
    return made
