/** A round by psi/vole: the list is fixed by a hiding commitment, cut into buckets on disk, and matched bucket by bucket. */
import { createHash } from 'node:crypto';
import { voleForm } from '@causeway/core/applications/match';
import { bytesToHex, concatBytes, equalBytes, hexToBytes } from '@causeway/core/bytes';
import { sha256 } from '@causeway/core/crypto';
import {
  type BucketedList,
  type Ending,
  exchangeId,
  type Held,
  type Part,
  partOf,
  ReceiverWorker,
  type RunOptions,
  SenderWorker,
  type VoleKernel,
  type VoleParty,
  VoleReceiver,
  VoleSender,
} from '@causeway/core/protocols/psi-vole';
import { type Channel, LinkError } from '../../../link/index.ts';
import { JobFailure } from '../../life/index.ts';
import { type WorkFile, withFiles } from '../../work/index.ts';
import { type KeySet, rowsOfPositions } from '../key-set.ts';
import type { ExchangeResult, MatchRound, RoundOptions, RoundResult } from '../match-round.ts';
import { RoundFiles } from '../round-files.ts';
import { converse } from './conversation.ts';
import { DiskList, digestSet, type ListFiles, matchedPositions } from './disk-list.ts';
import { readHeld, writeHeld } from './held.ts';

/** Enough to hide the time that messages take, with a few tens of MB in memory. */
const bucketsInFlight = 4;
/** How often a list is cut before something is wrong with it: a cut overflows once in 2^42 times. */
const cutCountMax = 3;

export class VoleRound implements MatchRound {
  readonly #options: RoundOptions;
  readonly #vole: VoleKernel;
  readonly #files: RoundFiles;

  constructor(options: RoundOptions, vole: VoleKernel) {
    this.#options = options;
    this.#vole = vole;
    this.#files = new RoundFiles(options.work, options.index);
  }

  get kernel(): string {
    return this.#vole.name;
  }

  get keyFiles(): MatchRound['keyFiles'] {
    return this.#files.keys;
  }

  get setFile(): string {
    return this.#files.set;
  }

  prepared(): Promise<KeySet | undefined> {
    return this.#files.prepared();
  }

  prepare(rowCount: number): Promise<KeySet> {
    // Tags come sorted, and positions never travel.
    return this.#files.prepare(rowCount, this.#options, 'ascending');
  }

  /** @returns SHA-256(nonce ‖ SHA-256 of the set's file): it fixes the set, and the nonce of 32 bytes keeps it from being tried out. */
  async commit(set: KeySet, signal: AbortSignal): Promise<Uint8Array> {
    const { work, random, onProgress } = this.#options;
    const digest = await withFiles(work, { set: this.setFile }, (files) =>
      digestSet(files.set, set.keyCount, {
        signal,
        onProgress: (done) => onProgress({ stage: 'commit', done, total: set.keyCount }),
      }),
    );
    await this.#files.store('set.digest', bytesToHex(digest));
    return sha256(concatBytes(await this.#files.secret('nonce', () => random.bytes(32)), digest));
  }

  async exchange(
    set: KeySet,
    commitment: Uint8Array,
    channel: Channel,
    how: { readonly signal: AbortSignal; readonly opening: 'speak' | 'wait' },
  ): Promise<ExchangeResult> {
    return withFiles(this.#options.work, { set: this.setFile, ...this.#bucketFiles }, async (files) => {
      const run = await this.#runOptions(set, commitment);
      const { random, held } = run;
      const work = { kernel: this.#vole, list: await this.#openList(files, set, held), random };
      const talk = { files, rows: set.keyCount, channel, ...how };
      return this.#part.role === 'receiver'
        ? this.#talk(new VoleReceiver({ ...run, bucketsInFlight }), new ReceiverWorker(work), talk)
        : this.#talk(new VoleSender(run), new SenderWorker(work), talk);
    });
  }

  exchanged(): Promise<ExchangeResult | undefined> {
    return this.#files.exchanged();
  }

  join(set: KeySet): Promise<RoundResult> {
    const { work, learns, rowBound } = this.#options;
    return this.#files.joined(rowBound, async () => {
      if (learns.own !== 'rows') return { matchedKeys: undefined, rows: undefined };
      const matched = await withFiles(work, this.#bucketFiles, (files) =>
        matchedPositions(work, { ...files, cutName: this.#cutName, keyCount: set.keyCount }),
      );
      return { matchedKeys: matched.count(), rows: await rowsOfPositions(work, this.setFile, set, matched, rowBound) };
    });
  }

  /** One attempt, by either role. */
  async #talk<Work, Result>(
    party: VoleParty<Work, Result>,
    worker: { perform(work: Work): Promise<Result>; close(): Promise<void> },
    talk: {
      readonly files: { readonly matched: WorkFile };
      readonly rows: number;
      readonly channel: Channel;
      readonly signal: AbortSignal;
      readonly opening: 'speak' | 'wait';
    },
  ): Promise<ExchangeResult> {
    const { work, silenceMs, onProgress } = this.#options;
    const { files, rows, ...how } = talk;
    const driver = {
      party,
      worker,
      remember: async () => {
        await files.matched.sync();
        await writeHeld(work, this.#heldName, party.held!);
      },
      onProgress: () => {
        const { done, total } = party.progress;
        onProgress({ stage: 'exchange', done: total === 0 ? 0 : Math.floor((rows * done) / total), total: rows });
      },
    };
    try {
      const ending = await converse(driver, { ...how, silenceMs });
      if (ending !== 'finished') throw await this.#beginAgain(ending);
      const { count, commitment, kernel } = party.agreed.peer;
      const result = { peer: { count, root: commitment, kernel }, transcript: party.transcript };
      await this.#files.storeExchanged(result);
      return result;
    } finally {
      await worker.close();
    }
  }

  get #part(): Part {
    return partOf(this.#options.side, this.#options.learns);
  }

  async #runOptions(set: KeySet, commitment: Uint8Array): Promise<RunOptions> {
    const { work, random, binding, plan, peerCount } = this.#options;
    const held = await readHeld(work, this.#heldName);
    return {
      exchange: exchangeId(binding),
      plan,
      form: voleForm(this.#options),
      mode: this.#part.mode,
      own: { count: set.keyCount, commitment, kernel: this.kernel },
      peerCount,
      random,
      sha256: () => createHash('sha256'),
      ...(held ? { held } : {}),
    };
  }

  async #openList(files: ListFiles, set: KeySet, held: Held | undefined): Promise<BucketedList> {
    const { work } = this.#options;
    const setDigest = hexToBytes((await this.#files.stored<string>('set.digest'))!);
    const list = new DiskList({
      work,
      kernel: this.#vole,
      role: this.#part.role,
      files,
      cutName: this.#cutName,
      keyCount: set.keyCount,
      setDigest,
    });
    return {
      partition: async (context) => {
        // What an earlier run has left belongs to the buckets as they were.
        if (held && !equalBytes(held.partition, context.partition)) await work.remove(this.#heldName);
        return list.partition(context);
      },
      keys: (bucket) => list.keys(bucket),
      matched: (bucket, bits) => list.matched(bucket, bits),
    };
  }

  /** @returns what ends this attempt: the next one begins anew, with the partner too, which hears only that the channel closed. */
  async #beginAgain(ending: Exclude<Ending, 'finished'>): Promise<Error> {
    const { work } = this.#options;
    if (ending === 'overflow') {
      const cuts = ((await this.#files.stored<number>('buckets.overflows')) ?? 0) + 1;
      if (cuts >= cutCountMax) {
        return new JobFailure(
          'overflow',
          `the list could not be cut into buckets in ${cuts} attempts; agree on psi/ecdh`,
        );
      }
      await this.#files.store('buckets.overflows', cuts);
      await Promise.all([work.remove(this.#cutName), work.remove(this.#heldName)]);
    }
    return new LinkError('closed', 'the exchange begins again with fresh randomness');
  }

  get #bucketFiles() {
    const name = (part: string) => this.#files.name(`buckets.${part}`);
    return { keys: name('keys'), positions: name('positions'), matched: name('matched') };
  }

  get #cutName(): string {
    return this.#files.name('buckets.cut');
  }

  get #heldName(): string {
    return this.#files.name('held');
  }
}
