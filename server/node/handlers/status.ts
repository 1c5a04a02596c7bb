import type { ResponseOf } from '@causeway/core/api';
import { bytesToHex } from '@causeway/core/bytes';
import type { DomainHandlers } from '../../http/index.ts';
import { checkNode } from '../doctor.ts';
import { type Services, timeText } from '../services.ts';

type Names = `node.${'health' | 'status' | 'doctor' | 'stop'}`;
type Status = ResponseOf<'node.status'>;

export function statusHandlers(services: Services): Pick<DomainHandlers, Names> {
  const { home, network, links, store, database, kernel, clock } = services;
  return {
    'node.health': async () => ({ status: database.state() === 'up' ? ('up' as const) : ('failing' as const) }),
    'node.status': async () => {
      const ledger = network.ledgerIfAny;
      const status: Status = {
        organisation: home.config.organisation,
        name: network.ownName,
        version: services.software,
        startedAt: timeText(services.startedAtMs),
        uptimeSeconds: Math.floor((clock.wallMs() - services.startedAtMs) / 1000),
        kernel: kernel.name,
        database: { state: databaseState(database.state()), kind: database.kind, version: database.version },
        ...(network.summary ? { network: network.summary } : {}),
        ...(ledger
          ? {
              ledger: {
                records: ledger.tree.size,
                root: bytesToHex(ledger.tree.root()),
                checkedAt: timeText(ledger.state.sequencedAt),
              },
            }
          : {}),
        links: links.status().map(({ organisation, state, connectedSinceMs, lastFailure }) => ({
          organisation,
          state,
          ...(connectedSinceMs === undefined ? {} : { since: timeText(connectedSinceMs) }),
          ...(lastFailure && state !== 'connected' ? { detail: lastFailure.detail } : {}),
        })),
        jobs: await store.jobs.count(),
        memoryBytes: process.memoryUsage().rss,
        warnings: warningsOf(services),
      };
      return status;
    },
    'node.doctor': async ({ body }) => {
      const checks = await checkNode(services, body.peer);
      return { ok: checks.every(({ ok }) => ok), checks };
    },
    'node.stop': async () => {
      services.stop();
      return {};
    },
  };
}

function databaseState(state: string): Status['database']['state'] {
  return state === 'up' ? 'up' : state === 'down' ? 'down' : 'recovering';
}

function warningsOf({ network, links, kernel }: Services): Status['warnings'] {
  const alarm = network.ledgerIfAny?.alarm;
  const isUnconfirmed = network.ledgerIfAny?.isUnconfirmed ?? false;
  const expiring = links.status().flatMap(({ warnings }) => warnings.map((detail) => ({ code: 'partner', detail })));
  return [
    ...(alarm
      ? [
          {
            code: alarm.code,
            detail: alarm.message,
            remedy: 'keep the evidence, and speak with the other members before anything runs',
          },
        ]
      : []),
    ...(isUnconfirmed
      ? [
          {
            code: 'unconfirmed',
            detail:
              'the ledger was restored from a backup; nothing is added before half of the members have said whether they hold more',
            remedy: 'see that the nodes of the other members are up and can be reached',
          },
        ]
      : []),
    ...kernel.distrusted.map((name) => ({
      code: 'kernel',
      detail: `the kernel ${name} computes wrongly on this machine, and is not used; ${kernel.name} is`,
      remedy: 'build it again: npm run build:native; if that does not help, look for what is wrong with the machine',
    })),
    ...links.warnings().map((detail) => ({ code: 'certificate', detail })),
    ...expiring,
  ];
}
