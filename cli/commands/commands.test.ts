import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type RouteName, routeNames } from '@causeway/core/api';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { copyFormat } from '../ledger-copy.ts';
import { parse } from '../program.ts';
import { activated, answers, backedUp, exported, finished, imported, prepared } from '../testing/answers.ts';
import { FakeNode } from '../testing/fake-node.ts';
import { Place, words as split } from '../testing/session.ts';
import { en } from '../words/en.ts';
import { wordsIn } from '../words/index.ts';
import { groups } from './index.ts';

/** What these do is on this machine, not in the API; their examples are parsed here and run in tests of their own. */
const local = new Set([
  'init',
  'up',
  'down',
  'restore',
  'generate',
  'match',
  'demo',
  'evidence verify',
  'opja new-key',
  'opja open',
]);

/**
 * The console signs in and out, changes its own password, sends files from elsewhere and takes them there, and keeps proposals, which a script is by
 * itself; a guest’s page visits; `down` ends the process that the home’s lock names.
 */
const notCommands = new Set<RouteName>([
  'session.login',
  'session.logout',
  'session.changePassword',
  'visit.open',
  'visit.propose',
  'visit.consent',
  'node.health',
  'node.stop',
  'upload.begin',
  'upload.put',
  'upload.list',
  'upload.remove',
  'audience.download',
  'template.list',
  'template.save',
  'template.remove',
]);

const specs = await Promise.all(
  groups.flatMap((group) => Object.values(group.commands)).map(async (load) => (await load()).default(wordsIn('en'))),
).then((files) => files.flat());
const pathOf = (usage: string) => usage.replace(/\s*[<[].*$/, '');
const examples = specs.flatMap((spec) => spec.examples.map((line) => ({ line, path: pathOf(spec.usage) })));
const remote = examples.filter(({ path, line }) => !local.has(path) && !line.includes('--file'));

const node = new FakeNode();
const place = new Place();
const called = new Set<RouteName>();

beforeAll(async () => {
  await node.listen();
  place.configure(node.address);
});
beforeEach(() => {
  node.reset();
  rmFiles();
});
afterAll(async () => {
  await node.close();
  place.remove();
});

describe('every command', () => {
  test('has a sentence in the words, and every sentence a command', () => {
    const nouns = new Set(specs.flatMap((spec) => [pathOf(spec.usage), pathOf(spec.usage).split(' ')[0] ?? '']));
    expect(Object.keys(en.commands).toSorted()).toEqual([...nouns].toSorted());
  });

  test.each(specs.map((spec) => [pathOf(spec.usage)]))('%s --help shows an example', async (path) => {
    for (const [lang, heading] of [
      ['en', 'Examples:'],
      ['zh', '示例：'],
    ] as const) {
      const { code, output, error } = await place.run([...path.split(' '), '--help', '--lang', lang]);
      expect({ code, error }).toEqual({ code: 0, error: '' });
      const shown = output.slice(output.indexOf(heading)).match(/^ {2}\$ causeway .+$/gm) ?? [];
      expect(shown).toEqual(examples.filter((one) => one.path === path).map(({ line }) => `  $ causeway ${line}`));
      expect(shown).not.toEqual([]);
      for (const option of ['--home <folder>', '--json', '--yes', '--lang <language>'])
        expect(output).toContain(option);
    }
  });

  test.each(examples.map(({ line, path }) => [line, path]))('the example parses: %s', async (line, path) => {
    const terminal = place.terminal();
    const parsed = await parse(split(line), terminal);
    expect(parsed.kind === 'run' && pathOf(parsed.spec.usage)).toBe(path);
  });
});

describe('against a node', () => {
  test.each(remote.map(({ line, path }) => [line, path]))('%s', async (line, path) => {
    prepare(path);
    const { code, output, error } = await place.run(line);
    expect({ code, error: code === 0 ? '' : error }).toEqual({ code: 0, error: '' });
    expect(output).not.toBe('');
    expect(`${output}${error}`).not.toMatch(/undefined|\[object|NaN/);
    for (const call of node.calls) called.add(call.name);
  });

  test.each(remote.map(({ line, path }) => [line, path]))(
    '%s --json is the API’s answer, one document',
    async (line, path) => {
      prepare(path);
      const { code, output } = await place.run(`${line} --json`);
      expect(code).toBe(0);
      const document = JSON.parse(output);
      expect(output).toBe(`${JSON.stringify(document, undefined, 2)}\n`);
      const last = node.calls.at(-1)?.name as RouteName;
      expect(document).toEqual(answerOf(path, last));
    },
  );

  test('whatever the API can do, a command can do', () => {
    expect(routeNames.filter((name) => !called.has(name) && !notCommands.has(name))).toEqual([]);
  });
});

function answerOf(path: string, last: RouteName): unknown {
  // A copy is made of several answers.
  if (path === 'ledger export') return { format: copyFormat, head: expect.any(String), records: expect.any(Array) };
  if (last === 'job.events') return finished;
  return last === 'operation.events' ? ended(path) : answers[last];
}

function ended(path: string) {
  if (path === 'dataset prepare') return prepared;
  if (path === 'backup') return backedUp;
  if (path === 'activation export') return activated;
  return path === 'audience export' ? exported : imported;
}

function prepare(path: string): void {
  node.answer('operation.events', [{ sequence: 1, at: '2026-03-01T08:00:00Z', operation: ended(path) }]);
}

/** The smallest that the API takes. */
const roomProposal = {
  room: 'clean',
  contributors: ['aurora', 'borealis'].map((organisation) => ({
    organisation,
    dataset: 'crm',
    table: organisation,
    columns: [{ column: 'city', name: 'city' }],
  })),
  keys: ['phone'],
  receivers: ['aurora'],
  questionPurpose: 'reach',
  rules: {
    zone: 'Asia/Shanghai',
    tables: ['aurora', 'borealis'].map((name) => ({
      name,
      owner: name,
      subjects: 'customers',
      kind: 'person',
      person: 'person',
      columns: [
        {
          name: 'person',
          type: 'key',
          join: true,
          aggregates: ['count'],
          k: 50,
          protection: { kind: 'noise', rho: 5000, sigmaFloor: 0 },
          purposes: ['reach'],
          receivers: ['aurora'],
        },
      ],
    })),
  },
  purpose: 'Reach',
};

/** Each line begins in the same place: files to read, nothing to write over. */
function rmFiles(): void {
  const { rmSync, writeFileSync } = process.getBuiltinModule('node:fs');
  for (const name of ['evidence.json', 'ledger.json']) rmSync(join(place.folder, name), { force: true });
  mkdirSync(place.folder, { recursive: true });
  writeFileSync(join(place.folder, 'password.txt'), 'correct horse battery staple\n');
  writeFileSync(join(place.folder, 'room.json'), JSON.stringify(roomProposal));
  writeFileSync(join(place.folder, 'report.json'), JSON.stringify({ application: 'overlap', people: 'crm' }));
  writeFileSync(join(place.folder, 'select.json'), JSON.stringify({ application: 'select', people: 'crm' }));
}
