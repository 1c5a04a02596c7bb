/** What stands in the identifier cells of a row of the media's users: decided here, once, for the file and for the truth. */

import { Draw } from '@causeway/core/random';
import type { Person } from '../people/person.ts';
import { Weighted } from '../random/weighted.ts';
import { rates } from '../rates.ts';

const phone = new Weighted(rates.users.phone);
const phoneWriting = new Weighted(rates.users.phoneWriting);
const email = new Weighted(rates.users.email);
const emailWriting = new Weighted(rates.users.emailWriting);
const gmailWriting = new Weighted(rates.gmailWriting);
const digest = new Weighted(rates.users.digest);

export class UsersCells {
  phone: keyof typeof rates.users.phone = 'current';
  phoneWriting: keyof typeof rates.users.phoneWriting = 'plain';
  phoneDigest: keyof typeof rates.users.digest = 'lowerCase';
  email: keyof typeof rates.users.email = 'primary';
  emailWriting: keyof typeof rates.users.emailWriting = 'plain';
  emailDigest: keyof typeof rates.users.digest = 'lowerCase';
  gmailWriting: keyof typeof rates.gmailWriting = 'asRegistered';
  /** For the row's other choices: continue with it after `at`. */
  readonly draw: Draw;

  constructor(seed: number) {
    this.draw = new Draw(seed, 'users cells');
  }

  /** @param slot of the row's content; see `RowOrder.contentOf`. */
  at(slot: number, person: Person): this {
    const draw = this.draw.at(slot);
    this.phone = phone.pick(draw);
    this.phoneWriting = phoneWriting.pick(draw);
    this.phoneDigest = digest.pick(draw);
    this.email = email.pick(draw);
    this.emailWriting = emailWriting.pick(draw);
    this.emailDigest = digest.pick(draw);
    const writing = gmailWriting.pick(draw);
    this.gmailWriting = person.provider === 'gmail.com' ? writing : 'asRegistered';
    return this;
  }
}
