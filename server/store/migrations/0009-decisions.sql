-- What organisations said when they signed, rejected or ended an agreement: free text, which stays with the parties and off the ledger.

CREATE TABLE decisions (
  agreement text NOT NULL REFERENCES agreements (id),
  organisation text NOT NULL,
  decision text NOT NULL CHECK (decision IN ('approved', 'rejected', 'revoked')),
  -- Null: a partner was asked, and had said nothing.
  reason text,
  -- Of this organisation; a partner's users are its own.
  by_user text,
  at_ms bigint NOT NULL,
  PRIMARY KEY (agreement, organisation, decision)
);

-- Under four eyes an invite stands only once a second person has confirmed it.
ALTER TABLE guest_invites
  ADD needs_confirmation boolean NOT NULL DEFAULT false,
  ADD confirmed_at_ms bigint,
  ADD confirmed_by text;
