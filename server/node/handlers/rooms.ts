import type { ResponseOf } from '@causeway/core/api';
import { contributorsOf } from '@causeway/core/applications/room';
import type { RoomState } from '@causeway/core/ledger';
import { type DomainHandlers, notFound } from '../../http/index.ts';
import type { AudienceTold, RoomAudiences, Rooms } from '../../rooms/index.ts';
import { termsOf } from '../agreements.ts';
import type { ReceivedAudiences } from '../received-audiences.ts';

import { type Services, timeText } from '../services.ts';
import { audienceView } from './audiences.ts';

type Names =
  `room.${'list' | 'show' | 'preview' | 'ask' | 'previewReport' | 'report' | 'select' | 'audiences' | 'answers' | 'close'}`;
type RoomView = ResponseOf<'room.show'>;
type AnswerView = ResponseOf<'room.ask'>['answer'];
type KeptView = ResponseOf<'room.answers'>['items'][number]['answer'];
type ReportView = ResponseOf<'room.report'>['report'];

export function roomHandlers(
  services: Services,
  of: { readonly rooms: Rooms; readonly audiences: RoomAudiences; readonly received: ReceivedAudiences },
): Pick<DomainHandlers, Names> {
  const { rooms, audiences, received } = of;
  const { network, store, clock, home } = services;
  const { organisation } = home.config;
  const isOurs = ({ agreement }: RoomState) =>
    network.ledgerIfAny?.state.agreement(agreement)?.parties.includes(organisation) ?? false;
  const find = (reference: string): RoomState => {
    const room = network.ledgerIfAny?.state.room(reference);
    if (!room || !isOurs(room)) throw notFound();
    return room;
  };
  const view = async (room: RoomState): Promise<RoomView> => {
    const row = await store.agreements.find(room.agreement);
    const terms = row && termsOf(row);
    const contributors = terms?.operation === 'room' ? contributorsOf(terms) : [];
    return {
      id: room.room,
      agreement: room.agreement,
      keeper: room.keeper,
      status: rooms.statusOf(room),
      contributors: contributors.map((organisation) => {
        const upload = room.uploads.find((one) => one.organisation === organisation);
        const said = room.acknowledged.find((one) => one.organisation === organisation);
        return {
          organisation,
          joined: room.joined.includes(organisation),
          ...(upload ? { manifest: upload.manifest } : {}),
          ...(said ? { acknowledged: said.says } : {}),
        };
      }),
      receivers: terms?.operation === 'room' ? [...terms.receivers] : [],
      answers: room.answers.length,
      audiences: room.audiences.length,
      ...(room.deletedAtMs === undefined ? {} : { deletedAt: timeText(room.deletedAtMs) }),
    };
  };
  return {
    'room.list': async () => {
      const own = (network.ledgerIfAny?.state.rooms() ?? []).filter(isOurs);
      return { items: await Promise.all(own.map(view)) };
    },
    'room.show': async ({ params }) => view(find(params.room)),
    'room.preview': async ({ params, body }) => ({ ...(await rooms.preview(find(params.room), body)) }),
    'room.previewReport': async ({ params, body }) => ({ ...(await rooms.preview(find(params.room), body)) }),
    'room.ask': async ({ params, body }) => {
      const answer = await rooms.ask(find(params.room), body);
      return { ...answer, answer: answer.answer as AnswerView };
    },
    'room.report': async ({ params, body }) => {
      const { answer, ...given } = await rooms.ask(find(params.room), body);
      return { ...given, report: answer as ReportView };
    },
    'room.select': async ({ params, body }) => {
      const { row, told } = await received.select({ room: find(params.room), ...body });
      return { audience: await audienceView(row, services), ...selectedView(told) };
    },
    'room.audiences': async ({ params }) => ({
      items: (await audiences.list(find(params.room))).map((told) => ({
        ...selectedView(told),
        receiver: told.receiver,
        at: timeText(told.atMs),
      })),
    }),
    'room.answers': async ({ params }) => {
      const room = find(params.room);
      const items = await rooms.answers(room.room);
      return {
        withdrawn: network.ledger.state.agreementStatus(room.agreement, clock.wallMs()) === 'revoked',
        items: items.map(({ question, statement, atMs, rho, answer }) => ({
          question,
          statement,
          at: timeText(atMs),
          rho,
          answer: answer as KeptView,
        })),
      };
    },
    'room.close': async ({ params }) => {
      const room = find(params.room);
      const status = network.ledger.state.agreementStatus(room.agreement, clock.wallMs());
      if (status !== 'revoked') await network.ledger.append('agreement.revoked', { agreement: room.agreement });
      return view(find(params.room));
    },
  };
}

function selectedView({ audience, result, words, size }: AudienceTold) {
  return { selection: audience, result, rule: words, size: [...size] };
}
