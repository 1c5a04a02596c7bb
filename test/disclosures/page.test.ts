/** The page of who learns what says what the statements say, of every operation, protocol and form. */
import { readFileSync } from 'node:fs';
import { agreementTerms, checkTerms, disclose } from '@causeway/core/applications/agreement';
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
