"""Signing in, developer apps, and what they were granted.

Secrets lie as SHA-256. Those of OAuth 1.0a sign requests and must be known: they are encrypted
with the signing key (docs/decisions/0050).
"""

from alembic import op

revision = "0003"
down_revision = "0002"

UP = (
    """
    ALTER TABLE accounts
        ADD email citext UNIQUE,  -- null for accounts of `./starling token`
        ADD email_verified_at timestamptz,
        ADD password_hash text,  -- argon2id
        ADD generation integer NOT NULL DEFAULT 0  -- what was issued in an older one has ended
    """,
    """
    CREATE TABLE sessions (
        id text PRIMARY KEY,  -- names it in lists; opens nothing
        sha256 bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),
        account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
        generation integer NOT NULL,
        user_agent text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        ended_at timestamptz
    )
    """,
    "CREATE INDEX sessions_of_account ON sessions (account_id)",
    """
    CREATE TABLE apps (
        id bigint PRIMARY KEY,
        owner_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
        name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 50),
        client_id text NOT NULL UNIQUE,
        client_secret_sha256 bytea CHECK (octet_length(client_secret_sha256) = 32),  -- null: public
        consumer_key text NOT NULL UNIQUE,
        consumer_secret text NOT NULL,  -- encrypted
        redirect_uris text[] NOT NULL,
        scopes text[] NOT NULL,  -- the most it may be granted
        created_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    "CREATE INDEX apps_of_owner ON apps (owner_id)",
    """
    ALTER TABLE tokens
        ALTER account_id DROP NOT NULL,  -- null: an app asks for itself
        ADD kind text NOT NULL DEFAULT 'local'
            CHECK (kind IN ('local', 'oauth2_user', 'oauth2_app')),
        ADD app_id bigint REFERENCES apps ON DELETE CASCADE,
        ADD family_id uuid,  -- all that came of one authorization
        ADD generation integer NOT NULL DEFAULT 0,
        ADD CHECK ((kind = 'local') = (app_id IS NULL)),
        ADD CHECK ((kind = 'oauth2_app') = (account_id IS NULL))
    """,
    "CREATE INDEX tokens_of_family ON tokens (family_id)",
    "CREATE INDEX tokens_of_app ON tokens (app_id)",
    """
    CREATE TABLE authorization_codes (
        sha256 bytea PRIMARY KEY CHECK (octet_length(sha256) = 32),
        app_id bigint NOT NULL REFERENCES apps ON DELETE CASCADE,
        account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
        generation integer NOT NULL,
        family_id uuid NOT NULL,
        redirect_uri text NOT NULL,
        scopes text[] NOT NULL,
        code_challenge text NOT NULL,
        code_challenge_method text NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz
    )
    """,
    """
    CREATE TABLE refresh_tokens (
        sha256 bytea PRIMARY KEY CHECK (octet_length(sha256) = 32),
        app_id bigint NOT NULL REFERENCES apps ON DELETE CASCADE,
        account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
        generation integer NOT NULL,
        family_id uuid NOT NULL,
        scopes text[] NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        revoked_at timestamptz
    )
    """,
    "CREATE INDEX refresh_tokens_of_family ON refresh_tokens (family_id)",
    """
    CREATE TABLE oauth1_requests (  -- temporary credentials
        sha256 bytea PRIMARY KEY CHECK (octet_length(sha256) = 32),
        secret text NOT NULL,  -- encrypted
        app_id bigint NOT NULL REFERENCES apps ON DELETE CASCADE,
        callback text NOT NULL,  -- or 'oob': the person types a PIN
        account_id bigint REFERENCES accounts ON DELETE CASCADE,  -- null until somebody agreed
        generation integer,
        verifier_sha256 bytea CHECK (octet_length(verifier_sha256) = 32),
        expires_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE oauth1_tokens (
        sha256 bytea PRIMARY KEY CHECK (octet_length(sha256) = 32),
        secret text NOT NULL,  -- encrypted
        app_id bigint NOT NULL REFERENCES apps ON DELETE CASCADE,
        account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
        generation integer NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        revoked_at timestamptz
    )
    """,
    "CREATE INDEX oauth1_tokens_of_account ON oauth1_tokens (account_id)",
    "CREATE INDEX oauth1_tokens_of_app ON oauth1_tokens (app_id)",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DELETE FROM tokens WHERE kind <> 'local'")
    op.execute(
        "ALTER TABLE tokens DROP kind, DROP app_id, DROP family_id, DROP generation, "
        "ALTER account_id SET NOT NULL"
    )
    for table in (
        *("oauth1_tokens", "oauth1_requests", "refresh_tokens", "authorization_codes"),
        *("apps", "sessions"),
    ):
        op.execute(f"DROP TABLE {table}")
    op.execute(
        "ALTER TABLE accounts DROP email, DROP email_verified_at, DROP password_hash, "
        "DROP generation"
    )
