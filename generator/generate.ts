/**
 * Makes the files of two organisations about synthetic people, and the truth beside them. Memory does not grow with the number of people:
 * every value is a function of the seed and an index, and is computed again wherever it is needed.
 */
import { access, mkdir, open, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { campaigns } from './campaign.ts';
import { GeneratorError } from './errors.ts';
import type { Expected } from './expectation.ts';
import { writeCrm } from './files/crm.ts';
import {
  diskError,
  type FileReport,
  partialName,
  publish,
  removePartial,
  type WriteSettings,
} from './files/csv-file.ts';
import { writeEvents } from './files/events.ts';
import { writeOrders } from './files/orders.ts';
import { type GroupCounts, writeTruth } from './files/truth.ts';
import { writeUsers } from './files/users.ts';
import { type GenerateOptions, type Plan, planOf } from './options.ts';
import { populationOf } from './population.ts';
import { rates } from './rates.ts';

/** What `truth.json` holds. */
export interface Truth {
  readonly notice: string;
  readonly options: Pick<Plan, 'people' | 'seed' | 'mediaShare' | 'overlapShare' | 'userIds' | 'crmEncoding'>;
  readonly sizes: Pick<Plan, 'customers' | 'users' | 'overlap' | 'bots'>;
  readonly files: readonly FileReport[];
  /** Rules of `Expected`: exact counts that a match of crm.csv with users.csv must give. */
  readonly expected: Expected;
  readonly campaign: {
    readonly name: string;
    /** First and last second, Beijing time. */
    readonly window: { readonly from: string; readonly to: string };
    /** True chances of a purchase in the window, in basis points, and what they come to. */
    readonly bought: { readonly unexposed: number; readonly exposed: number };
    readonly relativeLiftPercent: number;
    /** What was drawn: customers by group, and those of them who bought. `holdout` was kept out at random. */
    readonly groups: GroupCounts;
  };
  /** Rows by automatic visitors, before repeated rows; their user ids are not in users.csv. */
  readonly invalidTraffic: { readonly bots: number; readonly exposures: number; readonly clicks: number };
  readonly rates: typeof rates;
}

export interface GenerateReport {
  readonly folder: string;
  readonly files: readonly FileReport[];
  readonly truth: Truth;
}

export const notice = 'synthetic data: no real person';

/** Every file that a run leaves in its folder. */
export const fileNames = [
  'crm.csv',
  'orders.csv',
  'users.csv',
  'exposures.csv',
  'clicks.csv',
  'truth.csv',
  'truth.json',
  'SYNTHETIC.txt',
] as const;

/** Disk space that a person takes over all files, in bytes, with digests and without. */
export const bytesPerPerson = { plain: 420, hashed: 500 } as const;

/**
 * Writes {@link fileNames} into `options.out`; they appear under their names when all are complete.
 * @returns sizes, digests and the truth that is in `truth.json` too.
 * @throws {RangeError} for an option out of range; {GeneratorError} `file-exists`, `disk-full` or `not-writable`; the signal's reason when aborted.
 */
export async function generate(options: GenerateOptions): Promise<GenerateReport> {
  const plan = planOf(options);
  const folder = options.out;
  await prepare(folder, plan, options.overwrite ?? false);
  const settings: WriteSettings = {
    folder,
    ...(options.onProgress && { onProgress: options.onProgress }),
    ...(options.signal && { signal: options.signal }),
  };
  try {
    const population = populationOf(plan);
    const crm = await writeCrm(population, settings);
    const orders = await writeOrders(population, settings);
    const users = await writeUsers(population, settings);
    const events = await writeEvents(population, settings);
    const { file, expected, groups } = await writeTruth(population, settings);
    const files = [crm, orders, users, events.exposures, events.clicks, file];
    const truth: Truth = {
      notice,
      options: {
        people: plan.people,
        seed: plan.seed,
        mediaShare: plan.mediaShare,
        overlapShare: plan.overlapShare,
        userIds: plan.userIds,
        crmEncoding: plan.crmEncoding,
      },
      sizes: { customers: plan.customers, users: plan.users, overlap: plan.overlap, bots: plan.bots },
      files,
      expected,
      campaign: {
        name: campaigns[0],
        window: { from: '2025-06-01 00:00:00', to: '2025-06-30 23:59:59' },
        bought: { unexposed: rates.campaign.boughtUnexposed, exposed: rates.campaign.boughtExposed },
        relativeLiftPercent:
          (100 * (rates.campaign.boughtExposed - rates.campaign.boughtUnexposed)) / rates.campaign.boughtUnexposed,
        groups,
      },
      invalidTraffic: { bots: plan.bots, exposures: events.botExposures, clicks: events.botClicks },
      rates,
    };
    await writeText(folder, 'truth.json', `${JSON.stringify(truth, null, 2)}\n`);
    await writeText(folder, 'SYNTHETIC.txt', syntheticText(plan));
    await publish(folder, fileNames);
    return { folder, files, truth };
  } catch (error) {
    await removePartial(folder, fileNames);
    throw error;
  }
}

async function prepare(folder: string, plan: Plan, overwrite: boolean): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw diskError(cause, folder);
  }
  for (const name of overwrite ? [] : fileNames) {
    const path = join(folder, name);
    if (await exists(path)) {
      throw new GeneratorError(
        'file-exists',
        `${path} is there already; choose another folder, or say that it may be replaced`,
      );
    }
  }
  const { bavail, bsize } = await statfs(folder);
  requireSpace(folder, plan, bavail * bsize);
}

/** @throws {GeneratorError} `disk-full` where the files would not fit. */
export function requireSpace(folder: string, plan: Pick<Plan, 'people' | 'userIds'>, freeBytes: number): void {
  const needed = plan.people * (plan.userIds === 'plain' ? bytesPerPerson.plain : bytesPerPerson.hashed);
  if (freeBytes >= needed) return;
  throw new GeneratorError(
    'disk-full',
    `${folder}: about ${mebibytes(needed)} MiB are needed and ${mebibytes(freeBytes)} MiB are free; nothing was written`,
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

async function writeText(folder: string, name: string, text: string): Promise<void> {
  const path = join(folder, partialName(name));
  try {
    const handle = await open(path, 'w');
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw diskError(cause, path);
  }
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}

function syntheticText(plan: Plan): string {
  return `${notice}

Every row of every file in this folder was made by a random generator (seed ${plan.seed}, ${plan.people} people).
Phone numbers, e-mail addresses and device identifiers are random values in the formats of real ones; where one equals a real one, that is chance.
Do not call, write to or advertise to any of them. Every CSV ends with a column "synthetic" that is always 1.

crm.csv, orders.csv                     an advertiser's customers and their orders (time: Beijing time; amounts in cents)
users.csv, exposures.csv, clicks.csv    a media's users, what they were shown and clicked (time: Unix seconds; costs in millionths of a yuan)
truth.csv, truth.json                   who is who, and what a right match and a right measurement find

本目录中的全部数据均为随机合成，不对应任何真实个人。请勿拨打其中的号码，也勿向其中的地址发送信息。
`;
}
