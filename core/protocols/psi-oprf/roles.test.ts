import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../bytes/index.ts';
import { BatchKernel } from '../../group/index.ts';
import { SeededRandom } from '../../random/index.ts';
import {
  bucketBytes,
  bucketCount,
  type ClientOptions,
  keyOf,
  OprfClient,
  OprfServer,
  runId,
  type ServerOptions,
  tableCoding,
  tableCommitment,
} from './index.ts';
import { encodeMessage } from './messages.ts';
import { before, binding, clientOptions, introduced, plan, run, serverOptions, someTable } from './testing/roles.ts';

const code = (value: string) => expect.objectContaining({ name: 'ProtocolError', code: value });

describe('a hostile server ends the run', () => {
  it('[F24] with a message of another run, or of another side', () => {
    const { client } = introduced();
    const other = runId({ ...binding, job: 'another' });
    const message = { type: 'done', transcript: new Uint8Array(32) } as const;
    expect(() => client.receive(encodeMessage(message, { run: other, side: 'partner' }))).toThrow(
      code('wrong-session'),
    );
    expect(() => client.receive(client.done(new Uint8Array(32)))).toThrow(code('wrong-session'));
  });

  it('[F20] under a key that was not published, of another epoch, or where none was', () => {
    const met = () => {
      const client = new OprfClient(clientOptions());
      client.receive(new OprfServer(serverOptions()).hello());
      return client;
    };
    const { publicKey } = keyOf(new BatchKernel().randomScalar(new SeededRandom('another')));
    expect(() => met().pin({ epoch: 3, publicKey })).toThrow(code('wrong-key'));
    expect(() => met().pin({ epoch: 4, publicKey: someTable.publicKey })).toThrow(code('wrong-key'));
    expect(() => met().pin(undefined)).toThrow(code('wrong-key'));
    expect(() => met().points(0, new Uint8Array(96))).toThrow(RangeError);
  });

  it.each<[string, Partial<ServerOptions>, string]>([
    ['another plan', { plan: new Uint8Array(32) }, 'wrong-plan'],
    [
      '[F27] a list below the minimum',
      { own: { table: { ...someTable, rows: 0 }, earlier: [], kernel: 'wasm' } },
      'set-size',
    ],
    [
      '[F27] a list over the limit',
      { own: { table: { ...someTable, rows: 101, placeBits: 7 }, earlier: [], kernel: 'wasm' } },
      'set-size',
    ],
    [
      'more rows than its table has room for',
      { own: { table: { ...someTable, rows: 9 }, earlier: [], kernel: 'wasm' } },
      'set-size',
    ],
    [
      'fewer evaluations than the list needs',
      { own: { table: { ...someTable, evaluationBits: 1 }, earlier: [], kernel: 'wasm' } },
      'set-size',
    ],
    [
      'changes that do not add up',
      { own: { table: someTable, earlier: [{ ...before, added: 3 }], kernel: 'wasm' } },
      'wrong-count',
    ],
    [
      'more removed than there was',
      { own: { table: someTable, earlier: [{ ...before, added: 6, removed: 5 }], kernel: 'wasm' } },
      'wrong-count',
    ],
    [
      'more earlier versions than it can have had',
      {
        own: {
          table: someTable,
          earlier: [before, before].map((v) => ({ ...v, rows: 5, added: 0, removed: 0 })),
          kernel: 'wasm',
        },
      },
      'wrong-count',
    ],
    [
      'a claim to hold what was never sent',
      { held: { points: 2, commitment: { count: 3, root: plan } } },
      'wrong-count',
    ],
  ])('with %s', (_, changes, expected) => {
    const client = new OprfClient(clientOptions());
    expect(() => client.receive(new OprfServer(serverOptions(changes)).hello())).toThrow(code(expected));
  });

  it('[F42] with another version of the protocol', () => {
    const { table, earlier } = serverOptions().own;
    const hello = { type: 'server-hello', version: 0, plan, kernel: 'wasm', table, earlier, pointsHeld: 0 } as const;
    expect(() => new OprfClient(clientOptions()).receive(encodeMessage(hello, { run, side: 'partner' }))).toThrow(
      code('wrong-plan'),
    );
  });

  it('[F22] with more, fewer, repeated, re-ordered or unasked answers', () => {
    const { client, server } = introduced({
      client: { own: { count: 3, root: plan, kernel: 'wasm' }, batchRows: 2 },
      server: { batchRows: 2 },
    });
    const proof = new Uint8Array(64);
    const answers = (index: number, rows: number) =>
      server.answers(index, { answers: new Uint8Array(32 * rows), proof });
    expect(() => client.receive(answers(0, 2))).toThrow(code('wrong-order'));
    client.points(0, new Uint8Array(64));
    expect(() => client.receive(answers(1, 1))).toThrow(code('wrong-order'));
    expect(() => client.receive(answers(0, 1))).toThrow(code('wrong-count'));
    expect(() => client.receive(answers(0, 3))).toThrow(code('wrong-count'));
    expect(client.receive(answers(0, 2)).kind).toBe('answers');
    expect(() => client.receive(answers(0, 2))).toThrow(code('wrong-order'));
    expect(() => client.receive(answers(1, 1))).toThrow(code('wrong-order'));
    client.points(1, new Uint8Array(32));
    expect(() => client.receive(answers(1, 2))).toThrow(code('wrong-count'));
    client.receive(answers(1, 1));
    expect(() => client.receive(answers(2, 1))).toThrow(code('wrong-order'));
    expect(() => client.receive(server.done(plan))).toThrow(code('wrong-count'));
  });

  it('[F22, F39] with a table that has more or fewer rows than it said, or a bucket of another length', () => {
    const table = { ...someTable, version: 1, placeBits: 3, rows: 5 };
    const coding = tableCoding(table, 2);
    expect(bucketCount(coding)).toBe(2);
    const bucket = (rows: number) => ({
      rows,
      bytes: new Uint8Array(bucketBytes(coding, rows)),
    });
    const met = () =>
      introduced({ client: { batchRows: 2 }, server: { own: { table, earlier: [], kernel: 'wasm' }, batchRows: 2 } });
    const { client, server } = met();
    expect(() => client.receive(server.bucket(1, bucket(2)))).toThrow(code('wrong-order'));
    expect(() => client.receive(server.bucket(0, bucket(6)))).toThrow(code('wrong-count'));
    expect(() => client.receive(server.bucket(0, { ...bucket(2), rows: 3 }))).toThrow(code('wrong-count'));
    expect(() => client.receive(server.bucket(0, { rows: 2 ** 32 - 1, bytes: new Uint8Array(9) }))).toThrow(
      code('wrong-count'),
    );
    client.receive(server.bucket(0, bucket(2)));
    expect(() => client.receive(server.bucket(1, bucket(2)))).toThrow(code('wrong-count'));
    client.receive(server.bucket(1, bucket(3)));
    expect(() => client.receive(server.bucket(2, bucket(0)))).toThrow(code('wrong-count'));
  });

  it('before hello, after the end, with a second hello, or with what is the client’s to say', () => {
    const fresh = new OprfClient(clientOptions());
    const { server } = introduced();
    expect(() => fresh.receive(server.done(plan))).toThrow(code('wrong-order'));
    const shipped = { own: { count: 0, root: plan, kernel: 'wasm' }, table: someTable };
    const { client } = introduced({ client: shipped, server: { peerCount: { min: 0, max: 100 } } });
    expect(() => client.receive(server.hello())).toThrow(code('wrong-order'));
    const asking = encodeMessage({ type: 'points', index: 0, points: new Uint8Array(32) }, { run, side: 'partner' });
    expect(() => client.receive(asking)).toThrow(code('wrong-plan'));
    client.receive(server.done(plan));
    expect(() => client.receive(server.done(plan))).toThrow(code('wrong-order'));
  });

  it('[F30] with another table after a restart', () => {
    const held = { buckets: 0, partRows: 0, answers: 0, commitment: tableCommitment({ ...someTable, root: plan }) };
    const client = new OprfClient(clientOptions({ held }));
    expect(() => client.receive(new OprfServer(serverOptions()).hello())).toThrow(code('commitment'));
  });

  it('[F39] with any bytes at all: refused as a message, never another error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(6), (noise, type) => {
        const { client, server } = introduced();
        for (const side of [1, 0]) {
          const framed = concatBytes(Uint8Array.of(type, side), run.subarray(0, 16), noise);
          for (const [who, bytes] of [
            [client, noise],
            [client, framed],
            [server, framed],
          ] as const) {
            try {
              who.receive(bytes);
            } catch (error) {
              expect(error).toMatchObject({ name: 'ProtocolError' });
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a hostile client ends the run', () => {
  it.each<[string, Partial<ClientOptions>, string]>([
    ['another plan', { plan: new Uint8Array(32) }, 'wrong-plan'],
    ['[F27] a list below the minimum', { own: { count: 0, root: plan, kernel: 'wasm' } }, 'set-size'],
    ['[F27] a list over the limit', { own: { count: 101, root: plan, kernel: 'wasm' } }, 'set-size'],
    [
      'a claim to hold answers that were never given',
      { held: { buckets: 0, partRows: 0, answers: 1, commitment: plan } },
      'wrong-count',
    ],
    [
      'a claim to hold more of the table than there is',
      { held: { buckets: 2, partRows: 0, answers: 0, commitment: plan } },
      'wrong-count',
    ],
  ])('with %s', (_, changes, expected) => {
    const server = new OprfServer(serverOptions());
    expect(() => server.receive(new OprfClient(clientOptions(changes)).hello())).toThrow(code(expected));
  });

  it('[F27] with more identifiers than the key answers, whatever was agreed', () => {
    const server = new OprfServer(serverOptions({ peerCount: { min: 1, max: 10_000 } }));
    const client = new OprfClient(clientOptions({ own: { count: 1025, root: plan, kernel: 'wasm' } }));
    expect(() => server.receive(client.hello())).toThrow(code('set-size'));
  });

  it('[F22] with more, fewer, repeated or re-ordered points', () => {
    const { client, server } = introduced({ client: { batchRows: 2 }, server: { batchRows: 2 } });
    const points = (index: number, rows: number) => client.points(index, new Uint8Array(32 * rows));
    expect(() => server.receive(points(1, 1))).toThrow(code('wrong-order'));
    expect(() => server.receive(points(0, 1))).toThrow(code('wrong-count'));
    expect(() => server.receive(points(0, 3))).toThrow(code('wrong-count'));
    expect(() => server.receive(client.done(plan))).toThrow(code('wrong-count'));
    server.receive(points(0, 2));
    expect(() => server.receive(points(0, 2))).toThrow(code('wrong-order'));
    server.receive(points(1, 1));
    expect(() => server.receive(points(2, 1))).toThrow(code('wrong-count'));
    server.receive(client.done(plan));
    expect(() => server.receive(client.done(plan))).toThrow(code('wrong-order'));
  });

  it('[F24, F23] with a message of another run, its own reflected, or what is the server’s to say', () => {
    const { client, server } = introduced();
    expect(() => server.receive(server.hello())).toThrow(code('wrong-session'));
    const other = encodeMessage(
      { type: 'done', transcript: plan },
      { run: runId({ ...binding, network: 'm' }), side: 'proposer' },
    );
    expect(() => server.receive(other)).toThrow(code('wrong-session'));
    const told = encodeMessage(
      { type: 'bucket', index: 0, rows: 0, bytes: new Uint8Array(1) },
      { run, side: 'proposer' },
    );
    expect(() => server.receive(told)).toThrow(code('wrong-plan'));
    expect(() => server.receive(client.hello())).toThrow(code('wrong-order'));
  });

  it('[F30] with another list after a restart', () => {
    const held = { points: 0, commitment: { count: 3, root: new Uint8Array(32).fill(8) } };
    const server = new OprfServer(serverOptions({ held }));
    expect(() => server.receive(new OprfClient(clientOptions()).hello())).toThrow(code('commitment'));
  });
});

describe('after a restart', () => {
  it('each side asks for what it lacks, and is told from where it goes on', () => {
    const table = { ...someTable, version: 1, placeBits: 3, rows: 5 };
    const own = { table, earlier: [], kernel: 'wasm' };
    const coding = tableCoding(table, 2);
    const client = new OprfClient(
      clientOptions({
        batchRows: 2,
        held: { buckets: 1, partRows: 2, answers: 1, commitment: tableCommitment(table) },
      }),
    );
    const server = new OprfServer(
      serverOptions({
        own,
        batchRows: 2,
        held: { points: 2, commitment: { count: 3, root: clientOptions().own.root } },
      }),
    );
    expect(server.receive(client.hello())).toMatchObject({ sendBucketsFrom: 1, sendAnswersFrom: 1 });
    expect(client.receive(server.hello())).toMatchObject({ sendPointsFrom: 2 });
    client.pin(client.server.table);
    expect(() => client.receive(server.bucket(1, { rows: 2, bytes: new Uint8Array(bucketBytes(coding, 2)) }))).toThrow(
      code('wrong-count'),
    );
    client.receive(server.bucket(1, { rows: 3, bytes: new Uint8Array(bucketBytes(coding, 3)) }));
    client.receive(server.answers(1, { answers: new Uint8Array(32), proof: new Uint8Array(64) }));
    expect([client.holdsAll, server.holdsAll]).toEqual([true, true]);
  });
});
