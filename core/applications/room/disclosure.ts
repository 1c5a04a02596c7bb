/** Who will learn what of a room, in words: generated from the terms alone, so that all parties read and sign the same text. */
import { rowsPerDegree } from '../../geo/index.ts';
import type { ColumnRule } from '../../policy/query/index.ts';
import { discloseClient, discloseServer, type SpineLearned } from '../../protocols/join-spine/index.ts';
import { type Disclosure, withDigest } from '../disclosure.ts';
import { type Flow, flow, flowsOf } from '../flow.ts';
import { grouped, type Words } from '../words.ts';
import { catalogueOf } from './catalogue.ts';
import { layoutOf } from './layout.ts';
import { contributorsOf, type RoomContribution, type RoomTerms, serversOf } from './terms.ts';

interface Fact {
  readonly code: string;
  readonly words: Words;
  readonly atMost?: number;
}

/** Makes the statement of an agreement's terms. */
export function disclose(terms: RoomTerms): Disclosure {
  const contributors = contributorsOf(terms).map((organisation) => ({
    organisation,
    learns: [
      ...ofContributor(terms, organisation),
      ...(terms.receivers.includes(organisation) ? [answers(terms)] : []),
      ...ofAudiences(terms, organisation),
    ],
  }));
  return withDigest({
    parties: [{ organisation: terms.room, learns: ofKeeper(terms) }, ...contributors],
    flows: flows(terms),
    assumptions: assumptions(terms),
    words: summary(terms),
  });
}

/** First between contributors, for pseudonyms; then to the keeper; then what it answers. */
function flows(terms: RoomTerms): readonly Flow[] {
  const rounds = terms.rounds.length;
  const pseudonyms = terms.contributors.flatMap(({ organisation, rowsAbout }) => {
    // An exchange is of one list alone, whoever's it is.
    const rows = { own: rowsAbout, partner: rowsAbout };
    return serversOf(terms, organisation).flatMap((server) => [
      ...flowsOf({ from: organisation, to: server, receives: discloseServer().receives, rows, rounds }),
      ...flowsOf({ from: server, to: organisation, receives: discloseClient().receives, rows, rounds }),
    ]);
  });
  const uploads = terms.contributors.map(({ organisation, table, rowsAbout }) =>
    flow({
      from: organisation,
      to: terms.room,
      code: 'pseudonymous-rows',
      bytesAbout: rowsAbout * layoutOf(terms, table).rowBytes,
    }),
  );
  const answered = terms.receivers.map((receiver) => flow({ from: terms.room, to: receiver, code: 'answers' }));
  const { activation } = terms;
  const audiences =
    activation === undefined ? [] : [flow({ from: terms.room, to: activation.receiver, code: 'audiences' })];
  return [...addedUp([...pseudonyms, ...uploads]), ...answered, ...audiences];
}

/** Those of several tables of one contributor are one flow. */
function addedUp(flows: readonly Flow[]): readonly Flow[] {
  const sums = new Map<string, Flow>();
  for (const each of flows) {
    const name = JSON.stringify([each.from, each.to, each.code]);
    const before = sums.get(name);
    sums.set(name, before ? { ...each, bytesAbout: (before.bytesAbout ?? 0) + (each.bytesAbout ?? 0) } : each);
  }
  return [...sums.values()];
}

/** A list goes to every other holder of a key, and a holder of a key sees every other list's size. */
function ofContributor(terms: RoomTerms, organisation: string): Fact[] {
  const others = terms.contributors.filter((other) => other.organisation !== organisation);
  const holdsKey = terms.keyHolders.includes(organisation);
  return [
    ...discloseClient().learns.map((learned) => sentence(learned, undefined)),
    ...(holdsKey ? others.flatMap((other) => discloseServer().learns.map((learned) => sentence(learned, other))) : []),
  ];
}

function sentence({ what }: SpineLearned, other: RoomContribution | undefined): Fact {
  switch (what) {
    case 'own-pseudonyms':
      return {
        code: what,
        words: {
          en: 'the pseudonyms of its own rows, which it cannot compare with those of anybody else; not which of them match, nor how many',
          zh: '自己各行的假名，无法与他方的假名比对；不知道哪些行匹配，也不知道匹配多少行',
        },
      };
    case 'partner-set-size':
      return {
        code: what,
        atMost: other!.rowsMax,
        words: {
          en: `how many distinct identifiers of each kind the table ${other!.table} of ${other!.organisation} has (about ${grouped(other!.rowsAbout)}, at most ${grouped(other!.rowsMax)})`,
          zh: `${other!.organisation} 的表 ${other!.table} 每类去重标识的数量（约 ${grouped(other!.rowsAbout)}，至多 ${grouped(other!.rowsMax)}）`,
        },
      };
  }
}

function ofKeeper(terms: RoomTerms): Fact[] {
  const uploads = catalogueOf(terms, 'any').tables.map(({ name, owner, person, columns }) => {
    const own = columns.filter((column) => column.name !== person);
    const listed = own.map((column) => column.name);
    const keys = own.filter(({ type }) => type === 'key').map((column) => column.name);
    const places = own.flatMap((column) => (column.type === 'place' ? [placeNote(column)] : []));
    const { rowsMax } = terms.contributors.find(({ table }) => table === name)!;
    return {
      code: 'pseudonymous-rows',
      atMost: rowsMax,
      words: {
        en: `every row of the table ${name} of ${owner} (at most ${grouped(rowsMax)}) under pseudonyms, with the columns ${listed.join(', ')}${keys.length > 0 ? ` (of ${keys.join(' and ')} only which rows have the same)` : ''}${places.map(({ en }) => en).join('')}; no identifier, and no other column`,
        zh: `${owner} 的表 ${name} 的每一行（至多 ${grouped(rowsMax)} 行），以假名标识，含列 ${listed.join('、')}${keys.length > 0 ? `（其中 ${keys.join('、')} 仅可知哪些行相同）` : ''}${places.map(({ zh }) => zh).join('')}；不含任何标识，也不含其他列`,
      },
    };
  });
  return [
    ...uploads,
    ...(terms.activation === undefined
      ? []
      : [
          {
            code: 'audience-places',
            words: {
              en: `who is in each audience, by the place of its rows in the upload of ${terms.activation.receiver}, an order that says nothing of the rows`,
              zh: `每个人群包包含哪些人，以其在 ${terms.activation.receiver} 上传数据中的位置表示；该次序与各行内容无关`,
            },
          },
        ]),
    {
      code: 'shared-pseudonyms',
      words: {
        en: 'which pseudonyms the tables share, also those of one contributor, how often each one occurs, every exact figure behind an answer, and the noise that was added to it',
        zh: '各表（包括同一贡献方的各表）共有哪些假名、每个假名出现的次数、每个答案背后的精确数字以及所加的噪声',
      },
    },
  ];
}

/** How finely a place is told, and how wide a circle in a rule has to be. */
function placeNote({ name, radiusMin }: Extract<ColumnRule, { readonly type: 'place' }>): Words {
  const rounded = `${1 / rowsPerDegree(radiusMin)}°`;
  return {
    en: ` (${name} rounded to ${rounded}, about ${grouped(Math.round(111_000 / rowsPerDegree(radiusMin)))} m; conditions are circles of at least ${grouped(radiusMin)} m)`,
    zh: `（${name} 四舍五入到 ${rounded}，约 ${grouped(Math.round(111_000 / rowsPerDegree(radiusMin)))} 米；条件为半径不小于 ${grouped(radiusMin)} 米的圆）`,
  };
}

/** The receiver of audiences learns of its own rows; all others who contribute, the rule and the number that its estimate told. */
function ofAudiences(terms: RoomTerms, organisation: string): Fact[] {
  const { activation } = terms;
  if (activation === undefined) return [];
  const { receiver, purpose, minimumPersons, audiencesMax } = activation;
  if (organisation !== receiver) {
    return [
      {
        code: 'audience-sizes',
        atMost: audiencesMax,
        words: {
          en: `for each audience that ${receiver} is given (at most ${audiencesMax}): its rule in words, and the number of people that its estimate told`,
          zh: `${receiver} 获得的每个人群包（至多 ${audiencesMax} 个）：规则的文字描述，以及估计所给出的人数`,
        },
      },
    ];
  }
  const read = catalogueOf(terms, 'any')
    .tables.filter(({ owner }) => owner !== receiver)
    .flatMap(({ name, columns }) =>
      columns.filter(({ select }) => select === true).map((column) => `${name}.${column.name}`),
    )
    .join(', ');
  return [
    {
      code: 'own-rows-selected',
      atMost: audiencesMax,
      words: {
        en: `for ${purpose}: which of its own rows are in an audience whose rule may read ${read || 'no column of others'}: of each of these people a yes or a no to that rule; at most ${audiencesMax} audiences, each of at least ${grouped(minimumPersons)} people, and no two that differ by fewer than the rules name`,
        zh: `用于 ${purpose}：自己的哪些行属于某个人群包，其规则可读取的他方列为 ${read || '无'}，即得知这些人中每个人是否符合该规则；至多 ${audiencesMax} 个人群包，每个至少 ${grouped(minimumPersons)} 人，且任意两个相差的人数不少于规则规定`,
      },
    },
  ];
}

function answers(terms: RoomTerms): Fact {
  return {
    code: 'answers',
    words: {
      en: `answers to questions that the rules of all columns allow for ${terms.questionPurpose}, together at most what a budget of ${terms.budgetRho} millionths of ρ for each owner's people allows`,
      zh: `所有列的规则允许用于 ${terms.questionPurpose} 的问题的答案；每个数据方人群的预算合计不超过百万分之 ${terms.budgetRho} ρ`,
    },
  };
}

function assumptions(terms: RoomTerms): Words[] {
  const { room, exactGuard } = terms;
  const contributors = contributorsOf(terms);
  return [
    {
      en: `Whoever administers the node of ${room} can read its memory and its disk: all that is said above of ${room}. A rare combination of attributes can single out a person even without an identifier.`,
      zh: `${room} 节点的管理员可以读取其内存和磁盘：即上文所述 ${room} 得知的全部内容。罕见的属性组合即使没有标识也可能指向某个人。`,
    },
    {
      en: `${room} together with one contributor learns which rows of that contributor are in the other lists, and the others' columns of those rows. To try an identifier that they do not hold they need an answer of another contributor, and get no more of them than the list may have rows.`,
      zh: `${room} 与任一贡献方串通，可得知该贡献方的哪些行在其他名单中，以及这些行在其他方的列。要试探其并不持有的标识，必须得到另一贡献方的应答，且次数不超过其名单行数上限。`,
    },
    {
      en: 'All nodes run the agreed program (semi-honest). A manipulated contributor can bring rows that it made up, up to its limit; a manipulated room can answer wrongly.',
      zh: '所有节点均运行约定的程序（半诚实模型）。被篡改的贡献方可以在其上限内加入虚构的行；被篡改的房间可能给出错误答案。',
    },
    ...(terms.activation === undefined
      ? []
      : [
          {
            en: `Audiences carry no mathematical guarantee: ${terms.activation.receiver} can put up to ${terms.activation.audiencesMax} answers about one person together, and whoever buys its reach can see who was reached.`,
            zh: `人群包没有数学上的保证：${terms.activation.receiver} 可以把关于同一个人的至多 ${terms.activation.audiencesMax} 个答案合在一起，购买其投放的一方也可能看到触达了谁。`,
          },
        ]),
    {
      en: 'That the room was erased is a signed statement, not a proof.',
      zh: '房间已删除是一份签名声明，而非证明。',
    },
    exactGuard === 'strict'
      ? {
          en: 'Exact answers, where all rules allow them, carry no mathematical guarantee; no combination of them is about fewer people than the rules name.',
          zh: '在所有规则允许的情况下给出的精确答案没有数学上的保证；其任意组合涉及的人数都不少于规则规定。',
        }
      : {
          en: 'Exact answers, where all rules allow them, carry no mathematical guarantee; no pair of them differs by fewer people than the rules name, but three together might.',
          zh: '在所有规则允许的情况下给出的精确答案没有数学上的保证；任意两个答案相差的人数都不少于规则规定，但三个合在一起可能少于规定。',
        },
    ...(contributors.length > 2
      ? [
          {
            en: 'Contributors that pool what they see learn sizes only; the room and all holders of keys together could name every pseudonym.',
            zh: '贡献方互相交换所见只能得知名单规模；房间与所有密钥持有方串通则可以还原每个假名。',
          },
        ]
      : []),
  ];
}

function summary(terms: RoomTerms): Words {
  const { room, receivers } = terms;
  const names = contributorsOf(terms);
  return {
    en: `${names.join(' and ')} bring pseudonymous rows to ${room}, which answers questions of ${receivers.join(' and ')} as all rules allow; no contributor learns which rows match.`,
    zh: `${names.join('与')} 将假名化的行交给 ${room}，由其按全部规则回答 ${receivers.join('与')} 的问题；任何贡献方都不知道哪些行匹配。`,
  };
}
