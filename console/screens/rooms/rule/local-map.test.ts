import { ellipsoidalDistance } from '@causeway/core/geo';
import { describe, expect, it } from 'vitest';
import { localMap, localPoints } from './local-map.ts';

const shanghai = { latitude: 31.2304, longitude: 121.4737 };
const hangzhou = { latitude: 30.2741, longitude: 120.1551 };
const size = { width: 420, height: 300 };

describe('circles drawn in local kilometres', () => {
  it('have radii and distances in one scale, within a percent of those on the ellipsoid', () => {
    const radius = 15_000;
    const { circles, scale } = localMap([shanghai, hangzhou], radius, size);
    const metres = scale.metres / scale.width;
    const [a, b] = circles;
    expect(a!.radius * metres).toBeCloseTo(radius, 6);
    const drawn = Math.hypot(a!.x - b!.x, a!.y - b!.y) * metres;
    expect(Math.abs(drawn / ellipsoidalDistance(shanghai, hangzhou) - 1)).toBeLessThan(0.01);
    // Shanghai lies to the north-east.
    expect([a!.x > b!.x, a!.y < b!.y]).toEqual([true, true]);
  });

  it.each([
    [[shanghai]],
    [[shanghai, hangzhou]],
    [
      [
        { latitude: 0, longitude: 179.9 },
        { latitude: 0, longitude: -179.9 },
      ],
    ],
  ])('lie wholly inside, with lines at round degrees and a round scale', (points) => {
    const { circles, meridians, parallels, scale } = localMap(points, 20_000, size);
    for (const { x, y, radius } of circles) {
      expect(Math.min(x, size.width - x) - radius).toBeGreaterThan(0);
      expect(Math.min(y, size.height - y) - radius).toBeGreaterThan(0);
    }
    expect(meridians.length).toBeGreaterThan(1);
    expect(parallels.length).toBeGreaterThan(1);
    for (const { at } of meridians) expect(at >= 0 && at <= size.width).toBe(true);
    expect(String(scale.metres)).toMatch(/^[125]0+$/);
    expect(scale.width).toBeLessThanOrEqual(size.width / 4);
  });

  it('know each point by how far it is to the east and the north of their middle', () => {
    const [a, b] = localPoints([shanghai, hangzhou]);
    expect(a!.north).toBeCloseTo(-b!.north, 6);
    expect(a!.east).toBeCloseTo(-b!.east, 6);
    expect(localPoints([shanghai])).toEqual([{ east: 0, north: 0 }]);
  });
});
