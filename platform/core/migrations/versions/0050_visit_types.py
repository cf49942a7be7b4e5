"""visits: what a patient can come for is a row of the clinic, with its length, buffers, ages and questionnaire."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0050_visit_types"
down_revision = "0049_person_facts_filled"
branch_labels = None
depends_on = None

# `code` is what visits keep, so it never changes. Without `minutes` a visit is as long as the clinician's hours say.
TABLE = """
CREATE TABLE visit_type (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL REFERENCES clinic (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9-]{0,39}$'),
    position integer NOT NULL,
    icon text NOT NULL,
    title_en text NOT NULL CHECK (char_length(title_en) BETWEEN 1 AND 80),
    title_es text NOT NULL CHECK (char_length(title_es) BETWEEN 1 AND 80),
    hint_en text NOT NULL CHECK (char_length(hint_en) <= 120),
    hint_es text NOT NULL CHECK (char_length(hint_es) <= 120),
    minutes smallint CHECK (minutes BETWEEN 5 AND 240),
    buffer_before smallint NOT NULL DEFAULT 0 CHECK (buffer_before BETWEEN 0 AND 120),
    buffer_after smallint NOT NULL DEFAULT 0 CHECK (buffer_after BETWEEN 0 AND 120),
    min_years smallint CHECK (min_years BETWEEN 0 AND 150),
    max_years smallint CHECK (max_years BETWEEN 0 AND 150),
    -- Clinicians who offer it; empty means every clinician. Accounts are never deleted.
    offered_by uuid[] NOT NULL DEFAULT '{}',
    questionnaire text NOT NULL,
    retired_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    CHECK (min_years <= max_years),
    UNIQUE (clinic_id, code)
);
"""

# A trigger, because clinics are made in several ways, and by the old version while this one starts. A clinic that the
# old version made without some reasons has those retired.
SEED = """
CREATE FUNCTION seed_visit_types(of_clinic uuid, settings jsonb) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO visit_type (clinic_id, position, code, icon, title_en, title_es, hint_en, hint_es, questionnaire,
                            retired_at)
    SELECT of_clinic, s.position, s.code, s.icon, s.title_en, s.title_es, s.hint_en, s.hint_es, s.code,
           CASE WHEN coalesce(settings -> 'reasons_off', '[]') ? s.code THEN now() END
      FROM (VALUES
        (1, 'cough', 'lungs', 'Cough, cold or flu', 'Tos, resfriado o gripe',
         'Fever, cough, stuffy nose, COVID-19', 'Fiebre, tos, nariz tapada, COVID-19'),
        (2, 'sore-throat', 'throat', 'Sore throat', 'Dolor de garganta',
         'Pain when swallowing, swollen glands', 'Dolor al tragar, ganglios hinchados'),
        (3, 'urinary', 'droplet', 'Urinary symptoms', 'Molestias al orinar',
         'Burning, going often, blood in the urine', 'Ardor, ganas seguidas, sangre en la orina'),
        (4, 'rash', 'skin', 'Rash or skin problem', 'Sarpullido o problema de piel',
         'Itching, spots, bites, infections', 'Picor, manchas, picaduras, infecciones'),
        (5, 'headache', 'head', 'Headache or migraine', 'Dolor de cabeza o migraña',
         'Headache, migraine, sinus pressure', 'Dolor de cabeza, migraña, presión en la cara'),
        (6, 'stomach', 'stomach', 'Stomach trouble', 'Problemas de estómago',
         'Pain, vomiting, diarrhea, heartburn', 'Dolor, vómito, diarrea, acidez'),
        (7, 'back-pain', 'back', 'Back pain', 'Dolor de espalda',
         'Pain in the back or neck', 'Dolor de espalda o cuello'),
        (8, 'allergy', 'flower', 'Allergy', 'Alergia',
         'Hay fever, hives, reactions', 'Fiebre del heno, ronchas, reacciones'),
        (9, 'mood', 'heart', 'Mood, stress or anxiety', 'Ánimo, estrés o ansiedad',
         'Sadness, worry, sleep, stress', 'Tristeza, preocupación, sueño, estrés'),
        (10, 'refill', 'pill', 'Medicine refill', 'Renovar un medicamento',
         'Continue a medicine you take', 'Seguir con un medicamento que ya toma'),
        (11, 'follow-up', 'thread', 'Follow-up', 'Seguimiento',
         'Results, or how it has been since your visit', 'Resultados, o cómo ha seguido desde su consulta'),
        (12, 'other', 'dots', 'Something else', 'Otra cosa',
         'Anything else on your mind', 'Cualquier otra cosa que le preocupe')
      ) AS s (position, code, icon, title_en, title_es, hint_en, hint_es)
    ON CONFLICT (clinic_id, code) DO NOTHING
$$;
REVOKE EXECUTE ON FUNCTION seed_visit_types(uuid, jsonb) FROM PUBLIC;

CREATE FUNCTION clinic_gets_visit_types() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM seed_visit_types(new.id, new.settings);
    RETURN NULL;
END
$$;
CREATE TRIGGER clinic_gets_visit_types AFTER INSERT ON clinic
    FOR EACH ROW EXECUTE FUNCTION clinic_gets_visit_types();

SELECT seed_visit_types(id, settings) FROM clinic;
"""

# What a booked time keeps free around itself; the old version takes times without buffers. Adding minutes to an instant
# depends on no time zone, so the function is immutable though the operator is not.
BUSY = """
ALTER TABLE slot
    ADD COLUMN buffer_before smallint NOT NULL DEFAULT 0 CHECK (buffer_before BETWEEN 0 AND 120),
    ADD COLUMN buffer_after smallint NOT NULL DEFAULT 0 CHECK (buffer_after BETWEEN 0 AND 120);

CREATE FUNCTION slot_busy(starts_at timestamptz, ends_at timestamptz, before smallint, after smallint)
RETURNS tstzrange LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN tstzrange(starts_at - before * interval '1 minute', ends_at + after * interval '1 minute');

ALTER TABLE slot DROP CONSTRAINT slot_taken_once,
    ADD CONSTRAINT slot_taken_once EXCLUDE USING gist (
        clinician_id WITH =,
        slot_busy(starts_at, ends_at, buffer_before, buffer_after) WITH &&
    ) WHERE (released_at IS NULL);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLE)
    protect("visit_type", grants="SELECT, INSERT, UPDATE")
    script(SEED)
    script(BUSY)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
