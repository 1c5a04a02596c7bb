import { rates } from './rates.ts';

/** How many of what are made, where, and in which form. */
export interface GenerateOptions {
  /** People in all, 1 … {@link peopleMax}. Each is in at least one of the two organisations' files. */
  readonly people: number;
  /** A non-negative safe integer. The same seed and options give the same bytes on every machine. */
  readonly seed: number;
  /** Folder for the files; made where it is missing. */
  readonly out: string;
  /** Share of the people who use the media, 0 … 1. */
  readonly mediaShare?: number;
  /** Share of the people who use the media and are the advertiser's customers too, 0 … `mediaShare`. */
  readonly overlapShare?: number;
  /** Phone and e-mail in `users.csv`: plain text, or the hexadecimal digest of the canonical text. */
  readonly userIds?: 'plain' | 'md5' | 'sha256';
  /** Encoding of `crm.csv`: UTF-8 with a byte order mark as Excel writes it, or GB18030. */
  readonly crmEncoding?: 'utf-8' | 'gb18030';
  /** Whether files of an earlier run in `out` may be replaced. */
  readonly overwrite?: boolean;
  /** Called about once per MiB written. */
  readonly onProgress?: (progress: GenerateProgress) => void;
  /** Ends the run with the signal's reason; the unfinished files are removed. */
  readonly signal?: AbortSignal;
}

export interface GenerateProgress {
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
}

/** The options with every default filled in, and the sizes that follow from them. */
export interface Plan {
  readonly people: number;
  readonly seed: number;
  readonly mediaShare: number;
  readonly overlapShare: number;
  readonly userIds: 'plain' | 'md5' | 'sha256';
  readonly crmEncoding: 'utf-8' | 'gb18030';
  /** People 0 … `customers` − 1 are the advertiser's customers. */
  readonly customers: number;
  /** People `firstUser` … `people` − 1 use the media; those below `customers` are both. */
  readonly firstUser: number;
  readonly users: number;
  readonly overlap: number;
  readonly bots: number;
}

/** Every kind of identifier has room for this many people twice over. */
export const peopleMax = 100_000_000;

/** @throws {RangeError} for an option out of its range, naming it. */
export function planOf(options: GenerateOptions): Plan {
  const { people, seed, mediaShare = 0.8, overlapShare = 0.3, userIds = 'plain', crmEncoding = 'utf-8' } = options;
  if (!Number.isInteger(people) || people < 1 || people > peopleMax) {
    throw new RangeError(`people: expected an integer from 1 to ${peopleMax}, got ${people}`);
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`seed: expected an integer from 0 to ${Number.MAX_SAFE_INTEGER}, got ${seed}`);
  }
  if (!(mediaShare >= 0 && mediaShare <= 1))
    throw new RangeError(`mediaShare: expected a number from 0 to 1, got ${mediaShare}`);
  if (!(overlapShare >= 0 && overlapShare <= mediaShare)) {
    throw new RangeError(`overlapShare: expected a number from 0 to mediaShare (${mediaShare}), got ${overlapShare}`);
  }
  if (!['plain', 'md5', 'sha256'].includes(userIds)) {
    throw new RangeError(`userIds: expected plain, md5 or sha256, got ${userIds}`);
  }
  if (!['utf-8', 'gb18030'].includes(crmEncoding)) {
    throw new RangeError(`crmEncoding: expected utf-8 or gb18030, got ${crmEncoding}`);
  }
  const users = Math.round(people * mediaShare);
  const overlap = Math.round(people * overlapShare);
  return {
    people,
    seed,
    mediaShare,
    overlapShare,
    userIds,
    crmEncoding,
    customers: people - users + overlap,
    firstUser: people - users,
    users,
    overlap,
    bots: Math.ceil((users * rates.events.bots) / 10_000),
  };
}
