import { z } from 'zod';
import { count, digest, id, nothing, organisation, page, pageOf, reference, share, time, words } from '../fields.ts';
import { problem } from '../problem.ts';
import { everyone } from '../role.ts';
import type { Route } from '../route.ts';

export const jobStatus = z.enum(['queued', 'running', 'interrupted', 'cancelling', 'finished', 'failed', 'cancelled']);

/**
 * What this organisation may know of a match. A figure that the agreement does not allow, or that is under the minimum
 * group, is absent and named in `hidden`. `matchRate` is in whole percent, masked as `>85 %` above that.
 */
export const matchCounts = z
  .strictObject({
    rows: count,
    distinct: count,
    partnerRows: count.optional(),
    matched: count.optional(),
    matchRate: z.string().optional(),
    byKey: z.array(
      z.strictObject({ key: z.string(), rows: count, matched: count.optional(), share: share.optional() }),
    ),
    hidden: z.array(z.strictObject({ figure: z.string(), reason: z.string() })),
  })
  .meta({ id: 'MatchCounts' });

/**
 * What this organisation may know of an insight. The side that receives has figures; what was held back is absent, and told in words. The
 * other side has how many figures were below the minimum.
 */
export const insightFigures = z
  .strictObject({
    rows: count,
    partnerRows: count,
    figures: z
      .array(
        z.strictObject({
          values: z.record(z.string(), z.string()),
          people: z.number().optional(),
          sums: z.array(
            z.strictObject({
              column: z.string(),
              unit: z.string(),
              sum: z.number().optional(),
              mean: z.number().optional(),
              variance: z.number().optional(),
            }),
          ),
        }),
      )
      .optional(),
    sigma: z.number().optional(),
    matchedAbout: count.optional(),
    words: z.array(words).optional(),
    belowMinimum: count.optional(),
  })
  .meta({ id: 'InsightFigures' });

const stage = z
  .strictObject({
    name: z.string(),
    status: z.enum(['waiting', 'running', 'done', 'failed']),
    progress: share,
    startedAt: time.optional(),
    finishedAt: time.optional(),
    /** Of messages and calls to partners in this attempt, before what the wire adds. */
    sentBytes: count.optional(),
    receivedBytes: count.optional(),
  })
  .meta({ id: 'Stage' });

export const job = z
  .strictObject({
    id,
    agreement: digest,
    operation: z.string(),
    partners: z.array(organisation),
    startedBy: z.string(),
    status: jobStatus,
    stage: z.string(),
    stages: z.array(stage),
    progress: share,
    ratePerSecond: z.number().min(0).optional(),
    etaSeconds: z.number().min(0).optional(),
    attempt: count,
    kernel: z.string().optional(),
    counts: matchCounts.optional(),
    insight: insightFigures.optional(),
    audience: id.optional(),
    outcome: digest.optional(),
    error: problem.optional(),
    createdAt: time,
    startedAt: time.optional(),
    finishedAt: time.optional(),
  })
  .meta({ id: 'Job' });

/** A job as lists have it, however long: without stages, and of what it told only the kind and how many matched. `job.show` has the rest. */
export const listedJob = job
  .omit({ stages: true, ratePerSecond: true, kernel: true, counts: true, insight: true, outcome: true })
  .extend({
    /** `match`: it has counts for this side; `segments`: figures by segment; `activation`: ids or labels, and counts. */
    told: z.enum(['match', 'segments', 'activation']).optional(),
    matched: count.optional(),
  })
  .meta({ id: 'ListedJob' });

/** The whole job each time it changes: a lost event loses nothing. The stream ends after the job has. */
export const jobEvent = z.strictObject({ sequence: count, at: time, job }).meta({ id: 'JobEvent' });

/**
 * How far a partner is, by its own word and its own clock, without what it counts. `unknown`: it could not be asked, or it knows nothing of the job.
 */
export const partnerStages = z
  .strictObject({
    organisation,
    status: jobStatus.optional(),
    attempt: count.optional(),
    stages: z.array(stage.omit({ sentBytes: true, receivedBytes: true })).optional(),
    unknown: z.enum(['unreachable', 'not-told']).optional(),
  })
  .meta({ id: 'PartnerStages' });

/** The signed evidence of a run; its own format is described with the ledger. */
export const evidence = z.looseObject({ format: z.string() }).meta({ id: 'Evidence' });

const params = z.strictObject({ job: reference });

export const jobRoutes = {
  'job.run': {
    method: 'POST',
    path: '/v1/jobs',
    summary: 'Starts a run of an agreement',
    roles: ['analyst'],
    body: z.strictObject({
      agreement: reference,
      /** Chosen by the caller: the same id again answers with the same job and starts nothing. */
      job: id.optional(),
    }),
    response: z.strictObject({ job: id }),
    errors: ['conflict', 'policy-denied', 'not-active', 'partner-unreachable'],
  },
  'job.list': {
    method: 'GET',
    path: '/v1/jobs',
    summary: 'Jobs in short, newest first',
    roles: everyone,
    query: z.strictObject({ ...page, agreement: reference.optional(), status: jobStatus.optional() }),
    response: pageOf(listedJob),
  },
  'job.show': {
    method: 'GET',
    path: '/v1/jobs/{job}',
    summary: 'One job: stages, progress, rate, estimate, counts allowed to this side, error with the partner’s cause',
    roles: everyone,
    params,
    response: job,
  },
  'job.events': {
    method: 'GET',
    path: '/v1/jobs/{job}/events',
    summary: 'The job each time it changes, until it has ended',
    roles: everyone,
    params,
    response: jobEvent,
    stream: 'sse',
  },
  'job.partners': {
    method: 'GET',
    path: '/v1/jobs/{job}/partners',
    summary: 'How far each partner is with the job, asked of its node now',
    roles: everyone,
    params,
    response: z.strictObject({ items: z.array(partnerStages) }),
  },
  'job.cancel': {
    method: 'POST',
    path: '/v1/jobs/{job}/cancellation',
    summary: 'Stops the job on both sides and erases its temporary data',
    roles: ['admin', 'analyst'],
    params,
    body: nothing,
    response: job,
    errors: ['conflict'],
  },
  'job.resume': {
    method: 'POST',
    path: '/v1/jobs/{job}/resumption',
    summary: 'Goes on with an interrupted job from its last checkpoint',
    roles: ['admin', 'analyst'],
    params,
    body: nothing,
    response: job,
    errors: ['conflict', 'partner-unreachable'],
  },
  'evidence.export': {
    method: 'GET',
    path: '/v1/jobs/{job}/evidence',
    summary: 'What went in, what ran, what came out, signed by all parties, with the ledger’s proofs',
    roles: everyone,
    params,
    response: evidence,
    download: true,
    errors: ['conflict'],
  },
} as const satisfies Record<string, Route>;
