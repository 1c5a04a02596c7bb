/** What nodes ask each other about the ledger, and the forms of question and answer. */

import { canonicalBytes, type JsonValue, parseJson } from '@causeway/core/json';
import { z } from 'zod';
import { CallRefused } from '../link/index.ts';

/** A question with its answer: both are JSON in canonical form. */
export interface CallForm<Question, Answer> {
  readonly method: string;
  readonly question: z.ZodType<Question>;
  readonly answer: z.ZodType<Answer>;
}

const note = z.string().max(65_536);
const leaf = z.base64().max(100_000);
const nothing = z.strictObject({});

export const ledgerCalls = {
  /** To the operator: put this signed entry in order. */
  append: form('ledger.append', z.strictObject({ entry: z.unknown() }), z.strictObject({ index: z.int().min(0) })),
  /**
   * To the operator: records from an index on, up to a head; the newest head, unless its size is asked for. By the operator, to a member:
   * what it has lost itself.
   */
  pull: form(
    'ledger.pull',
    z.strictObject({ from: z.int().min(0), size: z.int().min(0).exactOptional() }),
    z.strictObject({ head: note, leaves: z.array(leaf).max(10_000) }),
  ),
  /** To the operator: a member's signature under a head. */
  cosign: form('ledger.cosign', z.strictObject({ line: z.string().max(2000) }), nothing),
  /** To the operator: the hashes that lead from one head to a later one. */
  history: form(
    'ledger.history',
    z.strictObject({ from: z.int().min(0), to: z.int().min(0) }),
    z.strictObject({ path: z.array(z.base64().max(100)).max(200) }),
  ),
  /** To a member: there is a new head. */
  announce: form('ledger.announce', nothing, nothing),
  /** Between members: the head that each of them holds. */
  gossip: form('ledger.gossip', z.strictObject({ head: note }), z.strictObject({ head: note })),
} as const;

function form<Question, Answer>(
  method: string,
  question: z.ZodType<Question>,
  answer: z.ZodType<Answer>,
): CallForm<Question, Answer> {
  return { method, question, answer };
}

export function encodeBody(value: unknown): Uint8Array {
  return canonicalBytes(value as JsonValue);
}

/** Reads a question. @throws {CallRefused} `malformed-call`, which the peer is told. */
export function readQuestion<Question>({ method, question }: CallForm<Question, unknown>, body: Uint8Array): Question {
  try {
    return question.parse(parseJson(body));
  } catch {
    throw new CallRefused({
      code: 'malformed-call',
      detail: `${method} was asked in a form that this version does not know`,
    });
  }
}

export function readAnswer<Answer>({ answer }: CallForm<unknown, Answer>, body: Uint8Array): Answer {
  return answer.parse(parseJson(body));
}
