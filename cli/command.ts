/** What a command file declares, and what a running command is given. */
import type { Cli } from './cli.ts';
import type { Words } from './words/index.ts';

/** One option of one command. What `parse` throws (commander’s `InvalidArgumentError`) is the reason in a usage error that names the option. */
export interface OptionSpec {
  /** As commander writes it: `--name <name>`, `--detach`. */
  readonly flags: string;
  readonly about: string;
  readonly required?: true;
  /** May be given several times; the values arrive as a list, empty where it is absent. */
  readonly repeated?: true;
  readonly choices?: readonly string[];
  /** Shown in the help; not filled in. */
  readonly default?: string;
  readonly parse?: (text: string) => unknown;
}

/** One command: how it is typed, what its help says, and what it does. */
export interface CommandSpec {
  /** Words and arguments: `dataset add <file>`. */
  readonly usage: string;
  readonly options: readonly OptionSpec[];
  /** Whole lines as typed, without `causeway`; each must parse. */
  readonly examples: readonly string[];
  /** @returns what the process ends with; nothing for 0. */
  readonly run: (cli: Cli, given: Given) => Promise<number> | Promise<void>;
}

/** What was typed, checked against the specification. */
export interface Given<Arguments = readonly string[], Options = Readonly<Record<string, unknown>>> {
  readonly arguments: Arguments;
  readonly options: Options;
}

/** What a file of `commands/` exports by default. */
export type CommandFile = (words: Words) => readonly CommandSpec[];

/**
 * Declares a command. The two type parameters state what the usage and the options parse to; nothing else checks that
 * they agree, so they stand next to each other.
 */
export function command<Options = Record<never, never>, Arguments extends readonly unknown[] = readonly []>(spec: {
  readonly usage: string;
  readonly options?: readonly OptionSpec[];
  readonly examples: readonly [string, ...string[]];
  readonly run: (cli: Cli, given: Given<Arguments, Readonly<Options>>) => Promise<number> | Promise<void>;
}): CommandSpec {
  return {
    usage: spec.usage,
    options: spec.options ?? [],
    examples: spec.examples,
    run: (cli, given) => spec.run(cli, given as unknown as Given<Arguments, Readonly<Options>>),
  };
}
