/** The project's documents, and the code that stands in them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const projectRoot: string = fileURLToPath(new URL('../../', import.meta.url));

/** One fenced block. */
export interface Block {
  /** Path of the document from the project's root. */
  readonly document: string;
  /** Line of its opening fence, from 1. */
  readonly line: number;
  /** What follows the fence; empty for a drawing. */
  readonly language: string;
  readonly text: string;
}

/** Every Markdown document of the project that git knows or would take up, sorted. */
export function documents(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  return listed.split('\n').filter(Boolean).sort();
}

export function readDocument(document: string): string {
  return readFileSync(projectRoot + document, 'utf8');
}

/** @throws {Error} for a fence that is not closed. */
export function blocksOf(document: string, text = readDocument(document)): readonly Block[] {
  const blocks: Block[] = [];
  let open: { line: number; language: string; lines: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^\s*```(.*)$/.exec(line);
    if (!fence) open?.lines.push(line);
    else if (open) {
      blocks.push({ document, line: open.line, language: open.language, text: open.lines.join('\n') });
      open = undefined;
    } else open = { line: index + 1, language: fence[1]!.trim(), lines: [] };
  }
  if (open) throw new Error(`${document}:${open.line}: the block is not closed`);
  return blocks;
}

/** The lines of a console block that a person types; what else stands there is what they see. */
export function commandsOf(block: Block): readonly string[] {
  return block.text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.startsWith('$ '))
    .map((line) => line.slice(2));
}
