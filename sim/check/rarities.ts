/** What has to happen now and then, or the simulation has become too kind: met at least once in every five hundred seeds of a match, and in two hundred of a room. */
const inAll = [
  'a crash lost a write',
  'a crash tore a write',
  'a crash took back a name',
  'a job went on after a crash',
  'a paused job went on',
  'a result was found released',
  'an answer was lost after the entry was taken',
  'two starts met',
  'the ledger began again after a failed write',
  'a job had finished when its party came back',
  'a job finished though the agreement was revoked',
  'a job had failed when its party came back',
  'a job ended by silence',
  'a job ended by cancelling',
  'a job ended by a failing disk',
  'a list was refused by its own side',
  'a use came back',
  'a second job ran',
] as const;

export const rarities = {
  match: [
    ...inAll,
    'blinding went on in the middle',
    'an exchange went on in the middle',
    'a job found a table',
    'a table in the making was gone on with',
    'a key was followed by another',
    'evaluations were found counted',
  ],
  room: [
    ...inAll,
    'a sealed upload was found',
    'an upload went on in the middle',
    'a room was found loaded',
    'a question was answered before',
    'a charge was found without its answer',
    'a budget was used up',
    'a room answered several questions',
    'a room gave an audience',
    'all audiences were given',
    'a room was closed before it could be asked',
    'a room ended by its date',
  ],
} as const;

export type Rarity = (typeof rarities)['match' | 'room'][number];
