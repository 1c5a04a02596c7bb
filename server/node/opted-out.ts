/** People who opted out, in lists that leave the node without their rows: who they were when a list was made, and whether more have opted out since. */
import { readFile } from 'node:fs/promises';
import type { Settings } from '@causeway/core/api';
import type { ImportReport } from '../engine/index.ts';
import { ApiProblem } from '../http/index.ts';
import { JobFailure } from '../jobs/life/index.ts';
import { BitSet } from '../jobs/work/index.ts';
import type { DatasetRow } from '../store/index.ts';
import { optOutsFor, rowsPath } from './export-rules.ts';
import type { Services } from './services.ts';

/**
 * Writes which rows of a dataset are of people on the lists that the settings name.
 * @param to becomes a file of row numbers, as the engine takes it. @throws {JobFailure} `opt-outs-unknown` where a list cannot be compared with the dataset.
 */
export async function writeOptedOut(
  dataset: DatasetRow,
  to: string,
  services: Services,
  settings: Pick<Settings, 'optOutDatasets'>,
  signal: AbortSignal,
): Promise<void> {
  const { engine, home } = services;
  const optOuts = await optOutsFor(dataset, settings.optOutDatasets, services).catch((error: unknown) => {
    if (!(error instanceof ApiProblem)) throw error;
    // The names of own lists are no partner's business.
    throw new JobFailure(
      'opt-outs-unknown',
      'a list of people who opted out is not there, or cannot be compared with the dataset: see the setting optOutDatasets of this side',
    );
  });
  const { parquet } = dataset.report as ImportReport;
  await engine.listOptedOut(
    { parquet: rowsPath(dataset, home.folder), sha256: parquet.sha256, optOuts, to },
    { signal },
  );
}

/** Whether a list holds rows that an earlier one does not. @param rowCount of their dataset. */
export async function haveMoreOptedOut(
  files: { readonly earlier: string; readonly now: string },
  rowCount: number,
): Promise<boolean> {
  const [earlier, now] = await Promise.all([files.earlier, files.now].map((path) => readFile(path)));
  const known = new BitSet(rowCount);
  for (let at = 0; at < earlier!.length; at += 4) known.add(earlier!.readUInt32LE(at));
  for (let at = 0; at < now!.length; at += 4) if (!known.has(now!.readUInt32LE(at))) return true;
  return false;
}
