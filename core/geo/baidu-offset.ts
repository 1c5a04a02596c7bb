/**
 * BD-09, the system of Baidu's maps: GCJ-02 with another offset on top. The formula was found from its effects, as that of GCJ-02 was, and is right to a metre
 * or so. It means something where GCJ-02 is shifted, and nowhere else.
 */
import type { Position } from './position.ts';

const scale = (Math.PI * 3000) / 180;
/** Degrees by which everything is moved beside the waves. */
const moved = { north: 0.006, east: 0.0065 };

export function bd09FromGcj02({ latitude, longitude }: Position): Position {
  const length = Math.hypot(longitude, latitude) + 0.000_02 * Math.sin(latitude * scale);
  const angle = Math.atan2(latitude, longitude) + 0.000_003 * Math.cos(longitude * scale);
  return { latitude: length * Math.sin(angle) + moved.north, longitude: length * Math.cos(angle) + moved.east };
}

/** Rounds until the way back comes within a millimetre; three do. */
const rounds = 6;

export function gcj02FromBd09(position: Position): Position {
  let found: Position = { latitude: position.latitude - moved.north, longitude: position.longitude - moved.east };
  for (let i = 0; i < rounds; i++) {
    const there = bd09FromGcj02(found);
    found = {
      latitude: found.latitude + position.latitude - there.latitude,
      longitude: found.longitude + position.longitude - there.longitude,
    };
  }
  return found;
}
