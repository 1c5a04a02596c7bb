/** The host's side of guests, and the ledger: in words, checked in the browser, and evidence checked with the node gone. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { secretOfFragment } from '@causeway/core/applications/guest';
import { openKernels, systemRandom } from '@causeway/native';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idColumns } from '../../console/guest/list/id-columns.ts';
import { keyList } from '../../console/guest/list/key-list.ts';
import { readTable } from '../../console/guest/list/read-table.ts';
import { Visit } from '../../console/guest/run/visit.ts';
import { publish, type TrialNode } from '../end-to-end/trial-network.ts';
import { hasBrowser } from './browser.ts';
import { TrialConsole } from './trial-console.ts';

const people = (count: number) =>
  `phone\n${Array.from({ length: count }, (_, i) => `138${String((i * 48_271) % 1e8).padStart(8, '0')}`).join('\n')}\n`;

describe.skipIf(!hasBrowser)('guests and the ledger in the console', () => {
  let trial: TrialConsole;
  let node: TrialNode;
  let page: Page;
  let evidence: { path: string; text: string };

  beforeAll(async () => {
    trial = await TrialConsole.start();
    ({ node } = trial);
    ({ page } = trial.watched);
    await node.api.network.create({ name: 'Harbour Alliance' });
    await writeFile(join(trial.folder, 'customers.csv'), people(3000));
    const ids = [{ column: 'phone', profile: 'phone' }];
    await publish(node, { path: join(trial.folder, 'customers.csv'), name: 'customers', ids });
    await trial.signIn('mei', ['admin', 'approver'], { address: '/guests' });
  }, 120_000);

  afterAll(() => trial?.stop());

  it('makes an invite, shows its link once, and revokes it', async () => {
    await page.getByText('No guest was invited yet').waitFor();
    await trial.expectSound();
    await trial.shot('guests-none');
    await page.getByRole('button', { name: 'Invite a guest' }).click();
    await page.getByLabel('What the guest is called here').fill('Corner bakery');
    await page.getByLabel('Purpose').fill('Shared customers');
    await choose('Your dataset', 'customers');
    await choose('Matched by', 'phone (phone)');
    await trial.expectSound();
    await trial.shot('guests-invite');
    await page.getByRole('button', { name: 'Make the link' }).click();
    const link = await page.getByText('/guest#v1.').textContent();
    expect(link).toMatch(new RegExp(`^${node.url}/guest#v1\\.[A-Za-z0-9_-]{43}`));
    await trial.expectSound();
    await trial.shot('guests-link');
    await runAsGuest(link!);
    await page.keyboard.press('Escape');
    await page.getByText('Used up').waitFor();
    const { invite } = await node.api.guest.invite({
      label: 'Florist',
      dataset: 'customers',
      key: 'phone',
      purpose: 'x',
    });
    await page.getByRole('button', { name: 'Revoke the invite of Florist' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).last().click();
    await page.getByText('Ended').waitFor();
    expect((await node.api.guest.list()).items.find(({ id }) => id === invite.id)?.status).toBe('revoked');
    await trial.expectSound();
    await trial.shot('guests');
  });

  /** Ant's lists open on a click and close on a choice. */
  async function choose(label: string, option: string) {
    await page.getByLabel(label).click();
    await page.getByTitle(option).click();
  }

  /** As a guest's page would, with a faster kernel; keeps the evidence. */
  async function runAsGuest(link: string) {
    const { kernel } = await openKernels();
    try {
      const secret = secretOfFragment(new URL(link.trim()).hash)!;
      const visit = await Visit.open(secret, { url: node.url, kernel, random: systemRandom });
      const { table } = await readTable(new Blob([people(1500)]));
      const [column] = idColumns(table, visit.offer.column.profile);
      const list = keyList(table, column!, { network: visit.offer.network, random: systemRandom });
      const result = await visit.run(await visit.propose(list, column!.profile), list, () => {});
      evidence = { path: join(trial.folder, 'evidence.json'), text: JSON.stringify(result.evidence) };
      await writeFile(evidence.path, evidence.text);
    } finally {
      await kernel.close();
    }
  }

  it('tells the ledger in words, and checks all of it in the browser', async () => {
    await page.getByRole('link', { name: 'Ledger' }).click();
    await page.getByText('founded the network “Harbour Alliance”').waitFor();
    await page.getByText(/signed by all: outcome [0-9a-f]{12}/).waitFor();
    await trial.expectSound();
    await page.getByRole('button', { name: 'Verify in this browser' }).click();
    await page.getByText('Every hash, signature and rule holds.').waitFor();
    const { root } = await node.api.ledger.head();
    expect(await page.locator('.verdict').textContent()).toContain(root);
    await trial.expectSound();
    await trial.shot('ledger');
  });

  it('a record that was changed on its way is found, with its number: canary', async () => {
    await page.route('**/v1/ledger/records*', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace('Harbour Alliance', 'Harbour Allianse');
      await route.fulfill({ response: answer, body });
    });
    await page.getByRole('button', { name: 'Verify in this browser' }).click();
    await page.getByText('First broken record: 0.').waitFor();
    await page.unroute('**/v1/ledger/records*');
  });

  it('checks evidence with the node gone, and finds a digit that was changed', async () => {
    await node.stop();
    await page.getByLabel('Drop an evidence file here, or choose it').setInputFiles(evidence.path);
    await page.getByText('evidence.json: the evidence holds.').waitFor();
    await trial.shot('ledger-evidence');
    const forged = join(trial.folder, 'forged.json');
    const document = JSON.parse(await readFile(evidence.path, 'utf8')) as {
      outcome: { rounds: { transcript: string }[] };
    };
    const [round] = document.outcome.rounds;
    round!.transcript = round!.transcript.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    await writeFile(forged, JSON.stringify(document));
    await page.getByLabel('Drop an evidence file here, or choose it').setInputFiles(forged);
    await page.getByText('forged.json: the evidence does not hold').waitFor();
    await page.getByText('Outcome does not hold:').waitFor();
    const none = join(trial.folder, 'none.json');
    await writeFile(none, 'not json');
    await page.getByLabel('Drop an evidence file here, or choose it').setInputFiles(none);
    await page.getByText('This is no evidence file').waitFor();
  });
});
