/** What all nodes of a run share: time, the network between them, and the record of what they did. */
import type { LedgerRecord } from '@causeway/core/ledger';
import { decodeRecord } from '@causeway/core/ledger';
import { SeededRandom } from '@causeway/core/random';
import { type MemoryNetwork, memoryNetwork } from '@causeway/server/link';
import type { Canary } from '../canary.ts';
import type { Rarity } from '../check/rarities.ts';
import { Secrets } from '../check/secrets.ts';
import type { Play } from '../node/play.ts';
import type { Released } from '../node/released.ts';
import type { Moment } from '../scenario/happenings.ts';
import { type Organisation, organisations } from '../scenario/organisations.ts';
import type { Setting } from '../scenario/setting.ts';
import { Line } from './line.ts';
import { Luck } from './luck.ts';
import { epochMs } from './process.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A lost frame goes out again after this, on a line that loses frames. */
const retransmitAfterMs = 50;

export class World {
  readonly play: Play;
  readonly setting: Setting;
  readonly time: VirtualTime;
  readonly trace: Trace;
  readonly network: MemoryNetwork;
  readonly line: Line;
  readonly secrets: Secrets;
  readonly violations: string[] = [];
  /** Every record that the operator has made durable: what is true, whoever knows it. */
  readonly records: LedgerRecord[] = [];
  /** Rare things that have happened. */
  readonly met = new Set<Rarity>();
  readonly canary: Canary | undefined;
  readonly #onMoment: (moment: Moment) => void;

  constructor(
    play: Play,
    host: {
      readonly time: VirtualTime;
      readonly trace: Trace;
      readonly onMoment: (moment: Moment) => void;
      readonly canary: Canary | undefined;
    },
  ) {
    const { time, trace, onMoment, canary } = host;
    this.canary = canary;
    const { setting } = play;
    this.play = play;
    this.setting = setting;
    this.time = time;
    this.trace = trace;
    this.#onMoment = onMoment;
    this.secrets = new Secrets(setting);
    this.line = new Line(setting.line, {
      luck: new Luck(`sim/${setting.seed}/frames`),
      nowMs: () => time.nowMs,
      cut: ({ from, to }) => {
        time.after(0, () => {
          trace('network', `cut ${from} - ${to}`);
          this.network.cut(from, to);
        });
      },
    });
    const incarnations = new SeededRandom(`sim/${setting.seed}/incarnations`);
    this.network = memoryNetwork([...organisations], {
      clock: { nowMs: () => time.nowMs, wallMs: () => epochMs + time.nowMs, after: (ms, act) => time.after(ms, act) },
      randomBytes: (count) => incarnations.bytes(count),
      reconnectAfterMs: 50,
      transit: (way) => this.line.transit(way),
      limits: { channelWindowBytes: setting.channelWindowBytes, linkWindowBytes: 0 },
      timing: setting.line.kind === 'datagrams' ? { retransmitAfterMs } : {},
    });
  }

  /** A rule was broken. */
  violation(what: string): void {
    this.trace('check', what);
    this.violations.push(what);
  }

  sometimes(rarity: Rarity): void {
    this.met.add(rarity);
  }

  moment(moment: Moment): void {
    this.#onMoment(moment);
  }

  /** A node has made a record durable. */
  committed(organisation: Organisation, leaf: Uint8Array): void {
    if (organisation !== this.setting.operator) return;
    const record = decodeRecord(leaf);
    this.records.push(record);
    this.trace(organisation, `stored record ${record.index}: ${record.entry.type} of ${record.entry.author}`);
    this.moment(`record ${record.entry.type}`);
  }

  /** What the ledger says of a job at this moment. */
  ending(job: string): { readonly status: 'running' | 'finished' | 'failed'; readonly outcome?: string } | undefined {
    let status: 'running' | undefined;
    for (const { entry } of this.records) {
      if (entry.type === 'job.started' && entry.body.job === job) status = 'running';
      if (entry.type === 'job.failed' && entry.body.job === job) return { status: 'failed' };
      if (entry.type === 'job.finished' && entry.body.job === job)
        return { status: 'finished', outcome: entry.body.outcome };
    }
    return status && { status };
  }

  /** A node is about to give out a result: the ledger must say finished by now, with this very outcome. */
  releasing(party: Organisation, job: string, released: Released): void {
    const ending = this.ending(job);
    if (ending?.status === 'finished' && ending.outcome === released.outcome) return;
    this.violation(`${party} gives out ${job}, of which the ledger says ${ending?.status ?? 'nothing'}`);
  }
}
