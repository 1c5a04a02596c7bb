/** The way from an empty node to the first result: what is done, and what comes next. */
import type { ResponseOf } from '@causeway/core/api';

type Agreement = ResponseOf<'agreement.list'>['items'][number];

export const stepNames = ['network', 'dataset', 'publish', 'agree', 'run'] as const;
export type StepName = (typeof stepNames)[number];

export interface FirstStep {
  readonly name: StepName;
  readonly state: 'done' | 'next' | 'later';
  /** The step is next, and there has to be something of others first: another member, or its dataset. */
  readonly waitsFor?: 'members' | 'datasets';
  /** The agreement that the step is about, where there is one. */
  readonly agreement?: string;
  /** The dataset that the step is about, where there is one. */
  readonly dataset?: string;
}

/** @returns undefined once there is a result: then nobody has to be shown the way. */
export function firstSteps(read: {
  readonly hasNetwork: boolean;
  /** Other members of the network. */
  readonly others: number;
  readonly datasets: readonly { readonly id: string; readonly status: string }[];
  readonly catalogue: readonly { readonly self: boolean }[];
  readonly agreements: readonly Pick<Agreement, 'id' | 'status'>[];
  readonly jobs: readonly { readonly status: string }[];
}): readonly FirstStep[] | undefined {
  const { hasNetwork, others, datasets, catalogue, agreements, jobs } = read;
  if (jobs.some(({ status }) => status === 'finished')) return undefined;
  const active = agreements.find(({ status }) => status === 'active');
  const open = agreements.find(({ status }) => status === 'proposed' || status === 'draft');
  const done: Readonly<Record<StepName, boolean>> = {
    network: hasNetwork,
    dataset: datasets.length > 0,
    publish: datasets.some(({ status }) => status === 'published'),
    agree: active !== undefined,
    run: false,
  };
  const next = stepNames.find((name) => !done[name]);
  const about = (active ?? open)?.id;
  const unpublished = datasets.find(({ status }) => status === 'ready')?.id;
  const isAlone = open === undefined && !catalogue.some(({ self }) => !self);
  return stepNames.map((name) => ({
    name,
    state: done[name] ? 'done' : name === next ? 'next' : 'later',
    ...(name === 'agree' && name === next && isAlone ? { waitsFor: others === 0 ? 'members' : 'datasets' } : {}),
    ...((name === 'agree' || name === 'run') && about !== undefined ? { agreement: about } : {}),
    ...(name === 'publish' && unpublished !== undefined ? { dataset: unpublished } : {}),
  }));
}
