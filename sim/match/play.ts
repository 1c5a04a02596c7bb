/** A match of two lists. */
import { agreementId } from '@causeway/core/applications/match';
import type { Bodies } from '@causeway/core/ledger';
import { MatchJob } from '@causeway/server/jobs/match';
import type { WorkFolder } from '@causeway/server/jobs/work';
import type { Injected, Nodes } from '../check/rule.ts';
import type { Life } from '../node/life.ts';
import type { Play } from '../node/play.ts';
import type { SimulatedNode } from '../node/simulated-node.ts';
import { type Organisation, type Party, parties } from '../scenario/organisations.ts';
import { DurableTable } from '../world/durable-table.ts';
import { Luck } from '../world/luck.ts';
import type { World } from '../world/world.ts';
import { checkMatch } from './check.ts';
import { matchPorts } from './ports.ts';
import type { MatchScenario } from './scenario.ts';
import { tablesFolder } from './simulated-tables.ts';

interface EvaluationsRow {
  readonly round: number;
  readonly epoch: number;
  readonly evaluations: number;
}

export class MatchPlay implements Play {
  readonly scenario: MatchScenario;
  readonly parties = parties;
  readonly endsByMs = 0;
  readonly #evaluations = new Map<Organisation, DurableTable<EvaluationsRow>>();

  constructor(scenario: MatchScenario) {
    this.scenario = scenario;
  }

  get setting(): MatchScenario {
    return this.scenario;
  }

  get proposal(): Bodies['agreement.proposed'] {
    const { terms } = this.scenario;
    const { proposer, partner, limits } = terms;
    return {
      agreement: agreementId(terms),
      parties: [proposer.organisation, partner.organisation],
      datasets: [proposer, partner].map(({ organisation, dataset }) => ({ owner: organisation, dataset })),
      operation: 'match',
      usesMax: limits.usesMax,
      expiresAt: limits.expiresAt,
    };
  }

  ask(world: World, nodes: Nodes): void {
    const agreement = agreementId(this.scenario.terms);
    for (const { by, atMs, job, again } of this.scenario.starts) {
      world.time.after(atMs, () =>
        nodes[by].wish({
          type: 'job.started',
          body: async () => ({ job, agreement }),
          passing: again ? ['agreement-busy'] : [],
          taken: ['job-exists'],
        }),
      );
    }
  }

  async attempt(life: Life, job: string, of: { folder: WorkFolder; signal: AbortSignal }): Promise<void> {
    const { ports, run } = matchPorts(this, life, { job, party: life.node.organisation as Party });
    await new MatchJob(run, ports, of.folder, of.signal).run();
  }

  noteResumption({ world, disk }: SimulatedNode, job: string): void {
    const json = (name: string) => {
      const bytes = disk.contentOf(job, name);
      return bytes && JSON.parse(Buffer.from(bytes).toString());
    };
    for (const round of this.scenario.terms.rounds.keys()) {
      const held = json(`round-${round}.received.held`);
      const heldCount = held && (held.points ?? 0) + (held.tags ?? 0) + (held.buckets ?? 0) + (held.answers ?? 0);
      if (heldCount > 0 && !json(`round-${round}.exchanged`)) world.sometimes('an exchange went on in the middle');
      if (disk.contentOf(tablesFolder(round), 'making')) world.sometimes('a table in the making was gone on with');
      const blinded = json(`round-${round}.points.done`);
      const set = json(`round-${round}.set.size`);
      if (blinded && set && blinded * this.scenario.batchRows < set.keyCount)
        world.sometimes('blinding went on in the middle');
    }
  }

  begin() {
    return { stop: async () => {} };
  }

  failReleases({ results }: SimulatedNode, failureCount: number): void {
    results.fail(failureCount);
  }

  isDone(): boolean {
    return true;
  }

  check(world: World, nodes: Nodes, injected: Injected): void {
    checkMatch(this.scenario, world, nodes, injected);
  }

  /** Evaluations that the partner was given, by job and round. */
  evaluationsOf({ organisation }: SimulatedNode): DurableTable<EvaluationsRow> {
    const known = this.#evaluations.get(organisation);
    if (known) return known;
    const made = new DurableTable<EvaluationsRow>(new Luck(`sim/${this.scenario.seed}/${organisation}/evaluations`));
    this.#evaluations.set(organisation, made);
    return made;
  }
}
