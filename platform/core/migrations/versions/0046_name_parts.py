"""identity: names in parts, for patients and staff; what a name looks like is one function."""

import re

import sqlalchemy as sa
from alembic import op

from core.migrations.helpers import script

revision = "0046_name_parts"
down_revision = "0045_record_search"
branch_labels = None
depends_on = None

# As identity.person.name.shown. `patient_key` has the given names after the family name once more, for names whose
# family comes first, and each other part by which somebody may be looked for. The old version goes on adding patients:
# what it does not know of is ''.
PARTS = """
ALTER TABLE patient ALTER COLUMN family SET DEFAULT '', ALTER COLUMN given SET DEFAULT '',
    ADD COLUMN second text NOT NULL DEFAULT '', ADD COLUMN prefix text NOT NULL DEFAULT '',
    ADD COLUMN suffix text NOT NULL DEFAULT '', ADD COLUMN used_name text NOT NULL DEFAULT '';
ALTER TABLE patient ADD CONSTRAINT patient_is_named CHECK (family <> '' OR given <> '') NOT VALID;

ALTER TABLE staff
    ADD COLUMN family text NOT NULL DEFAULT '', ADD COLUMN given text NOT NULL DEFAULT '',
    ADD COLUMN second text NOT NULL DEFAULT '', ADD COLUMN prefix text NOT NULL DEFAULT '',
    ADD COLUMN suffix text NOT NULL DEFAULT '', ADD COLUMN used_name text NOT NULL DEFAULT '',
    ADD COLUMN name_guessed boolean NOT NULL DEFAULT false;

CREATE FUNCTION person_name(given text, family text, second text, prefix text, suffix text, used_name text)
RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(
    prefix || ' ' || CASE
        WHEN used_name IN ('', given) THEN given || ' ' || second || ' ' || family
        WHEN given || second = '' THEN used_name || ' (' || family || ')'
        ELSE used_name || ' (' || btrim(given || ' ' || second) || ') ' || family
    END, ' +', ' ', 'g')) || CASE suffix WHEN '' THEN '' ELSE ', ' || suffix END;

CREATE FUNCTION patient_key(given text, family text, second text, prefix text, suffix text, used_name text, mrn text)
RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN search_key(given || family || given)
    || CASE second WHEN '' THEN '' ELSE ' ' || search_key(given || second || family || given || second) END
    || CASE used_name WHEN '' THEN '' ELSE ' ' || search_key(used_name || family || used_name) END
    || CASE suffix WHEN '' THEN '' ELSE ' ' || search_key(family || suffix) END
    || CASE prefix WHEN '' THEN '' ELSE ' ' || search_key(prefix || family) END
    || ' ' || lower(mrn);

-- Rewrites the table and its indexes: about two seconds for 100,000 patients.
ALTER TABLE patient ALTER COLUMN search_key
    SET EXPRESSION AS (patient_key(given, family, second, prefix, suffix, used_name, mrn));
DROP FUNCTION patient_key(text, text, text);

CREATE OR REPLACE FUNCTION find_patients(words text[], born date[], digits text, most integer)
RETURNS SETOF uuid LANGUAGE sql STABLE ROWS 31 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id FROM patient p
     WHERE p.clinic_id = current_clinic()
       AND (born IS NULL OR p.birth_date = ANY (born))
       AND (digits IS NULL OR p.phone LIKE '%' || digits || '%' OR p.search_key LIKE '%' || digits || '%')
       -- An index finds by one pattern, not by ALL of several: it finds by the first, the rest is sifted.
       AND (words[1] IS NULL OR p.search_key LIKE words[1])
       AND p.search_key LIKE ALL (words)
     ORDER BY lower(coalesce(nullif(p.family, ''), p.given)), lower(p.given), p.birth_date, p.id
     LIMIT least(most, 100)
$$;
"""

# A task's line, as before, with the name as everything else shows it.
SHOWN = """
CREATE OR REPLACE FUNCTION shown_tasks(ids uuid[]) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(json_build_object(
               'id', t.id, 'patient_id', t.patient_id,
               'patient_name', person_name(p.given, p.family, p.second, p.prefix, p.suffix, p.used_name),
               'patient_birth_date', p.birth_date, 'patient_mrn', p.mrn, 'patient_phone', p.phone,
               'patient_language', p.language, 'patient_time_zone', p.time_zone, 'visit_id', t.visit_id,
               'source', t.source, 'kind', t.kind, 'title', t.title, 'detail', t.detail, 'due_at', t.due_at,
               'priority', t.priority, 'status', t.status, 'assignee_id', t.assignee_id, 'assignee_name', a.name,
               'tries', (SELECT count(*) FROM outreach o WHERE o.task_id = t.id), 'version', t.version,
               'created_at', t.created_at, 'closed_at', t.closed_at, 'outcome', t.outcome,
               'closed_because', t.closed_because, 'thread_id', u.thread_id,
               'red_flags', CASE WHEN t.source IN ('red_flag', 'no_show') THEN coalesce(
                   (SELECT v.red_flags FROM visit v WHERE v.id = t.visit_id), '[]')
                   WHEN u.id IS NOT NULL THEN jsonb_build_array(jsonb_build_object(
                       'code', u.rule, 'level', u.level, 'at', u.yes_at))
                   ELSE '[]' END
           ) ORDER BY listed.place), '[]')
      FROM unnest(ids) WITH ORDINALITY AS listed (id, place)
      JOIN task t ON t.id = listed.id
      JOIN patient p ON p.id = t.patient_id
      LEFT JOIN account a ON a.id = t.assignee_id
      LEFT JOIN urgent_answer u ON t.source = 'message' AND u.id = t.source_id
$$;
"""

_TITLES = frozenset("dr dra prof mr ms mrs".split())
_SURE = 2  # words of a name that can be told apart


def split(name: str) -> tuple[dict[str, str], bool]:
    """The parts of 'Dr. Ana Ruiz Soto, MD' and whether that is a guess, which it is here: 'Ana' and 'Ruiz Soto' may be
    right too. Until somebody looks, the last word is the family name, as prescriptions have had it."""
    before, _, suffix = name.partition(",")
    words = before.split()
    titles = []
    while len(words) > 1 and words[0].lower().rstrip(".") in _TITLES:
        titles.append(words.pop(0))
    if not words:
        return {"given": "", "family": name.strip(), "prefix": "", "suffix": ""}, True
    parts = {"given": " ".join(words[:-1]), "family": " ".join(words[-1:])}
    parts |= {"prefix": " ".join(titles), "suffix": re.sub(r"\s+", " ", suffix).strip()}
    return parts, len(words) > _SURE


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(PARTS)
    script(SHOWN)
    connection = op.get_bind()
    staff = connection.execute(
        sa.text("SELECT s.account_id AS id, a.name FROM staff s JOIN account a ON a.id = s.account_id")
    )
    for row in staff.all():
        parts, guessed = split(row.name)
        connection.execute(
            sa.text(
                "UPDATE staff SET given = :given, family = :family, prefix = :prefix, suffix = :suffix,"
                " name_guessed = :guessed WHERE account_id = :id"
            ),
            {**parts, "guessed": guessed, "id": row.id},
        )


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
