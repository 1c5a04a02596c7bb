import { describe, expect, it } from 'vitest';
import { description, keysOf, operator, TestNetwork } from '../../test/ledger-network.ts';
import { encodeRecord, openHead, Sequencer } from './index.ts';

const brand = 'aurora';

describe('a record that is stored before it counts', () => {
  it('[F52] is shown by nothing until it is committed, and stands under the head that was sealed over it', () => {
    const net = TestNetwork.with(brand);
    const { sequencer } = net;
    const before = {
      snapshot: sequencer.state.snapshot(),
      size: sequencer.tree.size,
      note: sequencer.checkpoint(net.nowMs),
    };
    const record = sequencer.prepare(
      net.entry(brand, 'dataset.published', { dataset: 'second', name: 'Second', description }),
      net.nowMs,
    );
    const head = sequencer.seal(record, net.nowMs);
    expect(sequencer.state.snapshot()).toEqual(before.snapshot);
    expect(sequencer.tree.size).toBe(before.size);
    sequencer.commit(record);
    expect(openHead(head.note, net.log)).toMatchObject({ size: before.size + 1, root: sequencer.tree.root() });
    expect(head.root).toEqual(sequencer.tree.root());
  });

  it('[F52] comes back from what was stored, whether or not it was committed', () => {
    const net = TestNetwork.with(brand);
    const record = net.sequencer.prepare(
      net.entry(brand, 'dataset.published', { dataset: 'second', name: 'Second', description }),
      net.nowMs,
    );
    const { note } = net.sequencer.seal(record, net.nowMs);
    const again = new Sequencer({ network: net.log.network, organisation: operator, keyPair: keysOf(operator) });
    again.restore({ leaves: [...net.leaves, encodeRecord(record)], head: note });
    expect(again.state.dataset(brand, 'second')?.status).toBe('published');
  });

  it('a head that was sealed over another record than the one committed does not count', () => {
    const net = TestNetwork.with(brand);
    const { sequencer } = net;
    const publish = (dataset: string) =>
      sequencer.prepare(net.entry(brand, 'dataset.published', { dataset, name: dataset, description }), net.nowMs);
    sequencer.seal(publish('dropped'), net.nowMs);
    const kept = publish('kept');
    sequencer.commit(kept);
    expect(openHead(sequencer.checkpoint(net.nowMs), net.log).root).toEqual(sequencer.tree.root());
    expect(sequencer.state.dataset(brand, 'dropped')).toBeUndefined();
  });
});
