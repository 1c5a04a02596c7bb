/** A part of a workbook, parsed as it is unpacked. No document type, no entity of its own, no text longer than a row may be. */
import { SaxesParser } from 'saxes';
import { DataError } from '../../errors.ts';
import { limits } from '../limits.ts';
import type { ZipEntry } from '../zip.ts';

/** Names come without their namespace prefix. */
export interface XmlHandlers {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  text(text: string): void;
}

/**
 * Parses an entry, calling the handlers in document order; yields the bytes so far after each chunk, so that its consumer
 * can wait for something, or stop.
 * @throws {DataError} `workbook-damaged`, `row-too-large`; of the archive.
 */
export async function* parseXml(entry: ZipEntry, handlers: XmlHandlers, path: string): AsyncGenerator<number> {
  const parser = new SaxesParser();
  let quietLength = 0;
  const heard = () => {
    quietLength = 0;
  };
  parser.on('doctype', () => {
    throw damagedWorkbook(path, `${entry.name} declares a document type`);
  });
  parser.on('opentag', ({ name, attributes }) => {
    heard();
    handlers.open(localName(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    heard();
    handlers.close(localName(name));
  });
  parser.on('text', (text) => handlers.text(text));
  parser.on('cdata', (text) => handlers.text(text));
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let bytes = 0;
  for await (const chunk of entry.chunks()) {
    decoder ??= new TextDecoder(chunk[0] === 0xff && chunk[1] === 0xfe ? 'utf-16le' : 'utf-8', { fatal: true });
    const text = guarded(entry, path, () => decoder!.decode(chunk, { stream: true }));
    quietLength += text.length;
    if (quietLength > limits.rowBytes + text.length) {
      throw new DataError(
        'row-too-large',
        `${path}: ${entry.name} holds a text longer than ${limits.rowBytes} (limit).`,
        {
          path,
          limit: limits.rowBytes,
        },
      );
    }
    guarded(entry, path, () => parser.write(text));
    bytes += chunk.length;
    yield bytes;
  }
  guarded(entry, path, () => parser.close());
}

export function damagedWorkbook(path: string, why: string, cause?: unknown): DataError {
  return new DataError(
    'workbook-damaged',
    `${path}: the workbook is damaged: ${why}. Open it in Excel or WPS and save it again.`,
    { path },
    { cause },
  );
}

/** The parser's own complaints repeat the document, so they are not passed on. */
function guarded<T>(entry: ZipEntry, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw damagedWorkbook(path, `${entry.name} is not well-formed`, error);
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
