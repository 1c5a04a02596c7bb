/** The real way through a match, by the public API alone: network, datasets, agreement, run, result, evidence. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EvidenceReport } from '@causeway/core/applications/match';
import type { Client, ResponseOf } from '@causeway/sdk';
import { CommandError } from '../problem.ts';
import type { Counts } from '../show/job.ts';
import type { Words } from '../words/index.ts';
import type { Apis, Role } from './cast.ts';

export interface Story {
  readonly network: ResponseOf<'network.create'>;
  readonly disclosure: ResponseOf<'agreement.proposeMatch'>['disclosure'];
  readonly agreement: string;
  readonly job: string;
  readonly advertiser: Learned;
  readonly media: Learned;
}

/** What one side has in the end. */
export interface Learned {
  readonly counts: Counts | undefined;
  readonly audience: ResponseOf<'audience.show'> | undefined;
  readonly evidence: EvidenceReport;
}

interface Stage {
  readonly apis: Apis;
  /** Where the generated files lie. */
  readonly files: string;
  /** Lower than the default only for small demos; both sides lower it. */
  readonly minimumListRows: number;
  readonly signal: AbortSignal;
  readonly words: Words;
  readonly tell: (sentence: string) => void;
}

/** How long a node may take to hear what another has put on the ledger. */
const hearTimeoutMs = 20_000;

/** @throws the problem of whichever node could not go on; {CommandError} `check-failed`; the signal’s reason. */
export async function playStory(stage: Stage): Promise<Story> {
  const { apis, files, minimumListRows, words, tell } = stage;
  const { operator, advertiser, media } = apis;
  const said = words.demo;

  const network = await operator.network.create({ name: 'Demo network' });
  for (const joining of [advertiser, media]) {
    const { invite } = await operator.network.invite();
    await joining.network.join({ invite });
  }
  tell(said.joined);

  await Promise.all([advertiser, media].map((api) => api.settings.update({ minimumListRows })));
  await Promise.all([
    addDataset(stage, 'advertiser', { path: join(files, 'crm.csv'), name: 'crm', phone: 'mobile' }),
    addDataset(stage, 'media', { path: join(files, 'users.csv'), name: 'users', phone: 'phone' }),
  ]);
  await heard(stage, async () => {
    const { items } = await advertiser.catalogue.list();
    return items.length === 2;
  });
  tell(said.published);

  const proposal = await advertiser.agreement.proposeMatch({
    with: 'borealis',
    mine: 'crm',
    theirs: 'users',
    keys: ['phone', 'email'],
    receiver: 'both',
    purpose: 'Demo: which customers use the media',
    minimumListRows,
  });
  const { agreement, disclosure } = proposal;
  tell(said.proposed);

  await heard(stage, async () => (await media.agreement.list({})).items.some(({ id }) => id === agreement));
  const seen = await media.agreement.show({ agreement });
  await media.agreement.approve({ agreement, disclosure: seen.disclosure.digest });
  await heard(stage, async () => (await advertiser.agreement.show({ agreement })).status === 'active');
  tell(said.approved);

  const { job } = await advertiser.job.run({ agreement });
  await Promise.all([ended(stage, advertiser, job), ended(stage, media, job)]);
  tell(said.ran);
  return {
    network,
    disclosure,
    agreement,
    job,
    advertiser: await learned(advertiser, job),
    media: await learned(media, job),
  };
}

async function addDataset(
  { apis, signal }: Stage,
  role: Role,
  { path, name, phone }: { readonly path: string; readonly name: string; readonly phone: string },
): Promise<void> {
  const api = apis[role];
  const { operation } = await api.dataset.add({
    path,
    name,
    ids: [
      { column: phone, profile: 'phone' },
      { column: 'email', profile: 'email' },
    ],
    attributes: [{ column: 'city', grade: 'public' }],
  });
  for await (const event of api.operation.events({ operation }, { signal })) {
    const { status, error } = event.operation;
    if (status === 'finished') break;
    if (error !== undefined) throw new CommandError('check-failed', error.detail, error.remedy);
  }
  signal.throwIfAborted();
  await api.dataset.publish({ dataset: name });
}

/** Follows a run to its end on one side. */
async function ended({ signal, words }: Stage, api: Client, job: string): Promise<void> {
  await heard({ signal, words }, async () => (await api.job.list({})).items.some(({ id }) => id === job));
  for await (const { job: now } of api.job.events({ job }, { signal })) {
    if (now.status === 'finished') return;
    if (now.status === 'failed' || now.status === 'cancelled') {
      throw new CommandError('check-failed', now.error?.detail ?? words.states[now.status], now.error?.remedy);
    }
  }
  signal.throwIfAborted();
  throw new CommandError('lost', words.follow.lost);
}

async function learned(api: Client, job: string): Promise<Learned> {
  const { verifyEvidence } = await import('@causeway/core/applications/agreement');
  const { counts, audience } = await api.job.show({ job });
  return {
    counts,
    audience: audience === undefined ? undefined : await api.audience.show({ audience }),
    evidence: verifyEvidence(await api.evidence.export({ job })),
  };
}

/** Waits until one node has heard of what another did. */
async function heard({ signal, words }: Pick<Stage, 'signal' | 'words'>, is: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + hearTimeoutMs;
  while (!(await is())) {
    if (performance.now() > end) throw new CommandError('check-failed', words.demo.notHeard(hearTimeoutMs / 1000));
    await sleep(100, undefined, { signal });
  }
}
