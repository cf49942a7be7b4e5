"""chart: the text of a resource ends with the resource that it is of, whoever writes another.

The release before knows no `verbatim`, and changes `resource` alone.
"""

from alembic import op

from core.migrations.helpers import script

revision = "0038_verbatim_follows"
down_revision = "0037_notices_claimed"
branch_labels = None
depends_on = None

FOLLOWS = """
CREATE FUNCTION record_verbatim_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.resource IS DISTINCT FROM OLD.resource AND NEW.verbatim = OLD.verbatim THEN
        NEW.verbatim := NULL;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER record_verbatim_follows BEFORE UPDATE OF resource ON record
    FOR EACH ROW WHEN (OLD.verbatim IS NOT NULL) EXECUTE FUNCTION record_verbatim_follows();
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(FOLLOWS)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
