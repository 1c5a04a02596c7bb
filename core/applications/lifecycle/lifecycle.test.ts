import { describe, expect, it } from 'vitest';
import { readDocument } from '../../../test/snippets/markdown.ts';
import { canonicalBytes, type JsonValue } from '../../json/index.ts';
import { exact, noisy } from '../../statistics/index.ts';
import { RuleError, type RuleSource } from '../select/index.ts';
import { generatedEvents, takenAt } from '../testing/generated-events.ts';
import {
  agingSql,
  checkModel,
  flowsSql,
  type LifecycleCells,
  models,
  planLifecycle,
  reportLifecycle,
  type StageModel,
} from './index.ts';

const three: StageModel = {
  name: 'three',
  stages: ['0', '1', '2'].map((name, i) => ({
    name,
    words: [
      { en: 'aware', zh: '认知' },
      { en: 'bought', zh: '购买' },
      { en: 'loyal', zh: '忠诚' },
    ][i]!,
    rule: { tag: 'x', in: ['y'] },
  })),
};
const example: LifecycleCells = {
  flows: [
    [70, 20, 5, 5],
    [10, 30, 8, 2],
    [0, 4, 14, 2],
    [15, 5, 1],
  ].map((row) => row.map(exact)),
};

describe('the lifecycle', () => {
  it('of the known flows has stocks of 100, 50, 20 before and 95, 59, 28 after', () => {
    const { stages, entered, left } = reportLifecycle(three, example, 1);
    expect(stages.map(({ before, after }) => [before, after])).toEqual([
      [100, 95],
      [50, 59],
      [20, 28],
    ]);
    expect([entered, left]).toEqual([21, 9]);
    expect(stages.map(({ moved }) => moved)).toEqual([0.25, 0.16, 0]);
  });

  it('[F68] merges small flows into other flows, and stocks still add up', () => {
    const { flows, otherFlows, stages, entered, left } = reportLifecycle(three, example, 10);
    expect(flows).toEqual([
      [70, 20, null, null],
      [10, 30, null, null],
      [0, null, 14, null],
      [15, null, null],
    ]);
    expect(otherFlows).toEqual({ flows: 8, people: 32 });
    const shown = flows.flat().reduce<number>((sum, flow) => sum + (flow ?? 0), 0);
    const before = stages.reduce((sum, stage) => sum + stage.before!, 0);
    const after = stages.reduce((sum, stage) => sum + stage.after!, 0);
    expect(shown + otherFlows.people!).toBe(before + entered!);
    expect(shown + otherFlows.people!).toBe(after + left!);
  });

  it('with a flow that was hidden before has no stock made of it, and no NaN', () => {
    const flows = example.flows.map((row, i) => row.map((flow, j) => (i === 0 && j === 2 ? undefined : flow)));
    const { stages, otherFlows, words } = reportLifecycle(three, { flows }, 1);
    expect(stages[0]).toEqual({ name: '0', after: 95 });
    expect(stages[2]).toEqual({ name: '2', before: 20, moved: 0 });
    expect(otherFlows).toEqual({ flows: 1 });
    expect(words.every(({ en }) => !/NaN|undefined/.test(en))).toBe(true);
  });

  it('with noise shows a flow from two deviations above the minimum, and never an empty one for sure', () => {
    const flows = example.flows.map((row) => row.map((flow) => noisy(flow!.value, 100)));
    expect(reportLifecycle(three, { flows }, 50).flows[0]).toEqual([70, null, null, null]);
    expect(reportLifecycle(three, { flows }, 51).flows[0]![0]).toBeNull();
  });

  it('[F74] of nobody has no shares', () => {
    const flows = example.flows.map((row) => row.map(() => exact(0)));
    expect(reportLifecycle(three, { flows }, 50).stages).toEqual(
      ['0', '1', '2'].map((name) => ({ name, before: 0, after: 0 })),
    );
  });

  it('of another number of stages is refused', () => {
    expect(() => reportLifecycle(models.aipl, example, 1)).toThrow(RangeError);
  });

  it('is told as its README tells it, and in Chinese', () => {
    const document = readDocument('core/applications/lifecycle/README.md');
    const thousands = { flows: example.flows.map((row) => row.map((flow) => exact(10 * flow!.value))) };
    for (const { en, zh } of reportLifecycle(three, thousands, 50).words) {
      expect(document).toContain(en);
      expect(zh).toMatch(/[一-鿿]/);
    }
  });
});

it('a report of which something is hidden can be sent: a list of JSON has no hole', () => {
  const flows = example.flows.map((row, i) => row.map((flow, j) => (i === 0 && j === 2 ? undefined : flow)));
  const report = reportLifecycle(three, { flows, aging: [[undefined]] }, 50);
  expect(() => canonicalBytes(report as unknown as JsonValue)).not.toThrow();
});

describe('a model', () => {
  const context = { tags: {}, audiences: {} };

  it('that marketers know has rules that can be run', () => {
    for (const model of Object.values(models)) expect(checkModel(model, context)).toEqual(model);
    expect(models.r.stages.map(({ name }) => name)).toEqual(['R0', 'R1', 'R2', 'R3', 'R4', 'R5']);
  });

  it('without stages, with two of one name, or with a rule that cannot be used is refused', () => {
    const [a, b] = models.aipl.stages;
    expect(() => checkModel({ name: 'x', stages: [] }, context)).toThrow(RangeError);
    expect(() => checkModel({ name: 'x', stages: [a!, { ...b!, name: a!.name }] }, context)).toThrow(RangeError);
    expect(() => checkModel({ name: 'x', stages: [{ ...a!, rule: { tag: 'x', in: ['y'] } }] }, context)).toThrow(
      RuleError,
    );
  });

  it('plans one cell a person for each pair of dates', () => {
    const { tables } = planLifecycle({ stages: 3, dates: 3 });
    expect(tables.map(({ numbers, sensitivity }) => [numbers, sensitivity])).toEqual([
      [15, 1],
      [15, 1],
      [9, 1],
    ]);
  });
});

describe('the SQL', () => {
  it('finds the flows and ages that plain loops find', async () => {
    const { query } = await generatedEvents(1_500, 3);
    const model = models.aipl;
    const source: RuleSource = { people: 'people', events: 'events', lists: {}, asOf: takenAt };
    const events = new Map<number, { age: number; kind: number }[]>();
    for (const { person, at, kind } of await query('SELECT person, "at", kind FROM events')) {
      const own = events.get(Number(person)) ?? [];
      own.push({ age: (takenAt - Number(at)) / 86_400, kind: Number(kind) });
      events.set(Number(person), own);
    }
    const people = (await query('SELECT person FROM people')).map(({ person }) => Number(person));
    const stageOf = (person: number, daysBefore: number): number | null => {
      const had = (kind: number, days: number) =>
        (events.get(person) ?? []).filter((e) => e.kind === kind && e.age >= daysBefore && e.age <= daysBefore + days)
          .length;
      if (had(3, 365) >= 2) return 3;
      if (had(3, 730) >= 1) return 2;
      if (had(1, 15) >= 2 || had(2, 15) >= 1) return 1;
      return had(0, 15) >= 1 || had(1, 15) >= 1 ? 0 : null;
    };
    const day = 86_400;
    const flows = new Map<string, number>();
    const ages = new Map<string, number>();
    for (const person of people) {
      const stages = [0, 10, 20].map((days) => stageOf(person, days));
      const [now, before] = stages;
      if (now !== null || before !== null) flows.set(`${before}→${now}`, (flows.get(`${before}→${now}`) ?? 0) + 1);
      if (now === null) continue;
      const length = stages.findIndex((stage) => stage !== now);
      const key = `${now} ${length < 0 ? 3 : length}`;
      ages.set(key, (ages.get(key) ?? 0) + 1);
    }
    const gotFlows = await query(flowsSql(model, source, takenAt - 10 * day));
    expect(new Map(gotFlows.map((row) => [`${row.from_stage}→${row.to_stage}`, Number(row.people)]))).toEqual(flows);
    expect(flows.size).toBeGreaterThan(6);
    const gotAges = await query(
      agingSql(
        model,
        source,
        [20, 10, 0].map((days) => takenAt - days * day),
      ),
    );
    expect(new Map(gotAges.map((row) => [`${row.stage} ${row.dates}`, Number(row.people)]))).toEqual(ages);
    expect(ages.size).toBeGreaterThan(6);
  });
});
