/**
 * A direct match: two processes, one invite, one run. No network, no database, no account; the disclosure is shown and accepted on both
 * sides before anything but sizes and kinds is said. What is kept while it runs lies in a folder that is erased at the end.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import {
  type Disclosure,
  disclose,
  listDensities,
  type MatchPlan,
  otherSide,
  planMatch,
  type Receiver,
  type RoundCounts,
  removesMatched,
  type ShownCounts,
  showCounts,
} from '@causeway/core/applications/match';
import { hexToBytes } from '@causeway/core/bytes';
import { parseProfile } from '@causeway/core/identifiers';
import { defaultPolicy, evaluateDensity, requireAllowed } from '@causeway/core/policy';
import { keyContext, type MatchProtocol, type Side } from '@causeway/core/protocols';
import { type KernelHandle, kernelNamed, openKernels, systemRandom, type VoleKernelHandle } from '@causeway/native';
import { Engine, type ImportReport } from '../engine/index.ts';
import { Capacities } from '../jobs/match/capacities.ts';
import { type MatchRound, openRound, type RoundProgress } from '../jobs/match/match-round.ts';
import type { OprfPorts } from '../jobs/match/oprf/index.ts';
import { BitSet, bytesOf, openWorkFolder, type WorkFolder } from '../jobs/work/index.ts';
import { type Channel, connectDirect, type DirectLink, LinkError, listenDirect, systemClock } from '../link/index.ts';
import { DirectError } from './error.ts';
import { type AgreedMatch, agree, type Offer, parseOffer } from './offer.ts';
import { passingTables } from './passing-tables.ts';

export interface DirectOptions {
  /** Listen for the partner, or go to it with its invite. */
  readonly meet:
    | { readonly listen: { readonly host: string; readonly port: number; readonly advertise?: string } }
    | { readonly connect: string };
  readonly input: string;
  /** Identifier columns with their profiles, in the order of preference. */
  readonly ids: readonly { readonly column: string; readonly profile: string }[];
  /** Where the matched rows go: the input's own rows, header and order. */
  readonly output: string;
  readonly receiver?: Receiver | undefined;
  readonly protocol?: MatchProtocol | undefined;
  /** psi/vole's form that sends less. */
  readonly traffic?: 'low' | undefined;
  /** The kernel to run on, by its name; by default the fastest that this machine has. */
  readonly kernel?: string | undefined;
  readonly minimumListRows?: number | undefined;
  /** How much of a number segment a list of telephone numbers, either side's, may cover, in whole percent; 100: any. */
  readonly densityPercentMax?: number | undefined;
  /** How the listening side gives its invite to a person. */
  readonly onInvite: (line: string) => void;
  /** Shows who will learn what. @returns whether the person accepts. */
  readonly confirm: (statement: DirectStatement) => Promise<boolean>;
  readonly onProgress: (progress: DirectProgress) => void;
  readonly signal: AbortSignal;
  /** For temporary data; the system's folder if left out. */
  readonly workFolder?: string | undefined;
  readonly software: string;
}

/** What a person reads before saying yes. */
export interface DirectStatement {
  readonly disclosure: Disclosure;
  readonly side: Side;
  /** What the run will take. */
  readonly plan: MatchPlan;
}

export interface DirectProgress {
  readonly stage: 'read' | 'prepare' | 'commit' | 'exchange' | 'join' | 'write';
  readonly form?: string;
  readonly done: number;
  readonly total: number;
}

export interface DirectReport {
  readonly job: string;
  readonly side: Side;
  readonly agreement: string;
  readonly counts: ShownCounts;
  /** Digest of the exchange that both sides computed: equal on both. */
  readonly transcript: string;
  /** Rows written, where this side receives them. */
  readonly output?: { readonly path: string; readonly rows: number };
  readonly kernel: { readonly own: string; readonly partner: string };
  readonly protocol: string;
  /** On the wire. */
  readonly bytes: { readonly sent: number; readonly received: number };
  /** What it was said to take, both directions together; and the seconds that it took, from the people's yes to the end. */
  readonly planned: { readonly seconds: number; readonly bytes: number };
  readonly seconds: number;
}

/** How long a partner may think about the disclosure, and be silent in the run. */
const decisionMs = 30 * 60_000;
const silenceMs = 10 * 60_000;

/** Runs a direct match to its end. @throws {DirectError}, and the errors of files, link and protocol; nothing is written then. */
export async function directMatch(options: DirectOptions): Promise<DirectReport> {
  for (const { profile } of options.ids) parseProfile(profile);
  const folder = await mkdtemp(join(options.workFolder ?? tmpdir(), 'causeway-match-'));
  const engine = new Engine({ spillFolder: join(folder, 'spill') });
  const kernels = await openKernels({ kernel: kernelNamed(options.kernel) });
  let link: DirectLink | undefined;
  try {
    const { link: met, report } = await meetAndRead(options, engine, join(folder, 'list'));
    link = met;
    const side: Side = 'listen' in options.meet ? 'proposer' : 'partner';
    const match = new DirectMatch(options, {
      folder,
      engine,
      kernel: kernels.kernel,
      vole: kernels.vole,
      link,
      side,
      report,
      work: await openWorkFolder(join(folder, 'work'), { durable: 'no' }),
    });
    return await match.run();
  } catch (error) {
    throw asDirect(error);
  } finally {
    await link?.close().catch(() => {});
    await kernels.close();
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The invite is out at once, and the partner may come while the list is still being read; the failure of one ends the other. */
async function meetAndRead(
  options: DirectOptions,
  engine: Engine,
  folder: string,
): Promise<{ link: DirectLink; report: ImportReport }> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  let first: unknown;
  const orStop = <T>(part: Promise<T>): Promise<T | undefined> =>
    part.catch((error) => {
      first ??= error;
      stop.abort();
      return undefined;
    });
  const [link, report] = await Promise.all([
    orStop(meet(options, signal)),
    orStop(
      engine.importDataset(
        { path: resolve(options.input), ids: options.ids, attributes: [], folder },
        { signal, onProgress: ({ done, total }) => options.onProgress({ stage: 'read', done, total }) },
      ),
    ),
  ]);
  if (link && report) return { link, report };
  await link?.close().catch(() => {});
  throw first;
}

async function meet({ meet: how, onInvite }: DirectOptions, signal: AbortSignal): Promise<DirectLink> {
  if ('connect' in how) return connectDirect(how.connect, { signal });
  const listener = await listenDirect(how.listen);
  onInvite(listener.invite);
  try {
    return await listener.accept({ signal });
  } catch (error) {
    await listener.close();
    throw error;
  }
}

interface Parts {
  readonly folder: string;
  readonly engine: Engine;
  readonly kernel: KernelHandle;
  readonly vole: VoleKernelHandle | undefined;
  readonly link: DirectLink;
  readonly side: Side;
  readonly report: ImportReport;
  readonly work: WorkFolder;
}

class DirectMatch {
  readonly #options: DirectOptions;
  readonly #parts: Parts;
  readonly #talk: Channel;
  readonly #capacities: Capacities;

  constructor(options: DirectOptions, parts: Parts) {
    this.#options = options;
    this.#parts = parts;
    const { link, kernel } = parts;
    this.#talk = link.channel('direct');
    this.#capacities = new Capacities({
      links: { onCall: (method, handler) => link.onCall(method, handler), to: async () => link },
      kernel,
      random: systemRandom,
      clock: systemClock,
    });
  }

  async run(): Promise<DirectReport> {
    try {
      const agreed = await this.#agree();
      const plan = await this.#plan(agreed);
      await this.#accept(agreed, plan);
      return await this.#match(agreed, plan);
    } catch (error) {
      const { code, message } = asDirect(error) as { code?: string; message: string };
      this.#talk.close({ code: code ?? 'failed', detail: message.slice(0, 500) });
      throw error;
    }
  }

  /** Tells what there is here, hears what there is there, and derives the terms that both sides' rules allow. */
  async #agree(): Promise<AgreedMatch> {
    const { side } = this.#parts;
    const own = this.#offer();
    await this.#say(own);
    const offers = {
      [side]: own,
      [otherSide(side)]: parseOffer(await this.#talk.receive({ signal: this.#options.signal, timeoutMs: decisionMs })),
    };
    const agreed = agree(offers as Record<Side, Offer>, side);
    this.#requireScattered(agreed);
    await this.#bothSay('derived', agreed.agreement);
    return agreed;
  }

  /** Each side holds both lists to its own limit, before anybody is asked. @throws {PolicyDenied} rule `dense-list`. */
  #requireScattered({ terms }: AgreedMatch): void {
    const percentMax = this.#options.densityPercentMax ?? defaultPolicy.densityPercentMax;
    requireAllowed([evaluateDensity(terms[this.#parts.side].organisation, percentMax, listDensities(terms))]);
  }

  #offer(): Offer {
    const { report } = this.#parts;
    const { receiver, protocol, traffic, minimumListRows, software } = this.#options;
    const minimum = minimumListRows ?? defaultPolicy.minimumListRows;
    return {
      version: 3,
      software,
      rowsAbout: roundUp(Math.max(...report.ids.map(({ distinct }) => distinct))),
      identifiers: report.ids.map(({ profile, density }) => ({
        profile,
        ...(density === undefined ? {} : { density }),
      })),
      ...(receiver ? { receiver } : {}),
      ...(protocol ? { protocol } : {}),
      ...(traffic ? { traffic } : {}),
      minimumListRows: minimum,
      minimumGroupRows: Math.min(defaultPolicy.minimumGroupRows, minimum),
      nonce: randomBytes(16).toString('hex'),
      at: `${new Date().toISOString().slice(0, 19)}Z`,
    };
  }

  async #plan({ terms }: AgreedMatch): Promise<MatchPlan> {
    const { side, link } = this.#parts;
    const partner = await this.#capacities.of(terms[otherSide(side)].organisation);
    return planMatch(terms, side, {
      own: await this.#capacities.own(),
      partner: partner?.capacity,
      link: partner?.link,
      sharesMachine: link.isLocal,
      between: 'direct',
    });
  }

  /** Both people read the same statement, and both say yes. */
  async #accept({ terms, agreement }: AgreedMatch, plan: MatchPlan): Promise<void> {
    const { side } = this.#parts;
    const accepted = await this.#options.confirm({ disclosure: disclose(terms), side, plan });
    if (!accepted)
      throw new DirectError('declined', 'the match was declined here; nothing was sent but sizes and kinds');
    await this.#bothSay('accepted', agreement);
  }

  /** Says where this side stands, and waits until the other does: one that refuses says why instead. */
  async #bothSay(what: 'derived' | 'accepted', agreement: string): Promise<void> {
    await this.#say({ [what]: agreement });
    const answer = JSON.parse(
      new TextDecoder().decode(await this.#talk.receive({ signal: this.#options.signal, timeoutMs: decisionMs })),
    ) as Readonly<Record<string, unknown>>;
    if (answer[what] !== agreement)
      throw new DirectError(
        'no-agreement',
        'the two sides did not read the same statement; use the same version on both',
      );
  }

  async #match(agreed: AgreedMatch, plan: MatchPlan): Promise<DirectReport> {
    const startedMs = systemClock.nowMs();
    const { terms, agreement, rounds } = agreed;
    const { side, report, folder } = this.#parts;
    const job = `match-${createHash('sha256').update(`${agreement}/job`).digest('hex').slice(0, 16)}`;
    const seen = new BitSet(report.rowCount);
    const counts: RoundCounts[] = [];
    const transcripts = createHash('sha256');
    let kernels = { own: this.#parts.kernel.name as string, partner: '' };
    for (const [index, { form, own }] of rounds.entries()) {
      const round = this.#round(index, agreed, job);
      const column = report.ids[own]!;
      const exclude = removesMatched(terms) && index > 0 ? join(folder, `exclude-${index}`) : undefined;
      if (exclude) await writeRows(exclude, seen);
      this.#options.onProgress({ stage: 'prepare', form, done: 0, total: 1 });
      const { keyCount } = await this.#parts.engine.extractKeys(
        {
          parquet: report.parquet.path,
          column: column.storedAs,
          liftTo: form,
          contextHex: keyContext(`direct/${agreement}`, form),
          ...(exclude ? { exclude } : {}),
          to: { keys: this.#parts.work.path(round.keyFiles.keys), rows: this.#parts.work.path(round.keyFiles.rows) },
        },
        { signal: this.#options.signal },
      );
      const set = await round.prepare(keyCount);
      if ((index === 0 || !removesMatched(terms)) && set.keyCount < terms.limits.minimumListRows) {
        throw new DirectError(
          'list-below-minimum',
          `the ${side === 'proposer' ? 'listening' : 'connecting'} side's list has fewer distinct identifiers (${form}) than the minimum of ${terms.limits.minimumListRows}; both sides may lower it with --minimum`,
        );
      }
      const root = await round.commit(set, this.#options.signal);
      const channel = this.#parts.link.channel(`round/${index}`);
      const exchange = await round.exchange(set, root, channel, { signal: this.#options.signal, opening: 'speak' });
      channel.close();
      this.#options.onProgress({ stage: 'join', form, done: 0, total: 1 });
      const { matchedKeys, rows } = await round.join(set, exchange);
      const fresh = rows?.without(seen);
      if (fresh) seen.addAll(fresh);
      counts.push({
        form,
        rows: set.rowCount,
        keys: set.keyCount,
        partnerKeys: exchange.peer.count,
        matchedKeys,
        matchedRows: fresh?.count(),
      });
      transcripts.update(exchange.transcript);
      kernels = { own: round.kernel, partner: exchange.peer.kernel };
    }
    const transcript = transcripts.digest('hex');
    const output = await this.#finish(transcript, terms[side].learns === 'rows' ? seen : undefined);
    return {
      job,
      side,
      agreement,
      counts: showCounts(report.rowCount, counts, terms.limits.minimumGroupRows),
      transcript,
      kernel: kernels,
      protocol: terms.protocol,
      bytes: this.#parts.link.bytes,
      planned: { seconds: plan.secondsAbout, bytes: plan.bytesAbout },
      seconds: Math.round((systemClock.nowMs() - startedMs) / 10) / 100,
      ...(output ? { output } : {}),
    };
  }

  #round(index: number, { terms, agreement }: AgreedMatch, job: string): MatchRound {
    const { side, work, kernel, vole, report, folder } = this.#parts;
    const { form } = terms.rounds[index]!;
    let tables: Promise<OprfPorts> | undefined;
    const [own, other] = [terms[side], terms[otherSide(side)]];
    return openRound(terms.protocol, {
      work,
      kernel,
      vole,
      sorter: kernel,
      random: systemRandom,
      index,
      binding: { network: 'direct', agreement, job, profile: form },
      plan: hexToBytes(agreement),
      side,
      learns: { own: own.learns, peer: other.learns },
      traffic: terms.traffic,
      peerCount: { min: index > 0 && removesMatched(terms) ? 0 : terms.limits.minimumListRows, max: other.rowsMax },
      rowBound: report.rowCount,
      silenceMs,
      oprf: () => {
        tables ??= passingTables(join(folder, `tables-${index}`));
        return tables;
      },
      onProgress: ({ stage, done, total }: RoundProgress) => this.#options.onProgress({ stage, form, done, total }),
    });
  }

  /** Both sides have all of it ready before either gives anything out. */
  async #finish(transcript: string, rows: BitSet | undefined): Promise<DirectReport['output']> {
    const { engine, folder, report } = this.#parts;
    const output = resolve(this.#options.output);
    const staged = join(dirname(output), `.${basename(output)}.${randomBytes(6).toString('hex')}`);
    try {
      if (rows) {
        this.#options.onProgress({ stage: 'write', done: 0, total: 1 });
        const list = join(folder, 'matched');
        await writeRows(list, rows);
        await engine.copyRows(
          { path: resolve(this.#options.input), reading: report.reading, rows: list, to: staged },
          { signal: this.#options.signal },
        );
      }
      await this.#say({ done: transcript });
      const theirs = JSON.parse(
        new TextDecoder().decode(await this.#talk.receive({ signal: this.#options.signal, timeoutMs: silenceMs })),
      ) as { done?: unknown };
      if (theirs.done !== transcript)
        throw new DirectError('partner-failed', 'the two sides did not see the same exchange; nothing was written');
      if (!rows) return undefined;
      await rename(staged, output);
      return { path: output, rows: rows.count() };
    } finally {
      await rm(staged, { force: true });
    }
  }

  async #say(message: unknown): Promise<void> {
    await this.#talk.send(new TextEncoder().encode(JSON.stringify(message)));
  }
}

async function writeRows(path: string, rows: BitSet): Promise<void> {
  const pieces: Uint8Array[] = [];
  for (const piece of rows.pieces()) pieces.push(bytesOf(piece));
  await writeFile(path, Buffer.concat(pieces), { mode: 0o600 });
}

/** Up to two digits: the size that is told before anyone has agreed to anything. */
function roundUp(rows: number): number {
  if (rows < 10) return 10;
  const step = 10 ** (Math.floor(Math.log10(rows)) - 1);
  return Math.ceil(rows / step) * step;
}

/** What the partner's side said of its failure, where it is the cause. */
function asDirect(error: unknown): Error {
  if (error instanceof LinkError && error.code === 'closed' && error.peer) {
    return new DirectError('partner-failed', `the partner's side ended the match: ${error.peer.detail}`, {
      cause: error.peer,
    });
  }
  return error instanceof Error ? error : new Error(String(error));
}
