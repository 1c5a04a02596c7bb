/**
 * The side that has segments and values. It learns whether figures are below the minimum, and nothing of who matched: what it adds up is
 * encrypted under the receiver's key.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '../../bytes/index.ts';
import { verify } from '../../crypto/index.ts';
import { elementBytes, ristretto255 } from '../../group/index.ts';
import { batchCount, rowsInBatch } from '../batch.ts';
import { checkTranscript } from '../closing.ts';
import { checkAscending, haveCommonKey } from '../distinct.ts';
import { ProtocolError } from '../protocol-error.ts';
import { nameCheckSlots, verifyOpening } from './check-slots.ts';
import { addRows, rerandomize } from './elgamal.ts';
import { edgeOf, findLie, gateRange, type Lie, layOutRound, placeDigests, testRound, verdictMessage } from './gate.ts';
import type { Check, Hello, Verdicts } from './messages.ts';
import { ciphertextBytes, tagContext } from './parameters.ts';
import {
  cellCountOf,
  checkPlan,
  gateLines,
  hasGate,
  type Line,
  measuresOf,
  releasedMeasures,
  sumIndex,
} from './plan.ts';
import { verifyLabels } from './receiver-list.ts';
import { atOnce, type Conversation, type RoleOptions } from './role-options.ts';
import { RunSeed } from './run-seed.ts';
import { buildSlots, splitSlots } from './sender-list.ts';
import { CellSums, cellBases, type SenderRows, withNoise } from './sums.ts';
import { hiddenFigures, jointLines, needsJointTest, partitionsOf } from './suppress.ts';
import { checkRoot, refusingPoints, Talk } from './talk.ts';

export interface SenderOptions extends RoleOptions {
  readonly rows: SenderRows;
  /** Secret of the dataset, 32 bytes: moves the edges of the minimum, the same in every run. */
  readonly edgeSecret: Uint8Array;
  /** The key under which the receiver signs its verdicts. */
  readonly receiverKey: Uint8Array;
  /** Told when a verdict was a lie, before the run ends: what convinces a third party. */
  readonly onLie?: (lie: Lie) => void | Promise<void>;
}

export interface SenderResult {
  readonly peer: Hello;
  readonly root: Uint8Array;
  readonly transcript: Uint8Array;
  /** Digest of the salted result, as the receiver told it. */
  readonly result: Uint8Array;
  /** For each gated figure of the plan, in the order of `gateLines`, whether the receiver said that it is below the minimum. */
  readonly verdicts: readonly boolean[];
}

/**
 * Runs the sender to its end over one conversation; call it again with a new one after an interruption.
 * @throws {ProtocolError} for a peer that leaves the protocol: nothing is released then.
 */
export function runSender(options: SenderOptions, conversation: Conversation): Promise<SenderResult> {
  checkPlan(options.plan);
  return refusingPoints(() => new Sender(options).run(conversation));
}

const pointShape = { rowBytes: elementBytes, keyBytes: elementBytes };

class Sender {
  readonly #options: SenderOptions;
  readonly #seed: RunSeed;
  readonly #scalar: Uint8Array;
  readonly #emptySeed: Uint8Array;
  #talk!: Talk;
  #points!: Uint8Array;
  #owners!: Uint32Array;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#seed = new RunSeed(options.seed);
    this.#scalar = this.#seed.scalar('blinding');
    this.#emptySeed = this.#seed.bytes('empty');
  }

  async run(conversation: Conversation): Promise<SenderResult> {
    const { keep, plan, kernel, sorter, rows, run, prefix } = this.#options;
    const of = { keys: rows.keys, groupCount: plan.groupCount, run, prefix };
    const secrets = { seed: this.#seed, scalar: this.#scalar, emptySeed: this.#emptySeed };
    const slots = await keep('slots', () => buildSlots(of, secrets, { kernel, sorter }));
    ({ points: this.#points, owners: this.#owners } = splitSlots(slots));
    checkAscending(this.#points, pointShape);
    const root = this.#digest(this.#points);
    this.#talk = await Talk.begin(this.#options, conversation, 'sender', {
      rows: [rows.keys.length / 16],
      root,
      blindingKey: ristretto255.multiplyBase(this.#scalar),
      opening: sha256(this.#emptySeed),
    });
    let groups: Uint8Array[] = [];
    await atOnce(
      conversation,
      this.#sayPoints(),
      this.#hearPoints().then((heard) => {
        groups = heard;
      }),
    );
    await this.#sayTags(groups);
    const sums = await this.#sumUp();
    const noised = withNoise(plan, sums, this.#seed);
    const verdicts = hasGate(plan)
      ? await this.#gate(
          0,
          gateLines(plan).map((line) => [line]),
          noised,
        )
      : [];
    const hidden = await this.#suppress(noised, verdicts);
    await this.#release(noised, hidden);
    const { digest: transcript } = this.#talk.close();
    const last = await this.#talk.hear('done');
    checkTranscript({ own: transcript, peer: last.transcript });
    await this.#talk.say({ type: 'done', transcript, result: last.result });
    return { peer: this.#talk.party.peer, root, transcript, result: last.result.slice(), verdicts };
  }

  async #sayPoints(): Promise<void> {
    const { batchRows } = this.#options;
    const count = this.#points.length / elementBytes;
    for (let index = 0; index < batchCount(count, batchRows); index++) {
      const at = index * batchRows * elementBytes;
      const rows = this.#points.subarray(at, at + rowsInBatch(count, index, batchRows) * elementBytes);
      await this.#talk.say({ type: 'points', index, rows });
    }
  }

  /** @returns the receiver's points by group, after all checks that come before an answer. */
  async #hearPoints(): Promise<Uint8Array[]> {
    const { plan, run, batchRows } = this.#options;
    const { sizes, peer } = this.#talk.party;
    const pieces: Uint8Array[] = [];
    for (let index = 0; index < batchCount(sizes.receiver, batchRows); index++) {
      pieces.push((await this.#talk.hear('points')).rows);
    }
    const points = concatBytes(...pieces);
    checkRoot(this.#digest(points), peer);
    const groups: Uint8Array[] = [];
    let at = 0;
    for (const count of sizes.groups) {
      const group = points.subarray(at, at + count * elementBytes);
      checkAscending(group, pointShape);
      if (haveCommonKey(group, this.#points, pointShape)) {
        throw new ProtocolError('not-distinct', "an element of ours is in the partner's list");
      }
      groups.push(group);
      at += group.length;
    }
    const labels = await this.#talk.hear('labels');
    verifyLabels(labels, { run, groupCount: plan.groupCount }, { key: peer.blindingKey, groups });
    return groups;
  }

  /** M3: each group's points under both keys, as tags, ascending: so their order says nothing. */
  async #sayTags(groups: readonly Uint8Array[]): Promise<void> {
    const { kernel, sorter, run, batchRows, keep } = this.#options;
    const width = this.#talk.party.tagBytes;
    const tags = await keep('tags-of-peer', async () => {
      const sorted: Uint8Array[] = [];
      for (const group of groups) {
        const pieces: Uint8Array[] = [];
        for (let at = 0; at < group.length; at += batchRows * elementBytes) {
          const points = group.slice(at, at + batchRows * elementBytes);
          const tag = { context: tagContext(run), bytes: width };
          pieces.push(await kernel.evaluate({ points, scalar: this.#scalar, tag }));
        }
        sorted.push(await sorter.sortRows(concatBytes(...pieces), { rowBytes: width, keyBytes: width }));
      }
      return concatBytes(...sorted);
    });
    const count = tags.length / width;
    for (let index = 0; index < batchCount(count, batchRows); index++) {
      const at = index * batchRows * width;
      const rows = tags.subarray(at, at + rowsInBatch(count, index, batchRows) * width);
      await this.#talk.say({ type: 'tags', index, rows });
    }
  }

  /** M4 to M5: adds all ciphertexts up, and has those of the check slots opened before anything is made of the sums. */
  async #sumUp(): Promise<Uint8Array> {
    const { plan, sums, rows, run } = this.#options;
    const { groupCount } = plan;
    const rowBytes = groupCount * ciphertextBytes;
    const check: Check = nameCheckSlots(
      { run, groupCount, rowCount: rows.keys.length / 16, points: this.#points, owners: this.#owners },
      { scalar: this.#scalar, emptySeed: this.#emptySeed, random: this.#seed.stream('check-proof') },
    );
    const checked = new Map<number, Uint8Array>();
    for (const slot of [...check.labelSlots, ...check.emptySlots]) checked.set(slot, new Uint8Array(0));
    const cells = new CellSums(plan, sums, rows, this.#owners);
    for (let slot = 0; slot < this.#owners.length; ) {
      const { rows: ciphertexts } = await this.#talk.hear('bits');
      await cells.add(ciphertexts);
      for (let at = 0; at < ciphertexts.length; at += rowBytes, slot++) {
        if (checked.has(slot)) checked.set(slot, ciphertexts.slice(at, at + rowBytes));
      }
    }
    const total = await cells.finish();
    await this.#talk.say(check);
    const { scalars } = await this.#talk.hear('opening');
    const publicKey = this.#publicKey;
    verifyOpening(scalars, check, { groupCount, publicKey, ciphertexts: (slot) => checked.get(slot)! });
    return total;
  }

  /**
   * M6 and M7, one round.
   * @param lines for each figure that is tested, the sums that are added up to it.
   * @returns for each of them, whether the receiver says that it is below the minimum.
   * @throws {ProtocolError} `verdict-lie`.
   */
  async #gate(round: number, lines: readonly (readonly Line[])[], sums: Uint8Array): Promise<boolean[]> {
    const { plan, edgeSecret, run, receiverKey, onLie } = this.#options;
    const publicKey = this.#publicKey;
    const range = gateRange(plan);
    const figures = lines.map((added) => added.map((line) => this.#sumAt(sums, line)).reduce(addRows));
    const edges = lines.map((added) => (added.length === 1 ? edgeOf(plan, added[0]!, edgeSecret) : 0));
    const keys = { seed: this.#seed, publicKey: this.#publicKey };
    const layout = layOutRound({ round, range, sums: concatBytes(...figures), edges }, keys);
    const tests = await testRound(layout, range, { kernel: this.#options.sums, publicKey: this.#publicKey });
    const placesPerMessage = placesIn(range.length, this.#options.batchRows);
    const bytes = placesPerMessage * range.length * ciphertextBytes;
    for (let index = 0; index * bytes < tests.length; index++) {
      const piece = tests.subarray(index * bytes, (index + 1) * bytes);
      await this.#talk.say({ type: 'gate', round, placeCount: layout.places.length, index, tests: piece });
    }
    const answer: Verdicts = await this.#talk.hear('verdicts');
    const { verdicts, signature } = answer;
    if (answer.round !== round || verdicts.length !== layout.places.length || verdicts.some((bit) => bit > 1)) {
      throw new ProtocolError('wrong-count', 'the verdicts are not those of the tests');
    }
    const digests = placeDigests(tests, range);
    if (!verify(signature, verdictMessage(run, round, { publicKey, digests, verdicts }), receiverKey)) {
      throw new ProtocolError('wrong-proof', 'the partner did not sign its verdicts');
    }
    const place = findLie(layout, verdicts);
    if (place !== undefined) {
      const tested = layout.places[place]!;
      if (tested.kind !== 'canary') throw new RangeError('a figure is no canary');
      const seed = layout.seeds.slice(place * 32, place * 32 + 32);
      const count = layout.counts[place]!;
      const { value } = tested;
      await onLie?.({ publicKey, round, place, value, count, seed, digests, verdicts: verdicts.slice(), signature });
      throw new ProtocolError(
        'verdict-lie',
        'the partner gave a wrong verdict on a figure of which this side knows the right one',
      );
    }
    const isSmall = lines.map(() => false);
    for (const [i, tested] of layout.places.entries()) {
      if (tested.kind === 'figure') isSmall[tested.index] = verdicts[i] === 1;
    }
    return isSmall;
  }

  /** @returns for each figure of the plan, in the order of the sums, whether it is held back. */
  async #suppress(sums: Uint8Array, verdicts: readonly boolean[]): Promise<boolean[]> {
    const { plan, rows } = this.#options;
    const partitions = partitionsOf(plan, verdicts);
    const joint = partitions.filter(needsJointTest);
    const isSmall = joint.length > 0 ? await this.#gate(1, joint.map(jointLines), sums) : [];
    const bases = cellBases(plan, rows);
    return hiddenFigures(plan, partitions, isSmall, (cell) => bases[cell]!);
  }

  /** M8, under fresh randomness: a released ciphertext holds its figure, and nothing of which rows it was made of. */
  async #release(sums: Uint8Array, hidden: readonly boolean[]): Promise<void> {
    const { plan } = this.#options;
    const measureCount = measuresOf(plan).length;
    const random = this.#seed.stream('release');
    const released: number[] = [];
    const ciphertexts: Uint8Array[] = [];
    for (let figure = 0; figure < plan.groupCount * cellCountOf(plan); figure++) {
      for (let measure = 0; measure < releasedMeasures(plan).length; measure++) {
        const index = figure * measureCount + measure;
        released.push(hidden[index] ? 0 : 1);
        if (hidden[index]) continue;
        const sum = sums.subarray(index * ciphertextBytes, (index + 1) * ciphertextBytes);
        ciphertexts.push(rerandomize(this.#publicKey, sum, ristretto255.randomScalar(random)));
      }
    }
    const bits = Uint8Array.from(released);
    await this.#talk.say({ type: 'release', released: bits, ciphertexts: concatBytes(...ciphertexts) });
  }

  #sumAt(sums: Uint8Array, line: Line): Uint8Array {
    const at = sumIndex(this.#options.plan, line) * ciphertextBytes;
    return sums.subarray(at, at + ciphertextBytes);
  }

  get #publicKey(): Uint8Array {
    return this.#talk.party.peer.opening.subarray(0, elementBytes);
  }

  #digest(points: Uint8Array): Uint8Array {
    const hash = this.#options.sha256();
    hash.update(points);
    return hash.digest();
  }
}

/** Places whose tests fit into a message as long as one of points. */
export function placesIn(length: number, batchRows: number): number {
  return Math.max(1, Math.floor((batchRows * elementBytes) / (length * ciphertextBytes)));
}
