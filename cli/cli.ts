/** What a running command holds: where its answer goes, its home, its language, and the node that it talks to. */
import { type Client, createClient } from '@causeway/sdk';
import { type HomeConfig, homeFolder, readConfig, readToken } from './home.ts';
import { jsonText } from './show/json.ts';
import { visible } from './show/text.ts';
import type { Terminal } from './terminal.ts';
import type { Language, Words } from './words/index.ts';

/** One sentence of the API in both languages. */
export interface BothLanguages {
  readonly en: string;
  readonly zh: string;
}

export interface Cli {
  readonly terminal: Terminal;
  readonly words: Words;
  readonly language: Language;
  /** `--yes`: what would be asked is answered with yes. */
  readonly yes: boolean;
  readonly json: boolean;
  /** Absolute path of the home folder; it need not exist. */
  readonly home: string;
  /** @throws {CommandError} where no node was made in the home folder. */
  readonly config: () => HomeConfig;
  /** Where the API is, once it was asked for. */
  readonly address: () => string | undefined;
  /** The node’s API, with this home’s token. Nothing is sent before its first call. */
  readonly api: () => Client;
  /** The one answer of a command: the document with `--json`, else the lines. Called once, last. */
  readonly answer: (document: unknown, lines: () => readonly string[]) => void;
  /** A line beside the answer: progress, what is about to be asked. */
  readonly note: (...lines: readonly string[]) => void;
  /** The API’s sentence in the language of this run. */
  readonly say: (words: BothLanguages) => string;
}

export function openCli(given: {
  readonly terminal: Terminal;
  readonly words: Words;
  readonly language: Language;
  readonly home: string | undefined;
  readonly json: boolean;
  readonly yes: boolean;
}): Cli {
  const { terminal, words, language, json, yes } = given;
  const home = homeFolder(given.home, terminal);
  const config = () => readConfig(home, words);
  let client: Client | undefined;
  return {
    terminal,
    words,
    language,
    yes,
    json,
    home,
    config,
    address: () => (client === undefined ? undefined : config().api),
    api: () => {
      client ??= createClient({ url: `http://${config().api}`, token: readToken(home, terminal, words) });
      return client;
    },
    answer: (document, lines) => {
      terminal.output.write(
        json
          ? `${jsonText(document)}\n`
          : lines()
              .map((line) => `${line}\n`)
              .join(''),
      );
    },
    note: (...lines) => {
      terminal.error.write(lines.map((line) => `${visible(line)}\n`).join(''));
    },
    say: (sentence) => sentence[language],
  };
}
