/** What rules would refuse, so that whoever changes one sees what it does before it is kept: of what this node has, where it has something. */
import type { ResponseOf } from '@causeway/core/api';

export type Settings = ResponseOf<'settings.get'>;

export interface RuleFacts {
  readonly datasets: readonly { readonly name: string; readonly rows: number }[];
  /** In force or waiting, with their terms. */
  readonly agreements: readonly {
    readonly purpose: string;
    readonly terms: Readonly<Record<string, unknown>>;
  }[];
}

export interface Refused {
  /** Names of own datasets that are too short to take part. */
  readonly datasets: readonly string[];
  /** Purposes of agreements that could be run no more. */
  readonly agreements: readonly string[];
}

type Limits = { readonly minimumListRows?: number; readonly minimumGroupRows?: number };

/** The same comparisons as the policy makes when it evaluates an agreement (`core/policy`). */
export function refusedBy(
  settings: Settings,
  { datasets, agreements }: RuleFacts,
): Readonly<Record<'minimumListRows' | 'minimumGroupRows', Refused>> {
  const below = (rule: 'minimumListRows' | 'minimumGroupRows') =>
    agreements.flatMap(({ purpose, terms }) => {
      const said = (terms.limits as Limits | undefined)?.[rule];
      return said !== undefined && said < settings[rule] ? [purpose] : [];
    });
  return {
    minimumListRows: {
      datasets: datasets.flatMap(({ name, rows }) => (rows < settings.minimumListRows ? [name] : [])),
      agreements: below('minimumListRows'),
    },
    minimumGroupRows: { datasets: [], agreements: below('minimumGroupRows') },
  };
}

/** Only what is different is sent; nothing where nothing is. */
export function changesOf(before: Settings, after: Settings): Partial<Settings> {
  const names = Object.keys(after) as (keyof Settings)[];
  return Object.fromEntries(
    names
      .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      .map((name) => [name, after[name]]),
  );
}
