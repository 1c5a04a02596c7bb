/** Figures about shared people through two nodes, held to a plain join; and nodes that die in the middle. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyEvidence } from '@causeway/core/applications/agreement';
import { addon } from '@causeway/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  agreeOnInsight,
  jobEnd,
  openTrialNetwork,
  operationEnd,
  pause,
  publish,
  type TrialInsight,
  type TrialNetwork,
  type TrialNode,
  until,
} from './trial-network.ts';

let network: TrialNetwork;
const people = 1600;
const mobileOf = (i: number) => `138${String(10_000_000 + i * 7_003)}`;
const cities = ['Shanghai', 'Beijing', 'Shenzhen', 'Lhasa'] as const;

/** The media house has people 400 …; every third has two rows, which make one person. */
const mediaRows = Array.from({ length: people }, (_, i) => i + 400).flatMap((person) => {
  const row = (part: number) => ({
    person,
    city: person % 40 === 0 ? 'Lhasa' : cities[person % 3]!,
    sex: person % 2 === 0 ? 'f' : 'm',
    spend: person % 5 === 0 ? 0 : (person % 90) + part / 10,
  });
  return person % 3 === 0 ? [row(1), { ...row(2), city: 'Beijing' }] : [row(1)];
});

const shape = {
  mine: 'crm',
  theirs: 'users',
  key: 'phone',
  receiver: 'me',
  tables: [{ segments: [{ column: 'city', values: [...cities] }] }],
  columns: [{ column: 'spend', unit: 'CNY', decimals: 1, min: 0, max: 1000, squares: true }],
  uses: 20,
} satisfies TrialInsight;

/** Of people in both lists: how many there are, and their spending, by a plain join. */
function plain(of: (row: (typeof mediaRows)[number]) => boolean) {
  const sums = new Map<number, number>();
  const firsts = new Map<number, (typeof mediaRows)[number]>();
  for (const row of mediaRows) {
    if (row.person >= people) continue;
    if (!firsts.has(row.person)) firsts.set(row.person, row);
    sums.set(row.person, (sums.get(row.person) ?? 0) + Math.round(row.spend * 10));
  }
  const chosen = [...firsts].filter(([, row]) => of(row)).map(([person]) => sums.get(person)!);
  const sum = chosen.reduce((total, tenths) => total + tenths, 0);
  const mean = sum / chosen.length;
  const variance = chosen.reduce((total, tenths) => total + (tenths - mean) ** 2, 0) / chosen.length / 100;
  return { people: chosen.length, sum: sum / 10, mean: mean / 10, variance };
}

beforeAll(async () => {
  network = await openTrialNetwork();
  const crm = join(network.folder, 'crm.csv');
  const users = join(network.folder, 'users.csv');
  await writeFile(crm, `mobile\n${Array.from({ length: people }, (_, i) => mobileOf(i)).join('\n')}\n`);
  const lines = mediaRows.map(({ person, city, sex, spend }) => `+86 ${mobileOf(person)},${city},${sex},${spend}`);
  await writeFile(users, `phone,city,sex,spend\n${lines.join('\n')}\n`);
  const attributes = ['city', 'sex', 'spend'].map((column) => ({ column, grade: 'internal' as const }));
  await publish(network.brand, { path: crm, name: 'crm', ids: [{ column: 'mobile', profile: 'phone' }] });
  await publish(network.media, {
    path: users,
    name: 'users',
    ids: [{ column: 'phone', profile: 'phone' }],
    attributes,
  });
}, 120_000);

afterAll(() => network?.close(), 120_000);

describe.skipIf(!addon)('an insight through two nodes', () => {
  it('gives exact figures of every cell that is large enough, and says in words what it holds back', async () => {
    const { brand, media } = network;
    const agreement = await agreeOnInsight(network, { ...shape, protection: { kind: 'exact' } });
    const { job } = await brand.api.job.run({ agreement });
    const [ended, theirs] = [await jobEnd(brand, job), await jobEnd(media, job)];
    expect([ended.status, theirs.status, ended.error, theirs.error]).toEqual([
      'finished',
      'finished',
      undefined,
      undefined,
    ]);
    const figures = ended.insight!.figures!;
    expect(figures).toHaveLength(5);
    for (const { values, people: shared, sums } of figures) {
      const expected = plain(({ city }) => values.city === undefined || values.city === city);
      if (shared === undefined) continue;
      expect(shared).toBe(expected.people);
      expect(sums[0]!.sum).toBeCloseTo(expected.sum, 6);
      expect(sums[0]!.mean).toBeCloseTo(expected.mean, 6);
      expect(sums[0]!.variance).toBeCloseTo(expected.variance, 4);
    }
    expect(figures[0]!.people).toBe(plain(() => true).people);
    // Lhasa has 30 shared people; alone it would follow from the total, so another cell is hidden with it.
    const hidden = figures.filter((figure) => figure.people === undefined).map(({ values }) => values.city);
    expect(plain(({ city }) => city === 'Lhasa').people).toBeLessThan(50);
    expect(hidden).toContain('Lhasa');
    expect(hidden).toHaveLength(2);
    expect(ended.insight!.words).toEqual([
      expect.objectContaining({ en: expect.stringContaining('2 cells: fewer than 50 people, or hidden') }),
    ]);
    // The media house learns no figure.
    expect(theirs.insight).toEqual({ rows: people, partnerRows: people, belowMinimum: expect.any(Number) });
    for (const node of [brand, media]) {
      const evidence = await node.api.evidence.export({ job });
      const report = verifyEvidence(evidence);
      expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(JSON.stringify(evidence)).not.toContain('Shanghai"}');
      expect(
        verifyEvidence({ ...evidence, outcome: { ...(evidence.outcome as object), result: '0'.repeat(64) } }).ok,
      ).toBe(false);
    }
  }, 120_000);

  it('[F28] refuses exact figures of a list that differs by a few people from the one before', async () => {
    const { brand, media } = network;
    const fewer = join(network.folder, 'fewer.csv');
    await writeFile(fewer, `mobile\n${Array.from({ length: people - 10 }, (_, i) => mobileOf(i)).join('\n')}\n`);
    await publish(brand, { path: fewer, name: 'fewer', ids: [{ column: 'mobile', profile: 'phone' }] });
    const exact = { ...shape, protection: { kind: 'exact' } } as const;
    const agreement = await agreeOnInsight(network, { ...exact, mine: 'fewer' });
    const { job } = await brand.api.job.run({ agreement });
    const ends = [await jobEnd(brand, job), await jobEnd(media, job)];
    expect(ends.map(({ status, error }) => [status, error?.code])).toEqual([
      ['failed', 'policy-denied'],
      ['failed', 'policy-denied'],
    ]);
    expect(ends[0]!.insight?.figures).toBeUndefined();
  }, 60_000);

  it('gives figures with noise unless exact ones are signed for, and charges them to the budget of the pair', async () => {
    const { brand, media } = network;
    const agreement = await agreeOnInsight(network, { ...shape, columns: [] });
    const { job } = await brand.api.job.run({ agreement });
    const ended = await jobEnd(brand, job);
    expect([ended.status, ended.error]).toEqual(['finished', undefined]);
    expect(ended.insight!.sigma).toBeCloseTo(10, 6);
    const all = ended.insight!.figures![0]!.people!;
    expect(Math.abs(all - plain(() => true).people)).toBeLessThan(90);
    expect(Math.abs(ended.insight!.matchedAbout! - plain(() => true).people)).toBeLessThanOrEqual(70);
    // Two tables of counts and the blurred total cost 0.015; a ρ of 0.1 each would leave nothing of 0.25 after the first run.
    const dear = { ...shape, columns: [], protection: { kind: 'noise', rho: 100_000, gate: false } } as const;
    const costly = await agreeOnInsight(network, dear);
    const { job: first } = await brand.api.job.run({ agreement: costly });
    expect((await jobEnd(brand, first)).status).toBe('finished');
    const refused = await brand.api.job.run({ agreement: costly }).then(({ job: second }) => jobEnd(brand, second));
    expect([refused.status, refused.error?.code]).toEqual(['failed', 'policy-denied']);
    const shown = await media.api.agreement.show({ agreement: costly });
    expect(shown.findings.find(({ rule }) => rule === 'privacy-budget')).toMatchObject({ outcome: 'refused' });
  }, 120_000);

  it('refuses, before anything is said to anybody, what cannot be run or would tell small cells', async () => {
    const { brand } = network;
    const propose = (change: Partial<TrialInsight>) =>
      brand.api.agreement.proposeInsight({ ...shape, with: 'media', purpose: 'a trial', ...change });
    const exact = { kind: 'exact' } as const;
    const crossed = [
      { column: 'city', values: [...cities] },
      { column: 'sex', values: ['f', 'm'] },
    ];
    const tables = [{ segments: crossed }, { segments: [{ column: 'sex', values: ['f', 'm'] }] }];
    await expect(propose({ tables, protection: exact })).rejects.toMatchObject({ code: 'terms-refused' });
    const huge = [{ ...shape.columns[0]!, max: 2 ** 40 }];
    await expect(propose({ columns: huge })).rejects.toMatchObject({ code: 'terms-refused' });
    const unknown = [{ segments: [{ column: 'income', values: ['high'] }] }];
    await expect(propose({ tables: unknown })).rejects.toMatchObject({ code: 'terms-refused' });
    await expect(propose({ minimumGroupRows: 3 })).rejects.toMatchObject({ code: 'policy-denied' });
  }, 60_000);

  it('the values of a partner’s column are chosen from those that it has published, which are never those of few people', async () => {
    const { brand, media } = network;
    const hostile = [`=cmd|'/c calc'!A1`, '<img src=x onerror=alert(1)>', `'; DROP TABLE t; --`];
    /** Rows of a person each; `lhasa` of them in Lhasa. */
    const tagged = async (file: string, lhasa: number, more: { note?: (i: number) => string } = {}) => {
      const cityOf = (i: number) => {
        if (i < lhasa) return 'Lhasa';
        if (i < 400) return [...hostile, 'x'.repeat(65), '\u202egnijieB'][i % 5]!;
        return i < 450 ? 'Chengdu' : 'Beijing';
      };
      const rows = Array.from({ length: 10_050 }, (_, i) =>
        [`138${20_000_000 + i * 331}`, cityOf(i), i % 201, more.note?.(i) ?? 'gold', '13800138000', i % 3, 'anna']
          .map((cell) => `"${cell}"`)
          .join(),
      );
      const path = join(network.folder, file);
      await writeFile(path, `phone,city,shop,note,hotline,visits,friend\n${rows.join('\n')}\n`);
      return path;
    };
    const internal = ['city', 'shop', 'note', 'hotline', 'visits'].map((column) => ({
      column,
      grade: 'internal' as const,
    }));
    const path = await tagged('tagged.csv', 49);
    const ids = [{ column: 'phone', profile: 'phone' }];
    await operationEnd(
      media,
      await media.api.dataset.add({
        path,
        name: 'tagged',
        ids,
        attributes: [...internal, { column: 'friend', grade: 'personal' }],
      }),
    );
    const seenBy = async (node: TrialNode) =>
      (await node.api.catalogue.list()).items.find(({ name }) => name === 'tagged');
    const listOf = async (column: string, node = brand) =>
      (await seenBy(node))?.description.attributes.find((one) => one.column === column)?.values;
    await media.api.dataset.publish({ dataset: 'tagged' });
    await until(async () => (await seenBy(brand)) !== undefined);
    expect(JSON.stringify(await seenBy(brand))).not.toContain('values');

    const preview = (...values: string[]) => media.api.dataset.previewPublication({ dataset: 'tagged', values });
    for (const column of ['phone', 'friend', 'shop', 'hotline', 'income']) {
      await expect(preview('city', column), column).rejects.toMatchObject({ code: 'values-refused' });
      await expect(media.api.dataset.publish({ dataset: 'tagged', values: [column] })).rejects.toMatchObject({
        code: 'values-refused',
      });
    }
    const shown = await preview('city', 'note', 'visits');
    expect(shown).toMatchObject({ listable: ['city', 'shop', 'note', 'hotline', 'visits'], partial: ['city'] });
    const published = ['Beijing', 'Chengdu', ...hostile].sort();
    expect(shown.description.attributes.map(({ values }) => values)).toEqual([
      published,
      undefined,
      ['gold'],
      undefined,
      ['0', '1', '2'],
      undefined,
    ]);
    // What was seen is what is published, or nothing is.
    const stale = { dataset: 'tagged', values: ['note'], seen: shown.digest };
    await expect(media.api.dataset.publish(stale)).rejects.toMatchObject({ code: 'conflict' });
    await media.api.dataset.publish({ dataset: 'tagged', values: ['city', 'note', 'visits'], seen: shown.digest });
    await until(async () => (await listOf('city')) !== undefined);
    expect((await seenBy(brand))!.description).toEqual(shown.description);
    expect((await media.api.dataset.show({ dataset: 'tagged' })).description).toEqual(shown.description);
    const column = { column: 'city', values: [...(await listOf('city'))!] };
    const proposal = { ...shape, theirs: 'tagged', columns: [], tables: [{ segments: [column] }], purpose: 'tags' };
    expect(await brand.api.agreement.proposeInsight({ ...proposal, with: 'media', dryRun: true })).toMatchObject({
      status: 'draft',
    });

    // A list is of the rows as they are now, and one that can be made no more is left out: the owner is told.
    const replaced = async (file: string, ...of: [number, Parameters<typeof tagged>[2]?]) =>
      operationEnd(media, await media.api.dataset.update({ dataset: 'tagged', path: await tagged(file, ...of) }));
    await replaced('more.csv', 50);
    await until(async () => (await listOf('city'))?.includes('Lhasa') === true);
    const result = await replaced('rare.csv', 49, { note: (i) => `wish number ${i}` });
    await until(async () => (await listOf('note')) === undefined);
    expect(await listOf('city')).toEqual(published);
    expect(JSON.stringify(result)).toContain('values-not-published');

    await media.api.dataset.publish({ dataset: 'tagged' });
    await until(async () => (await listOf('city')) === undefined);
    expect(JSON.stringify(await seenBy(brand))).not.toContain('values');
    expect(JSON.stringify(await media.api.dataset.show({ dataset: 'tagged' }))).not.toContain('Chengdu');
  }, 120_000);

  it.each(['prepare', 'exchange', 'settle'])(
    '[F51] goes on after both nodes died in turn at %s, to the same figures',
    async (stage) => {
      const { brand, media } = network;
      const agreement = await agreeOnInsight(network, { ...shape, protection: { kind: 'exact' } });
      const { job } = await brand.api.job.run({ agreement });
      for (const node of [media, brand]) {
        await until(async () => {
          const shown = await node.api.job.show({ job }).catch(() => undefined);
          return shown !== undefined && (shown.stage === stage || ['finished', 'failed'].includes(shown.status));
        });
        await node.kill();
        await pause(200);
        await node.start();
      }
      const ended = await jobEnd(brand, job);
      expect([ended.status, ended.error]).toEqual(['finished', undefined]);
      expect(ended.insight!.figures![0]!.people).toBe(plain(() => true).people);
      expect((await jobEnd(media, job)).status).toBe('finished');
      expect(await readFile(join(brand.home, 'evidence', `${job}.json`), 'utf8')).toContain('join/sum');
    },
    180_000,
  );
});
