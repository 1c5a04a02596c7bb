import { describe, expect, it } from 'vitest';
import { en } from './en/index.ts';
import { languageOf } from './index.ts';
import { zh } from './zh/index.ts';

function leaves(value: object, path = ''): [path: string, words: string][] {
  return Object.entries(value).flatMap(([key, one]) =>
    typeof one === 'string' ? [[`${path}/${key}`, one] as [string, string]] : leaves(one, `${path}/${key}`),
  );
}

const blanksOf = (words: string) => [...words.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).toSorted();

describe('the two languages', () => {
  // Chinese has one form for every number.
  const english = new Map(leaves(en).filter(([path]) => !path.endsWith('_one')));
  const chinese = new Map(leaves(zh));

  it('have the same keys', () => {
    expect([...chinese.keys()]).toEqual([...english.keys()]);
  });

  it('have the same blanks to fill', () => {
    for (const [path, words] of english) expect(blanksOf(chinese.get(path)!), path).toEqual(blanksOf(words));
  });

  it('differ, and say nothing empty', () => {
    expect([...english].filter(([path, words]) => words === chinese.get(path) && /[a-z]{2}/.test(words))).toEqual([]);
    for (const [path, words] of [...english, ...chinese]) expect(words.trim(), path).not.toBe('');
  });
});

describe('the language of a reader', () => {
  it.each([
    [[], 'en'],
    [['zh-CN', 'en'], 'zh'],
    [['fr', 'zh-Hant', 'en'], 'zh'],
    [['en-GB', 'zh'], 'en'],
    [['de'], 'en'],
  ] as const)('%j is %s', (wanted, language) => {
    expect(languageOf(wanted)).toBe(language);
  });
});
