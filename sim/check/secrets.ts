/** What must never stand on the ledger, gathered while a run makes it, and the search for it. */
import { BatchKernel, type Kernel } from '@causeway/core/group';
import { matchKeyOf } from '../node/own-list.ts';
import { parties } from '../scenario/organisations.ts';
import type { Setting } from '../scenario/setting.ts';

/** The first bytes of a secret: enough to know it by, also where it is cut short. */
const prefixBytes = 8;

export class Secrets {
  /** The real kernel, which tells this object of the scalars, points and tags that it makes. */
  readonly kernel: Kernel;
  readonly #secrets = new Map<string, { readonly kind: string; readonly bytes: Buffer }>();

  constructor({ lists }: Pick<Setting, 'lists'>) {
    const kernel = new BatchKernel();
    const keepRows = (kind: string, rows: Uint8Array, rowBytes: number) => {
      for (let at = 0; at < rows.length; at += rowBytes) this.#keep(kind, rows.subarray(at, at + rowBytes));
    };
    this.kernel = {
      name: kernel.name,
      blind: async (request) => {
        const points = await kernel.blind(request);
        keepRows('point', points, 32);
        return points;
      },
      evaluate: (request) => kernel.evaluate(request),
      multiply: async (request) => {
        const points = await kernel.multiply(request);
        keepRows('point', points, 32);
        return points;
      },
      finalize: async (request) => {
        const outputs = await kernel.finalize(request);
        keepRows('output', outputs, request.bytes);
        return outputs;
      },
      prf: async (request) => {
        const outputs = await kernel.prf(request);
        keepRows('output', outputs, request.bytes);
        return outputs;
      },
      composites: (request) => kernel.composites(request),
      randomScalar: (random) => {
        const scalar = kernel.randomScalar(random);
        this.#keep('scalar', scalar);
        return scalar;
      },
    };
    for (const party of parties) {
      for (const row of lists[party]) {
        for (const [kind, id] of row.entries()) {
          if (id === undefined) continue;
          this.#keep('match key', matchKeyOf(kind, id));
          this.#secrets.set(`id ${id}`, { kind: 'identifier', bytes: Buffer.from(id) });
        }
      }
    }
  }

  /** @returns a sentence for each kind of secret that is in a leaf as it is, in hexadecimal or in Base64. */
  findIn(leaf: Uint8Array): readonly string[] {
    const text = Buffer.from(leaf);
    const haystack = Buffer.concat([text, ...decodings(text.toString())]);
    const found = new Set<string>();
    for (const { kind, bytes } of this.#secrets.values()) if (haystack.includes(bytes)) found.add(kind);
    return [...found];
  }

  #keep(kind: string, bytes: Uint8Array): void {
    const prefix = Buffer.from(bytes.subarray(0, prefixBytes));
    this.#secrets.set(`${kind} ${prefix.toString('hex')}`, { kind, bytes: prefix });
  }
}

/** Every run of letters that could be bytes, decoded; hexadecimal at both alignments, Base64 at all four. */
function* decodings(text: string): Generator<Buffer> {
  for (const [run] of text.matchAll(/[0-9a-fA-F]{16,}/g)) {
    yield Buffer.from(run, 'hex');
    yield Buffer.from(run.slice(1), 'hex');
  }
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{11,}/g)) {
    for (let skip = 0; skip < 4; skip++) yield Buffer.from(run.slice(skip), 'base64');
  }
}
