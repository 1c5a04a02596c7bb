/** Places, distances, and who is within a radius. */
export { fromGcj02, toGcj02 } from './china-offset.ts';
export { ellipsoidalDistance } from './ellipsoid.ts';
export {
  type CoordinateSystem,
  checkPosition,
  coordinateSystems,
  type Position,
  PositionError,
  type PositionErrorCode,
} from './position.ts';
export { meanRadius, sphereError, sphericalDistance } from './sphere.ts';
export { type Circle, isWithin, positionOf, radiusMax, withinSql } from './within.ts';
