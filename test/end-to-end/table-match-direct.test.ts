/** psi/oprf between two processes that know each other by an invite alone: the table lives for the run. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDirectMatch } from './direct-match.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'causeway-tables-'));
  await writeFile(
    join(folder, 'crm.csv'),
    rowsOf(1300, (i) => (i % 3 === 0 ? '' : mobileOf(i))),
  );
  await writeFile(
    join(folder, 'users.csv'),
    rowsOf(4000, (i) => mobileOf(i + 1000)),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const mobileOf = (i: number) => `136${String(10_000_000 + i * 7_003)}`;

function rowsOf(count: number, mobile: (i: number) => string): string {
  const lines = Array.from({ length: count }, (_, i) => `${mobile(i)},u${mobile(i) || i}@example.com`);
  return `mobile,email\n${lines.join('\n')}\n`;
}

const ids = ['mobile:phone', 'email:email'];
const side = (input: string) => ({
  input: join(folder, input),
  output: join(folder, `matched-${input}`),
  ids,
  minimum: 500,
});

describe('two processes', () => {
  it('the side that learns gets its rows by all kinds of identifiers; the one with the table learns a size', async () => {
    const { listener, connector } = await runDirectMatch(
      { ...side('crm.csv'), receiver: 'me', protocol: 'oprf' },
      { ...side('users.csv'), receiver: 'them', protocol: 'oprf' },
    );
    expect([listener.code, connector.code], listener.stderr + connector.stderr).toEqual([0, 0]);
    expect(listener.report!.transcript).toBe(connector.report!.transcript);
    expect(listener.stderr).toContain('tags its list under a secret key');
    const expected = (await readFile(join(folder, 'crm.csv'), 'utf8')).trim().split('\n').slice(1);
    const matched = (await readFile(join(folder, 'matched-crm.csv'), 'utf8')).trim().split('\n').slice(1);
    // Who has no telephone number has no shared e-mail address either.
    expect(matched).toEqual(expected.filter((row, i) => i >= 1000 && !row.startsWith(',')));
    expect(connector.report!.output).toBeUndefined();
    expect(connector.report!.counts).not.toHaveProperty('matched');
  }, 120_000);

  it('it runs only where both have named it, and one of them learns', async () => {
    const named = await runDirectMatch(
      { ...side('crm.csv'), receiver: 'me', protocol: 'oprf' },
      { ...side('users.csv'), receiver: 'them' },
    );
    expect([named.listener.code, named.connector.code]).not.toContain(0);
    expect(named.listener.stderr + named.connector.stderr).toContain('--protocol');
    const both = await runDirectMatch(
      { ...side('crm.csv'), protocol: 'oprf' },
      { ...side('users.csv'), protocol: 'oprf' },
    );
    expect([both.listener.code, both.connector.code]).not.toContain(0);
    expect(both.listener.stderr + both.connector.stderr).toContain('receiver me or them');
  }, 120_000);
});
