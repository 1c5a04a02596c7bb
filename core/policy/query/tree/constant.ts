/** Constants of a question: an exact number, a text, a truth value or a time. */
import type { ExactJson } from '../../../json/index.ts';
import { QueryRefused } from '../refusal.ts';
import { readCall } from './function.ts';
import { openFields, openNode, type TreeNode, textOf } from './node.ts';

export type Constant = { readonly at: number | undefined } & (
  | { readonly type: 'number'; readonly unscaled: bigint; readonly scale: number }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  /** As it was written, after DATE, TIMESTAMP or TIMESTAMPTZ. */
  | { readonly type: 'date' | 'timestamp' | 'timestamptz'; readonly text: string }
  | { readonly type: 'null' }
);

const integerTypes = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT'];
const timeTypes: Readonly<Record<string, 'date' | 'timestamp' | 'timestamptz'>> = {
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
};

export function isConstant(node: TreeNode): boolean {
  return node.kind === 'CONSTANT' || node.kind === 'CAST';
}

/** @throws {QueryRefused} `constant-type`, `constant-form`, `cast`, `not-a-constant`. */
export function readConstant(tree: ExactJson): Constant {
  const node = openNode(tree);
  switch (node.kind) {
    case 'CONSTANT':
      return literalOf(node);
    case 'CAST':
      return castOf(node);
    case 'FUNCTION':
      // A function that is known by its family is refused by its name.
      readCall(node);
      throw new QueryRefused('not-a-constant', { node: node.type, at: node.at });
    default:
      throw new QueryRefused('not-a-constant', { node: node.type, at: node.at });
  }
}

function literalOf(node: TreeNode): Constant {
  const { at } = node;
  const tree = node.field('value');
  const isNull = typeof tree === 'object' && tree !== null && 'is_null' in tree && tree.is_null === true;
  if (isNull) return { type: 'null', at };
  const { type, value } = openFields(tree, ['type', 'is_null', 'value']);
  const { id, typeInfo } = typeOf(type);
  if (id === 'VARCHAR' && typeof value === 'string') return { type: 'text', text: value, at };
  if (integerTypes.includes(id) && typeof value === 'bigint') return { type: 'number', unscaled: value, scale: 0, at };
  if (id === 'DECIMAL' && typeof value === 'bigint') {
    return { type: 'number', unscaled: value, scale: scaleOf(typeInfo), at };
  }
  throw new QueryRefused('constant-type', { node: node.type, at });
}

/** The casts that literals are made of: `true` arrives as a cast of 't', DATE '…' as a cast of its text. */
function castOf(node: TreeNode): Constant {
  if (node.field('try_cast') !== false) throw new QueryRefused('try', { node: node.type, at: node.at });
  const child = openNode(node.field('child'));
  if (child.kind !== 'CONSTANT') throw new QueryRefused('cast', { node: node.type, at: child.at });
  const value = literalOf(child);
  const { at } = child;
  const { id, typeInfo } = typeOf(node.field('cast_type'));
  const time = timeTypes[id];
  if (time !== undefined && value.type === 'text') return { type: time, text: value.text, at };
  if (id === 'BOOLEAN' && value.type === 'text') return { type: 'boolean', value: truthOf(value.text, at), at };
  if (id === 'INTEGER') return numberOf(value, 0);
  if (id === 'DECIMAL') return numberOf(value, scaleOf(typeInfo));
  throw new QueryRefused('cast', { node: node.type, at });
}

/** A number, or the text of one, that the type holds without rounding. */
function numberOf(value: Constant, scaleMax: number): Constant {
  const { at } = value;
  if (value.type === 'number' && value.scale <= scaleMax) return value;
  if (value.type === 'text') {
    const parts = /^(-?[0-9]{1,18})(?:\.([0-9]{1,18}))?$/.exec(value.text);
    const decimals = parts?.[2] ?? '';
    if (parts !== null && decimals.length <= scaleMax) {
      return { type: 'number', unscaled: BigInt(parts[1]! + decimals), scale: decimals.length, at };
    }
  }
  throw new QueryRefused('constant-form', { at });
}

function truthOf(text: string, at: number | undefined): boolean {
  if (text === 't' || text === 'f') return text === 't';
  throw new QueryRefused('constant-form', { at });
}

function typeOf(tree: ExactJson): { readonly id: string; readonly typeInfo: ExactJson } {
  const { id, type_info } = openFields(tree, ['id', 'type_info']);
  return { id: textOf(id), typeInfo: type_info };
}

function scaleOf(typeInfo: ExactJson): number {
  const { type, scale } = openFields(typeInfo, ['type', 'alias', 'extension_info', 'width', 'scale']);
  if (type !== 'DECIMAL_TYPE_INFO' || typeof scale !== 'bigint' || scale < 0n || scale > 38n) {
    throw new QueryRefused('tree-damaged');
  }
  return Number(scale);
}
