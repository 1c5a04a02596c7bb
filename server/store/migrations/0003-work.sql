-- The organisation's datasets, what was agreed on them, what ran, and what came out.

CREATE TABLE datasets (
  id text PRIMARY KEY,
  name text NOT NULL UNIQUE,
  status text NOT NULL CHECK (status IN ('ready', 'published', 'withdrawn', 'broken')),
  rows bigint NOT NULL,
  bytes bigint NOT NULL,
  description json NOT NULL,
  report json NOT NULL,
  source json NOT NULL,
  folder text NOT NULL,
  created_at_ms bigint NOT NULL,
  created_by text NOT NULL,
  published_at_ms bigint
);

CREATE TABLE agreements (
  -- SHA-256 of the canonical terms, in hexadecimal.
  id text PRIMARY KEY,
  status text NOT NULL CHECK (status IN ('draft', 'proposed', 'active', 'rejected', 'revoked', 'expired', 'exhausted')),
  operation text NOT NULL,
  terms json NOT NULL,
  disclosure json NOT NULL,
  plan json,
  findings json NOT NULL,
  signatures json NOT NULL,
  proposed_by text NOT NULL,
  proposed_by_user text,
  decided_by_user text,
  created_at_ms bigint NOT NULL,
  expires_at_ms bigint NOT NULL,
  updated_at_ms bigint NOT NULL
);
CREATE INDEX agreements_by_time ON agreements (created_at_ms DESC, id DESC);

CREATE TABLE jobs (
  id text PRIMARY KEY,
  agreement text NOT NULL REFERENCES agreements,
  operation text NOT NULL,
  partners text[] NOT NULL,
  started_by text NOT NULL,
  status text NOT NULL CHECK (status IN ('queued', 'running', 'interrupted', 'cancelling', 'finished', 'failed', 'cancelled')),
  stage text NOT NULL,
  stages json NOT NULL,
  progress double precision NOT NULL CHECK (progress BETWEEN 0 AND 1),
  rate_per_second double precision,
  eta_seconds double precision,
  attempt integer NOT NULL,
  -- Grows with each worker that takes the job; a write with an older one is refused.
  fence bigint NOT NULL,
  worker text,
  seen_at_ms bigint,
  kernel text,
  counts json,
  audience text,
  outcome text,
  error json,
  created_at_ms bigint NOT NULL,
  started_at_ms bigint,
  finished_at_ms bigint,
  -- Grows with each change: the sequence of the job's events.
  sequence bigint NOT NULL
);
CREATE INDEX jobs_by_time ON jobs (created_at_ms DESC, id DESC);
-- Two runs of one agreement never overlap.
CREATE UNIQUE INDEX jobs_one_at_a_time ON jobs (agreement) WHERE status IN ('queued', 'running', 'interrupted', 'cancelling');

CREATE TABLE audiences (
  id text PRIMARY KEY,
  job text NOT NULL UNIQUE REFERENCES jobs,
  dataset text NOT NULL REFERENCES datasets,
  name text NOT NULL UNIQUE,
  rows bigint NOT NULL,
  file_path text NOT NULL,
  digest text NOT NULL,
  status text NOT NULL CHECK (status IN ('ready', 'withdrawn')),
  created_at_ms bigint NOT NULL
);
CREATE INDEX audiences_by_time ON audiences (created_at_ms DESC, id DESC);

CREATE TABLE operations (
  id text PRIMARY KEY,
  kind text NOT NULL,
  target text NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'cancelling', 'finished', 'failed', 'cancelled')),
  stage text NOT NULL,
  progress double precision NOT NULL CHECK (progress BETWEEN 0 AND 1),
  rate_per_second double precision,
  eta_seconds double precision,
  started_by text NOT NULL,
  started_at_ms bigint NOT NULL,
  finished_at_ms bigint,
  result json,
  error json,
  sequence bigint NOT NULL
);
CREATE INDEX operations_by_time ON operations (started_at_ms DESC, id DESC);
