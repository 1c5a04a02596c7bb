import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesToHex, concatBytes } from '../../bytes/index.ts';
import { sha256 } from '../../crypto/index.ts';
import { chiSquare, chiSquareTail } from '../../privacy/testing/chi-square.ts';
import { discloseSide, noiseVariance, releasedMeasures, type SumPlan } from './index.ts';
import { decodeMessage, type Message, type Role } from './messages.ts';
import { type Logs, newLogs, play, resultsOf, run } from './testing/both-roles.ts';
import { payloadBytes } from './testing/payload.ts';
import { keysOf, plainFigures, plainNonzero, plan, sampleOf } from './testing/sample.ts';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** Messages that a role heard, decoded. */
function heardBy(role: Role, logs: Logs, groupCount = 1): Exclude<Message, { type: 'hello' }>[] {
  const side = role === 'receiver' ? 'partner' : 'proposer';
  return logs.heard[role].map(
    (bytes) => decodeMessage(bytes, { run, side }, groupCount) as Exclude<Message, { type: 'hello' }>,
  );
}

describe('join/sum against a plain join', () => {
  const shapes = fc.record({
    groups: fc.array(fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 2 }),
    ids: fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 25 }),
    minimumGroupRows: fc.integer({ min: 1, max: 4 }),
    cellsPerRow: fc.integer({ min: 1, max: 2 }),
    seed: fc.string(),
  });

  it('gives every figure that reaches the minimum, and none below it', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async ({ groups, ids, minimumGroupRows, cellsPerRow, seed }) => {
        const shape: SumPlan = {
          ...plan,
          tables: [plan.tables[0]!, { name: 'tags', cellCount: 3, cellsPerRow }],
          groupCount: groups.length,
          minimumGroupRows,
        };
        const sample = sampleOf({ groups, ids }, shape, seed);
        const played = await play({ plan: shape, groups: groups.map(keysOf), rows: sample.rows, seed, batchRows: 300 });
        const { figures } = resultsOf(played).receiver;
        const plain = plainFigures(shape, sample);
        const nonzero = plainNonzero(shape, sample, 0);
        const measures = releasedMeasures(shape);
        for (const [i, figure] of figures.entries()) {
          const count = plain[i - (i % measures.length)]!;
          const behind = i % measures.length === 0 ? count : Math.min(count, nonzero[Math.floor(i / measures.length)]!);
          if (figure !== undefined) expect(figure).toBe(plain[i]);
          if (behind < minimumGroupRows) expect(figure).toBeUndefined();
          // Where nothing of a table is below the minimum, nothing of it is held back.
          if (i % measures.length === 0 && plain.every((n, j) => j % measures.length > 0 || n >= minimumGroupRows)) {
            expect(figure).toBe(count);
          }
        }
      }),
      { numRuns: 8 },
    );
  });

  it.each([
    ['disjoint lists', range(0, 6), range(10, 16)],
    ['one row on each side', [3], [3]],
    ['full overlap', range(0, 9), range(0, 9)],
  ])('%s', async (_, receiver, ids) => {
    const shape = { ...plan, minimumGroupRows: 1 };
    const sample = sampleOf({ groups: [receiver], ids }, shape, 'edges');
    const played = await play({ plan: shape, groups: [keysOf(receiver)], rows: sample.rows });
    const { figures } = resultsOf(played).receiver;
    const plain = plainFigures(shape, sample);
    for (const [i, figure] of figures.entries()) expect([undefined, plain[i]]).toContain(figure);
    expect(figures[0]).toBe(plain[0] === 0 ? undefined : plain[0]);
  });

  it('with noise: figures within eight standard deviations, and what it adds is not the same in two runs', async () => {
    const shape: SumPlan = { ...plan, protection: { kind: 'noise', rho: 20_000, gate: false } };
    const sample = sampleOf({ groups: [range(0, 40)], ids: range(5, 45) }, shape, 'noise');
    const plain = plainFigures(shape, sample);
    const measures = releasedMeasures(shape);
    const results = await Promise.all(
      ['a', 'b'].map(async (seed) =>
        resultsOf(await play({ plan: shape, groups: sample.groups.map(keysOf), rows: sample.rows, seed })),
      ),
    );
    for (const { figures } of results.map(({ receiver }) => receiver)) {
      for (const [i, figure] of figures.entries()) {
        const variance = noiseVariance(shape, shape.tables[0]!, measures[i % measures.length]!);
        const sigma = Math.sqrt(Number(variance.numerator) / Number(variance.denominator));
        expect(Math.abs(figure! - plain[i]!)).toBeLessThanOrEqual(8 * sigma + 1);
      }
    }
    expect(results[0]!.receiver.figures).not.toEqual(plain);
    expect(results[0]!.receiver.figures).not.toEqual(results[1]!.receiver.figures);
  });

  it('a noised figure below the minimum does not pass the gate either', async () => {
    const shape: SumPlan = { ...plan, minimumGroupRows: 40, protection: { kind: 'noise', rho: 500_000, gate: true } };
    const sample = sampleOf({ groups: [range(0, 10)], ids: range(0, 10) }, shape, 'noised gate');
    const played = await play({ plan: shape, groups: sample.groups.map(keysOf), rows: sample.rows, batchRows: 2000 });
    expect(resultsOf(played).receiver.figures.every((figure) => figure === undefined)).toBe(true);
    expect(resultsOf(played).sender.verdicts.every(Boolean)).toBe(true);
  });
});

describe('what crosses the wire', () => {
  const sample = sampleOf({ groups: [range(0, 20)], ids: range(10, 35) }, plan, 'wire');
  const sides = { plan, groups: sample.groups.map(keysOf), rows: sample.rows };

  it('is what the disclosure declares, to each side, and no more', async () => {
    const logs = newLogs();
    const played = await play(sides, logs);
    resultsOf(played);
    for (const role of ['receiver', 'sender'] as const) {
      const declared = discloseSide(role, plan, { groups: [20], sender: 25 }).receives;
      const bytes = new Map<string, number>();
      for (const message of heardBy(role, logs)) {
        if (message.type === 'done') continue;
        bytes.set(message.type, (bytes.get(message.type) ?? 0) + payloadBytes(message));
      }
      expect([...bytes.keys()].sort()).toEqual(declared.map(({ message }) => message).sort());
      for (const entry of declared) {
        if (!('bytes' in entry)) throw new Error('expected lengths');
        const got = bytes.get(entry.message)!;
        // Up to two rounds, and what is held back is not released: these lengths are bounds.
        if (['gate', 'verdicts', 'release'].includes(entry.message)) expect(got).toBeLessThanOrEqual(entry.bytes);
        else expect(got).toBe(entry.bytes);
      }
    }
  });

  it('has the same lengths whatever matches: a simulator needs the sizes and the figures alone', async () => {
    const lengths = async (receiver: number[]) => {
      const logs = newLogs();
      await play({ ...sides, plan: { ...plan, minimumGroupRows: 30 }, groups: [keysOf(receiver)] }, logs);
      return (['receiver', 'sender'] as const).map((role) => logs.heard[role].map((bytes) => bytes.length));
    };
    expect(await lengths(range(10, 30))).toEqual(await lengths(range(100, 120)));
  });

  it('is uniform to whoever lacks the key: points, tags and tests, byte by byte', async () => {
    const logs = newLogs();
    await play(sides, logs);
    const inner = (bytes: Uint8Array) => [...bytes].filter((_, i) => i % 32 > 0 && i % 32 < 31);
    const seen = {
      points: heardBy('receiver', logs).flatMap((m) => (m.type === 'points' ? inner(m.rows) : [])),
      tests: heardBy('receiver', logs).flatMap((m) => (m.type === 'gate' ? inner(m.tests) : [])),
      bits: heardBy('sender', logs).flatMap((m) => (m.type === 'bits' ? inner(m.rows) : [])),
    };
    for (const bytes of Object.values(seen)) {
      const observed = new Array<number>(256).fill(0);
      for (const byte of bytes) observed[byte]! += 1;
      expect(bytes.length).toBeGreaterThan(5000);
      const statistic = chiSquare(observed, new Array<number>(256).fill(1 / 256));
      expect(chiSquareTail(statistic, 255)).toBeGreaterThan(1e-4);
    }
  });

  it('[F25] in two runs over the same lists, no point, tag or ciphertext is the same', async () => {
    const rows = async (seed: string) => {
      const logs = newLogs();
      await play({ ...sides, seed }, logs);
      const bulk = [...heardBy('receiver', logs), ...heardBy('sender', logs)];
      return new Set(
        bulk.flatMap((m) =>
          m.type === 'points' || m.type === 'bits'
            ? range(0, m.rows.length / 32).map((i) => bytesToHex(m.rows.subarray(32 * i, 32 * i + 32)))
            : [],
        ),
      );
    };
    const [a, b] = [await rows('one'), await rows('other')];
    expect([...a].filter((row) => b.has(row))).toEqual([]);
  });

  it('known answers: the digests of the messages for fixed seeds', async () => {
    const logs = newLogs();
    await play(sides, logs);
    const digest = (role: Role, type: Message['type']) => {
      const said = logs.heard[role].filter((_, i) => heardBy(role, logs)[i]!.type === type);
      return bytesToHex(sha256(concatBytes(...said))).slice(0, 16);
    };
    expect({
      M1: digest('sender', 'points'),
      M2: digest('receiver', 'points'),
      M3: digest('receiver', 'tags'),
      M4: digest('sender', 'bits'),
      M5: digest('receiver', 'check'),
      M6: digest('receiver', 'gate'),
      M7: digest('sender', 'verdicts'),
      M8: digest('receiver', 'release'),
    }).toMatchInlineSnapshot(`
      {
        "M1": "c6fc098db1f34e56",
        "M2": "3e4ee10b6e19dc34",
        "M3": "d21c76de7e49756a",
        "M4": "817b7f691d575801",
        "M5": "9e2799e5c49a6178",
        "M6": "0b55890e23ff0b5a",
        "M7": "37f0538262c813de",
        "M8": "9582e0144c741244",
      }
    `);
  });
});

describe('after a cut', () => {
  it('at any message, both sides go on and end as if nothing had been', async () => {
    const sample = sampleOf({ groups: [range(0, 12)], ids: range(4, 20) }, plan, 'cut');
    const sides = { plan, groups: sample.groups.map(keysOf), rows: sample.rows, batchRows: 400 };
    const whole = newLogs();
    const expected = resultsOf(await play(sides, whole)).receiver;
    for (const to of ['receiver', 'sender'] as const) {
      for (const index of range(0, whole.heard[to].length)) {
        const logs = newLogs();
        const cut = await play(sides, logs, (message, carriedTo, i) =>
          carriedTo === to && i === index ? undefined : [message],
        );
        expect(cut.receiver.status === 'rejected' || cut.sender.status === 'rejected').toBe(true);
        const resumed = resultsOf(await play(sides, logs));
        expect(resumed.receiver.figures).toEqual(expected.figures);
        expect(resumed.sender.transcript).toEqual(expected.transcript);
        expect(logs.heard).toEqual(whole.heard);
      }
    }
  }, 120_000);
});
