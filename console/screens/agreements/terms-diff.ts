/** What is different between two agreements of one kind: every field of the terms whose value is not the same, by its path. */
import type { ResponseOf } from '@causeway/core/api';

type Agreement = ResponseOf<'agreement.list'>['items'][number];

export interface Difference {
  /** Fields from the root, the places of lists among them: `rounds 1 form`. */
  readonly path: string;
  /** As text; undefined where the field is not there. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Fields that are new in every agreement, or say again what others say: when it ends stands beside its name. */
const leftOut: readonly string[] = ['nonce', 'expiresAt', 'parties'];
const sides: readonly string[] = ['proposer', 'partner'];

/** The newest agreement before this one of the same operation and parties that was ever in force. */
export function lastOfItsKind(agreement: Agreement, all: readonly Agreement[]): Agreement | undefined {
  const kindOf = ({ operation, parties }: Agreement) =>
    [operation, ...parties.map(({ organisation }) => organisation).toSorted()].join('/');
  return all
    .filter(
      (other) =>
        other.id !== agreement.id &&
        kindOf(other) === kindOf(agreement) &&
        other.createdAt <= agreement.createdAt &&
        !['draft', 'proposed', 'rejected'].includes(other.status),
    )
    .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0];
}

/** @returns in the order of the terms, what is gone last. */
export function differencesOf(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly Difference[] {
  const [old, now] = [leavesOf(before), leavesOf(after)];
  const changed = [...now].flatMap(([path, value]) =>
    old.get(path) === value ? [] : [{ path, before: old.get(path), after: value }],
  );
  const gone = [...old].flatMap(([path, value]) => (now.has(path) ? [] : [{ path, before: value, after: undefined }]));
  return [...changed, ...gone];
}

/** Sides are called by their organisations: who proposed is no difference in what was agreed. */
function leavesOf(terms: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const called = (word: string): string => {
    const side = sides.includes(word) ? terms[word] : undefined;
    return (side as { readonly organisation?: string } | undefined)?.organisation ?? word;
  };
  const visit = (path: readonly string[], value: unknown): void => {
    if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) {
      leaves.set(path.join(' '), value.map(String).join(', '));
    } else if (typeof value === 'object' && value !== null) {
      const isList = Array.isArray(value);
      for (const [key, item] of Object.entries(value)) {
        if (!isList && leftOut.includes(key)) continue;
        visit([...path, isList ? String(Number(key) + 1) : called(key)], item);
      }
    } else {
      leaves.set(path.join(' '), called(String(value)));
    }
  };
  visit([], terms);
  return leaves;
}
