/** Seeds that once broke a rule, with what they showed: run before all others. */
export const regressions: readonly { readonly seed: number; readonly showed: string }[] = [
  { seed: 1324, showed: 'a database that failed while a published key was looked up failed the job' },
];
