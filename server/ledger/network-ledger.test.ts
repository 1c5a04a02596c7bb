import { keyPairFromSeed } from '@causeway/core/crypto';
import type { LedgerError, Member } from '@causeway/core/ledger';
import { memberConsentBytes, openHead, signConsent, verifySplitEvidence } from '@causeway/core/ledger';
import { afterEach, describe, expect, it } from 'vitest';
import { type MemoryNetwork, memoryNetwork, systemClock } from '../link/index.ts';
import { MemoryLedgerStore, NetworkLedger, type NetworkLedgerOptions } from './index.ts';

const organisations = ['operator', 'brand', 'media'] as const;
type Organisation = (typeof organisations)[number];
const network = 'test-net';
const keyPairs = Object.fromEntries(
  organisations.map((name, i) => [name, keyPairFromSeed(new Uint8Array(32).fill(i + 1))]),
) as Record<Organisation, ReturnType<typeof keyPairFromSeed>>;

function member(organisation: Organisation): Member {
  return {
    organisation,
    name: organisation,
    identityKey: Buffer.from(keyPairs[organisation].publicKey).toString('base64'),
    tlsFingerprint: Buffer.alloc(32, organisations.indexOf(organisation) + 1).toString('hex'),
  };
}

const opened: { ledgers: NetworkLedger[]; net?: MemoryNetwork } = { ledgers: [] };
afterEach(async () => {
  await Promise.all(opened.ledgers.splice(0).map((ledger) => ledger.close()));
  await opened.net?.close();
});

async function open(
  net: MemoryNetwork,
  organisation: Organisation,
  store: MemoryLedgerStore,
  alarms: LedgerError[] = [],
  given: Partial<NetworkLedgerOptions> = {},
) {
  const ledger = await NetworkLedger.open({
    log: { network, operator: 'operator', operatorKey: keyPairs.operator.publicKey },
    organisation,
    keyPair: keyPairs[organisation],
    store,
    links: net.node(organisation),
    clock: systemClock,
    pollMs: 20,
    gossipMs: 20,
    onAlarm: (alarm) => alarms.push(alarm),
    ...given,
  });
  opened.ledgers.push(ledger);
  return ledger;
}

/** A network of three, all joined. */
async function threeNodes() {
  const net = memoryNetwork([...organisations]);
  opened.net = net;
  const stores = Object.fromEntries(organisations.map((name) => [name, new MemoryLedgerStore()])) as Record<
    Organisation,
    MemoryLedgerStore
  >;
  const operator = await open(net, 'operator', stores.operator);
  await operator.append('network.created', { name: 'Test', operator: member('operator') });
  for (const name of ['brand', 'media'] as const) {
    const consent = signConsent({ network, member: member(name) }, keyPairs[name]);
    await operator.append('member.joined', { member: member(name), consent });
  }
  const brand = await open(net, 'brand', stores.brand);
  const media = await open(net, 'media', stores.media);
  await Promise.all([brand.sync(), media.sync()]);
  return { net, stores, operator, brand, media };
}

const description = { rowsAbout: 1000, ids: [{ column: 'mobile', profile: 'phone' }], attributes: [] };

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('the ledger of a network', () => {
  it('holds one history at every member, which all cosign', async () => {
    const { operator, brand, media, stores } = await threeNodes();
    const index = await brand.append('dataset.published', { dataset: 'crm', name: 'CRM', description });
    expect(index).toBe(3);
    await until(() => media.state.size === 4);
    expect(media.state.dataset('brand', 'crm')?.status).toBe('published');
    expect(media.state.snapshot()).toEqual(operator.state.snapshot());
    await until(() =>
      stores.operator.cosignatures.some(({ size, organisation }) => size === 4 && organisation === 'media'),
    );
    expect(openHead(operator.head!, operator.log).size).toBe(4);
  });

  it('an entry that a rule forbids is refused by its author’s operator with the rule’s code', async () => {
    const { brand } = await threeNodes();
    await expect(brand.append('dataset.withdrawn', { dataset: 'nothing' })).rejects.toMatchObject({
      name: 'LedgerError',
      code: 'dataset-unknown',
    });
  });

  it('takes what is said twice within a second as two entries', async () => {
    const { operator, brand } = await threeNodes();
    const body = { dataset: 'crm', name: 'CRM', description };
    for (const author of [operator, brand]) {
      const first = await Promise.all([
        author.append('dataset.published', body),
        author.append('dataset.published', body),
      ]);
      const places = [...first, await author.append('dataset.published', body)];
      expect(new Set(places).size).toBe(3);
    }
    expect(operator.state.size).toBe(9);
  });

  it('[F58] a hundred entries at once are put in one order', async () => {
    const { operator, brand, media } = await threeNodes();
    const indices = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        [brand, media][i % 2]!.append('dataset.published', { dataset: `d-${i}`, name: `d ${i}`, description }),
      ),
    );
    expect([...indices].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i + 3));
    await Promise.all([brand.sync(), media.sync()]);
    expect(brand.state.snapshot()).toEqual(operator.state.snapshot());
  });

  it('survives the restart of each node', async () => {
    const { net, stores, brand } = await threeNodes();
    await brand.append('dataset.published', { dataset: 'crm', name: 'CRM', description });
    const before = brand.state.snapshot();
    for (const name of organisations) {
      net.kill(name);
      const again = await open(net, name, stores[name]);
      await again.sync();
      expect(again.state.size).toBe(4);
      expect(JSON.parse(JSON.stringify(again.state.snapshot()))).toEqual(JSON.parse(JSON.stringify(before)));
    }
  });

  it.each([0, 1, 2])(
    '[F92, F93] an operator that was set back and wrote %d records since is caught, with evidence',
    async (since) => {
      const { net, stores, brand, media } = await threeNodes();
      const yesterday = { leaves: [...stores.operator.leaves], head: stores.operator.head! };
      await brand.append('dataset.published', { dataset: 'crm', name: 'CRM', description });
      await until(() => media.state.size === 4);
      const alarms: LedgerError[] = [];
      net.kill('media');
      net.kill('operator');
      const setBack = new MemoryLedgerStore();
      setBack.leaves.push(...yesterday.leaves);
      setBack.head = yesterday.head;
      const operator = await open(net, 'operator', setBack);
      for (let i = 0; i < since; i++) {
        await operator.append('dataset.published', { dataset: `other-${i}`, name: 'Other', description });
      }
      await open(net, 'media', stores.media, alarms);
      if (since === 0) {
        // Until it signs anew, the operator shows a head that it once held: no proof of anything yet, and nothing is taken from it.
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(stores.media.leaves).toHaveLength(4);
        return;
      }
      await until(() => alarms.length > 0);
      const evidence = alarms[0]!.evidence!;
      if (evidence.kind !== 'split-view') throw new Error(`expected a split view, got ${evidence.kind}`);
      expect(verifySplitEvidence(evidence, keyPairs.operator.publicKey)).toBe(true);
    },
  );

  describe('[F61, F92] an operator that was restored from a backup', () => {
    const restored = { unconfirmed: true } as const;

    /** Two records come after the backup that the operator is set back to. */
    async function setBack() {
      const { net, stores, brand, media } = await threeNodes();
      const store = new MemoryLedgerStore();
      store.leaves.push(...stores.operator.leaves);
      store.head = stores.operator.head;
      for (const dataset of ['crm', 'loyalty'])
        await brand.append('dataset.published', { dataset, name: dataset, description });
      await until(() => media.state.size === 5);
      net.kill('operator');
      return { net, stores, store, brand, media };
    }
    const add = (ledger: NetworkLedger, dataset = 'new') =>
      ledger.append('dataset.published', { dataset, name: dataset, description });

    it('takes back what the members hold beyond the backup, before it signs anything', async () => {
      const { net, stores, store, brand, media } = await setBack();
      const lost = stores.operator.leaves.slice(3);
      let confirmed = 0;
      const operator = await open(net, 'operator', store, [], {
        ...restored,
        onConfirmed: async () => void confirmed++,
      });
      const told: number[] = [];
      operator.onRecord(({ index }) => told.push(index));
      expect(await add(brand)).toBe(5);
      expect(told).toEqual([3, 4, 5]);
      expect(store.leaves.slice(3, 5)).toEqual(lost);
      await until(() => media.state.size === 6);
      expect(media.state.snapshot()).toEqual(operator.state.snapshot());
      expect([media.alarm, brand.alarm, operator.isUnconfirmed, confirmed]).toEqual([undefined, undefined, false, 1]);
    });

    it('does so unasked, and knows it after the next start', async () => {
      const { net, store } = await setBack();
      const operator = await open(net, 'operator', store, [], restored);
      await until(() => !operator.isUnconfirmed);
      expect(operator.state.size).toBe(5);
      net.kill('operator');
      expect((await open(net, 'operator', store)).state.size).toBe(5);
    });

    it('signs nothing before half of the others were heard, and says whom it waits for', async () => {
      const { net, stores, store } = await setBack();
      net.kill('brand');
      net.kill('media');
      const operator = await open(net, 'operator', store, [], restored);
      await expect(add(operator)).rejects.toMatchObject({
        code: 'unconfirmed',
        message: expect.stringMatching(/ends at record 3; .*brand, media cannot be reached/),
      });
      expect([store.leaves.length, operator.isUnconfirmed]).toEqual([3, true]);
      await open(net, 'media', stores.media);
      expect(await add(operator)).toBe(5);
    });

    it('adds nothing where a member holds another history that it has signed', async () => {
      const { net, stores, store } = await setBack();
      net.kill('brand');
      net.kill('media');
      // Set back once before, without anybody noticing: the members hold the other records.
      const operator = await open(net, 'operator', store);
      for (const dataset of ['a', 'b', 'c']) await add(operator, dataset);
      net.kill('operator');
      await open(net, 'media', stores.media);
      const again = await open(net, 'operator', store, [], restored);
      await expect(add(again)).rejects.toMatchObject({ code: 'split-view', message: expect.stringContaining('media') });
      expect(store.leaves).toHaveLength(6);
    });
  });

  it.each([
    ['operator', 'before'],
    ['operator', 'after'],
    ['brand', 'before'],
    ['brand', 'after'],
  ] as const)('[F54] goes on when a write of the %s fails twice, %s it was committed', async (where, when) => {
    const { operator, brand, media, stores } = await threeNodes();
    const store = stores[where];
    const told: number[] = [];
    brand.onRecord(({ index }) => told.push(index));
    const append = store.append.bind(store);
    let failures = 2;
    store.append = async (leaves, head) => {
      if (--failures === 0) store.append = append;
      if (when === 'after') await append(leaves, head);
      throw new Error('the disk is full');
    };
    expect(await brand.append('dataset.published', { dataset: 'crm', name: 'CRM', description })).toBe(3);
    expect(await brand.append('dataset.published', { dataset: 'web', name: 'Web', description })).toBe(4);
    await until(() => media.state.size === 5 && operator.state.size === 5);
    expect(told).toEqual([3, 4]);
    for (const { leaves } of Object.values(stores)) expect(leaves).toEqual(stores.operator.leaves);
    expect(brand.state.snapshot()).toEqual(operator.state.snapshot());
    expect([operator.alarm, brand.alarm, media.alarm]).toEqual([undefined, undefined, undefined]);
  });

  it('[F54] an entry that was taken, and refused when it came again, is not reported as refused by a copy that lags', async () => {
    const { operator, brand, stores } = await threeNodes();
    const append = stores.brand.append.bind(stores.brand);
    stores.brand.append = async () => {
      throw new Error('the disk is full');
    };
    const appended = brand.append('dataset.published', { dataset: 'crm', name: 'CRM', description });
    await until(() => operator.state.size === 4);
    // Long enough for the entry to be sent again.
    await new Promise((resolve) => setTimeout(resolve, 900));
    stores.brand.append = append;
    expect(await appended).toBe(3);
  });

  it('[F51] an entry that was taken by an operator that died before it answered is not reported as refused', async () => {
    const { brand, net, stores } = await threeNodes();
    const store = stores.operator;
    const append = store.append.bind(store);
    store.append = async (leaves, head) => {
      store.append = append;
      await append(leaves, head);
      net.kill('operator');
      await open(net, 'operator', store);
    };
    expect(await brand.append('dataset.published', { dataset: 'crm', name: 'CRM', description })).toBe(3);
    expect(store.leaves).toHaveLength(4);
  });

  it('a consent is the member’s own', () => {
    expect(memberConsentBytes({ network, member: member('brand') })).not.toEqual(
      memberConsentBytes({ network, member: member('media') }),
    );
  });
});
