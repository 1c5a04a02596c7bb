/** What the catalogue offers a proposal: partners, their datasets, and identifiers that two or more datasets have in common. */
import type { ResponseOf } from '@causeway/core/api';

export type Offered = ResponseOf<'catalogue.list'>['items'][number];
export type Member = ResponseOf<'network.members'>['items'][number];

/** Members of the network that can be asked: all but this organisation, and whoever has left. */
export function partnersAmong(members: readonly Member[]): readonly Member[] {
  return members.filter(({ self, status }) => !self && status === 'member');
}

export function datasetsOf(catalogue: readonly Offered[], owner: string): readonly Offered[] {
  return catalogue.filter((one) => one.owner === owner);
}

/** By its id, or by the name that it was published under. */
export function datasetNamed(catalogue: readonly Offered[], owner: string, reference: string): Offered | undefined {
  return datasetsOf(catalogue, owner).find(({ dataset, name }) => dataset === reference || name === reference);
}

/** The type of an identifier profile, which is its first word: `phone` of `phone:US/sha256`. Whether two forms of it can be compared, the node says. */
export function kindOf(profile: string): string {
  return /^[a-z]+/i.exec(profile)?.[0].toLowerCase() ?? profile;
}

/** Kinds of identifiers that all of some datasets have, in the order of the first. */
export function commonKinds(datasets: readonly (Offered | undefined)[]): readonly string[] {
  const [first, ...others] = datasets;
  if (first === undefined || others.some((other) => other === undefined)) return [];
  const kinds = [...new Set(first.description.ids.map(({ profile }) => kindOf(profile)))];
  return kinds.filter((kind) =>
    others.every((other) => other!.description.ids.some(({ profile }) => kindOf(profile) === kind)),
  );
}
