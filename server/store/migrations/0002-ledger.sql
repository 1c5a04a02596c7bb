-- This node's copy of the network's transparency log.

CREATE TABLE ledger_records (
  index bigint PRIMARY KEY,
  -- The canonical JSON of the record, exactly as it was hashed; type and author are copied out of it for lists.
  leaf bytea NOT NULL,
  type text NOT NULL,
  author text NOT NULL
);
CREATE INDEX ledger_records_by_type ON ledger_records (type, index);
CREATE TRIGGER ledger_records_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_records EXECUTE FUNCTION refuse_change();

CREATE TABLE ledger_heads (
  size bigint PRIMARY KEY,
  root bytea NOT NULL,
  -- The signed note, exactly as it was signed.
  note bytea NOT NULL,
  at_ms bigint NOT NULL
);

CREATE TABLE ledger_cosignatures (
  size bigint NOT NULL REFERENCES ledger_heads ON DELETE CASCADE,
  organisation text NOT NULL,
  -- The cosignature's line of the note.
  line text NOT NULL,
  at_ms bigint NOT NULL,
  PRIMARY KEY (size, organisation)
);
