/** What is said of activations in bid requests, and of OPJA's keys in DNS, in English. */
export const activation = {
  left: 'What this run left here',
  advertiser: {
    pair: 'The ids of people whom both have, for your buying platform: it looks up what it meets in bid requests.',
    opja: 'The campaign, which your buying platform opens labels with.',
  },
  publisher: {
    pair: 'An id beside each of your rows, for your bid requests (user.eids, pair-protocol.com).',
    opja: 'A sealed label beside each of your rows, for your bid requests (user.ext.opja). All look alike to you.',
  },
  until: 'Given out until {{time}}.',
  optOuts: 'People of {{datasets}} took no part; once more have opted out, it is not given out any more: run it again.',
  optOutsNone: 'No list of people who opted out is set.',
  toAudience: 'Your rows with ids or labels: write them to a file',
  none: 'Nothing was left here.',
  mayNot: 'An admin or a steward can write the file.',
};

export const opja = {
  ownKeys: 'Keys of this node',
  ownNone: 'This node has no key yet. It seals labels with one that is published.',
  newest: 'The newest was made {{time}}; {{count}} in all. A key seals labels for 180 days.',
  publishThis: 'Whoever runs {{domain}} publishes these two records:',
  newKey: 'Make a new key',
  needsAdmin: 'An admin of this node makes one.',
  looking: 'Looking it up…',
  published_one: 'Published: one key found.',
  published: 'Published: {{count}} keys found.',
  ownPublished: 'Published: a key of this node is among those found.',
  otherKeys: 'It publishes keys, and none of them is a key of this node: publish the records below.',
  problems: {
    'key-record-missing': '{{domain}} publishes no key yet. Whoever runs it has to, before this is run.',
    'key-record-malformed': 'The record of {{domain}} is not what OPJA asks for: whoever runs it has to correct it.',
    'key-lookup-failed': 'DNS gave no answer about {{domain}}. It is asked again when this is run.',
  },
};
