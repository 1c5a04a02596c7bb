import { categoriesOf, type TableRules } from '../room-tables.ts';
import type { Request, RequestForm } from './form.ts';

const tagsMax = 8;
const crossedMax = 10;

/** The base is a table of people with tags; the audience another, or a part of one. */
export function insightForm(people: readonly TableRules[], organisation: string): RequestForm | undefined {
  const tagged = people.filter((table) => categoriesOf(table, 'group').length > 0);
  const base = tagged.find(({ owner }) => owner !== organisation) ?? tagged[0];
  const audience = people.find((table) => table !== base);
  if (base === undefined || audience === undefined) return undefined;
  const tagsOf = (name: unknown) =>
    categoriesOf(tagged.find((table) => table.name === name) ?? base, 'group').map((column) => column.name);
  const parts = (name: string) => {
    const tags = tagsOf(name);
    const [first, second] = tags;
    return {
      baseName: { en: `all of ${name}`, zh: `${name} 全体` },
      tags: tags.slice(0, tagsMax),
      crossed: first === undefined || second === undefined ? [] : [[first, second]],
    };
  };
  return {
    application: 'insight',
    request: {
      application: 'insight',
      base: base.name,
      audience: { table: audience.name },
      ...parts(base.name),
    },
    fields: ({ base: name, tags }) => [
      { path: ['base'], word: 'base', kind: 'one', options: tagged.map((table) => table.name) },
      { path: ['audience'], word: 'audience', kind: 'people', tables: people },
      { path: ['tags'], word: 'tags', kind: 'many', options: tagsOf(name) },
      { path: ['crossed'], word: 'crossed', kind: 'pairs', of: tags as readonly string[] },
      { path: ['baseName'], word: 'baseName', kind: 'name', isFurther: true },
      {
        ...{ path: ['correction'], word: 'correction', kind: 'one', isOptional: true, isFurther: true },
        options: ['benjamini-hochberg', 'holm'],
      },
    ],
    settled: (request) => {
      const { base: name, tags, crossed } = request as Request & Settled;
      if (!tags.every((tag) => tagsOf(name).includes(tag))) return { ...request, ...parts(name) };
      const kept = crossed.filter((pair) => pair.every((tag) => tags.includes(tag)));
      return { ...request, crossed: kept.slice(0, crossedMax) };
    },
  };
}

interface Settled {
  readonly base: string;
  readonly tags: readonly string[];
  readonly crossed: readonly (readonly string[])[];
}
