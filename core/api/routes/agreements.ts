import { z } from 'zod';
import { code, count, digest, line, organisation, page, pageOf, reference, time, words } from '../fields.ts';
import { everyone } from '../role.ts';
import type { Route } from '../route.ts';
import { roomRules } from './room-rules.ts';

/** Who learns what, with sizes: one list of statements for each party, as all of them sign it. */
export const disclosure = z
  .strictObject({
    digest,
    parties: z.array(
      z.strictObject({
        organisation,
        learns: z.array(z.strictObject({ code, words, atMost: count.optional() })),
      }),
    ),
    /** What crosses the wire; `bytesAbout` of one run, at the published sizes. */
    flows: z.array(
      z.strictObject({
        from: organisation,
        to: organisation,
        code,
        words,
        /** Whether whoever receives it can read it as it is. */
        readable: z.boolean(),
        bytesAbout: count.optional(),
      }),
    ),
    assumptions: z.array(words),
    words,
  })
  .meta({ id: 'Disclosure' });

/** What a run will take: estimates from the published sizes and this machine's measured rates. */
export const plan = z
  .strictObject({
    protocol: z.string(),
    kernel: z.string(),
    rounds: z.array(
      z.strictObject({
        key: z.string(),
        /** Own columns, of several tables `table.column`; left out where this side brings none, as the keeper of a room. */
        mine: z.string().optional(),
        /** Those of all others together. */
        theirs: z.string(),
        form: z.string(),
      }),
    ),
    /** Of all own lists, and of those of all others together. */
    rowsAbout: z.strictObject({ mine: count, theirs: count }),
    secondsAbout: z.number().min(0),
    bytesAbout: count,
    /** What the estimate rests on. */
    words,
    /** Other protocols that could run these terms, the fastest first; each only where an agreement names it. */
    alternatives: z.array(
      z.strictObject({ protocol: z.string(), secondsAbout: z.number().min(0), bytesAbout: count, words }),
    ),
  })
  .meta({ id: 'Plan' });

/** One rule that a policy evaluated; `organisation` says whose. */
export const finding = z
  .strictObject({
    rule: code,
    organisation,
    outcome: z.enum(['allowed', 'warned', 'refused']),
    words,
    /** Of the rule `privacy-budget`, in millionths of ρ: what is spent or granted, what this takes, and what there is in all. */
    budget: z.strictObject({ partner: organisation, committed: count, added: count, most: count }).optional(),
  })
  .meta({ id: 'Finding' });

/** The terms as all parties sign them; their canonical JSON hashes to the agreement’s id. */
export const terms = z
  .looseObject({
    operation: z.string(),
    purpose: z.string(),
    parties: z.array(organisation).min(2),
    expiresAt: time.optional(),
  })
  .meta({ id: 'Terms' });

/** `draft` waits for this organisation’s own approver (four eyes) before the partner sees it. */
export const agreementStatus = z.enum(['draft', 'proposed', 'active', 'rejected', 'revoked', 'expired', 'exhausted']);

export const agreement = z
  .strictObject({
    id: digest,
    status: agreementStatus,
    operation: z.string(),
    purpose: z.string(),
    proposedBy: organisation,
    parties: z.array(z.strictObject({ organisation, signed: z.boolean() })),
    usesMax: count,
    usesLeft: count,
    createdAt: time,
    expiresAt: time,
  })
  .meta({ id: 'Agreement' });

const agreementDetail = agreement
  .extend({
    terms,
    disclosure,
    plan: plan.optional(),
    findings: z.array(finding),
    proposedByUser: z.string().optional(),
    decidedByUser: z.string().optional(),
    /** Why parties signed, rejected or ended it, where they said so; `user` of this organisation alone. */
    reasons: z.array(
      z.strictObject({
        organisation,
        decision: z.enum(['approved', 'rejected', 'revoked']),
        reason: line(500),
        user: z.string().optional(),
        at: time,
      }),
    ),
  })
  .meta({ id: 'AgreementDetail' });

/** `unknown`: it could not be asked, or did not say. */
const partnerVerdicts = z
  .strictObject({
    organisation,
    /** One for each of its rules; `words` of what it does not allow, where that tells nothing about others. */
    verdicts: z
      .array(z.strictObject({ rule: code, outcome: z.enum(['allowed', 'warned', 'refused']), words: words.optional() }))
      .optional(),
    unknown: z.enum(['unreachable', 'not-told']).optional(),
  })
  .meta({ id: 'PartnerVerdicts' });

const proposed = z.strictObject({
  agreement: digest,
  status: agreementStatus,
  disclosure,
  plan,
  findings: z.array(finding),
});

const params = z.strictObject({ agreement: reference });
/** Why somebody signed, rejected or ended an agreement. */
export const reasonText = line(500);
const reason = z.strictObject({ reason: reasonText.optional() });

/** What every proposal says, whatever is to run. */
const proposal = {
  /** All that it may be used for. */
  purpose: line(500),
  uses: z.number().int().min(1).max(10_000).default(1),
  /** If left out: a delivery’s as its match, and no later; else in 30 days, of a room in 7, of PAIR in 29, of OPJA in 90. */
  expiresAt: time.optional(),
  /** Answers with the disclosure, the plan and the findings, and proposes nothing. */
  dryRun: z.boolean().default(false),
};

/** A dataset of one's own and a partner's. */
const twoLists = { with: organisation, mine: reference, theirs: reference };

/** Of distinct identifiers; the proposer's setting, if left out. */
const minimumListRows = z.number().int().min(1).max(1_000_000_000).optional();

/** Why terms are not proposed. */
const refusals = ['no-network', 'policy-denied', 'profiles-differ', 'terms-refused'] as const;

export const agreementRoutes = {
  'agreement.proposeMatch': {
    method: 'POST',
    path: '/v1/agreements/match',
    summary: 'Proposes a match to a partner; answers with the disclosure and the plan',
    roles: ['analyst'],
    body: z.strictObject({
      ...twoLists,
      keys: z.array(line(200)).min(1).max(20),
      receiver: z.enum(['me', 'them', 'both', 'none']),
      ...proposal,
      /** `psi/ecdh` if left out. */
      protocol: z.enum(['psi/ecdh', 'psi/vole', 'psi/oprf']).optional(),
      /** psi/vole's form that sends a third less. */
      traffic: z.literal('low').optional(),
      /** Neither side runs on a slower kernel. */
      kernelAtLeast: z.enum(['wasm', 'portable', 'avx2', 'ifma']).optional(),
      minimumListRows,
      minimumGroupRows: z.number().int().min(1).max(1_000_000).optional(),
    }),
    response: proposed,
    errors: [...refusals, 'partner-unreachable', 'native-library-missing'],
  },
  'agreement.proposeInsight': {
    method: 'POST',
    path: '/v1/agreements/insight',
    summary: 'Proposes figures about shared people, by segments of one side; answers with the disclosure and the plan',
    roles: ['analyst'],
    body: z.strictObject({
      ...twoLists,
      /** A kind of identifier, or an own column. */
      key: line(200),
      /** Who learns the figures; the other side has the segments. */
      receiver: z.enum(['me', 'them']),
      tables: z
        .array(
          z.strictObject({
            segments: z
              .array(z.strictObject({ column: line(200), values: z.array(line(200)).min(1).max(255) }))
              .min(1)
              .max(2),
          }),
        )
        .max(3)
        .default([]),
      columns: z
        .array(
          z.strictObject({
            column: line(200),
            unit: line(50),
            decimals: z.number().int().min(0).max(6).default(0),
            min: z.number().int(),
            max: z.number().int(),
            squares: z.boolean().default(false),
          }),
        )
        .max(16)
        .default([]),
      /** Noise of ρ = 0.005 for each table and measure, behind the gate, if left out. */
      protection: z
        .discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('exact') }),
          z.strictObject({
            kind: z.literal('noise'),
            rho: z.number().int().min(1).max(1_000_000),
            gate: z.boolean(),
          }),
        ])
        .default({ kind: 'noise', rho: 5000, gate: true }),
      ...proposal,
      minimumListRows,
      minimumGroupRows: z.number().int().min(1).max(1000).optional(),
    }),
    response: proposed,
    errors: [...refusals, 'partner-unreachable', 'native-library-missing'],
  },
  'agreement.proposeRoom': {
    method: 'POST',
    path: '/v1/agreements/room',
    summary: 'Proposes a room to all who take part in it; answers with the disclosure and the plan',
    roles: ['analyst'],
    body: z.strictObject({
      /** Whose node keeps it. */
      room: organisation,
      contributors: z
        .array(
          z.strictObject({
            organisation,
            dataset: reference,
            /** What it is called in questions. */
            table: line(128),
            /** Which column of the dataset each column of the table is. */
            columns: z
              .array(
                z.strictObject({
                  column: line(200),
                  name: line(128),
                  /** Of a place, whose latitude `column` has: the column of longitudes. */
                  longitude: line(200).optional(),
                }),
              )
              .min(1)
              .max(200),
          }),
        )
        .min(2)
        .max(15),
      /** Kinds of identifiers, in the order in which rows are put together. */
      keys: z.array(line(200)).min(1).max(8),
      receivers: z.array(organisation).min(1).max(15),
      /** What questions are for, as the rules of columns name it. */
      questionPurpose: organisation,
      /** What may be asked of each column: zone and tables, as the query policy has them. */
      rules: roomRules,
      /** Who may be given which of its own rows are in an audience, and what for. */
      activation: z
        .strictObject({
          receiver: organisation,
          purpose: organisation,
          minimumPersons: z.number().int().min(2).max(1_000_000).default(1000),
          audiencesMax: z.number().int().min(1).max(64).default(5),
        })
        .optional(),
      /** What all answers about one owner's people may tell, in millionths of ρ. */
      budgetRho: z.number().int().min(1).max(10_000_000).default(250_000),
      exactGuard: z.enum(['pairs', 'strict']).default('strict'),
      keyHolders: z.array(organisation).min(1).max(15).optional(),
      ...proposal,
      minimumListRows,
    }),
    response: proposed,
    errors: refusals,
  },
  'agreement.proposeDelivery': {
    method: 'POST',
    path: '/v1/agreements/delivery',
    summary:
      'Proposes that one side gives the other columns of rows that a match has found; answers with the disclosure and the plan',
    roles: ['analyst'],
    body: z.strictObject({
      /** The match: finished, with rows for both sides. */
      job: reference,
      from: z.enum(['me', 'them']),
      /** Of the dataset that was matched. */
      columns: z.array(line(200)).min(1).max(50),
      ...proposal,
    }),
    response: proposed,
    errors: ['no-network', 'policy-denied', 'terms-refused'],
  },
  'agreement.proposeActivation': {
    method: 'POST',
    path: '/v1/agreements/activation',
    summary:
      'Proposes ids (IAB PAIR) or sealed labels (OPJA) by which shared people are recognised in bid requests; answers with the disclosure and the plan',
    roles: ['analyst'],
    body: z.strictObject({
      ...twoLists,
      /** A kind of identifier, or an own column. */
      key: line(200),
      /** Who advertises; the other side publishes. */
      advertiser: z.enum(['me', 'them']),
      form: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('pair') }),
        z.strictObject({
          kind: z.literal('opja'),
          /** The domain under which the advertiser’s node publishes its keys, and that of whoever opens the labels. */
          system: line(253),
          receiver: line(253),
        }),
      ]),
      ...proposal,
      minimumListRows,
      minimumGroupRows: z.number().int().min(1).max(1_000_000).optional(),
    }),
    response: proposed,
    errors: refusals,
  },
  'agreement.list': {
    method: 'GET',
    path: '/v1/agreements',
    summary: 'Agreements that this organisation is a party of, newest first',
    roles: everyone,
    query: z.strictObject({ ...page, status: agreementStatus.optional() }),
    response: pageOf(agreement),
  },
  'agreement.show': {
    method: 'GET',
    path: '/v1/agreements/{agreement}',
    summary: 'Terms, disclosure in words, plan, policy findings and signatures',
    roles: everyone,
    params,
    response: agreementDetail,
  },
  'agreement.verdicts': {
    method: 'GET',
    path: '/v1/agreements/{agreement}/verdicts',
    summary: 'What the rules of the other parties say of a proposal of this organisation, asked of their nodes now',
    roles: everyone,
    params,
    response: z.strictObject({ items: z.array(partnerVerdicts) }),
  },
  'agreement.approve': {
    method: 'POST',
    path: '/v1/agreements/{agreement}/approval',
    summary: 'Signs for this organisation, with the disclosure that was shown',
    roles: ['approver'],
    params,
    body: z.strictObject({
      /** The digest of the disclosure that the person read; a different one is refused. */
      disclosure: digest,
      reason: line(500).optional(),
    }),
    response: agreementDetail,
    errors: ['conflict', 'four-eyes', 'policy-denied', 'disclosure-differs', 'native-library-missing'],
  },
  'agreement.reject': {
    method: 'POST',
    path: '/v1/agreements/{agreement}/rejection',
    summary: 'Refuses a proposal; the parties are told the reason',
    roles: ['approver'],
    params,
    body: reason,
    response: agreementDetail,
    errors: ['conflict'],
  },
  'agreement.revoke': {
    method: 'POST',
    path: '/v1/agreements/{agreement}/revocation',
    summary: 'Ends an agreement; no further run starts under it, and the parties are told the reason',
    roles: ['approver'],
    params,
    body: reason,
    response: agreementDetail,
    errors: ['conflict'],
  },
} as const satisfies Record<string, Route>;
