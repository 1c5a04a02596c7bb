/** A match with a guest: the page's own code against a real node, without a browser; test/console/guest.test.ts has the browser. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agreementId, verifyEvidence } from '@causeway/core/applications/agreement';
import {
  encodeFrame,
  frameBytesMax,
  type GuestReceiver,
  type GuestTerms,
  secretOfFragment,
} from '@causeway/core/applications/guest';
import { bytesToBase64 } from '@causeway/core/bytes';
import { keyPairFromSeed } from '@causeway/core/crypto';
import { signGuestConsent } from '@causeway/core/ledger';
import { type KernelHandle, openKernels, systemRandom } from '@causeway/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idColumns } from '../../console/guest/list/id-columns.ts';
import { keyList } from '../../console/guest/list/key-list.ts';
import { readTable } from '../../console/guest/list/read-table.ts';
import type { Table } from '../../console/guest/list/table.ts';
import { Visit } from '../../console/guest/run/visit.ts';
import { emptyNode, jobEnd, publish, type TrialNode, until } from './trial-network.ts';

/** 2,000 people of the host; every third of the guest's 1,500 is among them. */
const hostRows = Array.from({ length: 2000 }, (_, i) => phone(i * 3));
const guestRows = Array.from({ length: 1500 }, (_, i) => phone(i));
const shared = guestRows.filter((number) => hostRows.includes(number));

function phone(i: number): string {
  return `138${String((i * 48_271) % 100_000_000).padStart(8, '0')}`;
}

describe('a match with a guest', () => {
  let folder: string;
  let node: TrialNode;
  let kernel: KernelHandle;
  let table: Table;

  beforeAll(async () => {
    const list = `name,手机号\n${guestRows.map((number, i) => `person ${i},${number}`).join('\n')}\n`;
    ({ table } = await readTable(new Blob([list])));
    folder = await mkdtemp(join(tmpdir(), 'causeway-guest-'));
    node = await emptyNode(folder, 'aurora', { org: 'Aurora Motors' });
    await node.start();
    await node.api.network.create({ name: 'Harbour' });
    await writeFile(join(folder, 'customers.csv'), `phone\n${hostRows.join('\n')}\n`);
    const ids = [{ column: 'phone', profile: 'phone' }];
    await publish(node, { path: join(folder, 'customers.csv'), name: 'customers', ids });
    kernel = (await openKernels()).kernel;
  }, 60_000);

  afterAll(async () => {
    await kernel?.close();
    await node?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const invite = (more: { receiver?: GuestReceiver; uses?: number; expiresAt?: string; rowsMax?: number } = {}) =>
    node.api.guest.invite({
      label: 'Corner bakery',
      dataset: 'customers',
      key: 'phone',
      purpose: 'Shared customers',
      ...more,
    });
  const secretOf = (path: string) => secretOfFragment(path.slice(path.indexOf('#')))!;
  const visit = (path: string) => Visit.open(secretOf(path), { url: node.url, kernel, random: systemRandom });
  const listFor = ({ offer }: Visit) => {
    const [column] = idColumns(table, offer.column.profile);
    return { column: column!, list: keyList(table, column!, { network: offer.network, random: systemRandom }) };
  };
  const run = async (path: string) => {
    const opened = await visit(path);
    const { column, list } = listFor(opened);
    const agreed = await opened.propose(list, column.profile);
    return { agreed, result: await opened.run(agreed, list, () => {}) };
  };
  const namesOf = (rows: readonly number[]) => rows.map((row) => table.rows[row]![1]);

  it('gives the guest the plain intersection, the host nothing but a size, and both the same evidence', async () => {
    const { path, invite: made } = await invite();
    const { agreed, result } = await run(path);
    expect(namesOf(result.rows!)).toEqual(shared);
    expect(result.counts.matched).toBe(shared.length);
    expect(verifyEvidence(result.evidence).checks.filter(({ ok }) => !ok)).toEqual([]);
    const [after] = (await node.api.guest.list()).items.filter(({ id }) => id === made.id);
    expect(after).toMatchObject({
      status: 'used',
      usesTaken: 1,
      runs: [{ agreement: agreed.agreement, status: 'finished' }],
    });
    const job = await jobEnd(node, after!.runs[0]!.job);
    expect(job).toMatchObject({ status: 'finished', operation: 'guest' });
    expect(job.audience).toBeUndefined();
    expect(job.counts?.matched).toBeUndefined();
    expect(await node.api.evidence.export({ job: job.id })).toMatchObject({ terms: agreed.terms });
  });

  it.each<[GuestReceiver, boolean, boolean]>([
    ['host', false, true],
    ['both', true, true],
    ['count', false, false],
  ])('receiver %s: each side gets what the disclosure says, and no more', async (receiver, guestGets, hostGets) => {
    const { path, invite: made } = await invite({ receiver });
    const { result } = await run(path);
    const [{ job: id }] = await runsOf(made.id);
    const job = await jobEnd(node, id);
    expect(result.rows === undefined ? undefined : namesOf(result.rows)).toEqual(guestGets ? shared : undefined);
    const audience = job.audience === undefined ? undefined : await node.api.audience.show({ audience: job.audience });
    expect(audience?.rows).toBe(hostGets ? shared.length : undefined);
    // Rounded to the minimum group where nobody learns rows; nothing at all for a guest that learns nothing.
    const counted = receiver === 'count' ? Math.round(shared.length / 50) * 50 : guestGets ? shared.length : undefined;
    expect(result.counts.matched).toBe(counted);
    expect(verifyEvidence(await node.api.evidence.export({ job: id })).ok).toBe(true);
  });

  it('an invite for two runs is used up after two; a run of a used one is refused', async () => {
    const { path, invite: made } = await invite({ uses: 2 });
    const late = await visit(path);
    await run(path);
    await run(path);
    await expect(visit(path)).rejects.toMatchObject({ code: 'guest-invite' });
    // A page that was opened before: it is looked at again at each step.
    const { column, list } = listFor(late);
    await expect(late.propose(list, column.profile)).rejects.toMatchObject({ code: 'guest-invite' });
    expect(await stateOf(made.id)).toBe('used');
  });

  it('a link that was revoked, has expired or never was, is refused in the same words', async () => {
    const revoked = await invite();
    await node.api.guest.revoke({ invite: revoked.invite.id });
    const expired = await invite({ expiresAt: new Date(Date.now() + 1500).toISOString() });
    await until(async () => (await stateOf(expired.invite.id)) === 'expired');
    const refusals = await Promise.all(
      [revoked.path, expired.path, `/guest#v1.${'A'.repeat(43)}`].map((path) =>
        visit(path).then(
          () => 'opened',
          (error) => error.message,
        ),
      ),
    );
    expect(new Set(refusals).size).toBe(1);
    expect(refusals[0]).toContain('unknown, not confirmed yet, used, revoked, or too old');
  });

  it('under four eyes a link opens nothing before a second person has confirmed it, and who made it cannot', async () => {
    await node.api.settings.update({ fourEyes: true });
    const { path, invite: made } = await invite();
    await node.api.settings.update({ fourEyes: false });
    expect(made.status).toBe('waiting');
    await expect(visit(path)).rejects.toMatchObject({ code: 'guest-invite' });
    await expect(node.api.guest.confirm({ invite: made.id })).rejects.toMatchObject({ code: 'four-eyes' });
    await expect(node.api.guest.confirm({ invite: 'none' })).rejects.toMatchObject({ code: 'not-found' });
    expect(await stateOf(made.id)).toBe('waiting');
  });

  it('revoking an invite ends the page that is open, before it has run', async () => {
    const { path, invite: made } = await invite();
    const opened = await visit(path);
    await node.api.guest.revoke({ invite: made.id });
    const { column, list } = listFor(opened);
    await expect(opened.propose(list, column.profile)).rejects.toMatchObject({ code: 'guest-session' });
  });

  it('a list under the minimum, or over what the invite allows, is refused at the node too', async () => {
    const { path, invite: made } = await invite({ rowsMax: 1000 });
    const opened = await visit(path);
    const { column, list } = listFor(opened);
    const agreed = await opened.propose({ ...list, count: 1000 }, column.profile);
    await expect(opened.run(agreed, list, () => {})).rejects.toMatchObject({ code: 'set-size' });
    const [{ job }] = await runsOf(made.id);
    expect(await jobEnd(node, job)).toMatchObject({ status: 'failed', error: { code: 'set-size' } });
  });

  it('a dense list is refused before anything runs', async () => {
    const { path } = await invite();
    const opened = await visit(path);
    const { column, list } = listFor(opened);
    await expect(opened.propose({ ...list, density: 90 }, column.profile)).rejects.toMatchObject({
      code: 'policy-denied',
    });
  });

  describe('hostile nodes', () => {
    /** A node whose answers are changed on their way. */
    const lying = (change: (path: string, body: Record<string, unknown>) => void) =>
      (async (input: string, init?: RequestInit) => {
        const response = await fetch(input, init);
        if (!response.headers.get('content-type')?.startsWith('application/json')) return response;
        const body = (await response.json()) as Record<string, unknown>;
        change(new URL(input).pathname, body);
        return Response.json(body, { status: response.status });
      }) as typeof fetch;

    it.each<[string, (terms: GuestTerms) => void]>([
      ['who learns', (terms) => Object.assign(terms.host, { learns: 'rows' })],
      ['the purpose', (terms) => Object.assign(terms, { purpose: 'resale' })],
      ['the limits', (terms) => Object.assign(terms.limits, { minimumListRows: 1 })],
      ['the key', (terms) => Object.assign(terms.guest, { key: bytesToBase64(systemRandom.bytes(32)) })],
    ])('terms that differ from the invite in %s are not shown to anybody', async (_, change) => {
      const { path } = await invite();
      const fetch = lying((address, body) => {
        if (address.endsWith('/terms')) change(body.terms as GuestTerms);
      });
      const opened = await Visit.open(secretOf(path), { url: node.url, kernel, random: systemRandom, fetch });
      const { column, list } = listFor(opened);
      await expect(opened.propose(list, column.profile)).rejects.toMatchObject({ code: 'terms-differ' });
    });
  });

  describe('hostile pages', () => {
    /** Opens a session up to the point where a match could begin. */
    const atTheDoor = async () => {
      const { path, invite: made } = await invite();
      const { session, offer } = await node.api.visit.open({ secret: secretOf(path) });
      const keyPair = keyPairFromSeed(systemRandom.bytes(32));
      const list = { key: bytesToBase64(keyPair.publicKey), profile: 'phone', density: 1, rowsAbout: 1500 };
      const { terms } = await node.api.visit.propose({ session, list });
      const agreement = agreementId(terms);
      const consent = signGuestConsent({ network: offer.network, host: 'aurora', agreement }, keyPair);
      return { session, agreement, consent, made };
    };
    const frames = (session: string, init: RequestInit = {}) =>
      fetch(`${node.url}/v1/guest-sessions/frames`, {
        ...init,
        headers: { 'x-causeway-guest': session, 'content-type': 'application/octet-stream' },
      });

    it.each<[string, Uint8Array]>([
      ['no frame', Uint8Array.of(9, 9, 9)],
      ['a question', encodeFrame({ kind: 'question', id: 1, method: 'ledger.append', body: new Uint8Array(0) })],
      ['an answer that nobody asked for', encodeFrame({ kind: 'answer', id: 77, body: new Uint8Array(0) })],
    ])('%s ends the run, and gives out nothing', async (_, bytes) => {
      const { session, agreement, consent, made } = await atTheDoor();
      const reading = await frames(session);
      const { job } = await node.api.visit.consent({ session, agreement, consent });
      expect((await frames(session, { method: 'POST', body: bytes as Uint8Array<ArrayBuffer> })).status).toBe(502);
      expect(await jobEnd(node, job)).toMatchObject({ status: 'failed' });
      await reading.body?.cancel();
      expect((await node.api.guest.list()).items.find(({ id }) => id === made.id)?.runs[0]?.status).toBe('failed');
    });

    it('messages of another protocol end the run', async () => {
      const { session, agreement, consent } = await atTheDoor();
      const reading = await frames(session);
      const { job } = await node.api.visit.consent({ session, agreement, consent });
      const junk = encodeFrame({ kind: 'message', bytes: new Uint8Array(300).fill(7) });
      await frames(session, { method: 'POST', body: junk as Uint8Array<ArrayBuffer> });
      // The page is told why, and does not answer: it goes.
      let heard = '';
      for await (const bytes of reading.body!) {
        heard += Buffer.from(bytes).toString('latin1');
        if (heard.includes('job.failed')) break;
      }
      expect(await jobEnd(node, job)).toMatchObject({ status: 'failed', error: { code: 'malformed-message' } });
    });

    it('a consent under another key, to other terms, or without a page that listens, begins nothing', async () => {
      const { session, agreement, consent, made } = await atTheDoor();
      const other = signGuestConsent(
        { network: 'x', host: 'aurora', agreement },
        keyPairFromSeed(systemRandom.bytes(32)),
      );
      await expect(node.api.visit.consent({ session, agreement, consent })).rejects.toMatchObject({ code: 'conflict' });
      const reading = await frames(session);
      await expect(node.api.visit.consent({ session, agreement, consent: other })).rejects.toMatchObject({
        code: 'conflict',
      });
      const elsewhere = '0'.repeat(64);
      await expect(node.api.visit.consent({ session, agreement: elsewhere, consent })).rejects.toMatchObject({
        code: 'conflict',
      });
      await reading.body?.cancel();
      expect(await runsOf(made.id)).toEqual([]);
      expect((await frames('A'.repeat(43))).status).toBe(409);
      expect((await fetch(`${node.url}/v1/guest-sessions/frames`)).status).toBe(401);
    });

    it('a frame that is too long is refused before it is read', async () => {
      const { session } = await atTheDoor();
      const reading = await frames(session);
      const long = new Uint8Array(frameBytesMax + 1);
      expect((await frames(session, { method: 'POST', body: long })).status).toBe(413);
      await reading.body?.cancel();
    });

    it('secrets cannot be tried without end', async () => {
      const guess = () => node.api.visit.open({ secret: Buffer.from(systemRandom.bytes(32)).toString('base64url') });
      let code = '';
      for (let tries = 0; tries < 30 && code !== 'too-many-attempts'; tries++)
        code = await guess().then(
          () => 'opened',
          (error) => error.code,
        );
      expect(code).toBe('too-many-attempts');
    });
  });

  const runsOf = async (id: string) =>
    ((await node.api.guest.list()).items.find((item) => item.id === id)?.runs ?? []) as unknown as [{ job: string }];
  const stateOf = async (id: string) => (await node.api.guest.list()).items.find((item) => item.id === id)?.status;
});
