/** Something that a person does to the node: one at a time, and what came of it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';

export interface Action<Input> {
  readonly run: (input: Input) => void;
  readonly isRunning: boolean;
  readonly error: Error | null;
}

/** @param changes keys of the queries that are asked anew when it is done. */
export function useAction<Input, Output>(
  act: (input: Input) => Promise<Output>,
  options: { readonly changes?: readonly string[]; readonly done?: (output: Output) => void } = {},
): Action<Input> {
  const queries = useQueryClient();
  // What is pressed twice is done once: a second press can come before the first has been drawn.
  const isBusy = useRef(false);
  const mutation = useMutation({
    mutationFn: act,
    onSuccess: (output) => {
      for (const key of options.changes ?? []) void queries.invalidateQueries({ queryKey: [key] });
      options.done?.(output);
    },
    onSettled: () => {
      isBusy.current = false;
    },
  });
  const run = (input: Input) => {
    if (isBusy.current) return;
    isBusy.current = true;
    mutation.mutate(input);
  };
  return { run, isRunning: mutation.isPending, error: mutation.error };
}
