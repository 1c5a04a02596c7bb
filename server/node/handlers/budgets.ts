import { pairRhoMax } from '@causeway/core/policy';
import type { DomainHandlers } from '../../http/index.ts';
import type { PrivacyAccount, PrivacySpending } from '../privacy-account.ts';
import { type Services, timeText } from '../services.ts';

export function budgetHandlers(
  { store, network, home }: Services,
  account: PrivacyAccount,
): Pick<DomainHandlers, 'budget.list'> {
  return {
    'budget.list': async () => {
      const { organisation } = home.config;
      const datasets = await store.datasets.all();
      const partners = network
        .members()
        .map((member) => member.organisation)
        .filter((partner) => partner !== organisation);
      const pairs = datasets.flatMap(({ id, name }) => partners.map((partner) => ({ dataset: id, name, partner })));
      const spent =
        network.ledgerIfAny === undefined ? [] : await Promise.all(pairs.map((pair) => account.spent(pair)));
      return {
        items: pairs.flatMap((pair, at) => {
          const own = spent[at] ?? [];
          if (own.length === 0) return [];
          const committed = own.reduce((sum, { rho }) => sum + rho, 0);
          return [{ ...pair, committed, most: pairRhoMax, spent: own.map(spendingView) }];
        }),
      };
    },
  };
}

function spendingView({ atMs, ...spending }: PrivacySpending) {
  return { ...spending, ...(atMs === undefined ? {} : { at: timeText(atMs) }) };
}
