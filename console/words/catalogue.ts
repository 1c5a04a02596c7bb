import type { en } from './en/index.ts';

/** The shape of every language's words: the keys of the English ones. Languages without a singular leave `…_one` out. */
export type Catalogue = Widened<typeof en>;

type Widened<T> = {
  readonly [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : Widened<T[K]>;
};
