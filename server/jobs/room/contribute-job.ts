/**
 * One loading of a room at a contributor: the rows of its tables get their pseudonyms with the help of the others, and go to the room, sealed. It answers the
 * others' lists meanwhile. Every stage leaves its result in the work folder, so a job goes on after a crash at any point.
 */
import {
  contributionsOf,
  keyIdOf,
  layoutOf,
  manifestDigest,
  outcomeDigest,
  outcomeOf,
  type PlacedContribution,
  type RoomManifest,
  roomParties,
  type TableManifest,
} from '@causeway/core/applications/room';
import { base64ToBytes, bytesToHex, type RowSorter } from '@causeway/core/bytes';
import type { Kernel } from '@causeway/core/group';
import type { Bodies } from '@causeway/core/ledger';
import type { RandomSource } from '@causeway/core/random';
import type { Links } from '../../link/index.ts';
import { JobFailure, JobLife, type JobLifePorts, workLost } from '../life/index.ts';
import type { WorkFolder } from '../work/index.ts';
import { type Pseudonymised, PseudonymRoute } from './pseudonym-route.ts';
import { type RoomReport, type RoomResult, type RoomRun, untilOpened, untilUploaded } from './room-run.ts';
import { sealTable } from './sealing.ts';
import { sendUpload, uploadChannel } from './upload.ts';

/** One table that this node brings. */
export interface OwnTable extends RoomRun {
  readonly of: PlacedContribution;
}

/** What a job needs of the node that runs it. */
export interface ContributePorts extends JobLifePorts {
  readonly links: Links;
  readonly kernel: Kernel;
  readonly sorter: RowSorter;
  readonly random: RandomSource;
  /** Rows of the own dataset. */
  readonly rowCount: (table: OwnTable) => Promise<number>;
  /** Brings the match keys of one kind of identifier into the work folder. @returns how many rows have one. */
  readonly keys: (
    request: OwnTable & {
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
    request: OwnTable & { readonly work: WorkFolder; readonly pseudonyms: readonly string[]; readonly to: string },
  ) => Promise<number>;
  /** Keeps what evidence needs, once and durably. @returns the digest for the ledger. */
  readonly release: (result: RoomResult) => Promise<string>;
  readonly report: (report: RoomReport) => void;
  /** Rows in a message; the protocol's own, unless a test makes many messages of a short list. */
  readonly batchRows?: number;
}

const manifestFile = 'manifest';
/** In the work folder once the room has all of the upload. */
const uploadedFile = 'uploaded';

export class ContributeJob {
  readonly #run: RoomRun;
  readonly #ports: ContributePorts;
  readonly #work: WorkFolder;
  readonly #life: JobLife;
  readonly #own: readonly PlacedContribution[];

  constructor(run: RoomRun, ports: ContributePorts, work: WorkFolder, signal: AbortSignal) {
    const { organisation } = ports;
    const own = contributionsOf(run.terms, organisation);
    if (own.length === 0) throw new RangeError(`${organisation} contributes nothing to this room`);
    this.#run = run;
    this.#ports = ports;
    this.#work = work;
    this.#own = own;
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
    const key = base64ToBytes(await this.#join());
    await this.#life.exchanging();
    const route = new PseudonymRoute({
      run: this.#run,
      ports: this.#ports,
      work: this.#work,
      life: this.#life,
      report: (...of) => this.#report(...of),
    });
    const manifest = await this.#seal(key, await route.run());
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

  /** Packs and seals the rows of all tables, once: what is sent again is byte for byte the same. */
  async #seal(key: Uint8Array, { exchanges, pseudonyms }: Pseudonymised): Promise<RoomManifest> {
    const { job, agreement } = this.#run;
    const { organisation, random } = this.#ports;
    const work = this.#work;
    this.#report('encode');
    const kept = await work.readSmall(manifestFile);
    if (kept) return JSON.parse(Buffer.from(kept).toString()) as RoomManifest;
    const rows = new Map<number, number>();
    for (const own of this.#own) rows.set(own.place, await this.#encode(own, pseudonyms.get(own.place)!));
    this.#report('seal');
    return this.#life.stage(async () => {
      const about: Omit<RoomManifest, 'tables'> = {
        version: 1,
        upload: bytesToHex(random.bytes(16)),
        room: job,
        agreement,
        contributor: organisation,
        keyId: keyIdOf(key),
        exchanges: [...exchanges],
      };
      const tables: TableManifest[] = [];
      for (const own of this.#own) tables.push(await this.#sealTable(own, { about, key, rows: rows.get(own.place)! }));
      const manifest = { ...about, tables };
      await work.writeSmall(manifestFile, Buffer.from(JSON.stringify(manifest)));
      for (const own of this.#own) await work.remove(filesOf(own).rows);
      return manifest;
    });
  }

  async #encode(own: PlacedContribution, pseudonyms: readonly string[]): Promise<number> {
    const request = { ...this.#run, of: own, work: this.#work, pseudonyms, to: filesOf(own).rows };
    const rows = await this.#life.stage(() => this.#ports.encode(request));
    if (rows <= own.rowsMax) return rows;
    throw new JobFailure(
      'list-over-limit',
      `the table ${own.table} of ${own.organisation} has more rows than the ${own.rowsMax} agreed; propose the room again`,
    );
  }

  #sealTable(
    own: PlacedContribution,
    of: { readonly about: Omit<RoomManifest, 'tables'>; readonly key: Uint8Array; readonly rows: number },
  ): Promise<TableManifest> {
    return sealTable({
      work: this.#work,
      files: filesOf(own),
      layout: layoutOf(this.#run.terms, own.table),
      about: of.about,
      recipient: of.key,
      rows: of.rows,
      random: this.#ports.random,
      onProgress: (progress) => this.#report('seal', progress),
    });
  }

  async #upload(manifest: RoomManifest): Promise<void> {
    const { job } = this.#run;
    this.#report('upload');
    await this.#life.stage(async () => {
      if (await this.#work.readSmall(uploadedFile)) return;
      if (this.#life.isFinished) throw workLost();
      await this.#life.say('room.uploaded', { room: job, manifest: manifestDigest(manifest) }, ['already-reported']);
      for (const own of this.#own) await this.#uploadTable(own, manifest);
      await this.#work.writeSmall(uploadedFile, new Uint8Array(1));
    });
  }

  async #uploadTable(own: PlacedContribution, manifest: RoomManifest): Promise<void> {
    const { job, terms } = this.#run;
    const { links, silenceMs } = this.#ports;
    const signal = this.#life.stop;
    await this.#life.persist(terms.room, async () => {
      const link = await links.to(terms.room, { signal, timeoutMs: silenceMs });
      const channel = link.channel(uploadChannel(job, own.place));
      const onProgress = (progress: { done: number; total: number }) => {
        this.#life.heard();
        this.#report('upload', progress);
      };
      const { sealed } = filesOf(own);
      const options = { work: this.#work, sealed, layout: layoutOf(terms, own.table), silenceMs, onProgress };
      try {
        await sendUpload(options, manifest, channel, signal);
      } finally {
        channel.close();
      }
    });
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

/** Names in the work folder: packed rows, and what is sent of them. */
function filesOf({ place }: PlacedContribution): { readonly rows: string; readonly sealed: string } {
  return { rows: `upload-${place}.rows`, sealed: `upload-${place}.sealed` };
}
