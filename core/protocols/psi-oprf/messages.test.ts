import { describe, expect, it } from 'vitest';
import type { Side } from '../party.ts';
import { earlierVersionsMax, type Table } from './index.ts';
import { decodeMessage, encodeMessage, type Message } from './messages.ts';
import { before, plan, run, someTable } from './testing/roles.ts';

const code = (value: string) => expect.objectContaining({ name: 'ProtocolError', code: value });

describe('messages', () => {
  const envelope = { run, side: 'partner' as Side };
  const messages: Message[] = [
    { type: 'server-hello', version: 1, plan, kernel: 'ifma', table: someTable, earlier: [before], pointsHeld: 4 },
    {
      type: 'client-hello',
      version: 1,
      plan,
      kernel: 'wasm',
      count: 9,
      root: plan,
      table: { epoch: 1, version: 2, root: plan },
      bucketsHeld: 3,
      answersHeld: 2,
    },
    {
      type: 'client-hello',
      version: 1,
      plan,
      kernel: 'wasm',
      count: 9,
      root: plan,
      table: undefined,
      bucketsHeld: 0,
      answersHeld: 0,
    },
    { type: 'bucket', index: 1, rows: 2, bytes: Uint8Array.of(1, 2, 3) },
    { type: 'points', index: 1, points: new Uint8Array(32) },
    { type: 'answers', index: 1, proof: new Uint8Array(64), answers: new Uint8Array(32) },
    { type: 'done', transcript: plan },
  ];

  it('are read as they were written', () => {
    for (const message of messages) expect(decodeMessage(encodeMessage(message, envelope), envelope)).toEqual(message);
  });

  it.each<[string, Partial<Table>]>([
    ['a list over the limit of any list', { rows: 2 ** 31 + 1 }],
    ['more places than a table can have', { placeBits: 32 }],
    ['more evaluations than a key may answer', { evaluationBits: 33 }],
    ['version 0', { version: 0 }],
    ['epoch 0', { epoch: 0 }],
  ])('[F39] with %s are malformed', (_, changes) => {
    const hello = { ...messages[0]!, table: { ...someTable, ...changes } } as Message;
    expect(() => decodeMessage(encodeMessage(hello, envelope), envelope)).toThrow(code('malformed-message'));
  });

  it('[F39] with more earlier versions than are ever told are malformed', () => {
    const hello = { ...messages[0]!, earlier: Array.from({ length: earlierVersionsMax + 1 }, () => before) } as Message;
    expect(() => decodeMessage(encodeMessage(hello, envelope), envelope)).toThrow(code('malformed-message'));
  });
});
