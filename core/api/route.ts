import type { z } from 'zod';
import type { Role } from './role.ts';

/**
 * One route of a node's local API, as data. Server, OpenAPI document, SDK and the test of roles are all made from it.
 * - `path` is an RFC 6570 level-1 template; each `{name}` is a field of `params`.
 * - `params`, `query` and `body` are strict objects whose field names are disjoint: the SDK takes them as one object.
 * - `response` is the body of a 200, or what each server-sent event carries when `stream` is `'sse'`; a `file` has a body of its own.
 * - `roles`: a user needs one of them; `'public'` needs no user.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: `/v1/${string}`;
  readonly summary: string;
  readonly roles: readonly Role[] | 'public';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** The body is bytes, at most so many, as `application/octet-stream`: the field `bytes` of a client's input. It stands in the place of `body`. */
  readonly bytes?: { readonly max: number };
  readonly response: z.ZodType;
  /** The response is a stream of events of this schema; each event has a `sequence` that grows, for `Last-Event-ID`. */
  readonly stream?: 'sse';
  /** The response is meant to be kept as a file: the server names it and asks the browser to save it. */
  readonly download?: true;
  /** The response is no JSON but a file of this media type, as long as it may be: a `FileBody`, for handlers and clients. */
  readonly file?: { readonly type: string };
  /** The codes that this route answers with beside those of every route. */
  readonly errors?: readonly string[];
}

type ParsedOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : Record<never, never>;
/** An empty body adds nothing: zod types it `Record<string, never>`, which would forbid every field that it is joined with. */
type SentOf<Schema> = Schema extends z.ZodType
  ? string extends keyof z.input<Schema>
    ? Record<never, never>
    : z.input<Schema>
  : Record<never, never>;
type Field<R, Name extends string> = R extends { readonly [K in Name]: infer Schema } ? Schema : undefined;

export type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

type BytesOf<R extends Route> = R extends { readonly bytes: object }
  ? { readonly bytes: Uint8Array }
  : Record<never, never>;

/** What a handler of the route is given: checked, with defaults filled in. */
export interface HandlerInput<R extends Route> {
  readonly params: DeepReadonly<ParsedOf<Field<R, 'params'>>>;
  readonly query: DeepReadonly<ParsedOf<Field<R, 'query'>>>;
  readonly body: DeepReadonly<ParsedOf<Field<R, 'body'>>> & BytesOf<R>;
}

/** What a client sends: parameters, query and body in one object. */
export type ClientInput<R extends Route> = DeepReadonly<
  SentOf<Field<R, 'params'>> & SentOf<Field<R, 'query'>> & SentOf<Field<R, 'body'>>
> &
  BytesOf<R>;

/** A file on its way. */
export interface FileBody {
  /** Under which it is saved. */
  readonly name: string;
  readonly bytes: number;
  readonly content: AsyncIterable<Uint8Array>;
}

/** What comes back, or what each event carries. */
export type ResponseBody<R extends Route> = R extends { readonly file: object }
  ? FileBody
  : DeepReadonly<z.output<R['response']>>;

export type IsStream<R extends Route> = R extends { readonly stream: 'sse' } ? true : false;
