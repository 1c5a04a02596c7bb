/**
 * What an exact match of `crm.csv` and `users.csv` must find. Identifiers are never shared between people, so the join falls apart into one small
 * join for each person, and is counted while the people pass by.
 */

/** The rows of one person in one file, at most two, in file order. A value is a small number that is equal where the canonical text is; 0 is none. */
export interface PersonRows {
  count: number;
  readonly row: [number, number];
  readonly phone: [number, number];
  readonly email: [number, number];
}

export function emptyRows(): PersonRows {
  return { count: 0, row: [0, 0], phone: [0, 0], email: [0, 0] };
}

export interface IdCounts {
  /** Rows with a value that survives normalisation, and distinct values among them. */
  readonly rows: number;
  readonly distinct: number;
}

export interface Overlap {
  /** Distinct values in both files. */
  readonly values: number;
  /** Rows of each file that hold one of them. */
  readonly crmRows: number;
  readonly usersRows: number;
}

export interface RowMatches {
  readonly crmRows: number;
  readonly usersRows: number;
}

/** Counts under the identifiers' default rules: a Chinese mobile's 11 digits; an e-mail trimmed and in lower case. */
export interface Expected {
  readonly crm: { readonly phone: IdCounts; readonly email: IdCounts };
  readonly users: { readonly phone: IdCounts; readonly email: IdCounts };
  readonly phone: Overlap;
  readonly email: Overlap;
  /** With Gmail's dots and tags dropped (UID2); only where e-mails are plain on both sides. */
  readonly 'email:uid2': Overlap | null;
  readonly waterfall: {
    readonly order: readonly ['phone', 'email'];
    /** Every row of a matching value counts; a row matched by phone leaves before the e-mail round, on both sides. */
    readonly everyRow: { readonly phone: RowMatches; readonly email: RowMatches; readonly total: RowMatches };
    /** One row matches one row: rows of a value are paired in file order, and rows that find no partner go on to the next round. */
    readonly oneToOne: { readonly phone: number; readonly email: number; readonly total: number };
    /** Rows that share any value with any row of the other file, without rounds. */
    readonly anyId: RowMatches;
    /** People with at least one match: the same under all three rules. */
    readonly people: number;
  };
}

export type MatchedBy = 'phone' | 'email' | '';

/** Values of an e-mail under UID2's rule, by its plain value: dotted and tagged are the primary. */
const uid2: readonly number[] = [0, 1, 1, 1, 4];

export class Expectation {
  readonly #uid2: boolean;
  readonly #ids = { crmPhone: idTally(), crmEmail: idTally(), usersPhone: idTally(), usersEmail: idTally() };
  readonly #phone = overlapTally();
  readonly #email = overlapTally();
  readonly #emailUid2 = overlapTally();
  readonly #everyRow = { phone: rowTally(), email: rowTally() };
  readonly #oneToOne = { phone: 0, email: 0 };
  readonly #anyId = rowTally();
  #people = 0;

  /** @param emails whether both files hold plain e-mails, so that UID2's rule can be applied. */
  constructor(emails: { readonly plain: boolean }) {
    this.#uid2 = emails.plain;
  }

  /** Adds one person. @returns the first round of the waterfall in which the person matches. */
  add(crm: PersonRows, users: PersonRows): MatchedBy {
    countIds(crm, crm.phone, this.#ids.crmPhone);
    countIds(crm, crm.email, this.#ids.crmEmail);
    countIds(users, users.phone, this.#ids.usersPhone);
    countIds(users, users.email, this.#ids.usersEmail);
    if (crm.count === 0 || users.count === 0) return '';
    countOverlap(crm, crm.phone, users, users.phone, this.#phone);
    countOverlap(crm, crm.email, users, users.email, this.#email);
    if (this.#uid2) {
      const fold = (values: readonly [number, number]) => [uid2[values[0]]!, uid2[values[1]]!] as const;
      countOverlap(crm, fold(crm.email), users, fold(users.email), this.#emailUid2);
    }
    this.#countOneToOne(crm, users);
    this.#countAnyId(crm, users);
    const matched = this.#countEveryRow(crm, users);
    if (matched !== '') this.#people++;
    return matched;
  }

  get result(): Expected {
    const { phone, email } = this.#everyRow;
    return {
      crm: { phone: { ...this.#ids.crmPhone }, email: { ...this.#ids.crmEmail } },
      users: { phone: { ...this.#ids.usersPhone }, email: { ...this.#ids.usersEmail } },
      phone: { ...this.#phone },
      email: { ...this.#email },
      'email:uid2': this.#uid2 ? { ...this.#emailUid2 } : null,
      waterfall: {
        order: ['phone', 'email'],
        everyRow: {
          phone: { ...phone },
          email: { ...email },
          total: { crmRows: phone.crmRows + email.crmRows, usersRows: phone.usersRows + email.usersRows },
        },
        oneToOne: { ...this.#oneToOne, total: this.#oneToOne.phone + this.#oneToOne.email },
        anyId: { ...this.#anyId },
        people: this.#people,
      },
    };
  }

  #countEveryRow(crm: PersonRows, users: PersonRows): MatchedBy {
    const { phone, email } = this.#everyRow;
    let matched: MatchedBy = '';
    // Bit i: row i is still unmatched after the phone round.
    let crmLeft = 0;
    let usersLeft = 0;
    for (let i = 0; i < crm.count; i++) {
      if (occurs(crm.phone[i]!, users, users.phone)) phone.crmRows++;
      else crmLeft |= 1 << i;
    }
    for (let i = 0; i < users.count; i++) {
      if (occurs(users.phone[i]!, crm, crm.phone)) {
        phone.usersRows++;
        matched = 'phone';
      } else usersLeft |= 1 << i;
    }
    for (let i = 0; i < crm.count; i++) {
      if ((crmLeft & (1 << i)) !== 0 && occurs(crm.email[i]!, users, users.email, usersLeft)) email.crmRows++;
    }
    for (let i = 0; i < users.count; i++) {
      if ((usersLeft & (1 << i)) !== 0 && occurs(users.email[i]!, crm, crm.email, crmLeft)) {
        email.usersRows++;
        if (matched === '') matched = 'email';
      }
    }
    return matched;
  }

  #countOneToOne(crm: PersonRows, users: PersonRows): void {
    let crmTaken = 0;
    let usersTaken = 0;
    for (const id of ['phone', 'email'] as const) {
      for (let c = 0; c < crm.count; c++) {
        for (let u = 0; u < users.count; u++) {
          const free = (crmTaken & (1 << c)) === 0 && (usersTaken & (1 << u)) === 0;
          if (free && crm[id][c] !== 0 && crm[id][c] === users[id][u]) {
            crmTaken |= 1 << c;
            usersTaken |= 1 << u;
            this.#oneToOne[id]++;
          }
        }
      }
    }
  }

  #countAnyId(crm: PersonRows, users: PersonRows): void {
    for (let i = 0; i < crm.count; i++) {
      if (occurs(crm.phone[i]!, users, users.phone) || occurs(crm.email[i]!, users, users.email)) this.#anyId.crmRows++;
    }
    for (let i = 0; i < users.count; i++) {
      if (occurs(users.phone[i]!, crm, crm.phone) || occurs(users.email[i]!, crm, crm.email)) this.#anyId.usersRows++;
    }
  }
}

type Values = readonly [number, number];
type Tally<T> = { -readonly [K in keyof T]: T[K] };

function idTally(): Tally<IdCounts> {
  return { rows: 0, distinct: 0 };
}

function overlapTally(): Tally<Overlap> {
  return { values: 0, crmRows: 0, usersRows: 0 };
}

function rowTally(): Tally<RowMatches> {
  return { crmRows: 0, usersRows: 0 };
}

/** Whether a value stands in one of the rows whose bit is set. */
function occurs(value: number, rows: PersonRows, values: Values, among = 3): boolean {
  for (let i = 0; i < rows.count; i++) {
    if (value !== 0 && values[i] === value && (among & (1 << i)) !== 0) return true;
  }
  return false;
}

function countIds(rows: PersonRows, values: Values, tally: Tally<IdCounts>): void {
  for (let i = 0; i < rows.count; i++) {
    if (values[i] === 0) continue;
    tally.rows++;
    if (i === 0 || values[0] !== values[1]) tally.distinct++;
  }
}

function countOverlap(
  crm: PersonRows,
  crmValues: Values,
  users: PersonRows,
  usersValues: Values,
  tally: Tally<Overlap>,
): void {
  for (let i = 0; i < crm.count; i++) {
    if (!occurs(crmValues[i]!, users, usersValues)) continue;
    tally.crmRows++;
    if (i === 0 || crmValues[0] !== crmValues[1]) tally.values++;
  }
  for (let i = 0; i < users.count; i++) if (occurs(usersValues[i]!, crm, crmValues)) tally.usersRows++;
}
