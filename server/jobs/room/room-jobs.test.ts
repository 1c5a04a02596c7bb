import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RoomManifest, RoomTerms } from '@causeway/core/applications/room';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { withVisits } from '../../../core/applications/room/testing/terms.ts';
import { WorkError } from '../work/index.ts';
import type { RoomResult } from './index.ts';
import { type Obstacles, type Party, parties, RoomParties, sharedIds } from './testing/room-parties.ts';

let folder: string;
let room: RoomParties;
let rooms = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-room-jobs-'));
});
afterEach(() => room.network.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function opened(silenceMs?: number, changes: Partial<RoomTerms> = {}): Promise<void> {
  const options = { changes, ...(silenceMs === undefined ? {} : { silenceMs }) };
  room = await RoomParties.open(join(folder, String(++rooms)), options);
}

const othersThan = (victim: Party) => parties.filter((party) => party !== victim);

async function runAll(of: readonly Party[], obstacles: Obstacles = {}): Promise<Promise<RoomResult>[]> {
  const running = await Promise.all(of.map((party) => room.run(party, obstacles)));
  return running.map(({ end }) => end);
}

/** Code of the failure or pause that ends a run. */
const codeOf = (end: Promise<unknown>) =>
  end.then(
    () => 'finished',
    ({ name, code }: { name: string; code: string }) => `${name} ${code}`,
  );

/** Runs the job at one party up to a stage, where it is killed. */
async function killedAt(victim: Party, stage: string, of: Obstacles = {}): Promise<void> {
  const reached = Promise.withResolvers<void>();
  const at = (name: string) => {
    if (name !== stage) return;
    room.network.kill(victim);
    reached.resolve();
  };
  await room.run(victim, { ...of, at });
  await reached.promise;
}

/** Loads a room up to its end at all but one party, which has signed; then all of them are killed. */
async function finishedWith(victim: Party): Promise<void> {
  await opened();
  const others = await runAll(othersThan(victim));
  const settling = Promise.withResolvers<void>();
  await room.run(victim, { at: (stage) => stage === 'settle' && settling.resolve() });
  await settling.promise;
  await Promise.all(others);
  for (const party of [victim, ...othersThan(victim)]) room.network.kill(party);
}

function expectLoaded(): void {
  const [brand, media] = [room.tables.get('crm')!, room.tables.get('users')!];
  expect(brand.filter((pseudonym) => media.includes(pseudonym))).toHaveLength(sharedIds);
  expect(room.network.state).toMatchObject({ status: 'finished', failures: [] });
  expect(room.network.state.released.map(({ organisation }) => organisation).toSorted()).toEqual(parties.toSorted());
}

const contributing = [
  'join',
  'prepare phone',
  'commit phone',
  'exchange phone',
  'pseudonyms phone',
  'encode',
  'seal',
  'upload',
  'settle',
  'release',
];
const keeping = ['open', 'receive', 'load', 'settle', 'release'];
const places = [
  ...contributing.flatMap((stage) => [['brand', stage] as const, ['media', stage] as const]),
  ...keeping.map((stage) => ['clean', stage] as const),
];

describe('loading a room', () => {
  it('gives one identifier one pseudonym in both tables, and all release', async () => {
    await opened();
    await Promise.all(await runAll(parties));
    expectLoaded();
    expect(room.loads).toBe(1);
  });

  it.each(places)('[F51] goes on after %s was killed when it began to %s', async (victim, stage) => {
    await opened();
    const others = await runAll(othersThan(victim));
    await killedAt(victim, stage);
    const { end } = await room.run(victim);
    await Promise.all([end, ...others]);
    expectLoaded();
  });

  it.each(['none', 'exchange phone crm', 'pseudonyms phone visits', 'encode', 'seal', 'upload', 'settle'])(
    'joins the tables of one contributor, and those of the other, by one pseudonym; killed at: %s',
    async (stage) => {
      await opened(undefined, withVisits());
      const others = await runAll(['media', 'clean']);
      if (stage !== 'none') await killedAt('brand', stage);
      await Promise.all([(await room.run('brand')).end, ...others]);
      expectLoaded();
      const [crm, users, visits] = ['crm', 'users', 'visits'].map((table) => room.tables.get(table)!);
      expect(visits!.map((pseudonym) => crm!.indexOf(pseudonym))).toEqual([1, 8, 1, 1, -1, 8]);
      expect(visits!.map((pseudonym) => users!.indexOf(pseudonym))).toEqual([-1, 4, -1, -1, -1, 4]);
    },
  );

  it.each([[['crm']], [['crm', 'visits', 'visits']], [['visits', 'crm']]])(
    'is refused where a contributor announces other tables than were agreed: %s',
    async (tables) => {
      await opened(undefined, withVisits());
      const [, keeper] = await runAll(['media', 'clean']);
      await killedAt('brand', 'upload');
      const path = join(room.network.folderOf('brand'), 'manifest');
      const manifest = JSON.parse(await readFile(path, 'utf8')) as RoomManifest;
      const forged = tables.map((table) => manifest.tables.find((one) => one.table === table)!);
      await writeFile(path, JSON.stringify({ ...manifest, tables: forged }));
      await room.run('brand');
      expect(await codeOf(keeper!)).toBe('JobFailure wrong-plan');
    },
  );

  it.each(parties)(
    '[F51] comes to its end at %s, killed after it had signed, when nobody else is there',
    async (victim) => {
      await finishedWith(victim);
      for (const party of othersThan(victim)) await rm(room.network.folderOf(party), { recursive: true });
      const { end } = await room.run(victim);
      await end;
      expectLoaded();
      expect(room.loads).toBe(1);
    },
  );

  it.each(parties)(
    'ends at %s with what to do, where its folder is gone and the others have finished',
    async (victim) => {
      await finishedWith(victim);
      await rm(room.network.folderOf(victim), { recursive: true });
      expect(await codeOf((await room.run(victim)).end)).toBe('JobFailure work-lost');
      expect(room.network.state).toMatchObject({ status: 'finished', failures: [] });
    },
  );

  it.each([
    ['brand', 'exchange phone'],
    ['media', 'upload'],
    ['clean', 'receive'],
    ['clean', 'load'],
  ] as const)(
    '[F54] ends at all, where %s was killed when it began to %s and never comes back',
    async (victim, stage) => {
      await opened(300);
      const others = await runAll(othersThan(victim));
      await killedAt(victim, stage);
      expect(await Promise.all(others.map(codeOf))).toEqual(['JobFailure partner-silent', 'JobFailure partner-silent']);
      expect(room.network.state.status).toBe('failed');
      // Should it come back after all, it ends there too.
      expect(await codeOf((await room.run(victim)).end)).toBe('JobFailure partner-silent');
    },
  );

  it('ends at all at once, where a contributor finds its own list too small while it serves the others', async () => {
    await opened();
    const others = await runAll(['media', 'clean']);
    expect(await codeOf((await room.run('brand', { keys: async () => 0 })).end)).toBe('JobFailure list-below-minimum');
    expect(await Promise.all(others.map(codeOf))).toEqual([
      'JobFailure list-below-minimum',
      'JobFailure list-below-minimum',
    ]);
  });

  it('[F54] ends at all, where a contributor is paused and nobody resumes it', async () => {
    await opened(300);
    const others = await runAll(['media', 'clean']);
    const full = async () => {
      throw new WorkError('disk-full', 'no room');
    };
    expect(await codeOf((await room.run('brand', { encode: full })).end)).toBe('JobPaused disk-full');
    expect(await Promise.all(others.map(codeOf))).toEqual(['JobFailure partner-silent', 'JobFailure partner-silent']);
  });

  it('goes on where a contributor was paused and is resumed', async () => {
    await opened();
    const others = await runAll(['media', 'clean']);
    const full = async () => {
      throw new WorkError('disk-full', 'no room');
    };
    expect(await codeOf((await room.run('brand', { encode: full })).end)).toBe('JobPaused disk-full');
    await Promise.all([(await room.run('brand')).end, ...others]);
    expectLoaded();
  });

  it('waits for a contributor and a keeper that are at work for longer than partners may be silent', async () => {
    await opened(150);
    const slowly = () => new Promise<void>((resolve) => setTimeout(resolve, 800));
    const ends = await runAll(parties, { encode: slowly, load: slowly });
    await Promise.all(ends);
    expectLoaded();
  });

  it.each(parties)('[F59] that was failed by somebody while %s was away, ends there with that code', async (victim) => {
    await opened();
    const others = await Promise.all(othersThan(victim).map((party) => room.run(party)));
    await killedAt(victim, victim === 'clean' ? 'receive' : 'exchange phone');
    await others[0]!.life.ports.ledger.append('job.failed', { job: 'job-1', code: 'cancelled', exchanged: true });
    expect(await Promise.all(others.map(({ end }) => codeOf(end)))).toEqual([
      'JobFailure cancelled',
      'JobFailure cancelled',
    ]);
    expect(await codeOf((await room.run(victim)).end)).toBe('JobFailure cancelled');
  });

  it('waits with a budget, as with all that it says, for the ledger’s operator', async () => {
    await opened();
    const grant = {
      subjects: 'people',
      receivers: 'group-brand-media',
      period: 1,
      rho: 1000,
      renewableAt: '2100-01-01T00:00:00Z',
    };
    const granting = Promise.withResolvers<void>();
    const budgets = () => {
      room.network.kill('fair-office');
      granting.resolve();
      return [grant];
    };
    const others = await runAll(['media', 'clean']);
    const { end } = await room.run('brand', { budgets });
    await granting.promise;
    await new Promise((resolve) => setTimeout(resolve, 100));
    await room.network.restartOffice();
    await Promise.all([end, ...others]);
    expectLoaded();
  });
});
