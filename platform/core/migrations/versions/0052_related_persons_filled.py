"""identity: patients act for themselves, and so do those who are signed in, some at a time."""

from core.migrations.helpers import fill

revision = "0052_related_persons_filled"
down_revision = "0052_related_persons"
branch_labels = None
depends_on = None

ONESELF = """
INSERT INTO related_person (id, clinic_id, created_at, patient_id, account_id, name, relationship, scope,
                            sees_restricted, starts_at, verified_at)
SELECT gen_random_uuid(), p.clinic_id, now(), p.id, p.account_id,
       person_name(p.given, p.family, p.second, p.prefix, p.suffix, p.used_name), 'ONESELF', 'full', true,
       '-infinity', now()
  FROM patient p WHERE p.id = ANY(:ids) AND p.account_id IS NOT NULL
ON CONFLICT DO NOTHING
"""

SESSIONS = """
UPDATE auth_session s SET patient_id = p.id
  FROM patient p WHERE s.id = ANY(:ids) AND p.account_id = s.account_id AND s.ended_at IS NULL
"""


def upgrade() -> None:
    fill("oneself", "patient", ONESELF, where="account_id IS NOT NULL")
    fill("sessions", "auth_session", SESSIONS, where="ended_at IS NULL")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
