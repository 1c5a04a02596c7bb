import { describe, expect, it } from 'vitest';
import { agreementId, datasetsOf, partiesOf } from '../agreement/index.ts';
import {
  askerOf,
  audiencePlaceOf,
  budgetsOf,
  catalogueOf,
  checkTerms,
  chunkPlaintextMax,
  contributionsOf,
  decodeUpload,
  disclose,
  encodeUpload,
  layoutOf,
  type RoomContribution,
  type RoomManifest,
  type RoomTerms,
  roomParties,
  roomTerms,
  rulesHash,
} from './index.ts';
import { city, eventKey, eventKind, roomTermsOf, withVisits } from './testing/terms.ts';

const activation = (receiver: string) => ({ receiver, purpose: 'activation', minimumPersons: 100, audiencesMax: 3 });

const refusal = (changes: Partial<RoomTerms>): string | undefined => {
  try {
    checkTerms(roomTermsOf(changes));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

/** Terms in which the brand's table is one of events, or of persons, with these columns. */
const withColumns = (
  columns: readonly { readonly name: string; readonly join?: boolean }[],
  kind: 'event' | 'person' = 'event',
) => {
  const { rules, contributors } = roomTermsOf();
  const tables = rules.tables as unknown as { name: string; columns: object[] }[];
  const changed = tables.map((table) =>
    table.name === 'crm' ? { ...table, kind, columns: [table.columns[0]!, ...columns] } : table,
  );
  const mapped = columns.map(({ name }) => ({ column: `own ${name}`, name }));
  return {
    rules: { ...rules, tables: changed } as unknown as RoomTerms['rules'],
    contributors: contributors.map((one) => (one.table === 'crm' ? { ...one, columns: mapped } : one)),
  };
};

describe('terms', () => {
  it('are of the form that travels, and name all who sign, the proposer first', () => {
    expect(roomTerms.parse(roomTermsOf())).toEqual(roomTermsOf());
    expect(refusal({})).toBeUndefined();
    expect(partiesOf(roomTermsOf())).toEqual(['brand', 'clean', 'media']);
    expect(partiesOf(roomTermsOf({ proposer: 'clean' }))).toEqual(['clean', 'brand', 'media']);
    expect(datasetsOf(roomTermsOf())).toEqual([
      { owner: 'brand', dataset: 'ds-brand' },
      { owner: 'media', dataset: 'ds-media' },
    ]);
  });

  it('a change of any rule of a column is another agreement, and another name for every number', () => {
    const stricter = roomTermsOf();
    (stricter.rules.tables[0] as unknown as { columns: { k: number }[] }).columns[1]!.k = 100;
    const changed = roomTermsOf({ rules: JSON.parse(JSON.stringify(stricter.rules)) });
    const base = roomTermsOf({ rules: JSON.parse(JSON.stringify(roomTermsOf().rules)) });
    (base.rules.tables[0] as unknown as { columns: { k: number }[] }).columns[1]!.k = 50;
    expect(agreementId(changed)).not.toBe(agreementId(base));
    expect(rulesHash(changed, 'job-1')).not.toBe(rulesHash(base, 'job-1'));
    expect(rulesHash(base, 'job-2')).not.toBe(rulesHash(base, 'job-1'));
  });

  const [brand, media] = roomTermsOf().contributors as [RoomTerms['contributors'][0], RoomTerms['contributors'][0]];
  const tables = roomTermsOf().rules.tables;
  const eventsOf = (table: string) => ({
    zone: 'Asia/Shanghai',
    tables: tables.map((each) => (each.name === table ? { ...each, kind: 'event' } : each)),
  });

  it.each<[string, Partial<RoomTerms>]>([
    ['a keeper that contributes', { room: 'media' }],
    ['a keeper that receives', { receivers: ['clean'] }],
    ['a receiver that is a stranger', { receivers: ['shop'] }],
    ['a proposer that is a stranger', { proposer: 'shop' }],
    ['one contributor twice', { contributors: [brand, { ...media, organisation: 'brand' }] }],
    ['a contributor without a key', { keyHolders: ['brand'] }],
    ['a holder of two keys', { keyHolders: ['brand', 'brand'] }],
    ['a holder that is a stranger', { keyHolders: ['brand', 'shop'] }],
    [
      'an identifier that one table lacks',
      {
        rounds: [
          {
            form: 'phone',
            columns: [
              { organisation: 'brand', table: 'crm', column: 'm', profile: 'phone' },
              { organisation: 'shop', table: 'users', column: 'm', profile: 'phone' },
            ],
          },
        ],
      },
    ],
    ['audiences for one who receives no answers', { receivers: ['brand'], activation: activation('media') }],
    ['audiences for a stranger', { activation: activation('shop') }],
    ['audiences of a table of events', { activation: activation('brand'), rules: eventsOf('crm') }],
    ['one key twice in the order', { rounds: [...roomTermsOf().rounds, ...roomTermsOf().rounds] }],
    ['a table without rules', { contributors: [{ ...brand, table: 'other' }, media] }],
    ['a table of another owner', { contributors: [{ ...brand, table: 'users' }, media] }],
    [
      'a column without a rule',
      { contributors: [{ ...brand, columns: [...brand.columns, { column: 'x', name: 'x' }] }, media] },
    ],
    ['a rule without a column', { contributors: [{ ...brand, columns: [{ column: 'x', name: 'town' }] }, media] }],
    [
      'a column that is filled twice',
      { contributors: [{ ...brand, columns: [...brand.columns, ...brand.columns] }, media] },
    ],
    ['a key of persons', withColumns([city, eventKey('event_id')], 'person')],
    ['a key that tells no events apart', withColumns([city, eventKey('card')])],
    ['a key that joins', withColumns([city, { ...eventKey('event_id'), join: true }])],
    ['a rule that contradicts itself', { rules: { zone: 'nowhere', tables } }],
    [
      'audiences',
      {
        rules: {
          zone: 'Asia/Shanghai',
          tables,
          audiences: [
            {
              name: 'a',
              table: 'crm',
              group: false,
              filter: 'no',
              k: 50,
              protection: { kind: 'exact' },
              purposes: [],
              receivers: [],
            },
          ],
        },
      },
    ],
  ])('with %s are refused, in words', (_, changes) => {
    expect(refusal(changes)).toMatch(/.{20}/);
  });

  it('of several tables of one contributor are admitted, each with its identifiers and columns', () => {
    const changes = withVisits();
    expect(refusal(changes)).toBeUndefined();
    const terms = roomTermsOf(changes);
    expect(roomParties(terms)).toEqual(['brand', 'clean', 'media']);
    expect(contributionsOf(terms, 'brand').map(({ table, place }) => [table, place])).toEqual([
      ['crm', 0],
      ['visits', 2],
    ]);
    // The people are the same, and so is what may be told of them.
    expect(budgetsOf(terms)).toEqual(budgetsOf(roomTermsOf()));
    const parties = new Map(disclose(terms).parties.map((party) => [party.organisation, party.learns]));
    expect(parties.get('clean')!.map(({ code }) => code)).toEqual([
      ...['pseudonymous-rows', 'pseudonymous-rows', 'pseudonymous-rows'],
      'shared-pseudonyms',
    ]);
    const sizes = parties.get('media')!.filter(({ code }) => code === 'partner-set-size');
    expect(sizes.map(({ atMost }) => atMost)).toEqual([5500, 9900]);
  });

  it('of several tables are refused where one lacks an identifier, or a dataset or a table is brought twice', () => {
    const { contributors, rounds, rules } = withVisits() as RoomTerms;
    const [first, second, visits] = contributors as [RoomContribution, RoomContribution, RoomContribution];
    const refused = (changes: Partial<RoomTerms>) => refusal({ contributors, rounds, rules, ...changes });
    expect(refused({ rounds: roomTermsOf().rounds })).toContain('needs a column of every table');
    expect(refused({ contributors: [first, second, { ...visits, dataset: first.dataset }] })).toContain('as one table');
    expect(refused({ contributors: [first, second, { ...visits, table: 'crm' }] })).toBeDefined();
    expect(refused({ contributors: [first, second] })).toBeDefined();
    expect(refused({ contributors: [first, visits] })).toContain('two contributors');
  });

  it('let audiences be made of the one table of persons that their receiver brings', () => {
    const changes = withVisits();
    const activation = { receiver: 'brand', purpose: 'reach', minimumPersons: 50, audiencesMax: 1 };
    expect(refusal({ ...changes, activation })).toBeUndefined();
    expect(audiencePlaceOf(roomTermsOf({ ...changes, activation }))).toBe(0);
    const tables = changes.rules!.tables.map((table) => ({ ...table, kind: 'person' }));
    expect(refusal({ ...changes, activation, rules: { ...changes.rules!, tables } })).toContain('brings 2 of them');
  });

  it('of more than four contributors name three that hold keys', () => {
    const organisations = ['a', 'b', 'c', 'd', 'e'];
    const contributors = organisations.map((organisation) => ({ ...brand, organisation, table: organisation }));
    const many = {
      proposer: 'a',
      receivers: ['a'],
      contributors,
      rounds: [
        {
          form: 'phone',
          columns: organisations.map((organisation) => ({
            organisation,
            table: organisation,
            column: 'm',
            profile: 'phone',
          })),
        },
      ],
      rules: { zone: 'Asia/Shanghai', tables: organisations.map((name) => ({ ...tables[0]!, name, owner: name })) },
    };
    expect(refusal({ ...many, keyHolders: ['a', 'c', 'e'] })).toBeUndefined();
    expect(refusal({ ...many, keyHolders: organisations })).toContain('3 hold keys');
  });
});

describe('the statement of who learns what', () => {
  const all = (terms: RoomTerms) => JSON.stringify(disclose(terms));

  it('tells the keeper’s part first: every table with its very columns, and that it sees what is shared', () => {
    const [keeper, ...others] = disclose(roomTermsOf()).parties;
    expect(keeper!.organisation).toBe('clean');
    expect(keeper!.learns.map(({ code }) => code)).toEqual([
      'pseudonymous-rows',
      'pseudonymous-rows',
      'shared-pseudonyms',
    ]);
    for (const [i, table] of ['crm', 'users'].entries()) {
      const { columns } = layoutOf(roomTermsOf(), table);
      // What the layout packs is what the statement lists.
      for (const { name } of columns) expect(keeper!.learns[i]!.words.en).toContain(name);
      expect(keeper!.learns[i]!.atMost).toBe(5500);
    }
    expect(others.map(({ organisation }) => organisation)).toEqual(['brand', 'media']);
  });

  it('tells a contributor of sizes and pseudonyms, and answers only where it receives them', () => {
    const codes = (terms: RoomTerms) =>
      disclose(terms)
        .parties.slice(1)
        .map(({ learns }) => learns.map(({ code }) => code));
    expect(codes(roomTermsOf())[0]).toEqual(['own-pseudonyms', 'partner-set-size', 'answers']);
    expect(codes(roomTermsOf({ receivers: ['media'] }))[0]).toEqual(['own-pseudonyms', 'partner-set-size']);
  });

  it('[F70] tells who is given audiences, by which columns of others and how many, and what all others learn of them', () => {
    const selectable = { ...city, select: true };
    const rules = {
      ...roomTermsOf().rules,
      tables: roomTermsOf().rules.tables.map((table) =>
        table.name === 'crm'
          ? { ...table, columns: [(table as unknown as { columns: object[] }).columns[0]!, selectable] }
          : table,
      ),
    } as RoomTerms['rules'];
    const terms = roomTermsOf({ rules, activation: activation('media') });
    expect(refusal({ rules, activation: activation('media') })).toBeUndefined();
    const [keeper, brand, media] = disclose(terms).parties;
    expect(keeper!.learns.map(({ code }) => code)).toContain('audience-places');
    expect(brand!.learns.find(({ code }) => code === 'audience-sizes')).toMatchObject({ atMost: 3 });
    const own = media!.learns.find(({ code }) => code === 'own-rows-selected')!;
    expect(own).toMatchObject({ atMost: 3 });
    for (const part of ['activation', 'crm.city', '100 people']) expect(own.words.en).toContain(part);
    expect(own.words.en).not.toContain('crm.person');
    expect(own.words.zh).toContain('crm.city');
    expect(brand!.learns.some(({ code }) => code === 'own-rows-selected')).toBe(false);
    expect(JSON.stringify(disclose(roomTermsOf({ rules })))).not.toContain('audience');
  });

  it('is another one where a column joins, a receiver leaves or the guard is looser, in both languages', () => {
    const wider = roomTermsOf();
    const more = { ...city, name: 'district' };
    const rules = {
      ...wider.rules,
      tables: wider.rules.tables.map((table, i) =>
        i === 0 ? { ...table, columns: [...(table as unknown as { columns: object[] }).columns, more] } : table,
      ),
    };
    const others = [
      roomTermsOf({ rules: rules as RoomTerms['rules'] }),
      roomTermsOf({ receivers: ['brand'] }),
      roomTermsOf({ exactGuard: 'pairs' }),
    ];
    const digests = [roomTermsOf(), ...others].map((terms) => disclose(terms).digest);
    expect(new Set(digests).size).toBe(4);
    expect(all(others[0]!)).toContain('district');
    const words = (terms: RoomTerms) => disclose(terms).parties.flatMap(({ learns }) => learns.map((one) => one.words));
    for (const { en, zh } of words(roomTermsOf())) {
      expect(en).toMatch(/[a-z]/);
      expect(zh).toMatch(/\p{Script=Han}/u);
    }
  });
});

describe('what follows from the terms', () => {
  it('the layout: pseudonyms first, then columns at a fixed width, in chunks that fit a frame', () => {
    const layout = layoutOf(roomTermsOf(), 'users');
    expect(layout).toMatchObject({ table: 'users', person: 'person', pseudonyms: 1, rowBytes: 16 + 8 });
    expect(layout.chunkRows * layout.rowBytes + 32).toBeLessThanOrEqual(chunkPlaintextMax);
    expect((layout.chunkRows + 1) * layout.rowBytes + 32).toBeGreaterThan(chunkPlaintextMax);
    expect(layoutOf(roomTermsOf(), 'crm').rowBytes).toBe(16 + 2);
    expect(() => layoutOf(roomTermsOf(), 'orders')).toThrow(RangeError);
  });

  it('keys of events: four bytes each, the order’s where there is an order; the keeper learns which are the same', () => {
    const keys = [eventKey('event_id'), eventKey('order_ref')];
    const mixed = withColumns([...keys, eventKind(['exposure', 'order', 'refund', 'click'])]);
    expect(refusal(mixed)).toBeUndefined();
    const layout = layoutOf(roomTermsOf(mixed), 'crm');
    expect(layout.rowBytes).toBe(16 + 4 + 4 + 2);
    expect(layout.columns).toMatchObject([
      { kind: 'key', name: 'event_id', exempt: undefined },
      { kind: 'key', name: 'order_ref', exempt: { column: 2, codes: [0, 3] } },
      { kind: 'code' },
    ]);
    const orders = withColumns([...keys, eventKind(['order', 'refund'])]);
    expect(layoutOf(roomTermsOf(orders), 'crm').columns[1]).toMatchObject({ exempt: undefined });
    const [keeper] = disclose(roomTermsOf(mixed)).parties;
    expect(keeper!.learns[0]!.words.en).toContain('of event_id and order_ref only which rows have the same');
  });

  it('[F73] the budget: of the people and all who receive, whatever the agreement or the dataset', () => {
    const first = budgetsOf(roomTermsOf());
    const again = budgetsOf(roomTermsOf({ nonce: '1'.repeat(32), receivers: ['media', 'brand'], purpose: 'again' }));
    expect(again).toEqual(first);
    expect(budgetsOf(roomTermsOf({ receivers: ['media'] }))).not.toEqual(first);
    expect(askerOf(roomTermsOf()).group).toBe(first[0]!.receivers);
  });

  it('the epoch: of one agreement and one loading', () => {
    const epoch = (terms: RoomTerms, room: string) => catalogueOf(terms, room).epoch;
    const epochs = [
      epoch(roomTermsOf(), 'a'),
      epoch(roomTermsOf(), 'b'),
      epoch(roomTermsOf({ nonce: '1'.repeat(32) }), 'a'),
    ];
    expect(new Set(epochs).size).toBe(3);
  });
});

describe('messages of an upload', () => {
  const manifest: RoomManifest = {
    version: 1,
    upload: 'a'.repeat(32),
    room: 'job-1',
    agreement: 'b'.repeat(64),
    contributor: 'brand',
    keyId: 'c'.repeat(16),
    exchanges: [],
    tables: [
      {
        table: 'crm',
        rows: 3,
        chunks: 1,
        chunkRows: 3,
        commitment: 'd'.repeat(64),
        enc: 'e'.repeat(64),
        sealedRoot: 'f'.repeat(64),
      },
    ],
  };

  it('come out as they went in', () => {
    for (const message of [
      { type: 'manifest', manifest },
      { type: 'held', chunks: 7 },
      { type: 'chunk', index: 2, sealed: Uint8Array.of(1, 2, 3) },
      { type: 'received' },
    ] as const)
      expect(decodeUpload(encodeUpload(message))).toEqual(message);
  });

  it('[F39] cut anywhere, too long, or with a field that nobody knows, are refused', () => {
    const bytes = encodeUpload({ type: 'manifest', manifest });
    const code = (message: Uint8Array) => {
      try {
        decodeUpload(message);
        return 'read';
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    for (let length = 0; length < bytes.length; length++)
      expect(code(bytes.slice(0, length))).toBe('malformed-message');
    expect(code(Uint8Array.of(...encodeUpload({ type: 'received' }), 0))).toBe('malformed-message');
    expect(code(Uint8Array.of(9))).toBe('malformed-message');
    const huge = Uint8Array.of(2, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff);
    expect(code(huge)).toBe('malformed-message');
    const unknown = encodeUpload({ type: 'manifest', manifest: { ...manifest, extra: 1 } as RoomManifest });
    expect(code(unknown)).toBe('malformed-message');
  });
});
