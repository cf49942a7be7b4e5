"""visits: appointments of the visits that were booked until now, some at a time."""

from core.migrations.helpers import fill

revision = "0051_appointments_filled"
down_revision = "0051_appointments"
branch_labels = None
depends_on = None

# What is known of appointments until now: the time that counts, who took each step and when. The times before a move
# were not kept with the visit, so they stay unknown.
HISTORY = """
WITH booked AS (
    INSERT INTO appointment (clinic_id, created_at, visit_id, patient_id, slot_id, reason_code, status)
    SELECT clinic_id, requested_at, id, patient_id, slot_id, reason_code,
           CASE status WHEN 'intake' THEN 'booked' WHEN 'finished' THEN 'fulfilled' WHEN 'cancelled' THEN 'cancelled'
                       WHEN 'no_show' THEN 'noshow' ELSE 'arrived' END
      FROM visit WHERE id = ANY(:ids)
    ON CONFLICT DO NOTHING
    RETURNING id, clinic_id, visit_id, slot_id
)
INSERT INTO appointment_step (clinic_id, appointment_id, kind, at, account_id, clinician_id, starts_at, ends_at)
SELECT a.clinic_id, a.id, told.kind, told.at, told.account_id,
       CASE WHEN told.last_move THEN s.clinician_id END, CASE WHEN told.last_move THEN s.starts_at END,
       CASE WHEN told.last_move THEN s.ends_at END
  FROM booked a
  JOIN slot s ON s.id = a.slot_id
  JOIN LATERAL (
      SELECT t.kind, v.at, v.account_id,
             NOT EXISTS (SELECT 1 FROM visit_step later WHERE later.visit_id = a.visit_id
                            AND later.kind = 'visit.rescheduled' AND (later.at, later.id) > (v.at, v.id)) AS last_move
        FROM visit_step v
        JOIN (VALUES ('visit.requested', 'booked'), ('visit.rescheduled', 'moved'), ('visit.finished', 'fulfilled'),
                     ('visit.cancelled', 'cancelled'), ('visit.no_show', 'noshow')) AS t (step, kind)
          ON t.step = v.kind
       WHERE v.visit_id = a.visit_id
      UNION ALL
      (SELECT 'arrived', v.at, v.account_id, true FROM visit_step v
        WHERE v.visit_id = a.visit_id AND v.kind IN ('visit.ready', 'visit.admitted') ORDER BY v.at, v.id LIMIT 1)
  ) AS told ON true
"""


def upgrade() -> None:
    fill("appointments", "visit", HISTORY, where="kind = 'booked'")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
