import { describe, expect, it } from 'vitest';
import { keysOf, TestNetwork } from '../../test/ledger-network.ts';
import { bytesToBase64 } from '../bytes/index.ts';
import { type LedgerError, type LedgerErrorCode, roomSuites } from './index.ts';

const keyOf = (name: string) => bytesToBase64(keysOf(name).publicKey);
const manifest = 'a'.repeat(64);
const answer = { question: 'b'.repeat(64), result: 'c'.repeat(64), receivers: ['brand'], rho: 5000 };
const selection = { audience: 'd'.repeat(64), result: 'e'.repeat(64), receiver: 'media' };
const contributors = ['brand', 'media'] as const;
const parties = [...contributors, 'clean'];

const refusal = (work: () => unknown): LedgerErrorCode | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as LedgerError).code;
  }
};

/** A network with a room that the clean house keeps, up to a stage of its life. */
class TestRoom {
  readonly net = TestNetwork.with('brand', 'media', 'clean', 'shop');
  readonly agreement: string;

  constructor(forMs?: number) {
    this.agreement = this.net.agree(parties, { room: 'clean', ...(forMs === undefined ? {} : { forMs }) });
  }

  start(room = 'room-1'): this {
    this.net.post('brand', 'job.started', { job: room, agreement: this.agreement });
    return this;
  }

  open(room = 'room-1', key = keyOf('first')): this {
    this.net.post('clean', 'room.opened', { room, key, suite: roomSuites[0], software: 'causeway 1' });
    return this;
  }

  join(who: string, room = 'room-1', key = keyOf('first')): this {
    this.net.post(who, 'room.joined', { room, key });
    return this;
  }

  upload(who: string, room = 'room-1'): this {
    this.net.post(who, 'room.uploaded', { room, manifest });
    return this;
  }

  seal(): this {
    for (const who of contributors) this.join(who).upload(who);
    this.net.post('clean', 'job.finished', this.net.finished('room-1', parties));
    return this;
  }

  answer(who = 'clean', changes: Partial<typeof answer> = {}): this {
    this.net.post(who, 'room.answered', { room: 'room-1', ...answer, ...changes });
    return this;
  }

  select(who = 'clean', changes: Partial<typeof selection> = {}): this {
    this.net.post(who, 'room.selected', { room: 'room-1', ...selection, ...changes });
    return this;
  }

  delete(who = 'clean'): this {
    this.net.post(who, 'room.deleted', { room: 'room-1' });
    return this;
  }

  acknowledge(who: string): this {
    this.net.post(who, 'room.acknowledged', { room: 'room-1', says: 'seen' });
    return this;
  }
}

const sealed = () => new TestRoom().start().open().seal();

describe('a room', () => {
  it('lives from its key to the acknowledgement of its deletion, and its job tells all of it', () => {
    const room = sealed().answer().select().delete().acknowledge('brand').acknowledge('media');
    expect(room.net.state.room('room-1')).toMatchObject({
      keeper: 'clean',
      key: keyOf('first'),
      joined: ['brand', 'media'],
      uploads: contributors.map((organisation) => ({ organisation, manifest })),
      answers: [{ question: answer.question }],
      audiences: [selection],
      acknowledged: [{ organisation: 'brand', says: 'seen' }, { organisation: 'media' }],
    });
    expect(room.net.state.room('room-1')?.deletedAtMs).toBeGreaterThan(0);
    // Started, opened, joined and uploaded twice, finished, answered, selected, deleted, acknowledged twice.
    expect(room.net.state.job('room-1')?.records).toHaveLength(12);
  });

  it('is agreed on with one that keeps it, who is a party', () => {
    const net = TestNetwork.with('brand', 'media', 'clean');
    expect(refusal(() => net.propose(['brand', 'media'], { room: 'clean' }))).toBe('not-permitted');
    const body = {
      parties,
      datasets: [{ owner: 'brand', dataset: 'crm' }],
      usesMax: 1,
      expiresAt: '2030-01-01T00:00:00Z',
    };
    const proposed = (changes: object) => () =>
      net.post('brand', 'agreement.proposed', { agreement: manifest, ...body, ...changes } as never);
    expect(refusal(proposed({ operation: 'room' }))).toBe('malformed-entry');
    expect(refusal(proposed({ operation: 'match', room: 'clean' }))).toBe('malformed-entry');
    expect(refusal(proposed({ operation: 'room', room: 'clean' }))).toBeUndefined();
  });
});

describe('the rules refuse', () => {
  it.each<[string, LedgerErrorCode, () => unknown]>([
    [
      'a key by one who does not keep the room',
      'not-permitted',
      () =>
        new TestRoom()
          .start()
          .net.post('brand', 'room.opened', { room: 'room-1', key: keyOf('x'), suite: roomSuites[0], software: 's' }),
    ],
    ['a key under no job', 'job-unknown', () => new TestRoom().open()],
    ['a second key', 'already-reported', () => new TestRoom().start().open().open('room-1', keyOf('second'))],
    ['a key of an earlier room', 'key-in-use', () => sealed().delete().start('room-2').open('room-2')],
    [
      'a key after the job has ended',
      'job-not-running',
      () => {
        const room = new TestRoom().start();
        room.net.post('clean', 'job.failed', { job: 'room-1', code: 'internal', exchanged: false });
        room.open();
      },
    ],
    [
      'joining under another key',
      'wrong-key',
      () => new TestRoom().start().open().join('brand', 'room-1', keyOf('other')),
    ],
    ['joining twice', 'already-reported', () => new TestRoom().start().open().join('brand').join('brand')],
    ['joining before there is a key', 'room-unknown', () => new TestRoom().start().join('brand')],
    ['joining by the keeper', 'not-permitted', () => new TestRoom().start().open().join('clean')],
    ['joining by a stranger', 'not-permitted', () => new TestRoom().start().open().join('shop')],
    ['an upload before joining', 'not-permitted', () => new TestRoom().start().open().upload('brand')],
    [
      'a second upload',
      'already-reported',
      () => new TestRoom().start().open().join('brand').upload('brand').upload('brand'),
    ],
    ['an upload after the seal', 'job-not-running', () => sealed().upload('brand')],
    ['an answer before the seal', 'job-not-finished', () => new TestRoom().start().open().answer()],
    ['an answer by a contributor', 'not-permitted', () => sealed().answer('brand')],
    ['an answer to a stranger', 'not-permitted', () => sealed().answer('clean', { receivers: ['shop'] })],
    ['one question twice', 'already-reported', () => sealed().answer().answer()],
    ['an answer after the deletion', 'room-deleted', () => sealed().delete().answer()],
    ['an audience before the seal', 'job-not-finished', () => new TestRoom().start().open().select()],
    ['an audience by a contributor', 'not-permitted', () => sealed().select('brand')],
    ['an audience for a stranger', 'not-permitted', () => sealed().select('clean', { receiver: 'shop' })],
    ['one audience twice', 'already-reported', () => sealed().select().select()],
    ['an audience after the deletion', 'room-deleted', () => sealed().delete().select()],
    ['a deletion in the middle of loading', 'agreement-busy', () => new TestRoom().start().open().delete()],
    ['a deletion by a contributor', 'not-permitted', () => sealed().delete('brand')],
    ['a second deletion', 'already-reported', () => sealed().delete().delete()],
    ['an acknowledgement of no deletion', 'room-not-deleted', () => sealed().acknowledge('brand')],
    ['a second acknowledgement', 'already-reported', () => sealed().delete().acknowledge('brand').acknowledge('brand')],
    ['an acknowledgement by the keeper', 'not-permitted', () => sealed().delete().acknowledge('clean')],
    ['another run while the room is there', 'room-open', () => sealed().start('room-2')],
  ])('%s', (_, code, work) => {
    expect(refusal(work)).toBe(code);
  });

  it('[F78] an answer once anybody has revoked the agreement, or it has expired', () => {
    const revoked = sealed();
    revoked.net.post('media', 'agreement.revoked', { agreement: revoked.agreement });
    expect(refusal(() => revoked.answer())).toBe('agreement-revoked');
    expect(refusal(() => revoked.select())).toBe('agreement-revoked');
    expect(refusal(() => revoked.delete())).toBeUndefined();
    const expired = new TestRoom(60_000).start().open().seal();
    expired.net.nowMs += 60_000;
    expect(refusal(() => expired.answer())).toBe('agreement-expired');
    expect(refusal(() => expired.select())).toBe('agreement-expired');
    expect(refusal(() => expired.delete())).toBeUndefined();
  });

  it('nothing of a new run once the old room is deleted', () => {
    expect(refusal(() => sealed().delete().start('room-2').open('room-2', keyOf('second')))).toBeUndefined();
  });
});
