/** Seeds that once broke a rule, with what they showed: run before all others. */
export const regressions: readonly { readonly seed: number; readonly showed: string }[] = [];
