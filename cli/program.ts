/** From what was typed to the command that it means: the tree of commands, its help, its usage errors. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { CommandSpec, Given, OptionSpec } from './command.ts';
import { groups } from './commands/index.ts';
import { CommandError } from './problem.ts';
import { textWidth } from './show/text.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';
import { type Language, languageOf, type Words, wordsIn } from './words/index.ts';

/** What was asked for, before anything is done about it. */
export type Parsed =
  | { readonly kind: 'run'; readonly spec: CommandSpec; readonly given: Given; readonly common: Common }
  /** Help or the version was asked for, and has been written. */
  | { readonly kind: 'told' };

/** The options that every command takes. */
export interface Common {
  readonly home: string | undefined;
  readonly json: boolean;
  readonly yes: boolean;
}

/**
 * Reads a command line. Only the file of the command that it names is loaded.
 * @param line the arguments after the program's name.
 * @throws {CommandError} `usage` for what does not parse, in the language asked for.
 */
export async function parse(line: readonly string[], terminal: Terminal): Promise<Parsed> {
  const language = languageOf(optionValue(line, '--lang'), terminal.env);
  const words = wordsIn(language);
  let parsed: Parsed = { kind: 'told' };
  const program = root(language, words, terminal);
  const named = operands(line).filter((word) => word !== 'help')[0];
  for (const group of groups) {
    for (const [name, load] of Object.entries(group.commands)) {
      const heading = words.groups[group.name];
      if (name !== named) {
        program
          .command(name)
          .helpGroup(heading)
          .summary(words.commands[name as keyof Words['commands']]);
        continue;
      }
      const file = (await load()).default(words);
      for (const spec of file) {
        add({ program, spec, heading, words }, (given, common) => {
          parsed = { kind: 'run', spec, given, common };
        });
      }
    }
  }
  try {
    await program.parseAsync([...line], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return { kind: 'told' };
    throw usageError(error, named, words);
  }
  return parsed;
}

function root(language: Language, words: Words, terminal: Terminal): Command {
  const titles: Record<string, string> = {
    'Usage:': words.help.usage,
    'Arguments:': words.help.arguments,
    'Options:': words.help.options,
    'Global Options:': words.help.commonOptions,
    'Commands:': words.help.commands,
  };
  const program = new Command('causeway')
    .description(words.program)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.output.write(text),
      writeErr: (text) => terminal.error.write(text),
      getOutHelpWidth: () => terminal.columns() ?? 100,
      getErrHelpWidth: () => terminal.columns() ?? 100,
      outputError: () => {},
    })
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => titles[title] ?? title,
      displayWidth: textWidth,
      optionDescription: (option) => option.description,
      argumentDescription: (argument) => argument.description,
      // `[options] [command]` says nothing that the page below does not.
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' '),
    })
    .helpOption('-h, --help', words.help.helpOption)
    .helpCommand(false)
    .version(version, '-V, --version', words.help.versionOption)
    .option('--home <folder>', words.common.home)
    .option('--json', words.common.json, false)
    .option('--yes', words.common.yes, false)
    .addOption(new Option('--lang <language>', words.common.lang).choices(['en', 'zh']).default(language))
    .usage(words.help.usageLine);
  program.helpCommand('help [command]', words.help.helpCommand);
  return program;
}

/** Hangs one command into the tree, its noun first where it has one. */
function add(
  { program, spec, heading, words }: { program: Command; spec: CommandSpec; heading: string; words: Words },
  chosen: (given: Given, common: Common) => void,
): void {
  const [, path, args] = /^([^<[]+?)\s*([<[].*)?$/.exec(spec.usage) ?? [];
  const names = (path ?? '').split(' ');
  let parent = program;
  for (const [depth, name] of names.slice(0, -1).entries()) {
    const known = parent.commands.find((command) => command.name() === name);
    const about = words.commands[names.slice(0, depth + 1).join(' ') as keyof Words['commands']];
    parent = known ?? parent.command(name).summary(about).description(about);
    parent.helpCommand(false);
    if (depth === 0) parent.helpGroup(heading);
  }
  const about = words.commands[path as keyof Words['commands']];
  const command = parent
    .command(names.at(-1) ?? '')
    .summary(about)
    .description(about);
  if (parent === program) command.helpGroup(heading);
  for (const term of (args ?? '').split(' ').filter((term) => term !== '')) {
    const name = term.replace(/[<>[\].]/g, '');
    command.argument(term, words.arguments[name as keyof Words['arguments']]);
  }
  for (const option of spec.options) command.addOption(optionOf(option, words));
  command.addHelpText('after', () => {
    const lines = spec.examples.map((example) => `  $ causeway ${example}`);
    return ['', words.help.examples, ...lines].join('\n');
  });
  command.action((...given: unknown[]) => {
    const { home, json, yes } = command.optsWithGlobals();
    chosen(
      { arguments: given.slice(0, -2) as string[], options: command.opts() },
      { home, json: json === true, yes: yes === true },
    );
  });
}

function optionOf(spec: OptionSpec, words: Words): Option {
  const notes = [
    ...(spec.choices === undefined ? [] : [spec.choices.join(' | ')]),
    ...(spec.default === undefined ? [] : [words.help.defaultIs(spec.default)]),
    ...(spec.required === true ? [words.help.required] : []),
    ...(spec.repeated === true ? [words.help.repeated] : []),
  ];
  const option = new Option(spec.flags, notes.length === 0 ? spec.about : `${spec.about} (${notes.join('; ')})`);
  if (spec.choices !== undefined) option.choices(spec.choices);
  if (spec.required === true) option.makeOptionMandatory();
  const check = (text: string): unknown => {
    if (spec.choices !== undefined && !spec.choices.includes(text)) {
      throw new InvalidArgumentError(words.usage.notOneOf(spec.choices.join(', ')));
    }
    return spec.parse === undefined ? text : spec.parse(text);
  };
  if (spec.repeated === true) {
    // Without a default where it is required: commander takes a default for a given value.
    if (spec.required !== true) option.default([]);
    option.argParser<unknown>((text, before) => [...((before as unknown[] | undefined) ?? []), check(text)]);
  } else if (spec.flags.includes('<')) {
    option.argParser(check);
  }
  return option;
}

function argumentTerm(argument: { name(): string; required: boolean; variadic: boolean }): string {
  const name = argument.variadic ? `${argument.name()}...` : argument.name();
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** Commander's sentences are English and lack the next step: keep what it found, say it again. */
function usageError(error: CommanderError, named: string | undefined, words: Words): CommandError {
  const quoted = [...error.message.matchAll(/'([^']*)'/g)].map((match) => match[1] ?? '');
  const [first = '', second = ''] = quoted;
  const hint = /Did you mean (?:one of )?(.*?)\?\)/.exec(error.message)?.[1];
  const detail = ((): string => {
    switch (error.code) {
      case 'commander.unknownCommand':
        return words.usage.unknownCommand(first, hint);
      case 'commander.unknownOption':
        return words.usage.unknownOption(first, hint);
      case 'commander.missingArgument':
        return words.usage.missingArgument(first);
      case 'commander.missingMandatoryOptionValue':
        return words.usage.missingOption(first);
      case 'commander.optionMissingArgument':
        return words.usage.missingValue(first);
      case 'commander.invalidArgument':
        return words.usage.invalidValue({
          option: first,
          value: second,
          why: error.message.split(' is invalid. ')[1] ?? '',
        });
      case 'commander.excessArguments':
        return words.usage.tooManyArguments;
      case 'commander.help':
        return words.usage.incomplete;
      default:
        return error.message.replace(/^error: /, '');
    }
  })();
  const help =
    named !== undefined && groups.some((group) => named in group.commands)
      ? `causeway ${named} --help`
      : 'causeway --help';
  return new CommandError('usage', detail, words.usage.remedy(help));
}

/** The operands of a line, the values of common options left out; enough to tell which file to load. */
function operands(line: readonly string[]): string[] {
  const found: string[] = [];
  for (let index = 0; index < line.length; index += 1) {
    const word = line[index] ?? '';
    if (word === '--home' || word === '--lang') index += 1;
    else if (!word.startsWith('-')) found.push(word);
  }
  return found;
}

export function optionValue(line: readonly string[], name: string): string | undefined {
  for (const [index, word] of line.entries()) {
    if (word === name) return line[index + 1];
    if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
  }
  return undefined;
}
