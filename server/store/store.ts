import { Agreements } from './agreements.ts';
import { Audiences } from './audiences.ts';
import { AuditLog } from './audit-log.ts';
import { Budgets } from './budgets.ts';
import { type Database, inTransaction } from './database.ts';
import { Datasets } from './datasets.ts';
import { Decisions } from './decisions.ts';
import { Evaluations } from './evaluations.ts';
import { GuestInvites } from './guest-invites.ts';
import { Jobs } from './jobs.ts';
import { LedgerTable } from './ledger.ts';
import { Operations } from './operations.ts';
import { Sessions } from './sessions.ts';
import { SettingsTable } from './settings.ts';
import { SignInFailuresTable } from './sign-in-failures.ts';
import { Templates } from './templates.ts';
import { Tokens } from './tokens.ts';
import { Users } from './users.ts';

/** Everything that a node remembers, one part for each area. Times and ids are given by the caller. */
export class Store {
  readonly settings: SettingsTable;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly signInFailures: SignInFailuresTable;
  readonly audit: AuditLog;
  readonly ledger: LedgerTable;
  readonly datasets: Datasets;
  readonly agreements: Agreements;
  readonly decisions: Decisions;
  readonly jobs: Jobs;
  readonly audiences: Audiences;
  readonly operations: Operations;
  readonly budgets: Budgets;
  readonly evaluations: Evaluations;
  readonly templates: Templates;
  readonly guests: GuestInvites;
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
    this.settings = new SettingsTable(db);
    this.users = new Users(db);
    this.sessions = new Sessions(db);
    this.tokens = new Tokens(db);
    this.signInFailures = new SignInFailuresTable(db);
    this.audit = new AuditLog(db);
    this.ledger = new LedgerTable(db);
    this.datasets = new Datasets(db);
    this.agreements = new Agreements(db);
    this.decisions = new Decisions(db);
    this.jobs = new Jobs(db);
    this.audiences = new Audiences(db);
    this.operations = new Operations(db);
    this.budgets = new Budgets(db);
    this.evaluations = new Evaluations(db);
    this.templates = new Templates(db);
    this.guests = new GuestInvites(db);
  }

  /** Runs `work` on a store of one transaction: all of it happens, or nothing. */
  async transaction<Result>(work: (store: Store) => Promise<Result>): Promise<Result> {
    return inTransaction(this.#db, (tx) => work(new Store(tx)));
  }
}
