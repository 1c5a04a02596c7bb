/**
 * One loading of a room at its keeper: it makes the key, takes in what each contributor has announced on the ledger, opens it when all is there, and
 * lets the engine make tables of it. Keys and uploads are erased before the room answers anything.
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
} from '@causeway/core/applications/room';
import { bytesToBase64 } from '@causeway/core/bytes';
import { generateKemKeyPair, type KemKeyPair } from '@causeway/core/crypto';
import { LedgerError, roomSuites } from '@causeway/core/ledger';
import { ProtocolError } from '@causeway/core/protocols';
import type { RandomSource } from '@causeway/core/random';
import { LinkError, type Links } from '../../link/index.ts';
import { JobFailure, JobLife, type JobLifePorts, JobPaused, workLost } from '../life/index.ts';
import type { WorkFolder } from '../work/index.ts';
import { type RoomReport, type RoomResult, type RoomRun, together, untilUploaded } from './room-run.ts';
import { openTable } from './sealing.ts';
import { receivedUpload, receiveUpload, uploadChannel } from './upload.ts';

/** What a job needs of the node that runs it. */
export interface KeepPorts extends JobLifePorts {
  readonly links: Links;
  readonly random: RandomSource;
  /** Name and version of the program, as the ledger has it. */
  readonly software: string;
  /** @throws {PolicyDenied} when the own rules forbid it. */
  readonly admit: (run: RoomRun) => Promise<void>;
  /** Makes the tables of the room, in the order of the terms, once and durably. @throws {DataError} `wrong-form` for rows that are not what their layout says. */
  readonly load: (request: RoomRun & { readonly uploads: readonly OpenedUpload[] }) => Promise<void>;
  /** Erases the tables of a room that was not sealed, however far they had come. */
  readonly discard: (run: RoomRun) => Promise<void>;
  /** Keeps what evidence needs, and lets the room answer; once and durably. @returns the digest for the ledger. */
  readonly release: (result: RoomResult) => Promise<string>;
  readonly report: (report: RoomReport) => void;
  /** Chunks of an upload between two points in time at which what arrived is durable. */
  readonly checkpointChunks?: number;
}

/** The rows of one table, packed, in a file. */
export interface OpenedUpload {
  readonly contributor: string;
  readonly table: string;
  readonly rows: string;
}

const keyFile = 'kem.key';
/** In the work folder once the tables stand. */
const loadedFile = 'loaded';

export class KeepJob {
  readonly #run: RoomRun;
  readonly #ports: KeepPorts;
  readonly #work: WorkFolder;
  readonly #life: JobLife;

  constructor(run: RoomRun, ports: KeepPorts, work: WorkFolder, signal: AbortSignal) {
    this.#run = run;
    this.#ports = ports;
    this.#work = work;
    const peers = roomParties(run.terms).filter((party) => party !== ports.organisation);
    this.#life = new JobLife({ job: run.job, peers }, ports, work, signal);
  }

  /** Runs the job to its end. @throws what {@link JobLife.run} does. */
  async run(): Promise<RoomResult> {
    try {
      return await this.#life.run<RoomResult>({
        compute: () => this.#compute(),
        outcome: ({ outcome }) => outcomeDigest(outcome),
        release: (result) => this.#ports.release(result),
        onStage: (stage) => this.#report(stage),
      });
    } catch (error) {
      // Of a room that has finished the tables stand, whatever became of the job's own folder.
      if (error instanceof JobFailure && !this.#life.isFinished) await this.#discard();
      throw error;
    }
  }

  /** @throws {JobPaused} where the disk keeps it from being erased: resumed, the job ends as it has, and erases again. */
  async #discard(): Promise<void> {
    try {
      await this.#ports.discard(this.#run);
    } catch (error) {
      const { code, message } = JobFailure.of(error);
      throw new JobPaused(code, message, { cause: error });
    }
  }

  async #compute(): Promise<RoomResult> {
    const { terms } = this.#run;
    const pair = await this.#open();
    await this.#life.exchanging();
    const received = new Map<string, RoomManifest>();
    this.#report('receive');
    await together(
      this.#life,
      async () => {},
      terms.contributors.map(
        (contribution, place) => (signal) => this.#receive({ ...contribution, place }, pair, received, signal),
      ),
    );
    this.#checkExchanges(received);
    await this.#load(pair, received);
    const room = await untilUploaded({ run: this.#run, ledger: this.#ports.ledger, life: this.#life });
    return { ...this.#run, outcome: outcomeOf(this.#run, room) };
  }

  /**
   * Makes the room's key, durably before it is said, and says it on the ledger.
   * @throws {JobFailure} `work-lost` when the ledger names a key that is gone.
   */
  #open(): Promise<KemKeyPair> {
    const { job } = this.#run;
    const { software, ledger } = this.#ports;
    this.#report('open');
    return this.#life.stage(async () => {
      const pair = await this.#keyPair();
      const key = bytesToBase64(pair.publicKey);
      if (ledger.state.room(job) === undefined) {
        await this.#ports.admit(this.#run);
        await this.#life.say('room.opened', { room: job, key, suite: roomSuites[0], software }, ['already-reported']);
      }
      const opened = ledger.state.room(job);
      if (opened && opened.key !== key) throw workLost();
      return pair;
    });
  }

  async #keyPair(): Promise<KemKeyPair> {
    const kept = await this.#work.readSmall(keyFile);
    if (kept) return generateKemKeyPair({ bytes: () => kept });
    const drawn = generateKemKeyPair(this.#ports.random);
    await this.#work.writeSmall(keyFile, drawn.secretKey);
    return drawn;
  }

  async #receive(
    { organisation: contributor, table, place }: PlacedContribution,
    { publicKey }: KemKeyPair,
    received: Map<string, RoomManifest>,
    signal: AbortSignal,
  ): Promise<void> {
    const { links, silenceMs, checkpointChunks } = this.#ports;
    const { job, terms } = this.#run;
    const layout = layoutOf(terms, table);
    const attempt = async (until: AbortSignal) => {
      const link = await links.to(contributor, { signal: until, timeoutMs: silenceMs });
      const channel = link.channel(uploadChannel(job, place));
      const onProgress = (progress: { done: number; total: number }) => {
        this.#life.heard();
        this.#report('receive', progress);
      };
      const options = {
        ...{ work: this.#work, sealed: sealedName(place), layout, silenceMs, onProgress },
        ...(checkpointChunks === undefined ? {} : { checkpointChunks }),
      };
      try {
        return await receiveUpload(
          options,
          (manifest) => this.#accept(contributor, manifest, publicKey),
          channel,
          until,
        );
      } finally {
        channel.close();
      }
    };
    const kept = await receivedUpload(this.#work, sealedName(place));
    received.set(contributor, kept ?? (await this.#life.persist(contributor, () => attempt(signal), signal)));
    // It may have lost the last word.
    this.#life.serve(() => attempt(this.#life.end));
  }

  /** @throws {ProtocolError} unless the manifest is the one on the ledger, and says what was agreed. @throws {LinkError} */
  async #accept(contributor: string, manifest: RoomManifest, key: Uint8Array): Promise<void> {
    const { job, agreement, terms } = this.#run;
    const agreed = contributionsOf(terms, contributor);
    const announced = () =>
      this.#ports.ledger.state.room(job)?.uploads.find(({ organisation }) => organisation === contributor)?.manifest;
    // It was said before it was sent, and may come faster.
    if (announced() === undefined) await this.#syncLedger();
    if (announced() !== manifestDigest(manifest))
      throw new ProtocolError('commitment', `the upload of ${contributor} is not the one that it named on the ledger`);
    const isOfThisRoom =
      manifest.room === job &&
      manifest.agreement === agreement &&
      manifest.contributor === contributor &&
      manifest.tables.length === agreed.length &&
      manifest.tables.every(({ table }, i) => table === agreed[i]!.table) &&
      manifest.keyId === keyIdOf(key);
    if (!isOfThisRoom) throw new ProtocolError('wrong-plan', `the upload of ${contributor} is for another room`);
    for (const [i, { table, rows }] of manifest.tables.entries()) {
      const { rowsMax } = agreed[i]!;
      if (rows <= rowsMax) continue;
      throw new ProtocolError(
        'set-size',
        `the table ${table} in the upload of ${contributor} has more rows than the ${rowsMax} agreed`,
      );
    }
  }

  /** @throws {LinkError} where the operator's node or this one's database does not answer now: the upload is then tried again. */
  async #syncLedger(): Promise<void> {
    try {
      await this.#ports.ledger.sync();
    } catch (error) {
      if (error instanceof LedgerError || error instanceof LinkError) throw error;
      throw new LinkError('unreachable', 'the ledger could not be brought up to date', { cause: error });
    }
  }

  /** Both ends of every exchange say the same of it. */
  #checkExchanges(received: ReadonlyMap<string, RoomManifest>): void {
    const { terms } = this.#run;
    const said = new Map<string, string>();
    for (const [contributor, { exchanges }] of received) {
      for (const { form, client, table, server, root, transcript } of exchanges) {
        if (contributor !== client && contributor !== server) continue;
        said.set(JSON.stringify([contributor, form, client, table, server]), `${root} ${transcript}`);
      }
    }
    for (const { form } of terms.rounds) {
      for (const { organisation: client, table } of terms.contributors) {
        for (const server of terms.keyHolders.filter((holder) => holder !== client)) {
          const [ofClient, ofServer] = [client, server].map((who) =>
            said.get(JSON.stringify([who, form, client, table, server])),
          );
          if (ofClient !== undefined && ofClient === ofServer) continue;
          throw new JobFailure('transcript', `${client} and ${server} do not say the same of their exchange`);
        }
      }
    }
  }

  /** From sealed chunks to tables. What was in between is erased as soon as they stand. */
  async #load(pair: KemKeyPair, received: ReadonlyMap<string, RoomManifest>): Promise<void> {
    const { terms } = this.#run;
    this.#report('load');
    await this.#life.stage(async () => {
      if (await this.#work.readSmall(loadedFile)) return;
      const uploads: OpenedUpload[] = [];
      for (const [place, { organisation: contributor, table }] of terms.contributors.entries()) {
        const files = { sealed: sealedName(place), rows: rowsName(place) };
        const layout = layoutOf(terms, table);
        await openTable(this.#work, files, { manifest: received.get(contributor)!, layout, recipient: pair });
        uploads.push({ contributor, table, rows: this.#work.path(files.rows) });
        this.#report('load', { done: uploads.length, total: terms.contributors.length + 1 });
      }
      await this.#ports.load({ ...this.#run, uploads });
      for (const place of uploads.keys()) await this.#work.remove(rowsName(place));
      await this.#work.writeSmall(loadedFile, new Uint8Array(1));
    });
  }

  #report(stage: string, { done, total }: { done: number; total: number } = { done: 0, total: 1 }): void {
    this.#ports.report({ stage, done, total });
  }
}

/** @param place of the table in the terms. */
function sealedName(place: number): string {
  return `${place}.sealed`;
}

function rowsName(place: number): string {
  return `${place}.rows`;
}
