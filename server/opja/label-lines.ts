/** A file of labels, one a line, in packed batches: of a log with hundreds of millions of them no line becomes an object. */
import { createReadStream } from 'node:fs';
import { readBase64 } from '@causeway/core/bytes';
import { labelBytes, labelCharacters } from '@causeway/core/protocols/opja';

/** Some lines of the file; overwritten by the next ones. */
export interface LabelLines {
  readonly count: number;
  /** The label of each line, packed. */
  readonly labels: Uint8Array;
  /** For each line 1 where it is a label in its one encoding, 0 where it is anything else, whose bytes in `labels` mean nothing. */
  readonly isLabel: Uint8Array;
}

const batchLines = 2 ** 14;
const chunkBytes = 2 ** 20;
/** Of a line that goes on beyond a chunk so much is kept: more than a label has, so that a longer line stays none. */
const keptBytes = 2 * labelCharacters;
const [lineFeed, carriageReturn] = ['\n'.charCodeAt(0), '\r'.charCodeAt(0)];

/** Lines end with a line feed, or a carriage return and one; the last one may lack it. */
export async function* labelLines(path: string): AsyncGenerator<LabelLines> {
  const labels = new Uint8Array(batchLines * labelBytes);
  const isLabel = new Uint8Array(batchLines);
  let count = 0;
  const add = (text: Buffer, from: number, to: number) => {
    const end = to > from && text[to - 1] === carriageReturn ? to - 1 : to;
    const isWhole = end - from === labelCharacters && readBase64(text, from, labelBytes, labels, count * labelBytes);
    isLabel[count++] = isWhole ? 1 : 0;
  };
  const taken = () => {
    const lines = { count, labels: labels.subarray(0, count * labelBytes), isLabel };
    count = 0;
    return lines;
  };
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    const text = Buffer.concat([rest, chunk as Buffer]);
    let from = 0;
    for (let end = text.indexOf(lineFeed); end >= 0; end = text.indexOf(lineFeed, from)) {
      add(text, from, end);
      from = end + 1;
      if (count === batchLines) yield taken();
    }
    rest = text.subarray(from, from + keptBytes);
  }
  if (rest.length > 0) add(rest, 0, rest.length);
  if (count > 0) yield taken();
}
