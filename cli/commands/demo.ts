/** `causeway demo`: three organisations on this machine, one match between two of them, the evidence verified. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cli } from '../cli.ts';
import { type CommandFile, command } from '../command.ts';
import {
  type Apis,
  type Cast,
  type Login,
  makeCast,
  makeLogin,
  type Role,
  startCast,
  stopPlayer,
} from '../demo/cast.ts';
import { playStory, type Story } from '../demo/story.ts';
import { wholeNumber } from '../parse.ts';
import { CommandError, exitCodes } from '../problem.ts';
import { countLines } from '../show/job.ts';
import { indent, table } from '../show/table.ts';
import { visible } from '../show/text.ts';
import { number } from '../show/values.ts';
import type { Words } from '../words/index.ts';

interface Options {
  readonly people?: number;
  readonly seed?: number;
  readonly stay?: true;
}

/** Lists of the default size keep the default minimum. */
const defaultPeople = 6000;

const file: CommandFile = (words) => [
  command<Options>({
    usage: 'demo',
    options: [
      {
        flags: '--people <n>',
        about: words.demo.peopleAbout,
        default: String(defaultPeople),
        parse: wholeNumber(words, { min: 500, max: 100_000_000 }),
      },
      {
        flags: '--seed <n>',
        about: words.generate.seedAbout,
        default: '1',
        parse: wholeNumber(words, { min: 0, max: Number.MAX_SAFE_INTEGER }),
      },
      { flags: '--stay', about: words.demo.stayAbout },
    ],
    examples: ['demo', 'demo --people 100000', 'demo --stay'],
    run: (cli, { options }) => demo(cli, options),
  }),
];
export default file;

async function demo(cli: Cli, options: Options): Promise<number> {
  const { words } = cli;
  const people = options.people ?? defaultPeople;
  const begin = performance.now();
  const tell = (sentence: string) =>
    cli.note(`${((performance.now() - begin) / 1000).toFixed(1).padStart(5)} s  ${sentence}`);
  const stop = new AbortController();
  const forget = cli.terminal.onInterrupt(() => stop.abort(new CommandError('interrupted', words.demo.interrupted)));
  const folder = await mkdtemp(join(tmpdir(), 'causeway-demo-'));
  let cast: Cast | undefined;
  let stays = false;
  try {
    cast = await makeCast(folder);
    const files = join(folder, 'files');
    const made = generateFiles({ files, people, seed: options.seed ?? 1, signal: stop.signal });
    // Awaited after the nodes, which must all have started or failed before anything can be stopped.
    made.catch(() => {});
    const apis = await startCast(cli, cast);
    const expected = await made;
    stop.signal.throwIfAborted();
    tell(words.demo.started(number(people)));
    const minimumListRows = people < defaultPeople ? 50 : 1000;
    const story = await playStory({ apis, files, minimumListRows, signal: stop.signal, words, tell });
    check(story, expected, words);
    const logins = options.stay ? await makeLogins(apis) : undefined;
    stays = logins !== undefined;
    cli.answer(documentOf({ story, expected, people, cast, logins }), () => [
      ...storyLines(cli, story, cast as Cast),
      words.demo.asTruth(number(expected.crmRows), number(expected.usersRows)),
      evidenceLine(cli, story),
      words.generate.synthetic,
      ...(logins === undefined ? [] : ['', ...stayLines(cli, cast as Cast, logins)]),
    ]);
    return exitCodes.done;
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    if (!stays) {
      if (cast !== undefined) await Promise.all(Object.values(cast).map((player) => stopPlayer(cli, player)));
      await rm(folder, { recursive: true, force: true });
      tell(words.demo.ended);
    }
    forget();
  }
}

interface Expected {
  readonly crmRows: number;
  readonly usersRows: number;
}

async function generateFiles(of: {
  readonly files: string;
  readonly people: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}): Promise<Expected> {
  const { generate } = await import('@causeway/generator');
  const { truth } = await generate({ people: of.people, seed: of.seed, out: of.files, signal: of.signal });
  return truth.expected.waterfall.everyRow.total;
}

/** What both sides got is what a plain join of the generated people finds, and the proof of it holds on both sides. */
function check({ advertiser, media }: Story, expected: Expected, words: Words): void {
  const got = { crmRows: advertiser.counts?.matched, usersRows: media.counts?.matched };
  if (got.crmRows !== expected.crmRows || got.usersRows !== expected.usersRows) {
    throw new CommandError('check-failed', words.demo.notAsTruth);
  }
  if (!advertiser.evidence.ok || !media.evidence.ok) throw new CommandError('check-failed', words.evidence.fails);
}

async function makeLogins(apis: Apis): Promise<Readonly<Record<Role, Login>>> {
  const [operator, advertiser, media] = await Promise.all([
    makeLogin(apis.operator),
    makeLogin(apis.advertiser),
    makeLogin(apis.media),
  ]);
  return { operator, advertiser, media };
}

function documentOf(of: {
  readonly story: Story;
  readonly expected: Expected;
  readonly people: number;
  readonly cast: Cast;
  readonly logins: Readonly<Record<Role, Login>> | undefined;
}) {
  const { story, cast, logins } = of;
  const side = (role: 'advertiser' | 'media') => ({
    organisation: cast[role].organisation,
    name: cast[role].name,
    counts: story[role].counts,
    audienceRows: story[role].audience?.rows,
    evidence: { ok: story[role].evidence.ok, checks: story[role].evidence.checks },
  });
  return {
    synthetic: true,
    people: of.people,
    network: story.network.id,
    agreement: story.agreement,
    job: story.job,
    advertiser: side('advertiser'),
    media: side('media'),
    expected: of.expected,
    ...(logins === undefined
      ? {}
      : {
          nodes: Object.values(cast).map(({ role, ...node }) => ({
            ...node,
            url: `http://${node.api}`,
            ...logins[role],
          })),
        }),
  };
}

function storyLines(cli: Cli, story: Story, cast: Cast): string[] {
  const side = (role: 'advertiser' | 'media') => [
    cli.words.demo.learned(visible(cast[role].name)),
    ...indent(countLines(cli, story[role].counts).slice(1)),
    '',
  ];
  return [...side('advertiser'), ...side('media')];
}

function evidenceLine(cli: Cli, { advertiser, media }: Story): string {
  const checks = advertiser.evidence.checks.length + media.evidence.checks.length;
  const { bundle } = advertiser.evidence;
  return cli.words.demo.verified({
    checks: number(checks),
    records: number(bundle?.head.size ?? 0),
    cosigners: bundle?.cosigned.map(({ organisation }) => organisation).join(', ') ?? '',
  });
}

function stayLines(cli: Cli, cast: Cast, logins: Readonly<Record<Role, Login>>): string[] {
  const labels = cli.words.demo;
  const players = Object.values(cast);
  return [
    ...table(
      [
        { title: labels.node },
        { title: labels.url, whole: true },
        { title: labels.user },
        { title: labels.password, whole: true },
        { title: labels.home, whole: true },
      ],
      players.map(({ role, name, api, home }) => [
        name,
        `http://${api}`,
        logins[role].user,
        logins[role].password,
        home,
      ]),
    ),
    labels.stopWith,
    ...indent(players.map(({ home }) => `causeway down --home ${home}`)),
  ];
}
