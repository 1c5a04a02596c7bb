/** What both sides check of each other's messages. */
import { equalBytes } from '../../bytes/index.ts';
import { elementBytes } from '../../group/index.ts';
import { rowsInBatch } from '../batch.ts';
import { ProtocolError } from '../protocol-error.ts';
import { protocolVersion } from './parameters.ts';

/** @throws {ProtocolError} `wrong-plan` for another version or another agreement. */
export function checkSamePlan(hello: { readonly version: number; readonly plan: Uint8Array }, plan: Uint8Array): void {
  if (hello.version !== protocolVersion) {
    throw new ProtocolError('wrong-plan', `the partner speaks version ${hello.version}, this side ${protocolVersion}`);
  }
  if (!equalBytes(hello.plan, plan))
    throw new ProtocolError('wrong-plan', 'the partner runs another plan than the one agreed');
}

/** @throws {ProtocolError} `set-size`. */
export function checkListSize(count: number, { min, max }: { readonly min: number; readonly max: number }): void {
  if (count < min) {
    throw new ProtocolError('set-size', `the partner's list is below the minimum of ${min} distinct identifiers`);
  }
  if (count > max)
    throw new ProtocolError('set-size', `the partner's list is over the ${max} distinct identifiers agreed`);
}

/** @throws {ProtocolError} `wrong-order` for another message than the next one. */
export function checkNext(what: string, index: { readonly got: number; readonly expected: number }): void {
  if (index.got === index.expected) return;
  throw new ProtocolError('wrong-order', `expected batch ${index.expected} of ${what}, got ${index.got}`);
}

/** @throws {ProtocolError} `wrong-count` unless as many elements came as batch `index` of a list has. */
export function checkElements(
  what: string,
  elements: Uint8Array,
  of: { readonly count: number; readonly index: number; readonly batchRows: number },
): void {
  const expected = rowsInBatch(of.count, of.index, of.batchRows) * elementBytes;
  if (expected > 0 && elements.length === expected) return;
  throw new ProtocolError(
    'wrong-count',
    `expected ${expected} bytes in batch ${of.index} of ${what}, got ${elements.length}`,
  );
}
