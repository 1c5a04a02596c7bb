/** A question that is not answered: which rule says so, whose, about which column, at which place of the text. */
import type { Words } from '../words.ts';
import { type RefusalCode, sentences } from './refusals/index.ts';

export interface RefusalPlace {
  /** The kind of the parse tree's node, in DuckDB's words. */
  readonly node?: string | undefined;
  /** `table.column`, from the catalogue: nothing that was typed is repeated. */
  readonly column?: string | undefined;
  /** Whose rule it is. */
  readonly owner?: string | undefined;
  /** Which part of the column's rule, such as `filter`. */
  readonly rule?: string | undefined;
  /** The byte of the text at which it stands, from 0. */
  readonly at?: number | undefined;
}

export class QueryRefused extends Error {
  override readonly name = 'QueryRefused';
  readonly code: RefusalCode;
  readonly place: RefusalPlace;
  readonly words: Words;

  constructor(code: RefusalCode, place: RefusalPlace = {}) {
    const words = inPlace(sentences[code], place);
    super(words.en);
    this.code = code;
    this.place = place;
    this.words = words;
  }
}

function inPlace(sentence: Words, { node, column, owner, rule, at }: RefusalPlace): Words {
  const shown = [node, at === undefined ? undefined : at + 1] as const;
  const en = [
    owner && `organisation ${owner}`,
    column && `column ${column}`,
    rule && `rule ${rule}`,
    shown[0] && `node ${shown[0]}`,
    shown[1] && `byte ${shown[1]} of the text`,
  ].filter((part) => part);
  const zh = [
    owner && `组织 ${owner}`,
    column && `列 ${column}`,
    rule && `规则 ${rule}`,
    shown[0] && `节点 ${shown[0]}`,
    shown[1] && `语句第 ${shown[1]} 字节`,
  ].filter((part) => part);
  return {
    en: en.length === 0 ? sentence.en : `${sentence.en} (${en.join(', ')})`,
    zh: zh.length === 0 ? sentence.zh : `${sentence.zh}（${zh.join('，')}）`,
  };
}
