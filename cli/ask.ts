/** Questions to a person; where nobody can be asked, the answer must be on the command line, and the error says how. */
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import type { Cli } from './cli.ts';
import { readText } from './files.ts';
import { CommandError } from './problem.ts';
import { visible } from './show/text.ts';

/** Returns where the answer is yes. @throws {CommandError} `declined`, or `needs-option` naming `--yes`. */
export async function confirm(cli: Cli, question: string): Promise<void> {
  if (cli.yes) return;
  const { confirm: ask, isCancel } = await prompts(cli, '--yes', question);
  const agreed = await ask({
    message: visible(question),
    initialValue: false,
    ...streams(cli),
    active: cli.words.ask.yes,
    inactive: cli.words.ask.no,
  });
  if (isCancel(agreed) || !agreed) throw declined(cli);
}

/** Before work begins whose end will be a question. @throws {CommandError} `needs-option` where nobody could answer it. */
export function mustSayYes(cli: Cli, question: string): void {
  if (!cli.yes && !cli.terminal.interactive) throw nobody(cli, '--yes', question);
}

/** One line of text. `option` is what gives it without a terminal. */
export async function askText(
  cli: Cli,
  { question, option, initial }: Question & { readonly initial?: string },
): Promise<string> {
  const { text, isCancel } = await prompts(cli, option, question);
  const answer = await text({
    message: visible(question),
    ...streams(cli),
    ...(initial === undefined ? {} : { initialValue: initial }),
    validate: (value) => (value === undefined || value.trim() === '' ? cli.words.ask.empty : undefined),
  });
  if (isCancel(answer)) throw declined(cli);
  return answer.trim();
}

/** Some of a list, none of them where that is allowed. */
export async function askSome(
  cli: Cli,
  {
    question,
    option,
    choices,
    chosen,
    atLeastOne,
  }: Question & {
    readonly choices: readonly { readonly value: string; readonly label: string }[];
    readonly chosen: readonly string[];
    readonly atLeastOne: boolean;
  },
): Promise<readonly string[]> {
  const { multiselect, isCancel } = await prompts(cli, option, question);
  const answer = await multiselect({
    message: visible(question),
    ...streams(cli),
    options: choices.map(({ value, label }) => ({ value, label: visible(label) })),
    initialValues: [...chosen],
    required: atLeastOne,
  });
  if (isCancel(answer)) throw declined(cli);
  return answer;
}

/** A secret: typed unseen, or the first line of `file`, where `-` is the input. It is never an argument, which every user of the machine could read. */
export async function askSecret(
  cli: Cli,
  { question, option, file }: Question & { readonly file: string | undefined },
): Promise<string> {
  if (file !== undefined) {
    const whole =
      file === '-' ? await readAll(cli.terminal.input) : await readText(cli, resolve(cli.terminal.folder, file));
    return whole.split(/\r?\n/, 1)[0] ?? '';
  }
  const { password, isCancel } = await prompts(cli, option, question);
  const answer = await password({ message: visible(question), ...streams(cli) });
  if (isCancel(answer)) throw declined(cli);
  return answer;
}

interface Question {
  readonly question: string;
  readonly option: string;
}

/** @throws {CommandError} `needs-option` where there is nobody to ask. */
async function prompts(cli: Cli, option: string, question: string): Promise<typeof import('@clack/prompts')> {
  if (!cli.terminal.interactive) throw nobody(cli, option, question);
  return import('@clack/prompts');
}

function streams(cli: Cli): { input: Readable; output: Writable } {
  return { input: cli.terminal.input, output: cli.terminal.error };
}

function nobody(cli: Cli, option: string, question: string): CommandError {
  return new CommandError('needs-option', cli.words.ask.nobody(question), cli.words.ask.nobodyRemedy(option));
}

function declined(cli: Cli): CommandError {
  return new CommandError('declined', cli.words.ask.declined);
}
