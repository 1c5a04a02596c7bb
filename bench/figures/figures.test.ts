/** What the documents claim of speed is what was measured. */
import { describe, expect, it } from 'vitest';
import { documents, figuresIn, readDocument, withFigures } from './documents.ts';
import { figures } from './figures.ts';
import { ranged, three } from './format.ts';

describe('figures of speed', () => {
  it.each(documents)('%s says what bench/results holds; node bench/figures/write.ts draws it anew', (document) => {
    const text = readDocument(document);
    expect(figuresIn(text).length).toBeGreaterThan(0);
    expect(text).toBe(withFigures(text));
  });

  it('all of them stand in a document', () => {
    const shown = documents.flatMap((document) => figuresIn(readDocument(document)));
    expect([...new Set(shown)].sort()).toEqual(Object.keys(figures).sort());
  });

  it('a place that names none is an error, and a changed one is seen', () => {
    expect(() => withFigures('<!-- figure: nothing -->\n<!-- end -->')).toThrow('no figure nothing');
    const changed = '<!-- figure: machine -->\nfaster than light\n<!-- end -->';
    expect(withFigures(changed)).not.toBe(changed);
  });

  it('are rounded to what the spread allows to be said', () => {
    expect([0.3134, 36.14, 188_432].map(three)).toEqual(['0.313', '36.1', '188,432']);
    expect(ranged({ median: 2, min: 2, max: 2, runs: 3 })).toBe('2');
    expect(ranged({ median: 2.5, min: 2, max: 3.25, runs: 3 })).toBe('2.5 (2–3.25)');
  });
});
