"""The clinicians' queue: read as JSON, with its audit row, in one statement.

Everybody at work reads it again at each change, and with hundreds waiting it took most of a request to make objects of
the rows only to write them out. So the statement writes a row as `schemas.QueueEntry`, and orders them.
"""

from datetime import timedelta

from sqlalchemy import ARRAY, Boolean, Text, bindparam, text

from core import audit, json
from core.database.session import ReadSession
from visits.domain import CHECK_IN_OPENS
from visits.waiting import presence
from visits.waiting.patience import doubts

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
), today AS MATERIALIZED (
    -- Each location's day, and what is near its midnights.
    SELECT d.location_id,
           least(d.day AT TIME ZONE d.zone,
                 cast(:at AS timestamptz) - cast(:expected_until AS interval)) AS booked_from,
           greatest((d.day + interval '1 day') AT TIME ZONE d.zone,
                    cast(:at AS timestamptz) + cast(:check_in_opens AS interval)) AS booked_until
      FROM (SELECT l.id AS location_id, z.zone, date_trunc('day', cast(:at AS timestamptz) AT TIME ZONE z.zone) AS day
              FROM location l JOIN clinic c ON c.id = l.clinic_id
             CROSS JOIN LATERAL (SELECT coalesce(l.time_zone, c.time_zone) AS zone) AS z
             WHERE l.clinic_id = :clinic) AS d
), shown AS MATERIALIZED (
    SELECT v.*, s.starts_at, o.is_open, o.is_open OR v.priority > 0 AS reachable
      FROM closed, visit v JOIN today ON today.location_id = v.location_id
      LEFT JOIN slot s ON s.id = v.slot_id
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
), calls AS MATERIALIZED (
    SELECT c.visit_id, json_agg(c.role ORDER BY c.role) AS roles FROM call_attempt c
     WHERE c.visit_id IN (SELECT shown.id FROM shown) AND c.joined_at IS NOT NULL AND c.ended_at IS NULL
     GROUP BY c.visit_id
), here AS MATERIALIZED (
    SELECT unnest(cast(:here AS text[]))::uuid AS visit_id
), there AS MATERIALIZED (
    SELECT t.key::uuid AS visit_id, t.value AS wait FROM jsonb_each(cast(:waits AS jsonb)) AS t
), entry AS (
    -- Columns that become the entry's keys: PostgreSQL writes a row twice as fast as an object put together key by key.
    SELECT v.id AS visit_id, NOT v.is_open AS restricted, patient,
           CASE WHEN v.is_open THEN v.reason_code ELSE '' END AS reason_code,
           v.kind, v.status, v.priority,
           CASE WHEN v.is_open AND v.red_flags <> '[]' THEN (
               SELECT jsonb_agg(jsonb_build_object('changed_at', NULL, 'version', NULL, 'because', NULL) || f.flag
                                ORDER BY f.place)
                 FROM jsonb_array_elements(v.red_flags) WITH ORDINALITY AS f (flag, place)) ELSE '[]' END AS red_flags,
           v.requested_at, v.ready_at, v.left_at, v.admitted_at, v.starts_at AS slot_starts_at,
           CASE WHEN v.reachable THEN v.location END AS location,
           CASE WHEN v.reachable THEN v.callback_phone END AS callback_phone,
           CASE WHEN v.reachable AND v.adult IS NOT NULL THEN json_build_object(
               'name', v.adult ->> 'name', 'relationship', v.adult ->> 'relationship', 'phone', v.adult ->> 'phone',
               'verified', v.adult ->> 'relation_id' IS NOT NULL) END AS adult,
           -- Of a closed chart it is not known whether a message may be left, so none is.
           v.reachable AND (NOT v.is_open OR EXISTS (
               SELECT FROM contact_point k
                WHERE k.patient_id = v.patient_id AND k.ended_at IS NULL AND NOT k.may_leave_message
                  AND k.value IN (split_part(v.callback_phone, ';', 1), split_part(p.phone, ';', 1)))) AS no_message,
           CASE WHEN jsonb_typeof(v.location) = 'object' AND v.location <> '{}' THEN
               coalesce(v.location ->> 'country', 'US') = 'US'
               AND coalesce(v.location ->> 'state' = ANY (held.licences), false) END AS licensed,
           CASE WHEN there.wait IS NOT NULL THEN there.wait -> 'presence'
                WHEN here.visit_id IS NOT NULL THEN '{"state": "here", "since": null}'
                WHEN :known THEN '{"state": "left", "since": null}'::jsonb END AS presence,
           CASE WHEN v.status = 'waiting' THEN coalesce(there.wait -> 'doubts', '[]') ELSE '[]' END AS doubts,
           coalesce(calls.roles, '[]') AS in_call,
           CASE WHEN v.clinician_id IS NOT NULL THEN (
               SELECT json_build_object('id', a.id, 'name', a.name) FROM account a WHERE a.id = v.clinician_id)
               END AS clinician,
           v.running_late_minutes,
           (SELECT json_build_object('by', a.name, 'at', t.at)
              FROM visit_step t JOIN account a ON a.id = t.account_id
             WHERE t.visit_id = v.id AND t.kind = 'visit.phoned' ORDER BY t.at DESC LIMIT 1) AS phoned,
           (SELECT json_build_object('verdict', c.verdict, 'troubles', c.troubles, 'at', c.at)
              FROM visit_check c WHERE c.visit_id = v.id ORDER BY c.at DESC LIMIT 1) AS check
      FROM held, shown v
      JOIN patient p ON p.id = v.patient_id
      LEFT JOIN calls ON calls.visit_id = v.id
      LEFT JOIN here ON here.visit_id = v.id
      LEFT JOIN there ON there.visit_id = v.id
     CROSS JOIN LATERAL (
         SELECT p.id,
                -- Most names need no more than this, and `person_name` takes many times as long.
                CASE WHEN p.prefix || p.second || p.suffix || p.used_name = '' AND p.given <> ''
                          AND p.family <> '' AND p.given || p.family NOT LIKE '% %'
                     THEN p.given || ' ' || p.family
                     ELSE person_name(p.given, p.family, p.second, p.prefix, p.suffix, p.used_name) END AS name,
                p.birth_date, CASE WHEN v.is_open THEN p.clinical_sex ELSE 'unknown' END AS clinical_sex,
                p.language, p.mrn, CASE WHEN v.reachable THEN p.phone END AS phone) AS patient
     -- A booked time whose patient has not come yet stands last: it must not outrank who waits now.
     CROSS JOIN LATERAL (SELECT CASE v.status
                   WHEN 'waiting' THEN 0 WHEN 'left' THEN 1 WHEN 'admitted' THEN 3
                   ELSE CASE v.kind WHEN 'booked' THEN 4 ELSE 2 END END AS place) AS stands
     ORDER BY v.priority DESC, stands.place,
              CASE WHEN v.status = 'waiting' THEN NOT coalesce(v.starts_at <= :at, false) END,
              CASE WHEN v.status = 'waiting' THEN v.queued_at
                   ELSE coalesce(v.admitted_at, v.left_at, v.starts_at, v.requested_at) END, v.id
)
SELECT convert_to(json_build_object('now', cast(:at AS timestamptz),
                                    'entries', coalesce((SELECT json_agg(entry) FROM entry), '[]'))::text, 'UTF8')
""").bindparams(bindparam("known", type_=Boolean), bindparam("here", type_=ARRAY(Text)))


async def read_queue(read: ReadSession) -> bytes:
    """Everyone who waits, is being seen, is on the way or is booked for today, in the order of danger, as JSON
    (`schemas.QueueOut`); the audit names each of them."""
    there = await presence.present(read.services, read.clinic_id)
    here, waits = there.waits()
    asked = {
        "known": there.known,
        "here": list(here),
        "waits": json.encode_text(
            {
                visit: {"presence": wait.presence, "doubts": doubts(wait, read.now())}
                for visit, wait in waits.items()
            }
        ),
        "answering": ANSWERING,
        "expected_until": EXPECTED_UNTIL,
        "check_in_opens": CHECK_IN_OPENS,
        "most": MAXIMUM,
    }
    return bytes(await read.scalar(_READ, audit.parameters(read, "queue.read") | asked))
