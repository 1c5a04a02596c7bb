/**
 * From a request to what is computed, what it costs and what it is called, or to the reason why not. No data is read. A report on the rows of its receiver
 * alone is exact and costs nothing; any other is told with noise, as the owners' rules say.
 */
import { bytesToHex, compareBytes, lengthPrefixed, utf8ToBytes } from '../../bytes/index.ts';
import { sha256 } from '../../crypto/index.ts';
import { canonicalBytes, type JsonValue } from '../../json/index.ts';
import {
  type Asker,
  type Catalogue,
  catalogueHash,
  intersect,
  type Protection,
  Rights,
  type Use,
} from '../../policy/query/index.ts';
import { gaussianCost, gaussianVariance, type MicroRho, type Ratio, ratio } from '../../privacy/index.ts';
import { resolveAttribution } from './attribution.ts';
import { resolveRetarget, resolveSelect } from './audience.ts';
import { resolveInsight } from './insight.ts';
import { resolveLifecycle } from './lifecycle.ts';
import { resolveLift } from './lift.ts';
import { resolveOverlap } from './overlap.ts';
import { resolveReach } from './reach.ts';
import { Reader } from './reader.ts';
import { ReportRefused } from './refusal.ts';
import type { ResolvedReport } from './report-kind.ts';
import type { ReportRequest } from './request.ts';
import type { ReleaseTable } from './table.ts';
import { resolveTraffic } from './traffic.ts';

export interface PricedTable extends ReleaseTable {
  /** Of each cell, 32 bytes. */
  readonly keys: readonly Uint8Array[];
  /** Of the noise; undefined for the receiver's own numbers, and for exact ones. */
  readonly variance: Ratio | undefined;
  readonly cost: MicroRho;
}

export interface CompiledReport {
  readonly request: ReportRequest;
  readonly resolved: ResolvedReport;
  /** Whether all rows are the receiver's: then everything is told as it is, and nothing is charged. */
  readonly isOwn: boolean;
  /** Whether others' rows are told of without noise: under the guard, and counted among the exact tables. */
  readonly isExact: boolean;
  /** Fewest persons behind a figure. */
  readonly k: number;
  /** None where nothing is charged. */
  readonly tables: readonly PricedTable[];
  /** Whose people it is about, in order, each once. */
  readonly subjects: readonly { readonly owner: string; readonly subjects: string }[];
  /** Organisations whose rows are read. */
  readonly owners: readonly string[];
  readonly asker: Asker;
  readonly uses: readonly Use[];
  /** SHA-256 in hexadecimal: the report's name, whoever asks for it again. */
  readonly reportKey: string;
}

const numbersMax = 10_000;
/** The guard weighs each number against all others. */
const exactNumbersMax = 100;

/** What the request reads and how it is computed: the same wherever it is asked. @throws {ReportRefused} @throws {RuleError} @throws {CrawlerListError} */
export function resolveReport(
  request: ReportRequest,
  catalogue: Catalogue,
): { resolved: ResolvedReport; reader: Reader } {
  const reader = new Reader(catalogue);
  return { reader, resolved: resolve(request, reader) };
}

/** @throws {QueryRefused} by the rule of a column. @throws as `resolveReport`. */
export function compileReport(of: {
  readonly request: ReportRequest;
  readonly catalogue: Catalogue;
  readonly asker: Asker;
}): CompiledReport {
  const { request, catalogue, asker } = of;
  const { resolved, reader } = resolveReport(request, catalogue);
  const isOwn = isOwnedBy(reader.owners, asker);
  const named = {
    ...{ request, resolved, isOwn, asker, uses: reader.uses },
    ...{ isExact: false, subjects: subjectsOf(reader), owners: reader.owners },
  };
  if (isOwn) return { ...named, k: 1, tables: [], reportKey: keyOf(request, asker, 1, []) };
  if (resolved.kind === 'own-rows') throw new ReportRefused('own-rows-only', request.application);
  if (resolved.kind === 'counted') requireOwn(resolved.ownTables ?? [], reader, asker);
  const isJoined = reader.tables.size > 1;
  const rights = new Rights(asker);
  for (const use of reader.uses) rights.require(use.kind === 'count' && isJoined ? { ...use, kind: 'join' } : use);
  for (const use of reader.uses) rights.require(use);
  const { k, protection } = intersect(reader.uses);
  const moves = reader.owners.length > 1;
  const tables = resolved
    .tables(protection.kind)
    .map((table) => priced(table, protection, { moves, request, catalogue }));
  const isExact = protection.kind === 'exact';
  if (tables.reduce((sum, { cells }) => sum + cells, 0) > (isExact ? exactNumbersMax : numbersMax)) {
    throw new ReportRefused('too-many-numbers', request.application);
  }
  return { ...named, isExact, k, tables, reportKey: keyOf(request, asker, k, tables) };
}

function resolve(request: ReportRequest, reader: Reader): ResolvedReport {
  switch (request.application) {
    case 'overlap':
      return resolveOverlap(request, reader);
    case 'insight':
      return resolveInsight(request, reader);
    case 'reach':
      return resolveReach(request, reader);
    case 'lift':
      return resolveLift(request, reader);
    case 'lifecycle':
      return resolveLifecycle(request, reader);
    case 'select':
      return resolveSelect(request, reader);
    case 'retarget':
      return resolveRetarget(request, reader);
    case 'attribution':
      return resolveAttribution(request, reader);
    case 'traffic':
      return resolveTraffic(request, reader);
  }
}

function isOwnedBy(owners: readonly string[], { receivers }: Asker): boolean {
  return receivers.length === 1 && owners.every((owner) => owner === receivers[0]);
}

function requireOwn(tables: readonly string[], reader: Reader, asker: Asker): void {
  for (const name of tables) {
    if (!isOwnedBy([reader.tables.get(name)!.owner], asker)) throw new ReportRefused('base-not-own', name);
  }
}

function priced(
  table: ReleaseTable,
  protection: Protection,
  of: { readonly moves: boolean; readonly request: ReportRequest; readonly catalogue: Catalogue },
): PricedTable {
  if (table.isOwn) return { ...table, keys: [], variance: undefined, cost: 0 };
  if (protection.kind === 'exact')
    return { ...table, variance: undefined, keys: numberKeys(table, 'exact', of), cost: 0 };
  // Rows of one owner that go take figures away and bring others.
  const squaredSensitivity = table.squaredSensitivity * (table.moves && of.moves ? 2n : 1n);
  const floor = ratio((BigInt(protection.sigmaFloor) * table.most) ** 2n);
  const variance = gaussianVariance({ squaredSensitivity, rho: protection.rho, floor });
  return {
    ...table,
    variance,
    keys: numberKeys(table, [variance.numerator, variance.denominator].map(String), of),
    cost: gaussianCost({ squaredSensitivity, variance }),
  };
}

/** The name of each number holds the whole request: another request is another number, with noise of its own and a charge of its own. */
function numberKeys(
  { name, cells }: ReleaseTable,
  variance: readonly string[] | 'exact',
  { request, catalogue }: { readonly request: ReportRequest; readonly catalogue: Catalogue },
): readonly Uint8Array[] {
  const table = sha256(canonicalBytes({ request: request as unknown as JsonValue, table: name, variance }));
  const [epoch, rules] = [utf8ToBytes(catalogue.epoch), catalogueHash(catalogue)];
  const label = utf8ToBytes('causeway/v1/report-number');
  return Array.from({ length: cells }, (_, cell) =>
    sha256(lengthPrefixed(label, table, utf8ToBytes(String(cell)), epoch, rules)),
  );
}

function keyOf(request: ReportRequest, { group }: Asker, k: number, tables: readonly PricedTable[]): string {
  const shape = canonicalBytes({ request: request as unknown as JsonValue, group, k });
  const keys = tables.flatMap((table) => table.keys).sort(compareBytes);
  return bytesToHex(sha256(lengthPrefixed(utf8ToBytes('causeway/v1/report'), shape, ...keys)));
}

export function subjectsOf(reader: Reader): CompiledReport['subjects'] {
  const named = new Map(
    [...reader.tables.values()].map(({ owner, subjects }) => [JSON.stringify([owner, subjects]), { owner, subjects }]),
  );
  return [...named.keys()].sort().map((name) => named.get(name)!);
}
