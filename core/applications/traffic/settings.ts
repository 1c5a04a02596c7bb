/** What counts as too much, and what is impossible; agreed beforehand, so that nobody can say it was made to fit. */
import type { TouchKind } from '../events/index.ts';

export interface RateLimit {
  readonly by: 'address' | 'device' | 'person';
  readonly kind: TouchKind;
  /** Length of a grid cell in seconds, counted from the Unix epoch: 3,600 is the hour, 86,400 the day in UTC. */
  readonly perSeconds: number;
  /** All events of a cell with more than this are invalid. */
  readonly max: number;
}

export interface TrafficSettings {
  readonly rates: readonly RateLimit[];
  /** A click counts only within so many seconds after an exposure of its campaign to the same person; absent where exposures are not all logged. */
  readonly clickAfterExposureSeconds?: number;
}

/** An address is shared by many phones of a carrier, so it may do more than a device. */
export const defaultTraffic: TrafficSettings = {
  rates: [
    { by: 'address', kind: 'click', perSeconds: 3_600, max: 120 },
    { by: 'address', kind: 'click', perSeconds: 86_400, max: 500 },
    { by: 'device', kind: 'click', perSeconds: 3_600, max: 30 },
    { by: 'person', kind: 'click', perSeconds: 3_600, max: 30 },
    { by: 'device', kind: 'exposure', perSeconds: 86_400, max: 500 },
    { by: 'person', kind: 'exposure', perSeconds: 86_400, max: 500 },
  ],
};
