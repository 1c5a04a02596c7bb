/** What commands do on this machine: files, homes, processes, and a match without a node. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Around, type Ended, Place } from '../testing/session.ts';

let place: Place;
beforeEach(() => {
  place = new Place();
});
afterEach(() => place.remove());

describe('generate', () => {
  test('writes the files, says that they are synthetic, and writes over nothing without --yes', async () => {
    const line = 'generate --people 500 --out people --json';
    const { code, output } = await place.run(line);
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ folder: join(place.folder, 'people'), truth: { options: { seed: 1 } } });
    expect(readdirSync(join(place.folder, 'people'))).toContain('SYNTHETIC.txt');
    const again = await place.run(line);
    expect(again.code).toBe(1);
    expect(JSON.parse(again.output)).toMatchObject({ code: 'file-exists' });
    expect(await place.run(`${line} --yes`)).toEqual({ code: 0, output, error: expect.any(String) });
  });

  test.each([
    ['--overlap-share 0.9', 'overlapShare'],
    ['--media-share 1.5', 'Expected a share'],
    ['--seed -1', 'Expected a whole number'],
    ['--people 0', 'Expected a whole number'],
  ])('%s is refused as typed', async (option, sentence) => {
    const { code, error } = await place.run(`generate --people 500 --out people ${option}`);
    expect(code).toBe(2);
    expect(error).toContain(sentence);
  });

  test('Ctrl-C leaves nothing half written', async () => {
    const { code } = await place.run('generate --people 60000 --out people', { interruptAfter: 'writing users.csv' });
    expect(code).toBe(130);
    expect(readdirSync(join(place.folder, 'people'))).toEqual([]);
  });
});

describe('init', () => {
  test('makes a home for its owner’s eyes, once', async () => {
    const { code, output } = await place.run([
      'init',
      '--org',
      'Aurora Motors',
      '--listen',
      '127.0.0.1:7443',
      '--json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(output)).toEqual({
      home: place.home,
      organisation: 'aurora-motors',
      name: 'Aurora Motors',
      api: '127.0.0.1:7400',
      listen: '127.0.0.1:7443',
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(statSync(place.home).mode & 0o077).toBe(0);
    const again = await place.run(['init', '--org', 'Aurora Motors']);
    expect(again.code).toBe(1);
    expect(again.error).toContain('is the home of a node already');
    expect(again.error).toContain('What to do: ');
  });

  test('needs a name, which it asks for where somebody can answer', async () => {
    expect(await place.run('init')).toMatchObject({ code: 2, error: expect.stringContaining('Add --org "NAME"') });
    const asked = await place.run('init --json', { answers: [['Name of the organisation?', '北极光传媒\r']] });
    expect(asked.code).toBe(0);
    expect(JSON.parse(asked.output)).toMatchObject({
      name: '北极光传媒',
      organisation: expect.stringMatching(/^org-/),
    });
  });

  test('down where nothing runs is done already', async () => {
    await place.run(['init', '--org', 'A']);
    const { code, output } = await place.run('down --json');
    expect({ code, document: JSON.parse(output) }).toEqual({
      code: 0,
      document: { organisation: 'a', stopped: false, database: false },
    });
  });
});

describe('match', () => {
  /** 120 rows on each side, 60 of them in both. */
  const rows = (from: number, write: (phone: string) => string) =>
    Array.from({ length: 120 }, (_, index) => write(String(13_800_000_000 + 7919 * (from + index))));

  beforeEach(() => {
    const crm = rows(0, (phone) => `"Wang, ${phone.slice(-2)}",+86 ${phone.slice(0, 3)} ${phone.slice(3)},北京`);
    writeFileSync(join(place.folder, 'crm.csv'), `name,手机号,city\r\n${crm.join('\r\n')}\r\n`);
    writeFileSync(join(place.folder, 'users.csv'), `phone\n${rows(60, (phone) => phone).join('\n')}\n`);
  });

  async function both(
    listener: string,
    connector: string,
    around: { listen?: Around; connect?: Around } = {},
  ): Promise<[Ended, Ended]> {
    const invited = Promise.withResolvers<string>();
    const listening = place.run(
      `match --listen 127.0.0.1:0 --input crm.csv --id 手机号:phone --output a.csv ${listener}`,
      {
        ...around.listen,
        onError: (text) => {
          const [invite] = /^causeway:\S+$/m.exec(text) ?? [];
          if (invite !== undefined) invited.resolve(invite);
        },
      },
    );
    listening.then(({ error }) => invited.reject(new Error(error)));
    const invite = await invited.promise;
    const connecting = place.run(
      `match --connect ${invite} --input users.csv --id phone:phone --output b.csv ${connector}`,
      around.connect,
    );
    return Promise.all([listening, connecting]);
  }

  test('both sides get their own matched rows as they were, the same job and the same exchange', async () => {
    const [a, b] = await both('--minimum 100 --yes --json', '--minimum 100 --yes --json');
    expect([a.code, b.code]).toEqual([0, 0]);
    const [left, right] = [JSON.parse(a.output), JSON.parse(b.output)];
    expect(left.job).toBe(right.job);
    expect(left.transcript).toBe(right.transcript);
    expect([left.counts.matched, right.counts.matched]).toEqual([60, 60]);
    const crm = readFileSync(join(place.folder, 'crm.csv'), 'utf8').split('\r\n');
    expect(readFileSync(join(place.folder, 'a.csv'), 'utf8').trimEnd().split('\r\n')).toEqual([
      crm[0],
      ...crm.slice(61, 121),
    ]);
    const users = readFileSync(join(place.folder, 'users.csv'), 'utf8').split('\n');
    expect(readFileSync(join(place.folder, 'b.csv'), 'utf8').trimEnd().split('\n')).toEqual(users.slice(0, 61));
    for (const { error } of [a, b]) expect(error).toContain('Who will learn what');
  });

  test('a no on one side ends it on both, and nothing is written', async () => {
    const [a, b] = await both('--minimum 100 --yes', '--minimum 100', {
      connect: { answers: [['Match on these terms?', 'n']] },
    });
    expect([a.code, b.code]).toEqual([1, 1]);
    expect(b.error).toContain('declined here');
    expect(a.error).toContain('declined');
    expect(existsSync(join(place.folder, 'a.csv')) || existsSync(join(place.folder, 'b.csv'))).toBe(false);
  });

  test('a list below the minimum runs only where both sides lowered it', async () => {
    const [a, b] = await both('--minimum 100 --yes --json', '--yes --json');
    expect([a.code, b.code]).toEqual([1, 1]);
    expect([JSON.parse(a.output).code, JSON.parse(b.output).code]).toContain('list-below-minimum');
  });

  test('[F26] a list that was made by counting is matched only where both sides allow it', async () => {
    const numbers = Array.from({ length: 1200 }, (_, i) => 13_800_130_000 + i);
    writeFileSync(join(place.folder, 'users.csv'), `phone\n${numbers.join('\n')}\n`);
    const [a, b] = await both('--minimum 100 --yes', '--minimum 100 --dense-list 100 --yes');
    expect([a.code, b.code]).toEqual([1, 1]);
    expect(a.error).toContain('the telephone numbers of connector cover 12 % of a number segment');
    // Named by the side that refused, and told to the other.
    expect(b.error).toContain('listener, rule dense-list');
    const raised = '--minimum 100 --dense-list 100 --yes';
    const [c, d] = await both(raised, raised);
    expect([c.code, d.code]).toEqual([0, 0]);
    for (const { error } of [c, d]) expect(error).toContain('connector cover their number segments: at most 12 %');
  });

  test.each([
    ['match --listen 127.0.0.1:0 --input crm.csv --id 手机号:phone --output a.csv', 'Add --yes'],
    ['match --input crm.csv --id 手机号:phone --output a.csv --yes', 'either --listen or --connect'],
    [
      'match --listen :0 --connect causeway:x --input crm.csv --id 手机号:phone --output a.csv --yes',
      'either --listen or --connect',
    ],
    ['match --listen :0 --input crm.csv --id 手机号:phone --output ./crm.csv --yes', 'written over the input'],
    ['match --listen :0 --input crm.csv --id 手机号:telefax --output a.csv --yes', 'telefax'],
    ['match --listen :70000 --input crm.csv --id 手机号:phone --output a.csv --yes', 'Expected host:port'],
    ['match --listen :0 --input crm.csv --output a.csv --yes', '--id <column:profile> is required'],
  ])('%s is refused before anything begins', async (line, sentence) => {
    const { code, output, error } = await place.run(line);
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(error).toContain(sentence);
  });

  test('Ctrl-C while it waits ends it', async () => {
    const { code, error } = await place.run(
      'match --listen 127.0.0.1:0 --input crm.csv --id 手机号:phone --output a.csv --yes',
      { interruptAfter: 'causeway:' },
    );
    expect(code).toBe(130);
    expect(error).toContain('nothing was written');
  });
});

describe('demo, and the nodes that it leaves', () => {
  interface DemoNode {
    readonly organisation: string;
    readonly home: string;
    readonly url: string;
    readonly password: string;
  }
  const scene = new Place();
  let nodes: readonly DemoNode[] = [];
  let job = '';
  const at = (organisation: string, line: string) =>
    scene.run(`${line} --home ${nodes.find((node) => node.organisation === organisation)?.home}`);

  afterAll(async () => {
    for (const { home } of nodes) await scene.run(`down --home ${home}`);
    for (const { home } of nodes) rmSync(dirname(home), { recursive: true, force: true });
    scene.remove();
  });

  test('it goes the whole way and finds what a plain join finds', { timeout: 240_000 }, async () => {
    const { code, output, error } = await scene.run('demo --people 500 --stay --json');
    expect({ code, error: code === 0 ? '' : error }).toEqual({ code: 0, error: '' });
    const document = JSON.parse(output);
    ({ nodes, job } = document);
    expect(document).toMatchObject({
      synthetic: true,
      expected: { crmRows: document.advertiser.counts.matched, usersRows: document.media.counts.matched },
      advertiser: { evidence: { ok: true } },
      media: { evidence: { ok: true } },
    });
    expect(nodes.map((node) => node.organisation)).toEqual(['harbour', 'aurora', 'borealis']);
  });

  test('its logins open the nodes', async () => {
    const { createClient } = await import('@causeway/sdk');
    for (const { url, password } of nodes) {
      const { user } = await createClient({ url }).session.login({ name: 'demo', password });
      expect(user.roles).toHaveLength(5);
    }
  });

  test('evidence verifies without a node, and any change to it shows', async () => {
    const file = join(scene.folder, 'evidence.json');
    expect((await at('aurora', `evidence export ${job} --to ${file}`)).code).toBe(0);
    const members = await at('borealis', 'network members --json');
    const operator = JSON.parse(members.output).items.find((one: { operator: boolean }) => one.operator);
    const alone = { env: { CAUSEWAY_HOME: join(scene.folder, 'none') } };
    const known = await scene.run(`evidence verify ${file} --operator-key ${operator.identityKey} --json`, alone);
    expect(known.code).toBe(0);
    expect(JSON.parse(known.output)).toMatchObject({
      ok: true,
      ledger: {
        operator: 'harbour',
        operatorKeyGiven: true,
        cosigners: expect.arrayContaining(['aurora', 'borealis']),
      },
    });
    const unknown = await scene.run(`evidence verify ${file}`, alone);
    expect(unknown.code).toBe(0);
    expect(unknown.output).toContain('compare it with what you know from elsewhere');
    const another = Buffer.alloc(32, 7).toString('base64');
    expect((await scene.run(`evidence verify ${file} --operator-key ${another}`, alone)).code).toBe(1);
    const whole = readFileSync(file, 'utf8');
    const changed = JSON.parse(whole);
    changed.terms.purpose = 'another purpose';
    writeFileSync(join(scene.folder, 'changed.json'), JSON.stringify(changed));
    const forged = await scene.run('evidence verify changed.json', alone);
    expect(forged.code).toBe(1);
    expect(forged.output).toContain('THE EVIDENCE DOES NOT HOLD.');
    writeFileSync(join(scene.folder, 'twice.json'), `{"format":"x",${whole.slice(1)}`);
    const twice = await scene.run('evidence verify twice.json', alone);
    expect(twice.code).toBe(1);
    expect(twice.error).toContain('not a JSON document that can be used');
  });

  test('a copy of the ledger verifies without a node, and names the record that was changed', async () => {
    const file = join(scene.folder, 'ledger.json');
    expect((await at('borealis', `ledger export --to ${file}`)).code).toBe(0);
    const good = await scene.run(`ledger verify --file ${file} --json`);
    expect(good.code).toBe(0);
    const here = await at('borealis', 'ledger verify --json');
    const { network: _, operator: __, operatorKeyGiven: ___, ...same } = JSON.parse(good.output);
    expect(JSON.parse(here.output)).toMatchObject({ ok: true, records: same.records, root: same.root });
    const copy = JSON.parse(readFileSync(file, 'utf8'));
    const records = [...copy.records];
    records[4] = { ...records[4], entry: { ...records[4].entry, author: 'harbour' } };
    for (const [name, changed, broken] of [
      ['altered', { ...copy, records }, 4],
      ['shorter', { ...copy, records: copy.records.slice(0, -1) }, undefined],
      ['without a record', { ...copy, records: copy.records.toSpliced(3, 1) }, 3],
      ['another form', { format: 'causeway/ledger-copy/v0' }, undefined],
    ] as const) {
      writeFileSync(file, JSON.stringify(changed));
      const { code, output } = await scene.run(`ledger verify --file ${file} --json`);
      expect(code, name).toBe(1);
      expect(JSON.parse(output), name).toMatchObject({
        ok: false,
        ...(broken === undefined ? {} : { firstBroken: broken }),
      });
    }
  });

  test('a node that runs is not started twice; stopped, it is silent; started again, it knows what it knew', async () => {
    const twice = await at('aurora', 'up --detach --json');
    expect(twice.code).toBe(1);
    expect(JSON.parse(twice.output)).toMatchObject({ code: 'running' });
    expect(JSON.parse((await at('aurora', 'down --json')).output)).toMatchObject({ stopped: true, database: false });
    expect(JSON.parse((await at('aurora', 'status --json')).output)).toMatchObject({ code: 'unreachable' });
    const up = await at('aurora', 'up --detach --json');
    expect(up.code).toBe(0);
    expect(JSON.parse(up.output)).toMatchObject({ organisation: 'aurora', pid: expect.any(Number) });
    expect(JSON.parse((await at('aurora', 'job list --json')).output).items).toMatchObject([
      { id: job, status: 'finished' },
    ]);
  });

  test('[F61] is backed up while it runs and while it does not, and restored', { timeout: 120_000 }, async () => {
    const [running, stopped, home] = ['running', 'stopped', 'again'].map((name) => join(scene.folder, name));
    const made = await at('aurora', `backup --to ${running} --json`);
    expect({ code: made.code, error: made.code === 0 ? '' : made.error }).toEqual({ code: 0, error: '' });
    const { kind, status, result } = JSON.parse(made.output);
    expect({ kind, status, result }).toMatchObject({
      kind: 'node.backup',
      status: 'finished',
      result: { kind: 'backup', path: running, database: 'embedded' },
    });
    const twice = await at('aurora', `backup --to ${running}`);
    expect(twice.code).toBe(1);
    expect(twice.error).toContain('exists already');

    await at('aurora', 'down');
    const here = await at('aurora', `backup --to ${stopped}`);
    expect(here.code).toBe(0);
    expect(here.output).toContain('It holds the keys of the node');
    expect(here.output).toContain(`${result.ledger.records} records at least, root ${result.ledger.root}`);

    const over = await at('aurora', `restore --from ${running}`);
    expect(over.code).toBe(1);
    expect(over.error).toContain('is not empty');
    for (const from of [running, stopped]) {
      const restored = await scene.run(`restore --from ${from} --home ${home} --json`);
      expect(restored.code).toBe(0);
      expect(JSON.parse(restored.output)).toMatchObject({
        home,
        organisation: 'aurora',
        backup: { ledger: result.ledger },
      });
      expect((await scene.run(`up --detach --home ${home}`)).code).toBe(0);
      const shown = JSON.parse((await scene.run(`status --home ${home} --json`)).output);
      expect(shown.ledger).toMatchObject(result.ledger);
      expect(JSON.parse((await scene.run(`job list --home ${home} --json`)).output).items).toMatchObject([{ id: job }]);
      expect((await scene.run(`down --home ${home}`)).code).toBe(0);
      rmSync(home as string, { recursive: true });
    }
    expect((await scene.run(`backup --to ${join(scene.folder, 'x')} --home ${home}`)).code).toBe(1);
    expect((await at('aurora', 'up --detach')).code).toBe(0);
  });

  test('another node at its address is not taken for it', async () => {
    const [harbour, aurora] = nodes as readonly [DemoNode, DemoNode];
    await at('harbour', 'down');
    const file = join(harbour.home, 'config.json');
    const config = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...config, api: new URL(aurora.url).host }));
    const { code, error } = await at('harbour', 'up --detach');
    expect(code).toBe(1);
    expect(error).toContain('cannot listen on');
  });
});
