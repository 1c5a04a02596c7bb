/** Failures as one kind of document, and as what a person reads. */
import type { Problem } from '@causeway/core/api';
import { visible } from './show/text.ts';
import type { Words } from './words/index.ts';

/** Why a command could not be carried out on this side of the API. */
export type CommandErrorCode =
  /** the command line does not parse */
  | 'usage'
  /** something must be decided and there is no terminal to ask at; the remedy names the option */
  | 'needs-option'
  /** the person said no */
  | 'declined'
  /** there is no node in the home folder */
  | 'no-home'
  | 'broken-home'
  /** the node no longer tells about what was followed */
  | 'lost'
  /** a node runs in this home already */
  | 'running'
  /** the node ended, or did not answer, while it was being started or stopped */
  | 'node-failed'
  | 'unknown-column'
  | 'not-found'
  /** a file that the command itself reads or writes */
  | 'file'
  /** a check was made and found something wrong */
  | 'check-failed'
  /** what the node agreed to is not what was shown before */
  | 'disclosure-differs'
  | 'interrupted';

/** The message says what happened and to what; `remedy` what to do next. Neither holds an identifier or a secret. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: CommandErrorCode;
  readonly remedy: string | undefined;

  constructor(code: CommandErrorCode, message: string, remedy?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.remedy = remedy;
  }
}

/** What the process ends with. Only 0 is a success. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof CommandError)) return exitCodes.failed;
  if (error.code === 'usage' || error.code === 'needs-option') return exitCodes.usage;
  return error.code === 'interrupted' ? exitCodes.interrupted : exitCodes.failed;
}

/**
 * The problem document of any failure: the node’s own where it answered with one, else one of the same shape with
 * status 0, which no HTTP answer has.
 * @param address of the node’s API, where the command called it.
 */
export function problemOf(error: unknown, words: Words, address = ''): Problem {
  // By shape, so that `--help` and a usage error load neither the client nor the route table.
  if (error instanceof Error && error.name === 'ApiError' && 'problem' in error) {
    const problem = error.problem as Problem;
    // The two that the client raises itself, without an answer of the node.
    const own = { unreachable: words.connection.silent, 'not-causeway': words.connection.foreign }[problem.code];
    return own === undefined ? problem : { ...problem, detail: own.detail(address), remedy: own.remedy };
  }
  if (error instanceof CommandError) {
    return {
      type: `urn:causeway:problem:${error.code}`,
      title: words.problem.titles[error.code],
      status: 0,
      code: error.code,
      detail: error.message,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    };
  }
  return {
    type: `urn:causeway:problem:${codeOf(error)}`,
    title: words.problem.unexpected,
    status: 0,
    ...ownError(error),
  };
}

/** What happened and to what, the field, the partner’s cause, what to do; one line each. */
export function problemLines(problem: Problem, words: Words): string[] {
  const { labels } = words.problem;
  const cause = problem.cause;
  const pairs: readonly (readonly [string, string | undefined])[] = [
    [words.problem.error, problem.detail === '' ? problem.title : problem.detail],
    [labels.field, problem.pointer],
    [labels.partner, cause?.organisation === undefined ? problem.partner : undefined],
    [
      cause === undefined ? '' : labels.cause(cause.organisation ?? problem.partner),
      cause && `${cause.detail} (${cause.code})`,
    ],
    [labels.remedy, problem.remedy],
    [labels.job, problem.job],
    [labels.request, problem.status >= 500 ? problem.requestId : undefined],
  ];
  return pairs.flatMap(([label, value]) =>
    value === undefined ? [] : [`${visible(label)}${words.colon}${visible(value)}`],
  );
}

/** Errors of the server’s areas, met by the commands that run it in this process: code, remedy, and the partner’s cause. */
function ownError(error: unknown): Pick<Problem, 'code' | 'detail' | 'remedy' | 'cause'> {
  const code = codeOf(error);
  if (!(error instanceof Error)) return { code, detail: String(error) };
  const { message: detail, remedy, peer, cause } = error as Error & { remedy?: unknown; peer?: unknown };
  const partner = failure(peer) ?? (cause instanceof Error ? undefined : failure(cause));
  return {
    code,
    detail,
    ...(typeof remedy === 'string' ? { remedy } : {}),
    ...(partner === undefined ? {} : { cause: partner }),
  };
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  const slug = typeof code === 'string' ? code.toLowerCase().replaceAll('_', '-') : '';
  return /^[a-z][a-z0-9-]{0,63}$/.test(slug) ? slug : 'internal';
}

/** What a partner said of its failure: data, not an error of ours. */
function failure(value: unknown): Problem['cause'] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, detail } = value as { code?: unknown; detail?: unknown };
  return typeof code === 'string' && typeof detail === 'string' ? { code: codeOf(value), detail } : undefined;
}
