/** All results of a node in one list: of finished jobs, and of what rooms were asked. */
import type { ResponseOf } from '@causeway/core/api';
import { type Asked, askedOf } from './asked.ts';

type Job = ResponseOf<'job.list'>['items'][number];
type Room = ResponseOf<'room.list'>['items'][number];
type Given = ResponseOf<'room.answers'>['items'][number];

interface Listed {
  readonly agreement: string;
  readonly partners: readonly string[];
  readonly at: string;
}

export type ListedResult = Listed &
  (
    | { readonly from: 'job'; readonly kind: 'match' | 'segments' | 'activation'; readonly job: string }
    | { readonly from: 'room'; readonly kind: Asked['kind']; readonly room: string; readonly question: string }
  );

/** @returns newest first. */
export function listedResults(of: {
  readonly jobs: readonly Job[];
  readonly rooms: readonly (Room & { readonly given: readonly Given[] })[];
}): readonly ListedResult[] {
  const ofJobs = of.jobs.flatMap((job): ListedResult[] => {
    const { id, agreement, partners, told, finishedAt, status } = job;
    // The side that gives the figures of an insight is told none.
    if (status !== 'finished' || finishedAt === undefined || told === undefined) return [];
    return [{ from: 'job', kind: told, job: id, agreement, partners, at: finishedAt }];
  });
  const ofRooms = of.rooms.flatMap(({ id, agreement, contributors, given }) =>
    given.map(({ question, statement, at }): ListedResult => {
      const partners = contributors.map(({ organisation }) => organisation);
      return { from: 'room', room: id, question, kind: askedOf(statement).kind, agreement, partners, at };
    }),
  );
  return [...ofJobs, ...ofRooms].toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}
