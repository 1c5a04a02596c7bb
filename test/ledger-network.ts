/** A small network on its own ledger, clock and keys passed in: what tests of the ledger and of its hosts act in. */
import { bytesToBase64 } from '../core/bytes/index.ts';
import { type Ed25519KeyPair, keyPairFromSeed } from '../core/crypto/index.ts';
import {
  type Bodies,
  type EntryOf,
  type EntryType,
  encodeRecord,
  type LedgerRecord,
  type Member,
  Mirror,
  Sequencer,
  signConsent,
  signEntry,
  signOutcome,
} from '../core/ledger/index.ts';

export const network = 'spring-fair';
export const operator = 'fair-office';
export const startMs = Date.UTC(2025, 5, 30, 8, 0, 0);

/** The key pair of an organisation, always the same. */
export function keysOf(organisation: string): Ed25519KeyPair {
  const seed = new Uint8Array(32);
  for (let i = 0; i < organisation.length; i++) seed[i % 32]! ^= organisation.charCodeAt(i) + i;
  return keyPairFromSeed(seed);
}

export function memberOf(organisation: string, keys: Ed25519KeyPair = keysOf(organisation)): Member {
  const identityKey = bytesToBase64(keys.publicKey);
  // Any 64 hexadecimal digits do for a certificate that nobody dials.
  const tlsFingerprint = [...organisation].map((letter) => letter.charCodeAt(0).toString(16)).join('');
  return {
    organisation,
    name: `The ${organisation} company`,
    identityKey,
    tlsFingerprint: tlsFingerprint.padEnd(64, '0').slice(0, 64),
    endpoint: `${organisation}.example:7443`,
  };
}

export const description = {
  rowsAbout: 120_000,
  ids: [{ column: 'phone', profile: 'phone/sha256' }],
  attributes: [{ column: 'city', type: 'text', grade: 'public' }],
} as const;

export interface AgreementTerms {
  readonly usesMax?: number;
  readonly forMs?: number;
  readonly id?: string;
  /** Who keeps a room, where the agreement is on one; the others contribute. */
  readonly room?: string;
}

export class TestNetwork {
  readonly sequencer = new Sequencer({ network, organisation: operator, keyPair: keysOf(operator) });
  readonly records: LedgerRecord[] = [];
  nowMs = startMs;

  /** The operator's network with these members, each with a published dataset `crm`. */
  static with(...organisations: readonly string[]): TestNetwork {
    const made = new TestNetwork();
    made.post(operator, 'network.created', { name: 'Spring fair', operator: memberOf(operator) });
    for (const organisation of organisations) {
      made.join(organisation);
      made.post(organisation, 'dataset.published', { dataset: 'crm', name: 'Customers', description });
    }
    return made;
  }

  get log() {
    return this.sequencer.log;
  }

  get state() {
    return this.sequencer.state;
  }

  get leaves(): Uint8Array[] {
    return this.records.map(encodeRecord);
  }

  /** Signs an entry at the present time, which moves on by a second. */
  entry<Type extends EntryType>(author: string, type: Type, body: Bodies[Type], keys = keysOf(author)): EntryOf<Type> {
    this.nowMs += 1000;
    return signEntry({ network, author, atMs: this.nowMs, type, body }, keys);
  }

  post<Type extends EntryType>(author: string, type: Type, body: Bodies[Type], keys = keysOf(author)): LedgerRecord {
    return this.append(this.entry(author, type, body, keys));
  }

  append(entry: unknown): LedgerRecord {
    const record = this.sequencer.append(entry, this.nowMs);
    this.records.push(record);
    return record;
  }

  join(organisation: string, keys = keysOf(organisation)): LedgerRecord {
    const member = memberOf(organisation, keys);
    return this.post(operator, 'member.joined', { member, consent: signConsent({ network, member }, keys) });
  }

  /** Proposes as the first party and signs as the others. @returns the agreement's id. */
  agree(parties: readonly string[], terms: AgreementTerms = {}): string {
    const agreement = this.propose(parties, terms);
    for (const party of parties.slice(1)) this.post(party, 'agreement.signed', { agreement });
    return agreement;
  }

  propose(parties: readonly string[], terms: AgreementTerms = {}): string {
    const agreement = terms.id ?? this.sequencer.tree.size.toString(16).padStart(64, '0');
    this.post(parties[0]!, 'agreement.proposed', {
      agreement,
      parties,
      datasets: parties.filter((party) => party !== terms.room).map((owner) => ({ owner, dataset: 'crm' })),
      ...(terms.room === undefined ? { operation: 'match' } : { operation: 'room', room: terms.room }),
      usesMax: terms.usesMax ?? 3,
      expiresAt: new Date(this.nowMs + (terms.forMs ?? 86_400_000)).toISOString().replace(/\.\d+Z$/, 'Z'),
    });
    return agreement;
  }

  finished(job: string, parties: readonly string[], outcome = 'f'.repeat(64)): Bodies['job.finished'] {
    const signatures = parties.map((organisation) => ({
      organisation,
      signature: signOutcome({ job, outcome }, keysOf(organisation)),
    }));
    return { job, outcome, signatures };
  }

  mirror(organisation: string): Mirror {
    return new Mirror({ log: this.log, organisation, keyPair: keysOf(organisation) });
  }
}
