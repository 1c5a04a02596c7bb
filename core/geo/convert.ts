/** Coordinates of any system as a place in WGS-84. */
import { gcj02FromBd09 } from './baidu-offset.ts';
import { fromGcj02, isShifted } from './china-offset.ts';
import { type CoordinateSystem, checkPosition, type Position, PositionError } from './position.ts';

/** @throws {PositionError} for numbers that are no place in that system. */
export function toWgs84(given: Position, system: CoordinateSystem): Position {
  const position = checkPosition(given);
  switch (system) {
    case 'wgs84':
      return position;
    case 'gcj02':
      return fromGcj02(position);
    case 'bd09': {
      const onMap = gcj02FromBd09(position);
      if (!isShifted(onMap)) throw new PositionError('outside-system');
      return fromGcj02(onMap);
    }
  }
}

/**
 * The same of what stands in somebody's columns, where 0, 0 means that no place is known.
 * @throws {PositionError} as `toWgs84`, and `no-place`.
 */
export function placeInColumns(given: Position, system: CoordinateSystem): Position {
  if (given.latitude === 0 && given.longitude === 0) throw new PositionError('no-place');
  return toWgs84(given, system);
}
