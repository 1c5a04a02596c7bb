/** `truth.csv` and what is counted on the way: who is in which rows of which file, and what a right match and a right measurement find. */
import { Campaign, type Group } from '../campaign.ts';
import { Expectation, type Expected, emptyRows, type PersonRows } from '../expectation.ts';
import { Person } from '../people/person.ts';
import type { Population } from '../population.ts';
import type { rates } from '../rates.ts';
import { CrmCells } from './crm-cells.ts';
import { CsvFile, type FileReport, type WriteSettings } from './csv-file.ts';
import { addressOf } from './email-cell.ts';
import type { RowOrder } from './row-order.ts';
import { ascii, type TextBuffer } from './text-buffer.ts';
import { UsersCells } from './users-cells.ts';

export const truthColumns = [
  'person',
  'crm_rows',
  'users_rows',
  'mobile',
  'email',
  'matched_by',
  'campaign_group',
  'bought',
] as const;

export type GroupCounts = Readonly<Record<Group, { readonly customers: number; readonly bought: number }>>;

export interface TruthReport {
  readonly file: FileReport;
  readonly expected: Expected;
  /** Customers by campaign group, and how many of them bought in the window. */
  readonly groups: GroupCounts;
}

/** Rows are data rows counted from 0, the header left out; a quoted line break does not end a row. Two rows of a person are joined by `;`. */
export async function writeTruth(population: Population, settings: WriteSettings): Promise<TruthReport> {
  const { plan, mobiles, emails, crm, users } = population;
  const file = await CsvFile.open({ name: 'truth.csv', columns: truthColumns, lineEnd: 'lf', mark: false }, settings);
  const { line } = file;
  const person = new Person(plan.seed);
  const crmCells = new CrmCells(plan.seed);
  const usersCells = new UsersCells(plan.seed);
  const campaign = new Campaign(plan);
  const crmRows = emptyRows();
  const usersRows = emptyRows();
  const expectation = new Expectation({ plain: plan.userIds === 'plain' });
  const groups = emptyGroups();
  try {
    for (let index = 0; index < plan.people; index++) {
      person.at(index);
      collect(crm, index < plan.customers ? index : -1, crmRows, (slot, at) => {
        crmCells.at(slot, person);
        crmRows.phone[at] = crmPhone(crmCells);
        crmRows.email[at] = crmEmail(crmCells);
      });
      collect(users, index - plan.firstUser, usersRows, (slot, at) => {
        usersCells.at(slot, person);
        usersRows.phone[at] = usersPhone(usersCells, plan.userIds);
        usersRows.email[at] = usersEmail(usersCells, plan.userIds);
      });
      const matchedBy = expectation.add(crmRows, usersRows);
      const { group, bought } = campaign.at(index);
      if (index < plan.customers) {
        groups[group].customers++;
        if (bought) groups[group].bought++;
      }
      line.decimal(index);
      line.byte(ascii.comma);
      writeRows(crmRows, line);
      line.byte(ascii.comma);
      writeRows(usersRows, line);
      line.byte(ascii.comma);
      line.decimal(mobiles.at(index));
      line.byte(ascii.comma);
      emails.write(person, 'primary', line);
      line.byte(ascii.comma);
      line.text(words[matchedBy]);
      line.byte(ascii.comma);
      line.text(words[group]);
      line.byte(ascii.comma);
      line.byte(bought ? ascii.one : ascii.zero);
      file.endRow();
      if (file.full) await file.flush();
    }
    return { file: await file.finish(), expected: expectation.result, groups };
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

function collect(order: RowOrder, member: number, rows: PersonRows, read: (slot: number, at: 0 | 1) => void): void {
  rows.count = 0;
  if (member < 0) return;
  const second = order.secondSlotOf(member);
  const firstRow = order.rowOf(member);
  const secondRow = second < 0 ? -1 : order.rowOf(second);
  rows.count = second < 0 ? 1 : 2;
  const swap = second >= 0 && secondRow < firstRow;
  rows.row[swap ? 1 : 0] = firstRow;
  read(member, swap ? 1 : 0);
  if (second >= 0) {
    rows.row[swap ? 0 : 1] = secondRow;
    read(order.contentOf(second), swap ? 0 : 1);
  }
}

/** Values as `PersonRows` wants them: 1 the current mobile, 2 the former; 3 and 4 a digest of one of these that nobody else computes. */
function crmPhone(cells: CrmCells): number {
  if (cells.swapped) return 0;
  return cells.mobile === 'current' ? 1 : cells.mobile === 'former' ? 2 : 0;
}

function usersPhone(cells: UsersCells, form: 'plain' | 'md5' | 'sha256'): number {
  const value = cells.phone === 'current' ? 1 : cells.phone === 'former' ? 2 : 0;
  const lost = form !== 'plain' && cells.phoneDigest === 'unnormalised';
  return value !== 0 && lost ? value + 2 : value;
}

/** 1 the primary address, 2 with dots, 3 with a tag, 4 the alternate; 5 … 8 a digest of one of these that nobody else computes. */
function crmEmail(cells: CrmCells): number {
  return cells.swapped ? 0 : emailValue(cells.email, cells.gmailWriting);
}

function usersEmail(cells: UsersCells, form: 'plain' | 'md5' | 'sha256'): number {
  const value = emailValue(cells.email, cells.gmailWriting);
  const lost = form !== 'plain' && cells.emailDigest === 'unnormalised';
  return value !== 0 && lost ? value + 4 : value;
}

function emailValue(email: keyof typeof rates.crm.email, writing: keyof typeof rates.gmailWriting): number {
  if (email === 'alternate') return 4;
  if (email !== 'primary') return 0;
  const address = addressOf(writing);
  return address === 'primary' ? 1 : address === 'dotted' ? 2 : 3;
}

function writeRows(rows: PersonRows, line: TextBuffer): void {
  for (let i = 0; i < rows.count; i++) {
    if (i > 0) line.byte(ascii.semicolon);
    line.decimal(rows.row[i]!);
  }
}

type Counts = { [K in Group]: { customers: number; bought: number } };

function emptyGroups(): Counts {
  const none = () => ({ customers: 0, bought: 0 });
  return { exposed: none(), unreached: none(), holdout: none(), none: none() };
}

const utf8 = new TextEncoder();
const words = {
  '': utf8.encode(''),
  phone: utf8.encode('phone'),
  email: utf8.encode('email'),
  exposed: utf8.encode('exposed'),
  unreached: utf8.encode('unreached'),
  holdout: utf8.encode('holdout'),
  none: utf8.encode(''),
};
