/** What the host's side says of guests, in English. */
export const guests = {
  title: 'Guests',
  about:
    'A shop without a server matches its list with one of your datasets in its own browser. You send a link; its list never leaves its tab.',
  none: 'No guest was invited yet',
  noneAbout: 'An invite is for one list, a few runs and a few days, and says who learns what before anything runs.',
  label: 'Guest',
  labelField: 'What the guest is called here',
  dataset: 'Dataset',
  datasetField: 'Your dataset',
  noDataset: 'Publish a dataset first.',
  receiver: 'Who learns rows',
  receivers: { guest: 'guest', host: 'this node', both: 'both', count: 'nobody, count only' },
  receiversLong: {
    guest: 'The guest alone learns which of its rows match; you learn how long its list is',
    count: 'Both learn how many match, rounded, and nobody which',
    both: 'Each learns which of its own rows match',
    host: 'You alone learn which of your rows match',
  },
  uses: 'Uses',
  usesField: 'How often it may be used',
  rowsMax: 'Most identifiers that the guest may bring',
  invite: 'Invite a guest',
  make: 'Make the link',
  linkAbout:
    'Send this link to {{label}}, over a channel you trust: whoever has it can use it, until {{time}}. It is not shown again.',
  loopback:
    'This node answers only on its own machine. For a guest elsewhere, reach it through a proxy with TLS and open the console there: the link then bears that address.',
  actions: 'Actions',
  revoke: 'Revoke',
  revokeOf: 'Revoke the invite of {{label}}',
  revokeAsk: 'End the invite of {{label}}? A run under way fails.',
  keep: 'Keep it',
};
