/** Places on the earth, and what is wrong with a pair of numbers that is none. */

/** Degrees in WGS-84, the system of GPS: −90 … 90 north, −180 … 180 east. */
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/**
 * What coordinates mean. In mainland China most maps use GCJ-02, some hundred metres from WGS-84, and Baidu's BD-09, as many again: nothing in the numbers tells
 * which, so whoever brings them says it.
 */
export const coordinateSystems = ['wgs84', 'gcj02', 'bd09'] as const;
export type CoordinateSystem = (typeof coordinateSystems)[number];

/** What people call them. */
export const systemNames: Readonly<Record<CoordinateSystem, string>> = {
  wgs84: 'WGS-84',
  gcj02: 'GCJ-02',
  bd09: 'BD-09',
};

export const positionErrorCodes = ['no-number', 'swapped', 'out-of-range', 'outside-system', 'no-place'] as const;
export type PositionErrorCode = (typeof positionErrorCodes)[number];

export class PositionError extends Error {
  override readonly name = 'PositionError';
  readonly code: PositionErrorCode;
  readonly words: { readonly en: string; readonly zh: string };

  constructor(code: PositionErrorCode) {
    super(positionSentences[code].en);
    this.code = code;
    this.words = positionSentences[code];
  }
}

export const positionSentences: Readonly<Record<PositionErrorCode, { en: string; zh: string }>> = {
  'no-number': { en: 'A latitude or longitude is no number.', zh: '纬度或经度不是数字。' },
  swapped: {
    en: 'A latitude lies beyond 90 degrees, and its longitude within: are the two columns swapped?',
    zh: '纬度超出 90 度而经度在范围内：两列是否颠倒？',
  },
  'out-of-range': {
    en: 'A latitude lies beyond 90 degrees, or a longitude beyond 180.',
    zh: '纬度超出 90 度，或经度超出 180 度。',
  },
  'outside-system': {
    en: 'BD-09 is a system of maps of China, and the place lies outside.',
    zh: 'BD-09 是中国地图的坐标系，该位置在其范围之外。',
  },
  'no-place': {
    en: 'Latitude and longitude are both 0, which programs write where they know no place.',
    zh: '经纬度均为 0：程序通常以此表示没有位置。',
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
