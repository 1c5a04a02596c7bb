/**
 * A rule from outside → a rule that can be run. Size and depth are taken first and without recursion, so that a tree of any shape costs little;
 * named audiences are opened in place, so that a circle is seen and a small rule cannot stand for a huge one.
 */
import { z } from 'zod';
import { coordinateSystems, PositionError, radiusMax, toWgs84 } from '../../geo/index.ts';
import { eventKinds } from '../events/index.ts';
import { RuleError } from './error.ts';
import { type PlaceCondition, type Rule, ruleLimits, valuedKinds } from './rule.ts';

export type TagKind = 'category' | 'number' | 'place';

export interface RuleContext {
  /** The tags that there are. */
  readonly tags: Readonly<Record<string, TagKind>>;
  /** Audiences by name: `list` for a list of people, or the rule that makes it. */
  readonly audiences: Readonly<Record<string, 'list' | { readonly rule: unknown }>>;
}

const text = z.string().max(ruleLimits.textMax);
const texts = z.array(text).min(1).max(ruleLimits.valuesMax);
const count = z.int().min(0).max(1_000_000_000);
const days = z.int().min(0).max(ruleLimits.daysMax);
const bounds = (bound: typeof count) =>
  z.strictObject({ from: bound.optional(), to: bound.optional() }).refine(isOrdered, 'from is above to');
const units = z.int().min(0).max(ruleLimits.valueMax);
const value = z
  .strictObject({ currency: z.string().regex(/^[A-Z]{3}$/), from: units.optional(), to: units.optional() })
  .refine(({ from, to }) => from !== undefined || to !== undefined, 'a value needs from or to')
  .refine(isOrdered, 'from is above to');
const leaf = {
  in: z.strictObject({ tag: text, in: texts }),
  range: z
    .strictObject({ tag: text, from: z.number().optional(), to: z.number().optional() })
    .refine(({ from, to }) => from !== undefined || to !== undefined, 'a range needs from or to')
    .refine(isOrdered, 'from is above to'),
  event: z.strictObject({
    event: z
      .strictObject({
        kind: z.enum(eventKinds),
        channels: texts.optional(),
        campaigns: texts.optional(),
        withinDays: days,
        times: bounds(count).optional(),
        lastDaysAgo: bounds(days).optional(),
        value: value.optional(),
      })
      .refine(
        (event) => event.value === undefined || valuedKinds.includes(event.kind),
        'only orders and refunds have values',
      ),
  }),
  place: z.strictObject({
    place: text,
    withinMetres: z.int().min(1).max(radiusMax),
    of: z
      .array(z.strictObject({ latitude: z.number(), longitude: z.number() }))
      .min(1)
      .max(ruleLimits.pointsMax),
    system: z.enum(coordinateSystems),
  }),
  audience: z.strictObject({ audience: text }),
};

function isOrdered({ from, to }: { readonly from?: number | undefined; readonly to?: number | undefined }): boolean {
  return from === undefined || to === undefined || from <= to;
}

/**
 * @param document a rule as it came, e.g. from parsed JSON.
 * @returns the rule with every audience that is a rule opened in place.
 * @throws {RuleError}
 */
export function checkRule(document: unknown, context: RuleContext): Rule {
  const budget = { left: ruleLimits.nodesMax };
  measure(document);
  return build(document, '', [], context, budget);
}

/** Refuses what is too large or too deep, with a stack of its own. */
function measure(document: unknown): void {
  const open: [node: unknown, depth: number, pointer: string][] = [[document, 1, '']];
  let nodes = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, depth, pointer] = next;
    if (++nodes > ruleLimits.nodesMax) throw tooComplex('');
    if (depth > ruleLimits.depthMax) {
      throw new RuleError('too-deep', '', {
        en: `The rule is nested too deeply (limit ${ruleLimits.depthMax}). Put conditions side by side.`,
        zh: `规则嵌套过深（上限 ${ruleLimits.depthMax} 层）。请将条件并列。`,
      });
    }
    for (const [key, child] of childrenOf(node)) open.push([child, depth + 1, `${pointer}${key}`]);
  }
}

function* childrenOf(node: unknown): Generator<[pointer: string, child: unknown]> {
  if (typeof node !== 'object' || node === null) return;
  for (const key of ['all', 'any'] as const) {
    const children: unknown = Object.hasOwn(node, key) ? (node as Record<string, unknown>)[key] : undefined;
    if (Array.isArray(children)) for (const [i, child] of children.entries()) yield [`/${key}/${i}`, child];
  }
  if (Object.hasOwn(node, 'not')) yield ['/not', (node as { not: unknown }).not];
}

function tooComplex(pointer: string): RuleError {
  return new RuleError('too-complex', pointer, {
    en: `The rule is too complex (limit ${ruleLimits.nodesMax} conditions). Use tags instead of long lists of conditions.`,
    zh: `规则过于复杂（上限 ${ruleLimits.nodesMax} 个条件）。请用标签代替大量条件。`,
  });
}

/** @param opened names of the audiences inside which this node stands. */
function build(
  node: unknown,
  pointer: string,
  opened: readonly string[],
  context: RuleContext,
  budget: { left: number },
): Rule {
  if (--budget.left < 0) throw tooComplex(pointer);
  if (typeof node !== 'object' || node === null || Array.isArray(node))
    throw malformed(pointer, 'expected a condition');
  const [key] = Object.keys(node).filter((name) => ['all', 'any', 'not'].includes(name));
  if (key !== undefined && Object.keys(node).length > 1) throw malformed(pointer, `${key} stands alone`);
  if (key === 'not') return { not: build((node as { not: unknown }).not, `${pointer}/not`, opened, context, budget) };
  if (key !== undefined) {
    const children = (node as Record<string, unknown>)[key];
    if (!Array.isArray(children) || children.length === 0)
      throw malformed(pointer, `${key} needs at least one condition`);
    const built = children.map((child, i) => build(child, `${pointer}/${key}/${i}`, opened, context, budget));
    return key === 'all' ? { all: built } : { any: built };
  }
  if ('audience' in node) return openAudience(node, pointer, opened, context, budget);
  if ('event' in node) return parse(leaf.event, node, pointer) as Rule;
  if ('place' in node) return placeCondition(node, pointer, context);
  const isList = 'in' in node;
  const rule = isList
    ? parse(leaf.in, node, pointer)
    : (parse(leaf.range, node, pointer) as Extract<Rule, { tag: string }>);
  requireKind(rule.tag, isList ? 'category' : 'number', pointer, context);
  return rule;
}

const kindHints: Readonly<Record<TagKind, string>> = {
  number: 'this tag is a number: give from and to',
  category: 'this tag has values: give a list',
  place: 'this tag is a place: give withinMetres, of and system',
};

function requireKind(tag: string, wanted: TagKind, pointer: string, { tags }: RuleContext): void {
  const kind = Object.hasOwn(tags, tag) ? tags[tag] : undefined;
  if (kind === undefined) throw unknown('tag', pointer);
  if (kind !== wanted) throw malformed(pointer, kindHints[kind]);
}

function placeCondition(node: object, pointer: string, context: RuleContext): PlaceCondition {
  const condition = parse(leaf.place, node, pointer);
  requireKind(condition.place, 'place', pointer, context);
  for (const [i, point] of condition.of.entries()) {
    try {
      toWgs84(point, condition.system);
    } catch (error) {
      if (!(error instanceof PositionError)) throw error;
      throw new RuleError('malformed', `${pointer}/of/${i}`, error.words);
    }
  }
  return condition;
}

function openAudience(
  node: object,
  pointer: string,
  opened: readonly string[],
  context: RuleContext,
  budget: { left: number },
): Rule {
  const { audience } = parse(leaf.audience, node, pointer);
  const found = Object.hasOwn(context.audiences, audience) ? context.audiences[audience] : undefined;
  if (found === undefined) throw unknown('audience', pointer);
  if (found === 'list') return { audience };
  if (opened.includes(audience)) {
    throw new RuleError('cycle', pointer, {
      en: `This audience is made of itself: ${[...opened, audience].join(' → ')}. Take one of them out.`,
      zh: `该人群引用了自身：${[...opened, audience].join(' → ')}。请去掉其中一个。`,
    });
  }
  measure(found.rule);
  return build(found.rule, pointer, [...opened, audience], context, budget);
}

function parse<T>(schema: z.ZodType<T>, node: object, pointer: string): T {
  const result = schema.safeParse(node);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw malformed([pointer, ...path.map(String)].join('/'), message);
}

function malformed(pointer: string, what: string): RuleError {
  return new RuleError('malformed', pointer, { en: `This is no condition: ${what}.`, zh: `条件不成立：${what}。` });
}

function unknown(what: 'tag' | 'audience', pointer: string): RuleError {
  return what === 'tag'
    ? new RuleError('unknown-tag', pointer, { en: 'There is no such tag.', zh: '没有这个标签。' })
    : new RuleError('unknown-audience', pointer, { en: 'There is no such audience.', zh: '没有这个人群。' });
}
