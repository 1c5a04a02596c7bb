/** What stands in the identifier cells of a CRM row: decided here, once, for the file and for the truth. */

import { Draw } from '@causeway/core/random';
import type { Person } from '../people/person.ts';
import { Weighted } from '../random/weighted.ts';
import { rates } from '../rates.ts';

const mobile = new Weighted(rates.crm.mobile);
const mobileWriting = new Weighted(rates.crm.mobileWriting);
const email = new Weighted(rates.crm.email);
const emailWriting = new Weighted(rates.crm.emailWriting);
const gmailWriting = new Weighted(rates.gmailWriting);

export class CrmCells {
  swapped = false;
  mobile: keyof typeof rates.crm.mobile = 'current';
  mobileWriting: keyof typeof rates.crm.mobileWriting = 'plain';
  email: keyof typeof rates.crm.email = 'primary';
  emailWriting: keyof typeof rates.crm.emailWriting = 'plain';
  gmailWriting: keyof typeof rates.gmailWriting = 'asRegistered';
  /** For the choices inside a form (which placeholder, which digit): continue with it after `at`. */
  readonly draw: Draw;

  constructor(seed: number) {
    this.draw = new Draw(seed, 'crm cells');
  }

  /** @param slot of the row's content; see `RowOrder.contentOf`. */
  at(slot: number, person: Person): this {
    const draw = this.draw.at(slot);
    this.swapped = draw.chance(rates.crm.swappedColumns);
    this.mobile = mobile.pick(draw);
    this.mobileWriting = mobileWriting.pick(draw);
    this.email = email.pick(draw);
    this.emailWriting = emailWriting.pick(draw);
    const writing = gmailWriting.pick(draw);
    this.gmailWriting = person.provider === 'gmail.com' ? writing : 'asRegistered';
    return this;
  }
}
