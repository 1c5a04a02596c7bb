import { describe, expect, it } from 'vitest';
import { looksLikeHeader } from './index.ts';

describe('the first row of a table', () => {
  it.each([
    [['mobile', 'email'], true],
    [['手机号', ''], true],
    [['13800138000', 'a@b.cn'], false],
    [['x', '2024-01-05'], false],
    [['d41d8cd98f00b204e9800998ecf8427e'], false],
    [['', ' '], false],
  ])('whether %j is a header: %s', (cells, expected) => expect(looksLikeHeader(cells)).toBe(expected));
});
