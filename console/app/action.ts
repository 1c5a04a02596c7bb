/** Something that a person does to the node: one at a time, and what came of it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';

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
  const mutation = useMutation({
    mutationFn: act,
    onSuccess: (output) => {
      for (const key of options.changes ?? []) void queries.invalidateQueries({ queryKey: [key] });
      options.done?.(output);
    },
  });
  return { run: (input) => mutation.mutate(input), isRunning: mutation.isPending, error: mutation.error };
}
