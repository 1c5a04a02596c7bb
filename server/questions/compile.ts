/** The first steps of a question, which read no data: its text, parsed in the engine's process, against the owners' rules. */
import {
  type Asker,
  type Catalogue,
  type CompiledQuery,
  compileQuery,
  requireShortText,
} from '@causeway/core/policy/query';
import type { Engine } from '../engine/index.ts';

export interface Question {
  /** SQL, as it was typed. It is parsed, and never run. */
  readonly statement: string;
  /** What all owners have signed. */
  readonly catalogue: Catalogue;
  readonly asker: Asker;
}

/** @throws {QueryRefused} @throws {DataError} of the engine's process. */
export async function compileQuestion(
  { statement, catalogue, asker }: Question,
  work: { readonly engine: Pick<Engine, 'serialiseQuery'>; readonly signal?: AbortSignal | undefined },
): Promise<CompiledQuery> {
  requireShortText(statement);
  const { tree } = await work.engine.serialiseQuery({ text: statement }, { signal: work.signal });
  return compileQuery({ tree, catalogue, asker });
}
