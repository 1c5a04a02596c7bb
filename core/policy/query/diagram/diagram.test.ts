import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AtomRange } from '../rules/domain.ts';
import { always, Diagrams, type Node, never, nodesMax } from './diagram.ts';
import { complementRanges, normalRanges } from './ranges.ts';

const atomCounts = [3, 5, 2, 4];
const newDiagrams = () => new Diagrams(atomCounts.map((atomCount, i) => ({ id: `v${i}`, atomCount })));

type Formula =
  | { readonly kind: 'member'; readonly variable: number; readonly ranges: readonly AtomRange[] }
  | { readonly kind: 'not'; readonly of: Formula }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Formula[] };

const member = fc
  .integer({ min: 0, max: 3 })
  .chain((variable) =>
    fc
      .array(fc.tuple(fc.nat(atomCounts[variable]!), fc.nat(atomCounts[variable]!)), { maxLength: 2 })
      .map((pairs): Formula => ({ kind: 'member', variable, ranges: pairs.map(([from, to]) => ({ from, to })) })),
  );
const { formula } = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 4 },
    member,
    tie('formula').map((of): Formula => ({ kind: 'not', of })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('formula'), { minLength: 1, maxLength: 3 }))
      .map(([kind, of]): Formula => ({ kind, of })),
  ),
}));

function build(of: Formula, diagrams: Diagrams): Node {
  switch (of.kind) {
    case 'member':
      return diagrams.member(of.variable, of.ranges);
    case 'not':
      return diagrams.not(build(of.of, diagrams));
    case 'and':
      return diagrams.all(of.of.map((part) => build(part, diagrams)));
    case 'or':
      return diagrams.any(of.of.map((part) => build(part, diagrams)));
  }
}

function holds(of: Formula, atoms: readonly number[]): boolean {
  switch (of.kind) {
    case 'member':
      return of.ranges.some(({ from, to }) => atoms[of.variable]! >= from && atoms[of.variable]! < to);
    case 'not':
      return !holds(of.of, atoms);
    case 'and':
      return of.of.every((part) => holds(part, atoms));
    case 'or':
      return of.of.some((part) => holds(part, atoms));
  }
}

/** Every choice of one atom for each variable. */
function* choices(variable = 0): Generator<readonly number[]> {
  if (variable === atomCounts.length) yield [];
  else
    for (let atom = 0; atom < atomCounts[variable]!; atom++)
      for (const rest of choices(variable + 1)) yield [atom, ...rest];
}

const table = (of: Formula) => [...choices()].map((atoms) => (holds(of, atoms) ? 1 : 0)).join('');

describe('decision diagrams', () => {
  it('say for every choice of atoms what the formula says', () => {
    fc.assert(
      fc.property(formula, (of) => {
        const diagrams = newDiagrams();
        const { root, nodes } = diagrams.export(build(of, diagrams));
        const follow = (atoms: readonly number[]) => {
          let node = root;
          while (node > always) {
            const { variable, segments } = nodes[node - 2]!;
            node = segments.find(({ end }) => atoms[variable]! < end)!.to;
          }
          return node;
        };
        expect([...choices()].map(follow).join('')).toBe(table(of));
      }),
    );
  });

  it('[F70] are one node, one digest and one export exactly where two formulas are one function', () => {
    fc.assert(
      fc.property(formula, formula, (a, b) => {
        const diagrams = newDiagrams();
        const [nodeA, nodeB] = [build(a, diagrams), build(b, diagrams)];
        const isSame = table(a) === table(b);
        expect(nodeA === nodeB).toBe(isSame);
        // Also in a question of its own, whose nodes have other numbers.
        const others = newDiagrams();
        const other = build(b, others);
        expect(diagrams.digest(nodeA) === others.digest(other)).toBe(isSame);
        expect(JSON.stringify(diagrams.export(nodeA)) === JSON.stringify(others.export(other))).toBe(isSame);
      }),
      { numRuns: 300 },
    );
  });

  it('depend on the variables that can change their value, and on no others', () => {
    fc.assert(
      fc.property(formula, (of) => {
        const diagrams = newDiagrams();
        const changes = atomCounts.map((_, variable) =>
          [...choices()].some((atoms) =>
            Array.from({ length: atomCounts[variable]! }, (_, atom) => atoms.with(variable, atom)).some(
              (other) => holds(of, other) !== holds(of, atoms),
            ),
          ),
        );
        const support = diagrams.support(build(of, diagrams));
        expect(atomCounts.map((_, variable) => support.has(variable))).toEqual(changes);
      }),
      { numRuns: 50 },
    );
  });

  it('have names in their digests: the same shape over other columns is another condition', () => {
    const others = new Diagrams([{ id: 'w0', atomCount: 3 }]);
    const ranges = [{ from: 0, to: 1 }];
    const diagrams = newDiagrams();
    expect(others.digest(others.member(0, ranges))).not.toBe(diagrams.digest(diagrams.member(0, ranges)));
    expect(diagrams.member(0, [{ from: 0, to: 3 }])).toBe(always);
    expect(diagrams.member(0, [])).toBe(never);
  });

  it('[F67] beyond 4,096 nodes are refused', () => {
    // Whether pairs of far variables are equal: every prefix has to be remembered.
    const count = 13;
    const diagrams = new Diagrams(Array.from({ length: 2 * count }, (_, i) => ({ id: `v${i}`, atomCount: 2 })));
    const bit = (variable: number) => diagrams.member(variable, [{ from: 1, to: 2 }]);
    const equal = (i: number) => {
      const [a, b] = [bit(i), bit(i + count)];
      return diagrams.or(diagrams.and(a, b), diagrams.and(diagrams.not(a), diagrams.not(b)));
    };
    const small = diagrams.all(Array.from({ length: 9 }, (_, i) => equal(i)));
    expect(diagrams.export(small).nodes.length).toBeLessThan(nodesMax);
    const large = diagrams.all(Array.from({ length: count }, (_, i) => equal(i)));
    expect(() => diagrams.export(large)).toThrow(expect.objectContaining({ code: 'too-complex' }));
  });
});

describe('ranges', () => {
  const ranges = fc.array(
    fc.tuple(fc.nat(20), fc.nat(20)).map(([from, to]) => ({ from, to })),
    { maxLength: 5 },
  );
  const atoms = (of: readonly AtomRange[]) =>
    Array.from({ length: 20 }, (_, atom) => (of.some(({ from, to }) => atom >= from && atom < to) ? 1 : 0)).join('');

  it('have one normal form for one set, and a complement that is the rest', () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        expect(atoms(normalRanges(a))).toBe(atoms(a));
        expect(JSON.stringify(normalRanges(a)) === JSON.stringify(normalRanges(b))).toBe(atoms(a) === atoms(b));
        const rest = complementRanges(a, 20);
        expect(atoms(rest)).toBe([...atoms(a)].map((bit) => (bit === '1' ? '0' : '1')).join(''));
      }),
    );
  });
});
