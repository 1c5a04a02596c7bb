/**
 * The evidence that a receiver of figures lied about one that is too small: a figure of which the sender knew the value, opened, beside the verdict that the
 * receiver signed. Whoever has the document needs no node and neither side's word; it holds no identifier, no row and no figure of anybody.
 */
import { z } from 'zod';
import { base64ToBytes, bytesToHex, hexToBytes } from '../../../bytes/index.ts';
import { verify } from '../../../crypto/index.ts';
import type { LedgerBundle, LedgerRecord, Member } from '../../../ledger/index.ts';
import {
  gateRange,
  isLie,
  type Lie,
  ReferenceSumKernel,
  runId,
  verdictMessage,
} from '../../../protocols/join-sum/index.ts';
import { agreementId } from '../../agreement-id.ts';
import { EvidenceChecks, type EvidenceOptions, type EvidenceReport, isSignedByAll, isStarted } from '../../evidence.ts';
import { sumPlanOf } from './sum-plan.ts';
import { type InsightTerms, insightTerms, senderSide } from './terms.ts';

export const lieEvidenceFormat = 'causeway/insight-lie/v1';

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));
/** Of a round: as many bytes as there are places, times `bytes`. */
const hexRows = (bytes: number) =>
  z
    .string()
    .max(2 ** 20)
    .regex(new RegExp(`^([0-9a-f]{${2 * bytes}})+$`));

const writtenLie = z.strictObject({
  publicKey: hex(32),
  round: z.int().min(0).max(255),
  place: z
    .int()
    .min(0)
    .max(2 ** 16),
  value: z.string().regex(/^-?[0-9]{1,19}$/),
  count: z
    .int()
    .min(0)
    .max(2 ** 16),
  seed: hex(32),
  digests: hexRows(32),
  verdicts: hexRows(1),
  signature: hex(64),
});
type WrittenLie = z.infer<typeof writtenLie>;

export interface LieEvidence {
  readonly format: typeof lieEvidenceFormat;
  readonly job: string;
  readonly terms: InsightTerms;
  readonly lie: WrittenLie;
  readonly ledger: LedgerBundle;
}

/** As JSON holds it. */
export function writeLie(lie: Lie): WrittenLie {
  const { publicKey, round, place, value, count, seed, digests, verdicts, signature } = lie;
  const bytes = { publicKey, seed, digests, verdicts, signature };
  const written = Object.fromEntries(Object.entries(bytes).map(([name, of]) => [name, bytesToHex(of)]));
  return { ...written, round, place, count, value: String(value) } as WrittenLie;
}

function readLie({ round, place, count, value, ...written }: WrittenLie): Lie {
  const { publicKey, seed, digests, verdicts, signature } = written;
  const bytes = { publicKey, seed, digests, verdicts, signature };
  const read = Object.fromEntries(Object.entries(bytes).map(([name, of]) => [name, hexToBytes(of)]));
  return { ...read, round, place, count, value: BigInt(value) } as unknown as Lie;
}

const form = z.looseObject({
  format: z.literal(lieEvidenceFormat),
  job: z.string().min(1).max(64),
  terms: insightTerms,
  lie: writtenLie,
  ledger: z.unknown(),
});

/** Verifies the document. A check that fails is told, and those that hang on it are left out. */
export async function verifyLieEvidence(document: unknown, options: EvidenceOptions = {}): Promise<EvidenceReport> {
  const checks = new EvidenceChecks();
  const parsed = form.safeParse(document);
  const isRead = checks.check('form', `a document of the form ${lieEvidenceFormat}`, () => parsed.success);
  if (!isRead || !parsed.success) return checks.report;
  const { job, terms, ledger } = parsed.data;
  const lie = readLie(parsed.data.lie);
  const agreement = agreementId(terms);
  const parties = [terms.proposer.organisation, terms.partner.organisation];
  const records = checks.ledger(ledger, options);
  if (!records) return checks.report;
  checks.check('agreement', `proposed by ${parties[0]} and signed by ${parties[1]}, with the hash of these terms`, () =>
    isSignedByAll(records, agreement, parties),
  );
  checks.check('run', `job ${job} was started under this agreement`, () => isStarted(records, { job, agreement }));
  const accused = parties.find((party) => party !== terms[senderSide(terms)].organisation)!;
  const run = runId({ network: terms.network, agreement, job, profile: terms.key.form });
  checks.check('key', `${accused} signed these verdicts in this run, with the key that it is a member with`, () => {
    const key = memberOf(records, accused)?.identityKey;
    return key !== undefined && verify(lie.signature, verdictMessage(run, lie.round, lie), base64ToBytes(key));
  });
  const isWrong = await isLie(lie, gateRange(sumPlanOf(terms)), new ReferenceSumKernel()).catch(() => false);
  checks.check(
    'verdict',
    `the verdict of ${accused} on place ${lie.place} is not that of the figure which stood there`,
    () => isWrong,
  );
  return checks.report;
}

/** As whom an organisation is in the network, by the records of a run: the last joining before it. */
function memberOf(records: readonly LedgerRecord[], organisation: string): Member | undefined {
  return records
    .flatMap(({ entry }) =>
      entry.type === 'network.created'
        ? [entry.body.operator]
        : entry.type === 'member.joined'
          ? [entry.body.member]
          : [],
    )
    .findLast((member) => member.organisation === organisation);
}
