/** Sessions: what a person types and reads, what a program gets, how it ends. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { answers, finished, ids, importing, partnerFailure, running } from './testing/answers.ts';
import { FakeNode } from './testing/fake-node.ts';
import { Place } from './testing/session.ts';

const node = new FakeNode();
const place = new Place();
const at = '2026-03-01T08:00:00Z';
const propose = 'propose match --with borealis --mine crm --theirs users --keys phone,email --receiver both';

beforeAll(async () => {
  process.env.TZ = 'Asia/Shanghai';
  await node.listen();
  place.configure(node.address);
});
beforeEach(() => node.reset());
afterAll(async () => {
  await node.close();
  place.remove();
});

const called = () => node.calls.map((call) => call.name);
const input = (name: string) => node.calls.findLast((call) => call.name === name)?.input;

describe('without a terminal', () => {
  test('what would be asked is required as an option, and the error says which', async () => {
    const ids = await place.run('dataset add crm.csv --name crm');
    expect(ids.code).toBe(2);
    expect(ids.error).toContain('Add --id mobile:phone');
    const name = await place.run('dataset add crm.csv --id mobile:phone');
    expect(name.code).toBe(2);
    expect(name.error).toContain('Add --name NAME');
    const yes = await place.run('dataset add crm.csv --id mobile:phone --name crm');
    expect(yes.code).toBe(2);
    expect(yes.error).toContain('Add --yes');
    const password = await place.run('user create lin.mei --role analyst');
    expect(password.code).toBe(2);
    expect(password.error).toContain('Add --password-file FILE');
    expect(called()).not.toContain('dataset.add');
    expect(called()).not.toContain('user.create');
  });

  test.each([`agreement approve ${ids.agreement}`, 'dataset remove crm'])(
    '%s changes nothing without --yes',
    async (line) => {
      const { code, error } = await place.run(line);
      expect(code).toBe(2);
      expect(error).toContain('Add --yes');
      expect(called().filter((name) => /approve|remove/.test(name))).toEqual([]);
    },
  );

  test('progress is one line for each stage, on the error output', async () => {
    const { code, output, error } = await place.run(`run ${ids.agreement}`);
    expect(code).toBe(0);
    expect(error).toBe('Run job-7d1f has started.\npreparing\nexchanging\n');
    expect(output).toContain('Matched              5,310\n');
  });
});

describe('at a terminal', () => {
  test('dataset add shows the file, asks, and goes on', async () => {
    const { code, error, output } = await place.run('dataset add crm.csv', {
      answers: [
        ['Which columns identify people?', '\r'],
        ['Name of the dataset?', '\r'],
        ['Take in about 12,000 rows as crm', 'y'],
      ],
    });
    expect({ code, error: code === 0 ? '' : error }).toEqual({ code: 0, error: '' });
    expect(error.indexOf('read as GB18030')).toBeLessThan(error.indexOf('Which columns identify people?'));
    expect(input('dataset.add')).toEqual({
      path: join(place.folder, 'crm.csv'),
      name: 'crm',
      ids: [
        { column: 'mobile', profile: 'phone' },
        { column: 'phone', profile: 'phone/sha256' },
        { column: 'email', profile: 'email' },
      ],
      attributes: [],
    });
    expect(output).toContain('Dataset crm holds 12,000 rows.');
  });

  test('no is no: nothing is done, and the end is not a success', async () => {
    const { code, error } = await place.run(`agreement approve ${ids.agreement}`, {
      answers: [['Sign this for your organisation?', 'n']],
    });
    expect(code).toBe(1);
    expect(error).toContain('Nothing was done.');
    expect(called()).not.toContain('agreement.approve');
  });

  test('Ctrl-C at a question is a no', async () => {
    const { code } = await place.run('dataset remove crm', { answers: [['Delete the node’s copy of crm', '\u0003']] });
    expect(code).toBe(1);
    expect(called()).not.toContain('dataset.remove');
  });

  test('values that others will see are shown before they are published, and no other description is published then', async () => {
    const { code, error } = await place.run('dataset publish crm --values city', {
      answers: [['Publish crm with these values?', 'y']],
    });
    expect(code).toBe(0);
    expect(error.indexOf('Berlin, 上海')).toBeGreaterThan(-1);
    expect(error.indexOf('Berlin, 上海')).toBeLessThan(error.indexOf('Publish crm with these values?'));
    expect(error).toContain('city has other values too');
    expect(input('dataset.publish')).toEqual({ dataset: 'crm', values: ['city'], seen: 'd'.repeat(64) });
  });

  test('values that nobody has agreed to are not published', async () => {
    const { code } = await place.run('dataset publish crm --values city', {
      answers: [['Publish crm with these values?', 'n']],
    });
    expect([code, called().includes('dataset.publish')]).toEqual([1, false]);
  });

  test('propose shows the disclosure before it asks, and proposes only then', async () => {
    const { code, error, output } = await place.run(propose, { answers: [['Propose this to borealis?', 'y']] });
    expect(code).toBe(0);
    expect(node.calls.map(({ name, input }) => [name, input.dryRun])).toEqual([
      ['agreement.proposeMatch', true],
      ['agreement.proposeMatch', false],
    ]);
    expect(error.indexOf('which of its own rows match')).toBeLessThan(error.indexOf('Propose this to borealis?'));
    expect(output).toContain(ids.agreement);
  });

  test('progress is one line that is rewritten, no wider than the terminal', async () => {
    const { code, error } = await place.run(`run ${ids.agreement}`, { columns: 60 });
    expect(code).toBe(0);
    const drawn = error.split('\r').slice(1);
    expect(drawn).toEqual([
      '[##----------------------] 10 %  preparing  12,300 rows/s …\u001b[K',
      '[###########-------------] 48 %  exchanging  12,300 rows/s…\u001b[K',
      '\u001b[K',
    ]);
  });
});

describe('agreements', () => {
  test('approve passes the digest of the disclosure that it showed', async () => {
    const { code, error } = await place.run(`agreement approve ${ids.agreement.slice(0, 6)} --yes`);
    expect(code).toBe(0);
    expect(error).toContain('which of its own rows match (at most 12,000)');
    expect(input('agreement.approve')).toEqual({ agreement: ids.agreement, disclosure: ids.disclosure });
  });

  test('a proposal that discloses something else than was shown is named as that', async () => {
    const proposal = answers['agreement.proposeMatch'] as { disclosure: { parties: readonly object[] } };
    const run = place.run(propose, { answers: [['Propose this to borealis?', 'y']], interruptAfter: 'never' });
    // What the partner publishes changes while the person reads.
    const { disclosure } = proposal;
    const changed = { ...proposal, disclosure: { ...disclosure, parties: disclosure.parties.slice(0, 1) } };
    while (node.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    node.answer('agreement.proposeMatch', changed as never);
    const { code, error } = await run;
    expect(code).toBe(1);
    expect(error).toContain(`causeway agreement revoke ${ids.agreement}`);
  });

  test('the first digits of an id are enough, unless two agreements begin so', async () => {
    const [item] = (answers['agreement.list'] as { items: readonly { id: string }[] }).items;
    node.answer('agreement.list', {
      items: [item, { ...item, id: `3f2a${'0'.repeat(60)}` }],
    } as never);
    const both = await place.run('run 3f2a');
    expect(both.code).toBe(1);
    expect(both.error).toContain('2 agreements begin with 3f2a.');
    expect(called()).not.toContain('job.run');
    await place.run('run 3f2a9');
    expect(input('job.run')).toEqual({ agreement: ids.agreement });
  });

  test('an organisation may be named as members know it', async () => {
    await place.run(['propose', 'match', '--with', '北极光传媒', ...propose.split(' ').slice(4)]);
    expect(input('agreement.proposeMatch')).toMatchObject({ with: 'borealis' });
  });

  test('a day ends where it ends here; the answer is an instant', async () => {
    await place.run(`${propose} --expires 2030-12-31`);
    expect(input('agreement.proposeMatch')).toMatchObject({ expiresAt: '2030-12-31T15:59:59Z' });
  });

  test.each(['2030-02-30', '31.12.2030', '2030-12-31T16:00'])('%s is no day', async (day) => {
    const { code, error } = await place.run(`${propose} --expires ${day}`);
    expect(code).toBe(2);
    expect(error).toContain('Expected a day such as 2030-12-31');
  });
});

describe('runs', () => {
  test('Ctrl-C leaves the run running and says how to come back', async () => {
    node.openStreams.add('job.events');
    node.answer('job.events', [{ sequence: 1, at, job: running }]);
    const { code, error, output } = await place.run(`run ${ids.agreement}`, { interruptAfter: 'exchanging' });
    expect(code).toBe(130);
    expect(output).toBe('');
    expect(error).toContain('causeway job show job-7d1f --follow');
    expect(called()).not.toContain('job.cancel');
  });

  test('a failed run is no success, and shows the partner’s cause and what to do', async () => {
    const failed = { ...running, status: 'failed' as const, error: partnerFailure };
    node.answer('job.events', [{ sequence: 1, at, job: failed }]);
    const { code, error, output } = await place.run(`run ${ids.agreement}`);
    expect(code).toBe(1);
    expect(output).toBe('');
    expect(error).toContain('The run stopped at bucket 12 of 64; nothing was released.');
    expect(error).toContain('borealis says: 0 bytes are free in the data folder (disk-full)');
    expect(error).toContain('What to do: Ask borealis to free disk space, then run it again.');
    const json = await place.run(`run ${ids.agreement} --json`);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.output)).toEqual(failed);
  });

  test('a stream that ends before the run did is not taken for its end', async () => {
    node.answer('job.show', running);
    node.answer('job.events', [{ sequence: 1, at, job: running }]);
    const { code, error } = await place.run('job show job-7d1f --follow');
    expect(code).toBe(1);
    expect(error).toContain('causeway job show job-7d1f --follow');
  });

  test('a failed import is no success', async () => {
    node.answer('operation.events', [{ sequence: 1, at, operation: { ...importing, status: 'cancelled' } }]);
    const { code, output } = await place.run('dataset add crm.csv --name crm --id mobile:phone --yes');
    expect({ code, output }).toEqual({ code: 1, output: '' });
  });

  test('figures that may not be shown are named, and a run without a list says so', async () => {
    const { audience: _, ...none } = finished;
    node.answer('job.events', [{ sequence: 1, at, job: none }]);
    const { output } = await place.run(`run ${ids.agreement}`);
    expect(output).toContain('Not shown: email matched (fewer than 50)');
    expect(output).toContain('This side receives no list.');
  });
});

describe('problems', () => {
  test('the node’s problem is the one document of --json, and sentences without it', async () => {
    node.answer('dataset.publish', partnerFailure);
    const plain = await place.run('dataset publish crm');
    expect(plain.code).toBe(1);
    expect(plain.output).toBe('');
    expect(plain.error).toBe(
      [
        'Error: The run stopped at bucket 12 of 64; nothing was released.',
        'borealis says: 0 bytes are free in the data folder (disk-full)',
        'What to do: Ask borealis to free disk space, then run it again.',
        'Run: job-7d1f',
        '',
      ].join('\n'),
    );
    const json = await place.run('dataset publish crm --json');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.output)).toEqual(partnerFailure);
  });

  test('a check that fails is no success', async () => {
    node.answer('node.doctor', {
      ok: false,
      checks: [{ name: 'clock', ok: false, detail: '7 minutes apart', remedy: 'set the clock' }],
    });
    node.answer('ledger.verify', { ok: false, records: 3, root: 'r', cosigners: [], detail: 'd', firstBroken: 2 });
    node.answer('audit.verify', { ok: false, entries: 3, firstBroken: 2 });
    const doctor = await place.run('doctor');
    expect(doctor.code).toBe(1);
    expect(doctor.output).toContain('FAILED  clock: 7 minutes apart\n  What to do: set the clock\n');
    expect((await place.run('ledger verify')).code).toBe(1);
    expect((await place.run('audit verify')).code).toBe(1);
  });

  test('no node, no home, no token: each is named with what to do', async () => {
    const none = new Place();
    const absent = await none.run('status');
    expect(absent.code).toBe(1);
    expect(absent.error).toContain(`There is no node in ${none.home}.`);
    expect(absent.error).toContain('causeway init --org');
    none.configure('127.0.0.1:1');
    const silent = await none.run('status --json');
    expect(silent.code).toBe(1);
    expect(silent.error).toContain('No node answers at 127.0.0.1:1.');
    expect(JSON.parse(silent.output)).toMatchObject({ code: 'unreachable', status: 0 });
    writeFileSync(join(none.home, 'config.json'), '{"organisation": "aurora", "name": "A", "api": 7}');
    const broken = await none.run('status');
    expect(broken.error).toContain('see "api"');
    none.remove();
  });

  test('another program at the address is not taken for the node', async () => {
    const { createServer } = await import('node:http');
    const other = createServer((_, response) => response.end('<html>hello</html>'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const elsewhere = new Place();
    elsewhere.configure(`127.0.0.1:${(other.address() as { port: number }).port}`);
    const { code, error } = await elsewhere.run('status');
    expect(code).toBe(1);
    expect(error).toContain('is not a Causeway node');
    other.close();
    elsewhere.remove();
  });

  test('a token of one’s own goes before the home’s', async () => {
    const { code, error } = await place.run('status', { env: { CAUSEWAY_TOKEN: 'wrong' } });
    expect(code).toBe(1);
    expect(error).toContain('no such token');
  });
});

describe('the command line', () => {
  test.each([
    ['frobnicate', 'There is no command frobnicate.'],
    ['dataset ad crm.csv', 'There is no command ad. Did you mean add?'],
    ['dataset show', '<dataset> is missing.'],
    ['dataset show a b', 'more arguments'],
    ['status --frob', 'There is no option --frob.'],
    ['evidence export job-1', '--to <file> is required.'],
    ['evidence export job-1 --to', '--to <file> needs a value.'],
    ['job list --status lost', 'Expected one of: queued, running'],
    ['job list --limit 0', 'Expected a whole number from 1 to 1000.'],
    ['settings set', 'No rule to change was given.'],
    [`${propose.replace('phone,email', 'phone,')}`, 'Expected values separated by commas'],
  ])('%s is refused as it is', async (line, sentence) => {
    const { code, output, error } = await place.run(line);
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(error).toContain(sentence);
    const json = await place.run(`${line} --json`);
    expect(JSON.parse(json.output)).toMatchObject({ code: 'usage', status: 0 });
    expect(node.calls).toEqual([]);
  });

  test('common options may stand before the command', async () => {
    const { code, output } = await place.run(['--home', place.home, '--json', 'audit', 'verify'], {
      env: { CAUSEWAY_HOME: '/nowhere' },
    });
    expect(code).toBe(0);
    expect(JSON.parse(output)).toEqual(answers['audit.verify']);
  });

  test('a column may hold a colon, and so may a profile', async () => {
    const report = answers['dataset.inspect'] as { columns: readonly object[] };
    const column = (name: string) => ({ name, form: '', notices: [] });
    node.answer('dataset.inspect', { ...report, columns: [column('a'), column('a:b')] } as never);
    await place.run([
      'dataset',
      'add',
      'f',
      '--name',
      'n',
      '--id',
      'a:b:email:uid2/sha256',
      '--id',
      'a:phone',
      '--yes',
    ]);
    expect(input('dataset.add')).toMatchObject({
      ids: [
        { column: 'a:b', profile: 'email:uid2/sha256' },
        { column: 'a', profile: 'phone' },
      ],
    });
    const unknown = await place.run('dataset add f --name n --id c:phone --yes');
    expect(unknown.code).toBe(1);
    expect(unknown.error).toContain('The columns are: a, a:b');
  });
});

describe('files', () => {
  test('evidence is written for its owner’s eyes, and over nothing without --yes', async () => {
    const path = join(place.folder, 'evidence.json');
    expect((await place.run('evidence export job-7d1f --to evidence.json')).code).toBe(0);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(answers['evidence.export']);
    expect(statSync(path).mode & 0o077).toBe(0);
    const again = await place.run('evidence export job-7d1f --to evidence.json');
    expect(again.code).toBe(1);
    expect(again.error).toContain('exists already');
    expect((await place.run('evidence export job-7d1f --to evidence.json --yes')).code).toBe(0);
  });

  test('a folder that is not there is named', async () => {
    const { code, error } = await place.run('evidence export job-7d1f --to no/such/evidence.json');
    expect(code).toBe(1);
    expect(error).toContain('cannot be written: ENOENT');
    expect(existsSync(join(place.folder, 'no'))).toBe(false);
  });
});

describe('[F4] text from elsewhere', () => {
  const nasty = '👩‍👩‍👧名\u001b[2J\u009b\u202egnp\u0000\r\nb\u200b';

  test('cannot move the cursor, clear the screen, break the line or read backwards', async () => {
    const [item] = (answers['catalogue.list'] as { items: readonly { description: object }[] }).items;
    const attributes = [{ column: nasty, type: 'text', grade: 'internal', values: [nasty, '=cmd()'] }];
    const description = { ...item!.description, attributes };
    node.answer('catalogue.list', { items: [{ ...item, name: nasty, description }] } as never);
    const { output } = await place.run('catalogue');
    // A table of one row, and a blank line, the name of the dataset and one of a column with its values.
    expect(output.split('\n')).toHaveLength(6);
    expect(output).toContain('=cmd()');
    expect(output.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b\u202a-\u202e]/);
    expect(output).toContain('👩‍👩‍👧名');
    const json = await place.run('catalogue --json');
    expect(json.output.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(JSON.parse(json.output).items[0].name).toBe(nasty);
  });

  test('nor can a problem, or an argument that comes back in one', async () => {
    node.answer('dataset.show', { ...partnerFailure, detail: nasty });
    expect((await place.run('dataset show crm')).error).not.toMatch(/[\u001b\u009b\u202e]/);
    expect((await place.run(['frob\u001b[2J'])).error).not.toContain('\u001b');
  });

  test('[F113] a name of ten thousand characters does not push the other columns away', async () => {
    const [item] = (answers['catalogue.list'] as { items: readonly object[] }).items;
    node.answer('catalogue.list', { items: [{ ...item, name: '长'.repeat(10_000) }] } as never);
    const { output } = await place.run('catalogue');
    expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThan(200);
  });
});

describe('language', () => {
  test.each([
    [{ LANG: 'zh_CN.UTF-8' }, '', '组织'],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'zh_CN' }, '', '组织'],
    [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, '', 'Organisation'],
    [{ LANG: 'zh_CN.UTF-8' }, ' --lang en', 'Organisation'],
    [{}, ' --lang zh', '组织'],
    [{}, '', 'Organisation'],
  ])('%o%s: %s', async (env, option, first) => {
    const { output } = await place.run(`status${option}`, { env });
    expect(output.startsWith(first)).toBe(true);
  });

  test('the API’s sentences are taken in the same language', async () => {
    expect((await place.run('agreement show 3f2a --lang zh')).output).toContain('自己的哪些行匹配 (至多 12,000)');
  });

  test('--json says the same in both', async () => {
    const [en, zh] = [
      await place.run('agreement show 3f2a --json'),
      await place.run('agreement show 3f2a --json --lang zh'),
    ];
    expect(zh.output).toBe(en.output);
  });

  test('usage errors too', async () => {
    const { error } = await place.run('dataset show --lang zh');
    expect(error).toBe('出错：缺少 <dataset>。\n怎么办：causeway dataset --help 显示用法。\n');
  });
});
