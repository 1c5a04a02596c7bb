-- Evaluations that partners were given of this organisation's tables, counted before they are made.

CREATE TABLE evaluations (
  -- One round of a job is counted once, however often it is resumed.
  job text NOT NULL,
  round integer NOT NULL,
  partner text NOT NULL,
  dataset text NOT NULL,
  form text NOT NULL,
  epoch bigint NOT NULL,
  evaluations bigint NOT NULL CHECK (evaluations >= 0),
  at_ms bigint NOT NULL,
  PRIMARY KEY (job, round)
);
CREATE INDEX evaluations_by_partner ON evaluations (partner, at_ms);
CREATE INDEX evaluations_by_key ON evaluations (dataset, partner, form, epoch);
