/**
 * An audience of a room through all of its steps: request → rules → charge → rows → guard → kept places. Who is in it is told to one contributor of its own
 * rows, so no noise helps: what holds it is that every owner said so, a least number of people, and the guard that exact answers of the room stand under too.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AudienceAsker, CompiledAudience } from '@causeway/core/applications/request';
import { type Catalogue, PersonSet, QueryRefused } from '@causeway/core/policy/query';
import { type Engine, readPersonSets } from '../engine/index.ts';
import type { Budgets } from '../store/index.ts';
import type { QuestionData } from './answer.ts';
import { answerOf, guarded } from './guarded.ts';
import { paid } from './paid.ts';
import { peopleOf } from './people.ts';

export interface WantedAudience {
  /** What `compileAudience` admitted. */
  readonly audience: CompiledAudience;
  readonly catalogue: Catalogue;
  readonly asker: AudienceAsker;
}

export interface AudienceData extends QuestionData {
  /** Who stands at which place of the receiver's upload, as `loadRoom` wrote it. */
  readonly places: string;
  /** Where places of audiences are kept; goes with the room. */
  readonly folder: string;
}

export interface AudienceWork {
  readonly engine: Pick<Engine, 'selectPersons'>;
  readonly budgets: Budgets;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  readonly signal?: AbortSignal | undefined;
}

export interface AudienceAnswered {
  /** Rows of the receiver's upload, and one bit for each of them. */
  readonly places: number;
  readonly bits: Uint8Array;
}

/** What is kept of one: plain JSON. */
interface Kept {
  readonly places: number;
}

/**
 * Makes an audience, once: asked for again it is the same, without a charge. It counts as an exact table on every owner's account.
 * @throws {QueryRefused} `audience-too-small`, `difference`, `too-fine`: charged, for that is information too.
 * @throws {BudgetRefused} with the account that has no exact table left. @throws {DataError} of the files, of time and memory; the charge stands.
 */
export async function answerAudience(
  { audience, catalogue, asker }: WantedAudience,
  data: AudienceData,
  work: AudienceWork,
): Promise<AudienceAnswered> {
  const { audienceKey, k } = audience;
  const bits = join(data.folder, `${audienceKey}.places`);
  const select = async (personSets: string) => {
    const { tables, audiences, places, timeLimitMs } = data;
    const people = peopleOf(catalogue, data);
    const input = { request: audience.request, catalogue, tables, audiences, places, people, personSets, to: bits };
    const report = await work.engine.selectPersons({ ...input, timeLimitMs }, { signal: work.signal });
    const { known, questions } = await readPersonSets(personSets, report.guard);
    return {
      known,
      places: report.places,
      persons: questions[0]?.persons.get(0) ?? PersonSet.from(new Uint32Array(0)),
    };
  };
  const compute = () =>
    data.guard.admit<Kept>({
      queryKey: audienceKey,
      k,
      compute: async (path) => {
        const { known, places, persons } = await select(path);
        if (persons.size < k) throw new QueryRefused('audience-too-small', { rule: 'k' });
        return { numbers: { places }, known, sets: [{ owners: audience.owners, persons }] };
      },
    });
  const subjects = audience.subjects.map((subject) => ({
    ...subject,
    network: catalogue.network,
    receivers: asker.group,
  }));
  const payment = { key: audienceKey, subjects, vectors: [], exactTables: 1 };
  const { end } = await paid(payment, () => guarded(compute), work);
  const { places } = answerOf<Kept>(end);
  return { places, bits: new Uint8Array(await readFile(bits)) };
}
