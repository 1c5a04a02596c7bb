import { describe, expect, it } from 'vitest';
import { firstSteps, stepNames } from './first-steps.ts';

const empty = { hasNetwork: false, others: 1, datasets: [], catalogue: [], agreements: [], jobs: [] };
const states = (read: Partial<Parameters<typeof firstSteps>[0]>) =>
  firstSteps({ ...empty, ...read })?.map(({ state }) => state);
const published = { hasNetwork: true, datasets: [{ id: 'd', status: 'published' }], catalogue: [{ self: true }] };

describe('the way to the first result', () => {
  it('begins with a network', () => {
    expect(states({})).toEqual(['next', 'later', 'later', 'later', 'later']);
    expect(firstSteps(empty)!.map(({ name }) => name)).toEqual([...stepNames]);
  });

  it('ticks off what is done in whatever order it was done, and has one step that is next', () => {
    expect(states({ datasets: [{ id: 'd', status: 'ready' }] })).toEqual(['next', 'done', 'later', 'later', 'later']);
    expect(states(published)).toEqual(['done', 'done', 'done', 'next', 'later']);
    expect(states({ ...published, agreements: [{ id: 'a', status: 'active' }] })).toEqual([
      ...['done', 'done', 'done', 'done', 'next'],
    ]);
  });

  it('waits for a partner where there is nobody to propose anything to', () => {
    const agree = (read: object) =>
      firstSteps({ ...empty, ...published, ...read })!.find(({ name }) => name === 'agree');
    expect(agree({})).toMatchObject({ waitsFor: 'datasets' });
    expect(agree({ others: 0 })).toMatchObject({ waitsFor: 'members' });
    expect(agree({ catalogue: [{ self: false }] })).not.toHaveProperty('waitsFor');
    expect(agree({ agreements: [{ id: 'a', status: 'proposed' }] })).toEqual({
      name: 'agree',
      state: 'next',
      agreement: 'a',
    });
  });

  it('goes to the dataset that is still to be published', () => {
    const datasets = [
      { id: 'd', status: 'published' },
      { id: 'e', status: 'ready' },
    ];
    const steps = firstSteps({ ...empty, datasets })!;
    expect(steps.find(({ name }) => name === 'publish')).toMatchObject({ dataset: 'e' });
  });

  it('goes away with the first result, and stays while jobs fail', () => {
    expect(firstSteps({ ...empty, jobs: [{ status: 'failed' }] })).toBeDefined();
    expect(firstSteps({ ...empty, jobs: [{ status: 'finished' }] })).toBeUndefined();
  });
});
