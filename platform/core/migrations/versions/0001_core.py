"""core: tables of the core slice."""

from alembic import op

from core.migrations.helpers import protect

revision = "0001_core"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for extension in ("pg_trgm", "btree_gist", "citext"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    op.execute(
        "CREATE FUNCTION current_clinic() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS "
        "$$ SELECT nullif(current_setting('carethread.clinic_id', true), '')::uuid $$"
    )
    _audit()
    _outbox()
    _live()
    _idempotency()
    op.execute("GRANT SELECT ON alembic_version TO carethread_app, carethread_system")


def _audit() -> None:
    """Insert-only for the application. ``xid`` lets the sealer take only what can no longer change."""
    op.execute("""
        CREATE TABLE audit_event (
            seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
            clinic_id uuid NOT NULL,
            at timestamptz NOT NULL,
            account_id uuid,
            roles text[] NOT NULL,
            session_id uuid,
            request_id text NOT NULL,
            action text NOT NULL,
            entity_type text,
            entity_id uuid,
            patient_id uuid,
            reason text,
            detail jsonb NOT NULL DEFAULT '{}'
        )""")
    op.execute("CREATE INDEX ix_audit_event_clinic_seq ON audit_event (clinic_id, seq DESC)")
    op.execute(
        "CREATE INDEX ix_audit_event_patient ON audit_event (clinic_id, patient_id, seq DESC) "
        "WHERE patient_id IS NOT NULL"
    )
    op.execute("CREATE INDEX ix_audit_event_account ON audit_event (clinic_id, account_id, seq DESC)")
    op.execute("CREATE INDEX ix_audit_event_action ON audit_event (clinic_id, action, seq DESC)")
    op.execute("CREATE INDEX ix_audit_event_xid ON audit_event (xid)")
    protect("audit_event", grants="SELECT")
    # Its number and its transaction are the database's to say: with another `xid` a row would never be sealed.
    op.execute(
        "GRANT INSERT (clinic_id, at, account_id, roles, session_id, request_id, action, entity_type, entity_id, "
        "patient_id, reason, detail) ON audit_event TO carethread_app, carethread_system"
    )
    op.execute("""
        CREATE TABLE audit_seal (
            batch bigint PRIMARY KEY,
            from_xid xid8 NOT NULL,
            to_xid xid8 NOT NULL,
            seqs bigint[] NOT NULL,
            digests bytea NOT NULL,
            chain bytea NOT NULL,
            signature bytea NOT NULL,
            sealed_at timestamptz NOT NULL
        )""")
    op.execute("GRANT SELECT, INSERT ON audit_seal TO carethread_system")


def _outbox() -> None:
    op.execute("""
        CREATE TABLE outbox (
            id uuid PRIMARY KEY,
            seq bigint GENERATED ALWAYS AS IDENTITY,
            clinic_id uuid NOT NULL,
            key text NOT NULL,
            name text NOT NULL,
            ids jsonb NOT NULL,
            created_at timestamptz NOT NULL,
            available_at timestamptz NOT NULL,
            leased_until timestamptz,
            attempts integer NOT NULL DEFAULT 0,
            done_at timestamptz,
            failed_at timestamptz,
            last_error text
        )""")
    op.execute("CREATE INDEX ix_outbox_open ON outbox (key, seq) WHERE done_at IS NULL AND failed_at IS NULL")
    op.execute("CREATE INDEX ix_outbox_due ON outbox (seq) WHERE done_at IS NULL AND failed_at IS NULL")
    op.execute("CREATE INDEX ix_outbox_given_up ON outbox (failed_at) WHERE failed_at IS NOT NULL")
    protect("outbox", grants="SELECT, INSERT, UPDATE, DELETE")
    op.execute("""
        CREATE TABLE inbox (
            event_id uuid NOT NULL,
            subscriber text NOT NULL,
            clinic_id uuid NOT NULL,
            done_at timestamptz NOT NULL,
            PRIMARY KEY (event_id, subscriber)
        )""")
    protect("inbox", grants="SELECT, INSERT, DELETE")


def _live() -> None:
    op.execute("CREATE TABLE live_counter (clinic_id uuid PRIMARY KEY, seq bigint NOT NULL)")
    protect("live_counter", grants="SELECT, INSERT, UPDATE")
    op.execute("""
        CREATE TABLE live_event (
            clinic_id uuid NOT NULL,
            seq bigint NOT NULL,
            topic text NOT NULL,
            audience text[] NOT NULL,
            ids jsonb NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (clinic_id, seq)
        )""")
    op.execute("CREATE INDEX ix_live_event_created ON live_event (created_at)")
    protect("live_event", grants="SELECT, INSERT, DELETE")


def _idempotency() -> None:
    op.execute("""
        CREATE TABLE idempotency_key (
            clinic_id uuid NOT NULL,
            account_id uuid NOT NULL,
            key text NOT NULL,
            digest bytea NOT NULL,
            status integer,
            headers jsonb,
            sealed_body bytea,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (clinic_id, account_id, key)
        )""")
    op.execute("CREATE INDEX ix_idempotency_key_created ON idempotency_key (created_at)")
    protect("idempotency_key")
