/** Places, the systems that name them, distances, and who is within a radius. */
export { bd09FromGcj02, gcj02FromBd09 } from './baidu-offset.ts';
export { fromGcj02, toGcj02 } from './china-offset.ts';
export { placeInColumns, toWgs84 } from './convert.ts';
export { ellipsoidalDistance } from './ellipsoid.ts';
export { lambertDistance, lambertError, lambertMax } from './lambert.ts';
export { leastRadius, placeCount, placeNumber, positionOfPlace, rowsPerDegree } from './place-grid.ts';
export {
  type CoordinateSystem,
  checkPosition,
  coordinateSystems,
  type Position,
  PositionError,
  type PositionErrorCode,
  positionErrorCodes,
  positionSentences,
  systemNames,
} from './position.ts';
export { meanRadius, sphereError, sphericalDistance } from './sphere.ts';
export { type Circle, Circles, isWithin, radiusMax } from './within.ts';
