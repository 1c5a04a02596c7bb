import { z } from 'zod';
import { code, organisation } from './fields.ts';

/** The peer's failure behind ours, as far as the peer chose to say it. */
const cause = z.strictObject({ code, detail: z.string(), organisation: organisation.optional() });

/**
 * What went wrong (RFC 9457 problem document, `application/problem+json`): `detail` says what happened and to what,
 * `remedy` what to do next, `pointer` which field of the request (RFC 6901), `cause` what the partner's node said.
 * `code` is stable and is what programs compare; `type` is `urn:causeway:problem:` and the code.
 */
export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code,
    detail: z.string(),
    remedy: z.string().optional(),
    pointer: z.string().optional(),
    partner: organisation.optional(),
    cause: cause.optional(),
    job: z.string().optional(),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem>;

/** The problems that the HTTP surface itself raises; the domain adds its own codes. */
export const httpProblems = {
  'malformed-json': { status: 400, title: 'The body is not strict JSON' },
  'invalid-request': { status: 400, title: 'A field is not as it must be' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  'bad-credentials': { status: 401, title: 'User name or password is wrong' },
  forbidden: { status: 403, title: 'Your roles do not allow this' },
  csrf: { status: 403, title: 'The request does not come from the console' },
  'wrong-host': { status: 421, title: 'The request names a host that this node does not serve' },
  'not-found': { status: 404, title: 'There is nothing here for you' },
  conflict: { status: 409, title: 'It was changed or taken meanwhile' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be application/json' },
  'too-many-attempts': { status: 429, title: 'Too many attempts' },
  'too-many-requests': { status: 429, title: 'Too many requests at once' },
  internal: { status: 500, title: 'The node failed' },
  unavailable: { status: 503, title: 'The node cannot do this now' },
} as const;
export type HttpProblemCode = keyof typeof httpProblems;
