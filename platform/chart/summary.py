"""A patient's chart at a glance, as bytes: the hottest read of the product skips the ORM and Python's JSON alike.

The bytes are kept in `chart_summary`. They hold for one shape of them (`shape`), until anything that they are made from
changes (see migrations 0005, which also says why a stale body can never be taken for a current one, and 0034). The care
team's read of kept bytes is one call of one SQL function, which finds who asks and writes the audit row besides.
Anything else takes the ordinary way: a hit is one statement, a miss builds the body in SQL and keeps it.
"""

from functools import cache
from hashlib import sha256
from uuid import UUID

from litestar.types import HTTPScope
from sqlalchemy import text

from chart.terminology import loinc
from core import audit, json
from core.database.session import ReadSession
from core.errors import NotFound, Restricted
from core.migrations import head
from core.services import Services
from identity.permissions import GRANTS, Permission
from identity.sessions.cookies import cookies_of, token_in
from identity.sessions.tokens import digest

POINTS = 12
"""How many of the latest values a trend shows."""

_AUDITED_HIT = text("""
WITH kept AS (
    SELECT p.id, s.body, p.id = ANY (closed_patients()) AS closed FROM patient p
      CROSS JOIN chart_reference r
      LEFT JOIN chart_summary s
        ON s.patient_id = p.id AND s.key = concat_ws(':', cast(:shape AS text), s.stamp, r.stamp)
     WHERE p.id = :patient
), seen AS (
    INSERT INTO audit_event (clinic_id, at, account_id, roles, session_id, request_id, action, entity_type,
                             entity_id, patient_id, reason, detail)
    SELECT :clinic, :at, :account, :roles, :session, :request, :action, :entity_type, :entity_id, kept.id,
           :reason, cast(:detail AS jsonb)
      FROM kept WHERE NOT closed
)
SELECT body, closed FROM kept
""")

# Whoever built the same at the same moment has kept it: a second write under one key would count for nobody. With a
# sensitive note each reader's summary is another, built under their row-level security: none is kept.
_KEEP = text("""
UPDATE chart_summary
   SET body = :body, built = stamp, key = concat_ws(':', cast(:shape AS text), stamp, cast(:reference AS bigint))
 WHERE patient_id = :patient AND stamp = :stamp
   AND key IS DISTINCT FROM concat_ws(':', cast(:shape AS text), stamp, cast(:reference AS bigint))
   AND NOT EXISTS (SELECT FROM sensitive_note n WHERE n.patient_id = :patient AND n.category IS NOT NULL)
""")

_BUILD = text("""
SELECT s.stamp, (SELECT stamp FROM chart_reference) AS reference, convert_to(json_build_object(
    'patient', json_build_object(
        'id', p.id, 'name', person_name(p.given, p.family, p.second, p.prefix, p.suffix, p.used_name),
        'given', p.given, 'family', p.family, 'second', p.second, 'prefix', p.prefix, 'suffix', p.suffix,
        'used_name', p.used_name, 'birth_date', p.birth_date, 'sex', p.sex,
        'birth_sex', p.birth_sex, 'clinical_sex', p.clinical_sex, 'gender_identity', p.gender_identity,
        'pronouns', p.pronouns, 'pronouns_other', p.pronouns_other,
        'language', p.language, 'phone', p.phone, 'email', p.email, 'mrn', p.mrn, 'address', p.address,
        'time_zone', p.time_zone, 'preferred_pharmacy_id', p.preferred_pharmacy_id),
    'problems', coalesce((
        SELECT json_agg(json_build_object(
                   'id', r.id, 'version', r.version, 'code', r.code, 'display', r.display, 'status', r.status,
                   'plain', CASE WHEN l.code IS NOT NULL THEN json_build_object('en', l.en, 'es', l.es) END,
                   'since', r.resource ->> 'onsetDateTime', 'recorded_at', r.updated_at, 'source', r.source)
                   ORDER BY r.status = 'active' DESC, r.effective_at DESC NULLS LAST, r.id)
          FROM record r LEFT JOIN lay_term l ON l.code = r.code
         WHERE r.patient_id = p.id AND r.resource_type = 'Condition' AND NOT r.in_error
           AND r.resource @? '$.category[*].coding[*] ? (@.code == "problem-list-item")'), '[]'),
    'allergies', coalesce((
        SELECT json_agg(json_build_object(
                   'id', r.id, 'version', r.version, 'code', r.code, 'display', r.display, 'status', r.status,
                   'criticality', r.resource ->> 'criticality',
                   'reaction', r.resource #>> '{reaction,0,manifestation,0,text}',
                   'severity', r.resource #>> '{reaction,0,severity}',
                   'recorded_at', r.updated_at, 'source', r.source)
                   ORDER BY r.resource ->> 'criticality' = 'high' DESC NULLS LAST, r.display, r.id)
          FROM record r
         WHERE r.patient_id = p.id AND r.resource_type = 'AllergyIntolerance' AND NOT r.in_error
           AND r.status IS DISTINCT FROM 'resolved'), '[]'),
    'medicines', coalesce((
        SELECT json_agg(json_build_object(
                   'id', r.id, 'version', r.version, 'code', r.code, 'display', r.display, 'status', r.status,
                   'dosage', coalesce(r.resource #>> '{dosage,0,text}', r.resource #>> '{dosageInstruction,0,text}'),
                   'dosage_es', r.resource #>> '{dosageInstruction,0,patientInstruction}',
                   'type', r.resource_type, 'ends_at', r.ends_at, 'recorded_at', r.updated_at, 'source', r.source)
                   ORDER BY r.display, r.id)
          FROM record r
         WHERE r.patient_id = p.id AND r.resource_type IN ('MedicationStatement', 'MedicationRequest')
           AND NOT r.in_error AND r.status IN ('active', 'on-hold', 'intended')), '[]'),
    'nothing_known', (
        SELECT json_build_object(
                   'allergies', max(r.effective_at) FILTER (WHERE r.code = 'allergies'),
                   'medicines', max(r.effective_at) FILTER (WHERE r.code = 'medications'))
          FROM record r
         WHERE r.patient_id = p.id AND r.resource_type = 'List' AND NOT r.in_error
           AND r.resource #>> '{emptyReason,coding,0,code}' = 'nilknown'),
    'vitals', coalesce((SELECT json_agg(m.trend ORDER BY m.place) FROM measured(p.id, :vitals, :points) m), '[]'),
    'results', coalesce((SELECT json_agg(m.trend ORDER BY m.place) FROM measured(p.id, :labs, :points) m), '[]'),
    'visits', coalesce((
        SELECT json_agg(v.line) FROM (
            SELECT json_build_object(
                       'id', v.id, 'status', v.status, 'kind', v.kind, 'restricted', c.closed,
                       'reason_code', CASE WHEN c.closed THEN '' ELSE v.reason_code END,
                       'requested_at', v.requested_at, 'admitted_at', v.admitted_at, 'finished_at', v.finished_at,
                       'clinician', a.name, 'signed', n.id IS NOT NULL,
                       'diagnoses', coalesce(n.content -> 'diagnoses', '[]')) AS line
              FROM visit v
             CROSS JOIN LATERAL (SELECT closed_visit(v.id) AS closed) AS c
              LEFT JOIN account a ON a.id = v.clinician_id
              LEFT JOIN note n ON n.visit_id = v.id AND n.status = 'signed'
             WHERE v.patient_id = p.id
             ORDER BY v.requested_at DESC LIMIT 50) v), '[]'),
    'prescriptions', prescriptions_of(p.id)
)::text, 'UTF8') AS body
  FROM patient p JOIN chart_summary s ON s.patient_id = p.id
 WHERE p.id = :patient
""")


_HOT = "SELECT read_chart_summary($1, $2, $3, $4, $5, $6)"
_MAY_READ = sorted(GRANTS[Permission.CHART_READ])


@cache
def shape() -> str:
    """The digest of what makes the bytes: this statement, what it is asked for, and the functions of the migrations."""
    asked = json.encode_text([loinc.codes_of("vital-signs"), loinc.codes_of("laboratory"), POINTS])
    return sha256("\n".join((_BUILD.text, asked, head())).encode()).hexdigest()


async def hot_summary(services: Services, scope: HTTPScope, request_id: str) -> bytes | None:
    """The kept bytes for whoever may read them, audited; None for everybody and everything else."""
    token = token_in(services.settings, cookies_of(scope))
    patient_id = scope["path_params"].get("patient_id")
    if token is None or not isinstance(patient_id, UUID):
        return None
    now = services.clock.now()
    body = await services.hot.value(_HOT, digest(token), now, patient_id, _MAY_READ, request_id, shape())
    return None if body is None else bytes(body)


async def read_summary(read: ReadSession, patient_id: UUID, action: str) -> bytes:
    """The summary as JSON (`ChartSummary`), with its audit row. Raises NotFound, Restricted."""
    parameters = audit.parameters(read, action, patient_id, ("patient", patient_id)) | {"shape": shape()}
    row = (await read.execute(_AUDITED_HIT, parameters)).one_or_none()
    if row is None:
        raise NotFound
    if row.closed:
        raise Restricted(patient_id)
    return bytes(row.body) if row.body is not None else await _build(read, patient_id)


async def _build(read: ReadSession, patient_id: UUID) -> bytes:
    params = {
        "patient": patient_id,
        "vitals": loinc.codes_of("vital-signs"),
        "labs": loinc.codes_of("laboratory"),
        "points": POINTS,
    }
    row = (await read.execute(_BUILD, params)).one()
    kept = {"patient": patient_id, "stamp": row.stamp, "reference": row.reference, "shape": shape()}
    await read.execute(_KEEP, kept | {"body": row.body})
    return bytes(row.body)
