/** A part of a workbook, parsed as it is unpacked. No document type, no entity of its own, no text longer than a row may be. */
import { SaxesParser } from 'saxes';
import { TextDecoder } from '../bytes/index.ts';
import { workbookLimits } from './limits.ts';
import type { Part } from './part.ts';
import { damagedWorkbook, WorkbookError } from './workbook-error.ts';

/** Names come without their namespace prefix. */
export interface XmlHandlers {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  text(text: string): void;
}

/**
 * Parses a part, calling the handlers in document order; yields the bytes so far after each chunk, so that its consumer
 * can wait for something, or stop.
 * @throws {WorkbookError} `damaged`, `too-much-text`; what the archive or a handler throws.
 */
export async function* parseXml(part: Part, handlers: XmlHandlers): AsyncGenerator<number> {
  const parser = new SaxesParser();
  let quietLength = 0;
  const heard = () => {
    quietLength = 0;
  };
  // The parser's own complaints repeat the document, so they are not passed on.
  parser.on('error', (error) => {
    throw malformed(part, error);
  });
  parser.on('doctype', () => {
    throw damagedWorkbook(`${part.name} declares a document type`);
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
  const decode = decoder(part);
  let bytes = 0;
  for await (const chunk of part.chunks()) {
    const text = decode(chunk);
    quietLength += text.length;
    if (quietLength > workbookLimits.textLength + text.length) {
      const { textLength: limit } = workbookLimits;
      throw new WorkbookError('too-much-text', `${part.name} holds a text longer than ${limit} (limit)`, { limit });
    }
    parser.write(text);
    bytes += chunk.length;
    yield bytes;
  }
  decode(undefined);
  parser.close();
}

/** XML is UTF-8, or UTF-16 with a mark (XML 1.0, section 4.3.3). @returns called with each chunk, and with undefined at the end. */
function decoder(part: Part): (chunk: Uint8Array | undefined) => string {
  let made: InstanceType<typeof TextDecoder> | undefined;
  return (chunk) => {
    made ??= new TextDecoder(chunk?.[0] === 0xff && chunk[1] === 0xfe ? 'utf-16le' : 'utf-8', { fatal: true });
    try {
      return made.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw malformed(part, cause);
    }
  };
}

function malformed(part: Part, cause: unknown): WorkbookError {
  return damagedWorkbook(`${part.name} is not well-formed`, cause);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
