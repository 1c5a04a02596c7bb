/** The page of who learns what says what the statements say, of every operation, protocol and form. */
import { readFileSync } from 'node:fs';
import { agreementTerms, checkTerms, disclose, partiesOf } from '@causeway/core/applications/agreement';
import { planMatch } from '@causeway/core/applications/match';
import { matchProtocols } from '@causeway/core/protocols';
import { describe, expect, it } from 'vitest';
import { cases } from './cases.ts';
import { drawPage, pagePath } from './page.ts';

describe('docs/who-learns-what.md', () => {
  it('is what the statements say (after a change: node test/disclosures/write.ts)', () => {
    expect(readFileSync(pagePath, 'utf8')).toBe(drawPage());
  });

  it('has every operation that terms can name, and every protocol of a match', () => {
    const operations = agreementTerms.options.map(({ shape }) => shape.operation.value);
    expect([...new Set(cases.map(({ terms }) => terms.operation))].sort()).toEqual([...operations].sort());
    const protocols = cases.flatMap(({ terms }) => (terms.operation === 'match' ? [terms.protocol] : []));
    expect([...new Set(protocols)].sort()).toEqual([...matchProtocols].sort());
  });

  it('has terms that could be signed', () => {
    for (const { terms } of cases) {
      expect(agreementTerms.parse(terms)).toEqual(terms);
      expect(() => checkTerms(terms)).not.toThrow();
    }
  });

  it('says every fact of every party, and every assumption', () => {
    const page = readFileSync(pagePath, 'utf8');
    for (const { terms } of cases) {
      const { parties, assumptions } = disclose(terms);
      for (const { words } of [
        ...parties.flatMap(({ learns }) => learns),
        ...assumptions.map((words) => ({ words })),
      ]) {
        expect(page).toContain(words.en.replaceAll('|', '\\|'));
      }
    }
  });

  it('says of every agreement what crosses the wire, between its parties alone', () => {
    for (const { title, terms } of cases) {
      const { flows } = disclose(terms);
      expect(flows.length, title).toBeGreaterThan(0);
      for (const { from, to } of flows) {
        expect(partiesOf(terms)).toEqual(expect.arrayContaining([from, to]));
        expect(from).not.toBe(to);
      }
    }
  });

  it('what crosses the wire of a match adds up to what its plan reckons with', () => {
    for (const { terms } of cases) {
      if (terms.operation !== 'match') continue;
      const own = { kernel: 'ifma', cores: 4, pointsPerSecond: 500_000 } as const;
      const plan = planMatch(terms, 'proposer', { own, sharesMachine: false, between: 'nodes' });
      const crossing = disclose(terms).flows.reduce((sum, { bytesAbout }) => sum + (bytesAbout ?? 0), 0);
      expect(Math.abs(crossing - plan.bytesAbout)).toBeLessThan(plan.bytesAbout / 1000);
    }
  });

  it('changes with a statement', () => {
    const [first, ...rest] = cases;
    const other = { ...first!, terms: { ...first!.terms, limits: { ...first!.terms.limits, minimumGroupRows: 77 } } };
    const changed = {
      ...other,
      terms: { ...other.terms, partner: { ...(first!.terms as { partner: object }).partner, rowsAbout: 7 } },
    };
    expect(drawPage([changed as typeof first & object, ...rest])).not.toBe(drawPage());
  });
});
