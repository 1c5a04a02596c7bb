/**
 * The evidence of a match as one document: what was agreed, what ran and that both sides signed it, with the ledger's proofs. It verifies
 * without a node. It shows commitments and digests; no identifier, no row and no count is in it.
 */
import { z } from 'zod';
import { base64ToBytes } from '../../bytes/index.ts';
import { verify } from '../../crypto/index.ts';
import {
  type Bodies,
  type BundleReport,
  type Entry,
  jobOutcomeBytes,
  type LedgerBundle,
  type LedgerRecord,
  verifyBundle,
} from '../../ledger/index.ts';
import { type Disclosure, disclose } from './disclosure.ts';
import { type MatchOutcome, matchOutcome, outcomeDigest } from './outcome.ts';
import { oprfLists } from './psi-oprf.ts';
import { agreementId, type MatchTerms, matchTerms } from './terms.ts';

export const evidenceFormat = 'causeway/match-evidence/v1';

export interface MatchEvidence {
  readonly format: typeof evidenceFormat;
  readonly job: string;
  readonly terms: MatchTerms;
  readonly disclosure: Disclosure;
  readonly outcome: MatchOutcome;
  readonly ledger: LedgerBundle;
}

/** One thing that was checked. */
export interface EvidenceCheck {
  readonly name: 'form' | 'terms' | 'disclosure' | 'ledger' | 'agreement' | 'run' | 'key' | 'outcome' | 'released';
  readonly ok: boolean;
  readonly detail: string;
}

export interface EvidenceReport {
  readonly ok: boolean;
  readonly checks: readonly EvidenceCheck[];
  /** The ledger's part, where it verified. */
  readonly bundle?: BundleReport;
}

const form = z.looseObject({
  format: z.literal(evidenceFormat),
  job: z.string(),
  terms: matchTerms,
  disclosure: z.looseObject({ digest: z.string() }),
  outcome: matchOutcome,
  ledger: z.unknown(),
});

/**
 * Verifies evidence. A check that fails is told, and those that hang on it are left out.
 * @param given.operatorKey of the network's operator, where the reader knows it from elsewhere; otherwise the one in the document is named.
 */
export function verifyEvidence(document: unknown, given: { readonly operatorKey?: Uint8Array } = {}): EvidenceReport {
  const checks: EvidenceCheck[] = [];
  const check = (name: EvidenceCheck['name'], detail: string, holds: () => boolean): boolean => {
    let ok = false;
    let said = detail;
    try {
      ok = holds();
    } catch (error) {
      said = error instanceof Error ? error.message : 'not readable';
    }
    checks.push({ name, ok, detail: ok ? detail : said === detail ? `not so: ${detail}` : said });
    return ok;
  };
  const parsed = form.safeParse(document);
  if (!check('form', `a document of the form ${evidenceFormat}`, () => parsed.success) || !parsed.success)
    return { ok: false, checks };
  const { job, terms, outcome, disclosure } = parsed.data;
  const id = agreementId(terms);
  let bundle: BundleReport | undefined;
  const inLedger = check(
    'ledger',
    'every record is in the ledger under a head that the operator signed, and signed by its author',
    () => {
      bundle = verifyBundle(parsed.data.ledger, given);
      return true;
    },
  );
  check(
    'disclosure',
    'the statement of who learns what is the one that follows from the terms',
    () => disclose(terms).digest === disclosure.digest,
  );
  check('terms', 'the outcome names these terms and this job', () => outcome.agreement === id && outcome.job === job);
  if (inLedger && bundle) checkRecords(check, bundle.records, { id, job, terms, outcome });
  return { ok: checks.every(({ ok }) => ok), checks, ...(bundle ? { bundle } : {}) };
}

function checkRecords(
  check: (name: EvidenceCheck['name'], detail: string, holds: () => boolean) => boolean,
  records: readonly LedgerRecord[],
  { id, job, terms, outcome }: { id: string; job: string; terms: MatchTerms; outcome: MatchOutcome },
): void {
  const parties = [terms.proposer.organisation, terms.partner.organisation];
  const entries = records.map(({ entry }) => entry);
  check(
    'agreement',
    `proposed by ${parties[0]} and signed by ${parties[1]}, with the hash of these terms`,
    () =>
      entries.some(
        (entry) => entry.type === 'agreement.proposed' && entry.author === parties[0] && entry.body.agreement === id,
      ) &&
      entries.some(
        (entry) => entry.type === 'agreement.signed' && entry.author === parties[1] && entry.body.agreement === id,
      ),
  );
  check('run', `job ${job} was started under this agreement`, () =>
    entries.some((entry) => entry.type === 'job.started' && entry.body.job === job && entry.body.agreement === id),
  );
  if (terms.protocol === 'psi/oprf') {
    check('key', 'each round was answered under a key that its owner had published for the other side', () =>
      outcome.rounds.every((round) => isPublished(round, terms, entries)),
    );
  }
  check(
    'outcome',
    'both parties signed this outcome: the commitments to both lists and the digest of the exchange',
    () =>
      entries.some(
        (entry) =>
          entry.type === 'job.finished' &&
          entry.body.job === job &&
          entry.body.outcome === outcomeDigest(outcome) &&
          parties.every((party) => hasSigned(party, entry.body, records)),
      ),
  );
  check('released', 'each side said on the ledger what it released, by digest', () =>
    parties.every((party) =>
      entries.some((entry) => entry.type === 'result.released' && entry.author === party && entry.body.job === job),
    ),
  );
}

function isPublished(
  { form, key }: MatchOutcome['rounds'][number],
  terms: MatchTerms,
  entries: readonly Entry[],
): boolean {
  const { client, server } = oprfLists(terms);
  return entries.some(
    (entry) =>
      entry.type === 'oprf-key.published' &&
      entry.author === server.organisation &&
      entry.body.dataset === server.dataset &&
      entry.body.partner === client.organisation &&
      entry.body.form === form &&
      entry.body.epoch === key?.epoch &&
      entry.body.publicKey === key.publicKey,
  );
}

/** Whether a party's signature under the outcome holds, by the key with which it joined. */
function hasSigned(
  party: string,
  { job, outcome, signatures }: Bodies['job.finished'],
  records: readonly LedgerRecord[],
): boolean {
  const signature = signatures.find(({ organisation }) => organisation === party)?.signature;
  const key = keyOf(party, records);
  return (
    signature !== undefined &&
    key !== undefined &&
    verify(base64ToBytes(signature), jobOutcomeBytes({ job, outcome }), base64ToBytes(key))
  );
}

function keyOf(party: string, records: readonly LedgerRecord[]): string | undefined {
  for (const { entry } of records) {
    if (entry.type === 'network.created' && entry.author === party) return entry.body.operator.identityKey;
    if (entry.type === 'member.joined' && entry.body.member.organisation === party)
      return entry.body.member.identityKey;
  }
  return undefined;
}
