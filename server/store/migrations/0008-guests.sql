-- Invites of people who have a list and a browser, and the runs that came of them.

CREATE TABLE guest_invites (
  id text PRIMARY KEY,
  -- SHA-256 of the secret in the link, which is not kept.
  secret_digest text NOT NULL UNIQUE,
  label text NOT NULL,
  dataset text NOT NULL,
  -- What the invite fixes: purpose, kind of identifier, who receives, limits.
  rules json NOT NULL,
  uses_max integer NOT NULL CHECK (uses_max > 0),
  created_at_ms bigint NOT NULL,
  created_by text NOT NULL,
  expires_at_ms bigint NOT NULL,
  revoked_at_ms bigint,
  revoked_by text
);

CREATE TABLE guest_runs (
  agreement text PRIMARY KEY,
  invite text NOT NULL REFERENCES guest_invites (id),
  job text NOT NULL,
  at_ms bigint NOT NULL
);
CREATE INDEX guest_runs_by_invite ON guest_runs (invite);
