/**
 * An activation through two nodes, as a user runs it: ids of PAIR, or labels of OPJA and their opening.
 *
 *   node bench/activate.ts [--form pair|opja] [--rows 1000000] [--runs 3] [--save]
 *
 * Lists of phones, half of them shared; both forms, unless one is named. The publisher of PAIR has ids under earlier keys in use, as in every month but its
 * first. What both sides are given is held to the lists. `--save` keeps the figures in bench/results/activate.json.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RequestOf, ResponseOf } from '@causeway/core/api';
import { bytesToHex } from '@causeway/core/bytes';
import { encodeKey } from '@causeway/core/protocols/opja';
import { KeyDirectory, type KeyFile, newKey, openLabels, settledKeys } from '@causeway/server/opja';
import { readCsv } from '../generator/testing/read-csv.ts';
import { openKernel, systemRandom } from '../native/index.ts';
import {
  found,
  jobEnd,
  openTrialNetwork,
  operationEnd,
  publish,
  type TrialNetwork,
  type TrialNode,
  until,
} from '../test/end-to-end/trial-network.ts';
import { writePhones } from './phones.ts';
import { treeProcessorSeconds, watchTree } from './process-tree.ts';
import { keepAmong, machine, spread } from './report.ts';

type Form = RequestOf<'agreement.proposeActivation'>['form'];

const { values } = parseArgs({
  options: {
    form: { type: 'string' },
    rows: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '3' },
    save: { type: 'boolean', default: false },
  },
});
const rows = Number(values.rows);
const shared = rows / 2;
const domains = { system: 'match.brand.example', receiver: 'dsp.example' };
const forms: readonly Form[] = [{ kind: 'pair' }, { kind: 'opja', ...domains }];

const network = await openTrialNetwork();
try {
  // People whom both have are the second half of the publisher's rows.
  for (const [node, name, from] of [
    [network.media, 'users', 0],
    [network.brand, 'crm', shared],
  ] as const) {
    const path = join(network.folder, `${name}.csv`);
    writePhones(path, { from, rows });
    await publish(node, { path, name, ids: [{ column: 'mobile', profile: 'phone' }] });
  }
  await useEarlierKeys(network.media);
  const opener = await settleKeys(network.brand);
  for (const form of forms) {
    if (values.form !== undefined && values.form !== form.kind) continue;
    const result = await measured(form, opener);
    console.log(JSON.stringify(result, null, 2));
    if (values.save) keepAmong('activate', result, (of) => [of.form, of.rows.advertiser]);
  }
} finally {
  await network.close();
}

async function measured(form: Form, opener: KeyFile) {
  const { agreement, plan } = await agree(network, form);
  const runs: Awaited<ReturnType<typeof run>>[] = [];
  for (let i = 0; i < Number(values.runs); i++) runs.push(await run(agreement, form, opener));
  const most = (of: (one: (typeof runs)[number]) => number) => Math.round(Math.max(...runs.map(of)) / 2 ** 20);
  const opened = runs.flatMap(({ openSeconds }) => openSeconds ?? []);
  return {
    machine: machine(),
    form: form.kind,
    rows: { advertiser: rows, publisher: rows, shared },
    kernel: plan.kernel,
    seconds: spread(runs.map(({ seconds }) => seconds)),
    processorSeconds: spread(runs.map(({ processorSeconds }) => processorSeconds)),
    /** Of both lists together. */
    rowsPerSecondAndCore: Math.round(spread(runs.map(({ processorSeconds }) => (2 * rows) / processorSeconds)).median),
    bytesPerRow: Number((runs[0]!.bytes / rows).toFixed(2)),
    peakMib: { advertiser: most(({ peaks }) => peaks.brand), publisher: most(({ peaks }) => peaks.media) },
    planned: { seconds: plan.secondsAbout, bytesPerRow: Number((plan.bytesAbout / rows).toFixed(2)) },
    publishersStages: Object.fromEntries(
      runs[0]!.stages.map(({ name }) => [
        name,
        spread(runs.map(({ stages }) => stages.find((stage) => stage.name === name)!.seconds)).median,
      ]),
    ),
    ...(opened.length === 0 ? {} : { openSeconds: spread(opened) }),
  };
}

/** Runs the agreement once, and holds what came of it to the lists. */
async function run(agreement: string, form: Form, opener: KeyFile) {
  const { brand, media } = network;
  const watches = { brand: watchTree(brand.pid), media: watchTree(media.pid) };
  const processor = () => treeProcessorSeconds(brand.pid) + treeProcessorSeconds(media.pid);
  const [before, started] = [processor(), performance.now()];
  const { job } = await brand.api.job.run({ agreement });
  const [a, b] = [await jobEnd(brand, job), await jobEnd(media, job)];
  const seconds = (performance.now() - started) / 1000;
  const processorSeconds = processor() - before;
  const peaks = { brand: watches.brand.stop().peakBytes, media: watches.media.stop().peakBytes };
  for (const { status, error } of [a, b]) if (status !== 'finished') throw new Error(JSON.stringify(error));
  const bytes = [a, b].flatMap(({ stages }) => stages).reduce((sum, { sentBytes = 0 }) => sum + sentBytes, 0);
  const published = join(network.folder, `${job}.csv`);
  await operationEnd(media, await media.api.audience.export({ audience: b.audience!, to: published }));
  const given = await readCsv(published);
  if (given.length !== rows) throw new Error(`${given.length} rows of ${rows} came`);
  const written = join(network.folder, job);
  await operationEnd(brand, await brand.api.activation.export({ job, to: written }));
  const stages = b.stages.map(({ name, startedAt, finishedAt }) => ({
    name,
    seconds: startedAt && finishedAt ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000 : 0,
  }));
  const took = { seconds, processorSeconds, bytes, peaks, stages };
  if (form.kind === 'opja') return { ...took, openSeconds: await openAll(given, written, opener) };
  const ids = new Set((await readFile(written, 'utf8')).trim().split('\n'));
  const isRight = given.every((row, i) => ids.has(row.pair_id!) === i >= shared && row.pair_id_previous !== '');
  if (ids.size !== shared || !isRight) throw new Error('the ids are not those of the people whom both have');
  return { ...took, openSeconds: undefined };
}

/** Opens the labels of all rows as the receiver would. @returns seconds. */
async function openAll(given: readonly Record<string, string>[], campaign: string, keys: KeyFile): Promise<number> {
  const [labels, to] = [`${campaign}.labels`, `${campaign}.opened`];
  await writeFile(labels, given.map((row) => `${row.opja_label}\n`).join(''));
  const directory = new KeyDirectory({ servers: [], settled: settledKeys(await settledTexts(keys)) });
  const started = performance.now();
  const of = { campaign: JSON.parse(await readFile(campaign, 'utf8')), keys, directory, nowMs: Date.now() };
  const counts = await openLabels({ ...of, labels, to, repeats: false });
  const seconds = (performance.now() - started) / 1000;
  const said = await readCsv(to);
  const isRight = said.every((row, i) => row.matched === (i >= shared ? '1' : '0'));
  if (counts.matched !== shared || counts.unmatched !== shared || !isRight)
    throw new Error(`the labels say something else than the lists: ${JSON.stringify(counts)}`);
  return seconds;
}

/** Proposes as the brand, which advertises, and approves as the media house. */
async function agree({ brand, media }: TrialNetwork, form: Form) {
  await until(async () => (await brand.api.catalogue.list()).items.some(({ name }) => name === 'users'));
  const lists = { with: media.organisation, mine: 'crm', theirs: 'users', key: 'phone', advertiser: 'me' } as const;
  const asked = { ...lists, form, purpose: 'bench', uses: Number(values.runs) };
  const proposed: ResponseOf<'agreement.proposeActivation'> = await brand.api.agreement.proposeActivation(asked);
  const { agreement } = proposed;
  const { disclosure } = await found(() => media.api.agreement.show({ agreement }));
  await media.api.agreement.approve({ agreement, disclosure: disclosure.digest });
  await until(async () => (await brand.api.agreement.show({ agreement })).status === 'active');
  return proposed;
}

/** A publisher's keys of more than a month ago, which its first run replaces and whose ids it still gives out. */
async function useEarlierKeys({ home }: TrialNode): Promise<void> {
  const kernel = await openKernel({ threads: 1 });
  const fromMs = Date.now() - 31 * 24 * 3600_000;
  const epoch = {
    hashKey: bytesToHex(systemRandom.bytes(32)),
    hashKeyFromMs: fromMs,
    scalar: bytesToHex(kernel.randomScalar(systemRandom)),
    scalarFromMs: fromMs,
  };
  await kernel.close();
  await mkdir(join(home, 'pair'), { recursive: true });
  await writeFile(join(home, 'pair/keys.json'), JSON.stringify({ version: 1, epochs: [epoch] }));
}

/** Makes keys of OPJA for the brand's node and for whoever opens the labels, settled in place of DNS. @returns those of the opener. */
async function settleKeys({ api }: TrialNode): Promise<KeyFile> {
  await api.activation.newKey({});
  const opener = newKey({ keys: [] }, { random: systemRandom, nowMs: Date.now() });
  await api.settings.update({ opjaKeys: await settledTexts(opener) });
  return opener;
}

async function settledTexts({ keys }: KeyFile): Promise<string[]> {
  const own = (await network.brand.api.activation.keys()).keys[0]!.publicKey;
  return [`${domains.system}=${own}`, `${domains.receiver}=${encodeKey(keys[0]!.pair.publicKey)}`];
}
