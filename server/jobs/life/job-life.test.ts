import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LinkError } from '../../link/index.ts';
import { WorkError } from '../work/index.ts';
import { JobFailure, JobLife, JobPaused, type JobPlot, JobStopped } from './index.ts';
import { JobNetwork, job, type PartyLife } from './testing/job-network.ts';

const parties = ['brand', 'media', 'clean'] as const;
type Party = (typeof parties)[number];
const outcome = 'a'.repeat(64);

let folder: string;
let network: JobNetwork;
let networks = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-life-'));
});
afterEach(() => network.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function opened(silenceMs?: number): Promise<void> {
  network = await JobNetwork.open(join(folder, String(++networks)), {
    parties,
    agreement: 'b'.repeat(64),
    ...(silenceMs === undefined ? {} : { silenceMs }),
  });
}

/** How a job of a party came to its end, as a word. */
type End = 'released' | `${'failed' | 'paused'} ${string}` | 'stopped';

interface Running {
  readonly life: PartyLife;
  readonly job: JobLife;
  readonly end: Promise<End>;
  /** Resolves when the job has come to a stage of its end. */
  readonly settling: Promise<void>;
  readonly failure: Promise<JobFailure | JobPaused | undefined>;
}

/** Runs the job at a party; a plot that is not given computes at once what the others do. */
async function run(
  party: Party,
  plot: (of: JobLife, life: PartyLife) => Partial<JobPlot<string>> = () => ({}),
): Promise<Running> {
  const life = await network.boot(party);
  const peers = parties.filter((one) => one !== party);
  const of = new JobLife({ job, peers }, life.ports, life.work, life.signal);
  const settling = Promise.withResolvers<void>();
  const whole: JobPlot<string> = {
    compute: async () => 'result',
    outcome: () => outcome,
    release: async () => 'd'.repeat(64),
    onStage: () => settling.resolve(),
    ...plot(of, life),
  };
  const ended = of.run(whole).then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  const end = ended.then((error): End => {
    if (error === undefined) return 'released';
    if (error instanceof JobStopped) return 'stopped';
    if (error instanceof JobPaused) return `paused ${error.code}`;
    if (error instanceof JobFailure) return `failed ${error.code}`;
    throw error;
  });
  const failure = ended.then((error) => error as JobFailure | undefined);
  return { life, job: of, end, settling: settling.promise, failure };
}

const ends = (running: readonly Running[]) => Promise.all(running.map(({ end }) => end));
const all = async () => Promise.all(parties.map((party) => run(party)));
/** What a partner that is away would do to whoever needs it. */
const unreachable = async () => {
  throw new LinkError('unreachable', 'the partner is away');
};

describe('a job of three', () => {
  it('finishes once, under the signatures of all, and every party releases', async () => {
    await opened();
    expect(await ends(await all())).toEqual(['released', 'released', 'released']);
    expect(network.state).toMatchObject({ status: 'finished', outcome });
    expect(network.state.released).toHaveLength(3);
  });

  it('fails at all, where one has computed another outcome', async () => {
    await opened();
    const running = [
      await run('brand'),
      await run('media'),
      await run('clean', () => ({ outcome: () => 'c'.repeat(64) })),
    ];
    expect(new Set(await ends(running))).toEqual(new Set(['failed transcript']));
    expect(network.state.status).toBe('failed');
  });

  it('[F59] fails at all with the code of the party that failed, whatever the others wait for', async () => {
    await opened();
    const failing = async () => {
      throw new JobFailure('list-below-minimum', 'too short');
    };
    const running = [
      await run('brand', () => ({ compute: failing })),
      await run('media', (of) => ({ compute: () => of.persist('brand', unreachable) })),
      await run('clean'),
    ];
    expect(new Set(await ends(running))).toEqual(new Set(['failed list-below-minimum']));
  });
});

describe('[F51] a party that was killed', () => {
  it('after it had signed, comes to its end when it is back, though no partner is there any more', async () => {
    await opened();
    // It is killed when the others have what they need of it.
    const late = await run('brand');
    const others = [await run('media'), await run('clean')];
    await late.settling;
    expect(await ends(others)).toEqual(['released', 'released']);
    network.kill('brand');
    for (const party of ['media', 'clean']) network.kill(party);
    const back = await run('brand', (of) => ({
      // As every job does: what it has from its partners is in its folder.
      compute: async () => 'result',
      release: async () => (of.isFinished ? 'd'.repeat(64) : Promise.reject(new Error('too early'))),
    }));
    expect(await back.end).toBe('released');
    expect(network.state.released).toHaveLength(3);
  });

  it('after it had signed, and has lost its folder: it fails here alone, and says what to do', async () => {
    await opened();
    const late = await run('brand');
    const others = [await run('media'), await run('clean')];
    await late.settling;
    await ends(others);
    network.kill('brand');
    await rm(network.folderOf('brand'), { recursive: true });
    const back = await run('brand', (of) => ({ compute: () => of.persist('media', unreachable) }));
    expect(await back.end).toBe('failed work-lost');
    expect((await back.failure)?.message).toMatch(/run the agreement again/);
    expect(network.state).toMatchObject({ status: 'finished', failures: [] });
  });

  it('and comes back to a job that has failed: it fails with the partner’s code, without doing anything', async () => {
    await opened();
    const running = [
      await run('media', () => ({ compute: async () => Promise.reject(new JobFailure('set-size', 'too many')) })),
    ];
    expect(await ends(running)).toEqual(['failed set-size']);
    const back = await run('brand', (of) => ({ compute: () => of.persist('media', unreachable) }));
    expect(await back.end).toBe('failed set-size');
    expect((await back.failure) as JobFailure).toMatchObject({ partner: 'media' });
  });

  it('while it released, releases again', async () => {
    await opened();
    const others = [await run('media'), await run('clean')];
    const releasing = Promise.withResolvers<void>();
    await run('brand', () => ({
      release: () => {
        releasing.resolve();
        return new Promise(() => {});
      },
    }));
    await releasing.promise;
    expect(await ends(others)).toEqual(['released', 'released']);
    network.kill('brand');
    expect(await (await run('brand')).end).toBe('released');
  });
});

describe('a job that cannot go on', () => {
  it.each(['disk-full', 'too-many-open-files', 'read-only'] as const)('is paused by %s, and goes on', async (code) => {
    await opened();
    const others = [await run('media'), await run('clean')];
    const full = await run('brand', () => ({ compute: async () => Promise.reject(new WorkError(code, 'no room')) }));
    expect(await full.end).toBe(`paused ${code}`);
    expect(network.state.status).toBe('running');
    expect(await ends([await run('brand'), ...others])).toEqual(['released', 'released', 'released']);
  });

  it('once it has finished, is paused by whatever keeps it from its result, and goes on', async () => {
    await opened();
    const others = [await run('media'), await run('clean')];
    const broken = await run('brand', () => ({ release: async () => Promise.reject(new TypeError('a bug')) }));
    expect(await broken.end).toBe('paused internal');
    expect((await broken.failure)?.cause).toBeInstanceOf(TypeError);
    await ends(others);
    expect(await (await run('brand')).end).toBe('released');
  });

  it('whose failure meets the finish of the others, is finished', async () => {
    await opened();
    const others = [await run('media'), await run('clean')];
    // It has signed; then it comes back and cannot compute, for a reason that may pass.
    const late = await run('brand');
    await late.settling;
    await ends(others);
    network.kill('brand');
    const failing = await run('brand', () => ({
      compute: async () => Promise.reject(new JobFailure('dataset-missing', 'gone')),
    }));
    expect(await failing.end).toBe('paused dataset-missing');
    expect(network.state).toMatchObject({ status: 'finished', failures: [] });
    expect(await (await run('brand')).end).toBe('released');
  });
});

describe('[F54] a partner that is not there', () => {
  it('and never comes back, ends the job at all others', async () => {
    await opened(200);
    const waiting = [
      await run('media', (of) => ({ compute: () => of.persist('brand', unreachable) })),
      await run('clean'),
    ];
    expect(new Set(await ends(waiting))).toEqual(new Set(['failed partner-silent']));
    expect((await waiting[0]!.failure) as JobFailure).toMatchObject({ code: 'partner-silent' });
    // And it hears of that, should it come back.
    expect(await (await run('brand')).end).toBe('failed partner-silent');
  });

  it('and is paused, ends it too', async () => {
    await opened(200);
    const others = [await run('media'), await run('clean')];
    await (await run('brand', () => ({ compute: async () => Promise.reject(new WorkError('disk-full', 'no room')) })))
      .end;
    expect(new Set(await ends(others))).toEqual(new Set(['failed partner-silent']));
  });

  it('but is at work for longer than partners may be silent, is waited for', async () => {
    await opened(100);
    const work = Promise.withResolvers<string>();
    const slow = await run('brand', () => ({ compute: () => work.promise }));
    const others = [
      await run('media'),
      await run('clean', (of) => {
        let tries = 0;
        return {
          compute: () => of.persist('brand', async () => (++tries > 60 ? 'result' : unreachable())),
        };
      }),
    ];
    await new Promise((resolve) => setTimeout(resolve, 500));
    work.resolve('result');
    expect(await ends([slow, ...others])).toEqual(['released', 'released', 'released']);
  });
});

describe('a node that stops', () => {
  it('lets go of a stage, and goes on when it is back', async () => {
    await opened();
    const began = Promise.withResolvers<void>();
    let hasLetGo = false;
    const stopping = await run('brand', (of) => ({
      compute: () =>
        of.stage(async () => {
          began.resolve();
          try {
            for (;;) await of.pause(of.stop);
          } finally {
            hasLetGo = true;
          }
        }),
    }));
    const others = [await run('media'), await run('clean')];
    await began.promise;
    stopping.life.stop();
    expect(await stopping.end).toBe('stopped');
    expect(hasLetGo).toBe(true);
    network.kill('brand');
    expect(await ends([await run('brand'), ...others])).toEqual(['released', 'released', 'released']);
  });

  it('does not wait for the ledger’s operator', async () => {
    await opened();
    const began = Promise.withResolvers<void>();
    const stopping = await run('brand', (of) => ({
      compute: async () => {
        network.kill('fair-office');
        began.resolve();
        await of.say('result.released', { job, digest: outcome }, []);
        return 'result';
      },
    }));
    await began.promise;
    stopping.life.stop();
    expect(await stopping.end).toBe('stopped');
  });
});

describe('the ledger’s operator', () => {
  it('may be away when the job ends: what is said then is said when it is back', async () => {
    await opened();
    const gone = Promise.withResolvers<string>();
    const running = await Promise.all(parties.map((party) => run(party, () => ({ compute: () => gone.promise }))));
    network.kill('fair-office');
    gone.resolve('result');
    await Promise.all(running.map(({ settling }) => settling));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await network.restartOffice();
    expect(await ends(running)).toEqual(['released', 'released', 'released']);
  });
});
