import { expect, it } from 'vitest';
import { durationIn } from './use-duration.ts';

it.each([
  [0.38, '0.4s', '0.4秒'],
  [9.96, '10s', '10秒'],
  [59.6, '1m', '1分钟'],
  [125, '2m 5s', '2分钟 5秒'],
  [7_322, '2h 2m', '2小时 2分钟'],
  [200_000, '2d 7h', '2天 7小时'],
])('%d s in the two largest units', (seconds, english, chinese) => {
  expect(durationIn('en-GB', seconds)).toBe(english);
  expect(durationIn('zh-CN', seconds)).toBe(chinese);
});
