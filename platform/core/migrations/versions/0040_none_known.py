"""chart: earlier entries that say 'none' become none known, and what was entered several times is one."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

from core.migrations.helpers import script

revision = "0040_none_known"
down_revision = "0039_drugs_offered"
branch_labels = None
depends_on = None

# The words of chart.prescribing.knowledge.nothing as they are today: a migration does the same for ever.
_NONE = frozenset(
    "none no nope nil null nothing nada nkda nka nkma ninguno ninguna ningunos ningunas ningun sin not denies denied "
    "deny niega negative negativo without zero cero 0 na non".split()
)
_FILLER = frozenset(
    "known drug drugs medication medications medicine medicines med meds medicament prescription prescriptions allergy "
    "allergies allergic alergia alergias alergico alergica medicamento medicamentos medicamentosa medicamentosas "
    "medicina medicinas farmaco farmacos conocida conocidas conocido conocidos a al la el las los de del to of any "
    "anything i am im have has had he tengo tiene tomo toma tomando taking take takes currently current at this time "
    "present all reported documented recorded on file soy es yo que hay for now ahora por momento el actualmente "
    "actuales that know aware do does don t dont patient paciente regular daily other history hx active or and y o ni "
    "reaction reactions adverse reacciones aplica applicable alguna alguno algun".split()
)
_FOOD = frozenset("food foods alimento alimentos environmental ambiental ambientales latex".split())
_DRUGS = frozenset(
    "drug drugs medication medications medicine medicines medicamento medicamentos medicamentosas nkda".split()
)
_DASHES = re.compile(r"[-\u2010-\u2015\u2212./\\_~\u2205\s]+")
_NOT_APPLICABLE = re.compile(r"n\W?a\W?")

# What counts: neither in error, nor resolved or stopped, nor denied already.
COUNTED = """
CREATE TEMPORARY VIEW counted AS
SELECT * FROM record
 WHERE NOT in_error AND status = 'active' AND resource_type IN ('AllergyIntolerance', 'MedicationStatement')
   AND resource #>> '{verificationStatus,coding,0,code}' IS DISTINCT FROM 'refuted';

CREATE TEMPORARY TABLE says_none (display text PRIMARY KEY) ON COMMIT DROP;
"""

TAKEN_BACK = """
CREATE TEMPORARY TABLE taken_back (id uuid PRIMARY KEY, reason text NOT NULL) ON COMMIT DROP;

INSERT INTO taken_back
SELECT r.id, 'Says that there are none: kept as none known'
  FROM counted r JOIN says_none s ON s.display = r.display;

-- The same in everything but who wrote it and when: the first stays.
INSERT INTO taken_back
SELECT id, 'The same entry is in the record already'
  FROM (SELECT r.id, row_number() OVER (
                   PARTITION BY r.clinic_id, r.patient_id, r.resource_type,
                       r.resource - ARRAY['id', 'meta', 'recordedDate', 'dateAsserted', 'recorder', 'asserter',
                                          'informationSource', 'encounter', 'context']
                   ORDER BY r.created_at, r.id) AS place
          FROM counted r
         WHERE NOT EXISTS (SELECT FROM taken_back t WHERE t.id = r.id)) AS same
 WHERE place > 1;

DROP VIEW counted;
"""

# As `marked_in_error` of the record does it: a new version, and what was typed stays in it and in the history.
MARKED = """
UPDATE record r
   SET version = r.version + 1, in_error = true, updated_at = now(), author_id = NULL,
       status = 'entered-in-error',
       resource = jsonb_set(
           CASE r.resource_type
               WHEN 'MedicationStatement' THEN r.resource || '{"status": "entered-in-error"}'
               ELSE (r.resource - 'clinicalStatus') || '{"verificationStatus": {"coding": [{
                   "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
                   "code": "entered-in-error", "display": "Entered in Error"}], "text": "Entered in Error"}}'
           END,
           '{meta}',
           coalesce(r.resource -> 'meta', '{}')
               || jsonb_build_object('versionId', (r.version + 1)::text, 'lastUpdated', now()))
  FROM taken_back t
 WHERE t.id = r.id;

INSERT INTO record_history (record_id, version, clinic_id, patient_id, source, author_id, reason, at, resource)
SELECT r.id, r.version, r.clinic_id, r.patient_id, r.source, NULL, t.reason, now(), r.resource
  FROM record r JOIN taken_back t ON t.id = r.id;
"""

# A list that is empty for a reason, once for each patient and kind, where nothing else contradicts it.
LISTED = """
CREATE TEMPORARY TABLE made ON COMMIT DROP AS
SELECT DISTINCT ON (r.clinic_id, r.patient_id, r.resource_type)
       uuidv7() AS id, r.clinic_id, r.patient_id, r.source, coalesce(r.effective_at, r.created_at) AS at,
       l.code, l.display, r.resource_type, r.display AS typed,
       coalesce(r.resource #>> '{asserter,reference}', r.resource #>> '{informationSource,reference}',
                'Patient/' || r.patient_id) AS said_by
  FROM record r
  JOIN says_none s ON s.display = r.display
  JOIN taken_back t ON t.id = r.id
  JOIN (VALUES ('AllergyIntolerance', 'allergies', 'Allergies'),
               ('MedicationStatement', 'medications', 'Medication List')) AS l (of, code, display)
    ON l.of = r.resource_type
 WHERE NOT EXISTS (
           SELECT FROM record o
            WHERE o.patient_id = r.patient_id AND NOT o.in_error
              AND (o.resource_type = 'List' AND o.code = l.code
                   OR r.resource_type = 'AllergyIntolerance' AND o.resource_type = 'AllergyIntolerance'
                       AND o.status IS DISTINCT FROM 'resolved'
                   OR r.resource_type = 'MedicationStatement'
                       AND o.resource_type IN ('MedicationStatement', 'MedicationRequest')
                       AND o.status IN ('active', 'on-hold', 'intended')))
 ORDER BY r.clinic_id, r.patient_id, r.resource_type, coalesce(r.effective_at, r.created_at) DESC, r.id;

INSERT INTO record (id, clinic_id, patient_id, resource_type, version, status, code, code_system, display,
                    effective_at, source, updated_at, resource)
SELECT m.id, m.clinic_id, m.patient_id, 'List', 1, 'current', m.code,
       'http://terminology.hl7.org/CodeSystem/list-example-use-codes', m.display, m.at, m.source, now(),
       jsonb_build_object(
           'resourceType', 'List', 'id', m.id, 'status', 'current', 'mode', 'snapshot',
           'meta', jsonb_build_object('versionId', '1', 'lastUpdated', now()),
           'subject', jsonb_build_object('reference', 'Patient/' || m.patient_id),
           'code', jsonb_build_object('coding', jsonb_build_array(jsonb_build_object(
               'system', 'http://terminology.hl7.org/CodeSystem/list-example-use-codes',
               'code', m.code, 'display', m.display)), 'text', m.display),
           'date', m.at, 'source', jsonb_build_object('reference', m.said_by),
           'note', jsonb_build_array(jsonb_build_object('text', 'Entered as ' || m.resource_type || ': ' || m.typed)),
           'emptyReason', jsonb_build_object('coding', jsonb_build_array(jsonb_build_object(
               'system', 'http://terminology.hl7.org/CodeSystem/list-empty-reason',
               'code', 'nilknown', 'display', 'Nil Known')), 'text', 'Nil Known'))
  FROM made m;

INSERT INTO record_history (record_id, version, clinic_id, patient_id, source, author_id, reason, at, resource)
SELECT r.id, r.version, r.clinic_id, r.patient_id, r.source, NULL, NULL, now(), r.resource
  FROM record r JOIN made m ON m.id = r.id;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(COUNTED)
    bind = op.get_bind()
    shown = bind.scalars(sa.text("SELECT DISTINCT display FROM counted WHERE char_length(display) <= 200"))
    none = [{"display": display} for display in shown if _means_none(display)]
    if none:
        bind.execute(sa.text("INSERT INTO says_none VALUES (:display)"), none)
    script(TAKEN_BACK)
    script(MARKED)
    script(LISTED)


def _means_none(text: str) -> bool:
    parts = unicodedata.normalize("NFKD", text.casefold())
    folded = "".join(each for each in parts if not unicodedata.combining(each)).strip()
    if not folded:
        return False
    if _DASHES.fullmatch(folded) or _NOT_APPLICABLE.fullmatch(folded):
        return True
    words = set(re.findall(r"[a-z0-9]+", folded))
    fillers = _FILLER | _FOOD if words & _DRUGS else _FILLER
    other = re.sub("[a-z0-9\\s.,;:!()/'\u2019*-]", "", folded)
    return bool(words & _NONE) and words <= _NONE | fillers and not other


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
