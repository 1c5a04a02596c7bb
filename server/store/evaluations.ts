import { sql } from 'kysely';
import { type Database, inTransaction } from './database.ts';

/** What a key answers for: rows of one dataset of this organisation, in one form, for one partner. */
export interface EvaluationKey {
  readonly partner: string;
  readonly dataset: string;
  readonly form: string;
  readonly epoch: number;
}

/** What a partner may still have. */
export interface EvaluationsLeft {
  /** Of all tables, since the beginning of the time that is looked at. */
  readonly ofPartner: number;
  readonly ofKey: number;
}

/**
 * Evaluations that were given to partners. A partner's are counted in one row after the other, under a lock of its own, so that requests which
 * race never get more than there is. They stay when the dataset goes: making it anew gives nothing back.
 */
export class Evaluations {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Evaluations counted under a key. */
  async ofKey(key: EvaluationKey): Promise<number> {
    return sumOf(this.#db, key);
  }

  /**
   * Counts the evaluations of a round of a job, unless it is counted already.
   * @param limits.sinceMs from when on the partner's evaluations count against `ofPartner`; later ones do too, should the clock have been set back.
   * @returns whether they are counted, and what is left: after them, or where they are too many, without them.
   */
  async spend(
    of: EvaluationKey & {
      readonly job: string;
      readonly round: number;
      readonly evaluations: number;
      readonly atMs: number;
    },
    limits: EvaluationsLeft & { readonly sinceMs: number },
  ): Promise<{ readonly counted: boolean; readonly left: EvaluationsLeft }> {
    return inTransaction(this.#db, async (tx) => {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`evaluations/${of.partner}`}, 0))`.execute(tx);
      const left = {
        ofPartner: limits.ofPartner - (await sumSince(tx, of.partner, limits.sinceMs)),
        ofKey: limits.ofKey - (await sumOf(tx, of)),
      };
      const known = await tx
        .selectFrom('evaluations')
        .select('evaluations')
        .where('job', '=', of.job)
        .where('round', '=', of.round)
        .executeTakeFirst();
      if (known) return { counted: true, left };
      if (of.evaluations > Math.min(left.ofPartner, left.ofKey)) return { counted: false, left };
      const { job, round, partner, dataset, form, epoch, evaluations, atMs } = of;
      await tx
        .insertInto('evaluations')
        .values({ job, round, partner, dataset, form, epoch, evaluations, atMs })
        .execute();
      return {
        counted: true,
        left: { ofPartner: left.ofPartner - evaluations, ofKey: left.ofKey - evaluations },
      };
    });
  }
}

function sumOf(db: Database, { partner, dataset, form, epoch }: EvaluationKey): Promise<number> {
  const counted = sums(db).where('partner', '=', partner).where('dataset', '=', dataset);
  return total(counted.where('form', '=', form).where('epoch', '=', epoch));
}

function sumSince(db: Database, partner: string, sinceMs: number): Promise<number> {
  return total(sums(db).where('partner', '=', partner).where('atMs', '>=', sinceMs));
}

const sums = (db: Database) =>
  db.selectFrom('evaluations').select((row) => row.fn.sum<string | null>('evaluations').as('total'));

/** A sum of bigints is a numeric, which comes as text; of no row it is NULL. */
async function total(query: ReturnType<typeof sums>): Promise<number> {
  return Number((await query.executeTakeFirstOrThrow()).total ?? 0);
}
