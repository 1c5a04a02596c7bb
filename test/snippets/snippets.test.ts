/** What the documents tell people to do works: their commands and programs are run as they stand. */
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Block, blocksOf, commandsOf, documents, projectRoot, readDocument } from './markdown.ts';
import { type Ended, Session } from './session.ts';

const all = documents();
const translation = 'README.zh-CN.md';
const isRun = ({ document, language }: Block) =>
  document !== translation && (language === 'console' || language === 'ts');
const told = all.filter((document) => blocksOf(document).some(isRun));

/** How a command of a document is held to what is there. */
function kindOf(command: string): 'run' | 'script' | 'file' | 'unknown' {
  if (command.includes(' && ')) {
    const kinds = new Set(command.split(' && ').map(kindOf));
    return kinds.size === 1 ? [...kinds][0]! : 'unknown';
  }
  if (/^npx causeway /.test(command)) return 'run';
  if (/^npm (ci|test|run [a-z:]+)( -- .*)?$/.test(command)) return 'script';
  if (/^(node|npx vitest run) [a-z/.-]+/.test(command)) return 'file';
  return 'unknown';
}

describe('code in a document', () => {
  it('is a console session, a program, JSON, or a drawing: nothing that would go unread', () => {
    const odd = all
      .flatMap((document) => blocksOf(document))
      .filter(({ language }) => !['console', 'ts', 'json', ''].includes(language));
    expect(odd).toEqual([]);
  });

  it('in a console holds only commands of a kind that is tested', () => {
    const commands = all.flatMap((document) =>
      blocksOf(document)
        .filter(({ language }) => language === 'console')
        .flatMap(commandsOf),
    );
    expect(commands.filter((command) => kindOf(command) === 'unknown')).toEqual([]);
  });

  it('names npm scripts and files that exist', () => {
    const { scripts } = JSON.parse(readFileSync(`${projectRoot}package.json`, 'utf8')) as { scripts: object };
    for (const document of all) {
      for (const command of blocksOf(document).flatMap(commandsOf)) {
        if (kindOf(command) === 'script') {
          const named = [...command.matchAll(/\bnpm (?:run )?([a-z:]+)/g)].map((match) => match[1]);
          for (const script of named) if (script !== 'ci') expect(Object.keys(scripts), command).toContain(script);
        }
        const file = /^(?:node|npx vitest run) (\S+)/.exec(command)?.[1];
        if (kindOf(command) === 'file') expect(existsSync(projectRoot + file), command).toBe(true);
      }
    }
  });

  it('links to files that exist', () => {
    const broken = all.flatMap((document) => brokenLinks(document, readDocument(document)));
    expect(broken).toEqual([]);
    expect(brokenLinks('README.md', 'see [this](docs/nothing.md)')).toEqual(['README.md: docs/nothing.md']);
  });
});

/** For a loaded machine; nothing is measured. */
const timeout = 600_000;

describe.each(told)('%s', (document) => {
  let session: Session;
  beforeAll(async () => {
    session = await Session.open();
  });
  afterAll(() => session.close(), timeout);

  it('does what it says from the first line to the last, and tells the figures that come out', {
    timeout,
  }, async () => {
    const ends: Ended[] = [];
    for (const block of blocksOf(document).filter(isRun)) {
      const steps = block.language === 'ts' ? [block.text] : commandsOf(block).filter((line) => kindOf(line) === 'run');
      for (const step of steps) {
        const end = block.language === 'ts' ? await session.runScript(step) : await session.run(step);
        expect(end.code, `${document}:${block.line}: ${step}\n${end.output}`).toBe(0);
        ends.push(end);
      }
    }
    const rest = await session.rest();
    for (const { code, command, output } of rest) expect(code, `${command}\n${output}`).toBe(0);
    if (document !== 'README.md') return;
    const connector = ends.find(({ command }) => command.includes(' match --connect '));
    const [advertiser, media] = figuresOf(readDocument(document));
    expect([advertiser.length, media.length]).toEqual([5, 5]);
    for (const figure of advertiser) expect(numbersIn(rest[0]!.output), figure).toContain(figure);
    for (const figure of media) expect(numbersIn(connector!.output), figure).toContain(figure);
  });
});

/** The figures of the table of what each side learns: the advertiser's, the media's. */
function figuresOf(text: string): [string[], string[]] {
  const rows = text
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.split('|').length === 6);
  const cells = rows.map((line) => line.split('|').slice(1, -1));
  return [cells.flatMap(([a, b]) => numbersIn(`${a} ${b}`)), cells.flatMap(([, , c, d]) => numbersIn(`${c} ${d}`))];
}

function numbersIn(text: string): string[] {
  return text.match(/\b(\d{1,3}(?:,\d{3})+|\d{3})\b/g) ?? [];
}

describe('the Chinese README', () => {
  it('has the commands and the figures of the English one', () => {
    const code = (document: string) => blocksOf(document).map(({ language, text }) => ({ language, text }));
    expect(code(translation)).toEqual(code('README.md'));
    expect(figuresOf(readDocument(translation))).toEqual(figuresOf(readDocument('README.md')));
  });
});

describe('the check itself', () => {
  it('finds a command that fails, an option that is not there, and a program that throws', { timeout }, async () => {
    const session = await Session.open();
    try {
      expect((await session.run('npx causeway evidence verify nothing.json')).code).not.toBe(0);
      expect((await session.run('npx causeway generate --persons 5')).code).toBe(2);
      expect((await session.runScript("throw new Error('x');")).code).not.toBe(0);
      await expect(session.run('npx causeway run AGREEMENT')).rejects.toThrow(/AGREEMENT/);
    } finally {
      await session.close();
    }
  });

  it('takes the figures of each side from its own columns', () => {
    const text = 'a\n| x | 1,234 | of 2,345 | 151 + 9 |\n\n## b\n| x | 3,456 | y | 4,567 |';
    expect(figuresOf(text)).toEqual([['1,234'], ['2,345', '151']]);
  });

  it('reads blocks, continued lines and output apart', () => {
    const [block, ...more] = blocksOf('x.md', 'a\n```console\n$ npx causeway a \\\n    --b\nout\n$ npm ci\n```\n');
    expect(more).toEqual([]);
    expect(commandsOf(block!)).toEqual(['npx causeway a --b', 'npm ci']);
    expect(() => blocksOf('x.md', '```ts\n')).toThrow(/x.md:1/);
  });
});

function brokenLinks(document: string, text: string): string[] {
  const folder = document.includes('/') ? document.slice(0, document.lastIndexOf('/') + 1) : '';
  const prose = text.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!.split('#')[0]!)
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target) && !existsSync(projectRoot + folder + target))
    .map((target) => `${document}: ${target}`);
}
