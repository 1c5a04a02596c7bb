/**
 * A guest's visit from the link to the result: the secret becomes a session, the list becomes terms, the terms become a consent, and the
 * match runs. What the host says is held to what the page was shown: the terms to the invite, the outcome to what was computed here, the
 * evidence to the terms.
 */
import { verifyEvidence } from '@causeway/core/applications/agreement';
import {
  checkTerms,
  disclose,
  type GuestOffer,
  type GuestTerms,
  guestLearning,
  guestOffer,
  guestTerms,
  matchOf,
} from '@causeway/core/applications/guest';
import {
  agreementId,
  type Disclosure,
  type MatchOutcome,
  outcomeDigest,
  showCounts,
} from '@causeway/core/applications/match';
import { bytesToBase64, bytesToHex, bytesToUtf8, hexToBytes, utf8ToBytes } from '@causeway/core/bytes';
import { type Ed25519KeyPair, ed25519SeedBytes, keyPairFromSeed } from '@causeway/core/crypto';
import { guestName, roundRowsAbout, signGuestConsent, signOutcome } from '@causeway/core/ledger';
import type { RandomSource } from '@causeway/core/random';
import { type Client, createClient } from '@causeway/sdk';
import type { KeyList } from '../list/key-list.ts';
import { type Exchanged, type ExchangeKernel, type ExchangeOptions, exchange } from './exchange.ts';
import { FrameStream, type Question, Refusal } from './frame-stream.ts';

export interface VisitOptions {
  /** Of the node; `''` on its own page. */
  readonly url: string;
  readonly kernel: ExchangeKernel;
  readonly random: RandomSource;
  readonly fetch?: typeof globalThis.fetch;
}

export interface Agreed {
  readonly terms: GuestTerms;
  readonly agreement: string;
  readonly disclosure: Disclosure;
  /** The name under which this guest signs. */
  readonly guest: string;
}

export interface VisitResult {
  readonly counts: ReturnType<typeof showCounts>;
  /** Own rows that the host has too, ascending; undefined for a guest that does not learn rows. */
  readonly rows: readonly number[] | undefined;
  /** What shows later that it was so: verifies without a node. */
  readonly evidence: unknown;
  readonly seconds: number;
}

/** The host's node said something that does not fit what it had said before, or ended the run and said why. */
export class VisitError extends Error {
  override readonly name = 'VisitError';
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

export class Visit {
  readonly offer: GuestOffer;
  readonly #options: VisitOptions;
  readonly #client: Client;
  readonly #session: string;
  /** Of this run alone: it is made here and ends with the page. */
  readonly #keyPair: Ed25519KeyPair;

  private constructor(options: VisitOptions, client: Client, opened: { session: string; offer: GuestOffer }) {
    this.#options = options;
    this.#client = client;
    this.#session = opened.session;
    this.offer = opened.offer;
    this.#keyPair = keyPairFromSeed(options.random.bytes(ed25519SeedBytes));
  }

  /** @throws {ApiError} `guest-invite` where the invite is over. */
  static async open(secret: string, options: VisitOptions): Promise<Visit> {
    const client = createClient({ url: options.url, ...(options.fetch ? { fetch: options.fetch } : {}) });
    const { session, offer } = await client.visit.open({ secret });
    const parsed = guestOffer.safeParse(offer);
    if (!parsed.success) throw new VisitError('wrong-version', 'this page and the node are of different versions');
    return new Visit(options, client, { session, offer: parsed.data });
  }

  /**
   * Tells the host the kind of list, about how long it is and how densely numbers lie; nothing else leaves before a consent.
   * @throws {VisitError} `terms-differ` where the terms are not those of the invite.
   */
  async propose(list: Pick<KeyList, 'count' | 'density'>, profile: string): Promise<Agreed> {
    const key = bytesToBase64(this.#keyPair.publicKey);
    const { density } = list;
    const said = { key, profile, rowsAbout: roundRowsAbout(list.count), ...(density === undefined ? {} : { density }) };
    const { terms } = await this.#client.visit.propose({ session: this.#session, list: said });
    const parsed = guestTerms.safeParse(terms);
    if (!parsed.success || !this.#areOffered(parsed.data, said))
      throw new VisitError('terms-differ', 'the terms are not those that the invite showed');
    checkTerms(parsed.data);
    return {
      terms: parsed.data,
      agreement: agreementId(parsed.data),
      disclosure: disclose(parsed.data),
      guest: guestName(key),
    };
  }

  /** Whether terms say nothing else than the invite and the list. */
  #areOffered({ host, guest, round, limits, ...terms }: GuestTerms, said: { key: string; profile: string }): boolean {
    const { offer } = this;
    const learns = guestLearning(offer.receiver);
    return (
      terms.network === offer.network &&
      terms.purpose === offer.purpose &&
      host.organisation === offer.host.organisation &&
      host.learns === learns.host &&
      guest.learns === learns.guest &&
      guest.key === said.key &&
      guest.rowsMax === offer.limits.rowsMax &&
      round.guest.profile === said.profile &&
      limits.minimumListRows === offer.limits.minimumListRows &&
      limits.minimumGroupRows === offer.limits.minimumGroupRows
    );
  }

  /**
   * Consents and runs.
   * @throws {ProtocolError} for a host that leaves the protocol; {VisitError} with what the host says of a failure of its own. Nothing is given out then.
   */
  async run(
    { terms, agreement }: Agreed,
    list: KeyList,
    onProgress: ExchangeOptions['onProgress'],
  ): Promise<VisitResult> {
    const startedMs = performance.now();
    const run = new Run(this.#keyPair);
    const { url, fetch, kernel, random } = this.#options;
    const stream = await FrameStream.open({
      url,
      session: this.#session,
      ...(fetch ? { fetch } : {}),
      answer: (question) => run.answer(question),
    });
    try {
      const of = { network: terms.network, host: terms.host.organisation, agreement };
      const { job } = await this.#client.visit.consent({
        session: this.#session,
        agreement,
        consent: signGuestConsent(of, this.#keyPair),
      });
      const exchanged = await exchange({
        kernel,
        random,
        wire: stream,
        binding: { network: terms.network, agreement, job, profile: terms.round.form },
        party: {
          plan: hexToBytes(agreement),
          learns: { own: terms.guest.learns, peer: terms.host.learns },
          peerCount: { min: terms.limits.minimumListRows, max: terms.host.rowsMax },
        },
        keys: list.keys,
        onProgress,
      });
      run.computed(outcomeOf({ terms, agreement, job }, exchanged, kernel.name));
      const evidence = await Promise.race([run.finished, untilEnded(stream)]);
      if (!verifyEvidence(evidence).ok)
        throw new VisitError('evidence-invalid', 'the evidence that the node gave does not verify');
      return { ...learned(terms, list, exchanged), evidence, seconds: (performance.now() - startedMs) / 1000 };
    } catch (error) {
      throw run.failure ?? error;
    } finally {
      stream.close();
    }
  }
}

/** What the page says and hears of a run beside its messages. */
class Run {
  readonly #keyPair: Ed25519KeyPair;
  readonly #finished = Promise.withResolvers<unknown>();
  #outcome: { readonly job: string; readonly digest: string } | undefined;
  #failure: VisitError | undefined;

  constructor(keyPair: Ed25519KeyPair) {
    this.#keyPair = keyPair;
  }

  /** The evidence, once the ledger has the end of the run. */
  get finished(): Promise<unknown> {
    return this.#finished.promise;
  }

  /** What the host says of its failure, if it did. */
  get failure(): VisitError | undefined {
    return this.#failure;
  }

  computed(outcome: MatchOutcome): void {
    this.#outcome = { job: outcome.job, digest: outcomeDigest(outcome) };
  }

  async answer({ method, body }: Question): Promise<Uint8Array> {
    const asked = JSON.parse(bytesToUtf8(body)) as Readonly<Record<string, unknown>>;
    switch (method) {
      case 'job.running':
        return json({ isRunning: true });
      case 'job.sign':
        return json({ signature: this.#sign(asked) });
      case 'job.failed':
        this.#failure = new VisitError(String(asked.code), String(asked.detail));
        return json({});
      case 'guest.finished':
        this.#finished.resolve(asked);
        return json({});
      default:
        throw new Refusal('unknown-method', 'a guest does not know this question');
    }
  }

  /** Signs what was computed here, and nothing else. */
  #sign(asked: Readonly<Record<string, unknown>>): string {
    if (!this.#outcome) throw new Refusal('not-ready', 'this side has not come to the end of the run yet');
    const { job, digest } = this.#outcome;
    if (asked.job !== job || asked.outcome !== digest)
      throw new Refusal('transcript', 'the parties computed different outcomes');
    return signOutcome({ job, outcome: digest }, this.#keyPair);
  }
}

function outcomeOf(
  { terms, agreement, job }: { readonly terms: GuestTerms; readonly agreement: string; readonly job: string },
  { root, peer, transcript }: Exchanged,
  kernel: string,
): MatchOutcome {
  return {
    version: 1,
    job,
    agreement,
    rounds: [
      {
        form: terms.round.form,
        roots: { proposer: bytesToHex(peer.root), partner: bytesToHex(root) },
        kernels: { proposer: peer.kernel, partner: kernel },
        transcript: bytesToHex(transcript),
      },
    ],
  };
}

function learned(terms: GuestTerms, list: KeyList, { matched, peer }: Exchanged): Pick<VisitResult, 'counts' | 'rows'> {
  const { learns } = terms.guest;
  const rows = learns === 'rows' ? Array.from(matched).flatMap((position) => list.rows[position]!) : undefined;
  const counts = showCounts(
    list.rowCount,
    [
      {
        form: matchOf(terms).rounds[0]!.form,
        rows: list.rowCount,
        keys: list.count,
        partnerKeys: peer.count,
        matchedKeys: learns === 'nothing' ? undefined : matched.length,
        matchedRows: rows?.length,
      },
    ],
    terms.limits.minimumGroupRows,
  );
  return { counts, rows: rows?.sort((a, b) => a - b) };
}

/** @throws what ended the stream. */
async function untilEnded(stream: FrameStream): Promise<never> {
  await stream.receive();
  throw new VisitError('wrong-order', 'the node sent something after the end');
}

function json(value: unknown): Uint8Array {
  return utf8ToBytes(JSON.stringify(value));
}
