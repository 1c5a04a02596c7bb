/** Copies records of a text byte for byte, in whatever encoding it is. */
import { cancelled } from '../database.ts';
import { type FileWriter, writeFileWhole } from '../disk.ts';
import { DelimitedScanner } from '../read/delimited.ts';
import { linesDialect, type TextLayout } from '../read/layout.ts';
import type { Reading } from '../read/reading.ts';
import { shapeOf } from '../read/shape.ts';
import { fileChanged, requireUnchanged, type Source } from '../read/source.ts';
import type { TextBytes } from '../read/unpack.ts';
import type { RowSet } from '../row-list.ts';
import type { TaskContext } from '../task.ts';
import type { CopyReport } from './copy-rows.ts';

const writeBytes = 4 * 1024 * 1024;

/** @throws {DataError} `file-changed` unless the file's bytes are those that were imported. */
export async function copyTextRows(
  source: Source,
  text: TextBytes,
  job: { readonly reading: Reading; readonly layout: TextLayout; readonly wanted: RowSet; readonly to: string },
  context: TaskContext,
): Promise<CopyReport> {
  const { layout, reading } = job;
  const writer = await writeFileWhole(context.disk, job.to, context.taskId);
  try {
    const copier = new RecordCopier(source.path, layout, job.wanted);
    const reader = text.read((done) =>
      context.onProgress({
        stage: 'writing',
        done,
        total: source.identity.bytes,
        unit: 'bytes',
        rows: copier.rowCount,
      }),
    );
    for await (const chunk of reader.chunks) {
      if (context.signal.aborted) throw cancelled();
      copier.add(chunk);
      await copier.drain(writer, writeBytes);
    }
    copier.end();
    await copier.drain(writer, 0);
    if ((await reader.digest()) !== reading.sha256)
      throw fileChanged(source.path, 'its hash differs from what was imported');
    await requireUnchanged(source);
    await writer.finish();
    return { rowCount: copier.copiedCount, bytes: writer.length, escapedCellCount: 0 };
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** Holds the bytes from the first incomplete record on, and the bytes that were chosen and wait to be written. */
class RecordCopier {
  readonly #scanner: DelimitedScanner;
  readonly #shape: ReturnType<typeof shapeOf>;
  readonly #markBytes: number;
  /** Original bytes, from `#heldOffset` in the file's text on. */
  #held = Buffer.alloc(0);
  #heldOffset = 0;
  /** Pairs of offsets into the text, found by the last scan. */
  #ranges: number[] = [];
  #parts: Uint8Array[] = [];
  #partBytes = 0;
  #skipped = 0;
  copiedCount = 0;

  constructor(path: string, layout: TextLayout, wanted: RowSet) {
    this.#shape = shapeOf(layout.encoding.encoding);
    this.#markBytes = layout.encoding.markBytes;
    const headerRecord = layout.format === 'jsonl' ? -1 : layout.headerRecord;
    const { unitBytes } = this.#shape;
    this.#scanner = new DelimitedScanner({
      path,
      dialect: layout.format === 'jsonl' ? linesDialect : layout.dialect,
      startOffset: this.#markBytes / unitBytes,
      unitBytes,
      sink: {
        record: ({ start, end }, index) => {
          const row = index - headerRecord - 1;
          if (row >= 0 ? !wanted.has(row) : index !== headerRecord) return;
          if (row >= 0) this.copiedCount += 1;
          const offset = this.#scanner.windowOffset;
          this.#choose((offset + start) * unitBytes, (offset + end) * unitBytes);
        },
        emptyLine: () => {},
      },
    });
  }

  get rowCount(): number {
    return this.#scanner.recordCount;
  }

  add(chunk: Uint8Array): void {
    this.#held = Buffer.concat([this.#held, chunk]);
    const mark = Math.min(this.#markBytes - this.#skipped, chunk.length);
    if (mark > 0) this.#choose(this.#skipped, this.#skipped + mark);
    this.#skipped += mark;
    this.#scanner.write(this.#shape.of(chunk.subarray(mark)));
    this.#collect();
  }

  end(): void {
    this.#scanner.end();
    this.#collect();
  }

  async drain(writer: FileWriter, bytesMin: number): Promise<void> {
    if (this.#partBytes === 0 || this.#partBytes < bytesMin) return;
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#partBytes = 0;
    await writer.write(bytes);
  }

  #choose(start: number, end: number): void {
    const last = this.#ranges.length - 1;
    if (this.#ranges[last] === start) this.#ranges[last] = end;
    else this.#ranges.push(start, end);
  }

  /** Takes the chosen bytes over, and lets go of everything before the first incomplete record. */
  #collect(): void {
    for (let i = 0; i < this.#ranges.length; i += 2) {
      const part = Uint8Array.from(
        this.#held.subarray(this.#ranges[i]! - this.#heldOffset, this.#ranges[i + 1]! - this.#heldOffset),
      );
      this.#parts.push(part);
      this.#partBytes += part.length;
    }
    this.#ranges = [];
    const keepFrom = this.#scanner.windowOffset * this.#shape.unitBytes;
    this.#held = this.#held.subarray(Math.max(0, keepFrom - this.#heldOffset));
    this.#heldOffset = keepFrom;
  }
}
