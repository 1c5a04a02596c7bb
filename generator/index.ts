/** Synthetic people and the files that two organisations hold about them: seeded, streamed, with the truth beside. */

export { GeneratorError } from './errors.ts';
export type { Expected, IdCounts, Overlap, RowMatches } from './expectation.ts';
export type { FileReport } from './files/csv-file.ts';
export { fileNames, type GenerateReport, generate, notice, type Truth } from './generate.ts';
export { type GenerateOptions, type GenerateProgress, peopleMax } from './options.ts';
export { rates } from './rates.ts';
