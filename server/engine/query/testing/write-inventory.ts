/** Approves the parse trees of the DuckDB that is installed: read the difference before committing it. */
import { writeFileSync } from 'node:fs';
import { inventoryPath, takeInventory } from './inventory.ts';

writeFileSync(inventoryPath, `${JSON.stringify(await takeInventory(), null, 2)}\n`);
