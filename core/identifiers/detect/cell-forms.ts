/** Which cells of a column are digests, and how those are written. */

export interface DigestGroup {
  readonly bytes: 16 | 20 | 32 | 64;
  readonly encoding: 'hex' | 'base64';
  readonly letterCase: 'lower' | 'upper' | 'mixed';
  readonly count: number;
}

export interface CellForms {
  /** One per length and encoding, the most frequent first. */
  readonly digests: readonly DigestGroup[];
  /** Cells that are no digest. */
  readonly plain: readonly string[];
}

/** Digests by their length in characters; Base64 only in its canonical form with padding. */
const shapes: readonly {
  readonly bytes: DigestGroup['bytes'];
  readonly encoding: DigestGroup['encoding'];
  readonly fits: RegExp;
}[] = [
  { bytes: 16, encoding: 'hex', fits: /^[0-9a-fA-F]{32}$/ },
  { bytes: 20, encoding: 'hex', fits: /^[0-9a-fA-F]{40}$/ },
  { bytes: 32, encoding: 'hex', fits: /^[0-9a-fA-F]{64}$/ },
  { bytes: 64, encoding: 'hex', fits: /^[0-9a-fA-F]{128}$/ },
  { bytes: 16, encoding: 'base64', fits: /^[A-Za-z0-9+/]{21}[AQgw]==$/ },
  { bytes: 32, encoding: 'base64', fits: /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/ },
];

/** @param cells without the empty ones. */
export function cellForms(cells: readonly string[]): CellForms {
  const groups = shapes.map((shape) => ({ shape, count: 0, lower: 0, upper: 0 }));
  const plain: string[] = [];
  for (const cell of cells) {
    const text = cell.replace(/^[\s'"\ufeff]+|[\s'"]+$/g, '');
    const group = groups.find(({ shape }) => shape.fits.test(text));
    if (group === undefined) {
      plain.push(cell);
      continue;
    }
    group.count++;
    if (/[a-z]/.test(text)) group.lower++;
    if (/[A-Z]/.test(text)) group.upper++;
  }
  const digests = groups
    .filter((group) => group.count > 0)
    .sort((a, b) => b.count - a.count)
    .map(({ shape, count, lower, upper }) => ({
      bytes: shape.bytes,
      encoding: shape.encoding,
      letterCase: upper === 0 ? ('lower' as const) : lower === 0 ? ('upper' as const) : ('mixed' as const),
      count,
    }));
  return { digests, plain };
}
