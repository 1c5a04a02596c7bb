/**
 * The files that each task gives their names at its end. Where its process is lost before, the parent removes what stands under
 * their partial names.
 */
import { join } from 'node:path';
import { partialName } from './disk.ts';
import { roomPlacesPath, roomTablePath } from './room/load.ts';
import type { TaskKind, Tasks } from './task.ts';

export function datasetPath(folder: string): string {
  return join(folder, 'rows.parquet');
}

/** Beside a dataset: which rows were refused, and why. */
export function refusedPath(folder: string): string {
  return join(folder, 'refused.csv');
}

const outputs: { readonly [K in TaskKind]: (input: Tasks[K]['input']) => readonly string[] } = {
  activate: ({ to }) => [to],
  attachValues: ({ to }) => [to],
  columnValues: () => [],
  commonValues: () => [],
  copyRows: ({ to }) => [to],
  encodeRoomTable: ({ to, rowsByPlace }) => [to, ...(rowsByPlace === undefined ? [] : [rowsByPlace])],
  exportRows: ({ to }) => [to],
  extractColumns: ({ to }) => [to.codes, to.numbers],
  extractKeys: ({ to }) => [to.keys, to.rows],
  giveColumns: ({ to }) => [to],
  importDataset: ({ folder }) => [datasetPath(folder), refusedPath(folder)],
  inspect: () => [],
  listOptedOut: ({ to }) => [to],
  loadRoom: ({ tables, folder, placesOf }) => [
    ...tables.map((_, i) => roomTablePath(folder, i)),
    ...(placesOf === undefined ? [] : [roomPlacesPath(folder)]),
  ],
  runQuery: ({ personSets }) => (personSets === undefined ? [] : [personSets.path]),
  runReport: ({ guard }) => (guard === undefined ? [] : [guard.path]),
  selectPersons: ({ personSets, to }) => [personSets, to],
  serialiseQuery: () => [],
  takeColumns: ({ to }) => [to],
};

export function partialOutputs<K extends TaskKind>(
  kind: K,
  input: Tasks[K]['input'],
  taskId: string,
): readonly string[] {
  return outputs[kind](input).map((path) => partialName(path, taskId));
}
