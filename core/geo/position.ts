/** Places on the earth, and what is wrong with a pair of numbers that is none. */

/** Degrees in WGS-84, the system of GPS: −90 … 90 north, −180 … 180 east. */
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/**
 * What coordinates mean. In mainland China most maps use GCJ-02, some hundred metres from WGS-84: nothing in the numbers tells which, so whoever brings
 * them says it.
 */
export const coordinateSystems = ['wgs84', 'gcj02'] as const;
export type CoordinateSystem = (typeof coordinateSystems)[number];

export type PositionErrorCode = 'no-number' | 'swapped' | 'out-of-range' | 'system-needed';

export class PositionError extends Error {
  override readonly name = 'PositionError';
  readonly code: PositionErrorCode;
  readonly words: { readonly en: string; readonly zh: string };

  constructor(code: PositionErrorCode) {
    super(sentences[code].en);
    this.code = code;
    this.words = sentences[code];
  }
}

const sentences: Readonly<Record<PositionErrorCode, { en: string; zh: string }>> = {
  'no-number': { en: 'A latitude or longitude is no number.', zh: '纬度或经度不是数字。' },
  swapped: {
    en: 'A latitude lies beyond 90 degrees, and its longitude within: are the two columns swapped?',
    zh: '纬度超出 90 度而经度在范围内：两列是否颠倒？',
  },
  'out-of-range': {
    en: 'A latitude lies beyond 90 degrees, or a longitude beyond 180.',
    zh: '纬度超出 90 度，或经度超出 180 度。',
  },
  'system-needed': {
    en: 'Say whether the coordinates are WGS-84 (GPS) or GCJ-02 (most maps of China): they are some hundred metres apart.',
    zh: '请说明坐标系是 WGS-84（GPS）还是 GCJ-02（国内多数地图）：两者相差数百米。',
  },
};

/** @throws {PositionError} */
export function checkPosition({ latitude, longitude }: Position): Position {
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) throw new PositionError('no-number');
  const isTooFarNorth = Math.abs(latitude) > 90;
  if (isTooFarNorth && Math.abs(latitude) <= 180 && Math.abs(longitude) <= 90) throw new PositionError('swapped');
  if (isTooFarNorth || Math.abs(longitude) > 180) throw new PositionError('out-of-range');
  return { latitude, longitude };
}

export function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
