/** The documents that figures stand in, and the figures put in their places. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { figures } from './figures.ts';

const root = join(import.meta.dirname, '../..');

export const documents = ['README.md', 'README.zh-CN.md', 'docs/performance.md', 'console/README.md'] as const;

export const pathOf = (document: string): string => join(root, document);

export const readDocument = (document: string): string => readFileSync(pathOf(document), 'utf8');

/** A text with every figure drawn anew. @throws {Error} for a place that names no figure. */
export function withFigures(text: string): string {
  return text.replaceAll(/<!-- figure: ([\w-]+) -->\n[\s\S]*?<!-- end -->/g, (_, name: string) => {
    const draw = Object.hasOwn(figures, name) ? figures[name] : undefined;
    if (!draw) throw new Error(`there is no figure ${name}`);
    return `<!-- figure: ${name} -->\n${draw()}\n<!-- end -->`;
  });
}

/** Names of the figures in a text. */
export function figuresIn(text: string): readonly string[] {
  return [...text.matchAll(/<!-- figure: ([\w-]+) -->/g)].map(([, name]) => name!);
}
