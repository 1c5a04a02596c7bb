/**
 * The way of a contributor's identifiers to their pseudonyms: each of its tables, for each kind of identifier, is a list of its own that visits every holder of a
 * key; and the lists of all others are answered meanwhile. One key for a kind of identifier answers all lists, so that what is equal stays equal.
 */
import {
  type PlacedContribution,
  type RoomManifest,
  type RoomTerms,
  serversOf,
} from '@causeway/core/applications/room';
import { bytesToHex, hexToBytes } from '@causeway/core/bytes';
import type { RunBinding } from '@causeway/core/protocols';
import { runId } from '@causeway/core/protocols/join-spine';
import { JobFailure, type JobLife } from '../life/index.ts';
import type { KeySet } from '../match/key-set.ts';
import { exchangeAsServer, type ServedList, SpineList, servedList } from '../spine/index.ts';
import type { WorkFolder } from '../work/index.ts';
import type { ContributePorts } from './contribute-job.ts';
import { type RoomRun, together } from './room-run.ts';

export type Exchanges = RoomManifest['exchanges'];

/** What came of it: both ends of every exchange that this contributor took part in, and the files with the pseudonyms of each table. */
export interface Pseudonymised {
  readonly exchanges: Exchanges;
  /** By the place of the table in the terms, in the order of the kinds of identifiers. */
  readonly pseudonyms: ReadonlyMap<number, readonly string[]>;
}

interface Progress {
  readonly done: number;
  readonly total: number;
}

export class PseudonymRoute {
  readonly #run: RoomRun;
  readonly #ports: ContributePorts;
  readonly #work: WorkFolder;
  readonly #life: JobLife;
  readonly #own: readonly PlacedContribution[];
  readonly #others: readonly PlacedContribution[];
  readonly #report: (stage?: string, progress?: Progress) => void;
  readonly #keys = new Map<number, Promise<Uint8Array>>();
  readonly #exchanges: Exchanges[number][] = [];

  constructor(of: {
    readonly run: RoomRun;
    readonly ports: ContributePorts;
    readonly work: WorkFolder;
    readonly life: JobLife;
    /** Told of each stage, and how far it has come. */
    readonly report: (stage?: string, progress?: Progress) => void;
  }) {
    const { run, ports, work, life, report } = of;
    const all = run.terms.contributors.map((contribution, place) => ({ ...contribution, place }));
    this.#run = run;
    this.#ports = ports;
    this.#work = work;
    this.#life = life;
    this.#own = all.filter(({ organisation }) => organisation === ports.organisation);
    this.#others = all.filter(({ organisation }) => organisation !== ports.organisation);
    this.#report = report;
  }

  /** Until the own lists have their pseudonyms, and those of the others were answered. */
  async run(): Promise<Pseudonymised> {
    const { terms } = this.#run;
    const holdsKey = terms.keyHolders.includes(this.#ports.organisation);
    const tasks = terms.rounds.flatMap((_, round) =>
      holdsKey ? this.#others.map((client) => (signal: AbortSignal) => this.#answer(round, client, signal)) : [],
    );
    const pseudonyms = await together(this.#life, (signal) => this.#pseudonymise(signal), tasks);
    return { pseudonyms, exchanges: this.#exchanges };
  }

  /** The own lists past all servers, one after the other. */
  async #pseudonymise(signal: AbortSignal): Promise<ReadonlyMap<number, readonly string[]>> {
    const { terms } = this.#run;
    const pseudonyms = new Map<number, string[]>();
    for (const own of this.#own) {
      const files: string[] = [];
      for (const round of terms.rounds.keys()) files.push(await this.#pseudonymiseList(own, round, signal));
      pseudonyms.set(own.place, files);
    }
    return pseudonyms;
  }

  /** @returns the file with a pseudonym for each row of the table. */
  async #pseudonymiseList(own: PlacedContribution, round: number, signal: AbortSignal): Promise<string> {
    const { terms } = this.#run;
    const { organisation: client } = this.#ports;
    const { form } = terms.rounds[round]!;
    const list = await this.#list(own, round);
    const step = <T>(stage: string, work: () => Promise<T>) => {
      signal.throwIfAborted();
      this.#report(`${stage} ${listName(terms, own, form)}`);
      return this.#life.stage(work);
    };
    const set = await step('prepare', () => this.#prepare(list, own, round));
    await step('commit', () => list.blind(set, signal));
    for (const [at, server] of serversOf(terms, client).entries()) {
      const visit = await step(
        'exchange',
        async () => (await list.visited(at)) ?? (await this.#visit(list, set, { at, server, own, round }, signal)),
      );
      const { root, transcript } = visit;
      this.#exchanges.push({ form, client, table: own.table, server, root, transcript });
    }
    const rowCount = await this.#ports.rowCount({ ...this.#run, of: own });
    return step('pseudonyms', () => list.pseudonyms(set, rowCount, signal));
  }

  async #prepare(list: SpineList, own: PlacedContribution, round: number): Promise<KeySet> {
    const request = { ...this.#run, of: own, work: this.#work, round, files: list.keyFiles };
    const set = (await list.prepared()) ?? (await list.prepare(await this.#ports.keys(request)));
    const { minimumListRows } = this.#run.terms.limits;
    const { form } = this.#run.terms.rounds[round]!;
    const name = `the table ${own.table} of ${own.organisation}`;
    if (set.keyCount < minimumListRows) {
      throw new JobFailure(
        'list-below-minimum',
        `${name} has fewer distinct identifiers of the kind ${form} than the minimum of ${minimumListRows} agreed; bring a larger list, or agree on a lower minimum`,
      );
    }
    if (set.keyCount > own.rowsMax) {
      throw new JobFailure(
        'list-over-limit',
        `${name} has more distinct identifiers of the kind ${form} than the ${own.rowsMax} agreed; propose the room again`,
      );
    }
    return set;
  }

  #visit(
    list: SpineList,
    set: KeySet,
    of: { readonly at: number; readonly server: string; readonly own: PlacedContribution; readonly round: number },
    signal: AbortSignal,
  ) {
    const { at, server, own, round } = of;
    const attempt = async () => {
      const link = await this.#ports.links.to(server, { signal, timeoutMs: this.#ports.silenceMs });
      const channel = link.channel(this.#channelName(round, own));
      try {
        return await list.visit(set, at, channel, { signal, opening: 'speak' });
      } finally {
        channel.close();
      }
    };
    return this.#life.persist(server, attempt, signal);
  }

  /** Answers the list of another contributor, until it has ended and for as long as this job lasts. */
  async #answer(round: number, client: PlacedContribution, signal: AbortSignal): Promise<void> {
    const key = await this.#key(round);
    const { form } = this.#run.terms.rounds[round]!;
    const attempt = async (until: AbortSignal) => {
      const link = await this.#ports.links.to(client.organisation, {
        signal: until,
        timeoutMs: this.#ports.silenceMs,
      });
      const channel = link.channel(this.#channelName(round, client));
      try {
        return await exchangeAsServer(this.#served(round, client, key), channel, until);
      } finally {
        channel.close();
      }
    };
    const ended = await servedList(this.#work, servedName(round, client));
    const { root, transcript }: ServedList =
      ended ?? (await this.#life.persist(client.organisation, () => attempt(signal), signal));
    this.#exchanges.push({
      form,
      client: client.organisation,
      table: client.table,
      server: this.#ports.organisation,
      root: bytesToHex(root),
      transcript: bytesToHex(transcript),
    });
    this.#life.serve(() => attempt(this.#life.end));
  }

  #served(round: number, client: PlacedContribution, key: Uint8Array): Parameters<typeof exchangeAsServer>[0] {
    const { kernel, organisation: server, silenceMs, batchRows } = this.#ports;
    const { terms, agreement } = this.#run;
    return {
      work: this.#work,
      kernel,
      name: servedName(round, client),
      party: {
        run: runId(this.#binding(round), { client: client.organisation, list: client.table, server }),
        plan: hexToBytes(agreement),
        kernel: kernel.name,
        clientCount: { min: terms.limits.minimumListRows, max: client.rowsMax },
        ...(batchRows === undefined ? {} : { batchRows }),
      },
      key,
      silenceMs,
      onHeard: () => this.#life.heard(),
    };
  }

  async #list(own: PlacedContribution, round: number): Promise<SpineList> {
    const { kernel, sorter, random, organisation, silenceMs, batchRows } = this.#ports;
    const { terms, agreement } = this.#run;
    const holdsKey = terms.keyHolders.includes(organisation);
    return new SpineList({
      work: this.#work,
      kernel,
      sorter,
      random,
      index: own.place * terms.rounds.length + round,
      list: own.table,
      binding: this.#binding(round),
      plan: hexToBytes(agreement),
      organisation,
      servers: serversOf(terms, organisation),
      key: holdsKey ? await this.#key(round) : undefined,
      silenceMs,
      ...(batchRows === undefined ? {} : { batchRows }),
      onProgress: (progress) => {
        this.#life.heard();
        this.#report(undefined, progress);
      },
    });
  }

  /** The own key for one kind of identifier in this job: drawn once, whoever asks first, and erased with the work folder. */
  #key(round: number): Promise<Uint8Array> {
    const known = this.#keys.get(round) ?? this.#drawnKey(round);
    this.#keys.set(round, known);
    return known;
  }

  async #drawnKey(round: number): Promise<Uint8Array> {
    const name = `key-${round}`;
    const kept = await this.#work.readSmall(name);
    if (kept) return kept;
    const drawn = this.#ports.kernel.randomScalar(this.#ports.random);
    await this.#work.writeSmall(name, drawn);
    return drawn;
  }

  #binding(round: number): RunBinding {
    const { terms, agreement, job } = this.#run;
    return { network: terms.network, agreement, job, profile: terms.rounds[round]!.form };
  }

  #channelName(round: number, { place }: PlacedContribution): string {
    return `spine/${this.#run.job}/${round}/${place}`;
  }
}

/** What a list is called among the stages of a job: its table is named where there are several of one contributor. */
export function listName(
  terms: RoomTerms,
  { organisation, table }: { organisation: string; table: string },
  form: string,
): string {
  const isOnly = terms.contributors.filter((one) => one.organisation === organisation).length === 1;
  return isOnly ? form : `${form} ${table}`;
}

function servedName(round: number, { place }: PlacedContribution): string {
  return `served-${round}-${place}`;
}
