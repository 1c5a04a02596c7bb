import { describe, expect, it } from 'vitest';
import { flowsOf } from './flow.ts';

const between = { from: 'brand', to: 'media', rows: { own: 10, partner: 1000 } } as const;

describe('the flows of a protocol', () => {
  it('are what a message weighs for each row of the list that it runs over, as often as it is sent', () => {
    const flows = flowsOf({
      ...between,
      receives: [
        { message: 'points', bytesPerRow: 32, rowsOf: 'partner', order: 'secret' },
        { message: 'tags', bytesPerRow: 7, rowsOf: 'own', order: 'own' },
      ],
      rounds: 2,
    });
    expect(flows.map(({ code, bytesAbout }) => [code, bytesAbout])).toEqual([
      ['blinded-identifiers', 64_000],
      ['tags', 140],
    ]);
  });

  it('put messages that say the same thing together', () => {
    const flows = flowsOf({
      ...between,
      receives: [
        { message: 'trees', bytes: 100, order: 'none' },
        { message: 'epoch-trees', bytes: 20, order: 'none' },
      ],
      rounds: 1,
    });
    expect(flows).toMatchObject([{ from: 'brand', to: 'media', code: 'randomness', bytesAbout: 120 }]);
  });

  it('leave no message out: one that is not known is refused', () => {
    const receives = [{ message: 'gossip', bytes: 1, order: 'none' }] as const;
    expect(() => flowsOf({ ...between, receives, rounds: 1 })).toThrow(RangeError);
  });
});
