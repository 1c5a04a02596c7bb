import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inventoryPath, takeInventory } from './testing/inventory.ts';

it('[F65] DuckDB’s parse trees are those that were approved: another version is not used unread', async () => {
  const approved = JSON.parse(readFileSync(inventoryPath, 'utf8'));
  const { duckdb, nodes } = await takeInventory();
  expect(duckdb, 'see testing/inventory.ts').toBe(approved.duckdb);
  expect(Object.keys(nodes)).toEqual(Object.keys(approved.nodes));
  expect(nodes).toEqual(approved.nodes);
});
