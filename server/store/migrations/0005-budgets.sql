-- What answers about a set of people may tell a group of receivers, what was told, and what it cost.

CREATE TABLE budgets (
  -- network/owner/subjects/receivers; charges take several rows in the order of their ids.
  id text PRIMARY KEY,
  network text NOT NULL,
  owner text NOT NULL,
  subjects text NOT NULL,
  receivers text NOT NULL,
  -- The last grant of the ledger that was taken in.
  period integer NOT NULL,
  -- Millionths of rho.
  total bigint NOT NULL,
  spent bigint NOT NULL CHECK (spent BETWEEN 0 AND total),
  exact_tables integer NOT NULL CHECK (exact_tables >= 0),
  renewable_at_ms bigint NOT NULL
);

CREATE TABLE budget_charges (
  -- The query's key, or another name of what was paid for.
  key text PRIMARY KEY,
  budgets text[] NOT NULL,
  rho bigint NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'answered', 'refused')),
  -- The released numbers, or the reason why they were not.
  answer json,
  charged_at_ms bigint NOT NULL,
  settled_at_ms bigint
);

-- Numbers that a group of receivers has paid for: asked for again, they are free.
CREATE TABLE budget_numbers (
  receivers text NOT NULL,
  key bytea NOT NULL CHECK (length(key) = 32),
  PRIMARY KEY (receivers, key)
);
