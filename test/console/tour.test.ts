import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { picturesOfTour, tourFolder } from './tour.ts';

describe('the guided tour', () => {
  it('shows the pictures that lie beside it, each once, and no other', () => {
    const lying = readdirSync(tourFolder).filter((name) => name.endsWith('.png'));
    expect(lying.length).toBeGreaterThan(10);
    expect(
      picturesOfTour()
        .map((name) => `${name}.png`)
        .toSorted(),
    ).toEqual(lying.toSorted());
  });

  it('shows nothing that the tests of the console do not take', () => {
    const tests = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'));
    const source = tests.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8')).join('\n');
    const taken = [...source.matchAll(/\bshot\((['`])([^'`]+)\1/g)].map(
      ([, , name]) => new RegExp(`^${name!.replaceAll(/\$\{[^}]*\}/g, '[\\w-]+')}$`),
    );
    expect(picturesOfTour().filter((name) => !taken.some((pattern) => pattern.test(name)))).toEqual([]);
  });

  it('has pictures, and not other things that are called so', () => {
    for (const name of picturesOfTour()) {
      const head = readFileSync(join(tourFolder, `${name}.png`)).subarray(0, 8);
      expect(head.toString('latin1'), name).toBe('\x89PNG\r\n\x1a\n');
    }
  });
});
