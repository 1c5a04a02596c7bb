/**
 * What a question does with which column, and whether its owner allows it. An answer depends on every column of its joins, conditions, groups and
 * figures, so the rights of all of them are intersected.
 */

import { QueryRefused } from '../refusal.ts';
import type { RefusalCode } from '../refusals/index.ts';
import type { AudienceRule, ColumnRule, Protection, TableRules } from '../rules/catalogue.ts';

/** `table`: that the table is asked about at all. `select`: that it decides who is in an audience. */
export type UseKind = 'table' | 'join' | 'filter' | 'group' | 'count' | 'sum' | 'mean' | 'variance' | 'select';

export interface Use {
  readonly owner: string;
  /** `table.column`, or `in_audience(name)`. */
  readonly column: string;
  readonly kind: UseKind;
  readonly at: number | undefined;
  readonly rule: ColumnRule | AudienceRule;
}

/** Who asks, and what for. */
export interface Asker {
  /** The organisations that get the answer. */
  readonly receivers: readonly string[];
  /** Whose common account is charged: organisations that could put their answers together are one group. */
  readonly group: string;
  readonly purpose: string;
}

const refusalOf: Readonly<Record<UseKind, RefusalCode>> = {
  table: 'no-join',
  join: 'no-join',
  filter: 'no-filter',
  group: 'no-group',
  count: 'no-aggregate',
  sum: 'no-aggregate',
  mean: 'no-aggregate',
  variance: 'no-aggregate',
  select: 'no-select',
};

export function useOfColumn(table: TableRules, rule: ColumnRule, kind: UseKind, at: number | undefined): Use {
  return { owner: table.owner, column: `${table.name}.${rule.name}`, kind, at, rule };
}

export function useOfAudience(table: TableRules, rule: AudienceRule, kind: UseKind, at: number | undefined): Use {
  return { owner: table.owner, column: `in_audience(${rule.name})`, kind, at, rule };
}

/** Holds each use against its rule as it is met, and remembers it. */
export class Rights {
  readonly uses: Use[] = [];
  readonly #asker: Asker;

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  /** @throws {QueryRefused} with the column, its owner, and the part of its rule that says no. */
  require(use: Use): void {
    const { owner, column, kind, at, rule } = use;
    const refuse = (code: RefusalCode, part: string) => new QueryRefused(code, { owner, column, rule: part, at });
    if (!allows(rule, kind)) throw refuse(refusalOf[kind], kind);
    const { receivers, purpose } = this.#asker;
    if (!receivers.every((receiver) => rule.receivers.includes(receiver))) throw refuse('no-receiver', 'receivers');
    if (!rule.purposes.includes(purpose)) throw refuse('no-purpose', 'purposes');
    this.uses.push(use);
  }
}

function allows(rule: ColumnRule | AudienceRule, kind: UseKind): boolean {
  switch (kind) {
    case 'table':
      return true;
    case 'join':
      return 'join' in rule && rule.join;
    case 'filter':
      return 'filter' in rule && rule.filter !== 'no';
    case 'group':
      return 'group' in rule && rule.group;
    case 'select':
      return rule.select === true;
    case 'count':
    case 'sum':
    case 'mean':
    case 'variance':
      return 'aggregates' in rule && (rule.aggregates as readonly string[]).includes(kind);
  }
}

/** What all owners together ask for. */
export interface Terms {
  readonly k: number;
  readonly protection: Protection;
  /** The least of what the rules let one person add; 1 where none says anything. */
  readonly rowsMax: number;
  readonly groupsMax: number;
}

export function intersect(uses: Iterable<Use>): Terms {
  let k = 0;
  let protection: Protection = { kind: 'exact' };
  let [rowsMax, groupsMax] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const { rule } of uses) {
    k = Math.max(k, rule.k);
    protection = stricter(protection, rule.protection);
    if ('perPerson' in rule && rule.perPerson !== undefined) {
      rowsMax = Math.min(rowsMax, rule.perPerson.rows);
      groupsMax = Math.min(groupsMax, rule.perPerson.groups);
    }
  }
  const orOne = (value: number) => (Number.isFinite(value) ? value : 1);
  return { k, protection, rowsMax: orOne(rowsMax), groupsMax: orOne(groupsMax) };
}

function stricter(a: Protection, b: Protection): Protection {
  if (a.kind === 'exact') return b;
  if (b.kind === 'exact') return a;
  return { kind: 'noise', rho: Math.min(a.rho, b.rho), sigmaFloor: Math.max(a.sigmaFloor, b.sigmaFloor) };
}
