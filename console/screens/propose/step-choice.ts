/** Which step of a proposal an address names; another word names none. */
export const proposalSteps = ['who', 'terms', 'limits', 'preview'] as const;
export type Step = (typeof proposalSteps)[number];

export function stepChoice(search: Readonly<Record<string, unknown>>): { readonly step?: Step } {
  const step = proposalSteps.find((one) => one === search.step);
  return step === undefined ? {} : { step };
}
