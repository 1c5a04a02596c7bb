/**
 * The guest's side of psi/ecdh, in memory: it moves points and tags between the wire and the kernel while the party (core's state machine)
 * checks the host. Nothing is kept: a page that is closed has left nothing behind.
 */
import { plainRowSorter } from '@causeway/core/bytes';
import { sha256 } from '@causeway/core/crypto';
import { elementBytes, GroupError, type Kernel } from '@causeway/core/group';
import { Frontier, leafHash } from '@causeway/core/ledger';
import { matchKeyBytes, ProtocolError, pointPrints, printBytes } from '@causeway/core/protocols';
import {
  batchCount,
  batchRows,
  checkCommitment,
  checkDistinct,
  checkTranscript,
  EcdhParty,
  hashPrefix,
  hashToGroupDst,
  haveCommonKey,
  intersectTags,
  type PartyOptions,
  rowsInBatch,
  runId,
  type Said,
  tagContext,
  transcriptDigest,
} from '@causeway/core/protocols/psi-ecdh';
import type { RandomSource } from '@causeway/core/random';

/** What an exchange computes with. */
export type ExchangeKernel = Pick<Kernel, 'name' | 'blind' | 'evaluate' | 'randomScalar'>;

/** Where messages go, and where they come from. Both wait while the other side is slower. */
export interface Wire {
  send(message: Uint8Array): Promise<void>;
  /** @throws when the host has ended the run, or cannot be reached. */
  receive(): Promise<Uint8Array>;
}

export interface ExchangeOptions {
  readonly kernel: ExchangeKernel;
  readonly random: RandomSource;
  readonly wire: Wire;
  readonly binding: Parameters<typeof runId>[0];
  readonly party: Pick<PartyOptions, 'plan' | 'learns' | 'peerCount'>;
  /** Distinct match keys of 16 bytes, in secret order. */
  readonly keys: Uint8Array;
  readonly onProgress: (stage: 'blind' | 'exchange', rows: { readonly done: number; readonly total: number }) => void;
}

export interface Exchanged {
  /** Positions of own keys that the host has too; of sorted tags where only their number is learned; empty for a side that learns nothing. */
  readonly matched: Uint32Array;
  readonly peer: { readonly count: number; readonly root: Uint8Array; readonly kernel: string };
  readonly root: Uint8Array;
  readonly transcript: Uint8Array;
}

/** Batches that are computed at once: the kernel has work while the next one comes. */
const batchesAhead = 2;

/** @throws {ProtocolError} for a host that leaves the protocol; nothing is learned then. */
export async function exchange(options: ExchangeOptions): Promise<Exchanged> {
  try {
    return await new Exchange(options).run();
  } catch (error) {
    if (!(error instanceof GroupError)) throw error;
    throw new ProtocolError('malformed-point', `the host sent an invalid element (#${error.index + 1} of a batch)`, {
      cause: error,
    });
  }
}

class Exchange {
  readonly #options: ExchangeOptions;
  readonly #run: Uint8Array;
  readonly #scalar: Uint8Array;
  readonly #count: number;
  #points = new Uint8Array(0);
  #tagsOfMine = new Uint8Array(0);
  #tagsOfTheirs: Uint8Array = new Uint8Array(0);
  #prints = new Uint8Array(0);
  readonly #theirs = new Frontier();
  #evaluated = 0;
  #sent = 0;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#run = runId(options.binding);
    this.#scalar = options.kernel.randomScalar(options.random);
    this.#count = options.keys.length / matchKeyBytes;
  }

  async run(): Promise<Exchanged> {
    const { wire, party: agreed, kernel } = this.#options;
    const root = await this.#blind();
    const own = { count: this.#count, root, kernel: kernel.name };
    const party = new EcdhParty({ ...agreed, run: this.#run, side: 'partner', own });
    await wire.send(party.hello());
    const first = party.receive(await wire.receive());
    if (first.kind !== 'agreed') throw new ProtocolError('wrong-order', `the host began with ${first.kind}`);
    if (first.sendPointsFrom > 0 || first.sendTagsFrom > 0)
      throw new ProtocolError('wrong-order', 'the host goes on with a run that this page has not begun');
    const { peer, tagBytes } = party;
    this.#tagsOfMine = new Uint8Array(party.tagBatches.incoming > 0 ? own.count * tagBytes : 0);
    this.#tagsOfTheirs = new Uint8Array(peer.count * tagBytes);
    this.#prints = new Uint8Array(peer.count * printBytes);
    await Promise.all([this.#sendPoints(party), this.#receiveAll(party)]);
    await this.#sendTags(party);
    return this.#finish(party, root);
  }

  /** Blinds the whole list before anything of it is said. @returns the commitment to it. */
  async #blind(): Promise<Uint8Array> {
    const { kernel, keys, binding, onProgress } = this.#options;
    const request = { prefix: hashPrefix(binding), dst: hashToGroupDst, scalar: this.#scalar };
    const frontier = new Frontier();
    this.#points = new Uint8Array(this.#count * elementBytes);
    for (let index = 0; index < batchCount(this.#count); index++) {
      const from = index * batchRows;
      const rows = rowsInBatch(this.#count, index);
      const batch = keys.slice(from * matchKeyBytes, (from + rows) * matchKeyBytes);
      const points = await kernel.blind({ keys: batch, ...request });
      this.#points.set(points, from * elementBytes);
      frontier.append(leafHash(points));
      onProgress('blind', { done: from + rows, total: this.#count });
    }
    return frontier.root();
  }

  async #sendPoints(party: EcdhParty): Promise<void> {
    for (let index = 0; index < batchCount(this.#count); index++) {
      const from = index * batchRows * elementBytes;
      const rows = rowsInBatch(this.#count, index);
      await this.#options.wire.send(party.points(index, this.#points.subarray(from, from + rows * elementBytes)));
      this.#sent += rows;
      this.#report(party);
    }
  }

  async #receiveAll(party: EcdhParty): Promise<void> {
    const computing: Promise<void>[] = [];
    try {
      while (!party.holdsAll) {
        const event = party.receive(await this.#options.wire.receive());
        switch (event.kind) {
          case 'points': {
            this.#theirs.append(leafHash(event.points));
            this.#prints.set(pointPrints(event.points), event.index * batchRows * printBytes);
            const batch = this.#evaluate(party, event.index, event.points);
            // Whoever awaits it is told; until then another failure comes first.
            batch.catch(() => {});
            computing.push(batch);
            if (computing.length > batchesAhead) await computing.shift();
            break;
          }
          case 'tags':
            this.#tagsOfMine.set(event.tags, event.index * batchRows * party.tagBytes);
            break;
          case 'agreed':
          case 'done':
            throw new ProtocolError('wrong-order', `the host sent ${event.kind} in the middle of the exchange`);
        }
      }
    } finally {
      await Promise.all(computing);
    }
  }

  async #evaluate(party: EcdhParty, index: number, points: Uint8Array): Promise<void> {
    const { kernel } = this.#options;
    const tag = { context: tagContext(this.#run), bytes: party.tagBytes };
    const tags = await kernel.evaluate({ points, scalar: this.#scalar, tag });
    this.#tagsOfTheirs.set(tags, index * batchRows * party.tagBytes);
    this.#evaluated += points.length / elementBytes;
    this.#report(party);
  }

  async #sendTags(party: EcdhParty): Promise<void> {
    const { learns } = this.#options.party;
    if (learns.peer === 'count') this.#tagsOfTheirs = await ascending(this.#tagsOfTheirs, party.tagBytes);
    for (let index = 0; index < party.tagBatches.outgoing; index++) {
      const from = index * batchRows * party.tagBytes;
      const tags = this.#tagsOfTheirs.subarray(from, from + rowsInBatch(party.peer.count, index) * party.tagBytes);
      await this.#options.wire.send(party.tags(index, tags));
    }
  }

  /** Both sides have seen the same exchange, or nothing of it is looked at. */
  async #finish(party: EcdhParty, root: Uint8Array): Promise<Exchanged> {
    const { wire } = this.#options;
    const { peer, tagBytes, tagBatches } = party;
    checkCommitment({ received: this.#theirs.root(), committed: peer.root });
    const mine: Said = {
      count: this.#count,
      root,
      tags: sha256(tagBatches.outgoing > 0 ? this.#tagsOfTheirs : new Uint8Array(0)),
    };
    const theirs: Said = { count: peer.count, root: peer.root, tags: sha256(this.#tagsOfMine) };
    const transcript = transcriptDigest(this.#run, { proposer: theirs, partner: mine });
    await wire.send(party.done(transcript));
    const last = party.receive(await wire.receive());
    if (last.kind !== 'done') throw new ProtocolError('wrong-order', `the host sent ${last.kind} at the end`);
    checkTranscript({ own: transcript, peer: last.transcript });
    const matched = await this.#join(tagBytes);
    return { matched, peer: { count: peer.count, root: peer.root, kernel: peer.kernel }, root, transcript };
  }

  async #join(tagBytes: number): Promise<Uint32Array> {
    const shape = { rowBytes: printBytes, keyBytes: printBytes };
    const [own, theirs] = [
      await plainRowSorter.sortRows(pointPrints(this.#points), shape),
      await plainRowSorter.sortRows(this.#prints, shape),
    ];
    checkDistinct(theirs, shape);
    if (haveCommonKey(own, theirs, shape))
      throw new ProtocolError('not-distinct', "an element of ours is in the host's list");
    if (this.#tagsOfMine.length === 0) return new Uint32Array(0);
    const numberedShape = { rowBytes: tagBytes + 4, keyBytes: tagBytes };
    const [a, b] = [
      await plainRowSorter.sortRows(numbered(this.#tagsOfMine, tagBytes), numberedShape),
      await plainRowSorter.sortRows(numbered(this.#tagsOfTheirs, tagBytes), numberedShape),
    ];
    return intersectTags({ mine: a, theirs: b }, tagBytes);
  }

  #report({ peer }: EcdhParty): void {
    this.#options.onProgress('exchange', {
      done: this.#sent + this.#evaluated,
      total: this.#count + peer.count,
    });
  }
}

/** Tags with their positions behind them, little-endian, as `intersectTags` takes them once they are sorted. */
function numbered(tags: Uint8Array, tagBytes: number): Uint8Array {
  const rowBytes = tagBytes + 4;
  const rows = new Uint8Array((tags.length / tagBytes) * rowBytes);
  const view = new DataView(rows.buffer);
  for (let i = 0, from = 0, to = 0; from < tags.length; i++, from += tagBytes, to += rowBytes) {
    for (let k = 0; k < tagBytes; k++) rows[to + k] = tags[from + k]!;
    view.setUint32(to + tagBytes, i, true);
  }
  return rows;
}

/** Tags in ascending order: their order then says nothing about the list that they were taken of. */
async function ascending(tags: Uint8Array, tagBytes: number): Promise<Uint8Array> {
  const shape = { rowBytes: tagBytes, keyBytes: tagBytes };
  const sorted = await plainRowSorter.sortRows(tags, shape);
  checkDistinct(sorted, shape);
  return sorted;
}
