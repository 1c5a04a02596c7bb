/**
 * One loading of a room at a contributor: its rows get their pseudonyms with the help of the others, and go to the room, sealed. It answers the others'
 * lists meanwhile. Every stage leaves its result in the work folder, so a job goes on after a crash at any point.
 */
import {
  contributorOf,
  keyIdOf,
  layoutOf,
  manifestDigest,
  outcomeDigest,
  outcomeOf,
  type RoomContributor,
  type RoomManifest,
  roomParties,
  serversOf,
} from '@causeway/core/applications/room';
import { base64ToBytes, bytesToHex, hexToBytes, type RowSorter } from '@causeway/core/bytes';
import type { Kernel } from '@causeway/core/group';
import type { Bodies } from '@causeway/core/ledger';
import type { RunBinding } from '@causeway/core/protocols';
import { runId } from '@causeway/core/protocols/join-spine';
import type { RandomSource } from '@causeway/core/random';
import type { Links } from '../../link/index.ts';
import { JobFailure, JobLife, type JobLifePorts, workLost } from '../life/index.ts';
import type { KeySet } from '../match/key-set.ts';
import { exchangeAsServer, type ServedList, SpineList, servedList } from '../spine/index.ts';
import type { WorkFolder } from '../work/index.ts';
import { type RoomReport, type RoomResult, type RoomRun, together, untilOpened, untilUploaded } from './room-run.ts';
import { sealUpload } from './sealing.ts';
import { sendUpload } from './upload.ts';

/** What a job needs of the node that runs it. */
export interface ContributePorts extends JobLifePorts {
  readonly links: Links;
  readonly kernel: Kernel;
  readonly sorter: RowSorter;
  readonly random: RandomSource;
  /** Rows of the own dataset. */
  readonly rowCount: (run: RoomRun) => Promise<number>;
  /** Brings the match keys of one kind of identifier into the work folder. @returns how many rows have one. */
  readonly keys: (
    request: RoomRun & {
      readonly work: WorkFolder;
      readonly round: number;
      readonly files: { keys: string; rows: string };
    },
  ) => Promise<number>;
  /** @throws {PolicyDenied} when the own rules forbid it; called before anything is sent. */
  readonly admit: (run: RoomRun) => Promise<void>;
  /** What answers may tell of the own people, as the terms grant it: what the ledger does not say yet. */
  readonly budgetsToGrant: (run: RoomRun) => readonly Bodies['budget.granted'][];
  /** Packs the own rows. @returns how many there are. */
  readonly encode: (
    request: RoomRun & { readonly work: WorkFolder; readonly pseudonyms: readonly string[]; readonly to: string },
  ) => Promise<number>;
  /** Keeps what evidence needs, once and durably. @returns the digest for the ledger. */
  readonly release: (result: RoomResult) => Promise<string>;
  readonly report: (report: RoomReport) => void;
  /** Rows in a message; the protocol's own, unless a test makes many messages of a short list. */
  readonly batchRows?: number;
}

type Exchanges = RoomManifest['exchanges'];

const manifestFile = 'manifest';
const [rowsFile, sealedFile] = ['upload.rows', 'upload.sealed'];
/** In the work folder once the room has all of the upload. */
const uploadedFile = 'uploaded';

export class ContributeJob {
  readonly #run: RoomRun;
  readonly #ports: ContributePorts;
  readonly #work: WorkFolder;
  readonly #life: JobLife;
  readonly #own: RoomContributor;
  readonly #others: readonly string[];
  readonly #keys = new Map<number, Promise<Uint8Array>>();

  constructor(run: RoomRun, ports: ContributePorts, work: WorkFolder, signal: AbortSignal) {
    const { organisation } = ports;
    const own = contributorOf(run.terms, organisation);
    if (!own) throw new RangeError(`${organisation} contributes nothing to this room`);
    this.#run = run;
    this.#ports = ports;
    this.#work = work;
    this.#own = own;
    this.#others = run.terms.contributors.map((one) => one.organisation).filter((one) => one !== organisation);
    const peers = roomParties(run.terms).filter((party) => party !== organisation);
    this.#life = new JobLife({ job: run.job, peers }, ports, work, signal);
  }

  /** Runs the job to its end. @throws what {@link JobLife.run} does. */
  run(): Promise<RoomResult> {
    return this.#life.run<RoomResult>({
      compute: () => this.#compute(),
      outcome: ({ outcome }) => outcomeDigest(outcome),
      release: (result) => this.#ports.release(result),
      onStage: (stage) => this.#report(stage),
    });
  }

  async #compute(): Promise<RoomResult> {
    const { organisation } = this.#ports;
    const { terms } = this.#run;
    const key = base64ToBytes(await this.#join());
    const served = new Map<string, ServedList>();
    await this.#life.exchanging();
    const tasks = terms.rounds.flatMap((_, round) =>
      terms.keyHolders.includes(organisation)
        ? this.#others.map((client) => (signal: AbortSignal) => this.#answer(round, client, served, signal))
        : [],
    );
    const route = await together(this.#life, (signal) => this.#pseudonymise(signal), tasks);
    const manifest = await this.#seal(key, route, served);
    await this.#upload(manifest);
    const room = await untilUploaded(this.#waiting);
    const uploaded = room.uploads.find((upload) => upload.organisation === organisation);
    if (uploaded?.manifest !== manifestDigest(manifest))
      throw new JobFailure('transcript', 'the ledger names another upload than this node has sealed');
    return { ...this.#run, outcome: outcomeOf(this.#run, room) };
  }

  /** Waits for the room's key and says that it was seen. @returns the key, Base64. */
  async #join(): Promise<string> {
    const { job } = this.#run;
    const { organisation } = this.#ports;
    this.#report('join');
    return this.#life.stage(async () => {
      const { key, joined } = await untilOpened(this.#waiting);
      if (joined.includes(organisation)) return key;
      await this.#ports.admit(this.#run);
      for (const grant of this.#ports.budgetsToGrant(this.#run))
        await this.#life.say('budget.granted', grant, ['budget-period', 'budget-not-renewable']);
      await this.#life.say('room.joined', { room: job, key }, ['already-reported']);
      return key;
    });
  }

  /** The own lists past all servers, one kind of identifier after the other. */
  async #pseudonymise(signal: AbortSignal): Promise<{ exchanges: Exchanges; pseudonyms: string[] }> {
    const { terms } = this.#run;
    const rowCount = await this.#ports.rowCount(this.#run);
    const exchanges: Exchanges = [];
    const pseudonyms: string[] = [];
    for (const [round, { form }] of terms.rounds.entries()) {
      const list = await this.#list(round);
      const step = <T>(stage: string, work: () => Promise<T>) => {
        signal.throwIfAborted();
        this.#report(`${stage} ${form}`);
        return this.#life.stage(work);
      };
      const set = await step('prepare', () => this.#prepare(list, round));
      await step('commit', () => list.blind(set, signal));
      for (const [at, server] of serversOf(terms, this.#ports.organisation).entries()) {
        const visit = await step(
          'exchange',
          async () => (await list.visited(at)) ?? (await this.#visit(list, set, { at, server, round }, signal)),
        );
        const client = this.#ports.organisation;
        exchanges.push({ form, client, server, root: visit.root, transcript: visit.transcript });
      }
      pseudonyms.push(await step('pseudonyms', () => list.pseudonyms(set, rowCount, signal)));
    }
    return { exchanges, pseudonyms };
  }

  async #prepare(list: SpineList, round: number): Promise<KeySet> {
    const request = { ...this.#run, work: this.#work, round, files: list.keyFiles };
    const set = (await list.prepared()) ?? (await list.prepare(await this.#ports.keys(request)));
    const { minimumListRows } = this.#run.terms.limits;
    const { form } = this.#run.terms.rounds[round]!;
    const name = `the list of ${this.#own.organisation} for ${form}`;
    if (set.keyCount < minimumListRows) {
      throw new JobFailure(
        'list-below-minimum',
        `${name} has fewer distinct identifiers than the minimum of ${minimumListRows} agreed; bring a larger list, or agree on a lower minimum`,
      );
    }
    if (set.keyCount > this.#own.rowsMax) {
      throw new JobFailure(
        'list-over-limit',
        `${name} has more distinct identifiers than the ${this.#own.rowsMax} agreed; propose the room again`,
      );
    }
    return set;
  }

  #visit(
    list: SpineList,
    set: KeySet,
    { at, server, round }: { readonly at: number; readonly server: string; readonly round: number },
    signal: AbortSignal,
  ) {
    const attempt = async () => {
      const link = await this.#ports.links.to(server, { signal, timeoutMs: this.#ports.silenceMs });
      const channel = link.channel(this.#channelName(round, this.#ports.organisation));
      try {
        return await list.visit(set, at, channel, { signal, opening: 'speak' });
      } finally {
        channel.close();
      }
    };
    return this.#life.persist(server, attempt, signal);
  }

  /** Answers the list of another contributor, until it has ended and for as long as this job lasts. */
  async #answer(round: number, client: string, served: Map<string, ServedList>, signal: AbortSignal): Promise<void> {
    const key = await this.#key(round);
    const attempt = async (until: AbortSignal) => {
      const link = await this.#ports.links.to(client, { signal: until, timeoutMs: this.#ports.silenceMs });
      const channel = link.channel(this.#channelName(round, client));
      try {
        return await exchangeAsServer(this.#served(round, client, key), channel, until);
      } finally {
        channel.close();
      }
    };
    const ended = await servedList(this.#work, servedName(round, client));
    served.set(`${round} ${client}`, ended ?? (await this.#life.persist(client, () => attempt(signal), signal)));
    this.#life.serve(() => attempt(this.#life.end));
  }

  #served(round: number, client: string, key: Uint8Array): Parameters<typeof exchangeAsServer>[0] {
    const { kernel, organisation, silenceMs, batchRows } = this.#ports;
    const { terms, agreement } = this.#run;
    return {
      work: this.#work,
      kernel,
      name: servedName(round, client),
      party: {
        run: runId(this.#binding(round), { client, server: organisation }),
        plan: hexToBytes(agreement),
        kernel: kernel.name,
        clientCount: { min: terms.limits.minimumListRows, max: contributorOf(terms, client)!.rowsMax },
        ...(batchRows === undefined ? {} : { batchRows }),
      },
      key,
      silenceMs,
      onHeard: () => this.#life.heard(),
    };
  }

  /** Packs and seals the rows, once: what is sent again is byte for byte the same. */
  async #seal(
    key: Uint8Array,
    { exchanges, pseudonyms }: { readonly exchanges: Exchanges; readonly pseudonyms: readonly string[] },
    served: ReadonlyMap<string, ServedList>,
  ): Promise<RoomManifest> {
    const { job, agreement, terms } = this.#run;
    const { organisation, random } = this.#ports;
    const work = this.#work;
    this.#report('encode');
    const kept = await work.readSmall(manifestFile);
    if (kept) return JSON.parse(Buffer.from(kept).toString()) as RoomManifest;
    const rows = await this.#life.stage(() => this.#ports.encode({ ...this.#run, work, pseudonyms, to: rowsFile }));
    if (rows > this.#own.rowsMax) {
      throw new JobFailure(
        'list-over-limit',
        `${organisation} has more rows than the ${this.#own.rowsMax} agreed; propose the room again`,
      );
    }
    this.#report('seal');
    return this.#life.stage(async () => {
      const answered = terms.rounds.flatMap(({ form }, round) =>
        this.#others.flatMap((client) => {
          const list = served.get(`${round} ${client}`);
          if (!list) return [];
          return [
            {
              form,
              client,
              server: organisation,
              root: bytesToHex(list.root),
              transcript: bytesToHex(list.transcript),
            },
          ];
        }),
      );
      const manifest = await sealUpload({
        work,
        files: { rows: rowsFile, sealed: sealedFile },
        layout: layoutOf(terms, organisation),
        about: {
          version: 1,
          upload: bytesToHex(random.bytes(16)),
          room: job,
          agreement,
          contributor: organisation,
          table: this.#own.table,
          keyId: keyIdOf(key),
          exchanges: [...exchanges, ...answered],
        },
        recipient: key,
        rows,
        random,
        onProgress: (progress) => this.#report('seal', progress),
      });
      await work.writeSmall(manifestFile, Buffer.from(JSON.stringify(manifest)));
      await work.remove(rowsFile);
      return manifest;
    });
  }

  async #upload(manifest: RoomManifest): Promise<void> {
    const { job, terms } = this.#run;
    const { organisation, silenceMs } = this.#ports;
    const signal = this.#life.stop;
    this.#report('upload');
    await this.#life.stage(async () => {
      if (await this.#work.readSmall(uploadedFile)) return;
      if (this.#life.isFinished) throw workLost();
      await this.#life.say('room.uploaded', { room: job, manifest: manifestDigest(manifest) }, ['already-reported']);
      await this.#life.persist(terms.room, async () => {
        const link = await this.#ports.links.to(terms.room, { signal, timeoutMs: silenceMs });
        const channel = link.channel(`upload/${job}/${organisation}`);
        const onProgress = (progress: { done: number; total: number }) => {
          this.#life.heard();
          this.#report('upload', progress);
        };
        const options = {
          work: this.#work,
          sealed: sealedFile,
          layout: layoutOf(terms, organisation),
          silenceMs,
          onProgress,
        };
        try {
          await sendUpload(options, manifest, channel, signal);
        } finally {
          channel.close();
        }
      });
      await this.#work.writeSmall(uploadedFile, new Uint8Array(1));
    });
  }

  async #list(round: number): Promise<SpineList> {
    const { kernel, sorter, random, organisation, silenceMs, batchRows } = this.#ports;
    const { terms, agreement } = this.#run;
    const holdsKey = terms.keyHolders.includes(organisation);
    return new SpineList({
      work: this.#work,
      kernel,
      sorter,
      random,
      index: round,
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

  #channelName(round: number, client: string): string {
    return `spine/${this.#run.job}/${round}/${client}`;
  }

  get #waiting() {
    return { run: this.#run, ledger: this.#ports.ledger, life: this.#life };
  }

  #stage = 'join';
  #report(stage?: string, { done, total }: { done: number; total: number } = { done: 0, total: 1 }): void {
    this.#stage = stage ?? this.#stage;
    this.#ports.report({ stage: this.#stage, done, total });
  }
}

function servedName(round: number, client: string): string {
  return `served-${round}-${client}`;
}
