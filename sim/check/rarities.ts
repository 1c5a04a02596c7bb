/** What has to happen now and then, or the simulation has become too kind: met at least once in every thousand seeds. */
export const rarities = [
  'a crash lost a write',
  'a crash tore a write',
  'a crash took back a name',
  'a job went on after a crash',
  'blinding went on in the middle',
  'an exchange went on in the middle',
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
  'a job found a table',
  'a table in the making was gone on with',
  'a key was followed by another',
  'evaluations were found counted',
] as const;

export type Rarity = (typeof rarities)[number];
