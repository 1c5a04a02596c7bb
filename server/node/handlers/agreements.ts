import type { ResponseOf } from '@causeway/core/api';
import { type AgreementTerms, type Disclosure, disclose, partiesOf } from '@causeway/core/applications/agreement';
import { type DomainHandlers, notFound } from '../../http/index.ts';
import type { AgreementRow } from '../../store/index.ts';
import type { ActivateAgreements } from '../activate-agreements.ts';
import { type Agreements, termsOf } from '../agreements.ts';
import type { Decisions } from '../decisions.ts';
import type { DeliverAgreements } from '../deliver-agreements.ts';
import type { InsightAgreements } from '../insight-agreements.ts';
import type { MatchAgreements } from '../match-agreements.ts';
import type { Verdicts } from '../partner-verdicts.ts';
import type { RoomAgreements } from '../room-agreements.ts';
import { type Services, timeText } from '../services.ts';

type Names =
  `agreement.${'proposeMatch' | 'proposeInsight' | 'proposeRoom' | 'proposeDelivery' | 'proposeActivation' | 'list' | 'show' | 'verdicts' | 'approve' | 'reject' | 'revoke'}`;
type Status = ResponseOf<'agreement.list'>['items'][number]['status'];

export function agreementHandlers(
  services: Services,
  agreements: Agreements,
  { decisions, verdicts }: { readonly decisions: Decisions; readonly verdicts: Verdicts },
  kinds: {
    readonly match: MatchAgreements;
    readonly insight: InsightAgreements;
    readonly room: RoomAgreements;
    readonly deliver: DeliverAgreements;
    readonly activate: ActivateAgreements;
  },
): Pick<DomainHandlers, Names> {
  const { store, network, clock } = services;
  const find = async (reference: string) => {
    const row = await store.agreements.find(reference);
    if (!row) throw notFound();
    return row;
  };
  /** The ledger's word, and this node's own for a draft that the ledger does not know yet. */
  const statusOf = (row: AgreementRow): Status =>
    network.ledgerIfAny?.state.agreementStatus(row.id, clock.wallMs()) ?? row.status;
  const view = (row: AgreementRow) => {
    const terms = termsOf(row);
    const state = network.ledgerIfAny?.state.agreement(row.id);
    return {
      id: row.id,
      status: statusOf(row),
      operation: row.operation,
      purpose: terms.purpose,
      proposedBy: row.proposedBy,
      parties: partiesOf(terms).map((organisation) => ({
        organisation,
        signed: state?.signedBy.includes(organisation) ?? false,
      })),
      usesMax: terms.limits.usesMax,
      usesLeft: terms.limits.usesMax - (state?.usesTaken ?? 0),
      createdAt: timeText(row.createdAtMs),
      expiresAt: timeText(row.expiresAtMs),
    };
  };
  const detail = async (id: string): Promise<ResponseOf<'agreement.show'>> => {
    const row = await find(id);
    const terms = termsOf(row);
    const plan = await agreements.plan(terms);
    const reasons = await store.decisions.of(row.id);
    return {
      ...view(row),
      terms: {
        ...terms,
        parties: [...partiesOf(terms)],
        expiresAt: terms.limits.expiresAt,
      },
      disclosure: disclosureView(disclose(terms)),
      ...(plan === undefined ? {} : { plan }),
      findings: await agreements.evaluate(terms),
      ...(row.proposedByUser === null ? {} : { proposedByUser: row.proposedByUser }),
      ...(row.decidedByUser === null ? {} : { decidedByUser: row.decidedByUser }),
      reasons: reasons.flatMap(({ organisation, decision, reason, byUser, atMs }) =>
        reason === null
          ? []
          : [{ organisation, decision, reason, ...(byUser === null ? {} : { user: byUser }), at: timeText(atMs) }],
      ),
    };
  };
  const propose = async (terms: AgreementTerms, { dryRun }: { readonly dryRun: boolean }, user: string) => {
    const drafted = await agreements.draft(terms);
    const status: Status = dryRun ? 'draft' : (await agreements.propose(drafted, user)).status;
    return {
      agreement: drafted.id,
      status,
      disclosure: disclosureView(drafted.disclosure),
      plan: drafted.plan,
      findings: [...drafted.findings],
    };
  };
  /** A draft is known to nobody else: of it the ledger says nothing. */
  const end = async (agreement: string, decision: 'rejected' | 'revoked', reason: string | undefined, user: string) => {
    const row = await find(agreement);
    await decisions.keep(row, { decision, reason, user }, async () => {
      if (row.status !== 'draft') await network.ledger.append(`agreement.${decision}`, { agreement: row.id });
      await store.agreements.move(row.id, { from: [row.status], to: decision, atMs: clock.wallMs(), byUser: user });
    });
    return detail(row.id);
  };
  return {
    'agreement.proposeMatch': async ({ body }, { user }) => {
      const { plan, ...answer } = await propose(await kinds.match.terms(body), body, user.name);
      return { ...answer, plan: plan! };
    },
    'agreement.proposeInsight': async ({ body }, { user }) => {
      const { plan, ...answer } = await propose(await kinds.insight.terms(body), body, user.name);
      return { ...answer, plan: plan! };
    },
    'agreement.proposeRoom': async ({ body }, { user }) => {
      const { plan, ...answer } = await propose(await kinds.room.terms(body), body, user.name);
      return { ...answer, plan: plan! };
    },
    'agreement.proposeDelivery': async ({ body }, { user }) => {
      const { plan, ...answer } = await propose(await kinds.deliver.terms(body), body, user.name);
      return { ...answer, plan: plan! };
    },
    'agreement.proposeActivation': async ({ body }, { user }) => {
      const { plan, ...answer } = await propose(await kinds.activate.terms(body), body, user.name);
      return { ...answer, plan: plan! };
    },
    'agreement.list': async ({ query }) => {
      const page = await store.agreements.list({ after: query.after, limit: query.limit });
      const items = page.items.map(view).filter(({ status }) => query.status === undefined || status === query.status);
      return { items, ...(page.next === undefined ? {} : { next: page.next }) };
    },
    'agreement.show': async ({ params }) => detail(params.agreement),
    'agreement.verdicts': async ({ params }) => ({ items: await verdicts.of(await find(params.agreement)) }),
    'agreement.approve': async ({ params, body }, { user }) => {
      const row = await find(params.agreement);
      const { reason, disclosure } = body;
      await decisions.keep(row, { decision: 'approved', reason, user: user.name }, () =>
        agreements.approve(row, { user: user.name, disclosure }),
      );
      return detail(row.id);
    },
    'agreement.reject': async ({ params, body }, { user }) => end(params.agreement, 'rejected', body.reason, user.name),
    'agreement.revoke': async ({ params, body }, { user }) => end(params.agreement, 'revoked', body.reason, user.name),
  };
}

function disclosureView(disclosure: Disclosure): ResponseOf<'agreement.show'>['disclosure'] {
  return {
    digest: disclosure.digest,
    parties: disclosure.parties.map(({ organisation, learns }) => ({
      organisation,
      learns: learns.map((item) => ({ ...item })),
    })),
    flows: [...disclosure.flows],
    assumptions: [...disclosure.assumptions],
    words: disclosure.words,
  };
}
