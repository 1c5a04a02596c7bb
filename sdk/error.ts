import type { Problem } from '@causeway/core/api';

/** The node said no, or could not be asked. `problem` is what it said; `code` is what programs compare. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.remedy === undefined ? problem.detail : `${problem.detail}; ${problem.remedy}`, options);
    this.problem = problem;
  }

  /** A code of the node, or `unreachable`, `not-causeway`. */
  get code(): string {
    return this.problem.code;
  }

  /** The HTTP status; 0 where no answer came. */
  get status(): number {
    return this.problem.status;
  }
}

/** The answer’s problem document, or one that says what came instead. */
export async function errorFrom(response: Response): Promise<ApiError> {
  const type = mediaType(response);
  if (type === 'application/problem+json') {
    const problem: unknown = await response.json().catch(() => undefined);
    if (isProblem(problem)) return new ApiError(problem);
  }
  return notCauseway(response);
}

/** A proxy, or another program, answered. */
export function notCauseway(response: Response): ApiError {
  const type = mediaType(response);
  return new ApiError({
    type: 'urn:causeway:problem:not-causeway',
    title: 'Something else answered',
    status: response.status,
    code: 'not-causeway',
    detail: `the reply is not from Causeway (${type === '' ? 'no content type' : type.slice(0, 100)}, status ${response.status})`,
    remedy: 'check the address, and whether a proxy stands in between',
  });
}

export function unreachable(cause: unknown): ApiError {
  return new ApiError(
    {
      type: 'urn:causeway:problem:unreachable',
      title: 'The node does not answer',
      status: 0,
      code: 'unreachable',
      detail: 'the node does not answer',
      remedy: 'start it with `causeway up`, or check the address',
    },
    { cause },
  );
}

export function mediaType(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  const { status, code, detail } = value as { status?: unknown; code?: unknown; detail?: unknown };
  return typeof status === 'number' && typeof code === 'string' && typeof detail === 'string';
}
