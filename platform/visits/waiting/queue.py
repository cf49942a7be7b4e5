"""The clinicians' queue: read as JSON, with its audit row, in one statement.

Everybody at work reads it again at each change, and with hundreds waiting it took most of a request to make objects of
the rows only to write them out. So the statement writes a row as `schemas.QueueEntry`, and orders them.
"""

from datetime import timedelta

from sqlalchemy import ARRAY, Uuid, bindparam, text

from core import audit
from core.database.session import ReadSession
from visits.calls import presence
from visits.domain import CHECK_IN_OPENS

ANSWERING = timedelta(hours=2)
"""A patient who began intake on demand this recently is taken to be still at it."""

EXPECTED_UNTIL = timedelta(hours=2)
"""A booked patient is looked out for until this long after the slot began, also past midnight."""

MAXIMUM = 300

# What has to stay as the rules in Python have it: `licensed` as `visits.location.licensed`, and the order of those who
# wait as `visits.waiting.estimate.line_up`. `identity.readable` says what `closed` means.
_READ = text("""
WITH closed AS MATERIALIZED (SELECT closed_patients() AS patients),
held AS MATERIALIZED (
    SELECT coalesce((SELECT s.licences FROM staff s WHERE s.account_id = cast(:account AS uuid)), '{}') AS licences
), today AS (
    -- The clinic's day, and what is near its midnights.
    SELECT least(d.day AT TIME ZONE d.zone,
                 cast(:at AS timestamptz) - cast(:expected_until AS interval)) AS booked_from,
           greatest((d.day + interval '1 day') AT TIME ZONE d.zone,
                    cast(:at AS timestamptz) + cast(:check_in_opens AS interval)) AS booked_until
      FROM (SELECT c.time_zone AS zone, date_trunc('day', cast(:at AS timestamptz) AT TIME ZONE c.time_zone) AS day
              FROM clinic c WHERE c.id = :clinic) AS d
), shown AS MATERIALIZED (
    SELECT v.*, s.starts_at, o.is_open, o.is_open OR v.priority > 0 AS reachable
      FROM closed, today, visit v LEFT JOIN slot s ON s.id = v.slot_id
      LEFT JOIN sensitive_note n ON n.visit_id = v.id AND n.category IS NOT NULL
     CROSS JOIN LATERAL (SELECT v.patient_id <> ALL (closed.patients)
                            AND (n.visit_id IS NULL OR NOT closed_visit(n.visit_id)) AS is_open) AS o
     WHERE v.clinic_id = :clinic AND (
           v.status IN ('waiting', 'admitted', 'left')
           OR v.status = 'intake' AND (
               v.priority > 0 OR s.starts_at >= today.booked_from AND s.starts_at < today.booked_until
               OR v.kind = 'on_demand'
              AND v.requested_at > cast(:at AS timestamptz) - cast(:answering AS interval)))
     -- Should there ever be more, what has time is left out, and nobody who waits.
     ORDER BY v.priority DESC, v.status = 'intake', s.starts_at, v.requested_at
     LIMIT :most
), seen AS (
    INSERT INTO audit_event (clinic_id, at, account_id, roles, session_id, request_id, action, entity_type,
                             entity_id, patient_id, reason, detail, patients)
    SELECT :clinic, :at, :account, :roles, :session, :request, :action, :entity_type, cast(:entity_id AS uuid),
           cast(:patient AS uuid), :reason, jsonb_build_object('count', count(*)),
           array_agg(DISTINCT shown.patient_id ORDER BY shown.patient_id)
      FROM shown
)
SELECT convert_to(json_build_object('now', cast(:at AS timestamptz), 'entries', coalesce(json_agg(json_build_object(
           'visit_id', v.id, 'restricted', NOT v.is_open,
           'patient', json_build_object(
               'id', p.id,
               -- Most names need no more than this, and `person_name` takes many times as long.
               'name', CASE WHEN p.prefix || p.second || p.suffix || p.used_name = '' AND p.given <> ''
                                 AND p.family <> '' AND p.given || p.family NOT LIKE '% %'
                            THEN p.given || ' ' || p.family
                            ELSE person_name(p.given, p.family, p.second, p.prefix, p.suffix, p.used_name) END,
               'birth_date', p.birth_date, 'clinical_sex', CASE WHEN v.is_open THEN p.clinical_sex ELSE 'unknown' END,
               'language', p.language, 'mrn', p.mrn, 'phone', CASE WHEN v.reachable THEN p.phone END),
           'reason_code', CASE WHEN v.is_open THEN v.reason_code ELSE '' END,
           'kind', v.kind, 'status', v.status, 'priority', v.priority,
           'red_flags', CASE WHEN v.is_open AND v.red_flags <> '[]' THEN (
               SELECT jsonb_agg(jsonb_build_object('changed_at', NULL, 'version', NULL, 'because', NULL) || f.flag
                                ORDER BY f.place)
                 FROM jsonb_array_elements(v.red_flags) WITH ORDINALITY AS f (flag, place)) ELSE '[]' END,
           'requested_at', v.requested_at, 'ready_at', v.ready_at, 'left_at', v.left_at,
           'admitted_at', v.admitted_at, 'slot_starts_at', v.starts_at,
           'location', CASE WHEN v.reachable THEN v.location END,
           'callback_phone', CASE WHEN v.reachable THEN v.callback_phone END,
           'licensed', CASE WHEN jsonb_typeof(v.location) = 'object' AND v.location <> '{}' THEN
               coalesce(v.location ->> 'country', 'US') = 'US'
               AND coalesce(v.location ->> 'state' = ANY (held.licences), false) END,
           'connected', v.id = ANY (:here),
           'in_call', coalesce((
               SELECT json_agg(c.role ORDER BY c.role) FROM call_attempt c
                WHERE c.visit_id = v.id AND c.joined_at IS NOT NULL AND c.ended_at IS NULL), '[]'),
           'clinician', CASE WHEN v.clinician_id IS NOT NULL THEN (
               SELECT json_build_object('id', a.id, 'name', a.name) FROM account a WHERE a.id = v.clinician_id) END,
           'running_late_minutes', v.running_late_minutes,
           'phoned', (
               SELECT json_build_object('by', a.name, 'at', t.at)
                 FROM visit_step t JOIN account a ON a.id = t.account_id
                WHERE t.visit_id = v.id AND t.kind = 'visit.phoned' ORDER BY t.at DESC LIMIT 1)
       ) ORDER BY v.priority DESC, stands.place,
                  CASE WHEN v.status = 'waiting' THEN NOT coalesce(v.starts_at <= :at, false) END,
                  CASE WHEN v.status = 'waiting' THEN v.queued_at
                       ELSE coalesce(v.admitted_at, v.left_at, v.starts_at, v.requested_at) END, v.id), '[]')
       )::text, 'UTF8')
  FROM held, shown v
  JOIN patient p ON p.id = v.patient_id
 -- A booked time whose patient has not come yet stands last: it must not outrank who waits now.
 CROSS JOIN LATERAL (SELECT CASE v.status
               WHEN 'waiting' THEN 0 WHEN 'left' THEN 1 WHEN 'admitted' THEN 3
               ELSE CASE v.kind WHEN 'booked' THEN 4 ELSE 2 END END AS place) AS stands
""").bindparams(bindparam("here", type_=ARRAY(Uuid)))


async def read_queue(read: ReadSession) -> bytes:
    """Everyone who waits, is being seen, is on the way or is booked for today, in the order of danger, as JSON
    (`schemas.QueueOut`); the audit names each of them."""
    there = await presence.present(read.services, read.clinic_id)
    asked = {
        "here": list(there.visits) if there.known else None,
        "answering": ANSWERING,
        "expected_until": EXPECTED_UNTIL,
        "check_in_opens": CHECK_IN_OPENS,
        "most": MAXIMUM,
    }
    return bytes(await read.scalar(_READ, audit.parameters(read, "queue.read") | asked))
