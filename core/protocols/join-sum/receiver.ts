/**
 * The side that has ids, and learns. It gets anonymous slots, encrypts for each whether it is in its list, and decrypts what the sender made
 * of that: verdicts on small figures, and released figures.
 */
import { ByteWriter, compareRows, concatBytes, utf8ToBytes } from '../../bytes/index.ts';
import { sha256 } from '../../crypto/index.ts';
import { elementBytes, ristretto255 } from '../../group/index.ts';
import { ceilingRoot, ratio } from '../../privacy/index.ts';
import { batchCount, rowsInBatch } from '../batch.ts';
import { checkTranscript } from '../closing.ts';
import { checkAscending, haveCommonKey } from '../distinct.ts';
import { ProtocolError } from '../protocol-error.ts';
import { openCheckSlots, verifyCheckSlots } from './check-slots.ts';
import { open, proveKey } from './elgamal.ts';
import { gateRange, placeDigests, readVerdicts, verdictMessage } from './gate.ts';
import type { Gate, Hello, Release } from './messages.ts';
import { checkCount, ciphertextBytes, decoyCount, proofContext, tagContext } from './parameters.ts';
import { checkBytes } from './party.ts';
import {
  canaryCounts,
  cellCountOf,
  checkPlan,
  gateGroupsMax,
  gateLines,
  hasGate,
  noiseVariance,
  rangeOf,
  releasedMeasures,
  type SumPlan,
  tableOf,
} from './plan.ts';
import { buildPoints, proveLabels } from './receiver-list.ts';
import { atOnce, type Conversation, expectType, type RoleOptions } from './role-options.ts';
import { RunSeed } from './run-seed.ts';
import { placesIn } from './sender.ts';
import { checkRoot, refusingPoints, Talk } from './talk.ts';

export interface ReceiverOptions extends RoleOptions {
  /** Distinct match keys of each group, 16 bytes a row. */
  readonly groups: readonly Uint8Array[];
  /** Signs the verdicts with the organisation's key. */
  readonly sign: (message: Uint8Array) => Uint8Array;
}

export interface ReceiverResult {
  readonly peer: Hello;
  readonly root: Uint8Array;
  readonly transcript: Uint8Array;
  /** Digest of the salted figures. */
  readonly result: Uint8Array;
  /** Group by group, cell by cell, measure by measure of `releasedMeasures`; undefined where it was held back. */
  readonly figures: readonly (number | undefined)[];
  /** Matched rows of each group, blurred by the decoys. */
  readonly blurredTotals: readonly number[];
}

/**
 * Runs the receiver to its end over one conversation; call it again with a new one after an interruption.
 * @throws {ProtocolError} for a peer that leaves the protocol, `sum-out-of-range` for a figure that cannot be: nothing is to be shown then.
 */
export function runReceiver(options: ReceiverOptions, conversation: Conversation): Promise<ReceiverResult> {
  checkPlan(options.plan);
  return refusingPoints(() => new Receiver(options).run(conversation));
}

const pointShape = { rowBytes: elementBytes, keyBytes: elementBytes };

class Receiver {
  readonly #options: ReceiverOptions;
  readonly #seed: RunSeed;
  /** α, and x of the key under which the bits are encrypted. */
  readonly #scalar: Uint8Array;
  readonly #secretKey: Uint8Array;
  readonly #publicKey: Uint8Array;
  readonly #bitSeed: Uint8Array;
  #talk!: Talk;
  #own!: Uint8Array;
  #gateRound = 0;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#seed = new RunSeed(options.seed);
    this.#scalar = this.#seed.scalar('blinding');
    this.#secretKey = this.#seed.scalar('sums');
    this.#publicKey = ristretto255.multiplyBase(this.#secretKey);
    this.#bitSeed = this.#seed.bytes('bits');
  }

  async run(conversation: Conversation): Promise<ReceiverResult> {
    const { keep, groups, run, prefix, kernel, sorter, plan } = this.#options;
    const { groupCount } = plan;
    this.#own = await keep('points', () => buildPoints({ groups, run, prefix }, this.#scalar, { kernel, sorter }));
    const root = this.#digest(this.#own);
    const keyProof = proveKey(this.#secretKey, proofContext(run, 'sum-key'), this.#seed.stream('key-proof'));
    this.#talk = await Talk.begin(this.#options, conversation, 'receiver', {
      rows: groups.map((keys) => keys.length / 16),
      root,
      blindingKey: ristretto255.multiplyBase(this.#scalar),
      opening: concatBytes(this.#publicKey, keyProof),
    });
    let theirs: Uint8Array = new Uint8Array(0);
    await atOnce(
      conversation,
      this.#sayPoints(),
      this.#hearPoints().then((points) => {
        theirs = points;
      }),
    );
    const bits = await this.#matches(theirs);
    await this.#sayBits(bits);
    const { peer } = this.#talk.party;
    const check = await this.#talk.hear('check');
    const peerList = { key: peer.blindingKey, emptyDigest: peer.opening, points: theirs };
    verifyCheckSlots(check, { run, groupCount }, peerList);
    await this.#talk.say({ type: 'opening', scalars: openCheckSlots(check, { groupCount, seed: this.#bitSeed }) });
    const release = await this.#gate();
    const figures = await this.#decode(release);
    const result = this.#resultDigest(figures);
    const { digest: transcript } = this.#talk.close();
    await this.#talk.say({ type: 'done', transcript, result });
    checkTranscript({ own: transcript, peer: (await this.#talk.hear('done')).transcript });
    return { peer, root, transcript, result, figures, blurredTotals: blurredTotals(bits, groupCount) };
  }

  async #sayPoints(): Promise<void> {
    const { run, plan, batchRows } = this.#options;
    const count = this.#own.length / elementBytes;
    for (let index = 0; index < batchCount(count, batchRows); index++) {
      const at = index * batchRows * elementBytes;
      const rows = this.#own.subarray(at, at + rowsInBatch(count, index, batchRows) * elementBytes);
      await this.#talk.say({ type: 'points', index, rows });
    }
    const random = this.#seed.stream('label-proof');
    await this.#talk.say(proveLabels({ run, groupCount: plan.groupCount }, this.#scalar, random));
  }

  async #hearPoints(): Promise<Uint8Array> {
    const { sizes, peer } = this.#talk.party;
    const pieces: Uint8Array[] = [];
    for (let index = 0; index < batchCount(sizes.sender, this.#options.batchRows); index++) {
      pieces.push((await this.#talk.hear('points')).rows);
    }
    const points = concatBytes(...pieces);
    checkRoot(this.#digest(points), peer);
    checkAscending(points, pointShape);
    for (const group of this.#ownGroups()) {
      if (haveCommonKey(group, points, pointShape)) {
        throw new ProtocolError('not-distinct', "an element of ours is in the partner's list");
      }
    }
    return points;
  }

  /** b: for each of the sender's slots and each own group, whether the slot is in the group. */
  async #matches(points: Uint8Array): Promise<Uint8Array> {
    const { kernel, sorter, run, plan, batchRows, keep } = this.#options;
    const { sizes, tagBytes: width } = this.#talk.party;
    const slotTags = await keep('tags-of-slots', async () => {
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < points.length; at += batchRows * elementBytes) {
        const batch = points.slice(at, at + batchRows * elementBytes);
        const tag = { context: tagContext(run), bytes: width };
        pieces.push(await kernel.evaluate({ points: batch, scalar: this.#scalar, tag }));
      }
      return concatBytes(...pieces);
    });
    const rowBytes = width + 4;
    const slots = await sorter.sortRows(numbered(slotTags, width), { rowBytes, keyBytes: width });
    const tags = await this.#hearTags();
    const bits = new Uint8Array(sizes.sender * plan.groupCount);
    let at = 0;
    for (const [group, count] of sizes.groups.entries()) {
      const theirs = tags.subarray(at, at + count * width);
      checkAscending(theirs, { rowBytes: width, keyBytes: width });
      for (const slot of commonSlots(slots, theirs, width)) bits[slot * plan.groupCount + group] = 1;
      at += theirs.length;
    }
    return bits;
  }

  async #hearTags(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for (let index = 0; index < batchCount(this.#talk.party.sizes.receiver, this.#options.batchRows); index++) {
      pieces.push((await this.#talk.hear('tags')).rows);
    }
    return concatBytes(...pieces);
  }

  async #sayBits(bits: Uint8Array): Promise<void> {
    const { sums, plan, onProgress } = this.#options;
    const perMessage = this.#talk.party.slotsPerMessage * plan.groupCount;
    for (let index = 0; index * perMessage < bits.length; index++) {
      const firstRow = index * perMessage;
      const batch = bits.slice(firstRow, firstRow + perMessage);
      const rows = await sums.encryptBits({ publicKey: this.#publicKey, seed: this.#bitSeed, firstRow, bits: batch });
      await this.#talk.say({ type: 'bits', index, rows });
      onProgress?.({ done: firstRow + batch.length, total: bits.length });
    }
  }

  /** M6 and M7, up to two rounds; then M8. */
  async #gate(): Promise<Release> {
    for (;;) {
      const message = await this.#talk.hearAny();
      if (message.type === 'release') return message;
      await this.#judge(expectType(message, 'gate'));
    }
  }

  async #judge(first: Gate): Promise<void> {
    const { plan, kernel, run, sign, batchRows } = this.#options;
    const round = this.#gateRound;
    const { placeCount } = first;
    if (round > 1) throw new ProtocolError('wrong-order', 'the partner tests a third time');
    // The second round is of joint figures; how many there are follows from the verdicts, whose order the sender alone knows.
    const expected = round === 0 ? placesOf(gateLines(plan).length) : placeCount;
    if (placeCount !== expected || placeCount === 0 || placeCount > gateGroupsMax) {
      throw new ProtocolError(
        'wrong-count',
        `expected tests of ${expected} figures, the partner announces ${placeCount}`,
      );
    }
    const range = gateRange(plan);
    const placeBytes = range.length * ciphertextBytes;
    const perMessage = placesIn(range.length, batchRows);
    const pieces: Uint8Array[] = [];
    for (let message = first; ; message = await this.#talk.hear('gate')) {
      if (message.round !== round || message.placeCount !== placeCount || message.index !== pieces.length) {
        throw new ProtocolError('wrong-order', 'the tests came out of turn');
      }
      checkBytes('the tests', message.tests, rowsInBatch(placeCount, pieces.length, perMessage) * placeBytes);
      pieces.push(message.tests);
      if (pieces.length === batchCount(placeCount, perMessage)) break;
    }
    const tests = concatBytes(...pieces);
    const verdicts = await readVerdicts(tests, range, { kernel, secretKey: this.#secretKey });
    const digests = placeDigests(tests, range);
    const signature = sign(verdictMessage(run, round, { publicKey: this.#publicKey, digests, verdicts }));
    this.#gateRound += 1;
    await this.#talk.say({ type: 'verdicts', round, verdicts, signature });
  }

  async #decode({ released, ciphertexts }: Release): Promise<(number | undefined)[]> {
    const { plan, sums } = this.#options;
    if (hasGate(plan) && this.#gateRound === 0)
      throw new ProtocolError('wrong-order', 'the partner released untested figures');
    const figures = figuresOf(plan);
    checkBytes('the list of released figures', released, figures.length);
    if (released.some((bit) => bit > 1)) throw new ProtocolError('malformed-message', 'a figure is released or not');
    const shown = figures.filter((_, i) => released[i] === 1);
    if (shown.length > 0 || ciphertexts.length > 0) {
      checkBytes('the released figures', ciphertexts, shown.length * ciphertextBytes);
    }
    const points = new Uint8Array(shown.length * elementBytes);
    for (let i = 0; i < shown.length; i++) {
      const ciphertext = ciphertexts.subarray(i * ciphertextBytes, (i + 1) * ciphertextBytes);
      for (const half of [0, 32]) ristretto255.checkElement(ciphertext.subarray(half, half + 32), i);
      points.set(open(this.#secretKey, ciphertext), i * elementBytes);
    }
    const rows = this.#talk.party.peer.rows[0]!;
    const bounds = shown.map((figure) => boundsOf(plan, figure, rows));
    const values = await sums.logs({
      points,
      low: Float64Array.from(bounds, ({ low }) => low),
      high: Float64Array.from(bounds, ({ high }) => high),
    });
    if (values.some(Number.isNaN)) {
      throw new ProtocolError('sum-out-of-range', 'a figure is outside the bounds that were agreed');
    }
    let next = 0;
    return figures.map((_, i) => (released[i] === 1 ? values[next++]! : undefined));
  }

  /** Small figures could be guessed from their digest: so they are salted, with what the seed gives. */
  #resultDigest(figures: readonly (number | undefined)[]): Uint8Array {
    const writer = new ByteWriter()
      .raw(utf8ToBytes('causeway/v1/join-sum/result'))
      .raw(this.#seed.bytes('result-salt'));
    for (const figure of figures) {
      writer.u8(figure === undefined ? 0 : figure < 0 ? 2 : 1).u64(Math.abs(figure ?? 0));
    }
    return sha256(writer.finish());
  }

  *#ownGroups(): Generator<Uint8Array> {
    let at = 0;
    for (const count of this.#talk.party.sizes.groups) {
      yield this.#own.subarray(at, at + count * elementBytes);
      at += count * elementBytes;
    }
  }

  #digest(points: Uint8Array): Uint8Array {
    const hash = this.#options.sha256();
    hash.update(points);
    return hash.digest();
  }
}

function placesOf(lineCount: number): number {
  return lineCount + canaryCounts(lineCount).all;
}

interface Figure {
  readonly cell: number;
  readonly measure: number;
}

/** The figures that may be released, in plan order. */
function figuresOf(plan: SumPlan): Figure[] {
  const measures = [...releasedMeasures(plan).keys()];
  const cells = Array.from({ length: cellCountOf(plan) }, (_, cell) => cell);
  const ofGroup = cells.flatMap((cell) => measures.map((measure) => ({ cell, measure })));
  return Array.from({ length: plan.groupCount }, () => ofGroup).flat();
}

/** What a figure over at most `rows` rows can be, with noise of up to 8σ: beyond it lies less than 2^-49. */
function boundsOf(
  plan: SumPlan,
  { cell, measure }: Figure,
  rows: number,
): { readonly low: number; readonly high: number } {
  const of = releasedMeasures(plan)[measure]!;
  const { min, max } = rangeOf(plan, of);
  const variance = noiseVariance(plan, plan.tables[tableOf(plan, cell).table]!, of);
  const margin = Number(ceilingRoot(ratio(64n * variance.numerator, variance.denominator)));
  return { low: rows * Math.min(0, min) - margin, high: rows * Math.max(0, max) + margin };
}

/** Slots that match, less what labels add: 70 of the decoys on average, and the check labels. */
function blurredTotals(bits: Uint8Array, groupCount: number): number[] {
  const totals = new Array<number>(groupCount).fill(-(decoyCount / 2 + checkCount));
  for (const [i, bit] of bits.entries()) totals[i % groupCount]! += bit;
  return totals;
}

/** Each tag with its position behind it: 4 bytes, little-endian. */
function numbered(tags: Uint8Array, width: number): Uint8Array {
  const count = tags.length / width;
  const rows = new Uint8Array(count * (width + 4));
  for (let i = 0, to = 0; i < count; i++) {
    for (let k = 0; k < width; k++) rows[to++] = tags[i * width + k]!;
    for (let k = 0; k < 4; k++) rows[to++] = (i >>> (8 * k)) & 255;
  }
  return rows;
}

/** Positions of the slots whose tag is in the other list; both ascend. */
function* commonSlots(slots: Uint8Array, tags: Uint8Array, width: number): Generator<number> {
  const rowBytes = width + 4;
  for (let i = 0, j = 0; i < slots.length && j < tags.length; ) {
    const difference = compareRows(slots, i, tags, j, width);
    if (difference === 0) {
      const at = i + width;
      yield (slots[at]! | (slots[at + 1]! << 8) | (slots[at + 2]! << 16) | (slots[at + 3]! << 24)) >>> 0;
    }
    if (difference <= 0) i += rowBytes;
    else j += width;
  }
}
