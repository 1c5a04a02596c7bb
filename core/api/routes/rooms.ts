import { z } from 'zod';
import { count, digest, line, nothing, organisation, reference, time, words } from '../fields.ts';
import { everyone } from '../role.ts';
import type { Route } from '../route.ts';
import { audience } from './audiences.ts';

/** `closing`: its agreement has ended, and its keeper is erasing it. */
export const roomStatus = z.enum(['loading', 'answering', 'closing', 'closed']);

export const room = z
  .strictObject({
    /** Id of the job that loads it. */
    id: z.string(),
    agreement: digest,
    keeper: organisation,
    status: roomStatus,
    contributors: z.array(
      z.strictObject({
        organisation,
        joined: z.boolean(),
        /** SHA-256 of the manifest of its upload. */
        manifest: digest.optional(),
        /** What it said of the deletion. */
        acknowledged: z.enum(['seen', 'objects']).optional(),
      }),
    ),
    receivers: z.array(organisation),
    /** Questions that were answered. */
    answers: count,
    /** Audiences that were given. */
    audiences: count,
    deletedAt: time.optional(),
  })
  .meta({ id: 'Room' });

const value = z.union([z.string(), z.number(), z.null()]);

/** Figures as they were released. `halfWidth`: half the 95 % interval that the noise makes. */
export const roomAnswer = z
  .strictObject({
    columns: z.array(
      z.strictObject({ name: z.string(), kind: z.enum(['label', 'figure']), halfWidth: z.number().nullable() }),
    ),
    rows: z.array(z.array(value)),
    /** Groups of which nothing is shown. */
    hidden: z.strictObject({ groups: count, words, values: z.array(value) }).nullable(),
    shares: z.array(
      z.strictObject({
        kind: z.enum(['clipped', 'cut']),
        outputs: z.array(z.string()),
        share: z.number().nullable(),
      }),
    ),
    isExact: z.boolean(),
  })
  .meta({ id: 'RoomAnswer' });

/** A report: its sentences, and what its application brings beside them. */
const roomReport = z.looseObject({ words: z.array(words) }).meta({ id: 'RoomReport' });

/** A request of `core/applications/request`, whose schema names every field of every application: it is strict there, at the keeper. */
const reportRequest = z.strictObject({ request: z.unknown() });

const given = {
  /** As the ledger names it. */
  question: digest,
  /** SHA-256 over `salt` and the canonical JSON of `numbers`: as the ledger has it. */
  result: digest,
  salt: digest,
  numbers: z.unknown(),
  /** `known`: answered before, and free. */
  state: z.enum(['answered', 'known']),
  /** What it cost, in millionths of ρ. */
  rho: count,
};

/** What is told of an audience: digests as they stand on the ledger, the rule, what the estimate told. */
const selected = { selection: digest, result: digest, rule: words, size: z.array(words) };

const params = z.strictObject({ room: reference });
const question = z.strictObject({ statement: z.string().min(1).max(16_384) });

export const roomRoutes = {
  'room.list': {
    method: 'GET',
    path: '/v1/rooms',
    summary: 'Rooms that this organisation keeps or contributes to',
    roles: everyone,
    response: z.strictObject({ items: z.array(room) }),
  },
  'room.show': {
    method: 'GET',
    path: '/v1/rooms/{room}',
    summary: 'One room: who joined, what was uploaded, whether it answers, whether it is erased',
    roles: everyone,
    params,
    response: room,
  },
  'room.preview': {
    method: 'POST',
    path: '/v1/rooms/{room}/preview',
    summary: 'What a question would cost and give; reads no data',
    roles: ['analyst'],
    params,
    body: question,
    response: z.looseObject({ rho: count }),
    errors: ['room-closed', 'not-a-receiver', 'partner-unreachable'],
  },
  'room.ask': {
    method: 'POST',
    path: '/v1/rooms/{room}/questions',
    summary: 'Asks a question in SQL, which the rules of all columns are held against',
    roles: ['analyst'],
    params,
    body: question,
    response: z.strictObject({ ...given, answer: roomAnswer }),
    errors: ['room-closed', 'not-a-receiver', 'partner-unreachable'],
  },
  'room.previewReport': {
    method: 'POST',
    path: '/v1/rooms/{room}/report-preview',
    summary: 'What a report would cost and give; reads no data',
    roles: ['analyst'],
    params,
    body: reportRequest,
    response: z.looseObject({ rho: count }),
    errors: ['room-closed', 'not-a-receiver', 'partner-unreachable'],
  },
  'room.report': {
    method: 'POST',
    path: '/v1/rooms/{room}/reports',
    summary: 'Makes a report of an application, which the rules of all columns are held against',
    roles: ['analyst'],
    params,
    body: reportRequest,
    response: z.strictObject({ ...given, report: roomReport }),
    errors: ['room-closed', 'not-a-receiver', 'partner-unreachable'],
  },
  'room.select': {
    method: 'POST',
    path: '/v1/rooms/{room}/audiences',
    summary: 'Makes an audience of own rows by a rule over the columns of all, for the one whom the agreement names',
    roles: ['analyst'],
    params,
    body: z.strictObject({
      /** Of `select` or `retarget`, as for a report: it is estimated first, on the budget. */
      request: reportRequest.shape.request,
      /** What it is called here. */
      name: line(200).optional(),
    }),
    response: z.strictObject({ audience, ...selected }),
    errors: ['room-closed', 'not-a-receiver', 'partner-unreachable', 'conflict'],
  },
  'room.audiences': {
    method: 'GET',
    path: '/v1/rooms/{room}/audiences',
    summary: 'Audiences that were given of a room: the rule, and the number that its estimate told',
    roles: everyone,
    params,
    response: z.strictObject({
      items: z.array(z.strictObject({ ...selected, receiver: organisation, at: time })),
    }),
    errors: ['room-closed', 'partner-unreachable'],
  },
  'room.answers': {
    method: 'GET',
    path: '/v1/rooms/{room}/answers',
    summary: 'Answers that this node was given, oldest first; withdrawn where the agreement was revoked since',
    roles: everyone,
    params,
    response: z.strictObject({
      withdrawn: z.boolean(),
      items: z.array(
        z.strictObject({
          question: digest,
          statement: z.string(),
          at: time,
          rho: count,
          answer: z.union([roomAnswer, roomReport]),
        }),
      ),
    }),
  },
  'room.close': {
    method: 'POST',
    path: '/v1/rooms/{room}/closing',
    summary: 'Ends the agreement of a room: it answers nothing more, and its keeper erases it',
    roles: ['approver'],
    params,
    body: nothing,
    response: room,
    errors: ['conflict'],
  },
} as const satisfies Record<string, Route>;
