/**
 * The module: a batch of rows of bytes is decoded or mapped, multiplied by one secret scalar, and encoded. It branches on the number of rows
 * alone, and every address is made of numbers of rows and digits.
 */
import { writeRowEncoder } from './encode-rows.ts';
import { writePowers } from './field-powers.ts';
import { type I32, i32, type Statement } from './instructions.ts';
import { digitBytes, digitCount, writeLadder } from './ladder.ts';
import { extendedBytes, MemoryPlan } from './memory.ts';
import { ModuleWriter } from './module-writer.ts';
import { encodingBytes, groupRows, uniformBytes, writeRowReaders } from './read-rows.ts';

/** Rows of a batch at most: they share one inversion. */
export const batchRows = 256;

/** Where a batch goes in and comes out. */
export interface BatchLayout {
  /** Digits of half the scalar, as the ladder takes them: points are doubled while they are encoded. */
  readonly digits: number;
  /** Encodings, or uniform bytes. */
  readonly rows: number;
  /** Of the products. */
  readonly encodings: number;
  /** For each row a mask of 64 bits: ones where it holds no element. */
  readonly malformed: number;
  /** For each row a mask of 64 bits: ones where the product is the identity. */
  readonly identity: number;
}

export interface RowsModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly layout: BatchLayout;
  /** What of the memory is used. */
  readonly memoryBytes: number;
}

/** What the module exports. Both take the number of groups of {@link groupRows} rows, from 1 on. */
export interface RowFunctions {
  readonly multiplyEncodings: (groupCount: number) => void;
  readonly multiplyUniform: (groupCount: number) => void;
}

export function writeRowsModule(): RowsModule {
  const memory = new MemoryPlan();
  const layout: BatchLayout = {
    digits: memory.region(digitCount * digitBytes),
    rows: memory.region(batchRows * uniformBytes),
    encodings: memory.region(batchRows * encodingBytes),
    malformed: memory.region(batchRows * 8),
    identity: memory.region(batchRows * 8),
  };
  const module = new ModuleWriter();
  const powers = writePowers(module, memory);
  const readers = writeRowReaders(module, memory, powers);
  const ladder = writeLadder(module, memory, layout.digits);
  const pairsMax = batchRows / 2;
  const encoder = writeRowEncoder(module, memory, { powers, product: ladder.product, pairsMax });

  const multiplyRows = (name: keyof RowFunctions, read: (group: I32) => Statement) => {
    module.add(
      1,
      (code) => {
        const count = code.parameter(0);
        code.do(encoder.begin());
        code.count({ from: i32.constant(0), to: count, step: 1 }, (group) => {
          code.do(read(group));
          for (const pair of [0, 1]) {
            const index = i32.add(i32.multiply(group, i32.constant(2)), i32.constant(pair));
            code.do(ladder.multiply(i32.constant(readers.points + pair * extendedBytes)));
            code.do(encoder.take(index, at(layout.identity, index, 16)));
          }
        });
        code.do(encoder.finish(i32.multiply(count, i32.constant(2)), i32.constant(layout.encodings)));
      },
      name,
    );
  };
  multiplyRows('multiplyEncodings', (group) =>
    readers.readEncodings(
      at(layout.rows, group, groupRows * encodingBytes),
      at(layout.malformed, group, groupRows * 8),
    ),
  );
  multiplyRows('multiplyUniform', (group) => readers.readUniform(at(layout.rows, group, groupRows * uniformBytes)));

  const bytes = module.finish(memory.bytes);
  return { bytes, layout, memoryBytes: memory.bytes };
}

function at(first: number, index: I32, stride: number): I32 {
  return i32.add(i32.constant(first), i32.multiply(index, i32.constant(stride)));
}
