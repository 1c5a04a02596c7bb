/** What both roles hold a peer's message against. */
import { equalBytes } from '../../bytes/index.ts';
import { ProtocolError } from '../protocol-error.ts';
import { protocolVersion } from './parameters.ts';

/** @throws {ProtocolError} `wrong-plan`. */
export function checkPlan(hello: { readonly version: number; readonly plan: Uint8Array }, plan: Uint8Array): void {
  if (hello.version !== protocolVersion) {
    throw new ProtocolError('wrong-plan', `the partner speaks version ${hello.version}, this side ${protocolVersion}`);
  }
  if (!equalBytes(hello.plan, plan))
    throw new ProtocolError('wrong-plan', 'the partner runs another plan than the one agreed');
}

/** @throws {ProtocolError} `wrong-order` unless the batch is the one that comes next, `wrong-count` unless it is as long as announced. */
export function checkBatch(
  what: string,
  index: { readonly got: number; readonly expected: number },
  length: { readonly got: number; readonly expected: number },
): void {
  if (index.got !== index.expected)
    throw new ProtocolError('wrong-order', `expected batch ${index.expected} of ${what}, got ${index.got}`);
  if (length.expected === 0 || length.got !== length.expected) {
    throw new ProtocolError(
      'wrong-count',
      `expected ${length.expected} bytes in batch ${index.got} of ${what}, got ${length.got}`,
    );
  }
}

/** @throws {ProtocolError} `wrong-order` */
export function refuse(type: string, when: string): never {
  throw new ProtocolError('wrong-order', `the partner sent ${type} ${when}`);
}
