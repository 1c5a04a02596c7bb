/**
 * Reduced ordered decision diagrams over columns with many values each (Bryant 1986; Kam et al. 1998 for more than two values): two conditions
 * that keep the same rows, whatever the data, become the same node. So a thousand ways of writing one question are one question.
 *
 * A node asks for one variable and cuts its atoms into segments; each segment leads to a node of a later variable, or to an end.
 */
import { bytesToHex } from '../../../bytes/index.ts';
import { sha256 } from '../../../crypto/index.ts';
import { canonicalBytes } from '../../../json/index.ts';
import { QueryRefused } from '../refusal.ts';
import type { AtomRange } from '../rules/domain.ts';
import { normalRanges } from './ranges.ts';

/** A node's number; 0 and 1 are the ends. */
export type Node = number;
export const never: Node = 0;
export const always: Node = 1;

/** Atoms up to before `end`, from where the segment before it ended. */
export interface Segment {
  readonly end: number;
  readonly to: Node;
}

interface Decision {
  readonly variable: number;
  /** At least two; neighbours lead to different nodes; the last ends where the variable does. */
  readonly segments: readonly Segment[];
}

/** Nodes of one condition. */
export const nodesMax = 4096;
/** What all conditions of a question may take together while they are built. */
const nodesEverMax = 1 << 17;
const segmentsEverMax = 1 << 20;

/** A variable as diagrams know it. */
export interface DiagramVariable {
  /** Its name for good, in every question. */
  readonly id: string;
  /** The missing value included. */
  readonly atomCount: number;
}

export class Diagrams {
  readonly #variables: readonly DiagramVariable[];
  readonly #decisions: (Decision | undefined)[] = [undefined, undefined];
  readonly #numbers = new Map<string, Node>();
  readonly #both = new Map<string, Node>();
  readonly #opposite = new Map<Node, Node>([
    [never, always],
    [always, never],
  ]);
  readonly #digests = new Map<Node, string>([
    [never, 'never'],
    [always, 'always'],
  ]);
  #segmentCount = 0;

  /** @param variables in the order in which conditions ask for them. */
  constructor(variables: readonly DiagramVariable[]) {
    this.#variables = variables;
  }

  /** The condition that a variable has one of these atoms. */
  member(variable: number, ranges: readonly AtomRange[]): Node {
    const segments: Segment[] = [];
    for (const { from, to } of normalRanges(ranges)) {
      if (from > 0) segments.push({ end: from, to: never });
      segments.push({ end: to, to: always });
    }
    const end = this.#variables[variable]!.atomCount;
    if ((segments.at(-1)?.end ?? 0) < end) segments.push({ end, to: never });
    return this.#node(variable, segments);
  }

  and(a: Node, b: Node): Node {
    if (a === never || b === never) return never;
    if (a === always || a === b) return b;
    if (b === always) return a;
    const key = a < b ? `${a},${b}` : `${b},${a}`;
    const known = this.#both.get(key);
    if (known !== undefined) return known;
    const [left, right] = [this.#decisions[a]!, this.#decisions[b]!];
    const variable = Math.min(left.variable, right.variable);
    const result = this.#node(variable, this.#zip(this.#at(a, variable), this.#at(b, variable)));
    this.#both.set(key, result);
    return result;
  }

  or(a: Node, b: Node): Node {
    return this.not(this.and(this.not(a), this.not(b)));
  }

  not(a: Node): Node {
    const known = this.#opposite.get(a);
    if (known !== undefined) return known;
    const { variable, segments } = this.#decisions[a]!;
    const result = this.#node(
      variable,
      segments.map(({ end, to }) => ({ end, to: this.not(to) })),
    );
    this.#opposite.set(a, result);
    this.#opposite.set(result, a);
    return result;
  }

  all(nodes: Iterable<Node>): Node {
    let result = always;
    for (const node of nodes) result = this.and(result, node);
    return result;
  }

  any(nodes: Iterable<Node>): Node {
    let result = never;
    for (const node of nodes) result = this.or(result, node);
    return result;
  }

  /** The variables that the condition depends on. */
  support(root: Node): ReadonlySet<number> {
    return new Set(this.#reached(root).map((node) => this.#decisions[node]!.variable));
  }

  /** A name of the condition: equal for equal conditions, in every question. SHA-256 over the names of what a node leads to, in hexadecimal. */
  digest(node: Node): string {
    const known = this.#digests.get(node);
    if (known !== undefined) return known;
    const { variable, segments } = this.#decisions[node]!;
    const followers = segments.map(({ end, to }) => [end, this.digest(to)]);
    const digest = bytesToHex(sha256(canonicalBytes([this.#variables[variable]!.id, followers])));
    this.#digests.set(node, digest);
    return digest;
  }

  /** The condition by itself: nodes in the order in which they are met, depth first. @throws {QueryRefused} `too-complex`. */
  export(root: Node): Diagram {
    const reached = this.#reached(root);
    if (reached.length > nodesMax) throw new QueryRefused('too-complex');
    const numbers = new Map<Node, number>([
      [never, never],
      [always, always],
    ]);
    reached.forEach((node, i) => {
      numbers.set(node, i + 2);
    });
    const nodes = reached.map((node) => {
      const { variable, segments } = this.#decisions[node]!;
      return { variable, segments: segments.map(({ end, to }) => ({ end, to: numbers.get(to)! })) };
    });
    return { root: numbers.get(root)!, nodes };
  }

  #reached(root: Node): Node[] {
    const found = new Set<Node>();
    const open: Node[] = [root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node <= always || found.has(node)) continue;
      found.add(node);
      for (const { to } of this.#decisions[node]!.segments.toReversed()) open.push(to);
    }
    return [...found];
  }

  #at(node: Node, variable: number): readonly Segment[] {
    const decision = this.#decisions[node];
    return decision?.variable === variable
      ? decision.segments
      : [{ end: this.#variables[variable]!.atomCount, to: node }];
  }

  #zip(a: readonly Segment[], b: readonly Segment[]): readonly Segment[] {
    const zipped: Segment[] = [];
    for (let i = 0, j = 0; i < a.length && j < b.length; ) {
      const end = Math.min(a[i]!.end, b[j]!.end);
      zipped.push({ end, to: this.and(a[i]!.to, b[j]!.to) });
      if (a[i]!.end === end) i++;
      if (b[j]!.end === end) j++;
    }
    return zipped;
  }

  #node(variable: number, given: readonly Segment[]): Node {
    const segments = given.filter(({ to }, i) => to !== given[i + 1]?.to);
    if (segments.length === 1) return segments[0]!.to;
    const key = `${variable}:${segments.map(({ end, to }) => `${end},${to}`).join(';')}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#segmentCount += segments.length;
    if (this.#decisions.length >= nodesEverMax || this.#segmentCount > segmentsEverMax) {
      throw new QueryRefused('too-complex');
    }
    this.#numbers.set(key, this.#decisions.length);
    return this.#decisions.push({ variable, segments }) - 1;
  }
}

/** A condition outside of its `Diagrams`: `nodes[i]` is node i + 2. */
export interface Diagram {
  readonly root: Node;
  readonly nodes: readonly Decision[];
}
