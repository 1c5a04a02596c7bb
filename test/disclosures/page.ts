/** `docs/who-learns-what.md`, drawn from the statements that parties sign. */
import { fileURLToPath } from 'node:url';
import { disclose } from '@causeway/core/applications/agreement';
import { type Case, cases } from './cases.ts';

export const pagePath: string = fileURLToPath(new URL('../../docs/who-learns-what.md', import.meta.url));

const opening = `# Who learns what

Each agreement states who will learn what. The text is made from the terms alone, all parties sign its digest with them, and tests hold what a run sends to it. This page is drawn from
those statements (\`node test/disclosures/write.ts\`), for one agreement of every operation, protocol and form that there is: a brand with about 1,000,000 customers proposes to a media
house with about 3,000,000 users. What is not listed is not learned: no side sees an identifier of another.

\`causeway agreement show\` has the statement of an agreement at hand, in English and Chinese. Reports of a room are told to its receivers as
[their own plans](../core/applications/request/README.md) say.`;

export function drawPage(of: readonly Case[] = cases): string {
  const groups = [...new Set(of.map(({ group }) => group))];
  const sections = groups.map((group) => {
    const own = of.filter((each) => each.group === group);
    return [`## ${group}`, ...sharedAssumptions(own), ...own.map((each) => sectionOf(each, own))].join('\n\n');
  });
  return `${[opening, ...sections].join('\n\n')}\n`;
}

function sectionOf({ title, terms }: Case, group: readonly Case[]): string {
  const { parties, flows, assumptions, words } = disclose(terms);
  const rows = parties.map(({ organisation, learns }) => {
    const facts = learns.map((fact) => cellOf(fact.words.en)).join('<br>');
    return `| ${organisation} | ${facts === '' ? 'nothing' : facts} |`;
  });
  const crossing = flows.map(
    ({ from, to, words: what, bytesAbout }) =>
      `| ${from} → ${to} | ${cellOf(what.en)} | ${bytesAbout === undefined ? 'by what the rows hold' : sizeOf(bytesAbout)} |`,
  );
  const shared = sharedAssumptions(group);
  const own = assumptions.map(({ en }) => `- ${en}`).filter((line) => !shared.join('\n').split('\n').includes(line));
  return [
    `### ${title[0]!.toUpperCase()}${title.slice(1)}`,
    words.en,
    ['| | learns |', '| --- | --- |', ...rows].join('\n'),
    ['| way | what crosses the wire | about |', '| --- | --- | --- |', ...crossing].join('\n'),
    ...(own.length === 0 ? [] : [own.join('\n')]),
  ].join('\n\n');
}

function sizeOf(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${Math.round(bytes / 1e6)} MB`;
}

/** What all of a group rest on is said once. */
function sharedAssumptions(group: readonly Case[]): readonly string[] {
  const [first = [], ...rest] = group.map(({ terms }) => disclose(terms).assumptions.map(({ en }) => en));
  const shared = first.filter((text) => rest.every((other) => other.includes(text)));
  return shared.length === 0 ? [] : [shared.map((text) => `- ${text}`).join('\n')];
}

function cellOf(text: string): string {
  return text.replaceAll('|', '\\|');
}
