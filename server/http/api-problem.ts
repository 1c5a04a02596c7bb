/** Every failure as one problem document (RFC 9457), whatever part of the node it came from. */
import { type HttpProblemCode, httpProblems, type Problem } from '@causeway/core/api';
import { JsonError } from '@causeway/core/json';
import { namedStoreError, type StoreErrorCode } from '../store/index.ts';

type Details = Partial<Pick<Problem, 'remedy' | 'pointer' | 'partner' | 'cause' | 'job'>>;

/** A failure that a handler answers with on purpose. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly details: Details;
  readonly retryAfterSeconds: number | undefined;

  /** @param problem `status` and `title` may be left out for the codes of `httpProblems`. */
  constructor(
    problem: { readonly detail: string; readonly retryAfterSeconds?: number } & Details &
      (
        | { readonly code: HttpProblemCode; readonly status?: number; readonly title?: string }
        | { readonly code: string; readonly status: number; readonly title?: string }
      ),
  ) {
    super(problem.detail);
    const { detail: _, retryAfterSeconds, code, status, title, ...details } = problem;
    const known = Object.hasOwn(httpProblems, code) ? httpProblems[code as HttpProblemCode] : undefined;
    this.code = code;
    this.status = status ?? known?.status ?? 500;
    this.title = title ?? known?.title ?? titleOf(code);
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The answer for what does not exist, and for what this user may not know exists: word for word the same. */
export function notFound(): ApiProblem {
  return new ApiProblem({
    code: 'not-found',
    detail: 'there is nothing at this address, or nothing that your roles may see',
  });
}

/**
 * What a failure becomes on the wire. An error of one of the node's areas keeps its code and its sentence, which by their
 * rule name no identifier and no secret; anything else is our own bug, and says nothing but that.
 */
export function problemFrom(error: unknown): Problem {
  const named = namedStoreError(error);
  if (named instanceof ApiProblem) {
    return document({
      ...named.details,
      status: named.status,
      code: named.code,
      title: named.title,
      detail: named.message,
    });
  }
  if (named instanceof JsonError) {
    const { code, pointer } = named;
    const status = code === 'too-large' || code === 'too-many-values' ? 413 : 400;
    const kind = status === 413 ? 'body-too-large' : 'malformed-json';
    return document({ status, code: kind, title: httpProblems[kind].title, detail: named.message, pointer });
  }
  if (named instanceof Error) {
    const area = areas[named.name];
    const { code } = named as { code?: unknown };
    if (area !== undefined && typeof code === 'string') {
      const status = area.byCode?.[code] ?? area.status;
      return document({ ...detailsOf(named), status, code, title: titleOf(code), detail: named.message });
    }
  }
  return document({
    status: 500,
    code: 'internal',
    title: httpProblems.internal.title,
    detail: 'the node failed in a way that it should not; its log has this request’s id',
    remedy: 'try again; if it happens again, report it with the lines of the log',
  });
}

interface Area {
  readonly status: number;
  readonly byCode?: Readonly<Record<string, number>>;
}

const storeStatus: Partial<Record<StoreErrorCode, number>> = {
  'not-found': 404,
  'bad-cursor': 400,
  conflict: 409,
  'stale-fence': 409,
  'disk-full': 507,
  damaged: 500,
};

/** By the name of the error class: 4xx where the caller can mend it, 502 and 504 where the partner's side failed. */
const areas: Readonly<Record<string, Area>> = {
  StoreError: { status: 503, byCode: storeStatus },
  DataError: {
    status: 422,
    byCode: {
      'disk-full': 507,
      'disk-failed': 500,
      'out-of-memory': 503,
      'too-many-open-files': 503,
      'engine-lost': 503,
      'engine-stalled': 503,
      'engine-failed': 500,
      closed: 503,
      cancelled: 409,
    },
  },
  IdentifierError: { status: 422 },
  PolicyDenied: { status: 422 },
  QueryRefused: { status: 422 },
  BudgetRefused: { status: 422 },
  ReportRefused: { status: 422 },
  RuleError: { status: 422 },
  CrawlerListError: { status: 422 },
  LedgerError: { status: 409 },
  LinkError: { status: 502, byCode: { timeout: 504 } },
  DirectError: { status: 502 },
  ProtocolError: { status: 502 },
  NodeError: {
    status: 409,
    byCode: {
      'disclosure-differs': 422,
      'profiles-differ': 422,
      'values-refused': 422,
      'terms-refused': 422,
      'four-eyes': 403,
      'bad-name': 422,
    },
  },
  BackupError: { status: 409, byCode: { 'disk-full': 507, 'file-failed': 422 } },
  JobFailure: { status: 502 },
  JobPaused: { status: 503, byCode: { 'disk-full': 507 } },
  WorkError: { status: 500, byCode: { 'disk-full': 507, 'too-many-open-files': 503 } },
};

/** What an area's error says beside code and sentence, under the names that the areas use. */
function detailsOf(error: Error): Details {
  const { remedy, partner, pointer, job, peer } = error as { [name in keyof Details | 'peer']?: unknown };
  const cause = peerFailure(peer);
  return {
    ...(typeof remedy === 'string' ? { remedy } : {}),
    ...(typeof partner === 'string' ? { partner } : {}),
    ...(typeof pointer === 'string' ? { pointer } : {}),
    ...(typeof job === 'string' ? { job } : {}),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** What the partner's node said of its own failure; an error's `cause` is ours, and stays in the log. */
function peerFailure(peer: unknown): Problem['cause'] | undefined {
  if (typeof peer !== 'object' || peer === null) return undefined;
  const { code, detail } = peer as { code?: unknown; detail?: unknown };
  // The partner's words are a stranger's: cut, and without control characters.
  if (typeof code !== 'string' || !/^[a-z][a-z0-9-]{0,63}$/.test(code) || typeof detail !== 'string') return undefined;
  return { code, detail: detail.slice(0, 500).replace(/[\p{Cc}\p{Cf}]+/gu, ' ') };
}

function document(problem: Omit<Problem, 'type'>): Problem {
  return { type: `urn:causeway:problem:${problem.code}`, ...problem };
}

function titleOf(code: string): string {
  const words = code.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
