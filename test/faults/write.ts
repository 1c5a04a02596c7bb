/** Brings the column of tests in `docs/faults.md` up to date: `node test/faults/write.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { citedFaults } from './cited.ts';
import { tablePath, withTests } from './table.ts';

writeFileSync(tablePath, withTests(readFileSync(tablePath, 'utf8'), citedFaults()));
