/** What the fake node answers on each route: one small, consistent world, told from the node of the organisation `aurora`. */
import type { Problem, ResponseOf, RouteName } from '@causeway/core/api';

export const ids = {
  agreement: '3f2a9c04d1be88a0c41f6f0d1d7b5d2a4e9c3b7a65f0e1d2c3b4a59687f0e1d2',
  disclosure: 'd15c105a00000000000000000000000000000000000000000000000000000001',
  job: 'job-7d1f',
  audience: 'aud-90c2',
  operation: 'op-41ac',
} as const;

const at = '2026-03-01T08:00:00Z';
const both = (en: string, zh: string) => ({ en, zh });

const importReport: ResponseOf<'dataset.show'>['report'] = {
  rows: 12_000,
  ids: [
    {
      column: 'mobile',
      profile: 'phone',
      accepted: 11_950,
      distinct: 11_900,
      density: 1,
      empty: 8,
      changed: [{ code: 'separators', words: both('spaces or hyphens removed', '去掉了空格或连字符'), rows: 640 }],
      refused: [{ code: 'excel', words: both('rounded by Excel', '被 Excel 取整'), rows: 42, firstRows: [18, 77] }],
    },
  ],
  notices: [],
};

const dataset: ResponseOf<'dataset.publish'> = {
  id: 'ds-1',
  name: 'crm',
  status: 'published',
  rows: 12_000,
  bytes: 1_840_000,
  description: {
    rowsAbout: 12_000,
    ids: [
      { column: 'mobile', profile: 'phone', density: 1 },
      { column: 'email', profile: 'email' },
    ],
    attributes: [{ column: 'city', type: 'text', grade: 'public' }],
  },
  createdAt: at,
  createdBy: 'admin',
  publishedAt: at,
};

const upload: ResponseOf<'upload.begin'> = {
  ...{ id: 'up-1', name: 'crm.csv', bytes: 12, received: 0, fingerprint: ids.disclosure },
  ...{ startedBy: 'admin', startedAt: at, expiresAt: at },
};

const template: ResponseOf<'template.save'> = {
  id: 'tpl-1',
  name: 'spring',
  days: 30,
  proposal: {
    operation: 'match',
    with: 'borealis',
    mine: 'crm',
    theirs: 'users',
    keys: ['phone'],
    receiver: 'both',
    purpose: 'spring',
    uses: 1,
  },
  createdAt: at,
  createdBy: 'admin',
};

const disclosure: ResponseOf<'agreement.show'>['disclosure'] = {
  digest: ids.disclosure,
  parties: [
    {
      organisation: 'aurora',
      learns: [{ code: 'own-matches', words: both('which of its own rows match', '自己的哪些行匹配'), atMost: 12_000 }],
    },
    {
      organisation: 'borealis',
      learns: [{ code: 'rows', words: both('how many rows aurora sent', 'aurora 发送了多少行') }],
    },
  ],
  flows: [
    {
      from: 'aurora',
      to: 'borealis',
      code: 'blinded-identifiers',
      words: both('identifiers blinded by a secret key', '以密钥盲化的标识'),
      readable: false,
      bytesAbout: 384_000,
    },
  ],
  assumptions: [both('both sides follow the protocol', '双方都遵守协议')],
  words: both('No row leaves its owner.', '任何一行都不离开其所有者。'),
};

const plan: NonNullable<ResponseOf<'agreement.show'>['plan']> = {
  protocol: 'psi/ecdh',
  kernel: 'wasm',
  rounds: [{ key: 'phone', mine: 'mobile', theirs: 'phone', form: 'phone/sha256' }],
  rowsAbout: { mine: 12_000, theirs: 25_000 },
  secondsAbout: 74,
  bytesAbout: 2_300_000,
  words: both('Reckoned with the kernels here and at the partner.', '按双方内核估算。'),
  alternatives: [
    {
      protocol: 'psi/vole',
      secondsAbout: 12,
      bytesAbout: 1_200_000,
      words: both('About 6.2 times as fast.', '约快 6.2 倍。'),
    },
  ],
};

const findings: ResponseOf<'agreement.show'>['findings'] = [
  {
    rule: 'minimum-list',
    organisation: 'borealis',
    outcome: 'allowed',
    words: both('the list has 1,000 rows or more', '名单不少于 1,000 行'),
  },
];

const agreement = {
  id: ids.agreement,
  status: 'active',
  operation: 'match',
  purpose: 'Spring campaign reach',
  proposedBy: 'aurora',
  parties: [
    { organisation: 'aurora', signed: true },
    { organisation: 'borealis', signed: true },
  ],
  usesMax: 5,
  usesLeft: 4,
  createdAt: at,
  expiresAt: '2030-12-31T16:00:00Z',
} satisfies ResponseOf<'agreement.list'>['items'][number];

const agreementDetail: ResponseOf<'agreement.show'> = {
  ...agreement,
  terms: { operation: 'match', purpose: 'Spring campaign reach', parties: ['aurora', 'borealis'], receiver: 'both' },
  disclosure,
  plan,
  findings,
  proposedByUser: 'admin',
  reasons: [{ organisation: 'borealis', decision: 'rejected', reason: 'The purpose is too wide', at }],
};

export const running = {
  id: ids.job,
  agreement: ids.agreement,
  operation: 'match',
  partners: ['borealis'],
  startedBy: 'admin',
  status: 'running',
  stage: 'exchange',
  stages: [{ name: 'exchange', status: 'running', progress: 0.5, startedAt: at }],
  progress: 0.48,
  ratePerSecond: 12_300,
  etaSeconds: 65,
  attempt: 1,
  kernel: 'wasm',
  createdAt: at,
  startedAt: at,
} satisfies ResponseOf<'job.show'>;

/** As a list has it. */
function listed(job: ResponseOf<'job.show'>): ResponseOf<'job.list'>['items'][number] {
  const { stages: _stages, ratePerSecond: _rate, kernel: _kernel, counts, insight, outcome: _outcome, ...short } = job;
  const told = insight?.figures !== undefined ? 'segments' : counts !== undefined ? 'match' : undefined;
  return {
    ...short,
    ...(told === undefined ? {} : { told }),
    ...(counts?.matched === undefined ? {} : { matched: counts.matched }),
  };
}

const { ratePerSecond: _rate, etaSeconds: _eta, ...over } = running;
export const finished: ResponseOf<'job.show'> = {
  ...over,
  status: 'finished',
  stage: 'done',
  stages: [{ name: 'exchange', status: 'done', progress: 1, startedAt: at, finishedAt: at }],
  progress: 1,
  counts: {
    rows: 12_000,
    distinct: 11_900,
    partnerRows: 25_000,
    matched: 5_310,
    matchRate: '44 %',
    byKey: [
      { key: 'phone', rows: 11_950, matched: 5_000, share: 0.94 },
      { key: 'email', rows: 9_000 },
    ],
    hidden: [{ figure: 'email matched', reason: 'fewer than 50' }],
  },
  audience: ids.audience,
  finishedAt: '2026-03-01T08:01:14Z',
};

/** A run that the partner’s node ended. */
export const partnerFailure: Problem = {
  type: 'urn:causeway:problem:partner-failed',
  title: 'The partner could not go on',
  status: 502,
  code: 'partner-failed',
  detail: 'The run stopped at bucket 12 of 64; nothing was released.',
  remedy: 'Ask borealis to free disk space, then run it again.',
  partner: 'borealis',
  cause: { code: 'disk-full', detail: '0 bytes are free in the data folder', organisation: 'borealis' },
  job: ids.job,
};

const audience: ResponseOf<'audience.show'> = {
  id: ids.audience,
  name: 'crm-matched',
  job: ids.job,
  agreement: ids.agreement,
  expiresAt: '2030-12-31T00:00:00.000Z',
  dataset: 'ds-1',
  datasetName: 'crm',
  rows: 5_310,
  digest: 'a0d1e2ce00000000000000000000000000000000000000000000000000000002',
  status: 'ready',
  createdAt: at,
};

export const importing: ResponseOf<'operation.show'> = {
  id: ids.operation,
  kind: 'dataset.add',
  target: 'crm',
  status: 'running',
  stage: 'normalise',
  progress: 0.3,
  ratePerSecond: 900_000,
  startedBy: 'admin',
  startedAt: at,
};

export const imported: ResponseOf<'operation.show'> = {
  ...importing,
  status: 'finished',
  progress: 1,
  finishedAt: at,
  result: { kind: 'dataset', dataset: 'ds-1', name: 'crm', report: importReport },
};

const servedTable: ResponseOf<'dataset.show'>['tables'][number] = {
  partner: 'borealis',
  form: 'phone/sha256',
  epoch: 2,
  version: 5,
  rows: 11_800,
  bytes: 93_000,
  preparedAt: at,
  current: false,
  evaluations: { made: 250_000, max: 1_048_576 },
};

export const prepared: ResponseOf<'operation.show'> = {
  ...imported,
  kind: 'dataset.prepare',
  result: { kind: 'tables', dataset: 'ds-1', name: 'crm', tables: [{ ...servedTable, current: true }] },
};

export const exported: ResponseOf<'operation.show'> = {
  ...importing,
  kind: 'audience.export',
  target: 'crm-matched',
  status: 'finished',
  progress: 1,
  finishedAt: at,
  result: { kind: 'export', path: '/data/matched.csv', rows: 5_310, bytes: 402_000, escapedCells: 3, optedOut: 2 },
};

export const activated: ResponseOf<'operation.show'> = {
  ...importing,
  kind: 'activation.export',
  target: ids.job,
  status: 'finished',
  progress: 1,
  finishedAt: at,
  result: {
    kind: 'activation',
    path: '/data/ids.txt',
    destination: 'pair',
    rows: 5_310,
    bytes: 238_950,
    optedOut: 0,
    withoutId: 0,
  },
};

export const backedUp: ResponseOf<'operation.show'> = {
  ...importing,
  kind: 'node.backup',
  target: '/mnt/safe/aurora-monday',
  status: 'finished',
  progress: 1,
  finishedAt: at,
  result: {
    kind: 'backup',
    path: '/mnt/safe/aurora-monday',
    files: 1_412,
    bytes: 96_000_000,
    database: 'embedded',
    ledger: { records: 31, root: 'a0d1b1ca00000000000000000000000000000000000000000000000000000004' },
  },
};

const user: ResponseOf<'user.create'> = {
  id: 'user-1',
  name: 'lin.mei',
  roles: ['analyst', 'steward'],
  status: 'active',
  createdAt: at,
};

const opjaKeys = {
  keys: [{ publicKey: 'NvLJwnQ9qhkbCOKcndgzSIlLHjrlE_mz8L8j-0_JUkw', madeAt: at }],
  delivery: 'v=opjacrtd k=x25519 p=NvLJwnQ9qhkbCOKcndgzSIlLHjrlE_mz8L8j-0_JUkw',
};
const token = { id: 'tok-1', name: 'nightly-run', createdAt: at, expiresAt: '2030-12-31T16:00:00Z' };
const network = { id: 'net-1', name: 'East Coast Marketing', operator: 'aurora' };
const settings = {
  fourEyes: false,
  minimumListRows: 1000,
  minimumGroupRows: 50,
  evaluationsPerDayMax: 1_000_000,
  densityPercentMax: 50,
  optOutDatasets: [],
  opjaKeys: [],
  dnsServers: [],
  uploadBytesMax: 100_000_000_000,
  datasetFolders: [],
};
const root = 'x8sHk1m9wqPcHq0l2m3n4o5p6q7r8s9t0u1v2w3x4y5=';

const room: ResponseOf<'room.show'> = {
  id: ids.job,
  agreement: ids.agreement,
  keeper: 'clean',
  status: 'answering',
  contributors: [
    { organisation: 'aurora', joined: true, manifest: ids.disclosure, acknowledged: 'seen' },
    { organisation: 'borealis', joined: false },
  ],
  receivers: ['aurora'],
  answers: 3,
  audiences: 1,
};

const selected = {
  selection: ids.disclosure,
  result: ids.disclosure,
  rule: both('crm.city is north', 'crm.city 为 north'),
  size: [both('About 5,300 people (5,200–5,400).', '约 5,300 人（5,200–5,400）。')],
};

const roomAnswer: ResponseOf<'room.ask'>['answer'] = {
  columns: [
    { name: 'city', kind: 'label', halfWidth: null },
    { name: 'n', kind: 'figure', halfWidth: 19.6 },
  ],
  rows: [
    ['north', '1204'],
    ['south', null],
  ],
  hidden: { groups: 1, words: both('1 group: fewer than 50', '1 组：少于 50'), values: ['1 group', null] },
  shares: [],
  isExact: false,
};

const roomReport: ResponseOf<'room.report'>['report'] = {
  words: [both('30 % of the list match.', '名单中有 30 % 匹配。')],
};

const guestSession = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';

const guestInvite: ResponseOf<'guest.list'>['items'][number] = {
  id: '5f0c2a9be1d34477',
  label: 'Corner bakery',
  dataset: 'crm',
  key: 'phone',
  receiver: 'guest',
  purpose: 'Shared customers',
  rowsMax: 200_000,
  minimumListRows: 1000,
  minimumGroupRows: 50,
  status: 'open',
  usesMax: 1,
  usesTaken: 0,
  createdAt: at,
  createdBy: 'lin.mei',
  expiresAt: at,
  runs: [],
};

/** One answer for each route; for a stream, its events in order. */
export const answers: { readonly [Name in RouteName]: ResponseOf<Name> | readonly ResponseOf<Name>[] } = {
  'node.health': { status: 'up' },
  'node.status': {
    organisation: 'aurora',
    name: 'Aurora Motors',
    version: '0.1.0',
    startedAt: at,
    uptimeSeconds: 7_500,
    kernel: 'wasm',
    database: { state: 'up', kind: 'embedded', version: '18.4' },
    network,
    ledger: { records: 31, root, checkedAt: at },
    links: [{ organisation: 'borealis', state: 'connected', endpoint: 'borealis.example:7443', since: at }],
    jobs: { running: 1, queued: 0 },
    memoryBytes: 210_000_000,
    warnings: [{ code: 'certificate-expires', detail: 'The certificate ends in 12 days.', remedy: 'Renew it.' }],
  },
  'node.doctor': {
    ok: true,
    checks: [
      { name: 'dns', ok: true, detail: 'borealis.example is 203.0.113.7' },
      { name: 'tls', ok: true, detail: 'TLS 1.3, the pinned certificate' },
    ],
  },
  'node.backup': { operation: ids.operation },
  'node.stop': {},
  'session.login': { user },
  'session.logout': {},
  'session.me': { user },
  'session.changePassword': {},
  'user.list': { items: [user] },
  'user.create': user,
  'user.update': user,
  'user.setPassword': {},
  'token.list': { items: [token] },
  'token.create': { token, secret: 'cwt_9fQ2secret' },
  'token.revoke': {},
  'settings.get': settings,
  'settings.update': settings,
  'audit.list': {
    items: [
      {
        sequence: 12,
        at,
        actor: 'lin.mei',
        action: 'agreement.approve',
        target: ids.agreement.slice(0, 12),
        outcome: 'done',
        hash: 'a0d1700000000000000000000000000000000000000000000000000000000003',
      },
    ],
    next: '11',
  },
  'audit.verify': { ok: true, entries: 12 },
  'network.create': network,
  'network.invite': { invite: 'causeway:AAECAwQFBgc', expiresAt: at },
  'network.join': network,
  'network.rename': { name: 'Aurora Motors Group' },
  'network.members': {
    items: [
      {
        organisation: 'aurora',
        name: 'Aurora Motors',
        tlsFingerprint: 'ab',
        identityKey: 'cd',
        operator: true,
        self: true,
        status: 'member',
        joinedAt: at,
      },
      {
        organisation: 'borealis',
        name: '北极光传媒',
        tlsFingerprint: 'ef',
        identityKey: '01',
        endpoint: 'borealis.example:7443',
        operator: false,
        self: false,
        status: 'member',
        joinedAt: at,
        link: 'connected',
      },
    ],
  },
  'dataset.inspect': {
    path: '/data/crm.csv',
    bytes: 1_840_000,
    container: 'none',
    format: 'csv',
    encoding: 'gb18030',
    delimiter: ',',
    header: true,
    rowsAbout: 12_000,
    columns: [
      { name: 'mobile', form: '999 9999 9999', profile: 'phone', grade: 'personal', notices: [] },
      { name: 'phone', form: 'xxxx9x9x', profile: 'phone/sha256', grade: 'personal', notices: [] },
      { name: 'email', form: 'aaa@aa.aaa', profile: 'email', grade: 'personal', notices: [] },
      {
        name: 'city',
        form: '字字',
        grade: 'public',
        notices: [{ code: 'empty', words: both('3 empty cells', '3 个空单元格'), rows: 3, firstRows: [5, 6, 9] }],
      },
    ],
    firstRows: [['999 9999 9999', 'xxxx9x9x', 'aaa@aa.aaa', '字字']],
    notices: [{ code: 'encoding', words: both('read as GB18030', '按 GB18030 读取') }],
  },
  'dataset.add': { operation: ids.operation },
  'dataset.update': { operation: ids.operation },
  'dataset.list': { items: [dataset] },
  'dataset.show': { ...dataset, report: importReport, file: '/data/crm.csv', tables: [servedTable] },
  'dataset.refused': { items: [{ row: 4, column: 'mobile', code: 'excel-scientific' }] },
  'dataset.values': {
    items: [
      { value: 'Berlin', rows: 5_120 },
      { value: '上海', rows: 830 },
    ],
    whole: false,
  },
  'dataset.prepare': { operation: ids.operation },
  'dataset.previewPublication': {
    description: {
      ...dataset.description,
      attributes: [{ column: 'city', type: 'text', grade: 'public', values: ['Berlin', '上海'] }],
    },
    digest: 'd'.repeat(64),
    listable: ['city'],
    partial: ['city'],
  },
  'dataset.publish': dataset,
  'dataset.withdraw': { ...dataset, status: 'withdrawn' },
  'dataset.remove': {},
  'catalogue.list': {
    items: [
      {
        owner: 'borealis',
        ownerName: '北极光传媒',
        dataset: 'ds-9',
        name: 'users',
        description: {
          rowsAbout: 25_000,
          ids: [{ column: 'phone', profile: 'phone/sha256' }],
          attributes: [{ column: 'city', type: 'text', grade: 'internal', values: ['Beijing', '上海'] }],
        },
        publishedAt: at,
        self: false,
      },
    ],
  },
  'upload.begin': upload,
  'upload.put': { ...upload, received: 12 },
  'upload.list': { items: [upload], pieceBytes: 4_194_304 },
  'upload.remove': {},
  'template.list': { items: [] },
  'template.save': template,
  'template.remove': {},
  'budget.list': {
    items: [
      {
        dataset: 'ds-1',
        name: 'crm',
        partner: 'borealis',
        committed: 20_000,
        most: 250_000,
        spent: [{ operation: 'insight', agreement: ids.agreement, purpose: 'spring', by: 'borealis', at, rho: 20_000 }],
      },
    ],
  },
  'agreement.proposeMatch': { agreement: ids.agreement, status: 'proposed', disclosure, plan, findings },
  'agreement.proposeInsight': { agreement: ids.agreement, status: 'proposed', disclosure, plan, findings },
  'agreement.proposeActivation': { agreement: ids.agreement, status: 'proposed', disclosure, plan, findings },
  'agreement.proposeDelivery': { agreement: ids.agreement, status: 'proposed', disclosure, plan, findings },
  'agreement.proposeRoom': { agreement: ids.agreement, status: 'proposed', disclosure, plan, findings },
  'agreement.list': { items: [agreement] },
  'agreement.show': agreementDetail,
  'agreement.verdicts': {
    items: [
      {
        organisation: 'borealis',
        verdicts: [
          { rule: 'minimum-list', outcome: 'allowed' },
          {
            rule: 'uses',
            outcome: 'refused',
            words: both('an agreement is for at most 2 runs.', '一份协议最多运行 2 次。'),
          },
        ],
      },
      { organisation: 'harbour', unknown: 'unreachable' },
    ],
  },
  'agreement.approve': agreementDetail,
  'agreement.reject': { ...agreementDetail, status: 'rejected' },
  'agreement.revoke': { ...agreementDetail, status: 'revoked' },
  'room.list': { items: [room] },
  'room.show': room,
  'room.preview': { rho: 5000 },
  'room.ask': {
    question: ids.agreement,
    result: ids.disclosure,
    salt: ids.disclosure,
    numbers: [],
    state: 'answered',
    rho: 5000,
    answer: roomAnswer,
  },
  'room.previewReport': { rho: 15_000 },
  'room.report': {
    question: ids.agreement,
    result: ids.disclosure,
    salt: ids.disclosure,
    numbers: {},
    state: 'known',
    rho: 0,
    report: roomReport,
  },
  'room.select': { audience, ...selected },
  'room.audiences': { items: [{ ...selected, receiver: 'aurora', at }] },
  'room.answers': {
    withdrawn: true,
    items: [
      { question: ids.agreement, statement: 'SELECT count(*) FROM crm', at, rho: 5000, answer: roomAnswer },
      { question: ids.agreement, statement: '{"application":"overlap"}', at, rho: 15_000, answer: roomReport },
    ],
  },
  'room.close': { ...room, status: 'closing' },
  'job.run': { job: ids.job },
  'job.list': { items: [listed(finished), listed(running)] },
  'job.show': finished,
  'job.events': [
    { sequence: 1, at, job: { ...running, stage: 'prepare', progress: 0.1 } },
    { sequence: 2, at, job: running },
    { sequence: 3, at, job: finished },
  ],
  'job.partners': {
    items: [
      {
        organisation: 'borealis',
        status: 'running',
        attempt: 1,
        stages: [{ name: 'exchange', status: 'running', progress: 0.4, startedAt: at }],
      },
    ],
  },
  'job.cancel': { ...running, status: 'cancelling' },
  'job.resume': running,
  'evidence.export': { format: 'causeway/evidence/v1', job: ids.job },
  'audience.destinations': {
    items: [
      {
        id: 'tencent-ads',
        name: both('Tencent Ads', '腾讯广告'),
        layout: 'list',
        kinds: ['HASH_MOBILE_PHONE', 'OAID'],
        source: 'developers.e.qq.com',
      },
    ],
  },
  'audience.list': { items: [audience] },
  'audience.show': audience,
  'audience.export': { operation: ids.operation },
  'audience.download': { name: 'matched.csv', bytes: 0, content: (async function* () {})() },
  'activation.export': { operation: ids.operation },
  'activation.keys': opjaKeys,
  'activation.domain': {
    domain: 'dsp.example',
    keys: [],
    own: false,
    records: [{ name: '_opjacert.dsp.example', text: 'v=opjapf a=dsp.example' }],
    problem: { code: 'key-record-missing', detail: '_opjacert.dsp.example has no TXT record of OPJA.' },
  },
  'activation.newKey': opjaKeys,
  'guest.invite': { invite: guestInvite, path: '/guest#v1.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8' },
  'guest.list': { items: [guestInvite] },
  'guest.confirm': { ...guestInvite, confirmedAt: at, confirmedBy: 'bo' },
  'guest.revoke': { ...guestInvite, status: 'revoked', revokedAt: at, revokedBy: 'lin.mei' },
  'visit.open': { session: guestSession, offer: { network: 'east-coast', purpose: 'Shared customers' } },
  'visit.propose': { terms: { operation: 'guest', purpose: 'Shared customers' } },
  'visit.consent': { job: ids.job },
  'ledger.verify': { ok: true, records: 31, root, cosigners: ['borealis'], detail: 'recomputed from the first record' },
  'ledger.show': {
    items: [{ index: 0, sequencedAt: at, entry: { type: 'network.created', author: 'aurora' } }],
  },
  'ledger.head': {
    records: 31,
    root,
    note: `causeway/net-1\n31\n${root}\n\n— aurora Zm9v\n`,
    cosigners: ['borealis'],
    at,
  },
  'operation.list': { items: [imported] },
  'operation.show': imported,
  'operation.events': [
    { sequence: 1, at, operation: importing },
    { sequence: 2, at, operation: imported },
  ],
  'operation.cancel': { ...importing, status: 'cancelling' },
};
