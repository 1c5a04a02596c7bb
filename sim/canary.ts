/** Faults of the product, made on purpose: each must be caught, or the rules of a run check nothing. */
import type { MatchJobPorts } from '@causeway/server/jobs/match';
import type { WorkFolder } from '@causeway/server/jobs/work';
import type { NetworkLedger } from '@causeway/server/ledger';
import type { Links } from '@causeway/server/link';
import { withChannels } from './node/watched-links.ts';
import { overlay } from './world/overlay.ts';

const ofMatches = [
  /** A job gives out its result before the ledger says finished. */
  'release-ignores-ledger',
  /** A message reaches a job twice. */
  'message-twice',
  /** The disk says that it has synced, and has not. */
  'disk-never-syncs',
  /** One row of a list is forgotten. */
  'row-forgotten',
  /** A result that was given out is not found again after a crash, and given out anew. */
  'release-forgets',
  /** A published dataset is named after somebody. */
  'identifier-on-ledger',
  /** A stored record changes. */
  'record-altered',
  /** A node that crashed never comes back. */
  'node-never-returns',
  /** What a job kept on the disk stays there after its end. */
  'nothing-erased',
  /** A list's file stays open. */
  'file-left-open',
  /** A side that fails says that nothing was exchanged, whatever it sent. */
  'exchange-denied',
] as const;

const ofRooms = [
  'row-forgotten',
  'disk-never-syncs',
  /** An answer is told, and not kept: told again, it is another one. */
  'answer-not-kept',
  /** A budget is looked at first, and charged then. */
  'double-spend',
  /** The keeper says that it has erased a room, and has not. */
  'room-not-erased',
] as const;

export const canaries = { match: ofMatches, room: ofRooms } as const;
export type Canary = (typeof canaries)[keyof typeof canaries][number];

/** The ledger as a job sees it that believes its own outcome to be the ledger's. */
export function credulous(ports: MatchJobPorts): MatchJobPorts {
  const outcomes = new Map<string, string>();
  const ledger = overlay(ports.ledger, {
    get state() {
      const { state } = ports.ledger;
      return overlay(state, {
        job: (id: string) => {
          const outcome = outcomes.get(id);
          const job = state.job(id);
          return job && outcome !== undefined ? { ...job, status: 'finished' as const, outcome } : job;
        },
      });
    },
  } as Partial<NetworkLedger>);
  const calls = overlay(ports.calls, {
    offer: (own) => {
      outcomes.set(own.job, own.outcome);
      ports.calls.offer(own);
    },
  });
  return { ...ports, ledger, calls };
}

/** A work folder that forgets that an exchange began. */
export function forgetful(folder: WorkFolder): WorkFolder {
  return overlay(folder, {
    readSmall: async (name) => (name === 'exchanging' ? undefined : folder.readSmall(name)),
  });
}

/** Links whose channels give every n-th message twice. */
export function repeating(links: Links, everyCount: number): Links {
  let count = 0;
  return withChannels(links, (channel) => {
    let again: Uint8Array | undefined;
    return overlay(channel, {
      receive: async (options) => {
        const message = again ?? (await channel.receive(options));
        again = again === undefined && ++count % everyCount === 0 ? message : undefined;
        return message;
      },
    });
  });
}
