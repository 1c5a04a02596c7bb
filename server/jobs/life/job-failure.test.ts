import { expect, it } from 'vitest';
import { DataError } from '../../engine/errors.ts';
import { JobFailure } from './index.ts';

it('a failure of the own data is told to partners by its code alone, and shown here as it is', () => {
  const failure = JobFailure.of(new DataError('missing-column', 'rows.parquet has no column "income"'));
  expect(failure.message).toContain('income');
  expect(failure.told).toContain('missing-column');
  expect(failure.told).not.toMatch(/income|parquet/);
});

it('a failure that was written for both sides is told as it is', () => {
  expect(new JobFailure('list-over-limit', 'the list is longer than agreed').told).toBe(
    'the list is longer than agreed',
  );
});
