-- Proposals that are kept to be made again.

CREATE TABLE templates (
  id text PRIMARY KEY,
  name text NOT NULL UNIQUE,
  days integer NOT NULL,
  -- The body of the proposal, with its operation.
  proposal json NOT NULL,
  created_at_ms bigint NOT NULL,
  created_by text NOT NULL
);
