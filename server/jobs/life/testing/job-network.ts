/**
 * Organisations that run one job, in one process: real links and a real ledger in memory, real work folders, and an office that puts the ledger
 * in order and is no party. Any of them can be killed and comes back with what is on its disk.
 */
import { join } from 'node:path';
import type { Bodies } from '@causeway/core/ledger';
import { signConsent } from '@causeway/core/ledger';
import { description, keysOf, memberOf, network, operator } from '../../../../test/ledger-network.ts';
import { MemoryLedgerStore, NetworkLedger } from '../../../ledger/index.ts';
import { type Links, memoryNetwork, systemClock } from '../../../link/index.ts';
import { openWorkFolder, type WorkFolder } from '../../work/index.ts';
import { JobCalls, type JobLifePorts } from '../index.ts';
import { mortal } from './mortal.ts';

export const job = 'job-1';

/** One life of a party's process. */
export interface PartyLife {
  readonly ports: JobLifePorts;
  readonly links: Links;
  readonly work: WorkFolder;
  /** Aborts when the node is stopped. */
  readonly signal: AbortSignal;
  /** Stops the node as a signal to end would; a job under way lets go. */
  stop(): void;
}

type Agreed = Pick<Bodies['agreement.proposed'], 'agreement'> & { readonly room?: string };

export class JobNetwork {
  readonly #folder: string;
  readonly #silenceMs: number;
  readonly #links: ReturnType<typeof memoryNetwork>;
  readonly #stores = new Map<string, MemoryLedgerStore>();
  readonly #alive = new Map<string, { ledger: NetworkLedger; die: () => void }>();

  private constructor(folder: string, parties: readonly string[], silenceMs: number) {
    this.#folder = folder;
    this.#silenceMs = silenceMs;
    this.#links = memoryNetwork([operator, ...parties]);
  }

  /** @param folder of work folders, empty. @param of.parties of the agreement. */
  static async open(
    folder: string,
    of: { readonly parties: readonly string[]; readonly silenceMs?: number } & Agreed,
  ): Promise<JobNetwork> {
    const { parties, agreement, room, silenceMs = 5_000 } = of;
    const made = new JobNetwork(folder, parties, silenceMs);
    const office = (await made.#ledger(operator, made.#links.node(operator))).ledger;
    await office.append('network.created', { name: 'Spring fair', operator: memberOf(operator) });
    for (const party of parties) {
      const member = memberOf(party);
      await office.append('member.joined', { member, consent: signConsent({ network, member }, keysOf(party)) });
    }
    const lives = new Map<string, PartyLife>();
    for (const party of parties) lives.set(party, await made.boot(party));
    const say = <Type extends keyof Bodies>(party: string, type: Type, body: Bodies[Type]) =>
      lives.get(party)!.ports.ledger.append(type, body);
    const contributors = parties.filter((party) => party !== room);
    for (const party of contributors)
      await say(party, 'dataset.published', { dataset: 'crm', name: 'crm', description });
    await say(parties[0]!, 'agreement.proposed', {
      agreement,
      parties: [...parties],
      datasets: contributors.map((owner) => ({ owner, dataset: 'crm' })),
      ...(room === undefined ? { operation: 'match' } : { operation: 'room', room }),
      usesMax: 1,
      expiresAt: '2100-01-01T00:00:00Z',
    });
    for (const party of parties.slice(1)) await say(party, 'agreement.signed', { agreement });
    await say(parties[0]!, 'job.started', { job, agreement });
    for (const { ports } of lives.values()) await ports.ledger.sync();
    for (const party of parties) made.kill(party);
    return made;
  }

  /** Begins a life of a party's process; the one before ends as with {@link kill}. */
  async boot(party: string): Promise<PartyLife> {
    this.kill(party);
    const life = mortal();
    const links = this.#links.node(party);
    const { ledger } = await this.#ledger(party, links, life.die);
    const stopping = new AbortController();
    const work = await openWorkFolder(this.folderOf(party));
    return {
      ports: {
        organisation: party,
        keyPair: keysOf(party),
        ledger: life.bind(ledger),
        calls: life.bind(new JobCalls(links, { timeoutMs: 500 })),
        // A wait between two looks is short here.
        clock: { ...systemClock, after: (delayMs, action) => systemClock.after(delayMs / 50, action) },
        silenceMs: this.#silenceMs,
      },
      links: life.bind(links),
      work: life.bind(work),
      signal: stopping.signal,
      stop: () => stopping.abort(),
    };
  }

  /** As `kill -9`: whatever the party's job waits for never comes, and it writes nothing any more. */
  kill(organisation: string): void {
    const process = this.#alive.get(organisation);
    this.#alive.delete(organisation);
    process?.die();
    this.#links.kill(organisation);
    void process?.ledger.close();
  }

  /** The office's node comes back; a party's begins with {@link boot}. */
  async restartOffice(): Promise<void> {
    await this.#ledger(operator, this.#links.node(operator));
  }

  folderOf(party: string): string {
    return join(this.#folder, party);
  }

  /** What the office's ledger says of the job. */
  get state() {
    return this.#alive.get(operator)!.ledger.state.job(job)!;
  }

  async close(): Promise<void> {
    for (const organisation of [...this.#alive.keys()]) this.kill(organisation);
    await this.#links.close();
  }

  async #ledger(organisation: string, links: Links, die = () => {}) {
    const store = this.#stores.get(organisation) ?? new MemoryLedgerStore();
    this.#stores.set(organisation, store);
    const ledger = await NetworkLedger.open({
      log: { network, operator, operatorKey: keysOf(operator).publicKey },
      organisation,
      keyPair: keysOf(organisation),
      store,
      links,
      clock: systemClock,
      pollMs: 20,
      gossipMs: 60_000,
    });
    const alive = { ledger, die };
    this.#alive.set(organisation, alive);
    if (organisation !== operator) await ledger.sync().catch(() => {});
    return alive;
  }
}
