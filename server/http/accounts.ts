/** Users of the node: how they are made, how they sign in, and what keeps strangers from guessing. */
import { createHash } from 'node:crypto';
import type { Role } from '@causeway/core/api';
import type { Store, UserRow } from '../store/index.ts';
import { nameKey } from '../store/index.ts';
import { ApiProblem } from './api-problem.ts';
import type { PasswordHasher } from './password.ts';
import { hashSecret, newSecret, sessionPrefix, tokenPrefix } from './secrets.ts';

const minuteMs = 60_000;

export const sessionLimits = { idleMaxMs: 60 * minuteMs, lifeMaxMs: 12 * 60 * minuteMs } as const;

/** A name is tried five times, then after 1, 2, 4 … minutes. */
const nameRule = {
  freeAttempts: 5,
  firstWaitMs: minuteMs,
  waitMaxMs: 60 * minuteMs,
  forgetAfterMs: 24 * 60 * minuteMs,
};
/**
 * An address may try many names, as behind one office's door, but not all names. The wait stays short: behind a proxy
 * everyone has one address, and one stranger must not keep the others out.
 */
const addressRule = { freeAttempts: 50, firstWaitMs: minuteMs, waitMaxMs: minuteMs, forgetAfterMs: 60 * minuteMs };

export interface AccountsOptions {
  readonly store: Store;
  readonly hasher: PasswordHasher;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
}

export class Accounts {
  readonly #store: Store;
  readonly #hasher: PasswordHasher;
  readonly #now: () => number;
  readonly #random: (length: number) => Uint8Array;

  constructor(options: AccountsOptions) {
    this.#store = options.store;
    this.#hasher = options.hasher;
    this.#now = options.now;
    this.#random = options.random;
  }

  /**
   * Adds a user; without a password it works with tokens only.
   * @throws {StoreError} `conflict` when the name is taken.
   */
  async createUser(user: { name: string; roles: readonly Role[]; password?: string }): Promise<UserRow> {
    const passwordHash = user.password === undefined ? undefined : await this.#hasher.hash(user.password);
    return this.#store.users.create({
      id: this.#newId(),
      name: user.name,
      roles: user.roles,
      ...(passwordHash === undefined ? {} : { passwordHash }),
      atMs: this.#now(),
    });
  }

  /** @returns the token's secret, which is kept nowhere: only its hash is. */
  async createToken(token: { userId: string; name: string; expiresAtMs?: number }) {
    const secret = newSecret(this.#random, tokenPrefix);
    const row = await this.#store.tokens.create({
      ...token,
      id: this.#newId(),
      secretHash: hashSecret(secret),
      atMs: this.#now(),
    });
    return { token: row, secret };
  }

  /**
   * @returns the user and a new session, whatever session the request came with.
   * @throws {ApiProblem} `bad-credentials` for a wrong name, a wrong password and a disabled user alike, `too-many-attempts`.
   */
  async signIn(attempt: { name: string; password: string; source: string }) {
    const user = await this.#store.users.byName(attempt.name);
    const address = `address:${attempt.source}`;
    await this.#admit(address, addressRule);
    const active = user?.status === 'active' ? user : undefined;
    await this.#prove(attempt.name, active, attempt.password);
    await this.#store.signInFailures.takeBack(address);
    const session = await this.startSession(active!.id);
    await this.#store.users.signedIn(active!.id, this.#now());
    return { user: active!, ...session };
  }

  async startSession(userId: string): Promise<{ readonly secret: string; readonly csrf: string }> {
    const secret = newSecret(this.#random, sessionPrefix);
    const csrf = Buffer.from(this.#random(32)).toString('base64url');
    const atMs = this.#now();
    const expiresAtMs = atMs + sessionLimits.lifeMaxMs;
    await this.#store.sessions.removeExpired(atMs);
    await this.#store.signInFailures.forgetBefore(atMs - nameRule.forgetAfterMs);
    await this.#store.sessions.create({ secretHash: hashSecret(secret), userId, csrf, atMs, expiresAtMs });
    return { secret, csrf };
  }

  /** @throws {ApiProblem} as for signing in: a stolen session must not be a way to guess the password. */
  async changeOwnPassword(change: { userId: string; current: string; password: string; keepSession?: Uint8Array }) {
    const user = await this.#store.users.byId(change.userId);
    if (user === undefined) throw new ApiProblem({ code: 'bad-credentials', detail: 'the current password is wrong' });
    await this.#prove(user.name, user, change.current);
    await this.#store.users.setPassword(user.id, await this.#hasher.hash(change.password));
    await this.#store.sessions.endAllOf(
      user.id,
      change.keepSession === undefined ? {} : { except: change.keepSession },
    );
  }

  /** An admin sets it: the lock is lifted and the user's sessions end. @returns whether there is such a user. */
  async setPassword(userId: string, password: string): Promise<boolean> {
    const user = await this.#store.users.byId(userId);
    if (user === undefined) return false;
    await this.#store.users.setPassword(userId, await this.#hasher.hash(password));
    await this.#store.signInFailures.forget(nameSubject(user.name));
    await this.#store.sessions.endAllOf(userId);
    return true;
  }

  /** Until when the user's name is locked for signing in, if it is. */
  async lockedUntilMs(user: UserRow): Promise<number | undefined> {
    const failures = await this.#store.signInFailures.of(nameSubject(user.name));
    return failures !== undefined && failures.lockedUntilMs > this.#now() ? failures.lockedUntilMs : undefined;
  }

  async #prove(name: string, user: UserRow | undefined, password: string): Promise<void> {
    const subject = nameSubject(name);
    await this.#admit(subject, nameRule);
    const right = await this.#hasher.verify(user?.passwordHash ?? undefined, password).catch(async (error) => {
      await this.#store.signInFailures.takeBack(subject);
      throw error;
    });
    if (!right) {
      throw new ApiProblem({
        code: 'bad-credentials',
        detail: 'the user name or the password is wrong, or the user is disabled',
      });
    }
    await this.#store.signInFailures.forget(subject);
  }

  async #admit(subject: string, rule: typeof nameRule): Promise<void> {
    const admission = await this.#store.signInFailures.admit(subject, rule, this.#now());
    if (admission.admitted) return;
    const seconds = Math.max(1, Math.ceil((admission.untilMs - this.#now()) / 1000));
    throw new ApiProblem({
      code: 'too-many-attempts',
      detail: `after several failed attempts no further one is taken for ${seconds} s`,
      remedy: 'wait, or ask an admin of this node to set a new password',
      retryAfterSeconds: seconds,
    });
  }

  #newId(): string {
    return Buffer.from(this.#random(12)).toString('hex');
  }
}

/** Hashed, because people type passwords into the field of the name. */
function nameSubject(name: string): string {
  return `name:${createHash('sha256').update(nameKey(name)).digest('hex')}`;
}
