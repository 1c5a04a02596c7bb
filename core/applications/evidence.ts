/** What the evidence of every application has in common: checks that are told one by one, and signatures of the parties. */
import { z } from 'zod';
import { base64ToBytes } from '../bytes/index.ts';
import { verify } from '../crypto/index.ts';
import {
  type Bodies,
  type BundleReport,
  jobOutcomeBytes,
  type LedgerBundle,
  type LedgerRecord,
  verifyBundle,
} from '../ledger/index.ts';
import { agreementId } from './agreement-id.ts';
import type { Disclosure } from './disclosure.ts';

/** One thing that was checked. */
export interface EvidenceCheck {
  readonly name:
    | 'form'
    | 'terms'
    | 'disclosure'
    | 'ledger'
    | 'agreement'
    | 'run'
    | 'key'
    | 'outcome'
    | 'verdict'
    | 'released'
    | 'room'
    | 'uploads'
    | 'answers'
    | 'audiences'
    | 'deleted';
  readonly ok: boolean;
  readonly detail: string;
}

export interface EvidenceReport {
  readonly ok: boolean;
  readonly checks: readonly EvidenceCheck[];
  /** The ledger's part, where it verified. */
  readonly bundle?: BundleReport;
}

export interface EvidenceOptions {
  /** Of the network's operator, where the reader knows it from elsewhere; otherwise the one in the document is named. */
  readonly operatorKey?: Uint8Array;
}

/** Gathers checks. A check that fails is told, and those that hang on it are left out by the caller. */
export class EvidenceChecks {
  readonly #checks: EvidenceCheck[] = [];
  #bundle: BundleReport | undefined;

  /** @param holds the check; what it throws is told in place of `detail`. */
  check(name: EvidenceCheck['name'], detail: string, holds: () => boolean): boolean {
    let said = `not so: ${detail}`;
    let ok = false;
    try {
      ok = holds();
    } catch (error) {
      said = error instanceof Error ? error.message : 'not readable';
    }
    this.#checks.push({ name, ok, detail: ok ? detail : said });
    return ok;
  }

  /** @returns the ledger's records, where they all verify. */
  ledger(bundle: unknown, options: EvidenceOptions): readonly LedgerRecord[] | undefined {
    const detail = 'every record is in the ledger under a head that the operator signed, and signed by its author';
    this.check('ledger', detail, () => {
      this.#bundle = verifyBundle(bundle, options);
      return true;
    });
    return this.#bundle?.records;
  }

  get report(): EvidenceReport {
    const checks = this.#checks;
    return { ok: checks.every(({ ok }) => ok), checks, ...(this.#bundle ? { bundle: this.#bundle } : {}) };
  }
}

/** What a document of the evidence of a run holds. */
export interface RunEvidence<Format extends string, Terms, Outcome> {
  readonly format: Format;
  readonly job: string;
  readonly terms: Terms;
  readonly disclosure: Disclosure;
  readonly outcome: Outcome;
  readonly ledger: LedgerBundle;
}

/** The kind of run that evidence is of. */
interface RunForm<Terms, Outcome> {
  readonly format: string;
  readonly terms: z.ZodType<Terms>;
  readonly outcome: z.ZodType<Outcome>;
  readonly disclose: (terms: Terms) => Disclosure;
}

type OutcomeOfRun = { readonly agreement: string; readonly job: string };

/**
 * Verifies evidence of a run. A check that fails is told, and those that hang on it are left out.
 * @param checkRecords what the ledger's records have to say of it.
 */
export function verifyRun<Terms extends object, Outcome extends OutcomeOfRun>(
  document: unknown,
  options: EvidenceOptions,
  of: RunForm<Terms, Outcome>,
  checkRecords: (
    checks: EvidenceChecks,
    records: readonly LedgerRecord[],
    run: { readonly id: string; readonly job: string; readonly terms: Terms; readonly outcome: Outcome },
  ) => void,
): EvidenceReport {
  const checks = new EvidenceChecks();
  const form = z.looseObject({
    format: z.literal(of.format),
    job: z.string(),
    terms: of.terms,
    disclosure: z.looseObject({ digest: z.string() }),
    outcome: of.outcome,
    ledger: z.unknown(),
  });
  const parsed = form.safeParse(document);
  const isRead = checks.check('form', `a document of the form ${of.format}`, () => parsed.success);
  if (!isRead || !parsed.success) return checks.report;
  const { job, terms, outcome, disclosure, ledger } = parsed.data as unknown as RunEvidence<string, Terms, Outcome>;
  const id = agreementId(terms);
  const records = checks.ledger(ledger, options);
  checks.check(
    'disclosure',
    'the statement of who learns what is the one that follows from the terms',
    () => of.disclose(terms).digest === disclosure.digest,
  );
  checks.check(
    'terms',
    'the outcome names these terms and this job',
    () => outcome.agreement === id && outcome.job === job,
  );
  if (records) checkRecords(checks, records, { id, job, terms, outcome });
  return checks.report;
}

/** Verifies evidence of a run between two parties of which the ledger says no more than that it was agreed, ran and ended. */
export function verifyPlainRun<
  Terms extends { readonly [side in 'proposer' | 'partner']: { readonly organisation: string } },
  Outcome extends OutcomeOfRun,
>(
  document: unknown,
  options: EvidenceOptions,
  of: RunForm<Terms, Outcome> & {
    readonly digest: (outcome: Outcome) => string;
    /** What the outcome holds, for people. */
    readonly signed: string;
  },
): EvidenceReport {
  return verifyRun(document, options, of, (checks, records, { id, job, terms, outcome }) =>
    checkRun(checks, records, {
      agreement: id,
      job,
      parties: [terms.proposer.organisation, terms.partner.organisation],
      outcome: of.digest(outcome),
      signed: of.signed,
    }),
  );
}

/** What a run of an agreement between parties has left on the ledger, from the proposal to what each of them released. */
function checkRun(
  checks: EvidenceChecks,
  records: readonly LedgerRecord[],
  of: {
    readonly agreement: string;
    readonly job: string;
    /** The proposer first. */
    readonly parties: readonly string[];
    /** SHA-256 of the outcome, in hexadecimal. */
    readonly outcome: string;
    /** What the outcome holds, for people. */
    readonly signed: string;
  },
): void {
  const { agreement, job, parties, outcome, signed } = of;
  const [proposer, ...others] = parties;
  checks.check(
    'agreement',
    `proposed by ${proposer} and signed by ${others.join(', ')}, with the hash of these terms`,
    () => isSignedByAll(records, agreement, parties),
  );
  checks.check('run', `job ${job} was started under this agreement`, () => isStarted(records, { job, agreement }));
  checks.check('outcome', `both parties signed this outcome: ${signed}`, () =>
    isFinishedByAll(records, { job, outcome }, parties),
  );
  checks.check('released', 'each side said on the ledger what it released, by digest', () =>
    isReleasedByAll(records, job, parties),
  );
}

/** Whether the first party proposed an agreement and all others signed it. */
export function isSignedByAll(
  records: readonly LedgerRecord[],
  agreement: string,
  [proposer, ...others]: readonly string[],
): boolean {
  const entries = records.map(({ entry }) => entry);
  const proposed = entries.some(
    (entry) => entry.type === 'agreement.proposed' && entry.author === proposer && entry.body.agreement === agreement,
  );
  const signed = (party: string) =>
    entries.some(
      (entry) => entry.type === 'agreement.signed' && entry.author === party && entry.body.agreement === agreement,
    );
  return proposed && others.every(signed);
}

export function isStarted(
  records: readonly LedgerRecord[],
  { job, agreement }: { job: string; agreement: string },
): boolean {
  return records.some(
    ({ entry }) => entry.type === 'job.started' && entry.body.job === job && entry.body.agreement === agreement,
  );
}

/** Whether a job has finished with this outcome, under the signatures of all parties. */
export function isFinishedByAll(
  records: readonly LedgerRecord[],
  { job, outcome }: { readonly job: string; readonly outcome: string },
  parties: readonly string[],
): boolean {
  return records.some(
    ({ entry }) =>
      entry.type === 'job.finished' &&
      entry.body.job === job &&
      entry.body.outcome === outcome &&
      parties.every((party) => hasSigned(party, entry.body, records)),
  );
}

export function isReleasedByAll(records: readonly LedgerRecord[], job: string, parties: readonly string[]): boolean {
  return parties.every((party) =>
    records.some(({ entry }) => entry.type === 'result.released' && entry.author === party && entry.body.job === job),
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
