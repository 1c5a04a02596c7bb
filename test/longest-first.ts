/**
 * In which order test files begin: those that take long first, the longest at the head, so that at the end no worker is busy with one of them while the
 * others have nothing left; files that share their worker last, all of them short.
 */
import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** From a quarter of a minute up, as a whole run on two cores has them. */
export const longFiles: readonly string[] = [
  'native/build.test.ts',
  'sim/sim.test.ts',
  'test/console/roles.test.ts',
  'test/end-to-end/crash.test.ts',
  'test/console/results.test.ts',
  'cli/commands/local.test.ts',
  'test/console/closed-loop.test.ts',
  'test/console/propose.test.ts',
  'test/end-to-end/backup.test.ts',
  'test/end-to-end/room.test.ts',
  'test/snippets/snippets.test.ts',
  'server/engine/report/sensitivity.test.ts',
  'test/end-to-end/match.test.ts',
  'test/console/manage.test.ts',
  'native/secret-flow/secret-flow.test.ts',
  'test/end-to-end/deliver.test.ts',
  'server/jobs/match/oprf/oprf-round.test.ts',
  'test/tidy.test.ts',
  'test/end-to-end/activate.test.ts',
  'server/backup/backup.test.ts',
  'test/end-to-end/insight.test.ts',
  'server/jobs/match/differential.test.ts',
  'test/end-to-end/closed-loop.test.ts',
  'test/console/console.test.ts',
  'server/questions/report.test.ts',
  'server/engine/report/run.test.ts',
  'test/end-to-end/table-match.test.ts',
  'core/protocols/join-sum/join-sum.test.ts',
  'server/questions/questions.test.ts',
  'native/differential.test.ts',
  'server/engine/query/differential.test.ts',
  'test/console/ledger.test.ts',
  'server/engine/process.test.ts',
  'test/end-to-end/room-events.test.ts',
  'server/engine/query/sensitivity.test.ts',
  'test/console/guest.test.ts',
  'server/jobs/room/room-jobs.test.ts',
  'test/end-to-end/guest.test.ts',
  'server/engine/query/attacks.test.ts',
  'server/engine/query/fuzz.test.ts',
  'core/privacy/accountant.test.ts',
  'test/end-to-end/activation.test.ts',
  'test/end-to-end/table-match-direct.test.ts',
  'server/questions/exact-report.test.ts',
  'core/protocols/join-sum/hostile.test.ts',
  'test/end-to-end/no-open-port.test.ts',
];

/** From the first to begin to the last; a file that is not listed counts as short. */
export function longestFirst<File>(
  files: readonly File[],
  of: { readonly pathOf: (file: File) => string; readonly sharesWorker: (file: File) => boolean },
): File[] {
  const placeOf = (file: File) => {
    const place = longFiles.indexOf(of.pathOf(file));
    return place < 0 ? longFiles.length : place;
  };
  const last = (file: File) => Number(of.sharesWorker(file));
  return files.toSorted((a, b) => last(a) - last(b) || placeOf(a) - placeOf(b));
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return longestFirst(await super.sort(files), {
      pathOf: ({ moduleId }) => relative(this.ctx.config.root, moduleId).replaceAll('\\', '/'),
      sharesWorker: ({ project }) => !project.config.isolate,
    });
  }
}
