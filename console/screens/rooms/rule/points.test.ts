import { describe, expect, it } from 'vitest';
import { faultOf, readPoints } from './points.ts';

describe('points that somebody pastes', () => {
  it('are the two numbers at the end of each line, whatever stands before them', () => {
    const text = '31.2304, 121.4737\nPeople’s Square; 31.23\t121.47\n\n-33.9，151.2';
    expect(readPoints(text, 'wgs84')).toEqual({
      points: [
        { latitude: 31.2304, longitude: 121.4737 },
        { latitude: 31.23, longitude: 121.47 },
        { latitude: -33.9, longitude: 151.2 },
      ],
      refused: [],
    });
  });

  it('are told line by line where they are none, and nothing is guessed', () => {
    const { points, refused } = readPoints('121.4737, 31.2304\nshop\n30, 200\n30, 120', 'wgs84');
    expect(points).toEqual([{ latitude: 30, longitude: 120 }]);
    expect(refused.map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(refused[0]!.words.en).toMatch(/swapped/);
  });

  it('of Baidu are in China', () => {
    expect(faultOf({ latitude: 48.85, longitude: 2.35 }, 'bd09')).toBeDefined();
    expect(faultOf({ latitude: 48.85, longitude: 2.35 }, 'wgs84')).toBeUndefined();
  });
});
