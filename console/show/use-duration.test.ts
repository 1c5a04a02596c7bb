import { expect, it } from 'vitest';
import { durationIn } from './use-duration.ts';

it.each([
  [0, '0 s', '0秒'],
  [0.02, '<0.1 s', '<0.1秒'],
  [0.38, '0.4 s', '0.4秒'],
  [9.96, '10 s', '10秒'],
  [59.6, '1 min', '1分钟'],
  [125, '2 min 5 s', '2分钟 5秒'],
  [7_322, '2 h 2 min', '2小时 2分钟'],
  [200_000, '2 d 7 h', '2天 7小时'],
])('%d s in the two largest units', (seconds, english, chinese) => {
  expect(durationIn('en-GB', seconds)).toBe(english);
  expect(durationIn('zh-CN', seconds)).toBe(chinese);
});
