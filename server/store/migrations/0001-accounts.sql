-- Who may use this node, what was done with it, and the rules that it holds itself to.
-- Times are milliseconds since the epoch, given by the caller. Documents are json, not jsonb: they are kept as they were
-- written and never searched, and jsonb refuses U+0000, which a partner's text may hold.

CREATE TABLE settings (
  key text PRIMARY KEY,
  value json NOT NULL,
  changed_at_ms bigint NOT NULL,
  changed_by text NOT NULL
);

CREATE TABLE users (
  id text PRIMARY KEY,
  name text NOT NULL,
  -- The name as it is compared: NFKC, lower case.
  name_key text NOT NULL UNIQUE,
  password_hash text,
  roles text[] NOT NULL CHECK (roles <@ ARRAY['admin', 'steward', 'analyst', 'approver', 'auditor'] AND cardinality(roles) > 0),
  status text NOT NULL CHECK (status IN ('active', 'disabled')),
  created_at_ms bigint NOT NULL,
  last_sign_in_at_ms bigint
);

-- Failed sign-ins by name (known or not, so that a lock does not tell them apart) and by source address.
CREATE TABLE sign_in_failures (
  subject text PRIMARY KEY,
  failures integer NOT NULL,
  first_at_ms bigint NOT NULL,
  last_at_ms bigint NOT NULL,
  locked_until_ms bigint NOT NULL
);

CREATE TABLE sessions (
  -- SHA-256 of the cookie's secret: a stolen table opens no session.
  secret_hash bytea PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  csrf text NOT NULL,
  created_at_ms bigint NOT NULL,
  seen_at_ms bigint NOT NULL,
  expires_at_ms bigint NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE tokens (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  name text NOT NULL,
  secret_hash bytea NOT NULL UNIQUE,
  created_at_ms bigint NOT NULL,
  expires_at_ms bigint,
  last_used_at_ms bigint,
  revoked_at_ms bigint
);
CREATE INDEX tokens_by_user ON tokens (user_id);

CREATE TABLE audit_log (
  sequence bigint PRIMARY KEY,
  at_ms bigint NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  target text,
  job text,
  outcome text NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
  detail text,
  hash bytea NOT NULL
);
CREATE INDEX audit_log_by_job ON audit_log (job, sequence) WHERE job IS NOT NULL;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the table % only grows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER audit_log_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log EXECUTE FUNCTION refuse_change();
