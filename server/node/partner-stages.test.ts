import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MemoryNetwork, memoryNetwork } from '../link/index.ts';
import { countedLinks } from './counted-links.ts';
import { PartnerStages } from './partner-stages.ts';

const stages = [
  {
    name: 'exchange phone',
    status: 'running',
    progress: 0.123456,
    startedAt: '2026-03-01T08:00:00.000Z',
    sentBytes: 71,
    receivedBytes: 8,
  },
  { name: 'settle', status: 'waiting', progress: 0 },
];
const row = { partners: ['brand'], status: 'running', attempt: 2, stages } as const;

let network: MemoryNetwork;
let asked: PartnerStages;
let stranger: PartnerStages;
beforeAll(() => {
  network = memoryNetwork(['brand', 'media', 'other']);
  const of = (organisation: string, jobs: Readonly<Record<string, typeof row>> = {}) =>
    new PartnerStages(
      { links: network.node(organisation), store: { jobs: { find: async (id) => jobs[id] } } },
      { timeoutMs: 200 },
    );
  asked = of('brand');
  of('media', { 'job-1': row });
  stranger = of('other');
});
afterAll(() => network.close());

describe('the stages of a partner', () => {
  it('are told to a party, with times and a whole percent, and without what they count', async () => {
    expect(await asked.ofPartners({ id: 'job-1', partners: ['media'] })).toEqual([
      {
        organisation: 'media',
        status: 'running',
        attempt: 2,
        stages: [
          { name: 'exchange phone', status: 'running', progress: 0.12, startedAt: '2026-03-01T08:00:00.000Z' },
          { name: 'settle', status: 'waiting', progress: 0 },
        ],
      },
    ]);
  });

  it('are told to nobody else: a stranger’s answer is that of a job that there is not', async () => {
    const theirs = await stranger.ofPartners({ id: 'job-1', partners: ['media'] });
    expect(theirs).toEqual([{ organisation: 'media', unknown: 'not-told' }]);
    expect(await stranger.ofPartners({ id: 'job-2', partners: ['media'] })).toEqual(theirs);
  });

  it('are said to be unknown where the partner cannot be reached', async () => {
    network.kill('media');
    expect(await asked.ofPartners({ id: 'job-1', partners: ['media'] })).toEqual([
      { organisation: 'media', unknown: 'unreachable' },
    ]);
  });
});

describe('the links of a job', () => {
  it('count its messages and calls, both ways', async () => {
    const lone = memoryNetwork(['one', 'two']);
    let [sent, received] = [0, 0];
    const one = countedLinks(lone.node('one'), (bytes) => {
      sent += bytes.sent ?? 0;
      received += bytes.received ?? 0;
    });
    const two = lone.node('two');
    two.onCall('echo', async (_peer, body) => Uint8Array.of(...body, 0));
    const link = await one.to('two');
    await link.call('echo', new Uint8Array(3), { timeoutMs: 1000 });
    const channel = link.channel('match/job-1/0');
    const other = (await two.to('one')).channel('match/job-1/0');
    await channel.send(new Uint8Array(10));
    expect((await other.receive()).length).toBe(10);
    await other.send(new Uint8Array(20));
    expect((await channel.receive()).length).toBe(20);
    expect([sent, received]).toEqual([13, 24]);
    await lone.close();
  });
});
