/** What a result's address says beside the job: the run that it is held against. */
export interface ResultSearch {
  readonly base?: string;
}

export function resultSearch({ base }: Readonly<Record<string, unknown>>): ResultSearch {
  return typeof base === 'string' && base !== '' ? { base } : {};
}
