/** What the documents say of speed, drawn from `bench/results`. Each figure stands between two comments that name it. */
import { kept, type Measured, type Spread } from '../report.ts';
import { count, ranged, table, three } from './format.ts';

interface Sized<Result> {
  readonly results: readonly Result[];
}

interface Kernels extends Measured {
  readonly kernels: readonly {
    readonly kernel: string;
    readonly blind: Spread;
    readonly evaluate: Spread;
    readonly multiply?: Spread;
  }[];
  readonly peers: readonly {
    readonly peer: string;
    readonly what: string;
    readonly perSecond: Spread;
    readonly ratio: number;
  }[];
}

interface Direct extends Measured {
  readonly protocol: string;
  readonly kernel: string;
  readonly receiver: string;
  readonly rows: number;
  readonly seconds: Spread;
  readonly planned?: { readonly seconds: number; readonly took: Spread };
  readonly bytesPerRow: number;
  readonly peakMib: { readonly listener: number; readonly connector: number };
}

interface Nodes extends Measured {
  readonly protocol: string;
  readonly kernel: string;
  readonly rows: { readonly brand: number };
  readonly seconds: Spread;
  readonly planned?: { readonly seconds: number };
  readonly peakMib: { readonly brand: number; readonly media: number };
  readonly idleMib: { readonly brand: number; readonly media: number };
  readonly upSeconds: number;
}

interface Activation extends Measured {
  readonly form: 'pair' | 'opja';
  readonly rows: { readonly publisher: number };
  readonly kernel: string;
  readonly seconds: Spread;
  readonly processorSeconds: Spread;
  readonly rowsPerSecondAndCore: number;
  readonly bytesPerRow: number;
  readonly peakMib: { readonly advertiser: number; readonly publisher: number };
  readonly planned: { readonly seconds: number };
  readonly openSeconds?: Spread;
}

interface Console extends Measured {
  readonly jobs: number;
  readonly firstLoadBytes: number;
  readonly seconds: Readonly<Record<'home' | 'datasets' | 'jobs' | 'results' | 'result', Spread>>;
}

interface Round extends Measured {
  readonly rows: number;
  readonly kernel: string;
  readonly seconds: Spread;
  readonly processorSeconds: Readonly<Record<string, Spread>>;
  readonly bytesPerRow: number;
}

interface Ecdh extends Round {
  readonly learns: 'both' | 'one';
}

interface Vole extends Round {
  readonly form: string;
}

interface Oprf extends Measured {
  readonly tableRows: number;
  readonly rows: number;
  readonly kernel: string;
  readonly preparation: { readonly seconds: number; readonly rowsPerSecondAndCore: number };
  readonly table: { readonly bytesPerRow: number };
  readonly run: { readonly seconds: Spread; readonly bytesPerRow: number };
}

interface Sum {
  readonly result: {
    readonly rows: number;
    readonly cells: number;
    readonly columns: number;
    readonly seconds: Spread;
    readonly cpuSeconds: Spread;
    readonly maxRssMb: number;
  };
}

interface Spine extends Measured {
  readonly rows: number;
  readonly seconds: Spread;
  readonly processorSeconds: Spread;
  readonly peakMebibytes: Spread;
}

interface Attribution extends Measured {
  readonly exposures: number;
  readonly orders: number;
  readonly own: Attributed;
  readonly noise: Attributed;
}

interface Attributed {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMib: number;
}

/** @throws {Error} where a benchmark's results are not kept. */
function results<T>(name: string): T {
  const found = kept<T>(name);
  if (!found) throw new Error(`bench/results/${name}.json is missing: npm run bench -- ${name} --save`);
  return found;
}

const kilo = (spread: Spread | undefined) => (spread ? three(spread.median / 1000) : '');
const total = (spreads: Readonly<Record<string, Spread>>) =>
  three(Object.values(spreads).reduce((sum, { median }) => sum + median, 0));

/** By name; a document may hold any of them. */
export const figures: Readonly<Record<string, () => string>> = {
  machine: () => {
    const { cpu, cores, memoryGib, node } = results<Kernels>('kernels').machine;
    return `${cpu}, ${cores} cores, ${memoryGib} GiB, Node ${node}; both parties on this one machine, through its loopback interface.`;
  },

  kernels: () =>
    table(
      ['class', 'hash, multiply, encode', 'decode, multiply, encode, tag', 'decode, multiply, encode'],
      results<Kernels>('kernels').kernels.map(({ kernel, blind, evaluate, multiply }) => [
        kernel,
        kilo(blind),
        kilo(evaluate),
        kilo(multiply),
      ]),
    ),

  peers: () =>
    table(
      ['from npm', 'what', 'thousands a second', 'the fastest class here'],
      results<Kernels>('kernels').peers.map(({ peer, what, perSecond, ratio }) => [
        peer,
        what,
        kilo(perSecond),
        `${three(ratio)} times`,
      ]),
    ),

  protocols: () => {
    const row = (protocol: string, { rows, kernel, seconds, processorSeconds, bytesPerRow }: Round) => [
      protocol,
      count(rows),
      kernel,
      ranged(seconds),
      total(processorSeconds),
      three(bytesPerRow),
    ];
    return table(
      ['protocol', 'rows a side', 'kernel', 's', 'processor s, both', 'bytes a row'],
      [
        ...results<Sized<Ecdh>>('psi-ecdh').results.map((each) =>
          row(`psi/ecdh, ${each.learns === 'both' ? 'both learn' : 'one learns'}`, each),
        ),
        ...results<Sized<Vole>>('psi-vole').results.map((each) => row(`psi/vole, ${each.form}`, each)),
      ],
    );
  },

  tables: () =>
    table(
      [
        'rows of the table',
        'rows of the client',
        'kernel',
        'preparing, rows a second and core',
        'table, bytes a row',
        'a match, s',
        'a match, bytes a client’s row',
      ],
      results<Sized<Oprf>>('psi-oprf').results.map(({ tableRows, rows, kernel, preparation, table: coded, run }) => [
        count(tableRows),
        count(rows),
        kernel,
        count(preparation.rowsPerSecondAndCore),
        three(coded.bytesPerRow),
        ranged(run.seconds),
        three(run.bytesPerRow),
      ]),
    ),

  meaning: () => {
    const { result: sum } = results<Sum>('join-sum');
    const spine = results<Spine>('join-spine');
    const { exposures, orders, own, noise } = results<Attribution>('attribution');
    const events = `${count(exposures)} exposures × ${count(orders)} orders`;
    const attributed = (how: string, { seconds, cpuSeconds, peakMib }: Attributed) => [
      `attribution by every model, ${how}`,
      events,
      three(seconds),
      three(cpuSeconds),
      count(peakMib),
    ];
    return table(
      ['what', 'of', 's', 'processor s', 'peak MiB, all of it'],
      [
        [
          `join/sum, ${sum.cells} cells × ${sum.columns} columns`,
          `${count(sum.rows)} × ${count(sum.rows)} rows`,
          ranged(sum.seconds),
          three(sum.cpuSeconds.median),
          count(sum.maxRssMb),
        ],
        [
          'join/spine, from keys to pseudonyms of both lists',
          `${count(spine.rows)} × ${count(spine.rows)} rows`,
          ranged(spine.seconds),
          three(spine.processorSeconds.median),
          count(spine.peakMebibytes.median),
        ],
        attributed('exactly, with intervals and paths', own),
        attributed('the numbers that a room tells with noise', noise),
      ],
    );
  },

  direct: () =>
    table(
      [
        'rows a side',
        'protocol',
        'kernel',
        's',
        'planned, of the run alone',
        'took',
        'bytes a row',
        'peak MiB a party',
        'load of the machine',
      ],
      results<Sized<Direct>>('match-direct').results.map((each) => [
        count(each.rows),
        each.protocol,
        each.kernel,
        ranged(each.seconds),
        each.planned ? `${three(each.planned.seconds)} s` : '',
        each.planned ? `${ranged(each.planned.took)} s` : '',
        three(each.bytesPerRow),
        count(Math.max(each.peakMib.listener, each.peakMib.connector)),
        three(each.machine.loadAverage),
      ]),
    ),

  nodes: () =>
    table(
      ['rows a side', 'protocol', 'kernel', 's', 'planned', 'peak MiB a node', 'at rest', 'a node is up in'],
      results<Sized<Nodes>>('match-nodes').results.map((each) => [
        count(each.rows.brand),
        each.protocol,
        each.kernel,
        ranged(each.seconds),
        each.planned ? `${three(each.planned.seconds)} s` : '',
        count(Math.max(each.peakMib.brand, each.peakMib.media)),
        count(Math.max(each.idleMib.brand, each.idleMib.media)),
        `${three(each.upSeconds)} s`,
      ]),
    ),

  activations: () =>
    table(
      [
        'form',
        'rows a side',
        'kernel',
        's',
        'planned',
        'processor s, both',
        'rows a second and core',
        'bytes a row',
        'peak MiB, publisher',
        'peak MiB, advertiser',
        'opening all labels, s',
      ],
      results<Sized<Activation>>('activate').results.map((each) => [
        each.form === 'pair' ? 'PAIR' : 'OPJA',
        count(each.rows.publisher),
        each.kernel,
        ranged(each.seconds),
        `${three(each.planned.seconds)} s`,
        three(each.processorSeconds.median),
        count(each.rowsPerSecondAndCore),
        three(each.bytesPerRow),
        count(each.peakMib.publisher),
        count(each.peakMib.advertiser),
        each.openSeconds ? ranged(each.openSeconds) : '',
      ]),
    ),

  console: () => {
    const { jobs, firstLoadBytes, seconds } = results<Console>('console');
    const screens = [
      ['home', seconds.home],
      ['datasets', seconds.datasets],
      [`${count(jobs)} jobs`, seconds.jobs],
      ['all results', seconds.results],
      ['one result with its charts', seconds.result],
    ] as const;
    return [
      `The first load is ${count(Math.round(firstLoadBytes / 1000))} kB as it travels.`,
      '',
      table(
        ['screen', 's'],
        screens.map(([screen, taken]) => [screen, ranged(taken)]),
      ),
    ].join('\n');
  },

  'readme-en': () =>
    readme()
      .map(([en]) => en)
      .join('\n'),
  'readme-zh': () =>
    readme()
      .map(([, zh]) => zh)
      .join('\n'),
};

/** Above this load something else wanted the cores too. */
const quietLoad = 6;

/** The lines that a newcomer reads first, in both languages. */
function readme(): readonly (readonly [string, string])[] {
  const million = (rows: number) => (rows >= 1e6 ? `${rows / 1e6} M` : count(rows));
  const wan = (rows: number) => (rows >= 1e8 ? `${rows / 1e8} 亿` : `${count(rows / 1e4)} 万`);
  const matches = results<Sized<Direct>>('match-direct').results.map((each) => {
    const memory = count(Math.max(each.peakMib.listener, each.peakMib.connector));
    // Beside other work the time is not that of the run.
    const isQuiet = each.machine.loadAverage < quietLoad;
    const seconds = isQuiet ? three(each.seconds.median) : undefined;
    return [
      `| ${million(each.rows)} × ${million(each.rows)} | ${each.protocol} | ${seconds ? `${seconds} s` : '—'} | ${memory} MiB | ${three(each.bytesPerRow)} B |`,
      `| ${wan(each.rows)} × ${wan(each.rows)} | ${each.protocol} | ${seconds ? `${seconds} 秒` : '—'} | ${memory} MiB | ${three(each.bytesPerRow)} B |`,
    ] as const;
  });
  const { cpu, cores } = results<Kernels>('kernels').machine;
  return [
    [
      `\`causeway match\` from CSV to CSV, telephone numbers, both parties together on ${cores} cores (${cpu}):\n`,
      `\`causeway match\` 从 CSV 到 CSV，手机号，双方同在一台 ${cores} 核机器（${cpu}）上：\n`,
    ],
    [
      '| rows | protocol | time | memory a party | on the wire, a row |',
      '| 行数 | 协议 | 用时 | 每方内存 | 每行传输 |',
    ],
    ['| --- | --- | --- | --- | --- |', '| --- | --- | --- | --- | --- |'],
    ...matches,
  ];
}
