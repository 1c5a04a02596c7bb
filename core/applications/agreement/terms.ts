/** What the terms of every application say, each in its own way: who the parties are, what they bring, and who will learn what. */
import { z } from 'zod';
import * as activate from '../activate/index.ts';
import * as deliver from '../deliver/index.ts';
import type { Disclosure } from '../disclosure.ts';
import * as guest from '../guest/index.ts';
import * as insight from '../insight/agreement/index.ts';
import * as match from '../match/index.ts';
import * as room from '../room/index.ts';

export const agreementTerms = z.discriminatedUnion('operation', [
  match.matchTerms,
  insight.insightTerms,
  room.roomTerms,
  deliver.deliverTerms,
  activate.activateTerms,
  guest.guestTerms,
]);

export type AgreementTerms =
  | match.MatchTerms
  | insight.InsightTerms
  | room.RoomTerms
  | deliver.DeliverTerms
  | activate.ActivateTerms
  | guest.GuestTerms;

/** Who signs, the proposer first: organisations, and a guest under its name. */
export function partiesOf(terms: AgreementTerms): readonly string[] {
  switch (terms.operation) {
    case 'match':
    case 'insight':
    case 'deliver':
    case 'activate':
      return [terms.proposer.organisation, terms.partner.organisation];
    case 'room':
      return room.roomParties(terms);
    case 'guest':
      return guest.guestParties(terms);
  }
}

/** The datasets that a run of it uses. */
export function datasetsOf(terms: AgreementTerms): readonly { readonly owner: string; readonly dataset: string }[] {
  switch (terms.operation) {
    case 'match':
    case 'insight':
    case 'deliver':
    case 'activate':
      return [terms.proposer, terms.partner].map(({ organisation, dataset }) => ({ owner: organisation, dataset }));
    case 'room':
      return terms.contributors.map(({ organisation, dataset }) => ({ owner: organisation, dataset }));
    case 'guest':
      return [{ owner: terms.host.organisation, dataset: terms.host.dataset }];
  }
}

/** The statement of who will learn what. @throws {RangeError} for terms that this version does not run. */
export function disclose(terms: AgreementTerms): Disclosure {
  switch (terms.operation) {
    case 'match':
      return match.disclose(terms);
    case 'insight':
      return insight.disclose(terms);
    case 'room':
      return room.disclose(terms);
    case 'deliver':
      return deliver.disclose(terms);
    case 'activate':
      return activate.disclose(terms);
    case 'guest':
      return guest.disclose(terms);
  }
}

/** @throws {RangeError} for terms that contradict themselves; the message says which and what to write instead. */
export function checkTerms(terms: AgreementTerms): void {
  switch (terms.operation) {
    case 'match':
      match.checkTerms(terms);
      return;
    case 'insight':
      insight.checkTerms(terms);
      return;
    case 'room':
      room.checkTerms(terms);
      return;
    case 'deliver':
      deliver.checkTerms(terms);
      return;
    case 'activate':
      activate.checkTerms(terms);
      return;
    case 'guest':
      guest.checkTerms(terms);
  }
}
