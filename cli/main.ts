/** The `causeway` command: reads the line, runs one command, ends with its exit code. */

import type { Cli } from './cli.ts';
import { exitCodeOf, exitCodes, problemLines, problemOf } from './problem.ts';
import { optionValue, parse } from './program.ts';
import { jsonText } from './show/json.ts';
import type { Terminal } from './terminal.ts';
import type { Language } from './words/index.ts';
import { languageOf, wordsIn } from './words/index.ts';

/**
 * @param line the arguments after the program’s name.
 * @returns what the process ends with: 0 only on success, 2 for a line that cannot be carried out as typed,
 * 130 where the person broke off, else 1. With `--json` exactly one document is on the output then, the answer or a
 * problem (RFC 9457); everything else went to `terminal.error`.
 */
export async function main(line: readonly string[], terminal: Terminal): Promise<number> {
  const language: Language = languageOf(optionValue(line, '--lang'), terminal.env);
  const words = wordsIn(language);
  let cli: Cli | undefined;
  try {
    const parsed = await parse(line, terminal);
    if (parsed.kind === 'told') return exitCodes.done;
    // Loaded only now: `--help` needs neither the client nor the route table.
    const { openCli } = await import('./cli.ts');
    cli = openCli({ terminal, words, language, ...parsed.common });
    return (await parsed.spec.run(cli, parsed.given)) ?? exitCodes.done;
  } catch (error) {
    const problem = problemOf(error, words, cli?.address());
    if (line.includes('--json')) terminal.output.write(`${jsonText(problem)}\n`);
    terminal.error.write(
      problemLines(problem, words)
        .map((text) => `${text}\n`)
        .join(''),
    );
    return exitCodeOf(error);
  }
}
