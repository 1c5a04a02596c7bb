import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Learns } from '@causeway/core/protocols';
import { SeededRandom } from '@causeway/core/random';
import { openVoleKernel, systemRandom } from '@causeway/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EcdhRound } from './ecdh/ecdh-round.ts';
import type { MatchRound, RoundOptions } from './match-round.ts';
import { channelPair, party, rowsOf, runTo } from './testing/two-sides.ts';
import { VoleRound } from './vole/vole-round.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'differential-'));
});
afterAll(() => rm(folder, { recursive: true }));

const vole = openVoleKernel({ threads: 2 });
afterAll(() => vole?.close());

type Lists = readonly [readonly number[], readonly number[]];
const learnings: readonly (readonly [Learns, Learns])[] = [
  ['rows', 'rows'],
  ['rows', 'nothing'],
  ['nothing', 'rows'],
];

/** What both sides learn of two lists, row i carrying the identifier ids[i], or none for 0. */
async function learned(
  name: string,
  lists: Lists,
  learns: readonly [Learns, Learns],
  open: (options: RoundOptions) => MatchRound,
) {
  const sides = ['proposer', 'partner'] as const;
  const parties = await Promise.all(
    sides.map((side, i) =>
      party({
        open,
        folder,
        name: `${name}/${side}`,
        side,
        ids: lists[i]!,
        learns: [learns[i]!, learns[1 - i]!],
        random: systemRandom,
      }),
    ),
  );
  const channels = channelPair();
  const results = await Promise.all(parties.map((each, i) => runTo(each, channels[i]!)));
  return results.map(({ matchedKeys, rows, set, exchange }, i) => ({
    matchedKeys,
    rows: rows && rowsOf(rows, lists[i]!.length),
    keyCount: set.keyCount,
    partnerCount: exchange.peer.count,
  }));
}

/** Lists of random lengths, overlap and repetition; some rows without an identifier. */
function randomLists(random: SeededRandom): Lists {
  const number = (below: number) => new DataView(random.bytes(4).buffer).getUint32(0) % below;
  const space = 1 + number(120);
  const list = () => Array.from({ length: number(90) }, () => (number(9) === 0 ? 0 : 1 + number(space)));
  return [list(), list()];
}

/** Lists that are tried; thousands of them where somebody waits for it. */
const shapes = Number(process.env.CAUSEWAY_DIFFERENTIAL_SHAPES ?? 60);

describe.skipIf(!vole)(`psi/vole and psi/ecdh${vole ? '' : ': the native library is not built'}`, () => {
  it(`give both sides the same, whatever the lists are: ${shapes} shapes`, { timeout: shapes * 10_000 }, async () => {
    for (let seed = 0; seed < shapes; seed++) {
      const lists = randomLists(new SeededRandom(`shape ${seed}`));
      const learns = learnings[seed % learnings.length]!;
      const traffic = seed % 3 === 0 ? ('low' as const) : undefined;
      const byVole = await learned(
        `vole-${seed}`,
        lists,
        learns,
        (options) => new VoleRound({ ...options, traffic }, vole!),
      );
      const byEcdh = await learned(`ecdh-${seed}`, lists, learns, (options) => new EcdhRound(options));
      expect(byVole, `seed ${seed}`).toEqual(byEcdh);
    }
  });
});
