import { afterAll, describe } from 'vitest';
import { testRowSorter } from '../core/bytes/testing/row-sorter-contract.ts';
import { addon } from './addon.ts';
import { openRowKernel } from './row-kernel.ts';

describe.skipIf(!addon)(`the row kernel${addon ? '' : ': the native library is not built'}`, () => {
  const kernel = openRowKernel();
  afterAll(() => kernel.close());
  testRowSorter('in the native library', () => kernel);
});
