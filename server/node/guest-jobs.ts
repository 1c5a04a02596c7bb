/** Runs of matches with guests: the match's own job, over the link to the guest's page, and what the page is given at the end. */
import { type GuestTerms, matchOf } from '@causeway/core/applications/guest';
import type { GuestLinks } from '../guests/index.ts';
import { JobCalls } from '../jobs/life/index.ts';
import { encodeBody } from '../ledger/calls.ts';
import type { JobEnd } from '../store/index.ts';
import { exportEvidence } from './evidence.ts';
import type { GuestAgreements } from './guest-agreements.ts';
import type { JobStage } from './job-progress.ts';
import type { JobHost, JobKind, JobOf } from './jobs.ts';
import { MatchJobs } from './match-jobs.ts';
import type { OprfTables } from './oprf-tables.ts';
import type { Services } from './services.ts';

/** A page that says nothing for so long is gone: its file may be read at leisure before the run, and not in it. */
const silenceMs = 2 * 60_000;
const handoverMs = 20_000;

export class GuestJobs implements JobKind<GuestTerms> {
  readonly #services: Services;
  readonly #parts: {
    readonly agreements: GuestAgreements;
    readonly links: GuestLinks;
    readonly tables: OprfTables;
  };

  constructor(
    services: Services,
    parts: { readonly agreements: GuestAgreements; readonly links: GuestLinks; readonly tables: OprfTables },
  ) {
    this.#services = services;
    this.#parts = parts;
  }

  stages(terms: GuestTerms): readonly JobStage[] {
    return this.#matches({ job: '', agreement: '', terms }).stages(matchOf(terms));
  }

  async run(job: JobOf<GuestTerms>, host: JobHost): Promise<Omit<JobEnd, 'status' | 'atMs'>> {
    const { links } = this.#parts;
    const toGuest = host.counted(links.asLinks(job.agreement));
    const life = { ...host.life, calls: new JobCalls(toGuest), silenceMs };
    try {
      const end = await this.#matches(job).run(
        { ...job, terms: matchOf(job.terms) },
        { ...host, life, links: toGuest },
      );
      await this.#handOver(job);
      return end;
    } finally {
      links.end(job.agreement);
    }
  }

  #matches({ terms }: JobOf<GuestTerms>): MatchJobs {
    const { agreements, tables } = this.#parts;
    return new MatchJobs(this.#services, {
      rules: { evaluate: (_match, id) => agreements.evaluate(terms, id) },
      tables,
      signed: terms,
      guardedAs: `invite-${terms.invite}`,
    });
  }

  /** The guest has its result from the run itself; with this it can show that it was so. Its page may be closed by now. */
  async #handOver({ job, agreement }: JobOf<GuestTerms>): Promise<void> {
    try {
      const link = this.#parts.links.of(agreement);
      const evidence = await exportEvidence(this.#services, job);
      await link.call('guest.finished', encodeBody(evidence), { timeoutMs: handoverMs });
    } catch (error) {
      this.#services.log.warn('a guest was not given the evidence of its match', { job, error });
    }
  }
}
