/** The pages of the applications: each request is made as it stands, of one example room, and the page tells what comes (after a change: `npx vitest run test/applications -u`). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  compileReport,
  parseReportRequest,
  presentReport,
  type ReportData,
  withoutHidden,
} from '@causeway/core/applications/request';
import { describe, expect, it } from 'vitest';
import { runReport } from '../../server/engine/report/run.ts';
import { asker, type RoomFiles, writeRoom } from '../../server/engine/report/testing/room.ts';
import { testContext, testFolder } from '../../server/engine/testing/context.ts';
import { testDatabase } from '../../server/engine/testing/database.ts';
import { exampleCatalogue, k, loadExample } from './example-room.ts';

const folder = fileURLToPath(new URL('../../docs/applications', import.meta.url));
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
/** A request of a report; what stands in bid requests is held to `bid-requests.test.ts`. */
const block = /```json\n(\{\n {2}"application"[\s\S]*?)\n```\n\n(?:>[^\n]*\n)*/;

async function exampleFiles(): Promise<RoomFiles> {
  const own = testFolder();
  const test = await testDatabase([own]);
  await loadExample(test);
  return writeRoom(test, own);
}

/** What a receiver is told: exactly where it owns all rows, and under the guard of exact reports where it does not. */
async function reportOf(document: unknown, files: RoomFiles): Promise<ReportData> {
  const request = parseReportRequest(document);
  const isOwn = request.application === 'traffic';
  const catalogue = exampleCatalogue(isOwn ? { media: 'brand', brand: 'brand' } : { media: 'media', brand: 'brand' });
  const input = { request, catalogue, ...files, timeLimitMs: 60_000 };
  if (isOwn) {
    const made = await runReport({ ...input, isOwn }, testContext());
    if (!('report' in made)) throw new Error('expected a report');
    return made.report;
  }
  const people = catalogue.tables.map(({ owner, name, person }) => ({ owner, table: name, person }));
  const guard = { k, path: join(testFolder(), 'sets'), people, receivers: asker.receivers };
  const made = await runReport({ ...input, isOwn, guard }, testContext());
  if (!('numbers' in made)) throw new Error('expected numbers');
  const report = compileReport({ request, catalogue, asker });
  const numbers = Object.fromEntries(Object.entries(made.numbers).map(([name, values]) => [name, values.map(BigInt)]));
  return presentReport(report, withoutHidden(report, numbers, made.guard!.shown));
}

describe('a page of an application', { timeout: 60_000 }, () => {
  it.each(pages.filter((name) => block.test(readFileSync(join(folder, name), 'utf8'))))(
    '%s asks for what can be asked for, and tells what comes',
    async (name) => {
      const page = readFileSync(join(folder, name), 'utf8');
      const [, request] = block.exec(page)!;
      const { words } = await reportOf(JSON.parse(request!), await exampleFiles());
      expect(words.length).toBeGreaterThan(0);
      const told = words.map(({ en }) => `> ${en}<br>\n`).join('');
      const drawn = page.replace(block, () => `\`\`\`json\n${request}\n\`\`\`\n\n${told}`);
      await expect(drawn).toMatchFileSnapshot(join(folder, name));
    },
  );
});
