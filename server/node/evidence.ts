/** Puts the evidence of a finished job together: from this node's records and its copy of the ledger. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as activate from '@causeway/core/applications/activate';
import { type AgreementTerms, disclose } from '@causeway/core/applications/agreement';
import * as deliver from '@causeway/core/applications/deliver';
import * as guest from '@causeway/core/applications/guest';
import * as insight from '@causeway/core/applications/insight/agreement';
import * as match from '@causeway/core/applications/match';
import * as room from '@causeway/core/applications/room';
import { decodeRecord, jobRecords, type LedgerBundle, makeBundle, openHead } from '@causeway/core/ledger';
import { type Home, NodeError, writeWhole } from '../home/index.ts';
import type { Services } from './services.ts';

/** How long an export waits for members that are about to cosign, and for the partner to say what it released. */
const settleMs = 3_000;
const lookAgainMs = 150;

/** Keeps what evidence needs beside the ledger: the outcome in full. */
export async function keepEvidence(
  home: Home,
  job: string,
  kept: { readonly terms: AgreementTerms; readonly outcome: unknown },
): Promise<void> {
  const folder = join(home.folder, 'evidence');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeWhole(join(folder, `${job}.json`), JSON.stringify(kept));
}

/** Keeps what convinces a third party that the partner of an insight lied: its job fails by it. */
export async function keepLie(
  home: Home,
  job: string,
  kept: Pick<insight.LieEvidence, 'terms' | 'lie'>,
): Promise<void> {
  await mkdir(join(home.folder, 'evidence'), { recursive: true, mode: 0o700 });
  await writeWhole(liePath(home, job), JSON.stringify(kept));
}

function liePath(home: Home, job: string): string {
  return join(home.folder, 'evidence', `${job}.lie.json`);
}

/** Of a job that has failed: that the partner lied, where it was caught. */
async function keptLie(home: Home, job: string): Promise<Pick<insight.LieEvidence, 'terms' | 'lie'> | undefined> {
  const text = await readFile(liePath(home, job), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  return text === undefined ? undefined : JSON.parse(text);
}

/** @throws {NodeError} `conflict` unless the job has finished, or failed by a partner's lie. */
export async function exportEvidence(
  services: Services,
  job: string,
): Promise<
  | match.MatchEvidence
  | insight.InsightEvidence
  | insight.LieEvidence
  | room.RoomEvidence
  | deliver.DeliverEvidence
  | activate.ActivateEvidence
  | guest.GuestEvidence
> {
  const { home, network } = services;
  const { ledger } = network;
  const status = ledger.state.job(job)?.status;
  const lie = status === 'failed' ? await keptLie(home, job) : undefined;
  if (lie) return { format: insight.lieEvidenceFormat, job, ...lie, ledger: await bundleOf(services, job) };
  if (status !== 'finished') {
    throw new NodeError('conflict', `job ${job} has not finished, so there is no evidence of a result`, {
      remedy: `see how it stands with \`causeway job show ${job}\``,
    });
  }
  await untilReleased(services, job);
  const kept = JSON.parse(await readFile(join(home.folder, 'evidence', `${job}.json`), 'utf8')) as {
    terms: AgreementTerms;
    outcome: unknown;
  };
  const { terms } = kept;
  const document = {
    job,
    disclosure: disclose(terms),
    ledger: await bundleOf(services, job),
  };
  switch (terms.operation) {
    case 'match':
      return { format: match.evidenceFormat, terms, outcome: kept.outcome as match.MatchOutcome, ...document };
    case 'insight':
      return {
        format: insight.insightEvidenceFormat,
        terms,
        outcome: kept.outcome as insight.InsightOutcome,
        ...document,
      };
    case 'deliver':
      return {
        format: deliver.deliverEvidenceFormat,
        terms,
        outcome: kept.outcome as deliver.DeliverOutcome,
        ...document,
      };
    case 'activate':
      return {
        format: activate.activateEvidenceFormat,
        terms,
        outcome: kept.outcome as activate.ActivateOutcome,
        ...document,
      };
    case 'guest':
      return { format: guest.guestEvidenceFormat, terms, outcome: kept.outcome as match.MatchOutcome, ...document };
    case 'room':
      return { format: room.evidenceFormat, terms, outcome: kept.outcome as room.RoomOutcome, ...document };
  }
}

/** Waits a while for the partners to say what they released. */
async function untilReleased({ network, clock }: Services, job: string): Promise<void> {
  const { ledger } = network;
  const deadlineMs = clock.nowMs() + settleMs;
  const isComplete = () =>
    ledger.state.job(job)!.released.length === ledger.state.agreement(ledger.state.job(job)!.agreement)!.parties.length;
  do {
    await ledger.sync();
    if (isComplete()) break;
    await new Promise<void>((resolve) => clock.after(lookAgainMs, resolve));
  } while (clock.nowMs() < deadlineMs);
}

/** What the ledger says of a job, with its proofs. */
async function bundleOf({ network, store }: Services, job: string): Promise<LedgerBundle> {
  const { ledger } = network;
  const head = openHead(await ledger.cosignedHead(), ledger.log);
  const records = await Promise.all(
    jobRecords(ledger.state, job)
      .filter((index) => index < head.size)
      .map(async (index) => decodeRecord(new Uint8Array((await store.ledger.range(index, 1))[0]!.leaf))),
  );
  return makeBundle({ head, tree: ledger.tree, network: ledger.log.network, records });
}
