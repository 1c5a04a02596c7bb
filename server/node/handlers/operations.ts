import { ApiProblem, type DomainHandlers, notFound } from '../../http/index.ts';
import { type LocalOperations, operationView } from '../local-operations.ts';
import { type Services, timeText } from '../services.ts';

type Names = `operation.${'list' | 'show' | 'events' | 'cancel'}`;

export function operationHandlers(
  { store, clock }: Services,
  operations: LocalOperations,
): Pick<DomainHandlers, Names> {
  const find = async (id: string) => {
    const row = await store.operations.find(id);
    if (!row) throw notFound();
    return row;
  };
  return {
    'operation.list': async () => ({ items: (await store.operations.recent()).map(operationView) }),
    'operation.show': async ({ params }) => operationView(await find(params.operation)),
    'operation.events': async ({ params }, { signal, lastSequence }) => {
      await find(params.operation);
      const rows = store.operations.watch(params.operation, { signal, after: lastSequence });
      return (async function* () {
        for await (const row of rows)
          yield { sequence: row.sequence, at: timeText(clock.wallMs()), operation: operationView(row) };
      })();
    },
    'operation.cancel': async ({ params }) => {
      await find(params.operation);
      const row = await operations.cancel(params.operation);
      if (!row) throw new ApiProblem({ code: 'conflict', detail: 'the operation has ended already' });
      return operationView(row);
    },
  };
}
