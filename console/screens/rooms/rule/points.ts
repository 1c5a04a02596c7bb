/** Points that somebody pastes, such as the shops of a list: a latitude and a longitude on each line. */

import { ruleLimits } from '@causeway/core/applications/select';
import { type CoordinateSystem, type Position, PositionError, toWgs84 } from '@causeway/core/geo';

type Words = PositionError['words'];

export interface PastedPoints {
  readonly points: readonly Position[];
  /** Lines that are no point, from 1, with the reason. */
  readonly refused: readonly { readonly line: number; readonly words: Words }[];
}

/** What stands before or after the two numbers, such as a name, is nobody's business here. */
const twoNumbers = /(-?\d+(?:\.\d+)?)\s*[,;\s，；]\s*(-?\d+(?:\.\d+)?)\s*$/;

export function readPoints(text: string, system: CoordinateSystem): PastedPoints {
  const points: Position[] = [];
  const refused: { line: number; words: Words }[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const found = twoNumbers.exec(line.trim());
    const point = { latitude: Number(found?.[1]), longitude: Number(found?.[2]) };
    const words = found === null ? new PositionError('no-number').words : faultOf(point, system);
    if (words === undefined) points.push(point);
    else refused.push({ line: i + 1, words });
  }
  return { points: points.slice(0, ruleLimits.pointsMax), refused };
}

/** @returns what is wrong with a pair of numbers; undefined where they are a place of the system. */
export function faultOf(point: Position, system: CoordinateSystem): Words | undefined {
  try {
    toWgs84(point, system);
    return undefined;
  } catch (error) {
    if (error instanceof PositionError) return error.words;
    throw error;
  }
}
