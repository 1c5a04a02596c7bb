import { describe, expect, it } from 'vitest';
import { type SimulatedFaults, simulateSession } from './simulation.ts';

const none: SimulatedFaults = { dropShare: 0, repeatShare: 0, delayMsMax: 0, cutShare: 0, restartCount: 0 };
const load = { channelCount: 2, messageCount: 6, callCount: 4 };

const cases: { name: string; seeds: number; faults: SimulatedFaults }[] = [
  { name: 'a quiet line', seeds: 20, faults: none },
  { name: '[F37] cuts within frames', seeds: 600, faults: { ...none, cutShare: 0.05 } },
  {
    name: '[F37] cuts and restarts of either process',
    seeds: 250,
    faults: { ...none, cutShare: 0.05, restartCount: 3 },
  },
  {
    name: '[F40] 1 % lost, repeated, delayed and reordered',
    seeds: 120,
    faults: { ...none, dropShare: 0.01, repeatShare: 0.01, delayMsMax: 20 },
  },
  {
    name: '[F40] 10 % lost, repeated, delayed and reordered, with cuts',
    seeds: 120,
    faults: { ...none, dropShare: 0.1, repeatShare: 0.1, delayMsMax: 40, cutShare: 0.005 },
  },
  {
    name: '[F40] half of all lost and repeated, with cuts and restarts',
    seeds: 40,
    faults: { dropShare: 0.5, repeatShare: 0.5, delayMsMax: 60, cutShare: 0.002, restartCount: 2 },
  },
];

describe('two sessions deliver everything exactly once and in order', () => {
  it.each(cases)('$name, $seeds seeds', ({ name, seeds, faults }) => {
    for (let i = 0; i < seeds; i++) {
      const seed = `${name} ${i}`;
      const { violations } = simulateSession(seed, faults, load);
      expect(violations, `seed ${seed}`).toEqual([]);
    }
  });

  it('[F37] a cut at every single frame of a run', () => {
    const { frameCount } = simulateSession('every frame', none, load);
    expect(frameCount).toBeGreaterThan(40);
    let cuts = 0;
    for (let cutAtFrame = 1; cutAtFrame <= frameCount; cutAtFrame++) {
      const { violations, cutCount } = simulateSession('every frame', { ...none, cutAtFrame }, load);
      expect(violations, `cut at frame ${cutAtFrame}`).toEqual([]);
      cuts += cutCount;
    }
    // The run is over before the cut at its very last frames.
    expect(cuts).toBeGreaterThan(frameCount - 4);
  });

  it('a seed gives the same run again', () => {
    const faults = { ...none, dropShare: 0.1, cutShare: 0.01 };
    expect(simulateSession('again', faults, load)).toEqual(simulateSession('again', faults, load));
  });

  it('canary: a network that loses a frame and hides the gap is caught', () => {
    let caught = 0;
    for (let i = 0; i < 20; i++) {
      const { violations } = simulateSession(`canary ${i}`, { ...none, hidesLoss: true }, load);
      if (violations.length > 0) caught += 1;
    }
    expect(caught).toBe(20);
  });
});
