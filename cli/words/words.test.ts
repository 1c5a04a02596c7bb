import { describe, expect, test } from 'vitest';
import { en } from './en.ts';
import { languageOf } from './index.ts';
import { zh } from './zh.ts';

type Leaf = readonly [path: string, value: unknown];

function leaves(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, one]) => leaves(one, `${path}/${key}`));
}

describe('the two languages', () => {
  const english = new Map(leaves(en));
  const chinese = new Map(leaves(zh));

  test('have the same keys', () => {
    expect([...chinese.keys()]).toEqual([...english.keys()]);
  });

  test('have sentences of the same kind, with the same blanks to fill', () => {
    for (const [path, value] of english) {
      const other = chinese.get(path);
      expect(typeof other, path).toBe(typeof value);
      if (typeof value !== 'function' || typeof other !== 'function') continue;
      // What is filled in must come out again in both.
      const blanks = [...value.toString().matchAll(/\$\{(\w+)/g)].map((match) => match[1]);
      const others = [...other.toString().matchAll(/\$\{(\w+)/g)].map((match) => match[1]);
      expect([...new Set(others)].toSorted(), path).toEqual([...new Set(blanks)].toSorted());
    }
  });

  test('differ: nothing was left untranslated', () => {
    const same = [...english]
      .filter(([path, value]) => String(value) === String(chinese.get(path)) && /[a-z]{2}/.test(String(value)))
      .map(([path]) => path);
    expect(same).toEqual([]);
  });

  test('say nothing empty', () => {
    for (const [path, value] of [...english, ...chinese]) expect(value, path).not.toBe('');
  });
});

describe('languageOf', () => {
  test.each([
    [undefined, {}, 'en'],
    [undefined, { LANG: 'zh' }, 'zh'],
    [undefined, { LANG: 'zh_TW.UTF-8' }, 'zh'],
    [undefined, { LANG: 'zha_CN' }, 'en'],
    [undefined, { LC_MESSAGES: 'zh_CN.UTF-8', LANG: 'en_US.UTF-8' }, 'zh'],
    [undefined, { LC_ALL: '', LANG: 'zh_CN.UTF-8' }, 'zh'],
    [undefined, { LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }, 'en'],
    ['en', { LC_ALL: 'zh_CN.UTF-8' }, 'en'],
    ['zh', { LC_ALL: 'C' }, 'zh'],
  ] as const)('%s with %o is %s', (option, env, language) => {
    expect(languageOf(option, env)).toBe(language);
  });
});
