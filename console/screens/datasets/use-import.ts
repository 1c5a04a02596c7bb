/** The taking in of a file as the node tells it: begun, followed by its events, cancelled, ended. */
import type { RequestOf, ResponseOf } from '@causeway/core/api';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';

type Operation = ResponseOf<'operation.show'>;

/** @param done is called with the new dataset's id. */
export function useImport(done: (dataset: string) => void) {
  const queries = useQueryClient();
  const [operation, setOperation] = useState<Operation>();
  const action = useAction(async (request: RequestOf<'dataset.add'>) => {
    const { operation: id } = await client.dataset.add(request);
    try {
      for await (const event of client.operation.events({ operation: id })) {
        setOperation(event.operation);
        if (event.operation.error !== undefined) throw event.operation.error;
        if (event.operation.result?.kind === 'dataset') {
          await queries.invalidateQueries({ queryKey: ['datasets'] });
          done(event.operation.result.dataset);
        }
      }
    } finally {
      setOperation(undefined);
    }
  });
  return {
    operation,
    error: action.error,
    isRunning: action.isRunning,
    start: action.run,
    cancel: () => {
      if (operation !== undefined) void client.operation.cancel({ operation: operation.id });
    },
  };
}
