/** The obvious join of two whole files in memory, written apart from the generator: what its truth is compared with. */
import type { Expected, IdCounts, Overlap } from '../expectation.ts';

/** The canonical identifiers of a row, null where there is none. */
export interface IdRow {
  /** Whom the row is about, as the truth says. */
  readonly person: number;
  readonly phone: string | null;
  readonly email: string | null;
}

export function joinFiles(
  crm: readonly IdRow[],
  users: readonly IdRow[],
  options: { readonly uid2: boolean },
): Expected {
  const everyRow = waterfallOfEveryRow(crm, users);
  const oneToOne = waterfallOneToOne(crm, users);
  return {
    crm: { phone: count(crm.map((row) => row.phone)), email: count(crm.map((row) => row.email)) },
    users: { phone: count(users.map((row) => row.phone)), email: count(users.map((row) => row.email)) },
    phone: overlap(
      crm.map((row) => row.phone),
      users.map((row) => row.phone),
    ),
    email: overlap(
      crm.map((row) => row.email),
      users.map((row) => row.email),
    ),
    'email:uid2': options.uid2
      ? overlap(
          crm.map((row) => uid2(row.email)),
          users.map((row) => uid2(row.email)),
        )
      : null,
    waterfall: {
      order: ['phone', 'email'],
      everyRow,
      oneToOne,
      anyId: {
        crmRows: rowsWithAny(crm, users).length,
        usersRows: rowsWithAny(users, crm).length,
      },
      people: new Set(rowsWithAny(crm, users).map((row) => row.person)).size,
    },
  };
}

type Column = readonly (string | null)[];

function count(column: Column): IdCounts {
  const values = column.filter((value) => value !== null);
  return { rows: values.length, distinct: new Set(values).size };
}

function overlap(crm: Column, users: Column): Overlap {
  const inCrm = new Set(crm);
  const inUsers = new Set(users);
  const common = new Set([...inCrm].filter((value) => value !== null && inUsers.has(value)));
  return {
    values: common.size,
    crmRows: crm.filter((value) => common.has(value)).length,
    usersRows: users.filter((value) => common.has(value)).length,
  };
}

function uid2(email: string | null): string | null {
  if (email === null || !email.endsWith('@gmail.com')) return email;
  const name = email.slice(0, email.indexOf('@'));
  return `${name.split('+')[0]!.replaceAll('.', '')}@gmail.com`;
}

function waterfallOfEveryRow(crm: readonly IdRow[], users: readonly IdRow[]): Expected['waterfall']['everyRow'] {
  let crmLeft = crm;
  let usersLeft = users;
  const round = (id: 'phone' | 'email') => {
    const inCrm = new Set(crmLeft.map((row) => row[id]));
    const inUsers = new Set(usersLeft.map((row) => row[id]));
    const unmatchedCrm = crmLeft.filter((row) => row[id] === null || !inUsers.has(row[id]));
    const unmatchedUsers = usersLeft.filter((row) => row[id] === null || !inCrm.has(row[id]));
    const found = {
      crmRows: crmLeft.length - unmatchedCrm.length,
      usersRows: usersLeft.length - unmatchedUsers.length,
    };
    crmLeft = unmatchedCrm;
    usersLeft = unmatchedUsers;
    return found;
  };
  const phone = round('phone');
  const email = round('email');
  const total = { crmRows: phone.crmRows + email.crmRows, usersRows: phone.usersRows + email.usersRows };
  return { phone, email, total };
}

function waterfallOneToOne(crm: readonly IdRow[], users: readonly IdRow[]): Expected['waterfall']['oneToOne'] {
  const crmTaken = new Set<IdRow>();
  const usersTaken = new Set<IdRow>();
  const round = (id: 'phone' | 'email') => {
    const waiting = new Map<string, IdRow[]>();
    for (const row of users) {
      const value = row[id];
      if (value !== null && !usersTaken.has(row)) waiting.set(value, [...(waiting.get(value) ?? []), row]);
    }
    let pairs = 0;
    for (const row of crm) {
      const partner = row[id] === null || crmTaken.has(row) ? undefined : waiting.get(row[id])?.shift();
      if (partner === undefined) continue;
      crmTaken.add(row);
      usersTaken.add(partner);
      pairs++;
    }
    return pairs;
  };
  const phone = round('phone');
  const email = round('email');
  return { phone, email, total: phone + email };
}

function rowsWithAny(rows: readonly IdRow[], others: readonly IdRow[]): readonly IdRow[] {
  const phones = new Set(others.map((row) => row.phone));
  const emails = new Set(others.map((row) => row.email));
  return rows.filter(
    (row) => (row.phone !== null && phones.has(row.phone)) || (row.email !== null && emails.has(row.email)),
  );
}
