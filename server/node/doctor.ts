/** Looks over the node itself, and the way to a partner and back. */
import { statfs } from 'node:fs/promises';
import type { Services } from './services.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly remedy?: string;
}

const freeBytesMin = 2 ** 30;

export async function checkNode(services: Services, peer: string | undefined): Promise<Check[]> {
  if (peer !== undefined) return services.doctor(peer);
  const { database, kernel, home, network, links } = services;
  const { bavail, bsize } = await statfs(home.folder);
  const free = bavail * bsize;
  const alarm = network.ledgerIfAny?.alarm;
  const checks: Check[] = [
    {
      name: 'database',
      ok: database.state() === 'up',
      detail: `${database.kind} PostgreSQL ${database.version}, ${database.state()}`,
    },
    {
      name: 'disk',
      ok: free >= freeBytesMin,
      detail: `${(free / 2 ** 30).toFixed(1)} GiB free in ${home.folder}`,
      ...(free >= freeBytesMin ? {} : { remedy: 'free some space: a match of a million rows needs about 200 MB' }),
    },
    {
      name: 'kernel',
      ok: kernel.distrusted.length === 0,
      detail: [kernel.name, ...kernel.distrusted.map((name) => `not ${name}, which computes wrongly here`)].join(', '),
      ...(kernel.distrusted.length === 0 ? {} : { remedy: 'build it again: npm run build:native' }),
    },
    {
      name: 'network',
      ok: network.summary !== undefined,
      detail: network.summary ? `${network.summary.name}, run by ${network.summary.operator}` : 'in no network',
      ...(network.summary
        ? {}
        : { remedy: 'found or join one: causeway network create NAME, causeway network join INVITE' }),
    },
  ];
  if (network.summary) {
    checks.push({
      name: 'ledger',
      ok: alarm === undefined,
      detail: alarm?.message ?? `${network.ledger.tree.size} records, verified`,
      ...(alarm ? { remedy: 'keep the evidence, and speak with the other members before anything runs' } : {}),
    });
  }
  for (const { organisation, state, lastFailure } of links.status()) {
    const ok = state === 'connected';
    checks.push({
      name: `link ${organisation}`,
      ok,
      detail: ok ? 'connected' : (lastFailure?.detail ?? state),
      ...(ok ? {} : { remedy: `look closer with: causeway doctor --peer ${organisation}` }),
    });
  }
  return checks;
}
