"""directory: locations of a clinic."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0058_locations"
down_revision = "0057_history_follows_record"
branch_labels = None
depends_on = None

# What is NULL is as the clinic has it, so that the location that a clinic begins with follows the clinic's settings.
TABLE = """
CREATE TABLE location (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL REFERENCES clinic (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    position integer NOT NULL,
    name text CHECK (char_length(name) BETWEEN 1 AND 120),
    address jsonb CHECK (jsonb_typeof(address) = 'object'),
    time_zone text CHECK (time_zone <> ''),
    phone text CHECK (phone <> ''),
    hours jsonb CHECK (jsonb_typeof(hours) = 'object'),
    -- Days on which it is closed beside the clinic's holidays, each with its name.
    closed_days jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(closed_days) = 'object'),
    emergency_number text CHECK (emergency_number <> ''),
    npi text CHECK (npi ~ '^[0-9]{10}$'),
    retired_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    UNIQUE (clinic_id, id)
);
CREATE INDEX location_in_order ON location (clinic_id, position, id);
"""

# A trigger, because clinics are made in several ways, and by the old version while this one starts.
SEED = """
CREATE FUNCTION clinic_gets_location() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO location (clinic_id, position) VALUES (new.id, 1);
    RETURN NULL;
END
$$;
CREATE TRIGGER clinic_gets_location AFTER INSERT ON clinic
    FOR EACH ROW EXECUTE FUNCTION clinic_gets_location();

INSERT INTO location (clinic_id, position) SELECT id, 1 FROM clinic;
"""

# Whoever writes such a row and does not say where, as the old version does, means the clinic's first location. A booked
# visit is where its time is. The tables get their column and trigger in a revision each: to lock several is to wait for
# whoever waits for one of them.
BELONG = """
CREATE FUNCTION first_location(of_clinic uuid) RETURNS uuid LANGUAGE sql STABLE
RETURN (SELECT l.id FROM location l WHERE l.clinic_id = of_clinic
         ORDER BY l.retired_at IS NOT NULL, l.position, l.id LIMIT 1);

CREATE FUNCTION belongs_to_first_location() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.location_id := first_location(new.clinic_id);
    RETURN new;
END
$$;
CREATE FUNCTION visit_gets_location() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.location_id := coalesce((SELECT s.location_id FROM slot s WHERE s.id = new.slot_id),
                                first_location(new.clinic_id));
    RETURN new;
END
$$;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLE)
    protect("location", grants="SELECT, INSERT, UPDATE")
    script(SEED)
    script(BELONG)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
