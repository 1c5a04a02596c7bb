import { describe, expect, it } from 'vitest';
import { expansionFault, expansionLimits, nameFault } from './index.ts';

describe('an archive [F13]', () => {
  const { expandedBytesFree, expandedBytes, expansionRatio } = expansionLimits;

  it.each([
    [1, expandedBytesFree, undefined],
    [1, expandedBytesFree + 1, 'ratio'],
    [expandedBytesFree, expandedBytesFree * expansionRatio, undefined],
    [expandedBytesFree, expandedBytesFree * expansionRatio + 1, 'ratio'],
    [expandedBytes, expandedBytes, undefined],
    [expandedBytes, expandedBytes + 1, 'bytes'],
  ])('that holds %i bytes and unpacks to %i is past: %s', (packed, unpacked, fault) =>
    expect(expansionFault(packed, unpacked)).toBe(fault),
  );

  it.each([
    ['xl/worksheets/sheet1.xml', undefined],
    ['[Content_Types].xml', undefined],
    ['会员/名单..csv', undefined],
    ['console.csv', undefined],
    ['../people.csv', 'outside'],
    ['a/../../people.csv', 'outside'],
    ['a/..', 'outside'],
    ['/etc/people.csv', 'outside'],
    ['C:people.csv', 'outside'],
    ['a\\people.csv', 'outside'],
    ['CON', 'device'],
    ['data/nul.csv', 'device'],
    ['com1', 'device'],
  ])('with a name %j is at fault: %s', (name, fault) => expect(nameFault(name)).toBe(fault));
});
