"""identity: of age on the same day in the database as in Python; a relation holds by one condition."""

from alembic import op

from core.migrations.helpers import script

revision = "0064_one_age_rule"
down_revision = "0063_locations_filled"
branch_labels = None
depends_on = None

# As `identity.person.age.years_old`: who is born on 29 February is a year older on 1 March, where PostgreSQL's sum of a
# date and years gives 28 February.
OF_AGE = """
CREATE OR REPLACE FUNCTION of_age_on(of_patient uuid) RETURNS date
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT day + CASE WHEN extract(day FROM born) = 29 AND to_char(day, 'MMDD') = '0228' THEN 1 ELSE 0 END
      FROM (SELECT p.birth_date AS born,
                   (p.birth_date + make_interval(years => coalesce((c.settings->>'age_of_majority')::int, 18)))::date
                       AS day
              FROM patient p JOIN clinic c ON c.id = p.clinic_id WHERE p.id = of_patient) AS birthday
$$;
"""

HOLDS = """
CREATE FUNCTION relation_holds(r related_person, at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT r.verified_at IS NOT NULL AND r.ended_at IS NULL AND r.starts_at <= at AND (r.until IS NULL OR r.until > at)
$$;
REVOKE ALL ON FUNCTION relation_holds FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relation_holds TO carethread_app, carethread_system;

CREATE OR REPLACE FUNCTION relation_acts(r related_person, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT r.account_id IS NOT NULL AND relation_holds(r, at) AND (NOT r.for_minor OR is_minor(r.patient_id, at))
$$;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(OF_AGE)
    script(HOLDS)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
