/**
 * Every kind of node that DuckDB's parser makes of the statements that are tested, with its fields. The approved inventory lies beside; a DuckDB whose
 * trees look otherwise fails the build until somebody has read the difference: `node server/engine/query/testing/write-inventory.ts`.
 */
import { fileURLToPath } from 'node:url';
import { SeededRandom } from '@causeway/core/random';
import { openParser } from './parser.ts';
import { refusedStatements } from './refused.ts';
import { StatementWriter } from './statements.ts';

export const inventoryPath: string = fileURLToPath(new URL('./inventory.json', import.meta.url));

export interface Inventory {
  readonly duckdb: string;
  /** By class and type: each field with the kinds of value that it was seen with. */
  readonly nodes: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export async function takeInventory(): Promise<Inventory> {
  const parser = await openParser();
  try {
    const writer = new StatementWriter(new SeededRandom('inventory'));
    const allowed = Array.from({ length: 200 }, () => writer.next().text);
    const nodes = new Map<string, Map<string, Set<string>>>();
    for (const text of [...Object.values(refusedStatements).flat(), ...allowed])
      note(JSON.parse(await parser.tree(text)), nodes);
    return { duckdb: await parser.version(), nodes: sorted(nodes) };
  } finally {
    parser.close();
  }
}

function note(value: unknown, nodes: Map<string, Map<string, Set<string>>>): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value) && 'type' in value && typeof value.type === 'string') {
    const kind = 'class' in value ? `${value.class} ${value.type}` : value.type;
    const fields = nodes.get(kind) ?? new Map<string, Set<string>>();
    for (const [name, field] of Object.entries(value))
      fields.set(name, (fields.get(name) ?? new Set()).add(kindOf(field)));
    nodes.set(kind, fields);
  }
  for (const part of Object.values(value)) note(part, nodes);
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;
}

function sorted(nodes: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>): Inventory['nodes'] {
  const byName = <Value>(entries: Iterable<[string, Value]>) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    byName(nodes).map(([kind, fields]) => [
      kind,
      Object.fromEntries(byName(fields).map(([name, kinds]) => [name, [...kinds].sort().join(' ')])),
    ]),
  );
}
