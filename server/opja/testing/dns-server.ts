/** A name server on loopback that knows TXT records alone (RFC 1035 §4), for tests of what is resolved for real. */
import { createSocket } from 'node:dgram';

export interface TestDns {
  /** `127.0.0.1:port`, as a resolver takes it. */
  readonly address: string;
  /** Names that were asked for, in order. */
  readonly asked: readonly string[];
  /** What a name has: strings of TXT records, or a response code such as 2 (SERVFAIL). A name that has nothing is not there. */
  set(name: string, answer: readonly (readonly string[])[] | number): void;
  close(): Promise<void>;
}

const txtType = 16;
const noSuchName = 3;

export async function openTestDns(): Promise<TestDns> {
  const socket = createSocket('udp4');
  const answers = new Map<string, readonly (readonly string[])[] | number>();
  const asked: string[] = [];
  socket.on('message', (question, { port, address }) => {
    const { name, end } = readName(question, 12);
    asked.push(name);
    const answer = answers.get(name) ?? noSuchName;
    socket.send(response(question, end, answer), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    set: (name, answer) => void answers.set(name, answer),
    close: () => new Promise((resolve) => socket.close(resolve)),
  };
}

/** @param end of the question's name; type and class stand behind it. */
function response(question: Buffer, end: number, answer: readonly (readonly string[])[] | number): Buffer {
  const header = Buffer.alloc(12);
  question.copy(header, 0, 0, 2);
  const records = typeof answer === 'number' ? [] : answer;
  // QR, RD, RA, and the response code.
  header.writeUInt16BE(0x8180 | (typeof answer === 'number' ? answer : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question.subarray(12, end + 4), ...records.map(record)]);
}

function record(strings: readonly string[]): Buffer {
  const data = Buffer.concat(
    strings.map((text) => Buffer.concat([Buffer.of(Buffer.byteLength(text)), Buffer.from(text)])),
  );
  const head = Buffer.alloc(12);
  // The name is that of the question, at byte 12.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(txtType, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(0, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function readName(message: Buffer, from: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = from;
  for (let length = message[at]!; length > 0; length = message[at]!) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}
