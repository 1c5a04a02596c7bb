/**
 * The name of a number: equal for all questions that ask for it, whatever their words, and different for any two numbers that could differ. Noise is
 * drawn by it and budgets are kept by it.
 *
 * Beyond the specification's list the variance is part of it: two variances under one name would draw related noise.
 */
import { bytesToHex, lengthPrefixed, utf8ToBytes } from '../../../bytes/index.ts';
import { sha256 } from '../../../crypto/index.ts';
import { canonicalBytes, type JsonValue } from '../../../json/index.ts';
import type { Ratio } from '../../../privacy/index.ts';
import type { Measure, PlanDimension, PlanTable, PlanVariable } from '../plan.ts';

export interface NumberName {
  readonly tables: readonly PlanTable[];
  /** The digest of condition and cell together (`Diagrams.digest`). */
  readonly condition: string;
  readonly measure: NamedMeasure;
  /** What decides which groups of a person are kept, where they are cut. */
  readonly cut: CutName | undefined;
  /** Undefined for an exact number. */
  readonly variance: Ratio | undefined;
  /** Data epoch and catalogue, 32 bytes each. */
  readonly context: { readonly epoch: Uint8Array; readonly catalogue: Uint8Array };
}

/** Persons of whom a figure was clipped are named by the figure, not by its place in a question. */
export type NamedMeasure = Exclude<Measure, { kind: 'clipped' }> | { readonly kind: 'clipped'; readonly of: Measure };

export interface CutName {
  readonly groups: number;
  /** The digest of the rows that a person's groups are counted over. */
  readonly base: string;
  /** `groupingDigest` of the dimensions. */
  readonly grouping: string;
  /** The cells of those dimensions; undefined for a number of the whole table. */
  readonly cells: readonly number[] | undefined;
}

/** @returns 32 bytes. */
export function numberKey({ tables, condition, measure, cut, variance, context }: NumberName): Uint8Array {
  const name: JsonValue = {
    tables: tables.map(({ owner, name, join }) => [owner, name, join]),
    condition,
    measure: measure as unknown as JsonValue,
    cut: cut === undefined ? null : [cut.groups, cut.base, cut.grouping, cut.cells ?? null],
    variance: variance === undefined ? null : [String(variance.numerator), String(variance.denominator)],
  };
  const label = utf8ToBytes('causeway/v1/query-number');
  return sha256(lengthPrefixed(label, canonicalBytes(name), context.epoch, context.catalogue));
}

/** A name of what a table is broken down by, whatever its groups are called. In hexadecimal. */
export function groupingDigest(dimensions: readonly PlanDimension[], variables: readonly PlanVariable[]): string {
  const cuts = dimensions.map(({ variable, segments }) => [
    variables[variable]!.id,
    segments.map(({ end, to }) => [end, to]),
  ]);
  return bytesToHex(sha256(canonicalBytes(cuts)));
}
